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

#include "decoders/dns_name.h"
#include "decoders/icmp.h"
#include "tests/example.h"
#include "tests/wire.h"

#define MESSAGE_MAX 1024
#define MODE_AT 6       /* octet of a security section's key identifier mode and level */
#define UNKNOWN_LEVEL 4 /* of security: nothing can be told of what it protects */
#define ITEMS 3 /* DNS names in an example */

static void
assert_octets(struct cursor found, const void *expected, uint32_t len)
{
	assert_true(found.claimed >= len && found.captured >= len);
	assert_memory_equal(found.next, expected, len);
}

static void
assert_dns_names(struct cursor found, const char *expected)
{
	char name[DNS_NAME_TEXT_SIZE], all[DNS_NAME_TEXT_SIZE * ITEMS] = "";

	while (dns_name_next(&found, cursor_empty(), name, sizeof(name))) {
		if (all[0] != '\0')
			strcat(all, " ");
		strcat(all, name);
	}
	assert_int_equal(found.status, DECODE_OK);
	assert_string_equal(all, expected);
}

static void
assert_list(
    const struct field *fields, const union value *values, uint8_t index, const char *expected)
{
	char all[256] = "", text[ADDR_TEXT_SIZE];
	struct addr address;
	uint32_t n;

	for (n = 0; field_list_address(fields, values, index, n, &address); n++) {
		addr_text(&address, text);
		if (n > 0)
			strcat(all, " ");
		strcat(all, text);
	}
	assert_string_equal(all, expected);
}

