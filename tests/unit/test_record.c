/*
 * Lists of records: how they end, well or badly, and what is noted. The bytes
 * are written by hand here, so that a wrong `cut` cannot agree with itself.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "decoders/record.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define NO_COUNT UINT32_MAX
#define NONE ANOMALY_COUNT

struct list_case {
	const char *what;
	const struct list_type *type;
	uint8_t bytes[64];
	uint32_t captured, claimed, count, record_len;
	uint32_t read; /* records given */
	enum decode_status status;
	enum anomaly anomaly; /* of the list or a record; NONE */
};

/* clang-format off */
static const struct list_case list_cases[] = {
	{ "no options", &nd_options, { 0 }, 0, 0, NO_COUNT, 0, 0, DECODE_OK, NONE },
	{ "one option", &nd_options, { 1, 1, 2, 0, 0, 0, 0, 1 }, 8, 8, NO_COUNT, 0, 1, DECODE_OK,
	  NONE },
	{ "two options", &nd_options, { 1, 1, [8] = 5, 1, [14] = 5 }, 16, 16, NO_COUNT, 0, 2, DECODE_OK,
	  NONE },
	{ "zero length", &nd_options, { 1, 0, 2, 0, 0, 0, 0, 1 }, 8, 8, NO_COUNT, 0, 0,
	  DECODE_MALFORMED, ANOMALY_BAD_OPTION_LENGTH },
	{ "zero length second", &nd_options, { 1, 1, [8] = 1, 0 }, 16, 16, NO_COUNT, 0, 1,
	  DECODE_MALFORMED, ANOMALY_BAD_OPTION_LENGTH },
	{ "half a header", &nd_options, { 1 }, 1, 1, NO_COUNT, 0, 0, DECODE_MALFORMED,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "longer than the message", &nd_options, { 1, 2 }, 8, 8, NO_COUNT, 0, 0, DECODE_MALFORMED,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "cut by the capture", &nd_options, { 3, 4 }, 20, 32, NO_COUNT, 0, 1, DECODE_TRUNCATED,
	  NONE },
	{ "header cut by the capture", &nd_options, { 1, 1 }, 9, 16, NO_COUNT, 0, 1,
	  DECODE_TRUNCATED, NONE },
	{ "too long for its type", &nd_options, { 5, 2 }, 16, 16, NO_COUNT, 0, 1, DECODE_OK,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "too short for its type", &nd_options, { 3, 1 }, 8, 8, NO_COUNT, 0, 1, DECODE_OK,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "even RDNSS length", &nd_options, { 25, 4 }, 32, 32, NO_COUNT, 0, 1, DECODE_OK,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "odd RDNSS length", &nd_options, { 25, 5 }, 40, 40, NO_COUNT, 0, 1, DECODE_OK, NONE },
	{ "unknown option", &nd_options, { 200, 1, 9 }, 8, 8, NO_COUNT, 0, 1, DECODE_OK,
	  ANOMALY_UNKNOWN_OPTION },
	{ "reserved bits", &nd_options, { 5, 1, 0, 1 }, 8, 8, NO_COUNT, 0, 1, DECODE_OK,
	  ANOMALY_NONZERO_UNUSED },
	{ "one group", &mld_records, { 4, 0, 0, 0, 0xff, 2 }, 20, 20, 1, 0, 1, DECODE_OK, NONE },
	{ "group and data behind", &mld_records, { 4, 0, 0, 0, 0xff, 2 }, 28, 28, 1, 0, 1,
	  DECODE_OK, NONE },
	{ "group with a source", &mld_records, { 1, 1, 0, 1, 0xff, 2 }, 40, 40, 1, 0, 1, DECODE_OK,
	  NONE },
	{ "missing source", &mld_records, { 1, 0, 0, 2, 0xff, 2 }, 36, 36, 1, 0, 1,
	  DECODE_MALFORMED, ANOMALY_BAD_COUNT },
	{ "missing group", &mld_records, { 4, 0, 0, 0, 0xff, 2 }, 20, 20, 2, 0, 1, DECODE_MALFORMED,
	  ANOMALY_BAD_COUNT },
	{ "groups cut by the capture", &mld_records, { 4, 0, 0, 0, 0xff, 2 }, 20, 40, 2, 0, 1,
	  DECODE_TRUNCATED, NONE },
	{ "unknown record", &mld_records, { 9 }, 20, 20, 1, 0, 1, DECODE_OK,
	  ANOMALY_UNKNOWN_OPTION },
	{ "two routers", &router_entries, { 192, 0, 2, 1, 0, 0, 0, 0, 192, 0, 2, 2 }, 16, 16, 2, 8,
	  2, DECODE_OK, NONE },
	{ "wider entries", &router_entries, { 192, 0, 2, 1 }, 12, 12, 1, 12, 1, DECODE_OK, NONE },
	{ "entry size zero", &router_entries, { 192, 0, 2, 1 }, 8, 8, 1, 0, 0, DECODE_MALFORMED,
	  NONE },
	{ "entry size too small", &router_entries, { 192, 0, 2, 1 }, 4, 4, 1, 4, 1, DECODE_OK,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "missing router", &router_entries, { 192, 0, 2, 1 }, 12, 12, 2, 8, 1, DECODE_MALFORMED,
	  ANOMALY_BAD_COUNT },
	{ "padding and agent", &mobile_extensions, { 0, 16, 6, 0, 1 }, 9, 9, NO_COUNT, 0, 2,
	  DECODE_OK, NONE },
	{ "pads and an option", &rpl_options, { 0, 0, 9, 4, 0, 0, 0, 1, 0 }, 9, 9, NO_COUNT, 0, 4,
	  DECODE_OK, NONE },
	{ "option longer than the message", &rpl_options, { 9, 4, 0, 0, 0 }, 5, 5, NO_COUNT, 0, 0,
	  DECODE_MALFORMED, ANOMALY_BAD_OPTION_LENGTH },
	{ "padding that is not zero", &rpl_options, { 1, 2, 0, 1 }, 4, 4, NO_COUNT, 0, 1,
	  DECODE_OK, ANOMALY_NONZERO_UNUSED },
	{ "16-bit type and length", &mld_extensions, { 0, 0, 0, 1, 7, 0xff, 0xff, 0, 0 }, 9, 9,
	  NO_COUNT, 0, 2, DECODE_OK, NONE },
	{ "length behind the flags", &rpl_metrics, { 3, 0, 0, 2, 0, 5 }, 6, 6, NO_COUNT, 0, 1,
	  DECODE_OK, NONE },
	{ "two matches", &prefix_matches, { 0 }, 48, 48, NO_COUNT, 0, 2, DECODE_OK, NONE },
	{ "a match and a half", &prefix_matches, { 0 }, 36, 36, NO_COUNT, 0, 1, DECODE_MALFORMED,
	  ANOMALY_BAD_OPTION_LENGTH },
	{ "operation with a use", &prefix_operations, { 1, 7 }, 56, 56, NO_COUNT, 0, 1, DECODE_OK,
	  NONE },
	{ "capabilities and padding", &card_capabilities, { 0, 5, 7, 0, 0, 9, 1, 0, 0, 0 }, 10, 10,
	  NO_COUNT, 0, 1, DECODE_OK, NONE },
	{ "seed-id and bits", &seed_infos, { 1, 1 << 2 | 1, 2, 3, 4, 9, 0 }, 7, 7, NO_COUNT, 0, 2,
	  DECODE_OK, NONE },
	{ "seed-id missing", &seed_infos, { 1, 3, 2, 3, 4 }, 5, 5, NO_COUNT, 0, 0,
	  DECODE_MALFORMED, ANOMALY_BAD_COUNT },
	{ "two via addresses", &rpl_via_addresses, { 1, 1, 2, 3, 4, 5 }, 6, 6, NO_COUNT, 0, 1,
	  DECODE_OK, NONE },
	{ "via of no known size", &rpl_via_addresses, { 1, 5, 2, 3, 4, 5 }, 6, 6, NO_COUNT, 0, 0,
	  DECODE_MALFORMED, ANOMALY_BAD_OPTION_LENGTH },
	{ "block named, block given", &context_blocks, { 0, 1, 0, 0, 0, 2, 1, 0, 9, 9, 9, 9 }, 12,
	  12, NO_COUNT, 0, 2, DECODE_OK, NONE },
	{ "no value for a flag", &rpl_options, { 6, 5, 0, 0, 0, 0, 1 }, 7, 7, NO_COUNT, 0, 1,
	  DECODE_OK, NONE },
	{ "extension too long", &mobile_extensions, { 16, 20 }, 9, 9, NO_COUNT, 0, 0,
	  DECODE_MALFORMED, ANOMALY_BAD_OPTION_LENGTH },
};
/* clang-format on */

