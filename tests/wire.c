/*
 * The opposite of decoders/: fields to octets, by the same rows. It makes what
 * is asked for, sense or nonsense; only the buffer's end is checked.
 */
#include "tests/wire.h"

#include <arpa/inet.h>
#include <string.h>

#define PIECE_MAX 128 /* the longest address or DNS name in a value's text */

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

/* Takes the next word of `text` into `out`; false when there is none. */
static bool
next_word(const char **text, char *out)
{
	size_t len;

	*text += strspn(*text, " ");
	len = strcspn(*text, " ");
	if (len == 0 || len >= PIECE_MAX)
		return false;
	memcpy(out, *text, len);
	out[len] = '\0';
	*text += len;
	return true;
}

static bool
parse_address(const char *text, uint8_t version, uint8_t *out)
{
	return inet_pton(version == 4 ? AF_INET : AF_INET6, text, out) == 1;
}

/* Labels parted by dots (RFC 1035 3.1). */
static void
append_dns_name(struct wire *w, const char *name)
{
	size_t len;

	for (; *name != '\0'; name += len + (name[len] == '.')) {
		len = strcspn(name, ".");
		if (len == 0 || len > 63) {
			w->failed = true;
			return;
		}
		wire_uint(w, len, 1);
		wire_bytes(w, name, (uint32_t)len);
	}
	wire_uint(w, 0, 1);
}

/* Appends the addresses or DNS names in `text`. */
static void
append_words(struct wire *w, enum field_kind kind, const char *text)
{
	uint8_t version = kind == FIELD_IP4_LIST ? 4 : 6, address[16];
	char word[PIECE_MAX];

	while (next_word(&text, word)) {
		if (kind == FIELD_DNS_NAMES)
			append_dns_name(w, word);
		else if (parse_address(word, version, address))
			wire_bytes(w, address, version == 4 ? 4 : 16);
		else
			w->failed = true;
	}
}

static const struct wire_value *
find_value(const struct wire_value *values, const char *name)
{
	for (; values != NULL && values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			return values;
	return NULL;
}

static bool
is_field(const struct field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return true;
	return false;
}

/* Writes a field of a fixed width into what starts at `start`. */
static void
write_fixed(
    struct wire *w, uint32_t start, const struct field *field, const struct wire_value *given)
{
	union value value = { .number = given->number };

	switch (field->kind) {
	case FIELD_INT:
		value.integer = (int64_t)given->number;
		break;
	case FIELD_IP4:
	case FIELD_IP6:
	case FIELD_IP6_PREFIX:
		memset(&value.address, 0, sizeof(value.address));
		if (given->text == NULL ||
		    !parse_address(
			given->text, field->kind == FIELD_IP4 ? 4 : 6, value.address.bytes))
			w->failed = true;
		break;
	case FIELD_BYTES:
		value.bytes = cursor_over(given->bytes, given->len, given->len);
		break;
	default:
		break;
	}
	if (!w->failed && !field_write(field, &value, w->bytes + start, w->len - start))
		w->failed = true;
}

/* Appends a field without a width; returns how many items it got. */
static uint32_t
append_rest(struct wire *w, const struct field *field, const struct wire_value *given)
{
	uint32_t before = w->len;

	if (given->text == NULL)
		wire_bytes(w, given->bytes, given->len);
	else if (field->kind == FIELD_BYTES || field->kind == FIELD_TEXT)
		wire_bytes(w, given->text, (uint32_t)strlen(given->text));
	else
		append_words(w, field->kind, given->text);
	if (field->kind == FIELD_IP4_LIST)
		return (w->len - before) / 4;
	return field->kind == FIELD_IP6_LIST ? (w->len - before) / 16 : w->len - before;
}

/* Encodes `fields` into the message or record that starts at `start`. */
static void
write_fields(
    struct wire *w, uint32_t start, const struct field *fields, const struct wire_value *values)
{
	const struct wire_value *value;
	const struct field *field, *counter;

	for (value = values; value != NULL && value->name != NULL; value++)
		if (!is_field(fields, value->name))
			w->failed = true;
	for (field = fields; field != NULL && field->name != NULL && !w->failed; field++) {
		value = find_value(values, field->name);
		if (value == NULL)
			continue;
		if (!field_takes_rest(field)) {
			write_fixed(w, start, field, value);
			continue;
		}
		struct wire_value count = { .number = append_rest(w, field, value) };

		if (field->count_of == 0)
			continue;
		counter = &fields[field->count_of - 1];
		if (find_value(values, counter->name) == NULL)
			write_fixed(w, start, counter, &count);
	}
}

/* The octets in front of the first field without a width, `most` at the most. */
static uint32_t
fixed_len(const struct field *fields, uint32_t most)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (field_takes_rest(fields) && fields->bit != FIELD_AFTER &&
		    fields->bit / 8u < most)
			most = fields->bit / 8u;
	return most;
}

void
wire_message(
    struct wire *w, const struct icmp_type *row, uint8_t code, const struct wire_value *values)
{
	uint32_t start = w->len;

	wire_uint(w, row->type, 1);
	wire_uint(w, code, 1);
	wire_zero(w, fixed_len(row->fields, row->min_len) - 2);
	write_fields(w, start, row->fields, values);
}

void
wire_icmp(
    struct wire *w, uint8_t version, uint8_t type, uint8_t code, const struct wire_value *values)
{
	struct icmp_type row = *icmp_lookup(version, type, code, UINT32_MAX);

	row.type = type; /* what is unassigned shares one row */
	wire_message(w, &row, code, values);
}

/* Writes the header of the record at `start`, whose length is now known. */
static void
finish_record(struct wire *w, const struct list_type *list, uint32_t type, uint32_t start)
{
	if (list == &nd_options) {
		wire_zero(w, (8 - (w->len - start) % 8) % 8);
		wire_put(w, start, type, 1);
		wire_put(w, start + 1, (w->len - start) / 8, 1);
	} else if (list == &mobile_extensions) {
		wire_put(w, start, type, 1);
		if (w->len - start >= 2)
			wire_put(w, start + 1, w->len - start - 2, 1);
	} else if (list == &extension_objects) {
		wire_put(w, start, w->len - start, 2);
		wire_put(w, start + 2, type, 2);
	} else if (list == &mld_records) {
		wire_put(w, start, type, 1);
	}
}

void
wire_record(
    struct wire *w, const struct list_type *list, uint32_t type, const struct wire_value *values)
{
	const struct record_type *row = list_row(list, type);
	uint32_t start = w->len;

	if (row == NULL) {
		w->failed = true;
		return;
	}
	wire_zero(w, fixed_len(row->fields, row->min_len));
	write_fields(w, start, row->fields, values);
	if (!w->failed && w->len - start < row->min_len)
		wire_zero(w, row->min_len - (w->len - start));
	finish_record(w, list, type, start);
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

	if (header_len > 60 || !parse_address(ip->source, 4, addresses) ||
	    !parse_address(ip->destination, 4, addresses + 4)) {
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

	if (!parse_address(ip->source, 6, addresses) ||
	    !parse_address(ip->destination, 6, addresses + 16)) {
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
	wire_put(w, 0, (uint32_t)6 << 28 | (uint32_t)ip->tos << 20, 4);
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
