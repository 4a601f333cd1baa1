/*
 * Every row of every table encoded and decoded again, and cut at every octet;
 * and messages by hand, so that a wrong position cannot pass unseen.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/icmp.h"
#include "tests/wire.h"

#define MESSAGE_MAX 512
#define ITEMS 3 /* DNS names in an example */

static const struct list_type *const lists[] = {
	&nd_options,
	&mld_records,
	&router_entries,
	&mobile_extensions,
	&extension_objects,
	&mpls_labels,
};
#define LIST_COUNT (sizeof(lists) / sizeof(lists[0]))

/* Example values for the fields of one row, as text where that is shorter. */
struct examples {
	struct wire_value values[FIELD_VALUES_MAX + 1];
	char text[FIELD_VALUES_MAX][128];
};

static const uint8_t octets[64] = {
	0xd1,
	0x02,
	0xc3,
	0x14,
	0xb5,
	0x26,
	0xa7,
	0x38,
	0x99,
	0x4a,
	0x8b,
	0x5c,
	0x7d,
	0x6e,
};

static uint64_t
example_number(const struct field *field, unsigned index)
{
	uint64_t number = UINT64_C(0x9e3779b97f4a7c15) * (index + 1);

	if (field->kind == FIELD_UNUSED)
		return 0;
	if (field->kind == FIELD_FLAG)
		return 1;
	return field->bits == 64 ? number : number >> (64 - field->bits);
}

static bool
is_counter(const struct field *fields, unsigned index)
{
	for (; fields->name != NULL; fields++)
		if (fields->count_of == index + 1)
			return true;
	return false;
}

static void
example_text(const struct field *field, unsigned index, char *out, size_t size)
{
	switch (field->kind) {
	case FIELD_IP4:
		snprintf(out, size, "192.0.2.%u", index + 1);
		break;
	case FIELD_IP4_LIST:
		snprintf(out, size, "192.0.2.1 198.51.100.2 203.0.113.3");
		break;
	case FIELD_IP6:
		snprintf(out, size, "2001:db8::%x:1", index + 1);
		break;
	case FIELD_IP6_LIST:
		snprintf(out, size, "2001:db8::1 2001:db8::2 fe80::3");
		break;
	case FIELD_IP6_PREFIX:
		snprintf(out, size, "2001:db8:1:2::");
		break;
	case FIELD_DNS_NAMES:
		snprintf(out, size, "host%u.example a.b.test x.invalid", index);
		break;
	default:
		out[0] = '\0';
		break;
	}
}

/* `max_len` is that of the record, 0 when it may be as long as it likes. */
static void
make_examples(const struct field *fields, uint32_t max_len, struct examples *out)
{
	unsigned i, n = 0;

	memset(out, 0, sizeof(*out));
	for (i = 0; fields != NULL && fields[i].name != NULL; i++) {
		struct wire_value *value = &out->values[n];

		if (is_counter(fields, i) || fields[i].kind == FIELD_UNUSED)
			continue;
		value->name = fields[i].name;
		if (fields[i].kind <= FIELD_ENUM)
			value->number = example_number(&fields[i], i);
		example_text(&fields[i], i, out->text[n], sizeof(out->text[n]));
		if (max_len > 0 && fields[i].kind == FIELD_IP6_LIST)
			*strchr(out->text[n], ' ') = '\0';
		if (out->text[n][0] != '\0')
			value->text = out->text[n];
		value->bytes = octets;
		value->len = fields[i].bits > 0 ? fields[i].bits / 8u : 6;
		if (fields[i].kind == FIELD_IP6_PREFIX && fields[i].bits == 0) {
			value->text = NULL;
			value->len = 8;
		}
		n++;
	}
}

static void
assert_octets(struct cursor found, const void *expected, uint32_t len)
{
	assert_true(found.claimed >= len && found.captured >= len);
	assert_memory_equal(found.next, expected, len);
}

static void
assert_dns_names(struct cursor found, const char *expected)
{
	char name[FIELD_DNS_NAME_SIZE], all[FIELD_DNS_NAME_SIZE * ITEMS] = "";

	while (field_next_dns_name(&found, name, sizeof(name))) {
		if (all[0] != '\0')
			strcat(all, " ");
		strcat(all, name);
	}
	assert_int_equal(found.status, DECODE_OK);
	assert_string_equal(all, expected);
}

