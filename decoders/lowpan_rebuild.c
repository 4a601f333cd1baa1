/*
 * Decompression: every function reads what is in line from the cursor and
 * writes the header it stands for; too long a datagram fails the cursor.
 */
#include "decoders/lowpan_rebuild.h"

#include <string.h>

#include "decoders/lowpan.h"

#define IP6_LEN 40
#define IP6_LENGTH_AT 4
#define IP6_NEXT_AT 6
#define IP6_HOP_LIMIT_AT 7
#define IP6_SOURCE_AT 8
#define IP6_DESTINATION_AT 24
#define IP6_ADDRESS_LEN 16
#define IP6_PREFIX_LEN 8
#define UDP_LEN 8
#define UDP_LENGTH_AT 4
#define UDP_CHECKSUM_AT 6
#define NESTED_MAX 4

/* RFC 6282 3.1.1 */
#define IPHC_TRAFFIC_SHIFT 11
#define IPHC_NEXT_HEADER 0x0400
#define IPHC_HOP_LIMIT_SHIFT 8
#define IPHC_CONTEXT 0x0080
#define IPHC_SOURCE_STATEFUL 0x0040
#define IPHC_SOURCE_SHIFT 4
#define IPHC_MULTICAST 0x0008
#define IPHC_DESTINATION_STATEFUL 0x0004

/* RFC 4944 10.1 */
#define HC1_SOURCE_SHIFT 6
#define HC1_DESTINATION_SHIFT 4
#define HC1_NO_TRAFFIC 0x08
#define HC1_NEXT_SHIFT 1
#define HC1_HC2 0x01
#define HC1_PREFIX_ELIDED 2
#define HC1_ID_ELIDED 1

/* RFC 6282 4.2, 4.3 */
#define NHC_EXTENSION_MASK 0xf0
#define NHC_EXTENSION 0xe0
#define NHC_EXTENSION_NEXT 0x01
#define NHC_UDP_MASK 0xf8
#define NHC_UDP 0xf0
#define NHC_UDP_NO_CHECKSUM 0x04
#define NHC_UDP_PORTS_MASK 0x03

#define OPTION_PADN 1

struct rebuild {
	uint8_t *out;
	uint32_t len;     /* written so far */
	uint32_t claimed; /* with what the capture did not keep */
	uint32_t total;   /* of the datagram that the fragment begins, else as claimed */
	int nested;
	bool is_ended; /* at a header that cannot be rebuilt */
	enum packet_verdict verdict;
};

/* Room for `len` more octets, zeroed; NULL when there is none. */
static uint8_t *
grow(struct rebuild *r, struct cursor *c, uint32_t len)
{
	uint8_t *room = r->out + r->len;

	if (c->status != DECODE_OK)
		return NULL;
	if (len > PACKET_SCRATCH_SIZE - r->len) {
		cursor_fail(c, DECODE_MALFORMED);
		return NULL;
	}
	memset(room, 0, len);
	r->len += len;
	return room;
}

static void
put_u16(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
}

static void
end_at(struct rebuild *r, enum packet_verdict verdict)
{
	r->is_ended = true;
	r->verdict = verdict;
}

/* The rest as it is; only now the length of the datagram is known. */
static void
rebuild_payload(struct rebuild *r, struct cursor *c)
{
	uint32_t len = c->captured;
	uint8_t *room;

	if (c->status != DECODE_OK || r->is_ended)
		return;
	if (c->claimed > PACKET_SCRATCH_SIZE) {
		cursor_fail(c, DECODE_MALFORMED);
		return;
	}
	r->claimed = r->len + c->claimed;
	if (r->total == 0)
		r->total = r->claimed;
	if (r->claimed > r->total)
		cursor_fail(c, DECODE_MALFORMED);
	room = grow(r, c, len);
	if (room != NULL)
		cursor_copy(c, room, len);
}

/* RFC 6282 3.2.1: ECN comes first in line, in the header it is last. */
static void
read_traffic(struct cursor *c, uint16_t encoding, uint8_t *header)
{
	uint32_t mode = encoding >> IPHC_TRAFFIC_SHIFT & 3, label = 0, traffic;
	uint8_t octet = 0;

	if (mode != 3)
		octet = cursor_u8(c);
	if (mode == 0)
		label = (uint32_t)cursor_uint(c, 3) & 0xfffff;
	if (mode == 1)
		label = (octet & 15U) << 16 | cursor_u16(c);
	traffic = octet >> 6;
	if (mode != 1)
		traffic |= (octet & 63U) << 2;
	header[0] = (uint8_t)(0x60 | traffic >> 4);
	header[1] = (uint8_t)(traffic << 4 | label >> 16);
	put_u16(header + 2, label);
}

