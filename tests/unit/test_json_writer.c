/*
 * The JSON writer, held against json-c's parser: every byte value, damaged
 * UTF-8, the ranges of numbers and times, and the vanishing of what is empty.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/sink/json_writer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int
make_writer(void **state)
{
	*state = json_writer_new(false);
	return *state == NULL;
}

static int
free_writer(void **state)
{
	json_writer_free(*state);
	return 0;
}

/* Ends the text and checks it to be a line; returns it without its newline. */
static const char *
end(struct json_writer *w)
{
	static char copy[1 << 20];
	const char *text;
	size_t len;

	text = json_end(w, &len);
	assert_non_null(text);
	assert_true(len < sizeof(copy));
	assert_int_equal(text[len - 1], '\n');
	memcpy(copy, text, len);
	copy[len - 1] = '\0';
	assert_null(strchr(copy, '\n'));
	return copy;
}

/* Parses strictly, as a reader of events would. */
static struct json_object *
parse(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	return object;
}

/* Writes `bytes` as a string, checks that it is harmless, and parses it back. */
static void
round_trip(struct json_writer *w, const char *bytes, size_t len, const char *expected,
    bool is_clean)
{
	struct json_object *object, *member;
	const char *text;
	size_t i;

	json_begin(w);
	assert_int_equal(json_string(w, "k", bytes, len), is_clean);
	text = end(w);
	for (i = 0; text[i] != '\0'; i++) {
		assert_true((uint8_t)text[i] >= ' ' && text[i] != 0x7f);
		assert_false((uint8_t)text[i] == 0xc2 && (uint8_t)text[i + 1] < 0xa0);
	}
	assert_null(strstr(text, "\xe2\x80\xa8"));
	assert_null(strstr(text, "\xe2\x80\xa9"));
	object = parse(text);
	assert_true(json_object_object_get_ex(object, "k", &member));
	assert_int_equal(json_object_get_string_len(member), strlen(expected));
	assert_memory_equal(json_object_get_string(member), expected, strlen(expected));
	json_object_put(object);
}

/* Every byte at every place of a string that is read in words of eight. */
static void
test_every_byte(void **state)
{
	char bytes[21], expected[32];
	size_t at;
	int i;

	for (i = 1; i < 256; i++) {
		for (at = 0; at < sizeof(bytes) - 1; at++) {
			memset(bytes, 'x', sizeof(bytes) - 1);
			bytes[sizeof(bytes) - 1] = '\0';
			bytes[at] = (char)i;
			snprintf(expected, sizeof(expected), "%.*s%s%s", (int)at, bytes,
			    "\xef\xbf\xbd", bytes + at + 1);
			round_trip(*state, bytes, strlen(bytes), i < 128 ? bytes : expected,
			    i < 128);
		}
	}
}

static void
test_nul_byte(void **state)
{
	json_begin(*state);
	assert_true(json_string(*state, "k", "a\0b", 3));
	assert_string_equal(end(*state), "{\"k\":\"a\\u0000b\"}");
}

static void
test_escapes(void **state)
{
	json_begin(*state);
	json_text(*state, "k", "\"\\/\b\f\n\r\t\x01\x1f\x7f\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9");
	assert_string_equal(end(*state), "{\"k\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f"
	    "\\u009b\\u2028\\u2029\"}");
}

/* What would show the text behind it in another order. */
static void
test_bidi(void **state)
{
	json_begin(*state);
	json_text(*state, "k", "\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xab"
	    "\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9");
	assert_string_equal(end(*state), "{\"k\":\"\\u061c\\u200e\\u200f\\u202a\\u202b\\u202c"
	    "\\u202d\\u202e\\u2066\\u2067\\u2068\\u2069\"}");
	json_begin(*state);
	json_text(*state, "k", "\xd8\x9b\xe2\x80\x8d\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa");
	assert_string_equal(end(*state),
	    "{\"k\":\"\xd8\x9b\xe2\x80\x8d\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa\"}");
}

