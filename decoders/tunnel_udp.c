/*
 * UDP, and the tunnels over it that have no other header file: overlays,
 * IPv6 through NATs, and what is encrypted.
 */
#include "decoders/tunnel_udp.h"

#include "decoders/tunnel.h"
#include "decoders/tunnel_access.h"
#include "decoders/tunnel_gre.h"
#include "decoders/tunnel_link.h"

#define UDP_LEN 8

#define VXLAN_VALID 0x08  /* the network identifier is */
#define VXLAN_GPE_NEXT 0x04
#define VXLAN_GPE_VERSION 0x30

#define LISP_INSTANCE 0x08
#define LISP_GPE_NEXT 0x04

#define GUE_CONTROL 0x20

#define TEREDO_ORIGIN 0
#define TEREDO_ORIGIN_LEN 8
#define TEREDO_AUTHENTICATION 1
#define TEREDO_NONCE_LEN 9 /* and a confirmation octet */

#define AYIYA_FORWARD 1
#define AYIYA_ECHO_FORWARD 3

#define ESP_MARKER_LEN 4
#define WIREGUARD_TYPES 4

/* RFC 7348 5 */
static struct step
read_vxlan(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);

	cursor_skip(c, 3);
	layer_tag(packet, (uint32_t)cursor_uint(c, 3));
	cursor_skip(c, 1);
	if ((flags & VXLAN_VALID) == 0)
		return step_end(PACKET_OTHER);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* draft-ietf-nvo3-vxlan-gpe-13 3: the same, and what is carried has a number. */
static struct step
read_vxlan_gpe(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);
	uint8_t next;

	cursor_skip(c, 2);
	next = cursor_u8(c);
	layer_tag(packet, (uint32_t)cursor_uint(c, 3));
	cursor_skip(c, 1);
	if ((flags & VXLAN_GPE_VERSION) != 0)
		return step_end(PACKET_OTHER);
	if ((flags & VXLAN_GPE_NEXT) != 0)
		return tunnel_next_protocol(next);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* RFC 8926 3.4: options are passed over. */
static struct step
read_geneve(struct packet *packet, struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint16_t protocol;

	cursor_skip(c, 1);
	protocol = cursor_u16(c);
	layer_tag(packet, (uint32_t)cursor_uint(c, 3));
	cursor_skip(c, 1);
	cursor_skip(c, (first & 0x3fU) * 4);
	if (first >> 6 != 0)
		return step_end(PACKET_OTHER);
	return step_to(link_ethertype(protocol));
}

/* On by an IP protocol that carries a whole packet. */
static struct step
step_ip_protocol(uint8_t protocol)
{
	switch (protocol) {
	case IP_PROTO_IPIP:
		return step_to(link_ethertype(LINK_IPV4));
	case IP_PROTO_IPV6:
		return step_to(link_ethertype(LINK_IPV6));
	default:
		return step_end(PACKET_OTHER);
	}
}

/* draft-ietf-intarea-gue-09 3, 4: version 1 is an IP header's first bits. */
static struct step
read_gue(struct packet *packet, struct cursor *c)
{
	const struct header_type *ip = link_ip_version(c);
	uint8_t first, protocol;

	(void)packet;
	if (ip != NULL)
		return step_to(ip);
	first = cursor_u8(c);
	protocol = cursor_u8(c);
	cursor_skip(c, 2);
	cursor_skip(c, (first & 0x1fU) * 4);
	if (first >> 6 != 0 || (first & GUE_CONTROL) != 0)
		return step_end(PACKET_OTHER);
	return step_ip_protocol(protocol);
}

/* RFC 9300 5.1, 5.3; RFC 9305 3 for what is not IP */
static struct step
read_lisp(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);
	uint8_t next;

	cursor_skip(c, 2);
	next = cursor_u8(c);
	if ((flags & LISP_INSTANCE) != 0) {
		layer_tag(packet, (uint32_t)cursor_uint(c, 3));
		cursor_skip(c, 1);
	} else {
		cursor_skip(c, 4);
	}
	if ((flags & LISP_GPE_NEXT) != 0)
		return tunnel_next_protocol(next);
	return step_to(link_ip_version(c));
}

/* RFC 4380 5.1.1: indications of authentication and origin, then IPv6. */
static struct step
read_teredo(struct packet *packet, struct cursor *c)
{
	const struct header_type *ip;
	uint32_t identifier_len, value_len;

	(void)packet;
	if (cursor_bits(c, 0, 16) == TEREDO_AUTHENTICATION) {
		cursor_skip(c, 2);
		identifier_len = cursor_u8(c);
		value_len = cursor_u8(c);
		cursor_skip(c, identifier_len + value_len + TEREDO_NONCE_LEN);
	}
	if (cursor_bits(c, 0, 16) == TEREDO_ORIGIN)
		cursor_skip(c, TEREDO_ORIGIN_LEN);
	ip = link_ip_version(c);
	if (ip != link_ethertype(LINK_IPV6))
		return step_end(PACKET_OTHER);
	return step_to(ip);
}

