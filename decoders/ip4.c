/*
 * The IPv4 header (RFC 791), and what both versions share: the payload's
 * limit and the Authentication Header. Options are passed over but for the
 * router alert and the end of a source route.
 */
#include "decoders/ip.h"

#include <string.h>

#include "decoders/checksum.h"

#define IP4_MIN_LEN 20
#define IP4_ADDRESS_LEN 4
#define IP4_DONT_FRAGMENT 0x4000
#define IP4_MORE_FRAGMENTS 0x2000
#define IP4_OFFSET_MASK 0x1fff

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_LOOSE_ROUTE = 131, /* RFC 791 3.1 */
	OPTION_STRICT_ROUTE = 137,
	OPTION_ROUTER_ALERT = 148, /* RFC 2113 2.1 */
};

void
ip_limit_payload(struct cursor *c, uint32_t len, struct ip_header *out)
{
	if (len > c->claimed) {
		out->length_bad = true;
		c->claimed = len;
	} else {
		cursor_limit(c, len);
	}
}

/* The last address is the end, until the pointer is past the option. */
static void
read_source_route(struct cursor route, uint8_t len, struct ip_header *out)
{
	uint8_t pointer = cursor_u8(&route);

	if (pointer > len || route.claimed < IP4_ADDRESS_LEN)
		return;
	cursor_skip(&route, route.claimed - IP4_ADDRESS_LEN);
	if (cursor_want(&route, IP4_ADDRESS_LEN))
		out->final_destination = addr_read(&route, 4);
}

/* Looks through the options (RFC 791 3.1); a bad length ends them. */
static void
read_options(struct cursor options, struct ip_header *out)
{
	struct cursor option;
	uint8_t len;

	out->has_options = true;
	while (!cursor_done(&options)) {
		uint8_t kind = cursor_u8(&options);

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		len = cursor_u8(&options);
		if (len < 2)
			return;
		option = cursor_cut(&options, len - 2U);
		if (kind == OPTION_ROUTER_ALERT)
			out->router_alert = true;
		if (kind == OPTION_LOOSE_ROUTE || kind == OPTION_STRICT_ROUTE)
			read_source_route(option, len, out);
	}
}

static void
read_fragment_word(uint16_t word, struct ip_header *out)
{
	out->has_id = true;
	out->dont_fragment = (word & IP4_DONT_FRAGMENT) != 0;
	out->more_fragments = (word & IP4_MORE_FRAGMENTS) != 0;
	out->fragment_offset = (word & IP4_OFFSET_MASK) * 8U;
	out->is_fragment = out->more_fragments || out->fragment_offset != 0;
}

/*
 * A sum that was left to the interface is sent to the capture as zero, so
 * zero says nothing.
 */
static bool
is_checksum_bad(struct cursor header, uint32_t header_length, uint16_t found)
{
	cursor_limit(&header, header_length);
	return found != 0 && !checksum_is_right(&header, 0);
}

/* In place: a struct that was just written in parts is slow to copy whole. */
static void
take_address(const uint8_t *octets, struct addr *out)
{
	out->version = 4;
	memcpy(out->bytes, octets, IP4_ADDRESS_LEN);
}

static uint16_t
number_at(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

/* The fields up to the addresses, from a copy, so that bounds are checked once. */
static void
read_fixed(struct cursor *c, struct ip_header *out)
{
	struct cursor header = *c;
	uint8_t fixed[IP4_MIN_LEN];

	if (!cursor_copy(c, fixed, sizeof(fixed)))
		return;
	out->header_length = (fixed[0] & 15) * 4U;
	if (fixed[0] >> 4 != 4 || out->header_length < IP4_MIN_LEN) {
		cursor_fail(c, DECODE_MALFORMED);
		return;
	}
	out->version = 4;
	out->tos = fixed[1];
	out->length = number_at(fixed + 2);
	out->id = number_at(fixed + 4);
	read_fragment_word(number_at(fixed + 6), out);
	out->ttl = fixed[8];
	out->protocol = fixed[9];
	take_address(fixed + 12, &out->source);
	take_address(fixed + 16, &out->destination);
	take_address(fixed + 16, &out->final_destination);
	if (cursor_want(c, out->header_length - IP4_MIN_LEN))
		out->checksum_bad = is_checksum_bad(header, out->header_length,
		    number_at(fixed + 10));
}

/* What the total length says of the payload at `c`. */
static void
apply_length(struct cursor *c, struct ip_header *out)
{
	/* Captured before segmentation by the interface: the frame's length. */
	if (out->length == 0)
		out->length = out->header_length + c->claimed;
	if (out->length < out->header_length) {
		out->length_bad = true;
		cursor_fail(c, DECODE_MALFORMED);
		return;
	}
	ip_limit_payload(c, out->length - out->header_length, out);
}

enum decode_status
ip4_decode(struct cursor *c, bool lenient, struct ip_header *out)
{
	*out = (struct ip_header){ 0 };
	read_fixed(c, out);
	if (c->status != DECODE_OK)
		return c->status;
	if (out->header_length > IP4_MIN_LEN)
		read_options(cursor_cut(c, out->header_length - IP4_MIN_LEN), out);
	if (lenient)
		out->length_bad = out->length < out->header_length;
	else
		apply_length(c, out);
	return c->status;
}

enum decode_status
ip_ah_decode(struct cursor *c, struct ip_header *out)
{
	uint8_t next = cursor_u8(c);
	uint32_t len = (cursor_u8(c) + 2U) * 4;

	if (c->status != DECODE_OK)
		return c->status;
	out->protocol = next;
	cursor_skip(c, len - 2);
	if (c->status != DECODE_OK)
		return c->status;
	out->header_length += len;
	if (out->version != 6)
		return DECODE_OK;
	out->has_options = true;
	return ip6_decode_chain(c, out);
}
