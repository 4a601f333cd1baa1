/*
 * The detector of floods of router advertisements and solicitations.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "tests/stage.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Messages at even intervals, from as many senders in turn. */
struct flood_case {
	const char *name;
	uint8_t version, type;
	uint32_t count, every_ms, senders, prefixes;
	const char *setting, *severity, *reasons, *message; /* "": nothing is said */
};

static const struct flood_case cases[] = {
	{ "made-up routers with made-up prefixes", 6, 134, 800, 1, 800, 800, NULL, "critical",
	  "rate many_routers made_up_senders many_prefixes", NULL },
	{ "one router that does not stop", 6, 134, 300, 10, 1, 1, NULL, "medium",
	  "rate single_sender",
	  "fe80::1 flooded their link with 300 router advertisements in 2.9 s, up to 100 a second" },
	{ "made-up routers, five a second", 6, 134, 200, 200, 200, 1, NULL, "medium",
	  "many_routers made_up_senders", NULL },
	{ "advertisements of IPv4", 4, 9, 800, 1, 1, 0, NULL, "high", "rate single_sender",
	  "192.0.2.1 flooded their link with 800 router advertisements in 0.7 s, up to 800 a second" },
	{ "solicitations", 6, 133, 3000, 1, 200, 0, NULL, "high", "rate several_senders",
	  "about 214 senders flooded their link with 3000 router solicitations in 2.9 s, up to 1000 a second" },
	{ "sooner by a setting", 6, 134, 30, 10, 1, 1, "detect.router_flood.advertisements=10",
	  "medium", "rate single_sender",
	  "fe80::1 flooded their link with 30 router advertisements in 0.2 s, up to 30 a second" },
	{ "two routers, every three seconds", 6, 134, 2000, 1500, 2, 1, NULL, "", "", "" },
	{ "twenty routers of a large link", 6, 134, 2000, 1000, 20, 20, NULL, "", "", "" },
	{ "forty of a trunk without its tags, in turn", 6, 134, 800, 1000, 40, 40, NULL, "", "", "" },
	{ "hosts that come up at once", 6, 133, 1200, 5, 400, 0, NULL, "", "", "" },
	{ "a burst of answers to them", 6, 134, 40, 1, 1, 1, NULL, "", "", "" },
};

static void
build_advertisement(struct wire *w, const struct flood_case *row, uint32_t n)
{
	char text[48];
	const struct wire_value header[] = { { "cur_hop_limit", .number = 64 },
		{ "router_lifetime", .number = 1800 }, WIRE_END };
	const struct wire_value prefix[] = { { "prefix_length", .number = 64 },
		{ "on_link", .number = 1 }, { "valid_lifetime", .number = 1800 },
		{ "prefix", .text = text }, WIRE_END };

	snprintf(text, sizeof(text), "2001:db8:%x::", n % row->prefixes);
	wire_icmp(w, 6, 134, 0, header);
	wire_record(w, &nd_options, 3, prefix);
}

static void
send_one(struct stage *stage, const struct flood_case *row, uint32_t n)
{
	uint32_t sender = 1 + n % row->senders;
	uint8_t buffer[512];
	struct wire w = wire_over(buffer, sizeof(buffer));
	char source[48];
	struct wire_ip ip = { .source = source, .destination = "ff02::1", .ttl = 255 };

	if (row->version == 4) {
		snprintf(source, sizeof(source), "192.0.2.%u", sender);
		ip.destination = "224.0.0.1";
		wire_icmp(&w, 4, 9, 0, (struct wire_value[]){ { "num_addrs", .number = 1 },
		    { "addr_entry_size", .number = 2 }, { "router_lifetime", .number = 1800 },
		    WIRE_END });
		wire_uint(&w, 0xc0000201, 4);
		wire_uint(&w, 0, 4);
		wire_ip4(&w, &ip);
		wire_ethernet(&w, 0x0800);
	} else {
		snprintf(source, sizeof(source), "fe80::%x", sender);
		if (row->type == 134)
			build_advertisement(&w, row, n);
		else
			wire_icmp(&w, 6, row->type, 0, NULL);
		wire_ip6(&w, &ip);
		wire_ethernet(&w, 0x86dd);
	}
	stage_send(stage, (uint64_t)n * row->every_ms, &w);
}

static void
test_cases(void **state)
{
	static struct stage stage;
	const struct flood_case *row;
	uint32_t n;

	(void)state;
	for (row = cases; row < cases + COUNT(cases); row++) {
		stage_open(&stage, &detector_router_flood, row->setting);
		for (n = 0; n < row->count; n++)
			send_one(&stage, row, n);
		stage_end(&stage);
		if (strcmp(stage.reasons, row->reasons) != 0 || strcmp(stage.severity, row->severity) != 0)
			print_error("%s: %s %s\n", row->name, stage.severity, stage.reasons);
		assert_string_equal(stage.reasons, row->reasons);
		assert_string_equal(stage.severity, row->severity);
		if (row->message != NULL)
			assert_string_equal(stage.message, row->message);
		assert_int_equal(stage.opened, row->reasons[0] != '\0');
		stage_close(&stage);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