static void
assert_value(const struct field *fields, const union value *values, uint8_t index,
    const struct wire_value *given)
{
	const struct field *field = &fields[index];
	const union value *value = &values[index];
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
	case FIELD_SELECTOR:
		assert_true(value->number == given->number || example_is_looked_at(fields, field));
		break;
	case FIELD_IP6_SUFFIX:
		assert_memory_equal(
		    value->address.bytes + 16 - given->len, given->bytes, given->len);
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
		assert_list(fields, values, index, given->text);
		break;
	case FIELD_DNS_NAME:
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
    const struct example *examples)
{
	const struct wire_value *given = examples->values;
	uint8_t i;

	for (i = 0; i < count; i++) {
		if (fields[i].kind == FIELD_UNUSED)
			assert_true(values[i].number == 0);
		if (!example_is_given(fields, values, i))
			continue;
		assert_string_equal(given->name, fields[i].name);
		assert_value(fields, values, i, given++);
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
static const struct icmp_type *
decode_copy(uint8_t version, const struct wire *w, uint32_t captured, uint32_t claimed,
    enum decode_status *status)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct packet packet;
	struct icmp_msg msg;

	assert_non_null(copy);
	memcpy(copy, w->bytes, captured);
	packet = packet_around(version, cursor_over(copy, captured, claimed));
	*status = icmp_decode(&packet, &msg);
	free(copy);
	return msg.type;
}

/* A row that a message is known for by its octets may not be known when cut. */
static void
check_message_cuts(uint8_t version, const struct wire *w)
{
	enum decode_status seen, sent;
	uint32_t cut;

	for (cut = 0; cut < w->len; cut++) {
		if (cut < decode_copy(version, w, cut, w->len, &seen)->min_len)
			assert_int_equal(seen, DECODE_TRUNCATED);
		else
			assert_int_not_equal(seen, DECODE_MALFORMED);
		if (cut < decode_copy(version, w, cut, cut, &sent)->min_len)
			assert_int_equal(sent, DECODE_MALFORMED);
		else
			assert_int_not_equal(sent, DECODE_TRUNCATED);
	}
}

/* A code of the row: its own, or one that no other row of its type is for. */
static uint8_t
example_code(uint8_t version, const struct icmp_type *row)
{
	unsigned code;

	if (row->code != ICMP_ANY_CODE)
		return (uint8_t)row->code;
	for (code = 0; code < UINT8_MAX; code++)
		if (icmp_lookup(version, row->type, (uint8_t)code, UINT32_MAX)->code ==
		    ICMP_ANY_CODE)
			return (uint8_t)code;
	return 0;
}

/* Encodes the examples into `w`; whether the row is then the message's. */
static bool
encode(uint8_t version, const struct icmp_type *row, const struct example *examples, struct wire *w,
    struct icmp_msg *msg)
{
	struct packet packet;

	w->len = 0;
	wire_message(w, row, example_code(version, row), examples->values);
	assert_false(w->failed);
	packet = packet_around(version, cursor_over(w->bytes, w->len, w->len));
	icmp_decode(&packet, msg);
	return msg->type == row;
}

/*
 * The same with what tells rows of one type apart, octets that are numbers of
 * the message, changed until the row is the one wanted.
 */
static void
encode_fitting(uint8_t version, const struct icmp_type *row, struct example *examples,
    struct wire *w, struct icmp_msg *msg)
{
	unsigned i;

	if (encode(version, row, examples, w, msg))
		return;
	for (i = 0; i < 64; i++) {
		example_change(examples, "subtype", i % 8);
		example_change(examples, "code_suffix", i % 8);
		example_change(examples, "cxtp_type", i / 8);
		example_change(examples, "operation", i / 8);
		if (encode(version, row, examples, w, msg))
			return;
	}
	fail_msg("no example is %s (%s)", row->name, row->rfc);
}

/* What a readable secured message has behind its security section comes back too. */
static void
check_secured(const struct icmp_type *row, struct wire *w)
{
	struct example examples;
	struct packet packet;
	struct icmp_msg msg;

	if (w->bytes[MODE_AT] & 1) /* a key is named to decrypt with */
		return;
	w->bytes[MODE_AT] &= 0xf8; /* authenticated, not encrypted */
	example_make(row->secured, 0, 0, &examples);
	wire_secured(w, row, examples.values);
	wire_zero(w, rpl_seal_of(w->bytes[MODE_AT] >> 6, 0)->len);
	assert_false(w->failed);
	packet = packet_around(6, cursor_over(w->bytes, w->len, w->len));
	assert_int_equal(icmp_decode(&packet, &msg), DECODE_OK);
	assert_false(anomalies_has(&msg.anomalies, ANOMALY_TRUNCATED_MESSAGE));
	assert_values(row->secured, msg.secured_values, msg.secured_count, &examples);
	assert_int_equal(msg.seal_bytes.claimed, msg.seal->len);
	check_message_cuts(6, w);
}

static void
check_message(uint8_t version, const struct icmp_type *row, unsigned variant)
{
	uint8_t buffer[MESSAGE_MAX];
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct example examples;
	struct icmp_msg msg;

	example_make(row->fields, 0, variant, &examples);
	example_change(&examples, "security_level", UNKNOWN_LEVEL);
	encode_fitting(version, row, &examples, &w, &msg);
	assert_true(w.len >= row->min_len);
	assert_int_equal(msg.status, DECODE_OK);
	assert_int_equal(msg.value_count, field_count(row->fields));
	assert_false(anomalies_has(&msg.anomalies, ANOMALY_NONZERO_UNUSED));
	assert_false(anomalies_has(&msg.anomalies, ANOMALY_UNKNOWN_TYPE));
	assert_values(row->fields, msg.values, msg.value_count, &examples);
	if (row->secured != NULL)
		check_secured(row, &w);
	else
		check_message_cuts(version, &w);
}

static void
check_messages(uint8_t version)
{
	const struct icmp_type *row;
	unsigned variant;

	for (row = icmp_types(version); row->name != NULL; row++)
		for (variant = 0; variant < example_variants(row->fields); variant++)
			check_message(version, row, variant);
}

static void
test_messages(void **state)
{
	(void)state;
	check_messages(4);
	check_messages(6);
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
fit_aux_data(struct example *examples)
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
check_record(const struct list_type *list, const struct record_type *row, unsigned variant)
{
	uint8_t buffer[MESSAGE_MAX];
	struct wire w = wire_over(buffer, sizeof(buffer));
	uint32_t cut;
	struct example examples;
	struct record record;
	struct list reader;

	example_make(row->fields, row->max_len, variant, &examples);
	if (list == &mld_records)
		fit_aux_data(&examples);
	wire_record(&w, list, row->type, examples.values);
	if (w.failed)
		fail_msg("%s %s cannot be encoded", list->name, row->name);
	reader = list_open(list, cursor_over(w.bytes, w.len, w.len), UINT32_MAX, w.len);
	assert_true(list_next(&reader, &record));
	assert_ptr_equal(record.row, row);
	if (list->is_classed && row->type % 256 == RECORD_ANY_CTYPE)
		assert_int_equal(record.type >> 8, row->type >> 8);
	else if (list->is_typed)
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
	unsigned n, variant;

	(void)state;
	for (n = 0; list_types[n] != NULL; n++)
		for (row = list_types[n]->types; row->name != NULL; row++)
			for (variant = 0; variant < example_variants(row->fields); variant++)
				check_record(list_types[n], row, variant);
}

struct layout_case {
	uint8_t version;
	const char *field;
	uint64_t number;
	uint8_t bytes[40];
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
	{ 6, "time_to_live", 7, { 140, [5] = 2, [19] = 7 }, 20 },
	{ 6, "all_unicast", 1, { 140, [5] = 4, [7] = 2 }, 16 },
	{ 6, "key_index", 5, { 155, 0x81, [12] = 5 }, 13 },
	{ 6, "key_index", 5, { 155, 0x81, [6] = 0x80, [20] = 5 }, 21 },
	{ 6, "key_index", 5, { 155, 0x81, [6] = 0xc1, [20] = 5 }, 21 },
	{ 6, "nonce", 9, { 155, 0x8a, [6] = 0x40, [15] = 9 }, 40 },
	{ 6, "destination_counter", 3, { 155, 0x8a, [6] = 0x42, [35] = 3 }, 44 },
	{ 6, "rank", 0x102, { 155, 0x81, [13 + 2] = 1, 2 }, 13 + 24 + 4 },
	{ 6, "status_value", 10, { 155, 3, [7] = 0xca }, 8 },
	{ 6, "is_nd_status", 1, { 155, 3, [7] = 0xca }, 8 },
	{ 6, "status_value", 5, { 155, 7, [6] = 0x85 }, 8 },
	{ 6, "num", 1, { 155, 6, [5] = 0xf0, [7] = 0x12, [8] = 1, 2, 3 }, 11 },
	{ 6, "next_index", 2, { 155, 6, [5] = 0xf0, [7] = 0x12, [8] = 1, 2, 3 }, 11 },
	{ 6, "code_suffix", 2, { 157, 2 }, 40 },
	{ 6, "prefix_length", 64, { 157, 1, [4] = 0xc0, [31] = 64 }, 32 },
	{ 6, "registration_lifetime", 600, { 157, 2, [6] = 2, 0x58 }, 40 },
	{ 6, "buffer", 1, { 154, 0, 0, 0, 4, 0x40 }, 8 },
	{ 6, "reactive_mode", 1, { 154, 0, 0, 0, 3, 0x80 }, 8 },
	{ 6, "cxtp_type", 1, { 150, 0, 0, 0, 1, 0, 0, 0, 0x21, 0x80 }, 28 },
	{ 6, "sequence_number", 4, { 150, 0, 0, 0, 1, 0, 0, 0, 0x21, 0x80, [23] = 4 }, 28 },
	{ 4, "num_locators", 1, { 253, 0, 0, 0, 1, 1 }, 16 },
	{ 4, "operation", 1, { 253, 0, 0, 0, 1, 1 }, 16 },
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

/* The experimental type is a Locator Update only when all of it fits. */
static void
test_experiment(void **state)
{
	static const struct {
		uint8_t bytes[24];
		uint32_t len;
		bool fits;
	} cases[] = {
		{ { 253, 0, 0, 0, 1, 1 }, 16, true },
		{ { 253, 0, 0, 0, 2, 2 }, 24, true },
		{ { 253, 0, 0, 0, 1, 1 }, 17, false },
		{ { 253, 0, 0, 0, 2, 1 }, 16, false },
		{ { 253, 0, 0, 0, 1, 3 }, 16, false },
		{ { 253, 0, 0, 0, 1, 1, 1 }, 16, false },
		{ { 253, 0, 0, 0, 0, 1 }, 8, false },
		{ { 253 }, 4, false },
	};
	struct packet packet;
	struct icmp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		packet = packet_around(4, cursor_over(cases[i].bytes, cases[i].len, cases[i].len));
		icmp_decode(&packet, &msg);
		assert_int_equal(msg.type->fields != NULL, cases[i].fits);
		assert_int_equal((msg.type->flags & ICMP_NO_LAYOUT) == 0, cases[i].fits);
	}
}

struct meaning_case {
	const char *field;
	uint64_t code, meant;
};

/* Codes and what they mean: RFC 3810 5.1.3 and 5.1.9. */
static void
test_meanings(void **state)
{
	static const struct meaning_case cases[] = {
		{ "maximum_response_code", 10000, 10000 },
		{ "maximum_response_code", 32767, 32767 },
		{ "maximum_response_code", 32768, 32768 },
		{ "maximum_response_code", 0xffff, 0x1fff << 10 },
		{ "qqic", 125, 125 },
		{ "qqic", 128, 128 },
		{ "qqic", 0x9f, 31 << 4 },
		{ "qqic", 255, 31 << 10 },
	};
	const struct field *field = icmp_lookup(6, 130, 0, 28)->fields, *row;
	uint64_t meant;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (row = field; strcmp(row->name, cases[i].field) != 0; row++)
			assert_non_null(row->name);
		assert_true(row->rule->meaning->of(cases[i].code, &meant));
		assert_true(meant == cases[i].meant);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_experiment),
		cmocka_unit_test(test_meanings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
