/*
 * Decoding by the rows of the type tables: fields, checksum, tail. What the
 * RFCs say of the result is judged in judge.c.
 */
#include "decoders/icmp.h"

#include <string.h>

#include "decoders/icmp_types.h"
#include "decoders/lowpan.h"
#include "decoders/judge.h"

#define ERROR_BODY 8      /* where an error's quote starts */

static const struct icmp_type unassigned = {
	.code = ICMP_ANY_CODE,
	.min_len = ICMP_HEADER_LEN,
	.name = "unassigned",
	.title = "Unassigned",
	.rfc = "IANA",
	.role = ICMP_INFORMATION,
	.tail = ICMP_TAIL_DATA,
	.flags = ICMP_NO_LAYOUT | ICMP_CODE_IS_DATA | ICMP_UNASSIGNED,
};

/* RFC 4443 2.1: unknown types below 128 are errors and quote a packet too. */
static const struct icmp_type unassigned_error = {
	.code = ICMP_ANY_CODE,
	.min_len = ERROR_BODY,
	.name = "unassigned",
	.title = "Unassigned (error)",
	.rfc = "4443",
	.role = ICMP_ERROR,
	.tail = ICMP_TAIL_DATA,
	.flags = ICMP_NO_LAYOUT | ICMP_CODE_IS_DATA | ICMP_UNASSIGNED,
};

const struct icmp_type *
icmp_types(uint8_t version)
{
	return version == 4 ? icmp4_types : icmp6_types;
}

/*
 * The first row of a type, or of the next greater one. The assigned types are
 * so dense that their numbers tell about where to look.
 */
static const struct icmp_type *
first_row(uint8_t version, uint8_t type)
{
	const struct icmp_type *rows = icmp_types(version);
	uint32_t count = version == 4 ? icmp4_type_count : icmp6_type_count;
	uint32_t at = type < ICMP6_ECHO_REQUEST ? type : type - ICMP6_ECHO_REQUEST + 8u;

	if (at > count)
		at = count;
	while (at > 0 && rows[at - 1].type >= type)
		at--;
	while (at < count && rows[at].type < type)
		at++;
	return &rows[at];
}

const struct icmp_type *
icmp_lookup(uint8_t version, uint8_t type, uint8_t code, uint32_t length)
{
	const struct icmp_type *row = first_row(version, type), *best = NULL;

	for (; row->name != NULL && row->type == type; row++) {
		if ((row->code != ICMP_ANY_CODE && row->code != code) || row->fits != NULL)
			continue;
		if (best == NULL || row->min_len <= length || row->code != best->code)
			best = row;
	}
	if (best != NULL)
		return best;
	return version == 6 && type < 128 ? &unassigned_error : &unassigned;
}

/* The row of the same type that knows the message by its octets, or `general`. */
static const struct icmp_type *
lookup_fitting(const struct icmp_type *general, struct cursor message)
{
	const struct icmp_type *row;

	if (general == &unassigned || general == &unassigned_error)
		return general;
	for (row = general; row->name != NULL && row->type == general->type; row++)
		if (row->fits != NULL && row->fits(message))
			return row;
	return general;
}

static const union value *
find_value(const struct field *fields, const union value *values, uint8_t count, const char *name)
{
	uint8_t i;

	for (i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0 && field_is_present(fields, values, i))
			return &values[i];
	return NULL;
}

const union value *
icmp_value(const struct icmp_msg *msg, const char *name)
{
	const struct icmp_type *type = msg->type;
	const union value *value = find_value(type->fields, msg->values, msg->value_count, name);

	if (value != NULL)
		return value;
	return find_value(type->secured, msg->secured_values, msg->secured_count, name);
}

bool
icmp_list(const struct icmp_msg *msg, unsigned n, struct cursor rest, struct list *out)
{
	const struct icmp_type *type = msg->type;
	uint32_t count = UINT32_MAX, record_len = 0;

	if ((type->tail != ICMP_TAIL_LISTS && msg->secured_count == 0) || n >= ICMP_LISTS_MAX ||
	    type->lists[n] == NULL)
		return false;
	if (n == 1 && type->more_of > 0 &&
	    (msg->value_count < type->more_of || msg->values[type->more_of - 1].number == 0))
		return false;
	if (n == 0 && type->count_of > 0) {
		if (msg->value_count < type->count_of)
			return false;
		count = (uint32_t)msg->values[type->count_of - 1].number;
	}
	if (n == 0 && type->size_of > 0) {
		if (msg->value_count < type->size_of)
			return false;
		record_len = (uint32_t)msg->values[type->size_of - 1].number * 4;
	}
	*out = list_open(type->lists[n], rest, count, record_len);
	return true;
}

