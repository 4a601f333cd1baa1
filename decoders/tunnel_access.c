/*
 * GTP, L2TP, CAPWAP, LWAPP and TZSP. What the two ends agreed on beforehand,
 * and so is not in the packets, is told by how the payload begins.
 */
#include "decoders/tunnel_access.h"

#include "decoders/tunnel_link.h"

#define GTP_USER 0x10 /* not GTP', which carries charging records */
#define GTP_OPTIONS 0x07
#define GTP_EXTENDED 0x04
#define GTP_PAYLOAD 255
#define GTP0_REST_LEN 16

#define L2TP_CONTROL 0x8000
#define L2TP_LENGTH 0x4000
#define L2TP_SEQUENCE 0x0800
#define L2TP_OFFSET 0x0200
#define L2TP_VERSION_MASK 0x000f
#define L2TP3_PREFIX_MAX 12 /* a cookie of 8 octets, a sublayer of 4 */

#define CAPWAP_DTLS 1
#define CAPWAP_LEN 8
#define CAPWAP_WIRELESS 0x100 /* the frame is as it was in the air */
#define CAPWAP_FRAGMENT 0x080
#define CAPWAP_OFFSET_MASK 0xfff8
#define CAPWAP_KEEP_ALIVE 0x008
#define CAPWAP_IEEE80211 1

#define LWAPP_CONTROL 0x04
#define LWAPP_FRAGMENT 0x02
#define LWAPP_NOT_LAST 0x01 /* of two fragments at most, the first */

#define TZSP_VERSION 1
#define TZSP_PACKET_TYPES 2 /* received, and to be sent */
#define TZSP_TAG_PADDING 0
#define TZSP_TAG_END 1

#define PPP_ALL_STATIONS 0xff
#define WLAN_TYPE_MASK 0x0f /* IEEE 802.11-2020 9.2.4.1: version and type */
#define WLAN_DATA 0x08

/* A tunnel's payload: IP by its version, else PPP, else a frame. */
static struct step
step_session(struct cursor *c)
{
	const struct header_type *ip = link_ip_version(c);

	if (ip != NULL)
		return step_to(ip);
	if (cursor_peek(c, 0) == PPP_ALL_STATIONS)
		return step_to(link_ethertype(LINK_PPP));
	if (tunnel_is_ethernet(c, 0))
		return step_to(link_ethertype(LINK_BRIDGED));
	return tunnel_unnamed(c, TUNNEL_ETHERNET_LEN);
}

/* 3GPP TS 29.281 5.2: each in words, and the last octet names the next. */
static void
skip_gtp_extensions(struct cursor *c, uint8_t next)
{
	uint32_t len;

	while (next != 0 && c->status == DECODE_OK) {
		len = cursor_u8(c) * 4U;
		if (len == 0)
			cursor_fail(c, DECODE_MALFORMED);
		else
			cursor_skip(c, len - 2);
		next = cursor_u8(c);
	}
}

/* Version 1 (3GPP TS 29.281 5.1): behind the length. */
static struct step
read_gtp1(struct packet *packet, struct cursor *c, uint8_t flags)
{
	uint8_t next;

	layer_tag(packet, cursor_u32(c));
	if ((flags & GTP_OPTIONS) != 0) {
		cursor_skip(c, 3);
		next = cursor_u8(c);
		if ((flags & GTP_EXTENDED) != 0)
			skip_gtp_extensions(c, next);
	}
	return step_session(c);
}

/* Version 0 (3GPP TS 09.60 6) has a longer header, which its length leaves out. */
struct step
tunnel_gtp(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);
	uint8_t type = cursor_u8(c);
	uint16_t len = cursor_u16(c);

	if ((flags & GTP_USER) == 0 || type != GTP_PAYLOAD)
		return step_end(PACKET_OTHER);
	switch (flags >> 5) {
	case 0:
		cursor_skip(c, GTP0_REST_LEN);
		cursor_limit(c, len);
		return step_session(c);
	case 1:
		cursor_limit(c, len + 4U);
		return read_gtp1(packet, c, flags);
	default:
		return step_end(PACKET_OTHER);
	}
}

/* Version 2 (RFC 2661 3.1): behind the flags. */
static struct step
read_l2tp2(struct cursor *c, uint16_t flags)
{
	uint16_t len;

	if ((flags & L2TP_LENGTH) != 0) {
		len = cursor_u16(c);
		if (len < 4)
			cursor_fail(c, DECODE_MALFORMED);
		else
			cursor_limit(c, len - 4U);
	}
	cursor_skip(c, 4);
	if ((flags & L2TP_SEQUENCE) != 0)
		cursor_skip(c, 4);
	if ((flags & L2TP_OFFSET) != 0)
		cursor_skip(c, cursor_u16(c));
	return step_to(link_ethertype(LINK_PPP));
}

struct step
tunnel_l2tp(struct packet *packet, struct cursor *c)
{
	uint16_t flags = cursor_u16(c);

	if ((flags & L2TP_CONTROL) != 0)
		return step_end(PACKET_OTHER);
	switch (flags & L2TP_VERSION_MASK) {
	case 2:
		return read_l2tp2(c, flags);
	case 3:
		cursor_skip(c, 2);
		return tunnel_l2tp3(packet, c);
	default:
		return step_end(PACKET_OTHER);
	}
}

