/*
 * The IPv6 header and its chain of extension headers (RFC 8200). The chain is
 * followed for what it leads to; of its options only the router alert and the
 * jumbo length are read, of routing headers only where they end.
 */
#include "decoders/ip.h"

#include <string.h>

#define IP6_LEN 40

enum {
	OPTION_PAD1 = 0,
	OPTION_ROUTER_ALERT = 0x05, /* RFC 2711 2.1 */
	OPTION_JUMBO = 0xc2,        /* RFC 2675 2 */
};

/*
 * Finds the option `wanted` among those at `options`; its data is left in
 * `out`. A bad length ends the search.
 */
static bool
find_option(struct cursor options, uint8_t wanted, struct cursor *out)
{
	while (!cursor_done(&options)) {
		uint8_t kind = cursor_u8(&options);

		if (kind == OPTION_PAD1)
			continue;
		*out = cursor_cut(&options, cursor_u8(&options));
		if (kind == wanted && options.status == DECODE_OK)
			return true;
	}
	return false;
}

static void
read_hop_by_hop(struct cursor body, struct ip_header *out)
{
	struct cursor option;

	if (find_option(body, OPTION_ROUTER_ALERT, &option))
		out->router_alert = true;
}

/* Routing types 0 and 2: the last address is the end (RFC 2460 4.4, RFC 6275 6.4). */
static void
read_route_addresses(struct cursor route, struct addr *end)
{
	uint32_t count;

	cursor_skip(&route, 4);
	count = route.claimed / 16;
	if (count == 0)
		return;
	cursor_skip(&route, (count - 1) * 16);
	*end = addr_read(&route, 6);
}

/*
 * Type 3: the last address, without the octets it shares with the
 * destination (RFC 6554 3).
 */
static void
read_route_rpl(struct cursor route, struct addr *end)
{
	uint32_t shared = cursor_u8(&route) & 15U;
	uint32_t padding = cursor_u8(&route) >> 4;
	uint32_t len = 16 - shared;
	uint8_t suffix[16];

	cursor_skip(&route, 2);
	if (route.claimed < padding + len)
		return;
	cursor_skip(&route, route.claimed - padding - len);
	if (cursor_copy(&route, suffix, len))
		memcpy(end->bytes + shared, suffix, len);
}

/* Type 4: the list is in reverse, so its first segment is the end (RFC 8754 2). */
static void
read_route_segments(struct cursor route, struct addr *end)
{
	cursor_skip(&route, 4);
	if (route.claimed >= 16)
		*end = addr_read(&route, 6);
}

/* A routing type: reads the end of the route from what follows segments left. */
struct route_type {
	uint8_t type;
	void (*read)(struct cursor route, struct addr *end);
};

static const struct route_type route_types[] = {
	{ 0, read_route_addresses },
	{ 2, read_route_addresses },
	{ 3, read_route_rpl },
	{ 4, read_route_segments },
};

static void
read_routing(struct cursor body, struct ip_header *out)
{
	uint8_t type = cursor_u8(&body);
	uint8_t segments_left = cursor_u8(&body);
	size_t i;

	if (segments_left == 0)
		return;
	for (i = 0; i < sizeof route_types / sizeof route_types[0]; i++)
		if (route_types[i].type == type)
			route_types[i].read(body, &out->final_destination);
}

/* RFC 8200 4.5; offset 0 and no more to come is the whole (RFC 6946). */
static void
read_fragment(struct cursor body, struct ip_header *out)
{
	uint16_t word = cursor_u16(&body);

	out->fragment_offset = word & 0xfff8U;
	out->more_fragments = (word & 1) != 0;
	out->is_fragment = out->more_fragments || out->fragment_offset != 0;
	out->id = cursor_u32(&body);
	out->has_id = true;
}

/* Destination options, HIP and shim6 lead on to the next header, no more. */
static void
read_nothing(struct cursor body, struct ip_header *out)
{
	(void)body;
	(void)out;
}

/* An extension header: reads what follows next header and length. */
struct chain_type {
	uint8_t protocol;
	void (*read)(struct cursor body, struct ip_header *out);
};

static const struct chain_type chain_types[] = {
	{ IP_PROTO_HOP_BY_HOP, read_hop_by_hop },
	{ IP_PROTO_ROUTING, read_routing },
	{ IP_PROTO_FRAGMENT, read_fragment },
	{ IP_PROTO_DESTINATION, read_nothing },
	{ IP_PROTO_HIP, read_nothing },
	{ IP_PROTO_SHIM6, read_nothing },
};