/* RFC 6282 3.1.1: SAM and DAM of an address that is not multicast. */
static void
read_unicast(
    struct cursor *c, int mode, bool is_stateful, const uint8_t id[LOWPAN_ID_LEN], uint8_t *out)
{
	if (mode == 0) {
		if (!is_stateful)
			cursor_copy(c, out, IP6_ADDRESS_LEN);
		return;
	}
	if (!is_stateful)
		put_u16(out, 0xfe80);
	if (mode == 1)
		cursor_copy(c, out + IP6_PREFIX_LEN, LOWPAN_ID_LEN);
	else if (mode == 2)
		lowpan_short_id(cursor_u16(c), out + IP6_PREFIX_LEN);
	else
		memcpy(out + IP6_PREFIX_LEN, id, LOWPAN_ID_LEN);
}

/* DAM of a multicast address: scope and the last octets, or with a context. */
static void
read_multicast(struct cursor *c, int mode, bool is_stateful, uint8_t *out)
{
	static const uint8_t tails[] = { 0, 5, 3, 1 };
	uint32_t tail = tails[mode];

	if (is_stateful && mode != 0) {
		cursor_fail(c, DECODE_MALFORMED); /* reserved */
		return;
	}
	if (mode == 0 && !is_stateful) {
		cursor_copy(c, out, IP6_ADDRESS_LEN);
		return;
	}
	out[0] = 0xff;
	out[1] = 2;
	if (mode != 3)
		out[1] = cursor_u8(c);
	if (is_stateful) {
		out[2] = cursor_u8(c);
		tail = 4;
	}
	cursor_copy(c, out + IP6_ADDRESS_LEN - tail, tail);
}

static void
read_addresses(struct cursor *c, uint16_t encoding, const struct lowpan_ends *ends, uint8_t *header)
{
	bool is_stateful = (encoding & IPHC_DESTINATION_STATEFUL) != 0;
	int mode = encoding & 3;

	read_unicast(c, encoding >> IPHC_SOURCE_SHIFT & 3, (encoding & IPHC_SOURCE_STATEFUL) != 0,
	    ends->source, header + IP6_SOURCE_AT);
	if ((encoding & IPHC_MULTICAST) != 0)
		read_multicast(c, mode, is_stateful, header + IP6_DESTINATION_AT);
	else if (is_stateful && mode == 0)
		cursor_fail(c, DECODE_MALFORMED); /* reserved */
	else
		read_unicast(c, mode, is_stateful, ends->destination, header + IP6_DESTINATION_AT);
}

/* What protocol a compressed next header is, or -1 when it is not known. */
static int
nhc_protocol(int octet)
{
	static const int extensions[] = { IP_PROTO_HOP_BY_HOP, IP_PROTO_ROUTING, IP_PROTO_FRAGMENT,
		IP_PROTO_DESTINATION, IP_PROTO_MOBILITY, -1, -1, IP_PROTO_IPV6 };

	if ((octet & NHC_UDP_MASK) == NHC_UDP)
		return IP_PROTO_UDP;
	if ((octet & NHC_EXTENSION_MASK) == NHC_EXTENSION)
		return extensions[octet >> 1 & 7];
	return -1;
}

/* Padding that the compressor left out comes back (RFC 6282 4.2). */
static void
pad_options(uint8_t *padding, uint32_t len)
{
	if (len < 2)
		return; /* none, or Pad1, which is zero */
	padding[0] = OPTION_PADN;
	padding[1] = (uint8_t)(len - 2);
}

/*
 * An extension header; its length is in octets here. Returns where the next
 * header's number belongs when that is compressed too, else NULL.
 */
static uint8_t *
rebuild_extension(struct rebuild *r, struct cursor *c, int protocol)
{
	bool is_next_compressed = (cursor_u8(c) & NHC_EXTENSION_NEXT) != 0;
	uint8_t next = is_next_compressed ? 0 : cursor_u8(c);
	uint32_t len = cursor_u8(c), padded;
	uint8_t *header;

	if (protocol == IP_PROTO_FRAGMENT)
		len = 6; /* it has a reserved octet in the place of a length */
	padded = (len + 2 + 7) / 8 * 8;
	header = grow(r, c, padded);
	if (header == NULL)
		return NULL;
	header[0] = next;
	if (protocol != IP_PROTO_FRAGMENT)
		header[1] = (uint8_t)(padded / 8 - 1);
	cursor_copy(c, header + 2, len);
	if (protocol == IP_PROTO_HOP_BY_HOP || protocol == IP_PROTO_DESTINATION)
		pad_options(header + 2 + len, padded - 2 - len);
	return is_next_compressed ? header : NULL;
}

