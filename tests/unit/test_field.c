/*
 * Fields: every kind read and written, partial and broken values, counts and
 * text forms. Rows of the tables themselves are test_types.c's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "decoders/field.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const uint8_t octets[] = {
	0x81,
	0x02,
	0x93,
	0x04,
	0xa5,
	0x06,
	0xb7,
	0x08,
	0xc9,
	0x0a,
	0xdb,
	0x0c,
};

static uint8_t
read_all(const struct field *fields, struct cursor c, union value *values,
    struct anomalies *anomalies, enum decode_status *status)
{
	*anomalies = (struct anomalies){ { 0 } };
	return field_read_all(fields, c, values, anomalies, status);
}

/* Numbers of any position and width. */
/* clang-format off */
static const struct {
	enum field_kind kind;
	uint16_t bit, bits;
	int64_t expected;
} number_cases[] = {
	{ FIELD_UINT, 0, 8, 0x81 },
	{ FIELD_UINT, 8, 16, 0x0293 },
	{ FIELD_UINT, 16, 32, INT64_C(0x9304a506) },
	{ FIELD_UINT, 0, 48, INT64_C(0x81029304a506) },
	{ FIELD_UINT, 24, 24, 0x04a506 },
	{ FIELD_UINT, 4, 8, 0x10 },
	{ FIELD_UINT, 19, 13, 0x1304 },
	{ FIELD_UINT, 32, 64, (int64_t)UINT64_C(0xa506b708c90adb0c) },
	{ FIELD_FLAG, 0, 1, 1 },
	{ FIELD_FLAG, 1, 1, 0 },
	{ FIELD_FLAG, 15, 1, 0 },
	{ FIELD_FLAG, 14, 1, 1 },
	{ FIELD_ENUM, 16, 3, 4 },
	{ FIELD_INT, 0, 8, -127 },
	{ FIELD_INT, 8, 8, 2 },
	{ FIELD_INT, 0, 32, (int32_t)0x81029304 },
	{ FIELD_INT, 32, 64, (int64_t)UINT64_C(0xa506b708c90adb0c) },
};
/* clang-format on */

static void
test_numbers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(number_cases); i++) {
		struct field fields[] = { { .name = "x",
					      .kind = number_cases[i].kind,
					      .bit = number_cases[i].bit,
					      .bits = number_cases[i].bits },
			F_END };
		uint8_t copy[sizeof(octets)] = { 0 };
		struct anomalies anomalies;
		enum decode_status status;
		union value value;

		assert_int_equal(
		    read_all(fields, cursor_over(octets, sizeof(octets), sizeof(octets)), &value,
			&anomalies, &status),
		    1);
		assert_int_equal(status, DECODE_OK);
		assert_true(value.integer == number_cases[i].expected);
		assert_true(field_write(fields, &value, copy, sizeof(copy)));
		read_all(fields, cursor_over(copy, sizeof(copy), sizeof(copy)), &value, &anomalies,
		    &status);
		assert_true(value.integer == number_cases[i].expected);
		assert_false(field_write(
		    fields, &value, copy, (fields[0].bit + fields[0].bits + 7u) / 8u - 1));
	}
}

static void
test_write_keeps_neighbours(void **state)
{
	const struct field field = F_BITS("x", 11, 3);
	const union value zero = { .number = 0 }, seven = { .number = 7 };
	uint8_t out[3] = { 0xff, 0xff, 0xff };

	(void)state;
	assert_true(field_write(&field, &zero, out, sizeof(out)));
	assert_int_equal(out[0], 0xff);
	assert_int_equal(out[1], 0xe3);
	assert_int_equal(out[2], 0xff);
	assert_true(field_write(&field, &seven, out, sizeof(out)));
	assert_int_equal(out[1], 0xff);
}