static void
test_lists(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(list_cases); i++) {
		const struct list_case *row = &list_cases[i];
		struct list list =
		    list_open(row->type, cursor_over(row->bytes, row->captured, row->claimed),
			row->count, row->record_len);
		struct anomalies anomalies = { { 0 } };
		struct record record;

		while (list_next(&list, &record))
			anomalies_merge(&anomalies, &record.anomalies);
		anomalies_merge(&anomalies, &list.anomalies);
		if (list.read != row->read || list.rest.status != row->status ||
		    anomalies_any(&anomalies) != (row->anomaly != NONE) ||
		    (row->anomaly != NONE && !anomalies_has(&anomalies, row->anomaly)))
			fail_msg("%s: %u records, status %u", row->what, list.read,
			    (unsigned)list.rest.status);
	}
}

static void
test_values(void **state)
{
	static const uint8_t bytes[40] = {
		24,
		3,
		48,
		0x08,
		0,
		0,
		0x0e,
		0x10,
		0x20,
		0x01,
		0x0d,
		0xb8,
		0,
		1,
		[24] = 1,
		1,
		2,
		0,
		0x5e,
		0,
		0x53,
		1,
	};
	struct list list = list_open(&nd_options, cursor_over(bytes, 32, 32), NO_COUNT, 0);
	struct record record;

	(void)state;
	assert_true(list_next(&list, &record));
	assert_string_equal(record.row->name, "route_information");
	assert_int_equal(record.length, 24);
	assert_int_equal(record.values[0].number, 48);
	assert_int_equal(record.values[2].number, 1);
	assert_int_equal(record.values[4].number, 3600);
	assert_int_equal(record.values[5].address.bytes[5], 1);
	assert_true(list_next(&list, &record));
	assert_int_equal(record.type, 1);
	assert_int_equal(record.values[0].bytes.claimed, 6);
	assert_int_equal(record.values[0].bytes.next[0], 2);
	assert_false(list_next(&list, &record));
}