static void
assert_list(const struct field *field, const union value *value, const char *expected)
{
	char all[256] = "", text[ADDR_TEXT_SIZE];
	struct addr address;
	uint32_t n;

	for (n = 0; field_list_address(field, value, n, &address); n++) {
		addr_text(&address, text);
		if (n > 0)
			strcat(all, " ");
		strcat(all, text);
	}
	assert_string_equal(all, expected);
}

static void
assert_value(const struct field *field, const union value *value, const struct wire_value *given)
{
	char text[ADDR_TEXT_SIZE];

	switch (field->kind) {
	case FIELD_INT: {
		uint64_t mask = field->bits == 64 ? UINT64_MAX : (UINT64_C(1) << field->bits) - 1;

		assert_true(((uint64_t)value->integer & mask) == given->number);
		break;
	}
	case FIELD_UINT:
	case FIELD_FLAG:
	case FIELD_ENUM:
		assert_true(value->number == given->number);
		break;
	case FIELD_IP4:
	case FIELD_IP6:
		addr_text(&value->address, text);
		assert_string_equal(text, given->text);
		break;
	case FIELD_IP6_PREFIX:
		if (given->text == NULL) {
			assert_memory_equal(value->address.bytes, given->bytes, given->len);
			break;
		}
		addr_text(&value->address, text);
		assert_string_equal(text, given->text);
		break;
	case FIELD_IP4_LIST:
	case FIELD_IP6_LIST:
		assert_list(field, value, given->text);
		break;
	case FIELD_DNS_NAMES:
		assert_dns_names(value->bytes, given->text);
		break;
	default:
		assert_octets(value->bytes, given->bytes, given->len);
		break;
	}
}

static void
assert_values(const struct field *fields, const union value *values, uint8_t count,
    const struct examples *examples)
{
	const struct wire_value *given = examples->values;
	uint8_t i;

	for (i = 0; i < count; i++) {
		if (fields[i].kind == FIELD_UNUSED) {
			assert_true(values[i].number == 0);
		} else if (!is_counter(fields, i)) {
			assert_string_equal(given->name, fields[i].name);
			assert_value(&fields[i], &values[i], given++);
		}
	}
	assert_null(given->name);
}

static unsigned
field_count(const struct field *fields)
{
	unsigned count = 0;

	while (fields != NULL && fields[count].name != NULL)
		count++;
	return count;
}

static struct packet
packet_around(uint8_t version, struct cursor payload)
{
	struct packet packet = { .verdict = PACKET_ICMP, .payload = payload };

	packet.ip.version = version;
	packet.ip.protocol = version == 4 ? IP_PROTO_ICMP : IP_PROTO_ICMPV6;
	packet.ip.ttl = 255;
	return packet;
}

/* Decodes an exactly sized copy, so that a sanitizer sees any over-read. */
static enum decode_status
decode_copy(uint8_t version, const struct wire *w, uint32_t captured, uint32_t claimed)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct packet packet;
	struct icmp_msg msg;
	enum decode_status status;

	assert_non_null(copy);
	memcpy(copy, w->bytes, captured);
	packet = packet_around(version, cursor_over(copy, captured, claimed));
	status = icmp_decode(&packet, &msg);
	free(copy);
	return status;
}

static void
check_message_cuts(uint8_t version, const struct icmp_type *row, const struct wire *w)
{
	uint8_t code = w->bytes[1];
	uint32_t cut;

	for (cut = 0; cut < w->len; cut++) {
		enum decode_status seen = decode_copy(version, w, cut, w->len);
		enum decode_status sent = decode_copy(version, w, cut, cut);

		if (cut < row->min_len)
			assert_int_equal(seen, DECODE_TRUNCATED);
		else
			assert_int_not_equal(seen, DECODE_MALFORMED);
		assert_int_not_equal(sent, DECODE_TRUNCATED);
		if (cut < icmp_lookup(version, row->type, code, cut)->min_len)
			assert_int_equal(sent, DECODE_MALFORMED);
	}
}