static void
test_unused(void **state)
{
	const struct field fields[] = { F_UNUSED(0, 16), F_U8("x", 2), F_END };
	const uint8_t clean[] = { 0, 0, 7 }, dirty[] = { 0, 1, 7 };
	struct anomalies anomalies;
	enum decode_status status;
	union value values[2];

	(void)state;
	assert_int_equal(
	    read_all(fields, cursor_over(clean, 3, 3), values, &anomalies, &status), 2);
	assert_false(anomalies_any(&anomalies));
	assert_int_equal(
	    read_all(fields, cursor_over(dirty, 3, 3), values, &anomalies, &status), 2);
	assert_true(anomalies_has(&anomalies, ANOMALY_NONZERO_UNUSED));
	assert_int_equal(values[1].number, 7);
}

/* How many values are read of what is there, and why no more. */
/* clang-format off */
static const struct {
	uint32_t captured, claimed;
	uint8_t count;
	enum decode_status status;
} cut_cases[] = {
	{ 8, 8, 3, DECODE_OK },
	{ 12, 12, 3, DECODE_OK },
	{ 7, 8, 2, DECODE_TRUNCATED },
	{ 7, 7, 2, DECODE_MALFORMED },
	{ 4, 8, 2, DECODE_TRUNCATED },
	{ 3, 8, 1, DECODE_TRUNCATED },
	{ 3, 3, 1, DECODE_MALFORMED },
	{ 0, 8, 0, DECODE_TRUNCATED },
	{ 0, 0, 0, DECODE_MALFORMED },
};
/* clang-format on */

static void
test_cuts(void **state)
{
	const struct field fields[] = { F_U16("a", 0), F_U16("b", 2), F_U32("c", 4), F_END };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cut_cases); i++) {
		struct anomalies anomalies;
		enum decode_status status;
		union value values[3];

		assert_int_equal(
		    read_all(fields,
			cursor_over(octets, cut_cases[i].captured, cut_cases[i].claimed), values,
			&anomalies, &status),
		    cut_cases[i].count);
		assert_int_equal(status, cut_cases[i].status);
	}
}

static void
test_no_fields(void **state)
{
	struct anomalies anomalies;
	enum decode_status status;
	union value value;

	(void)state;
	assert_int_equal(read_all(NULL, cursor_over(octets, 4, 4), &value, &anomalies, &status), 0);
	assert_int_equal(status, DECODE_OK);
}

/* A count of two addresses, what is there of them, and data behind them. */
static void
test_counted_list(void **state)
{
	const struct field fields[] = { F_U8("count", 0), F_COUNTED("list", FIELD_IP4_LIST, 1, 1),
		F_AFTER("data", FIELD_BYTES), F_END };
	const uint8_t bytes[] = { 2, 192, 0, 2, 1, 192, 0, 2, 2, 0xaa, 0xbb };
	struct anomalies anomalies;
	enum decode_status status;
	union value values[3];
	struct addr address;

	(void)state;
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 11, 11), values, &anomalies, &status), 3);
	assert_int_equal(status, DECODE_OK);
	assert_true(field_list_address(fields, values, 1, 1, &address));
	assert_int_equal(address.bytes[3], 2);
	assert_false(field_list_address(fields, values, 1, 2, &address));
	assert_int_equal(values[2].bytes.claimed, 2);
	assert_int_equal(field_extent(fields, values, 3), 11);
	assert_int_equal(field_extent(fields, values, 2), 9);

	/* the sender promised more than it sent: the first one is shown */
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 6, 6), values, &anomalies, &status), 2);
	assert_int_equal(status, DECODE_MALFORMED);
	assert_true(anomalies_has(&anomalies, ANOMALY_BAD_COUNT));
	assert_true(field_list_address(fields, values, 1, 0, &address));
	assert_false(field_list_address(fields, values, 1, 1, &address));

	/* the capture was cut: likewise, and nobody is to blame */
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 6, 11), values, &anomalies, &status), 2);
	assert_int_equal(status, DECODE_TRUNCATED);
	assert_false(anomalies_any(&anomalies));
	assert_true(field_list_address(fields, values, 1, 0, &address));
	assert_false(field_list_address(fields, values, 1, 1, &address));
}

