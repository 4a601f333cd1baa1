/*
 * Domain names: labels, padding, compression, and names that are broken.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "decoders/dns_name.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a list of DNS names gives: the first name, then how reading ends. */
static const struct {
	const char *bytes;
	uint32_t len;
	const char *first; /* NULL when there is none */
	enum decode_status status;
} name_cases[] = {
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
test_names(void **state)
{
	char name[DNS_NAME_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(name_cases); i++) {
		struct cursor c = cursor_over(
		    (const uint8_t *)name_cases[i].bytes, name_cases[i].len, name_cases[i].len);
		bool found = dns_name_next(&c, cursor_empty(), name, sizeof(name));

		assert_int_equal(found, name_cases[i].first != NULL);
		if (found)
			assert_string_equal(name, name_cases[i].first);
		while (found)
			found = dns_name_next(&c, cursor_empty(), name, sizeof(name));
		assert_int_equal(c.status, name_cases[i].status);
	}
}

/* The longest name fits, one octet more is no name; a short buffer fails. */
static void
test_limits(void **state)
{
	char name[DNS_NAME_TEXT_SIZE];
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
	assert_true(dns_name_next(&c, cursor_empty(), name, sizeof(name)));
	assert_int_equal(strlen(name), 4 * 250 + 3);
	bytes[192] = 62;
	bytes[254] = 0xff;
	bytes[255] = 0;
	c = cursor_over(bytes, 256, 256);
	assert_false(dns_name_next(&c, cursor_empty(), name, sizeof(name)));
	assert_int_equal(c.status, DECODE_MALFORMED);
	c = cursor_over((const uint8_t *)"\7example", 9, 9);
	assert_true(dns_name_next(&c, cursor_empty(), name, 8));
	c = cursor_over((const uint8_t *)"\7example", 9, 9);
	assert_false(dns_name_next(&c, cursor_empty(), name, 7));
	assert_int_equal(c.status, DECODE_MALFORMED);
}

/* Messages whose names start at `start`; offsets count from the first octet. */
static const struct {
	const char *bytes;
	uint32_t len, start;
	const char *names; /* each with a blank behind it */
	enum decode_status status;
} compressed_cases[] = {
	{ "\1a\1b\0\1c\xc0\x02", 9, 0, "a.b c.b ", DECODE_OK },
	{ "xx\1a\0\xc0\x02\xc0\x02", 9, 2, "a a a ", DECODE_OK },
	{ "\1a\0\1b\xc0\x00\xc0\x03", 9, 0, "a b.a b.a ", DECODE_OK },
	{ "\1a\0\0\1b\1c\0", 9, 0, "a b.c ", DECODE_OK }, /* RFC 4620 6.2 */
	{ "\1a\0\0\1b\0\0", 8, 0, "a b ", DECODE_OK },
	{ "\1a\0\0\0\1b\0", 8, 0, "a ", DECODE_OK }, /* padding */
	{ "\1a\1b\0\0\1c\0", 9, 0, "a.b ", DECODE_OK },
	{ "\1a\0\xc0", 4, 0, "a ", DECODE_MALFORMED },
	{ "\xc0\x00", 2, 0, "", DECODE_MALFORMED },          /* to itself */
	{ "\1a\xc0\x00", 4, 0, "", DECODE_MALFORMED },       /* to its own start */
	{ "\1a\0\xc0\x05\1b\0", 8, 0, "a ", DECODE_MALFORMED }, /* forward */
	{ "\xc0\x02\xc0\x00", 4, 2, "", DECODE_MALFORMED },  /* back and forth */
	{ "\1a\0\xc1\x00", 5, 0, "a ", DECODE_MALFORMED },   /* beyond the end */
};

static void
test_compression(void **state)
{
	char name[DNS_NAME_TEXT_SIZE], all[DNS_NAME_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(compressed_cases); i++) {
		struct cursor whole = cursor_over((const uint8_t *)compressed_cases[i].bytes,
		    compressed_cases[i].len, compressed_cases[i].len);
		struct cursor c = whole;

		cursor_skip(&c, compressed_cases[i].start);
		all[0] = '\0';
		while (dns_name_next(&c, whole, name, sizeof(name))) {
			strcat(all, name);
			strcat(all, " ");
		}
		assert_string_equal(all, compressed_cases[i].names);
		assert_int_equal(c.status, compressed_cases[i].status);
	}
}

/* A chain of pointers, each a step further back: few are followed. */
static void
test_jumps(void **state)
{
	uint8_t bytes[3 + 2 * 40] = { 1, 'a', 0, 0xc0, 0 };
	struct cursor whole = cursor_over(bytes, sizeof(bytes), sizeof(bytes)), c = whole;
	char name[DNS_NAME_TEXT_SIZE];
	uint32_t i, found = 0;

	(void)state;
	for (i = 1; i < 40; i++) {
		bytes[3 + 2 * i] = 0xc0;
		bytes[4 + 2 * i] = (uint8_t)(1 + 2 * i);
	}
	while (dns_name_next(&c, whole, name, sizeof(name))) {
		assert_string_equal(name, "a");
		found++;
	}
	assert_int_equal(found, 1 + 16);
	assert_int_equal(c.status, DECODE_MALFORMED);
}

static void
test_cut(void **state)
{
	const uint8_t *bytes = (const uint8_t *)"\1a\2bc\0rest";
	struct cursor c = cursor_over(bytes, 10, 10), name = dns_name_cut(&c);

	(void)state;
	assert_int_equal(name.claimed, 6);
	assert_int_equal(c.claimed, 4);
	assert_int_equal(cursor_u8(&c), 'r');
	c = cursor_over(bytes, 4, 4);
	(void)dns_name_cut(&c);
	assert_int_equal(c.status, DECODE_MALFORMED);
	c = cursor_over(bytes, 4, 10);
	(void)dns_name_cut(&c);
	assert_int_equal(c.status, DECODE_TRUNCATED);
	c = cursor_over((const uint8_t *)"\xc0\0", 2, 2);
	(void)dns_name_cut(&c);
	assert_int_equal(c.status, DECODE_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_compression),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
