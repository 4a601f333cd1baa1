/*
 * Link headers down to the first network header: Ethernet and 802.3, VLAN
 * tags, Linux cooked capture, raw IP, BSD loopback, PPP and Cisco HDLC. The
 * rarer links are in link_*.c.
 */
#include "decoders/link.h"

#include "decoders/lowpan.h"
#include "decoders/tunnel.h"
#include "decoders/tunnel_gre.h"
#include "decoders/tunnel_link.h"

#define ETHERNET_LENGTH_MAX 1500 /* up to here the type field is a length */
#define VLAN_ID_MASK 0xfff
#define LLC_SNAP 0xaa
#define LLC_IP 0x06
#define LLC_UNNUMBERED 0x03
#define SNAP_OUI_ETHERNET 0x000000
#define SNAP_OUI_BRIDGED 0x0000f8 /* RFC 1042 as 802.1H bridges it */
#define PPP_ADDRESS 0xff
#define CISCO_UNICAST 0x0f
#define CISCO_MULTICAST 0x8f
#define DATAGRAM_CLAIM 0x20000 /* more octets than any datagram has */
#define MULTILINK_BEGIN 0x80
#define MULTILINK_END 0x40
#define MULTILINK_SHORT_MASK 0x3f /* zero bits in the long format */
#define SLL_ADDRESS_LEN 8
#define SLL_8022 0x0004 /* in the place of an ethertype: LLC follows */

const struct header_type *
link_ip_version(struct cursor *c)
{
	if (!cursor_want(c, 1))
		return NULL;
	switch (cursor_peek(c, 0) >> 4) {
	case 4:
		return link_ethertype(LINK_IPV4);
	case 6:
		return link_ethertype(LINK_IPV6);
	default:
		return NULL;
	}
}

bool
link_sibling(struct packet *packet, const struct header_type *row, struct cursor rest)
{
	struct sibling *sibling = &packet->siblings[packet->sibling_count];

	tunnel_enter(packet);
	if (packet->sibling_count == PACKET_SIBLINGS_MAX)
		return false;
	packet->sibling_count++;
	*sibling = (struct sibling){
		.row = row,
		.rest = rest,
		.anomalies = packet->anomalies,
		.layer_count = (uint8_t)(packet->layer_count - 1),
		.outer_count = packet->outer_count,
		.vlan_count = packet->vlan_count,
		.has_source_mac = packet->has_source_mac,
		.has_destination_mac = packet->has_destination_mac,
		.is_reassembled = packet->fragments != NULL,
	};
	return true;
}

void
link_first_fragment(struct packet *packet, struct cursor *c)
{
	packet->is_link_fragment = true;
	c->claimed = DATAGRAM_CLAIM; /* what is there stays captured */
}

bool
link_multilink(struct packet *packet, struct cursor *c, uint8_t flags)
{
	if ((flags & MULTILINK_BEGIN) == 0)
		return false;
	if ((flags & MULTILINK_END) == 0)
		link_first_fragment(packet, c);
	return true;
}

static struct step
read_snap(struct packet *packet, struct cursor *c)
{
	uint32_t oui = (uint32_t)cursor_uint(c, 3);
	uint16_t type = cursor_u16(c);

	(void)packet;
	if (oui != SNAP_OUI_ETHERNET && oui != SNAP_OUI_BRIDGED)
		return step_end(PACKET_OTHER);
	return step_to(link_ethertype(type));
}

static const struct header_type snap = { LLC_SNAP, LAYER_SNAP, "SNAP", read_snap };

static struct step
read_llc(struct packet *packet, struct cursor *c)
{
	uint8_t destination_sap = cursor_u8(c);
	uint8_t source_sap = cursor_u8(c);
	uint8_t control = cursor_u8(c);

	(void)packet;
	if (control != LLC_UNNUMBERED)
		return step_end(PACKET_OTHER);
	if (destination_sap == LLC_SNAP && source_sap == LLC_SNAP)
		return step_to(&snap);
	if (destination_sap == LLC_IP)
		return step_to(link_ethertype(LINK_IPV4));
	return step_end(PACKET_OTHER);
}