/* RFC 8106 5.3.1: an RDNSS option of an even length holds half an address. */
static void
test_list_remainder(void **state)
{
	const struct field fields[] = { F_REST("list", FIELD_IP6_LIST, 0), F_END };
	const uint8_t bytes[24] = { 0x20, 0x01 };
	struct anomalies anomalies;
	enum decode_status status;
	struct addr address;
	union value value;

	(void)state;
	read_all(fields, cursor_over(bytes, 16, 16), &value, &anomalies, &status);
	assert_false(anomalies_any(&anomalies));
	read_all(fields, cursor_over(bytes, 24, 24), &value, &anomalies, &status);
	assert_true(anomalies_has(&anomalies, ANOMALY_BAD_OPTION_LENGTH));
	assert_true(field_list_address(fields, &value, 0, 0, &address));
	assert_false(field_list_address(fields, &value, 0, 1, &address));
}

static void
test_prefix(void **state)
{
	const struct field rest[] = { F_REST("p", FIELD_IP6_PREFIX, 0), F_END };
	const struct field fixed[] = {
		{ .name = "p", .kind = FIELD_IP6_PREFIX, .bit = 0, .bits = 96 }, F_END
	};
	const uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	struct anomalies anomalies;
	enum decode_status status;
	union value value;

	(void)state;
	assert_int_equal(read_all(rest, cursor_over(bytes, 0, 0), &value, &anomalies, &status), 1);
	assert_true(addr_is_unspecified(&value.address));
	assert_int_equal(read_all(rest, cursor_over(bytes, 8, 8), &value, &anomalies, &status), 1);
	assert_int_equal(value.address.bytes[7], 4);
	assert_int_equal(value.address.bytes[8], 0);
	assert_int_equal(read_all(rest, cursor_over(bytes, 4, 8), &value, &anomalies, &status), 0);
	assert_int_equal(status, DECODE_TRUNCATED);
	assert_int_equal(
	    read_all(fixed, cursor_over(bytes, 16, 16), &value, &anomalies, &status), 1);
	assert_int_equal(value.address.bytes[11], 8);
	assert_int_equal(value.address.bytes[12], 0);
}

/* A field that another one decides on; what is behind moves up without it. */
static void
test_conditions(void **state)
{
	const struct field fields[] = {
		F_FLAG("has_number", 0),
		F_BITS("version", 1, 2),
		F_UNUSED(3, 5),
		F_THEN("number", FIELD_UINT, 16, WHEN(1, 1)),
		F_THEN("address", FIELD_IP4, 32, WHEN(2, 1)),
		F_THEN("address", FIELD_IP6, 128, WHEN_IN(2, 2, 3)),
		F_NEXT("end", FIELD_UINT, 8),
		F_END
	};
	uint8_t bytes[24] = { 0, 0xaa, 0xbb, 192, 0, 2, 1, 0xee, [17] = 0xef, [19] = 0xed };
	union value values[FIELD_VALUES_MAX];
	struct anomalies anomalies;
	enum decode_status status;

	(void)state;
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 24, 24), values, &anomalies, &status), 7);
	assert_false(field_is_present(fields, values, 3));
	assert_int_equal(values[3].number, 0);
	assert_int_equal(values[4].address.version, 0);
	assert_int_equal(values[6].number, 0xaa);
	assert_int_equal(field_extent(fields, values, 7), 2);
	bytes[0] = 0x80 | 0x20;
	read_all(fields, cursor_over(bytes, 24, 24), values, &anomalies, &status);
	assert_int_equal(values[3].number, 0xaabb);
	assert_true(field_is_present(fields, values, 4));
	assert_int_equal(values[4].address.bytes[0], 192);
	assert_false(field_is_present(fields, values, 5));
	assert_int_equal(values[6].number, 0xee);
	assert_int_equal(field_extent(fields, values, 7), 8);
	bytes[0] = 0x40;
	read_all(fields, cursor_over(bytes, 24, 24), values, &anomalies, &status);
	assert_int_equal(values[5].address.version, 6);
	assert_int_equal(values[6].number, 0xef);
	assert_int_equal(field_extent(fields, values, 7), 18);
	/* the condition holds, but the octets are not there */
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 9, 9), values, &anomalies, &status), 5);
	assert_int_equal(status, DECODE_MALFORMED);
}