static const struct chain_type *
find_chain_type(uint8_t protocol)
{
	size_t i;

	for (i = 0; i < sizeof chain_types / sizeof chain_types[0]; i++)
		if (chain_types[i].protocol == protocol)
			return &chain_types[i];
	return NULL;
}

bool
ip6_is_extension(uint8_t protocol)
{
	return protocol == IP_PROTO_AH || find_chain_type(protocol) != NULL;
}

/* One header of the chain, known to be of `type`. */
static void
read_chain_header(struct cursor *c, const struct chain_type *type, struct ip_header *out)
{
	uint8_t next = cursor_u8(c);
	uint32_t len = (cursor_u8(c) + 1U) * 8;

	if (type->protocol == IP_PROTO_FRAGMENT)
		len = 8; /* the second octet is reserved */
	if (c->status != DECODE_OK)
		return;
	out->protocol = next;
	out->has_options = true;
	if (!cursor_want(c, len - 2))
		return;
	type->read(cursor_cut(c, len - 2), out);
	out->header_length += len;
}

enum decode_status
ip6_decode_chain(struct cursor *c, struct ip_header *out)
{
	const struct chain_type *type = find_chain_type(out->protocol);

	/* Each takes eight octets at least, so this ends with the packet. */
	while (type != NULL) {
		read_chain_header(c, type, out);
		if (c->status != DECODE_OK)
			break;
		if (type->protocol == IP_PROTO_FRAGMENT && out->is_fragment)
			break;
		type = find_chain_type(out->protocol);
	}
	return c->status;
}

enum decode_status
ip6_mobility_decode(struct cursor *c, struct ip_header *out)
{
	static const struct chain_type mobility = { IP_PROTO_MOBILITY, read_nothing };

	read_chain_header(c, &mobility, out);
	return ip6_decode_chain(c, out);
}

/* The length in the hop-by-hop header at `c` (RFC 2675 2), or 0. */
static uint32_t
find_jumbo_length(struct cursor c)
{
	struct cursor option;
	uint32_t len;

	cursor_skip(&c, 1);
	len = cursor_u8(&c) * 8U + 6;
	if (!find_option(cursor_cut(&c, len), OPTION_JUMBO, &option))
		return 0;
	len = cursor_u32(&option);
	return len <= UINT32_MAX - IP6_LEN ? len : 0;
}

/* What the payload length says of the payload at `c`. */
static void
apply_length(struct cursor *c, uint32_t payload_len, struct ip_header *out)
{
	/* Captured before segmentation by the interface: the frame's length. */
	if (payload_len == 0 && out->protocol != IP_PROTO_NO_NEXT)
		payload_len = c->claimed;
	out->length = IP6_LEN + payload_len;
	ip_limit_payload(c, payload_len, out);
}

static uint32_t
read_fixed(struct cursor *c, struct ip_header *out)
{
	uint32_t payload_len, word;

	if (!cursor_want(c, IP6_LEN))
		return 0;
	word = cursor_u32(c);
	if (word >> 28 != 6) {
		cursor_fail(c, DECODE_MALFORMED);
		return 0;
	}
	out->version = 6;
	out->header_length = IP6_LEN;
	out->tos = (uint8_t)(word >> 20);
	out->flow_label = word & 0xfffff;
	payload_len = cursor_u16(c);
	out->protocol = cursor_u8(c);
	out->ttl = cursor_u8(c);
	out->source = addr_read(c, 6);
	out->destination = addr_read(c, 6);
	out->final_destination = out->destination;
	return payload_len;
}

enum decode_status
ip6_decode(struct cursor *c, bool lenient, struct ip_header *out)
{
	uint32_t payload_len;
	bool is_jumbo;

	*out = (struct ip_header){ 0 };
	payload_len = read_fixed(c, out);
	if (c->status != DECODE_OK)
		return c->status;
	is_jumbo = payload_len == 0 && out->protocol == IP_PROTO_HOP_BY_HOP;
	if (is_jumbo)
		payload_len = find_jumbo_length(*c);
	if (!lenient)
		apply_length(c, payload_len, out);
	else if (payload_len > 0 || !is_jumbo)
		out->length = IP6_LEN + payload_len; /* else its option was cut off */
	return ip6_decode_chain(c, out);
}