const struct header_type link_llc = { SLL_8022, LAYER_LLC, "802.2 LLC", read_llc };

struct step
link_type_or_length(struct cursor *c)
{
	uint16_t value = cursor_u16(c);

	if (value > ETHERNET_LENGTH_MAX)
		return step_to(link_ethertype(value));
	cursor_limit(c, value);
	if (cursor_peek(c, 0) == 0xff && cursor_peek(c, 1) == 0xff)
		return step_end(PACKET_OTHER); /* Novell's IPX without LLC */
	return step_to(&link_llc);
}

void
link_note_macs(struct packet *packet, const struct mac *destination, const struct mac *source)
{
	if (packet->has_source_mac)
		return;
	packet->has_source_mac = packet->has_destination_mac = true;
	packet->source_mac = *source;
	packet->destination_mac = *destination;
}

void
link_note_vlan(struct packet *packet, uint16_t id)
{
	if (packet->vlan_count < PACKET_VLANS_MAX)
		packet->vlans[packet->vlan_count] = id;
	packet->vlan_count++;
}

void
link_macs(struct packet *packet, struct cursor *c)
{
	struct mac destination = { { 0 } }, source = { { 0 } };

	cursor_copy(c, destination.bytes, sizeof destination.bytes);
	if (cursor_copy(c, source.bytes, sizeof source.bytes))
		link_note_macs(packet, &destination, &source);
}

static struct step
read_ethernet(struct packet *packet, struct cursor *c)
{
	link_macs(packet, c);
	return link_type_or_length(c);
}

/* IEEE 802.1Q 9.6 */
static struct step
read_vlan(struct packet *packet, struct cursor *c)
{
	uint16_t id = cursor_u16(c) & VLAN_ID_MASK;

	layer_tag(packet, id);
	link_note_vlan(packet, id);
	return link_type_or_length(c);
}

/* A cooked header's address field: the sender's, `len` octets of it used. */
static void
read_sll_address(struct packet *packet, struct cursor *c, uint16_t len)
{
	struct mac source = { { 0 } };

	if (len == sizeof source.bytes) {
		packet->has_source_mac = cursor_copy(c, source.bytes, sizeof source.bytes);
		packet->source_mac = source;
		cursor_skip(c, SLL_ADDRESS_LEN - sizeof source.bytes);
	} else {
		cursor_skip(c, SLL_ADDRESS_LEN);
	}
}

static struct step
step_sll(uint16_t protocol)
{
	if (protocol == SLL_8022)
		return step_to(&link_llc);
	return step_to(link_ethertype(protocol));
}

/* LINKTYPE_LINUX_SLL: packet type, device type, address, protocol. */
static struct step
read_sll(struct packet *packet, struct cursor *c)
{
	cursor_skip(c, 4);
	read_sll_address(packet, c, cursor_u16(c));
	return step_sll(cursor_u16(c));
}

/* LINKTYPE_LINUX_SLL2: protocol, interface, device and packet type, address. */
static struct step
read_sll2(struct packet *packet, struct cursor *c)
{
	uint16_t protocol = cursor_u16(c);

	cursor_skip(c, 9);
	read_sll_address(packet, c, cursor_u8(c));
	return step_sll(protocol);
}

static struct step
read_raw(struct packet *packet, struct cursor *c)
{
	const struct header_type *ip = link_ip_version(c);

	(void)packet;
	if (ip == NULL)
		cursor_fail(c, DECODE_MALFORMED);
	return step_to(ip);
}

static struct step
read_raw4(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_to(link_ethertype(LINK_IPV4));
}

static struct step
read_raw6(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_to(link_ethertype(LINK_IPV6));
}