/* The rest that a message may end in front of, and what counts it. */
static void
test_optional(void **state)
{
	const struct field fields[] = {
		F_U8("first", 0),
		F_THEN("len", FIELD_UINT, 16, .may_end = true),
		F_RULED("data", FIELD_BYTES, .octets_of = 2),
		F_END
	};
	static const uint8_t bytes[] = { 1, 0, 2, 0xaa, 0xbb, 0xcc };
	union value values[FIELD_VALUES_MAX];
	struct anomalies anomalies;
	enum decode_status status;

	(void)state;
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 1, 1), values, &anomalies, &status), 1);
	assert_int_equal(status, DECODE_OK);
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 2, 2), values, &anomalies, &status), 1);
	assert_int_equal(status, DECODE_OK);
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 6, 6), values, &anomalies, &status), 3);
	assert_int_equal(values[2].bytes.claimed, 2);
	assert_int_equal(field_extent(fields, values, 3), 5);
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 4, 4), values, &anomalies, &status), 3);
	assert_int_equal(status, DECODE_MALFORMED);
	assert_true(anomalies_has(&anomalies, ANOMALY_BAD_COUNT));
	assert_int_equal(values[2].bytes.claimed, 1);
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 1, 6), values, &anomalies, &status), 1);
	assert_int_equal(status, DECODE_TRUNCATED);
}

/* Lengths told by other numbers: prefix bits, elided octets, padding behind. */
static void
test_lengths(void **state)
{
	const struct field fields[] = {
		F_U8("prefix_length", 0),
		F_BITS("compr", 8, 4),
		F_BITS("spare", 12, 4),
		F_RULED("prefix", FIELD_IP6_PREFIX, .octets_of = 1, .octets = field_prefix_octets),
		F_RULED("suffix", FIELD_IP6_SUFFIX, .item_of = 2, .item = field_unelided_octets),
		F_RULED("numbers", FIELD_NUMBERS, .spare_of = 3, .item_len = 2),
		F_END
	};
	static const uint8_t bytes[] = { 17, 0xe2, 0x20, 0x01, 0x80, 0xaa, 0xbb, 1, 2, 3, 4, 0, 0 };
	union value values[FIELD_VALUES_MAX];
	struct anomalies anomalies;
	enum decode_status status;
	uint64_t number;

	(void)state;
	assert_int_equal(read_all(fields, cursor_over(bytes, sizeof(bytes), sizeof(bytes)), values,
			     &anomalies, &status), 6);
	assert_int_equal(status, DECODE_OK);
	assert_int_equal(values[3].address.bytes[2], 0x80);
	assert_int_equal(values[3].address.bytes[3], 0);
	assert_int_equal(values[4].address.bytes[13], 0);
	assert_int_equal(values[4].address.bytes[14], 0xaa);
	assert_int_equal(values[5].bytes.claimed, 4);
	assert_true(field_list_number(fields, values, 5, 1, &number));
	assert_int_equal(number, 0x0304);
	assert_false(field_list_number(fields, values, 5, 2, &number));
	assert_int_equal(field_extent(fields, values, 6), 11);
}

/* A prefix of more bits than an address has, more padding than there is. */
static void
test_bad_lengths(void **state)
{
	const struct field prefix[] = {
		F_U8("prefix_length", 0),
		F_RULED("prefix", FIELD_IP6_PREFIX, .octets_of = 1, .octets = field_prefix_octets),
		F_END
	};
	const struct field padded[] = {
		F_U8("spare", 0), F_RULED("data", FIELD_BYTES, .spare_of = 1), F_END
	};
	const uint8_t bytes[40] = { 200 };
	union value values[FIELD_VALUES_MAX];
	struct anomalies anomalies;
	enum decode_status status;

	(void)state;
	assert_int_equal(
	    read_all(prefix, cursor_over(bytes, 40, 40), values, &anomalies, &status), 1);
	assert_int_equal(status, DECODE_MALFORMED);
	assert_int_equal(
	    read_all(padded, cursor_over(bytes, 40, 40), values, &anomalies, &status), 2);
	assert_int_equal(status, DECODE_MALFORMED);
	assert_true(anomalies_has(&anomalies, ANOMALY_BAD_COUNT));
}