static void
test_utf8(void **state)
{
#define BAD "\xef\xbf\xbd"
	static const struct {
		const char *bytes, *expected;
		bool is_clean;
	} cases[] = {
		{ "Gr\xc3\xb6\xc3\x9f" "e", "Gr\xc3\xb6\xc3\x9f" "e", true },
		{ "\xe2\x82\xac", "\xe2\x82\xac", true },
		{ "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7", true },
		{ "\xef\xbf\xbd", "\xef\xbf\xbd", true }, /* U+FFFD itself */
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", true }, /* U+10FFFF */
		{ "\xc0\xaf", BAD BAD, false }, /* overlong "/" */
		{ "\xe0\x80\xaf", BAD BAD BAD, false },
		{ "\xf0\x80\x80\xaf", BAD BAD BAD BAD, false },
		{ "\xed\xa0\x80", BAD BAD BAD, false }, /* surrogate */
		{ "\xf4\x90\x80\x80", BAD BAD BAD BAD, false }, /* past U+10FFFF */
		{ "\xf5\x80\x80\x80", BAD BAD BAD BAD, false },
		{ "\x80", BAD, false },
		{ "\xe2\x82", BAD, false }, /* cut: one for the whole */
		{ "\xe2\x82x", BAD "x", false },
		{ "\xf0\x9f\x90", BAD, false },
		{ "\xc3", BAD, false },
		{ "\xc3\"", BAD "\"", false },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		round_trip(*state, cases[i].bytes, strlen(cases[i].bytes), cases[i].expected,
		    cases[i].is_clean);
}

/* Long strings, and a text that outgrows the first buffer many times. */
static void
test_long_strings(void **state)
{
	enum { LONG = 150000 };
	char *bytes = malloc(LONG + 1);
	size_t len;

	assert_non_null(bytes);
	bytes[LONG] = '\0';
	for (len = 0; len < LONG; len++)
		bytes[len] = len % 4097 == 0 ? '"' : 'x';
	for (len = LONG - 2; len <= LONG; len++) {
		bytes[len] = '\0';
		round_trip(*state, bytes, len, bytes, true);
		bytes[len] = 'x';
	}
	free(bytes);
}

static void
test_numbers(void **state)
{
	struct json_writer *w = *state;

	json_begin(w);
	json_open_array(w, "u");
	json_uint(w, NULL, 0);
	json_uint(w, NULL, 9);
	json_uint(w, NULL, 10);
	json_uint(w, NULL, 99);
	json_uint(w, NULL, 100);
	json_uint(w, NULL, 65535);
	json_uint(w, NULL, UINT64_C(1) << 53);
	json_uint(w, NULL, (UINT64_C(1) << 53) + 1);
	json_uint(w, NULL, UINT64_MAX);
	json_close(w);
	json_open_array(w, "i");
	json_int(w, NULL, -1);
	json_int(w, NULL, -(INT64_C(1) << 53));
	json_int(w, NULL, -(INT64_C(1) << 53) - 1);
	json_int(w, NULL, INT64_MIN);
	json_int(w, NULL, 1234567);
	json_close(w);
	json_flag(w, "t", true);
	json_flag(w, "f", false);
	json_hex64(w, "h", UINT64_C(0x0123456789abcdef));
	assert_string_equal(end(w), "{\"u\":[0,9,10,99,100,65535,9007199254740992,"
	    "\"9007199254740993\",\"18446744073709551615\"],"
	    "\"i\":[-1,-9007199254740992,\"-9007199254740993\",\"-9223372036854775808\","
	    "1234567],\"t\":true,\"f\":false,\"h\":\"0123456789abcdef\"}");
}

static void
test_times(void **state)
{
	static const struct {
		uint64_t when_ns;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000000000Z" },
		{ 1, "1970-01-01T00:00:00.000000001Z" },
		{ UINT64_C(951782400000000000), "2000-02-29T00:00:00.000000000Z" },
		{ UINT64_C(951868799999999999), "2000-02-29T23:59:59.999999999Z" },
		{ UINT64_C(951868800000000000), "2000-03-01T00:00:00.000000000Z" },
		{ UINT64_C(1704067199123456789), "2023-12-31T23:59:59.123456789Z" },
		{ UINT64_C(1704067200000000000), "2024-01-01T00:00:00.000000000Z" },
		{ UINT64_C(1704067199123456789), "2023-12-31T23:59:59.123456789Z" },
		{ UINT64_C(4107542399000000000), "2100-02-28T23:59:59.000000000Z" },
		{ UINT64_C(4107542400000000000), "2100-03-01T00:00:00.000000000Z" },
		{ UINT64_C(4294967295000000000), "2106-02-07T06:28:15.000000000Z" },
		{ UINT64_MAX, "2554-07-21T23:34:33.709551615Z" },
	};
	char expected[64];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		json_begin(*state);
		json_time(*state, "t", cases[i].when_ns);
		snprintf(expected, sizeof(expected), "{\"t\":\"%s\"}", cases[i].text);
		assert_string_equal(end(*state), expected);
	}
}

