/*
 * Octets, headers and checksums; wire_fields.c has what comes from the rows.
 * It makes what is asked for, sense or nonsense; only the buffer's end is
 * checked.
 */
#include "tests/wire.h"

#include <arpa/inet.h>
#include <string.h>

struct wire
wire_over(uint8_t *buffer, uint32_t size)
{
	return (struct wire){ buffer, size, 0, false };
}

/* Makes room for `len` octets at `at`; NULL when there is none. */
static uint8_t *
make_room(struct wire *w, uint32_t at, uint32_t len)
{
	if (w->failed || at > w->len || len > w->size - w->len) {
		w->failed = true;
		return NULL;
	}
	memmove(w->bytes + at + len, w->bytes + at, w->len - at);
	w->len += len;
	return w->bytes + at;
}

static void
insert(struct wire *w, uint32_t at, const void *bytes, uint32_t len)
{
	uint8_t *room = make_room(w, at, len);

	if (room != NULL && len > 0)
		memcpy(room, bytes, len);
}

void
wire_bytes(struct wire *w, const void *bytes, uint32_t len)
{
	insert(w, w->len, bytes, len);
}

void
wire_prepend(struct wire *w, const void *bytes, uint32_t len)
{
	insert(w, 0, bytes, len);
}

void
wire_zero(struct wire *w, uint32_t len)
{
	uint8_t *room = make_room(w, w->len, len);

	if (room != NULL)
		memset(room, 0, len);
}

void
wire_uint(struct wire *w, uint64_t number, uint32_t octets)
{
	wire_zero(w, octets);
	if (!w->failed)
		wire_put(w, w->len - octets, number, octets);
}

void
wire_put(struct wire *w, uint32_t at, uint64_t number, uint32_t octets)
{
	uint32_t i;

	if (w->failed || octets > 8 || at > w->len || octets > w->len - at) {
		w->failed = true;
		return;
	}
	for (i = 0; i < octets; i++)
		w->bytes[at + i] = (uint8_t)(number >> 8 * (octets - 1 - i));
}

bool
wire_address(const char *text, uint8_t version, uint8_t *out)
{
	return inet_pton(version == 4 ? AF_INET : AF_INET6, text, out) == 1;
}

void
wire_quote(struct wire *w, const struct wire *datagram, uint32_t len)
{
	if (datagram->failed)
		w->failed = true;
	wire_bytes(w, datagram->bytes, len < datagram->len ? len : datagram->len);
}

void
wire_pad(struct wire *w, uint32_t len)
{
	if (w->len < len)
		wire_zero(w, len - w->len);
}

/* The Internet checksum (RFC 1071), octet by octet, unlike the decoder's. */
static uint32_t
sum(const uint8_t *bytes, uint32_t len)
{
	uint32_t total = 0, i;

	for (i = 0; i < len; i++)
		total += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
	return total;
}

static uint16_t
fold(uint32_t total)
{
	while (total > 0xffff)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)(total ^ 0xffff);
}

void
wire_extension(struct wire *w, const struct wire *objects)
{
	uint32_t start = w->len;

	wire_uint(w, 0x2000, 2);
	wire_uint(w, 0, 2);
	wire_quote(w, objects, objects->len);
	if (!w->failed)
		wire_put(w, start + 2, fold(sum(w->bytes + start, w->len - start)), 2);
}

void
wire_udp(struct wire *w, uint16_t source, uint16_t destination)
{
	uint8_t header[8] = { 0 };

	wire_prepend(w, header, sizeof(header));
	wire_put(w, 0, source, 2);
	wire_put(w, 2, destination, 2);
	wire_put(w, 4, w->len, 2);
}

void
wire_tcp(struct wire *w, uint16_t source, uint16_t destination, uint32_t sequence)
{
	uint8_t header[20] = { [12] = 5 << 4, [13] = 2 /* SYN */, [14] = 0xff, [15] = 0xff };

	wire_prepend(w, header, sizeof(header));
	wire_put(w, 0, source, 2);
	wire_put(w, 2, destination, 2);
	wire_put(w, 4, sequence, 4);
}

/* Where a protocol keeps its checksum, or 0 when we do not write it. */
static uint32_t
checksum_offset(uint8_t protocol)
{
	switch (protocol) {
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		return 2;
	case IP_PROTO_UDP:
		return 6;
	case IP_PROTO_TCP:
		return 16;
	default:
		return 0;
	}
}