/* A DER value is as long as it says, and no longer than the field. */
static void
test_der(void **state)
{
	const struct field fields[] = {
		F_REST("first", FIELD_DER, 0), F_AFTER("rest", FIELD_BYTES), F_END
	};
	static const struct {
		uint8_t bytes[8];
		uint32_t first;
	} cases[] = {
		{ { 0x30, 2, 5, 0, 9 }, 4 },
		{ { 0x30, 0x81, 3, 1, 2, 3, 9 }, 6 },
		{ { 0x30, 0x82, 0, 1, 7, 9 }, 5 },
		{ { 0x30, 0 }, 2 },
		{ { 0x30, 9 }, 8 },          /* longer than there is */
		{ { 0x30, 0x80, 1 }, 8 },    /* without an end */
		{ { 0x30, 0x85, 1 }, 8 },
	};
	union value values[FIELD_VALUES_MAX];
	struct anomalies anomalies;
	enum decode_status status;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		read_all(fields, cursor_over(cases[i].bytes, 8, 8), values, &anomalies, &status);
		assert_int_equal(status, DECODE_OK);
		assert_int_equal(values[0].bytes.claimed, cases[i].first);
		assert_int_equal(values[1].bytes.claimed, 8 - cases[i].first);
	}
}

static void
test_padding(void **state)
{
	const struct field fields[] = {
		F_U8("first", 0), F_RULED("padding", FIELD_PADDING, .item_len = 4),
		F_NEXT("next", FIELD_UINT, 8), F_END
	};
	uint8_t bytes[5] = { 1, 0, 0, 0, 2 };
	union value values[FIELD_VALUES_MAX];
	struct anomalies anomalies;
	enum decode_status status;

	(void)state;
	read_all(fields, cursor_over(bytes, 5, 5), values, &anomalies, &status);
	assert_int_equal(values[2].number, 2);
	assert_false(anomalies_any(&anomalies));
	bytes[3] = 1;
	read_all(fields, cursor_over(bytes, 5, 5), values, &anomalies, &status);
	assert_true(anomalies_has(&anomalies, ANOMALY_NONZERO_UNUSED));
}

/* RFC 4944 8: an EUI-64 and six zeros fill an option of two units. */
static void
test_link_address(void **state)
{
	static const struct {
		uint8_t bytes[14];
		uint32_t len, octets;
	} cases[] = {
		{ { 2, 0, 0, 0, 0, 1 }, 6, 6 },
		{ { 2, 0, 0, 0, 0, 1, 0, 2 }, 8, 8 },
		{ { 2, 0, 0, 0, 0, 1, 0, 0 }, 8, 8 },
		{ { 2, 0, 0, 0, 0, 1, 0, 2 }, 14, 8 },
		{ { 2, 0, 0, 0, 0, 1 }, 14, 8 },
		{ { 2, 0, 0, 0, 0, 1 }, 13, 6 }, /* RFC 5568 6.4.3: an octet less */
		{ { 2, 0, 0, 0, 0, 1, 0, 2 }, 13, 8 },
		{ { 2, 0, 0, 0, 0, 1, 0, 2, 3 }, 14, 0 },
		{ { 2, 0, 0, 0, 0 }, 5, 0 },
		{ { 0 }, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cursor whole = cursor_over(cases[i].bytes, cases[i].len, cases[i].len);
		struct cursor cut = cursor_over(cases[i].bytes, cases[i].len / 2, cases[i].len);

		assert_int_equal(field_link_address_octets(whole), cases[i].octets);
		assert_int_equal(field_link_address_octets(cut), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_address),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_write_keeps_neighbours),
		cmocka_unit_test(test_unused),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_no_fields),
		cmocka_unit_test(test_counted_list),
		cmocka_unit_test(test_list_remainder),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_optional),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_der),
		cmocka_unit_test(test_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
