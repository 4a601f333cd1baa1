/*
 * Tools that carry data in pings, by what only they send: their magic number
 * and a second thing that must fit with it.
 */
#include "analyzer/detect/tunnel.h"

#include "decoders/ip.h"
#include "decoders/transport.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PTUNNEL_MAGIC 0xd5200880 /* that of ptunnel-ng can be set */
#define PTUNNEL_FROM_USER 0x40000000U
#define PTUNNEL_FROM_PROXY 0x80000000U
#define PTUNNEL_STATES 4
#define PTUNNEL_AUTHENTICATION 96 /* octets it may have more than it counts */

#define HANS_CLIENT 0x68616e63 /* "hanc" */
#define HANS_SERVER 0x68616e73 /* "hans" */
#define HANS_TYPES 9
#define TUNL 0x54554e4c
#define TUNL_TYPES 5

/* pingtunnel's messages are Protocol Buffers, whose field 6 is its magic. */
#define PINGTUNNEL_MAGIC_FIELD 6
#define PINGTUNNEL_MAGIC 0x1bd5a /* 0xdead in zigzag */
#define FIELDS_MAX 24
#define VARINT_MAX 10
#define WIRE_VARINT 0
#define WIRE_OCTETS 2

/* The octets of data that ptunnel and ptunnel-ng count are those behind the header. */
static bool
has_ptunnel_header(struct cursor payload)
{
	uint32_t state, data;

	cursor_skip(&payload, 12); /* magic, address, port */
	state = cursor_u32(&payload);
	cursor_skip(&payload, 4); /* acknowledgment */
	data = cursor_u32(&payload);
	cursor_skip(&payload, 4); /* sequence number, id */
	if (payload.status != DECODE_OK ||
	    ((state & ~PTUNNEL_FROM_USER) > PTUNNEL_STATES &&
	    (state & ~PTUNNEL_FROM_PROXY) > PTUNNEL_STATES) || state <= PTUNNEL_STATES)
		return false;
	return data <= payload.claimed && payload.claimed - data <= PTUNNEL_AUTHENTICATION;
}

static bool
fits_ptunnel(struct cursor payload)
{
	struct cursor magic = payload;

	return cursor_u32(&magic) == PTUNNEL_MAGIC && has_ptunnel_header(payload);
}

static bool
fits_hans(struct cursor payload)
{
	uint32_t magic = cursor_u32(&payload);
	uint8_t type = cursor_u8(&payload);

	return (magic == HANS_CLIENT || magic == HANS_SERVER) && type >= 1 && type <= HANS_TYPES;
}

static bool
fits_tunl(struct cursor payload)
{
	uint32_t magic = cursor_u32(&payload);
	uint8_t type = cursor_u8(&payload);

	return magic == TUNL && type <= TUNL_TYPES && payload.status == DECODE_OK;
}

/* A variable-length number: seven bits an octet, the lowest first. */
static uint64_t
read_varint(struct cursor *c)
{
	uint64_t value = 0;
	unsigned i;
	uint8_t octet;

	for (i = 0; i < VARINT_MAX; i++) {
		octet = cursor_u8(c);
		value |= (uint64_t)(octet & 0x7f) << (7 * i % 64);
		if ((octet & 0x80) == 0)
			return value;
	}
	cursor_fail(c, DECODE_MALFORMED);
	return 0;
}

static bool
fits_pingtunnel(struct cursor payload)
{
	uint64_t key, value;
	unsigned i;

	for (i = 0; i < FIELDS_MAX && !cursor_done(&payload); i++) {
		key = read_varint(&payload);
		value = read_varint(&payload);
		if (key == (PINGTUNNEL_MAGIC_FIELD << 3 | WIRE_VARINT))
			return value == PINGTUNNEL_MAGIC && payload.status == DECODE_OK;
		if ((key & 7) == WIRE_OCTETS && value <= payload.claimed)
			cursor_skip(&payload, (uint32_t)value);
		else if ((key & 7) != WIRE_VARINT)
			return false;
	}
	return false;
}

/* nishang's shell introduces itself. */
static bool
fits_nishang(struct cursor payload)
{
	static const char greeting[] = "Windows PowerShell running as user ";
	size_t i;

	for (i = 0; i + 1 < sizeof(greeting); i++)
		if (cursor_peek(&payload, (uint32_t)i) != greeting[i])
			return false;
	return true;
}

static const struct tunnel_tool tools[] = {
	{ "ptunnel", "its magic number and the length of its data", fits_ptunnel },
	{ "ptunnel-ng", "its states and the length of its data", has_ptunnel_header },
	{ "hans", "its magic number and type of message", fits_hans },
	{ "icmptunnel", "\"TUNL\" and type of message", fits_tunl },
	{ "pingtunnel", "its magic number in the right field", fits_pingtunnel },
	{ "Invoke-PowerShellIcmp", "its greeting", fits_nishang },
};

const struct tunnel_tool *
tunnel_tool_of(struct cursor payload)
{
	size_t i;

	for (i = 0; i < COUNT(tools); i++)
		if (tools[i].fits(payload))
			return &tools[i];
	return NULL;
}

/* Whether an address is one that datagrams on the Internet have. */
static bool
is_plausible6(const struct addr *addr)
{
	return (addr->bytes[0] & 0xe0) == 0x20 || addr->bytes[0] >= 0xf0;
}

/* Reads an IP header and what follows; whether all of it fits together. */
static bool
read_inner(struct cursor c, struct tunnel_inner *out)
{
	struct transport transport;
	struct ip_header ip = { 0 };
	uint32_t claimed = c.claimed;
	int first = cursor_peek(&c, 0);

	if (first >> 4 == 4) {
		if (ip4_decode(&c, true, &ip) != DECODE_OK || ip.checksum_bad ||
		    ip.length < ip.header_length || ip.length > claimed)
			return false;
	} else if (first >> 4 != 6 || ip6_decode(&c, true, &ip) != DECODE_OK ||
	    ip.length != claimed || !is_plausible6(&ip.source) ||
	    !is_plausible6(&ip.destination)) {
		return false;
	}
	(void)transport_decode(c, ip.protocol, &transport);
	*out = (struct tunnel_inner){ .source = ip.source, .destination = ip.destination,
		.protocol = ip.protocol };
	out->has_ports = transport.has_ports;
	if (transport.has_ports) {
		out->source_port = transport.source_port;
		out->destination_port = transport.destination_port;
	}
	return true;
}

bool
tunnel_inner_find(struct cursor payload, struct tunnel_inner *out)
{
	/* Tools put it behind headers of so many octets. */
	static const uint32_t offsets[] = { 0, 4, 5, 8, 28, 36 };
	struct cursor c;
	size_t i;

	for (i = 0; i < COUNT(offsets); i++) {
		c = payload;
		cursor_skip(&c, offsets[i]);
		if (c.status == DECODE_OK && read_inner(c, out))
			return true;
	}
	return false;
}