/* Fills in the payload's checksum; `addresses` are both, one after the other. */
static void
write_checksum(struct wire *w, uint8_t protocol, const uint8_t *addresses, uint32_t len)
{
	uint32_t at = checksum_offset(protocol), total;

	if (w->failed || at == 0 || w->len < at + 2)
		return;
	wire_put(w, at, 0, 2);
	total = sum(w->bytes, w->len);
	if (protocol != IP_PROTO_ICMP)
		total += sum(addresses, len) + protocol + (w->len & 0xffff) + (w->len >> 16);
	wire_put(w, at, fold(total), 2);
}

static bool
is_fragment(const struct wire_ip *ip)
{
	return ip->fragment_offset > 0 || ip->more_fragments;
}

void
wire_ip4(struct wire *w, const struct wire_ip *ip)
{
	uint8_t addresses[8], protocol = ip->protocol != 0 ? ip->protocol : IP_PROTO_ICMP;
	uint8_t header[20] = { 0 };
	uint32_t header_len = sizeof(header) + ip->options_len;

	if (header_len > 60 || !wire_address(ip->source, 4, addresses) ||
	    !wire_address(ip->destination, 4, addresses + 4)) {
		w->failed = true;
		return;
	}
	if (!is_fragment(ip) && !ip->keep_checksum)
		write_checksum(w, protocol, addresses, sizeof(addresses));
	if (ip->options_len > 0)
		wire_prepend(w, ip->options, ip->options_len);
	wire_prepend(w, header, sizeof(header));
	wire_put(w, 0, 0x40 | header_len / 4, 1);
	wire_put(w, 1, ip->tos, 1);
	wire_put(w, 2, w->len, 2);
	wire_put(w, 4, ip->id, 2);
	wire_put(w, 6,
	    (ip->dont_fragment ? 0x4000u : 0) | (ip->more_fragments ? 0x2000u : 0) |
		ip->fragment_offset / 8u,
	    2);
	wire_put(w, 8, ip->ttl != 0 ? ip->ttl : 64, 1);
	wire_put(w, 9, protocol, 1);
	if (w->failed)
		return;
	memcpy(w->bytes + 12, addresses, sizeof(addresses));
	wire_put(w, 10, fold(sum(w->bytes, header_len)), 2);
}

/* The fragment header (RFC 8200 4.5) in front of what is there. */
static void
prepend_fragment_header(struct wire *w, const struct wire_ip *ip, uint8_t next)
{
	uint8_t header[8] = { 0 };

	wire_prepend(w, header, sizeof(header));
	wire_put(w, 0, next, 1);
	wire_put(w, 2, ip->fragment_offset | (ip->more_fragments ? 1u : 0), 2);
	wire_put(w, 4, ip->id, 4);
}

void
wire_ip6(struct wire *w, const struct wire_ip *ip)
{
	uint8_t last = ip->last_header, first = ip->protocol;
	uint8_t addresses[32], header[40] = { 0 };
	uint32_t payload_len;

	if (!wire_address(ip->source, 6, addresses) ||
	    !wire_address(ip->destination, 6, addresses + 16)) {
		w->failed = true;
		return;
	}
	if (ip->options_len == 0 && last == 0)
		last = first;
	if (last == 0)
		last = IP_PROTO_ICMPV6;
	if (is_fragment(ip)) {
		prepend_fragment_header(w, ip, last);
		last = IP_PROTO_FRAGMENT;
	} else if (!ip->keep_checksum) {
		write_checksum(w, last, addresses, sizeof(addresses));
	}
	if (ip->options_len > 0)
		wire_prepend(w, ip->options, ip->options_len);
	else
		first = last;
	payload_len = w->len;
	wire_prepend(w, header, sizeof(header));
	wire_put(w, 0, (uint32_t)6 << 28 | (uint32_t)ip->tos << 20 | ip->flow_label, 4);
	wire_put(w, 4, payload_len, 2);
	wire_put(w, 6, first, 1);
	wire_put(w, 7, ip->ttl != 0 ? ip->ttl : 64, 1);
	if (!w->failed)
		memcpy(w->bytes + 8, addresses, sizeof(addresses));
}

void
wire_ethernet(struct wire *w, uint16_t ether_type)
{
	const uint8_t header[14] = { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02, 0x00, 0x00, 0x5e, 0x00,
		0x53, 0x01, 0, 0 };

	wire_prepend(w, header, sizeof(header));
	wire_put(w, 12, ether_type, 2);
}