/* draft-massar-v6ops-ayiya-02 3: identity of 2^n octets, signature of n words. */
static struct step
read_ayiya(struct packet *packet, struct cursor *c)
{
	uint32_t identity_len = 1U << (cursor_u8(c) >> 4);
	uint32_t signature_len = (cursor_u8(c) >> 4) * 4U;
	uint8_t operation = cursor_u8(c) & 15;
	uint8_t protocol = cursor_u8(c);

	(void)packet;
	cursor_skip(c, 4);
	cursor_skip(c, identity_len + signature_len);
	if (operation != AYIYA_FORWARD && operation != AYIYA_ECHO_FORWARD)
		return step_end(PACKET_OTHER);
	return step_ip_protocol(protocol);
}

/* RFC 3948 2: key exchange begins with zeros, and one octet keeps NATs open. */
struct step
tunnel_esp(struct packet *packet, struct cursor *c)
{
	(void)packet;
	if (c->claimed <= ESP_MARKER_LEN || cursor_u32(c) == 0)
		return step_end(PACKET_OTHER);
	return step_end(PACKET_OPAQUE);
}

/* A type of 1 to 4, lowest octet first, as all of WireGuard's messages have. */
struct step
tunnel_wireguard(struct packet *packet, struct cursor *c)
{
	uint32_t type = cursor_u32_le(c);

	(void)packet;
	if (type == 0 || type > WIREGUARD_TYPES)
		return step_end(PACKET_OTHER);
	return step_end(PACKET_OPAQUE);
}

/*
 * Most of UDP is none of this, so a row is found or not at once: its place is
 * its port's remainder. Two rows of one remainder are a compiler's warning.
 */
#define PORT(number, kind, name, read) [(number) % TUNNEL_PORT_SLOTS] = { number, kind, name, read }

/* clang-format off */
const struct header_type tunnel_ports[TUNNEL_PORT_SLOTS] = {
	PORT(4789, LAYER_VXLAN, "VXLAN", read_vxlan),
	PORT(8472, LAYER_VXLAN, "VXLAN, as Linux had it first", read_vxlan),
	PORT(4790, LAYER_VXLAN_GPE, "VXLAN-GPE", read_vxlan_gpe),
	PORT(6081, LAYER_GENEVE, "GENEVE", read_geneve),
	PORT(6080, LAYER_GUE, "GUE", read_gue),
	PORT(6635, LAYER_MPLS, "MPLS in UDP", tunnel_mpls),
	PORT(4754, LAYER_GRE, "GRE in UDP", tunnel_gre),
	PORT(4341, LAYER_LISP, "LISP data", read_lisp),
	PORT(3544, LAYER_TEREDO, "Teredo", read_teredo),
	PORT(5072, LAYER_AYIYA, "AYIYA", read_ayiya),
	PORT(2152, LAYER_GTP, "GTP-U", tunnel_gtp),
	PORT(3386, LAYER_GTP, "GTP version 0", tunnel_gtp),
	PORT(1701, LAYER_L2TP, "L2TP", tunnel_l2tp),
	PORT(5247, LAYER_CAPWAP, "CAPWAP data", tunnel_capwap),
	PORT(12220, LAYER_LWAPP, "LWAPP, of whole frames", tunnel_ethernet),
	PORT(12222, LAYER_LWAPP, "LWAPP data", tunnel_lwapp),
	PORT(12223, LAYER_LWAPP, "LWAPP control", tunnel_lwapp),
	PORT(37008, LAYER_TZSP, "TZSP", tunnel_tzsp),
	PORT(4500, LAYER_KINDS, "ESP in UDP", tunnel_esp),
	PORT(51820, LAYER_KINDS, "WireGuard", tunnel_wireguard),
};
/* clang-format on */

static const struct header_type *
port_find(uint16_t number)
{
	const struct header_type *row = &tunnel_ports[number % TUNNEL_PORT_SLOTS];

	if (row->number != number || row->name == NULL)
		return NULL;
	return row;
}

/* By the two ports: tunnels are sent to theirs, and some are answered from it. */
static const struct header_type *
ports_find(struct cursor *c)
{
	uint16_t source = cursor_u16(c);
	const struct header_type *row = port_find(cursor_u16(c));

	if (row == NULL)
		row = port_find(source);
	return row;
}

bool
tunnel_udp_is_known(struct cursor c)
{
	return ports_find(&c) != NULL || c.status == DECODE_TRUNCATED;
}

/* RFC 768 */
struct step
tunnel_udp(struct packet *packet, struct cursor *c)
{
	const struct header_type *next = ports_find(c);
	uint16_t length;

	(void)packet;
	if (next == NULL)
		return step_end(PACKET_OTHER);
	length = cursor_u16(c);
	cursor_skip(c, 2);
	if (length >= UDP_LEN)
		cursor_limit(c, length - UDP_LEN);
	return step_to(next);
}

/* RFC 3828 3.1: what the checksum covers is in the place of the length. */
struct step
tunnel_udp_lite(struct packet *packet, struct cursor *c)
{
	const struct header_type *next = ports_find(c);

	(void)packet;
	if (next == NULL)
		return step_end(PACKET_OTHER);
	cursor_skip(c, 4);
	return step_to(next);
}
