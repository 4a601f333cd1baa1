/*
 * The quoted datagram: its IP header and chain, read leniently because the
 * lengths speak of the original, then the start of its transport header.
 * What an error inside the quote quotes in its turn is not read.
 */
#include "decoders/quote.h"

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
 * The transport header, and the SPI of an Authentication Header before it;
 * that header may be all that was quoted.
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
	if (ah.has_spi && !out->transport.has_spi) {
		out->transport.has_spi = true;
		out->transport.spi = ah.spi;
	}
	return status;
}

void
quote_decode(struct cursor c, struct quote *out)
{
	*out = (struct quote){ 0 };
	out->bytes = c.claimed;
	out->status = read_ip(&c, &out->ip);
	out->present = out->ip.version != 0;
	if (out->status == DECODE_OK)
		out->status = read_first_fragment(&c, &out->ip);
	/* Octets of a later fragment are no header (RFC 791 3.2). */
	if (out->status == DECODE_OK && out->ip.fragment_offset == 0)
		out->status = read_transport(&c, out);
	else
		out->transport.protocol = out->ip.protocol;
}
