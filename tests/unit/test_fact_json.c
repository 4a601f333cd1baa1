/*
 * Facts as JSON: every kind, what is not known left out, objects and arrays
 * inside each other, arrays of plain values.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/sink/fact_json.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct item {
	int64_t ttl;
	struct fact_list addresses;
	int64_t rtt_ns;
};

struct facts {
	int64_t number, ns, flag, share, when_ns;
	const char *text;
	struct addr address;
	struct mac mac;
	struct fact_list items;
	int64_t last;
};

#define AT(member) offsetof(struct facts, member)
#define ITEM(member) offsetof(struct item, member)

/* clang-format off */
static const struct fact rows[] = {
	{ "number", FACT_NUMBER, AT(number), "" },
	{ "us", FACT_MICROSECONDS, AT(ns), "" },
	{ "flag", FACT_FLAG, AT(flag), "" },
	{ "share", FACT_SHARE, AT(share), "" },
	{ "when", FACT_TIME, AT(when_ns), "" },
	{ "text", FACT_TEXT, AT(text), "" },
	{ "ends", FACT_GROUP, 0, "" },
	{ "ip", FACT_ADDR, AT(address), "" },
	{ "mac", FACT_MAC, AT(mac), "" },
	{ "ends", FACT_GROUP_END, 0, NULL },
	{ "items", FACT_LIST, AT(items), "" },
	{ "ttl", FACT_NUMBER, ITEM(ttl), "" },
	{ "ips", FACT_LIST, ITEM(addresses), "" },
	{ "", FACT_ADDR, 0, "" },
	{ "ips", FACT_LIST_END, 0, NULL },
	{ "rtt", FACT_GROUP, 0, "" },
	{ "us", FACT_MICROSECONDS, ITEM(rtt_ns), "" },
	{ "rtt", FACT_GROUP_END, 0, NULL },
	{ "items", FACT_LIST_END, 0, NULL },
	{ "last", FACT_NUMBER, AT(last), "" },
	{ 0 }
};
/* clang-format on */

static const struct facts unknown = {
	.number = EVENT_UNKNOWN,
	.ns = EVENT_UNKNOWN,
	.flag = EVENT_UNKNOWN,
	.share = EVENT_UNKNOWN,
	.when_ns = EVENT_UNKNOWN,
	.last = EVENT_UNKNOWN,
};

static void
assert_facts(const void *facts, const char *expected)
{
	struct json_writer *w = json_writer_new(false);
	const char *text;
	size_t len;

	assert_non_null(w);
	json_begin(w);
	fact_json(w, rows, facts);
	text = json_end(w, &len);
	assert_non_null(text);
	assert_int_equal(len, strlen(expected) + 1);
	assert_memory_equal(text, expected, strlen(expected));
	json_writer_free(w);
}

static void
test_unknown(void **state)
{
	(void)state;
	assert_facts(NULL, "{}");
	assert_facts(&unknown, "{}");
}

static void
test_kinds(void **state)
{
	struct facts facts = unknown;

	(void)state;
	facts.number = -7;
	facts.ns = 1999;
	facts.flag = 0;
	facts.share = 50000;
	facts.when_ns = 1500000000;
	facts.text = "a\"b";
	facts.address = (struct addr){ .version = 4, .bytes = { 192, 0, 2, 1 } };
	facts.mac = (struct mac){ { 2, 0, 0, 0, 0, 1 } };
	assert_facts(&facts, "{\"number\":-7,\"us\":1,\"flag\":false,\"share\":0.05,"
	    "\"when\":\"1970-01-01T00:00:01.500000000Z\",\"text\":\"a\\\"b\","
	    "\"ends\":{\"ip\":\"192.0.2.1\",\"mac\":\"02:00:00:00:00:01\"}}");
}

static void
test_lists(void **state)
{
	static const struct addr addresses[] = {
		{ .version = 4, .bytes = { 192, 0, 2, 1 } },
		{ .version = 4, .bytes = { 192, 0, 2, 2 } },
	};
	const struct item items[] = {
		{ 1, { addresses, 2, sizeof(addresses[0]) }, 1000 },
		{ 2, { NULL, 0, 0 }, EVENT_UNKNOWN },
		{ 3, { addresses, 1, sizeof(addresses[0]) }, EVENT_UNKNOWN },
	};
	struct facts facts = unknown;

	(void)state;
	facts.items = (struct fact_list){ items, COUNT(items), sizeof(items[0]) };
	facts.last = 9;
	assert_facts(&facts, "{\"items\":[{\"ttl\":1,\"ips\":[\"192.0.2.1\",\"192.0.2.2\"],"
	    "\"rtt\":{\"us\":1}},{\"ttl\":2},{\"ttl\":3,\"ips\":[\"192.0.2.1\"]}],\"last\":9}");
}

static void
test_shares(void **state)
{
	static const struct {
		int64_t ppm;
		const char *expected;
	} cases[] = {
		{ 0, "{\"share\":0}" },
		{ 1, "{\"share\":0.000001}" },
		{ 333333, "{\"share\":0.333333}" },
		{ 500000, "{\"share\":0.5}" },
		{ 1000000, "{\"share\":1}" },
	};
	struct facts facts = unknown;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		facts.share = cases[i].ppm;
		assert_facts(&facts, cases[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