/* Address families as the writing system numbers them. */
static const struct header_type families[] = {
	{ 2, LAYER_IPV4, "AF_INET", tunnel_ipv4 },
	{ 10, LAYER_IPV6, "AF_INET6 of Linux", tunnel_ipv6 },
	{ 24, LAYER_IPV6, "AF_INET6 of NetBSD and OpenBSD", tunnel_ipv6 },
	{ 28, LAYER_IPV6, "AF_INET6 of FreeBSD", tunnel_ipv6 },
	{ 30, LAYER_IPV6, "AF_INET6 of Darwin", tunnel_ipv6 },
	{ 0, LAYER_KINDS, NULL, NULL },
};

struct step
link_family(uint32_t family)
{
	return step_to(header_find(families, family));
}

uint32_t
link_read_family(struct cursor *c)
{
	struct cursor start = *c;
	uint32_t family = cursor_u32(c);

	return family > UINT16_MAX ? cursor_u32_le(&start) : family;
}

static struct step
read_family(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return link_family(link_read_family(c));
}

static struct step read_ppp(struct packet *packet, struct cursor *c);
static struct step read_ppp_multilink(struct packet *packet, struct cursor *c);

const struct header_type link_ppp_protocols[] = {
	{ 0x0021, LAYER_IPV4, "IPv4", tunnel_ipv4 },
	{ 0x0057, LAYER_IPV6, "IPv6", tunnel_ipv6 },
	{ 0x0281, LAYER_MPLS, "MPLS", tunnel_mpls },
	{ 0x0283, LAYER_MPLS, "MPLS multicast", tunnel_mpls },
	{ 0x003d, LAYER_PPP_MULTILINK, "multilink", read_ppp_multilink },
	{ 0x0053, LAYER_KINDS, "encrypted", tunnel_opaque },
	{ 0x0055, LAYER_KINDS, "encrypted on each link", tunnel_opaque },
	{ 0x00fb, LAYER_KINDS, "compressed on each link", tunnel_opaque },
	{ 0x00fd, LAYER_KINDS, "compressed", tunnel_opaque },
	{ 0, LAYER_KINDS, NULL, NULL },
};

/*
 * RFC 1990 3: bits for begin and end, zeros, and a sequence number of 24 bits;
 * or, when both ends agreed, of 12. A fragment begins with a PPP protocol.
 */
static struct step
read_ppp_multilink(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);

	cursor_skip(c, (flags & MULTILINK_SHORT_MASK) != 0 ? 1 : 3);
	if (!link_multilink(packet, c, flags))
		return step_end(PACKET_LINK_FRAGMENT);
	return read_ppp(packet, c);
}

/*
 * RFC 1661 2; HDLC's address and control (RFC 1662 3.1) may come before. An
 * odd first octet is a compressed protocol (RFC 1661 6.5), but never 0xff.
 */
static struct step
read_ppp(struct packet *packet, struct cursor *c)
{
	uint16_t protocol;

	(void)packet;
	protocol = cursor_u8(c);
	if (protocol == PPP_ADDRESS) {
		cursor_skip(c, 1);
		protocol = cursor_u8(c);
	}
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cursor_u8(c));
	return step_to(header_find(link_ppp_protocols, protocol));
}

/* Address and control, then an ethertype. */
static struct step
read_cisco_hdlc(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 2);
	return step_to(link_ethertype(cursor_u16(c)));
}

/* A serial line's frames are PPP or Cisco's, as their address tells. */
static struct step
read_ppp_serial(struct packet *packet, struct cursor *c)
{
	int address = cursor_peek(c, 0);

	if (address != CISCO_UNICAST && address != CISCO_MULTICAST)
		return read_ppp(packet, c);
	packet->layers[packet->layer_count - 1].kind = LAYER_CISCO_HDLC;
	return read_cisco_hdlc(packet, c);
}