/* RFC 6282 4.3.1: ports of 16, 8 or 4 bits in line. */
static void
read_ports(struct cursor *c, int mode, uint8_t *header)
{
	uint32_t source, destination;
	uint8_t both;

	if (mode == 3) {
		both = cursor_u8(c);
		source = 0xf0b0U | both >> 4;
		destination = 0xf0b0U | (both & 15);
	} else {
		source = mode == 2 ? 0xf000U | cursor_u8(c) : cursor_u16(c);
		destination = mode == 1 ? 0xf000U | cursor_u8(c) : cursor_u16(c);
	}
	put_u16(header, source);
	put_u16(header + 2, destination);
}

static void
rebuild_udp(struct rebuild *r, struct cursor *c)
{
	uint32_t base = r->len;
	uint8_t first = cursor_u8(c);
	uint8_t *header = grow(r, c, UDP_LEN);

	if (header == NULL)
		return;
	read_ports(c, first & NHC_UDP_PORTS_MASK, header);
	if ((first & NHC_UDP_NO_CHECKSUM) == 0)
		put_u16(header + UDP_CHECKSUM_AT, cursor_u16(c));
	rebuild_payload(r, c);
	put_u16(header + UDP_LENGTH_AT, r->total - base);
}

static void rebuild_iphc(struct rebuild *r, struct cursor *c, const struct lowpan_ends *ends);

/* Inside a tunnel, the outer header's addresses are the ends. */
static void
rebuild_nested(struct rebuild *r, struct cursor *c, const uint8_t *outer)
{
	struct lowpan_ends ends = { .source_pan = 0 };

	memcpy(ends.source, outer + IP6_SOURCE_AT + IP6_PREFIX_LEN, LOWPAN_ID_LEN);
	memcpy(ends.destination, outer + IP6_DESTINATION_AT + IP6_PREFIX_LEN, LOWPAN_ID_LEN);
	cursor_skip(c, 1);
	if (++r->nested > NESTED_MAX)
		cursor_fail(c, DECODE_MALFORMED);
	rebuild_iphc(r, c, &ends);
}

/* The compressed headers behind `outer`, and all that follows. */
static void
rebuild_chain(struct rebuild *r, struct cursor *c, uint8_t *outer)
{
	uint8_t *next = outer + IP6_NEXT_AT;
	int protocol;

	while (next != NULL && cursor_want(c, 1)) {
		protocol = nhc_protocol(cursor_peek(c, 0));
		if (protocol < 0) {
			end_at(r, PACKET_OPAQUE);
			return;
		}
		*next = (uint8_t)protocol;
		if (protocol == IP_PROTO_IPV6) {
			rebuild_nested(r, c, outer);
			return;
		}
		if (protocol == IP_PROTO_UDP) {
			rebuild_udp(r, c);
			return;
		}
		next = rebuild_extension(r, c, protocol);
	}
	rebuild_payload(r, c);
}

static void
rebuild_iphc(struct rebuild *r, struct cursor *c, const struct lowpan_ends *ends)
{
	static const uint8_t hop_limits[] = { 0, 1, 64, 255 };
	uint32_t base = r->len, hop_limit;
	uint8_t *header = grow(r, c, IP6_LEN);
	uint16_t encoding = cursor_u16(c);

	if (header == NULL)
		return;
	if ((encoding & IPHC_CONTEXT) != 0)
		cursor_skip(c, 1); /* which contexts, but not what is in them */
	read_traffic(c, encoding, header);
	if ((encoding & IPHC_NEXT_HEADER) == 0)
		header[IP6_NEXT_AT] = cursor_u8(c);
	hop_limit = encoding >> IPHC_HOP_LIMIT_SHIFT & 3;
	header[IP6_HOP_LIMIT_AT] = hop_limits[hop_limit];
	if (hop_limit == 0)
		header[IP6_HOP_LIMIT_AT] = cursor_u8(c);
	read_addresses(c, encoding, ends, header);
	if ((encoding & IPHC_NEXT_HEADER) != 0)
		rebuild_chain(r, c, header);
	else
		rebuild_payload(r, c);
	put_u16(header + IP6_LENGTH_AT, r->total - base - IP6_LEN);
}

