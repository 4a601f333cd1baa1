/*
 * Prefixes: which addresses are in them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

#include "analyzer/core/prefix.h"
#include "analyzer/log.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct addr
addr_of(const char *text)
{
	struct addr addr = { .version = strchr(text, ':') != NULL ? 6 : 4 };

	assert_int_equal(inet_pton(addr.version == 4 ? AF_INET : AF_INET6, text, addr.bytes), 1);
	return addr;
}

static void
test_members(void **state)
{
	static const struct {
		const char *prefix, *address;
		bool is_member;
	} cases[] = {
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.128/25", "192.0.2.128", true },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "192.0.2.1/32", "192.0.2.1", true },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "203.0.113.9", false },
		{ "fe80::/10", "febf::1", true },
		{ "fe80::/10", "fec0::1", false },
		{ "2001:db8::1/128", "2001:db8::1", true },
		{ "2001:db8::/127", "2001:db8::2", false },
	};
	struct prefix_list list;
	struct addr address;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		memset(&list, 0, sizeof(list));
		assert_int_equal(prefix_list_add(&list, cases[i].prefix, err), 0);
		assert_int_equal(list.count, 1);
		address = addr_of(cases[i].address);
		assert_int_equal(prefix_list_has(&list, &address), cases[i].is_member);
	}
}

static void
test_text(void **state)
{
	static const char *const cases[] = { "192.0.2.0/24", "2001:db8::/32", "::/0",
		"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128" };
	struct prefix_list list;
	char err[ERR_SIZE], text[PREFIX_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		memset(&list, 0, sizeof(list));
		assert_int_equal(prefix_list_add(&list, cases[i], err), 0);
		prefix_text(&list.items[0], text);
		assert_string_equal(text, cases[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