/*
 * Verifies the checksum when every octet it covers is here. ICMPv6 adds the
 * pseudo-header (RFC 4443 2.3), with the final destination of a routing
 * header (RFC 8200 8.1).
 */
static void
verify_checksum(const struct packet *packet, uint16_t found, struct icmp_msg *out)
{
	uint64_t initial = 0;

	if (packet->is_partial || !cursor_whole(&out->bytes))
		return;
	if (out->version == 6) {
		if (packet->ip.version != 6)
			return;
		initial = checksum_pseudo6(&packet->ip.source,
		    &packet->ip.final_destination, out->length, IP_PROTO_ICMPV6);
	}
	if (checksum_is_right(&out->bytes, initial)) {
		out->checksum = CHECKSUM_GOOD;
		return;
	}
	if (out->version == 6 && lowpan_lacks_prefix(packet))
		return;
	out->checksum = CHECKSUM_BAD;
	out->checksum_expected = checksum_expected(&out->bytes, found, initial);
	anomalies_add(&out->anomalies, ANOMALY_BAD_CHECKSUM);
}

static void
decode_quote(struct icmp_msg *out)
{
	const union value *attribute = icmp_value(out, "length");
	struct cursor body = out->tail, quoted = body;
	uint32_t length = 0;

	if (out->type->length_unit > 0) {
		if (attribute != NULL)
			length = (uint32_t)attribute->number;
		extension_find(body, length, out->type->length_unit, &out->extension);
	}
	if (out->extension.present)
		quoted = cursor_cut(&body, out->extension.quote_len);
	quote_decode(quoted, out->extension.present, &out->quote);
}

/*
 * Errors quote, whatever their type (RFC 4443 2.4 (c)); those of unknown layout
 * where all known ones do, if they do: it was sent by who gets the error.
 */
static void
seek_quote(const struct packet *packet, struct icmp_msg *out)
{
	struct cursor body = out->bytes;

	cursor_skip(&body, ERROR_BODY);
	quote_decode(body, false, &out->quote);
	if (!out->quote.present ||
	    !addr_equal(&out->quote.ip.source, &packet->ip.final_destination))
		out->quote = (struct quote){ 0 };
}

/* The datagram that an option quotes, behind what precedes it there. */
static void
decode_quote_option(struct icmp_msg *out)
{
	struct record record;
	struct list list;

	if (!icmp_list(out, 0, out->tail, &list))
		return;
	while (list_next(&list, &record)) {
		if (record.type != out->type->quote_option)
			continue;
		cursor_skip(&record.bytes, record.row->min_len);
		quote_decode(record.bytes, true, &out->quote);
		return;
	}
}

/* Reads every list once for what is wrong in it; events read it again. */
static void
check_lists(struct icmp_msg *out)
{
	struct cursor rest = out->tail;
	struct list list;
	unsigned n;

	for (n = 0; icmp_list(out, n, rest, &list); n++) {
		list_check(&list, &out->anomalies);
		rest = list.rest;
	}
	if (n > 0 && rest.status == DECODE_OK && rest.claimed > 0)
		anomalies_add(&out->anomalies, ANOMALY_TRAILING_BYTES);
}

/*
 * Where the seal of a secured message is and what it protects; false when that
 * is encrypted, or not all there to find the end.
 */
static bool
open_seal(struct icmp_msg *out)
{
	const union value *mode = icmp_value(out, "key_identifier_mode");
	const union value *level = icmp_value(out, "security_level");
	uint32_t section_end = out->length - out->tail.claimed;

	if (mode == NULL || level == NULL)
		return false;
	out->seal = rpl_seal_of(mode->number, level->number);
	if (out->seal == NULL || out->seal->is_encrypted ||
	    anomalies_has(&out->anomalies, ANOMALY_INCOMPLETE_DATAGRAM))
		return false;
	out->seal_bytes = out->tail;
	cursor_trim(&out->tail, out->seal->len);
	cursor_skip(&out->seal_bytes, out->tail.claimed);
	out->secured_bytes = out->bytes;
	cursor_skip(&out->secured_bytes, section_end - ICMP_HEADER_LEN);
	cursor_limit(&out->secured_bytes, ICMP_HEADER_LEN + out->tail.claimed);
	return true;
}

