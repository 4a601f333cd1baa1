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
	assert_true(field_list_address(&fields[1], &values[1], 1, &address));
	assert_int_equal(address.bytes[3], 2);
	assert_false(field_list_address(&fields[1], &values[1], 2, &address));
	assert_int_equal(values[2].bytes.claimed, 2);
	assert_int_equal(field_extent(fields, values, 3), 11);
	assert_int_equal(field_extent(fields, values, 2), 9);

	/* the sender promised more than it sent: the first one is shown */
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 6, 6), values, &anomalies, &status), 2);
	assert_int_equal(status, DECODE_MALFORMED);
	assert_true(anomalies_has(&anomalies, ANOMALY_BAD_COUNT));
	assert_true(field_list_address(&fields[1], &values[1], 0, &address));
	assert_false(field_list_address(&fields[1], &values[1], 1, &address));

	/* the capture was cut: likewise, and nobody is to blame */
	assert_int_equal(
	    read_all(fields, cursor_over(bytes, 6, 11), values, &anomalies, &status), 2);
	assert_int_equal(status, DECODE_TRUNCATED);
	assert_false(anomalies_any(&anomalies));
	assert_true(field_list_address(&fields[1], &values[1], 0, &address));
	assert_false(field_list_address(&fields[1], &values[1], 1, &address));
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
	assert_true(field_list_address(&fields[0], &value, 0, &address));
	assert_false(field_list_address(&fields[0], &value, 1, &address));
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

/* What a list of DNS names gives: the first name, then how reading ends. */
static const struct {
	const char *bytes;
	uint32_t len;
	const char *first; /* NULL when there is none */
	enum decode_status status;
} dns_cases[] = {
	{ "\7example\3com\0", 13, "example.com", DECODE_OK },
	{ "\7example\3com\0\0\0\0", 16, "example.com", DECODE_OK },
	{ "\1a\0\1b\0", 6, "a", DECODE_OK },
	{ "\0\0\0", 3, NULL, DECODE_OK },
	{ "", 0, NULL, DECODE_OK },
	{ "\4a.\\\x01\0", 6, "a\\.\\\\\\001", DECODE_OK },
	{ "\3\xff b\0", 5, "\\255\\032b", DECODE_OK },
	{ "\7exam", 5, NULL, DECODE_MALFORMED },
	{ "\7example", 8, NULL, DECODE_MALFORMED },
	{ "\xc0\x0c", 2, NULL, DECODE_MALFORMED },
	{ "\1a\x40"
	  "b",
	    4, NULL, DECODE_MALFORMED },
};

static void
test_dns_names(void **state)
{
	char name[FIELD_DNS_NAME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(dns_cases); i++) {
		struct cursor c = cursor_over(
		    (const uint8_t *)dns_cases[i].bytes, dns_cases[i].len, dns_cases[i].len);
		bool found = field_next_dns_name(&c, name, sizeof(name));

		assert_int_equal(found, dns_cases[i].first != NULL);
		if (found)
			assert_string_equal(name, dns_cases[i].first);
		while (found)
			found = field_next_dns_name(&c, name, sizeof(name));
		assert_int_equal(c.status, dns_cases[i].status);
	}
}

/* The longest name fits, one octet more is no name; a short buffer fails. */
static void
test_dns_limits(void **state)
{
	char name[FIELD_DNS_NAME_SIZE];
	uint8_t bytes[300];
	struct cursor c;
	uint32_t at;

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	for (at = 0; at < 192; at += 64)
		bytes[at] = 63;
	bytes[192] = 61;
	bytes[254] = 0;
	c = cursor_over(bytes, 255, 255);
	assert_true(field_next_dns_name(&c, name, sizeof(name)));
	assert_int_equal(strlen(name), 4 * 250 + 3);
	bytes[192] = 62;
	bytes[254] = 0xff;
	bytes[255] = 0;
	c = cursor_over(bytes, 256, 256);
	assert_false(field_next_dns_name(&c, name, sizeof(name)));
	assert_int_equal(c.status, DECODE_MALFORMED);
	c = cursor_over((const uint8_t *)"\7example", 9, 9);
	assert_true(field_next_dns_name(&c, name, 8));
	c = cursor_over((const uint8_t *)"\7example", 9, 9);
	assert_false(field_next_dns_name(&c, name, 7));
	assert_int_equal(c.status, DECODE_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_write_keeps_neighbours),
		cmocka_unit_test(test_unused),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_no_fields),
		cmocka_unit_test(test_counted_list),
		cmocka_unit_test(test_list_remainder),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_dns_names),
		cmocka_unit_test(test_dns_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
