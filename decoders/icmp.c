/*
 * Decoding by the rows of the type tables: fields, checksum, tail, and the
 * rules of the RFCs that can be told from the message and its IP header.
 */
#include "decoders/icmp.h"

#include <string.h>

#include "decoders/icmp_types.h"

#define ERROR_BODY 8      /* where an error's quote starts */
#define IP4_MTU_MIN 68    /* RFC 791 3.2 */
#define IP6_MTU_MIN 1280  /* RFC 8200 5 */

static const struct icmp_type unassigned = {
	.code = ICMP_ANY_CODE,
	.min_len = ICMP_HEADER_LEN,
	.name = "unassigned",
	.title = "Unassigned",
	.rfc = "IANA",
	.role = ICMP_INFORMATION,
	.tail = ICMP_TAIL_DATA,
	.flags = ICMP_NO_LAYOUT | ICMP_CODE_IS_DATA,
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
	.flags = ICMP_NO_LAYOUT | ICMP_CODE_IS_DATA,
};

const struct icmp_type *
icmp_types(uint8_t version)
{
	return version == 4 ? icmp4_types : icmp6_types;
}

const struct icmp_type *
icmp_lookup(uint8_t version, uint8_t type, uint8_t code, uint32_t length)
{
	const struct icmp_type *row = icmp_types(version), *best = NULL;

	while (row->name != NULL && row->type < type)
		row++;
	for (; row->name != NULL && row->type == type; row++) {
		if (row->code != ICMP_ANY_CODE && row->code != code)
			continue;
		if (best == NULL || row->min_len <= length)
			best = row;
	}
	if (best != NULL)
		return best;
	return version == 6 && type < 128 ? &unassigned_error : &unassigned;
}

const union value *
icmp_value(const struct icmp_msg *msg, const char *name)
{
	uint8_t i;

	for (i = 0; i < msg->value_count; i++)
		if (strcmp(msg->type->fields[i].name, name) == 0)
			return &msg->values[i];
	return NULL;
}

bool
icmp_list(const struct icmp_msg *msg, unsigned n, struct cursor rest, struct list *out)
{
	const struct icmp_type *type = msg->type;
	uint32_t count = UINT32_MAX, record_len = 0;

	if (type->tail != ICMP_TAIL_LISTS || n >= ICMP_LISTS_MAX || type->lists[n] == NULL)
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
	uint16_t expected;

	out->checksum = CHECKSUM_UNVERIFIED;
	if (!cursor_whole(&out->bytes))
		return;
	if (out->version == 6) {
		if (packet->ip.version != 6)
			return;
		initial = checksum_pseudo6(&packet->ip.source,
		    &packet->ip.final_destination, out->length, IP_PROTO_ICMPV6);
	}
	expected = checksum_expected(&out->bytes, found, initial);
	if (expected == found) {
		out->checksum = CHECKSUM_GOOD;
		return;
	}
	out->checksum = CHECKSUM_BAD;
	out->checksum_expected = expected;
	anomalies_add(&out->anomalies, ANOMALY_BAD_CHECKSUM);
}

/* What the type, the code and the IP header alone give away. */
static void
judge_header(const struct packet *packet, struct icmp_msg *out)
{
	const struct icmp_type *type = out->type;

	if (type == &unassigned || type == &unassigned_error)
		anomalies_add(&out->anomalies, ANOMALY_UNKNOWN_TYPE);
	else if (type->codes != NULL && (type->flags & ICMP_CODE_IS_DATA) == 0 &&
	    name_of(type->codes, out->code) == NULL)
		anomalies_add(&out->anomalies, ANOMALY_UNKNOWN_CODE);
	if (type->flags & ICMP_DEPRECATED)
		anomalies_add(&out->anomalies, ANOMALY_DEPRECATED_TYPE);
	if ((type->flags & ICMP_TTL_255) && packet->ip.ttl != 255)
		anomalies_add(&out->anomalies, ANOMALY_HOP_LIMIT_NOT_255);
	if ((type->flags & ICMP_TTL_1) && packet->ip.ttl != 1)
		anomalies_add(&out->anomalies, ANOMALY_HOP_LIMIT_NOT_1);
	if (packet->ip.version != out->version)
		anomalies_add(&out->anomalies, ANOMALY_WRONG_IP_VERSION);
}

/* RFC 1122 3.2.2 and RFC 4443 2.4 (e): what no error may be sent about. */
static void
judge_error_subject(struct icmp_msg *out)
{
	const struct quote *quote = &out->quote;
	const struct icmp_type *quoted;
	bool path_mtu = out->version == 6 && (out->type_number == ICMP6_PACKET_TOO_BIG ||
	    (out->type_number == ICMP6_PARAMETER_PROBLEM && out->code == 2));

	if (quote->transport.has_icmp) {
		quoted = icmp_lookup(out->version, quote->transport.icmp_type,
		    quote->transport.icmp_code, UINT32_MAX);
		if (quoted->role == ICMP_ERROR || (out->version == 6 &&
		    quote->transport.icmp_type == ICMP6_REDIRECT))
			anomalies_add(&out->anomalies, ANOMALY_ERROR_ABOUT_ERROR);
	}
	if (!path_mtu && (addr_is_multicast(&quote->ip.destination) ||
	    addr_is_limited_broadcast(&quote->ip.destination)))
		anomalies_add(&out->anomalies, ANOMALY_ERROR_ABOUT_MULTICAST);
	if (out->version == 4 && quote->ip.fragment_offset > 0)
		anomalies_add(&out->anomalies, ANOMALY_ERROR_ABOUT_FRAGMENT);
}