/* clang-format off */
const struct header_type link_common_types[] = {
	{ 1, LAYER_ETHERNET, "Ethernet", read_ethernet },
	{ 113, LAYER_LINUX_SLL, "Linux cooked", read_sll },
	{ 276, LAYER_LINUX_SLL2, "Linux cooked v2", read_sll2 },
	{ 101, LAYER_RAW, "raw IP", read_raw },
	{ 12, LAYER_RAW, "raw IP, as most systems number it", read_raw },
	{ 14, LAYER_RAW, "raw IP, as OpenBSD numbers it", read_raw },
	{ 228, LAYER_RAW, "raw IPv4", read_raw4 },
	{ 229, LAYER_RAW, "raw IPv6", read_raw6 },
	{ 0, LAYER_NULL, "BSD loopback", read_family },
	{ 108, LAYER_LOOP, "OpenBSD loopback", read_family },
	{ 9, LAYER_PPP, "PPP", read_ppp },
	{ 50, LAYER_PPP, "PPP or Cisco HDLC", read_ppp_serial },
	{ 51, LAYER_PPPOE, "PPPoE", tunnel_pppoe },
	{ 104, LAYER_CISCO_HDLC, "Cisco HDLC", read_cisco_hdlc },
	{ 0, LAYER_KINDS, NULL, NULL },
};

const struct header_type link_ethertypes[] = {
	{ LINK_IPV4, LAYER_IPV4, "IPv4", tunnel_ipv4 },
	{ LINK_IPV6, LAYER_IPV6, "IPv6", tunnel_ipv6 },
	{ 0x8100, LAYER_VLAN, "802.1Q", read_vlan },
	{ 0x88a8, LAYER_VLAN, "802.1ad", read_vlan },
	{ 0x9100, LAYER_VLAN, "Q-in-Q", read_vlan },
	{ 0x9200, LAYER_VLAN, "Q-in-Q", read_vlan },
	{ LINK_MPLS, LAYER_MPLS, "MPLS", tunnel_mpls },
	{ 0x8848, LAYER_MPLS, "MPLS multicast", tunnel_mpls },
	{ LINK_PPPOE, LAYER_PPPOE, "PPPoE session", tunnel_pppoe },
	{ LINK_BRIDGED, LAYER_ETHERNET, "bridged Ethernet", read_ethernet },
	{ LINK_PPP, LAYER_PPP, "PPP", read_ppp },
	{ LINK_ERSPAN, LAYER_ERSPAN, "ERSPAN II", tunnel_erspan2 },
	{ 0x22eb, LAYER_ERSPAN, "ERSPAN III", tunnel_erspan3 },
	{ 0x88e7, LAYER_PBB, "802.1ah", tunnel_pbb },
	{ 0x8926, LAYER_VNTAG, "VN-Tag", tunnel_vntag },
	{ 0x893f, LAYER_ETAG, "802.1BR E-Tag", tunnel_etag },
	{ 0x8903, LAYER_FABRICPATH, "Cisco FabricPath", tunnel_fabricpath },
	{ 0x8909, LAYER_CISCO_METADATA, "Cisco MetaData", tunnel_cisco_metadata },
	{ 0xa0ed, LAYER_LOWPAN, "6LoWPAN", lowpan_ethernet },
	{ LINK_NSH, LAYER_NSH, "NSH", tunnel_nsh },
	{ 0x88e5, LAYER_MACSEC, "MACsec", tunnel_macsec },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */

static const struct header_type *const link_tables[] = {
	link_common_types,
	link_lan_types,
	link_wan_types,
	link_juniper_types,
	link_host_types,
	link_wlan_types,
	link_wpan_types,
};

const struct header_type *
link_type(uint32_t link_type)
{
	const struct header_type *row = NULL;
	size_t i;

	for (i = 0; row == NULL && i < sizeof link_tables / sizeof link_tables[0]; i++)
		row = header_find(link_tables[i], link_type);
	return row;
}

const struct header_type *
link_ethertype(uint32_t ethertype)
{
	return header_find(link_ethertypes, ethertype);
}