static void
check_message(uint8_t version, const struct icmp_type *row)
{
	uint8_t buffer[MESSAGE_MAX], code = row->code == ICMP_ANY_CODE ? 0 : (uint8_t)row->code;
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct packet packet;
	struct examples examples;
	struct icmp_msg msg;

	make_examples(row->fields, 0, &examples);
	wire_message(&w, row, code, examples.values);
	assert_false(w.failed);
	assert_true(w.len >= row->min_len);
	packet = packet_around(version, cursor_over(w.bytes, w.len, w.len));
	assert_int_equal(icmp_decode(&packet, &msg), DECODE_OK);
	assert_ptr_equal(msg.type, row);
	assert_int_equal(msg.value_count, field_count(row->fields));
	assert_false(anomalies_has(&msg.anomalies, ANOMALY_NONZERO_UNUSED));
	assert_false(anomalies_has(&msg.anomalies, ANOMALY_UNKNOWN_TYPE));
	assert_values(row->fields, msg.values, msg.value_count, &examples);
	check_message_cuts(version, row, &w);
}

static void
test_messages(void **state)
{
	const struct icmp_type *row;

	(void)state;
	for (row = icmp_types(4); row->name != NULL; row++)
		check_message(4, row);
	for (row = icmp_types(6); row->name != NULL; row++)
		check_message(6, row);
}

/* Reads the first record of an exactly sized copy. */
static enum decode_status
read_copy(const struct list_type *list, const struct wire *w, uint32_t captured, uint32_t claimed)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct record record = { .status = DECODE_OK };
	enum decode_status status;
	struct list reader;

	assert_non_null(copy);
	memcpy(copy, w->bytes, captured);
	reader = list_open(list, cursor_over(copy, captured, claimed), 1, w->len);
	status = list_next(&reader, &record) ? record.status : reader.rest.status;
	if (status == DECODE_OK)
		status = reader.rest.status;
	free(copy);
	return status;
}

/* Auxiliary data is counted in 32-bit words (RFC 3810 5.2.6). */
static void
fit_aux_data(struct examples *examples)
{
	struct wire_value *value;

	for (value = examples->values; value->name != NULL; value++) {
		if (strcmp(value->name, "aux_data_len") == 0)
			value->number = 2;
		if (strcmp(value->name, "aux_data") == 0)
			value->len = 8;
	}
}

static void
check_record(const struct list_type *list, const struct record_type *row)
{
	uint8_t buffer[MESSAGE_MAX];
	struct wire w = wire_over(buffer, sizeof(buffer));
	uint32_t cut;
	struct examples examples;
	struct record record;
	struct list reader;

	make_examples(row->fields, row->max_len, &examples);
	if (list == &mld_records)
		fit_aux_data(&examples);
	wire_record(&w, list, row->type, examples.values);
	assert_false(w.failed);
	reader = list_open(list, cursor_over(w.bytes, w.len, w.len), UINT32_MAX, w.len);
	assert_true(list_next(&reader, &record));
	assert_ptr_equal(record.row, row);
	assert_int_equal(record.type, row->type);
	assert_int_equal(record.length, w.len);
	assert_int_equal(record.status, DECODE_OK);
	assert_false(anomalies_has(&record.anomalies, ANOMALY_BAD_OPTION_LENGTH));
	assert_false(anomalies_has(&record.anomalies, ANOMALY_NONZERO_UNUSED));
	assert_int_equal(record.value_count, field_count(row->fields));
	assert_values(row->fields, record.values, record.value_count, &examples);
	assert_false(list_next(&reader, &record));
	assert_int_equal(reader.rest.status, DECODE_OK);
	for (cut = 0; cut < w.len; cut++) {
		assert_int_equal(read_copy(list, &w, cut, w.len), DECODE_TRUNCATED);
		assert_int_equal(read_copy(list, &w, cut, cut), DECODE_MALFORMED);
	}
}

static void
test_records(void **state)
{
	const struct record_type *row;
	unsigned n;

	(void)state;
	for (n = 0; n < LIST_COUNT; n++)
		for (row = lists[n]->types; row->name != NULL; row++)
			check_record(lists[n], row);
}

struct layout_case {
	uint8_t version;
	const char *field;
	uint64_t number;
	uint8_t bytes[32];
	uint32_t len;
};