/* RFC 4944 6: the identifier of a short address has the PAN in it. */
static void
hc1_id(const uint8_t id[LOWPAN_ID_LEN], uint16_t pan, uint8_t *out)
{
	uint8_t form[LOWPAN_ID_LEN];

	lowpan_short_id((uint16_t)(id[6] << 8 | id[7]), form);
	memcpy(out, id, LOWPAN_ID_LEN);
	if (memcmp(form, id, LOWPAN_ID_LEN) != 0)
		return;
	put_u16(out, pan);
	out[0] &= (uint8_t)~LOWPAN_UNIVERSAL;
}

static void
read_hc1_address(
    struct cursor *c, int mode, const uint8_t id[LOWPAN_ID_LEN], uint16_t pan, uint8_t *out)
{
	if ((mode & HC1_PREFIX_ELIDED) != 0)
		put_u16(out, 0xfe80);
	else
		cursor_copy(c, out, IP6_PREFIX_LEN);
	if ((mode & HC1_ID_ELIDED) != 0)
		hc1_id(id, pan, out + IP6_PREFIX_LEN);
	else
		cursor_copy(c, out + IP6_PREFIX_LEN, LOWPAN_ID_LEN);
}

/* The fields at the end are packed bit by bit, then padded to an octet. */
static void
read_hc1_fields(struct cursor *c, uint8_t encoding, uint8_t *header)
{
	static const uint8_t protocols[] = { 0, IP_PROTO_UDP, IP_PROTO_ICMPV6, IP_PROTO_TCP };
	int next = encoding >> HC1_NEXT_SHIFT & 3;
	uint32_t bits = 0, traffic = 0;

	if ((encoding & HC1_NO_TRAFFIC) == 0) {
		traffic = (uint32_t)cursor_bits(c, 0, 28);
		bits = 28;
	}
	header[IP6_NEXT_AT] = protocols[next];
	if (next == 0) {
		header[IP6_NEXT_AT] = (uint8_t)cursor_bits(c, bits, 8);
		bits += 8;
	}
	cursor_skip(c, (bits + 7) / 8);
	put_u16(header, 0x6000 | traffic >> 16);
	put_u16(header + 2, traffic);
}

static void
rebuild_hc1(struct rebuild *r, struct cursor *c, const struct lowpan_ends *ends)
{
	uint8_t *header = grow(r, c, IP6_LEN);
	uint8_t encoding;

	if (header == NULL)
		return;
	cursor_skip(c, 1);
	encoding = cursor_u8(c);
	if ((encoding & HC1_HC2) != 0) {
		end_at(r, PACKET_OTHER); /* compressed UDP */
		return;
	}
	header[IP6_HOP_LIMIT_AT] = cursor_u8(c);
	read_hc1_address(c, encoding >> HC1_SOURCE_SHIFT & 3, ends->source, ends->source_pan,
	    header + IP6_SOURCE_AT);
	read_hc1_address(c, encoding >> HC1_DESTINATION_SHIFT & 3, ends->destination,
	    ends->destination_pan, header + IP6_DESTINATION_AT);
	read_hc1_fields(c, encoding, header);
	rebuild_payload(r, c);
	put_u16(header + IP6_LENGTH_AT, r->total - IP6_LEN);
}

static bool
rebuild(struct packet *packet, struct cursor *c, uint32_t size, enum packet_verdict *verdict,
    void (*read)(struct rebuild *, struct cursor *, const struct lowpan_ends *))
{
	struct rebuild r = { .out = packet->scratch, .total = size };

	read(&r, c, &packet->lowpan);
	*verdict = r.verdict;
	if (r.is_ended || c->status != DECODE_OK)
		return false;
	*c = cursor_over(packet->scratch, r.len, r.claimed);
	return true;
}

bool
lowpan_rebuild_iphc(
    struct packet *packet, struct cursor *c, uint32_t size, enum packet_verdict *verdict)
{
	return rebuild(packet, c, size, verdict, rebuild_iphc);
}

bool
lowpan_rebuild_hc1(
    struct packet *packet, struct cursor *c, uint32_t size, enum packet_verdict *verdict)
{
	return rebuild(packet, c, size, verdict, rebuild_hc1);
}
