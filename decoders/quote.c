/*
 * The quoted datagram: its IP header and chain, read leniently because the
 * lengths speak of the original, then the start of its transport header.
 * What an error inside the quote quotes in its turn is not read.
 */
#include "decoders/quote.h"

#include "decoders/checksum.h"

#define TTL_ONE 0x100   /* one hop, in the word of the TTL */
#define IP6_LEN 40
#define UDP_LEN 8
#define TCP_LEN 20

static enum decode_status
read_ip(struct cursor *c, struct ip_header *out)
{
	if (!cursor_want(c, 1))
		return c->status;
	switch (cursor_peek(c, 0) >> 4) {
	case 4:
		return ip4_decode(c, true, out);
	case 6:
		return ip6_decode(c, true, out);
	default:
		cursor_fail(c, DECODE_MALFORMED);
		return c->status;
	}
}

/* The rest of the chain behind a first fragment's header (RFC 8200 4.5). */
static enum decode_status
read_first_fragment(struct cursor *c, struct ip_header *ip)
{
	if (ip->version == 6 && ip->is_fragment && ip->fragment_offset == 0)
		return ip6_decode_chain(c, ip);
	return c->status;
}

/*
 * RFC 768: the header is within the length, and the length within the datagram.
 * Of a jumbogram (RFC 2675 4) and of a fragment it does not tell.
 */
static bool
is_udp_length_bad(struct cursor c, const struct ip_header *ip)
{
	uint32_t length;

	cursor_skip(&c, 4);
	length = cursor_u16(&c);
	if (ip->protocol != IP_PROTO_UDP || c.status != DECODE_OK || ip->is_fragment ||
	    ip->length < ip->header_length + UDP_LEN)
		return false;
	return length < UDP_LEN ? length != 0 || ip->version == 4 :
	    length > ip->length - ip->header_length;
}

/*
 * RFC 9293 3.1: a datagram of TCP has a whole header. In a hurry, who makes up
 * errors counts the eight octets that he quotes.
 */
static bool
is_tcp_length_bad(const struct ip_header *ip)
{
	return ip->protocol == IP_PROTO_TCP && !ip->is_fragment && ip->length != 0 &&
	       ip->length < ip->header_length + TCP_LEN;
}

/*
 * The transport header, and what tells the association of an Authentication
 * Header before it; that header may be all that was quoted.
 */
static enum decode_status
read_transport(struct cursor *c, struct quote *out)
{
	struct transport ah = { 0 };
	enum decode_status status;

	if (out->ip.protocol == IP_PROTO_AH) {
		transport_decode(*c, IP_PROTO_AH, &ah);
		ip_ah_decode(c, &out->ip);
	}
	status = transport_decode(*c, out->ip.protocol, &out->transport);
	out->length_bad = is_udp_length_bad(*c, &out->ip) || is_tcp_length_bad(&out->ip);
	if (ah.has_spi && !out->transport.has_spi) {
		out->transport.has_spi = true;
		out->transport.spi = ah.spi;
		out->transport.has_ipsec_sequence = ah.has_ipsec_sequence;
		out->transport.ipsec_sequence = ah.ipsec_sequence;
	}
	return status;
}

/* What a header that was cut still tells; its addresses come last. */
static void
read_cut_ip4(struct cursor c, struct quote *out)
{
	out->ip.tos = (uint8_t)(cursor_u16(&c) & 0xff);
	out->ip.length = cursor_u16(&c);
	out->has_length = c.status == DECODE_OK;
	out->ip.id = cursor_u16(&c);
	out->ip.has_id = c.status == DECODE_OK;
	cursor_skip(&c, 2);
	out->ip.ttl = cursor_u8(&c);
	out->has_ttl = c.status == DECODE_OK;
	out->ip.protocol = cursor_u8(&c);
	out->has_protocol = c.status == DECODE_OK;
}

static void
read_cut_ip6(struct cursor c, struct quote *out)
{
	out->ip.tos = (uint8_t)(cursor_u32(&c) >> 20);
	out->ip.length = cursor_u16(&c);
	out->has_length = c.status == DECODE_OK;
	if (out->has_length)
		out->ip.length += IP6_LEN;
	out->ip.protocol = cursor_u8(&c);
	out->has_protocol = c.status == DECODE_OK;
	out->ip.ttl = cursor_u8(&c);
	out->has_ttl = c.status == DECODE_OK;
}

/* Whether the checksum fits the header quoted at `c` with `added` to its sum. */
static bool
is_sum_right(struct cursor c, const struct ip_header *ip, uint64_t added)
{
	cursor_limit(&c, ip->header_length);
	return checksum_is_right(&c, added);
}

/*
 * A router may quote the header with the TTL that it counted down and with the
 * checksum from before. That is no damage.
 */
static bool
is_checksum_stale(struct cursor header, const struct ip_header *ip)
{
	return is_sum_right(header, ip, TTL_ONE);
}

/* The sum of an IPv4 address in the header, or what takes it out of the sum. */
static uint64_t
sum_of(const struct addr *address, uint8_t flip)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < 4; i += 2)
		sum += (uint64_t)(address->bytes[i] ^ flip) << 8 | (address->bytes[i + 1] ^ flip);
	return sum;
}

bool
quote_sums_with(struct cursor c, const struct quote *quote, const struct addr *source)
{
	uint64_t exchanged = sum_of(source, 0) + sum_of(&quote->ip.source, 0xff);

	if (quote->ip.version != 4 || source->version != 4 || !quote->ip.checksum_bad)
		return false;
	return is_sum_right(c, &quote->ip, exchanged) ||
	       is_sum_right(c, &quote->ip, exchanged + TTL_ONE);
}

/* What was quoted without padding, when the datagram's length tells. */
static void
measure(bool is_padded, struct quote *out)
{
	const struct ip_header *ip = &out->ip;

	if (is_padded && ip->length >= ip->header_length && ip->length < out->bytes)
		out->bytes = ip->length;
}

void
quote_decode(struct cursor c, bool is_padded, struct quote *out)
{
	struct cursor header = c;
	int first_octet = cursor_peek(&c, 0);

	*out = (struct quote){ .is_expected = true, .bytes = c.claimed };
	if (first_octet >= 0)
		out->first_octet = (uint8_t)first_octet;
	out->status = read_ip(&c, &out->ip);
	out->present = out->ip.version != 0;
	if (!out->present) {
		if (first_octet >> 4 == 4)
			read_cut_ip4(header, out);
		else if (first_octet >> 4 == 6)
			read_cut_ip6(header, out);
		return;
	}
	out->has_length = out->has_ttl = out->has_protocol = true;
	measure(is_padded, out);
	if (out->ip.checksum_bad && is_checksum_stale(header, &out->ip))
		out->ip.checksum_bad = false;
	if (out->status == DECODE_OK)
		out->status = read_first_fragment(&c, &out->ip);
	out->is_chain_cut = out->status != DECODE_OK;
	/* Octets of a later fragment are no header (RFC 791 3.2). */
	if (out->status == DECODE_OK && out->ip.fragment_offset == 0)
		out->status = read_transport(&c, out);
	else
		out->transport.protocol = out->ip.protocol;
}