/* clang-format off */
static const struct layout_case layout_cases[] = {
	{ 4, "id", 0x1234, { 8, 0, 0, 0, 0x12, 0x34, 0, 9 }, 8 },
	{ 4, "seq", 9, { 0, 0, 0, 0, 0x12, 0x34, 0, 9 }, 8 },
	{ 4, "mtu", 1400, { 3, 4, 0, 0, 0, 17, 0x05, 0x78 }, 8 },
	{ 4, "length", 17, { 3, 4, 0, 0, 0, 17, 0x05, 0x78 }, 8 },
	{ 4, "length", 32, { 11, 0, 0, 0, 0, 32, 0, 0 }, 8 },
	{ 4, "pointer", 20, { 12, 0, 0, 0, 20, 0, 0, 0 }, 8 },
	{ 4, "num_addrs", 2, { 9, 0, 0, 0, 2, 3, 7, 8 }, 8 },
	{ 4, "addr_entry_size", 3, { 9, 0, 0, 0, 2, 3, 7, 8 }, 8 },
	{ 4, "router_lifetime", 0x708, { 9, 0, 0, 0, 2, 3, 7, 8 }, 8 },
	{ 4, "receive_timestamp", 2, { 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0,
	  0, 3 }, 20 },
	{ 4, "seq", 5, { 42, 0, 0, 0, 0, 1, 5, 1 }, 8 },
	{ 4, "local", 1, { 42, 0, 0, 0, 0, 1, 5, 1 }, 8 },
	{ 4, "state", 2, { 43, 0, 0, 0, 0, 1, 5, 0x46 }, 8 },
	{ 4, "active", 1, { 43, 0, 0, 0, 0, 1, 5, 0x44 }, 8 },
	{ 6, "length", 16, { 1, 4, 0, 0, 16, 0, 0, 0 }, 8 },
	{ 6, "mtu", 1280, { 2, 0, 0, 0, 0, 0, 5, 0 }, 8 },
	{ 6, "pointer", 40, { 4, 0, 0, 0, 0, 0, 0, 40 }, 8 },
	{ 6, "suppress", 1, { 130, [24] = 0x0a, [25] = 125 }, 28 },
	{ 6, "qrv", 2, { 130, [24] = 0x0a, [25] = 125 }, 28 },
	{ 6, "qqic", 125, { 130, [24] = 0x0a, [25] = 125 }, 28 },
	{ 6, "maximum_response_delay", 10000, { 130, 0, 0, 0, 0x27, 0x10 }, 24 },
	{ 6, "managed", 1, { 134, 0, 0, 0, 64, 0x80, 7, 8 }, 16 },
	{ 6, "preference", 3, { 134, 0, 0, 0, 64, 0x18, 7, 8 }, 16 },
	{ 6, "router_lifetime", 1800, { 134, 0, 0, 0, 64, 0x18, 7, 8 }, 16 },
	{ 6, "retrans_timer", 1000, { 134, [14] = 3, [15] = 0xe8 }, 16 },
	{ 6, "override", 1, { 136, 0, 0, 0, 0x20 }, 24 },
	{ 6, "solicited", 1, { 136, 0, 0, 0, 0x40 }, 24 },
	{ 6, "qtype", 3, { 139, 0, 0, 0, 0, 3 }, 16 },
	{ 6, "link_local", 1, { 139, 0, 0, 0, 0, 3, 0, 8 }, 16 },
	{ 6, "advertisement_interval", 20, { 151, 20, 0, 0, 0, 125, 0, 2 }, 8 },
	{ 6, "mode_of_operation", 2, { 155, 1, 0, 0, 30, 1, 1, 0, 0x90 }, 28 },
};
/* clang-format on */

static void
test_layouts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(layout_cases) / sizeof(layout_cases[0]); i++) {
		const struct layout_case *row = &layout_cases[i];
		struct packet packet =
		    packet_around(row->version, cursor_over(row->bytes, row->len, row->len));
		const union value *value;
		struct icmp_msg msg;

		icmp_decode(&packet, &msg);
		value = icmp_value(&msg, row->field);
		assert_non_null(value);
		assert_true(value->number == row->number);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_layouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
