/*
 * GRE with its variants: PPTP, EoIP, WCCP redirection, mirrored frames
 * (ERSPAN I to III), wireless frames to a controller.
 */
#include "decoders/tunnel_gre.h"

#include "decoders/tunnel.h"

#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_ACKNOWLEDGMENT 0x0080
#define GRE_VERSION_MASK 0x0007
#define GRE_VERSION_PPTP 1

#define TYPE_EOIP 0x6400
#define TYPE_WCCP 0x883e
#define TYPE_ARUBA_FIRST 0x8200 /* to 0x83f0, in steps of 16: one an SSID */
#define TYPE_ARUBA_LAST 0x83f0

#define WCCP_REDIRECT_LEN 4
#define ERSPAN2_LEN 8
#define ERSPAN3_LEN 12
#define ERSPAN3_SUBHEADER_LEN 8

/* RFC 1701: source route entries until an empty one. */
static void
skip_routes(struct cursor *c)
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

/* MikroTik's: the length of a frame, and the tunnel, in the place of the key. */
static struct step
read_eoip(struct packet *packet, struct cursor *c)
{
	uint16_t len = cursor_u16(c);

	(void)packet;
	cursor_skip(c, 2);
	cursor_limit(c, len);
	if (len == 0)
		return step_end(PACKET_OTHER); /* keeps the tunnel alive */
	return step_to(link_ethertype(LINK_BRIDGED));
}

static const struct header_type eoip = { TYPE_EOIP, LAYER_EOIP, "EoIP", read_eoip };

/* Version 1 (RFC 2637 4.1): the key holds the payload's length and a call. */
static struct step
read_pptp(struct cursor *c, uint16_t flags, uint16_t protocol)
{
	uint16_t payload_len;

	if (protocol == TYPE_EOIP)
		return step_to(&eoip);
	payload_len = cursor_u16(c);
	cursor_skip(c, 2);
	if ((flags & GRE_SEQUENCE) == 0)
		return step_end(PACKET_OTHER); /* an acknowledgment alone */
	cursor_skip(c, 4);
	if ((flags & GRE_ACKNOWLEDGMENT) != 0)
		cursor_skip(c, 4);
	cursor_limit(c, payload_len);
	return step_to(link_ethertype(protocol));
}

/* Web caches: IPv4, from version 2 on with a redirect header in front. */
static struct step
read_wccp(struct packet *packet, struct cursor *c)
{
	int first = cursor_peek(c, 0);

	(void)packet;
	if (first < 0x45 || first > 0x4f)
		cursor_skip(c, WCCP_REDIRECT_LEN);
	return step_to(link_ethertype(LINK_IPV4));
}

static const struct header_type wccp = { TYPE_WCCP, LAYER_WCCP, "WCCP", read_wccp };

/* ERSPAN I is the mirrored frame itself, ERSPAN II numbers its packets. */
static const struct header_type erspan1 = { LINK_ERSPAN, LAYER_ERSPAN, "ERSPAN I", tunnel_ethernet };

/* On by a protocol type: GRE's own, or an ethertype. */
static struct step
step_protocol(uint16_t flags, uint16_t protocol)
{
	if (protocol == LINK_ERSPAN && (flags & GRE_SEQUENCE) == 0)
		return step_to(&erspan1);
	if (protocol == TYPE_WCCP)
		return step_to(&wccp);
	if (protocol >= TYPE_ARUBA_FIRST && protocol <= TYPE_ARUBA_LAST && protocol % 16 == 0)
		return step_to(link_type(LINKTYPE_WLAN));
	return step_to(link_ethertype(protocol));
}

/* RFC 2784 2.1, RFC 2890 2, RFC 1701 for routing */
struct step
tunnel_gre(struct packet *packet, struct cursor *c)
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
		skip_routes(c);
	return step_protocol(flags, protocol);
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
