/* Addresses: text against RFC 5952's own examples, scope, order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "decoders/addr.h"

static struct addr
parse(const char *text)
{
	struct addr a = { 0 };

	if (strchr(text, ':') != NULL) {
		a.version = 6;
		assert_int_equal(inet_pton(AF_INET6, text, a.bytes), 1);
	} else if (*text != '\0') {
		a.version = 4;
		assert_int_equal(inet_pton(AF_INET, text, a.bytes), 1);
	}
	return a;
}

static void
writes_rfc5952(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "192.0.2.10", "192.0.2.10" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:0db8::0001", "2001:db8::1" },
		{ "2001:db8:0:0:0:0:2:1", "2001:db8::2:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:DB8::ABCD", "2001:db8::abcd" },
		{ "0:0:1:0:0:0:0:0", "0:0:1::" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:0:0", "::ffff:0.0.0.0" },
		{ "::c000:201", "::c000:201" },
		{ "64:ff9b::c000:201", "64:ff9b::c000:201" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	char text[ADDR_TEXT_SIZE];
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		a = parse(cases[i].in);
		assert_int_equal(addr_text(&a, text), strlen(cases[i].out));
		assert_string_equal(text, cases[i].out);
	}
}

/* Every pattern of zero groups comes back as the same address. */
static void
round_trips_zero_patterns(void **state)
{
	char text[ADDR_TEXT_SIZE];
	struct addr a, back;
	unsigned mask, i;

	(void)state;
	for (mask = 0; mask < 256; mask++) {
		a = parse("::");
		for (i = 0; i < 8; i++)
			a.bytes[2 * i + 1] = (uint8_t)(mask >> i & 1 ? i + 1 : 0);
		addr_text(&a, text);
		back = parse(text);
		assert_true(addr_equal(&a, &back));
	}
}

enum {
	UNSPECIFIED = 1,
	LOOPBACK = 2,
	MULTICAST = 4,
	LINK_LOCAL = 8,
	BROADCAST = 16,
};

static int
scope_of(const struct addr *a)
{
	return (addr_is_unspecified(a) ? UNSPECIFIED : 0) | (addr_is_loopback(a) ? LOOPBACK : 0) |
	       (addr_is_multicast(a) ? MULTICAST : 0) | (addr_is_link_local(a) ? LINK_LOCAL : 0) |
	       (addr_is_limited_broadcast(a) ? BROADCAST : 0);
}

static void
knows_scopes(void **state)
{
	static const struct {
		const char *text;
		int scope;
	} cases[] = {
		{ "", 0 },
		{ "0.0.0.0", UNSPECIFIED },
		{ "0.0.0.1", 0 },
		{ "127.0.0.1", LOOPBACK },
		{ "127.255.0.9", LOOPBACK },
		{ "128.0.0.1", 0 },
		{ "169.254.1.1", LINK_LOCAL },
		{ "169.253.1.1", 0 },
		{ "223.255.255.255", 0 },
		{ "224.0.0.1", MULTICAST },
		{ "239.255.255.255", MULTICAST },
		{ "240.0.0.1", 0 },
		{ "255.255.255.255", BROADCAST },
		{ "255.255.255.254", 0 },
		{ "::", UNSPECIFIED },
		{ "::1", LOOPBACK },
		{ "::2", 0 },
		{ "fe80::1", LINK_LOCAL },
		{ "febf::1", LINK_LOCAL },
		{ "fec0::1", 0 },
		{ "ff02::1", MULTICAST },
		{ "2001:db8::1", 0 },
	};
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		a = parse(cases[i].text);
		assert_int_equal(scope_of(&a), cases[i].scope);
	}
}

/* In order: each is below all that follow. */
static void
orders(void **state)
{
	static const char *const texts[] = {
		"",
		"0.0.0.0",
		"10.0.0.1",
		"10.0.0.2",
		"192.0.2.1",
		"::",
		"::1",
		"fe80::1",
	};
	const size_t count = sizeof texts / sizeof texts[0];
	struct addr a, b;
	size_t i, j;

	(void)state;
	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			a = parse(texts[i]);
			b = parse(texts[j]);
			assert_int_equal(addr_compare(&a, &b), (i > j) - (i < j));
			assert_int_equal(addr_equal(&a, &b), i == j);
		}
	}
}

static void
reads_from_a_cursor(void **state)
{
	static const uint8_t bytes[20] = { 192, 0, 2, 1, 0xfe, 0x80, [19] = 1 };
	struct cursor c = cursor_over(bytes, sizeof bytes, sizeof bytes);
	struct addr a = addr_read(&c, 4), expected = parse("192.0.2.1");

	(void)state;
	assert_true(addr_equal(&a, &expected));
	a = addr_read(&c, 6);
	expected = parse("fe80::1");
	assert_true(addr_equal(&a, &expected));
	a = addr_read(&c, 4);
	assert_int_equal(c.status, DECODE_MALFORMED);
	assert_true(addr_is_unspecified(&a));
}

static void
writes_macs(void **state)
{
	static const struct mac m = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xaf } };
	char text[MAC_TEXT_SIZE];

	(void)state;
	assert_int_equal(mac_text(&m, text), 17);
	assert_string_equal(text, "00:00:5e:00:53:af");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_rfc5952),
		cmocka_unit_test(round_trips_zero_patterns),
		cmocka_unit_test(knows_scopes),
		cmocka_unit_test(orders),
		cmocka_unit_test(reads_from_a_cursor),
		cmocka_unit_test(writes_macs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