/* A record whose inside is broken keeps its earlier values. */
static void
test_partial_record(void **state)
{
	static const uint8_t bytes[36] = { 1, 0, 0, 2, 0xff, 0x02, [19] = 0x16, 0x20, 0x01 };
	struct list list = list_open(&mld_records, cursor_over(bytes, 36, 36), 1, 0);
	struct record record;
	struct addr source;

	(void)state;
	assert_true(list_next(&list, &record));
	assert_int_equal(record.status, DECODE_MALFORMED);
	assert_int_equal(record.value_count, 4);
	assert_int_equal(record.values[2].address.bytes[15], 0x16);
	assert_true(field_list_address(record.row->fields, record.values, 3, 0, &source));
	assert_int_equal(source.bytes[0], 0x20);
	assert_false(field_list_address(record.row->fields, record.values, 3, 1, &source));
}

/* The step budget: a huge message cannot keep us busy. */
static void
test_budget(void **state)
{
	static uint8_t bytes[(RECORD_LIST_MAX + 1) * 8];
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i += 8) {
		bytes[i] = 1;
		bytes[i + 1] = 1;
	}
	for (i = RECORD_LIST_MAX; i <= RECORD_LIST_MAX + 1; i++) {
		struct list list =
		    list_open(&nd_options, cursor_over(bytes, i * 8, i * 8), NO_COUNT, 0);
		struct record record;

		while (list_next(&list, &record))
			continue;
		assert_int_equal(list.read, RECORD_LIST_MAX);
		assert_int_equal(
		    anomalies_has(&list.anomalies, ANOMALY_BAD_COUNT), i > RECORD_LIST_MAX);
	}
}

/* Options inside an option inside an option: read, but not for ever. */
static void
test_nesting(void **state)
{
	uint8_t bytes[8 * 9];
	struct anomalies anomalies = { { 0 } };
	struct list list;
	uint32_t depth, i;

	(void)state;
	for (depth = 1; depth <= 8; depth++) {
		memset(bytes, 0, sizeof(bytes));
		for (i = 0; i < depth; i++) {
			/* RFC 8801 3.1, with the root as its name */
			bytes[i * 8] = 21;
			bytes[i * 8 + 1] = (uint8_t)(depth + 1 - i);
		}
		bytes[depth * 8] = 200; /* nobody's */
		bytes[depth * 8 + 1] = 1;
		anomalies = (struct anomalies){ { 0 } };
		list = list_open(&nd_options, cursor_over(bytes, (depth + 1) * 8, (depth + 1) * 8),
		    NO_COUNT, 0);
		list_check(&list, &anomalies);
		assert_int_equal(anomalies_has(&anomalies, ANOMALY_UNKNOWN_OPTION),
		    depth < RECORD_DEPTH_MAX);
	}
}

static void
test_rows(void **state)
{
	(void)state;
	assert_string_equal(list_row(&nd_options, 25)->name, "recursive_dns_server");
	assert_null(list_row(&nd_options, 22));
	assert_null(list_row(&nd_options, 0));
	assert_string_equal(list_row(&router_entries, 77)->name, "router_entry");
	assert_string_equal(list_row(&mobile_extensions, 0)->name, "one_byte_padding");
	assert_string_equal(list_row(&extension_objects, 0x0101)->name, "mpls_label_stack");
	assert_null(list_row(&extension_objects, 0x0102));
	assert_non_null(list_row(&extension_objects, 0x0212));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_partial_record),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