/* Whether the error's own fields fit the datagram that it quotes. */
static void
judge_error_fields(const struct packet *packet, struct icmp_msg *out)
{
	const union value *mtu = icmp_value(out, "mtu"), *pointer = icmp_value(out, "pointer");
	const struct ip_header *quoted = &out->quote.ip;
	uint32_t least = out->version == 4 ? IP4_MTU_MIN : IP6_MTU_MIN;

	if (!addr_equal(&quoted->source, &packet->ip.destination))
		anomalies_add(&out->anomalies, ANOMALY_QUOTED_SOURCE_MISMATCH);
	/* RFC 1191 5: routers before it left the MTU zero. */
	if (mtu != NULL && !(out->version == 4 && mtu->number == 0) &&
	    (mtu->number < least || (quoted->length > 0 && mtu->number >= quoted->length)))
		anomalies_add(&out->anomalies, ANOMALY_BAD_MTU);
	if (pointer != NULL && !(out->version == 4 && out->code != 0) &&
	    quoted->length > 0 && pointer->number >= quoted->length)
		anomalies_add(&out->anomalies, ANOMALY_POINTER_OUTSIDE_QUOTE);
}

static void
decode_quote(const struct packet *packet, struct icmp_msg *out)
{
	const union value *attribute = icmp_value(out, "length");
	struct cursor body = out->tail, quoted = body;
	uint32_t length = 0;

	if (out->type->length_unit > 0) {
		if (attribute != NULL)
			length = (uint32_t)attribute->number;
		extension_find(body, length, out->type->length_unit, &out->extension);
	}
	if (out->extension.present) {
		quoted = cursor_cut(&body, out->extension.quote_len);
		if (out->extension.checksum == CHECKSUM_BAD)
			anomalies_add(&out->anomalies, ANOMALY_EXTENSION_BAD_CHECKSUM);
		if (out->extension.placement == EXTENSION_BAD_LENGTH_ATTRIBUTE ||
		    out->extension.placement == EXTENSION_LENGTH_IN_OCTETS)
			anomalies_add(&out->anomalies, ANOMALY_EXTENSION_MISPLACED);
	}
	quote_decode(quoted, &out->quote);
	if (!out->quote.present) {
		if (quoted.claimed == 0)
			anomalies_add(&out->anomalies, ANOMALY_QUOTE_MISSING);
		else if (out->quote.status == DECODE_MALFORMED)
			anomalies_add(&out->anomalies, ANOMALY_QUOTE_MALFORMED);
		return;
	}
	judge_error_subject(out);
	judge_error_fields(packet, out);
}

/* Reads every list once for what is wrong in it; events read it again. */
static void
check_list(struct list *list, struct anomalies *anomalies)
{
	struct record record;
	struct list inner;

	while (list_next(list, &record)) {
		anomalies_merge(anomalies, &record.anomalies);
		if (record.row == NULL || record.row->list == NULL)
			continue;
		cursor_skip(&record.bytes, record.row->min_len);
		inner = list_open(record.row->list, record.bytes, UINT32_MAX, 0);
		while (list_next(&inner, &record))
			anomalies_merge(anomalies, &record.anomalies);
		anomalies_merge(anomalies, &inner.anomalies);
	}
	anomalies_merge(anomalies, &list->anomalies);
}

static void
check_lists(struct icmp_msg *out)
{
	struct cursor rest = out->tail;
	struct list list;
	unsigned n;

	for (n = 0; icmp_list(out, n, rest, &list); n++) {
		check_list(&list, &out->anomalies);
		rest = list.rest;
	}
	if (n > 0 && rest.status == DECODE_OK && rest.claimed > 0)
		anomalies_add(&out->anomalies, ANOMALY_TRAILING_BYTES);
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
		break;
	case ICMP_TAIL_QUOTE:
		decode_quote(packet, out);
		break;
	case ICMP_TAIL_LISTS:
		check_lists(out);
		break;
	}
	if (out->extension.present) {
		struct list objects = list_open(&extension_objects, out->extension.objects,
		    UINT32_MAX, 0);

		check_list(&objects, &out->anomalies);
	}
}

/* Fields may take octets behind the fixed ones; the tail is what they leave. */
static void
decode_fields(struct icmp_msg *out)
{
	uint32_t extent;

	out->value_count = field_read_all(out->type->fields, out->bytes, out->values,
	    &out->anomalies, &out->status);
	extent = field_extent(out->type->fields, out->values, out->value_count);
	if (extent > out->type->min_len)
		cursor_skip(&out->tail, extent - out->type->min_len);
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
	out->quote.present = false;
	out->extension.present = false;
	out->anomalies = packet->anomalies;
	out->type_number = cursor_u8(&c);
	out->code = cursor_u8(&c);
	checksum = cursor_u16(&c);
	out->checksum = CHECKSUM_UNVERIFIED;
	out->type = icmp_lookup(out->version, out->type_number, out->code, out->length);
	out->tail = out->bytes;
	cursor_skip(&out->tail, out->type->min_len);
	out->status = c.status != DECODE_OK ? c.status : out->tail.status;
	if (!cursor_whole(&out->bytes) && !packet->ip.length_bad)
		anomalies_add(&out->anomalies, ANOMALY_TRUNCATED_CAPTURE);
	if (out->length < out->type->min_len)
		anomalies_add(&out->anomalies, ANOMALY_TRUNCATED_MESSAGE);
	if (c.status != DECODE_OK)
		return out->status;
	judge_header(packet, out);
	verify_checksum(packet, checksum, out);
	if (out->type->fields != NULL)
		decode_fields(out);
	if (out->tail.status == DECODE_OK)
		decode_tail(packet, out);
	return out->status;
}