static void
test_empty_vanishes(void **state)
{
	struct json_writer *w = *state;
	struct addr none = { 0 };

	json_begin(w);
	json_open_object(w, "a");
	json_open_object(w, "b");
	json_open_array(w, "c");
	json_close(w);
	json_text(w, "d", NULL);
	json_text(w, "e", "");
	json_addr(w, "f", &none);
	json_hex(w, "g", cursor_empty());
	json_close(w);
	json_close(w);
	assert_string_equal(end(w), "{}");

	json_begin(w);
	json_open_object(w, "a");
	json_open_array(w, "b");
	json_open_object(w, NULL);
	json_uint(w, "c", 1);
	json_close(w);
	json_open_object(w, NULL);
	json_close(w);
	json_open_object(w, NULL);
	json_uint(w, "c", 2);
	json_close(w);
	json_close(w);
	json_open_object(w, "d");
	json_close(w);
	json_close(w);
	json_uint(w, "e", 3);
	assert_string_equal(end(w), "{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]},\"e\":3}");
}

static void
test_addresses(void **state)
{
	static const uint8_t octets[] = { 0x00, 0x9f, 0xff };
	const struct addr v4 = { { 192, 0, 2, 255 }, 4 };
	const struct addr v6 = { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, 6 };
	const struct mac mac = { { 0, 0, 0x5e, 0, 0x53, 1 } };

	json_begin(*state);
	json_addr(*state, "v4", &v4);
	json_addr(*state, "v6", &v6);
	json_mac(*state, "mac", &mac);
	json_hex(*state, "hex", cursor_over(octets, 3, 4));
	assert_string_equal(end(*state), "{\"v4\":\"192.0.2.255\",\"v6\":\"2001:db8::1\","
	    "\"mac\":\"00:00:5e:00:53:01\",\"hex\":\"009fff\"}");
}

static void
test_indent(void **state)
{
	static const char expected[] = "{\n  \"a\": 1,\n  \"b\": [\n    \"x\",\n    {\n"
	    "      \"c\": 2\n    }\n  ]\n}\n";
	struct json_writer *w = json_writer_new(true);
	const char *text;
	size_t len;

	(void)state;
	assert_non_null(w);
	json_begin(w);
	json_uint(w, "a", 1);
	json_open_array(w, "b");
	json_text(w, NULL, "x");
	json_open_object(w, NULL);
	json_uint(w, "c", 2);
	json_close(w);
	json_close(w);
	text = json_end(w, &len);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(text, expected, len);
	json_writer_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_bidi),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_empty_vanishes),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_indent),
	};

	return cmocka_run_group_tests(tests, make_writer, free_writer);
}
