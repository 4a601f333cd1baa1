/*
 * IP, and what carries packets again: IP in IP, GRE with PPTP and ERSPAN,
 * MPLS with pseudowires, PPPoE. What is encrypted ends the walk.
 */
#include "decoders/tunnel.h"

#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_ACKNOWLEDGMENT 0x0080
#define GRE_VERSION_MASK 0x0007
#define GRE_VERSION_PPTP 1

#define MPLS_BOTTOM 0x100
#define MPLS_LABEL_SHIFT 12
#define PSEUDOWIRE_CONTROL_LEN 4

#define PPPOE_VERSION_TYPE 0x11
#define PPPOE_SESSION 0

#define ERSPAN2_LEN 8
#define ERSPAN3_LEN 12
#define ERSPAN3_SUBHEADER_LEN 8

static struct step
read_icmp(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_end(PACKET_ICMP);
}

struct step
tunnel_opaque(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_end(PACKET_OPAQUE);
}

static struct step
read_ah(struct packet *packet, struct cursor *c)
{
	ip_ah_decode(c, &packet->ip);
	return tunnel_payload(packet);
}

/* RFC 1701: source route entries until an empty one. */
static void
skip_gre_routes(struct cursor *c)
{
	uint16_t family;
	uint8_t len;

	do {
		family = cursor_u16(c);
		cursor_skip(c, 1);
		len = cursor_u8(c);
		cursor_skip(c, len);
	} while (c->status == DECODE_OK && (family != 0 || len != 0));
}

/* Version 1 (RFC 2637 4.1): the key holds the payload's length and a call. */
static struct step
read_pptp(struct cursor *c, uint16_t flags, uint16_t protocol)
{
	uint16_t payload_len = cursor_u16(c);

	cursor_skip(c, 2);
	if ((flags & GRE_SEQUENCE) == 0)
		return step_end(PACKET_OTHER); /* an acknowledgment alone */
	cursor_skip(c, 4);
	if ((flags & GRE_ACKNOWLEDGMENT) != 0)
		cursor_skip(c, 4);
	cursor_limit(c, payload_len);
	return step_to(link_ethertype(protocol));
}

/* ERSPAN I is the mirrored frame itself, ERSPAN II numbers its packets. */
static struct step
read_erspan1(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_to(link_ethertype(LINK_BRIDGED));
}

static const struct header_type erspan1 = { LINK_ERSPAN, LAYER_ERSPAN, "ERSPAN I", read_erspan1 };

/* RFC 2784 2.1, RFC 2890 2, RFC 1701 for routing */
static struct step
read_gre(struct packet *packet, struct cursor *c)
{
	uint16_t flags = cursor_u16(c);
	uint16_t protocol = cursor_u16(c);
	uint16_t version = flags & GRE_VERSION_MASK;

	(void)packet;
	if (version == GRE_VERSION_PPTP)
		return read_pptp(c, flags, protocol);
	if (version != 0)
		return step_end(PACKET_OTHER);
	if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0)
		cursor_skip(c, 4);
	if ((flags & GRE_KEY) != 0)
		cursor_skip(c, 4);
	if ((flags & GRE_SEQUENCE) != 0)
		cursor_skip(c, 4);
	if ((flags & GRE_ROUTING) != 0)
		skip_gre_routes(c);
	if (protocol == LINK_ERSPAN && (flags & GRE_SEQUENCE) == 0)
		return step_to(&erspan1);
	return step_to(link_ethertype(protocol));
}

struct step
tunnel_erspan2(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, ERSPAN2_LEN);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* The last word's frame type is 0 for Ethernet, 2 for IP; its O bit adds a subheader. */
struct step
tunnel_erspan3(struct packet *packet, struct cursor *c)
{
	uint8_t frame_type, flags;

	(void)packet;
	cursor_skip(c, ERSPAN3_LEN - 2);
	frame_type = cursor_u8(c) >> 2 & 31;
	flags = cursor_u8(c);
	if ((flags & 1) != 0)
		cursor_skip(c, ERSPAN3_SUBHEADER_LEN);
	if (frame_type == 0)
		return step_to(link_ethertype(LINK_BRIDGED));
	if (frame_type == 2)
		return step_to(link_ip_version(c));
	return step_end(PACKET_OTHER);
}