/* What a security section protects but does not hide (RFC 6550 6.1). */
static void
decode_secured(struct icmp_msg *out)
{
	const struct icmp_type *type = out->type;
	uint32_t extent;

	if (!open_seal(out))
		return;
	out->status = out->tail.status;
	if (out->status == DECODE_OK)
		out->secured_count = field_read_all(type->secured, out->secured_bytes,
		    out->secured_values, &out->anomalies, &out->status);
	extent = field_extent(type->secured, out->secured_values, out->secured_count);
	if (extent < type->secured_len)
		extent = type->secured_len;
	cursor_skip(&out->tail, extent - ICMP_HEADER_LEN);
	if (out->status == DECODE_OK)
		out->status = out->tail.status;
	if (out->status == DECODE_MALFORMED)
		anomalies_add(&out->anomalies, ANOMALY_TRUNCATED_MESSAGE);
	if (out->status == DECODE_OK)
		check_lists(out);
}

static void
decode_tail(const struct packet *packet, struct icmp_msg *out)
{
	switch (out->type->tail) {
	case ICMP_TAIL_NONE:
		if (out->tail.claimed > 0)
			anomalies_add(&out->anomalies, ANOMALY_TRAILING_BYTES);
		break;
	case ICMP_TAIL_DATA:
		if (out->type->role == ICMP_ERROR)
			seek_quote(packet, out);
		break;
	case ICMP_TAIL_QUOTE:
		decode_quote(out);
		break;
	case ICMP_TAIL_LISTS:
		check_lists(out);
		if (out->type->quote_option != 0)
			decode_quote_option(out);
		break;
	case ICMP_TAIL_SECURED:
		decode_secured(out);
		break;
	case ICMP_TAIL_EXTENSION:
		extension_read(out->tail, &out->extension);
		break;
	}
	if (out->extension.present) {
		struct list objects = extension_open(&out->extension);

		list_check(&objects, &out->anomalies);
	}
}

/* Fields may take octets behind the fixed ones; the tail is what they leave. */
static void
decode_fields(struct icmp_msg *out)
{
	uint32_t extent = 0;

	if (field_read_plain(out->type->fields, out->bytes, out->values, &out->value_count)) {
		out->status = DECODE_OK;
		return;
	}
	out->value_count = field_read_all(out->type->fields, out->bytes, out->values,
	    &out->anomalies, &out->status);
	if (field_is_open(out->type->fields, out->value_count))
		extent = field_extent(out->type->fields, out->values, out->value_count);
	if (extent > out->type->min_len) {
		list_check_fields(
		    out->type->fields, out->values, out->value_count, &out->anomalies);
		cursor_skip(&out->tail, extent - out->type->min_len);
	}
	/* Behind a field that is not all there, nothing can be told apart. */
	if (out->status != DECODE_OK)
		cursor_fail(&out->tail, out->status);
}

enum decode_status
icmp_decode(const struct packet *packet, struct icmp_msg *out)
{
	struct cursor c = packet->payload;
	uint16_t checksum;

	out->bytes = c;
	out->length = c.claimed;
	out->version = packet->ip.protocol == IP_PROTO_ICMPV6 ? 6 : 4;
	out->value_count = 0;
	out->secured_count = 0;
	out->seal = NULL;
	out->quote.present = false;
	out->quote.is_expected = false;
	out->extension.present = false;
	out->anomalies = packet->anomalies;
	out->type_number = cursor_u8(&c);
	out->code = cursor_u8(&c);
	checksum = cursor_u16(&c);
	out->checksum = CHECKSUM_UNVERIFIED;
	out->type = lookup_fitting(
	    icmp_lookup(out->version, out->type_number, out->code, out->length), out->bytes);
	out->tail = out->bytes;
	cursor_skip(&out->tail, out->type->min_len);
	out->status = c.status != DECODE_OK ? c.status : out->tail.status;
	if (packet->is_partial)
		anomalies_add(&out->anomalies, ANOMALY_INCOMPLETE_DATAGRAM);
	else if (!cursor_whole(&out->bytes) && !packet->ip.length_bad)
		anomalies_add(&out->anomalies, ANOMALY_TRUNCATED_CAPTURE);
	if (out->length < out->type->min_len && !packet->is_partial)
		anomalies_add(&out->anomalies, ANOMALY_TRUNCATED_MESSAGE);
	if (c.status != DECODE_OK)
		return out->status;
	verify_checksum(packet, checksum, out);
	if (out->type->fields != NULL)
		decode_fields(out);
	if (out->status == DECODE_MALFORMED && !packet->is_partial &&
	    !anomalies_has(&out->anomalies, ANOMALY_BAD_COUNT))
		anomalies_add(&out->anomalies, ANOMALY_TRUNCATED_MESSAGE);
	if (out->tail.status == DECODE_OK)
		decode_tail(packet, out);
	judge_message(packet, out);
	return out->status;
}
