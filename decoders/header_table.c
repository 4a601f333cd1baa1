/*
 * The list of the tables of headers, and the way through one of them.
 */
#include "decoders/header_table.h"

#include "decoders/tunnel.h"
#include "decoders/tunnel_stt.h"
#include "decoders/tunnel_udp.h"

const struct header_table header_tables[] = {
	{ "link type", link_common_types, 0 },
	{ "link type", link_lan_types, 0 },
	{ "link type", link_wan_types, 0 },
	{ "link type", link_juniper_types, 0 },
	{ "link type", link_host_types, 0 },
	{ "link type", link_wlan_types, 0 },
	{ "link type", link_wpan_types, 0 },
	{ "ethertype", link_ethertypes, 0 },
	{ "PPP protocol", link_ppp_protocols, 0 },
	{ "NLPID", link_nlpids, 0 },
	{ "IP protocol", tunnel_protocols, TUNNEL_PROTOCOLS },
	{ "UDP port", tunnel_ports, TUNNEL_PORT_SLOTS },
	{ "TCP port", tunnel_tcp_ports, 0 },
	{ NULL, NULL, 0 },
};

const struct header_type *
header_next(const struct header_table *table, const struct header_type *row)
{
	size_t at = row == NULL ? 0 : (size_t)(row - table->rows) + 1;

	while (at < table->count && table->rows[at].name == NULL)
		at++;
	if (table->count > 0 ? at == table->count : table->rows[at].name == NULL)
		return NULL;
	return &table->rows[at];
}

bool
header_is_opaque(const struct header_type *row)
{
	return row->read == tunnel_opaque || row->read == tunnel_esp ||
	    row->read == tunnel_wireguard;
}