static const struct header_type mpls = { 0, LAYER_MPLS, "MPLS", tunnel_mpls };

/*
 * RFC 3032 2.1. Nothing names what is under the last label: IP is told by
 * its version, a pseudowire by its control word (RFC 4385 3).
 */
struct step
tunnel_mpls(struct packet *packet, struct cursor *c)
{
	uint32_t entry = cursor_u32(c);
	const struct header_type *ip;

	layer_tag(packet, entry >> MPLS_LABEL_SHIFT);
	if ((entry & MPLS_BOTTOM) == 0)
		return step_to(&mpls);
	ip = link_ip_version(c);
	if (ip != NULL)
		return step_to(ip);
	if (cursor_peek(c, 0) >> 4 != 0)
		return step_end(PACKET_OPAQUE);
	cursor_skip(c, PSEUDOWIRE_CONTROL_LEN);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* RFC 2516 4 */
struct step
tunnel_pppoe(struct packet *packet, struct cursor *c)
{
	uint8_t version_type = cursor_u8(c);
	uint8_t code = cursor_u8(c);

	(void)packet;
	cursor_skip(c, 2);
	cursor_limit(c, cursor_u16(c));
	if (version_type != PPPOE_VERSION_TYPE || code != PPPOE_SESSION)
		return step_end(PACKET_OTHER);
	return step_to(link_ethertype(LINK_PPP));
}

static void
note_outer(struct packet *packet)
{
	if (packet->ip.version == 0)
		return;
	if (packet->outer_count < PACKET_OUTER_MAX) {
		packet->outer[packet->outer_count].source = packet->ip.source;
		packet->outer[packet->outer_count].destination = packet->ip.destination;
	}
	packet->outer_count++;
}

static void
note_anomalies(struct packet *packet)
{
	if (packet->ip.checksum_bad)
		anomalies_add(&packet->anomalies, ANOMALY_BAD_IP_CHECKSUM);
	if (packet->ip.length_bad)
		anomalies_add(&packet->anomalies, ANOMALY_BAD_IP_LENGTH);
}

struct step
tunnel_ipv4(struct packet *packet, struct cursor *c)
{
	note_outer(packet);
	ip4_decode(c, false, &packet->ip);
	note_anomalies(packet);
	return tunnel_payload(packet);
}

struct step
tunnel_ipv6(struct packet *packet, struct cursor *c)
{
	note_outer(packet);
	ip6_decode(c, false, &packet->ip);
	note_anomalies(packet);
	return tunnel_payload(packet);
}

static const struct header_type protocols[] = {
	{ IP_PROTO_ICMP, LAYER_KINDS, "ICMP", read_icmp },
	{ IP_PROTO_ICMPV6, LAYER_KINDS, "ICMPv6", read_icmp },
	{ IP_PROTO_IPIP, LAYER_IPV4, "IPv4", tunnel_ipv4 },
	{ IP_PROTO_IPV6, LAYER_IPV6, "IPv6", tunnel_ipv6 },
	{ IP_PROTO_GRE, LAYER_GRE, "GRE", read_gre },
	{ IP_PROTO_AH, LAYER_AH, "AH", read_ah },
	{ IP_PROTO_ESP, LAYER_KINDS, "ESP", tunnel_opaque },
	{ IP_PROTO_MPLS, LAYER_MPLS, "MPLS", tunnel_mpls },
	{ 0, LAYER_KINDS, NULL, NULL },
};

struct step
tunnel_payload(const struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;
	const struct header_type *next = header_find(protocols, ip->protocol);

	if (!ip->is_fragment || (next != NULL && next->read == tunnel_opaque))
		return step_to(next);
	if (next != NULL || (ip->version == 6 && ip6_is_extension(ip->protocol)))
		return step_end(PACKET_FRAGMENT);
	return step_end(PACKET_OTHER);
}