/* Whether IPv4 fills what is left `offset` octets ahead. */
static bool
is_ip4_whole(const struct cursor *c, uint32_t offset)
{
	struct cursor ahead = *c;

	cursor_skip(&ahead, offset);
	return cursor_peek(&ahead, 0) == 0x45 &&
	    cursor_bits(&ahead, 16, 16) == c->claimed - offset;
}

/* What a session carries, if it begins `offset` octets ahead; NULL if not. */
static const struct header_type *
guess_session(const struct cursor *c, uint32_t offset)
{
	struct cursor ahead = *c;
	uint64_t head;

	if (tunnel_is_ethernet(c, offset))
		return link_ethertype(LINK_BRIDGED);
	if (is_ip4_whole(c, offset))
		return link_ethertype(LINK_IPV4);
	cursor_skip(&ahead, offset);
	head = cursor_bits(&ahead, 0, 32);
	if (head == 0xff030021 || head == 0xff030057)
		return link_ethertype(LINK_PPP);
	if (head == 0x0f000800 || head == 0x0f0086dd)
		return link_type(LINKTYPE_CISCO_HDLC);
	return NULL;
}

/*
 * RFC 3931 4.1: how long the cookie is, whether a sublayer follows and what
 * the session carries was said when it was set up. Session 0 is control.
 */
struct step
tunnel_l2tp3(struct packet *packet, struct cursor *c)
{
	const struct header_type *next;
	uint32_t offset;

	(void)packet;
	if (cursor_u32(c) == 0)
		return step_end(PACKET_OTHER);
	for (offset = 0; offset <= L2TP3_PREFIX_MAX; offset += 4) {
		next = guess_session(c, offset);
		if (next != NULL) {
			cursor_skip(c, offset);
			return step_to(next);
		}
	}
	return tunnel_unnamed(c, L2TP3_PREFIX_MAX + TUNNEL_ETHERNET_LEN);
}

/*
 * A wireless frame. Many access points swap the two octets of its frame
 * control; only data frames matter, and these say so in one of the two.
 */
static struct step
step_wlan(struct cursor *c)
{
	int first = cursor_peek(c, 0), second = cursor_peek(c, 1);

	if (second < 0 || (first & WLAN_TYPE_MASK) == WLAN_DATA ||
	    (second & WLAN_TYPE_MASK) != WLAN_DATA)
		return step_to(link_type(LINKTYPE_WLAN));
	return step_to(&link_wlan_swapped);
}

/* RFC 5415 4.1 to 4.3; the length of the header is in words. */
struct step
tunnel_capwap(struct packet *packet, struct cursor *c)
{
	uint8_t preamble = cursor_u8(c);
	uint32_t word, len;
	uint16_t place;

	if (preamble == CAPWAP_DTLS)
		return step_end(PACKET_OPAQUE);
	word = (uint32_t)cursor_uint(c, 3);
	len = (word >> 19) * 4;
	cursor_skip(c, 2);
	place = cursor_u16(c);
	if (preamble != 0 || (word & CAPWAP_KEEP_ALIVE) != 0)
		return step_end(PACKET_OTHER);
	cursor_skip_header(c, len, CAPWAP_LEN);
	if ((word & CAPWAP_FRAGMENT) != 0) {
		if ((place & CAPWAP_OFFSET_MASK) != 0)
			return step_end(PACKET_LINK_FRAGMENT);
		link_first_fragment(packet, c);
	}
	if ((word & CAPWAP_WIRELESS) == 0)
		return step_to(link_ethertype(LINK_BRIDGED));
	if ((word >> 9 & 31) != CAPWAP_IEEE80211)
		return step_end(PACKET_OTHER);
	return step_wlan(c);
}

/* RFC 5412, the transport header: flags, fragment, length, signal and noise. */
struct step
tunnel_lwapp(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);

	cursor_skip(c, 5);
	if ((flags & LWAPP_CONTROL) != 0)
		return step_end(PACKET_OTHER);
	if ((flags & LWAPP_FRAGMENT) != 0) {
		if ((flags & LWAPP_NOT_LAST) == 0)
			return step_end(PACKET_LINK_FRAGMENT);
		link_first_fragment(packet, c);
	}
	return step_wlan(c);
}

/* TZSP's numbers of what it carries, as link types. */
static const struct header_type *
tzsp_link_type(uint16_t number)
{
	switch (number) {
	case 1:
		return link_type(LINKTYPE_ETHERNET);
	case 4:
		return link_type(LINKTYPE_PPP);
	case 7:
		return link_type(LINKTYPE_RAW);
	case 18:
		return link_type(LINKTYPE_WLAN);
	case 119:
		return link_type(LINKTYPE_PRISM);
	case 127:
		return link_type(LINKTYPE_AVS);
	default:
		return NULL;
	}
}

/* Version, type, what is carried; tagged fields up to the one that ends them. */
struct step
tunnel_tzsp(struct packet *packet, struct cursor *c)
{
	uint8_t version = cursor_u8(c);
	uint8_t type = cursor_u8(c);
	uint16_t carried = cursor_u16(c);
	uint8_t tag;

	(void)packet;
	if (version != TZSP_VERSION || type >= TZSP_PACKET_TYPES)
		return step_end(PACKET_OTHER);
	do {
		tag = cursor_u8(c);
		if (tag != TZSP_TAG_PADDING && tag != TZSP_TAG_END)
			cursor_skip(c, cursor_u8(c));
	} while (c->status == DECODE_OK && tag != TZSP_TAG_END);
	return step_to(tzsp_link_type(carried));
}
