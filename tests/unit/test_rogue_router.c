/*
 * The detector of rogue routers: who says on a link that it is a router, in
 * whose name, and what else it says.
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
#define STRETCHES_MAX 6
#define VIRTUAL 0x80 /* as a station: that of a virtual router */

enum what { RA, NA, IRDP };

enum flags {
	HIGH = 1,        /* preference */
	NEAR = 2,        /* hop limit 64: it may come from afar */
	HEADERS = 4,     /* behind destination options */
	ROUTER_FLAG = 8, /* of an NA */
	THC = 16,        /* what fake_router6 says */
	VLAN_7 = 32,
	PLAIN = 64,      /* no options */
};

/* Messages of one kind, at intervals from a time on. */
struct stretch {
	uint32_t at_s, count, every_ms;
	enum what what;
	uint8_t host, station; /* last octets of address and MAC */
	uint32_t flags, lifetime;
	const char *prefix;    /* or NULL */
};

static void
add_options(struct wire *w, const struct stretch *stretch)
{
	bool is_thc = (stretch->flags & THC) != 0;
	const struct wire_value prefix[] = { { "prefix_length", .number = 64 },
		{ "on_link", .number = 1 }, { "autonomous", .number = 1 },
		{ "valid_lifetime", .number = is_thc ? 0x11111111 : 86400 },
		{ "preferred_lifetime", .number = is_thc ? 0x04040404 : 14400 },
		{ "prefix", .text = stretch->prefix }, WIRE_END };

	if (stretch->prefix != NULL)
		wire_record(w, &nd_options, 3, prefix);
}

static void
build_ra(struct wire *w, const struct stretch *stretch, const char *source)
{
	static const uint8_t padded[8] = { 58, 0, 1, 4 };
	bool is_thc = (stretch->flags & THC) != 0;
	const struct wire_value header[] = {
		{ "cur_hop_limit", .number = is_thc ? 255 : 64 },
		{ "preference", .number = stretch->flags & (HIGH | THC) ? 1 : 0 },
		{ "router_lifetime", .number = stretch->lifetime }, WIRE_END };
	struct wire_ip ip = { .source = source, .destination = "ff02::1",
		.ttl = stretch->flags & NEAR ? 64 : 255 };

	wire_icmp(w, 6, 134, 0, header);
	if ((stretch->flags & PLAIN) == 0)
		add_options(w, stretch);
	if (stretch->flags & HEADERS) {
		ip.protocol = 60;
		ip.options = padded;
		ip.options_len = sizeof(padded);
	}
	wire_ip6(w, &ip);
}

static void
build_na(struct wire *w, const struct stretch *stretch, const char *source)
{
	const struct wire_value values[] = {
		{ "router", .number = stretch->flags & ROUTER_FLAG ? 1 : 0 },
		{ "override", .number = 1 }, { "target", .text = source }, WIRE_END };

	wire_icmp(w, 6, 136, 0, values);
	wire_ip6(w, &(struct wire_ip){ .source = source, .destination = "ff02::1", .ttl = 255 });
}

static void
build_irdp(struct wire *w, const struct stretch *stretch)
{
	const struct wire_value header[] = { { "num_addrs", .number = 1 },
		{ "addr_entry_size", .number = 2 }, { "router_lifetime", .number = stretch->lifetime },
		WIRE_END };
	char source[32];

	snprintf(source, sizeof(source), "192.0.2.%u", stretch->host);
	wire_icmp(w, 4, 9, 0, header);
	wire_uint(w, 0xc0000200U | stretch->host, 4);
	wire_uint(w, stretch->flags & HIGH ? 0x7fffffff : 0, 4);
	wire_ip4(w, &(struct wire_ip){ .source = source, .destination = "224.0.0.1", .ttl = 1 });
}

static void
send_one(struct stage *stage, const struct stretch *stretch, uint64_t at_ms)
{
	static const uint8_t virtual[6] = { 0, 0, 0x5e, 0, 2, 7 };
	uint8_t buffer[512];
	struct wire w = wire_over(buffer, sizeof(buffer));
	uint16_t ether_type = 0x86dd;
	char source[32];

	snprintf(source, sizeof(source), "fe80::%x", stretch->host);
	if (stretch->what == RA) {
		build_ra(&w, stretch, source);
	} else if (stretch->what == NA) {
		build_na(&w, stretch, source);
	} else {
		build_irdp(&w, stretch);
		ether_type = 0x0800;
	}
	if (stretch->flags & VLAN_7) {
		wire_prepend(&w, (const uint8_t[]){ 0, 7, 0x86, 0xdd }, 4);
		ether_type = 0x8100;
	}
	wire_ethernet(&w, ether_type);
	stage_source(&w, stretch->station);
	if (stretch->station == VIRTUAL)
		memcpy(w.bytes + 6, virtual, sizeof(virtual));
	stage_send(stage, at_ms, &w);
}

#define LAN "2001:db8:a::"
#define BAD "2001:db8:bad::"
#define ROUTER(from, n) { .at_s = (from), .count = (n), .every_ms = 10000, .host = 1, \
	.station = 1, .lifetime = 1800, .prefix = LAN }

struct rogue_case {
	const char *name;
	struct stretch stretches[STRETCHES_MAX]; /* by time; count 0 ends them */
	const char *setting;
	const char *severity, *reasons, *message; /* "": nothing is said */
};

static const struct rogue_case cases[] = {
	{ "a router that wants to be preferred, for another prefix", { ROUTER(0, 3),
	    { 35, 4, 5000, RA, 0x66, 0x66, HIGH, 1800, BAD } }, NULL, "medium",
	  "new_router preferred other_prefix",
	  "fe80::66 advertised itself 4 times as a router beside fe80::1, to be preferred, with "
	  "another prefix" },
	{ "the same of a station that says that it is none", { ROUTER(0, 3),
	    { 30, 1, 0, NA, 0x66, 0x66, 0, 0, NULL },
	    { 35, 1, 0, RA, 0x66, 0x66, HIGH, 1800, BAD } }, NULL, "critical",
	  "new_router preferred other_prefix is_a_host",
	  "fe80::66 advertised itself 1 time as a router beside fe80::1, to be preferred, with "
	  "another prefix" },
	{ "what fake_router6 says", { ROUTER(0, 1),
	    { 5, 2, 5000, RA, 0x66, 0x66, THC, 2048, BAD } }, NULL, "critical",
	  "new_router preferred other_prefix tool_values",
	  "fe80::66 advertised itself 2 times as a router beside fe80::1, to be preferred, with "
	  "another prefix" },
	{ "a router that is taken back by another station", { ROUTER(0, 3),
	    { 25, 1, 0, RA, 1, 0x66, HIGH | PLAIN, 0, NULL }, ROUTER(30, 1) }, NULL, "critical",
	  "other_station two_stations withdrawn_by_other unlikely_withdrawal",
	  "02:00:00:00:00:66 sent 1 router advertisement in the name of fe80::1, so that hosts no "
	  "longer use it" },
	{ "another station in its name, between its own advertisements", { ROUTER(0, 2),
	    { 12, 1, 0, RA, 1, 0x66, HIGH, 1800, BAD }, ROUTER(20, 1),
	    { 22, 1, 0, RA, 1, 0x66, HIGH, 1800, BAD }, ROUTER(30, 1) }, NULL, "critical",
	  "other_station two_stations contradicts_itself",
	  "02:00:00:00:00:66 sent 2 router advertisements in the name of fe80::1" },
	{ "withdrawn again and again with its own MAC", { ROUTER(0, 1),
	    { 5, 1, 0, RA, 1, 1, HIGH | PLAIN, 0, NULL }, ROUTER(10, 1),
	    { 15, 1, 0, RA, 1, 1, HIGH | PLAIN, 0, NULL }, ROUTER(20, 1) }, NULL, "low",
	  "unlikely_withdrawal",
	  "fe80::1 advertised itself 5 times as a router, and may be none" },
	{ "behind extension headers", { { 0, 1, 0, RA, 0x66, 0x66, HEADERS, 1800, BAD } }, NULL,
	  "medium", "extension_headers",
	  "fe80::66 advertised itself 1 time as a router, and may be none" },
	{ "from afar", { ROUTER(0, 1), { 5, 1, 0, RA, 0x66, 0x66, NEAR, 1800, BAD } }, NULL, "low",
	  "dropped_by_hosts", "fe80::66 advertised itself 1 time as a router, and may be none" },
	{ "the highest preference in IPv4, too often",
	  { { 0, 5, 500, IRDP, 66, 0x66, HIGH, 1800, NULL } }, NULL, "medium",
	  "highest_preference too_often",
	  "192.0.2.66 advertised itself 5 times as a router, and may be none" },
	{ "a router that the user has not listed", { { 0, 1, 0, RA, 2, 2, 0, 1800, LAN } },
	  "detect.routers=fe80::1", "medium", "not_listed",
	  "fe80::2 advertised itself 1 time as a router, and may be none" },
	{ "a list of other kinds of addresses", { { 0, 1, 0, RA, 2, 2, 0, 1800, LAN } },
	  "detect.routers=192.0.2.1,2001:db8::1", "", "", "" },
	{ "a listed router may be what it likes", { ROUTER(0, 3),
	    { 35, 4, 5000, RA, 2, 2, HIGH, 1800, BAD } }, "detect.routers=fe80::/64", "", "", "" },
	{ "a router alone", { ROUTER(0, 400) }, NULL, "", "", "" },
	{ "a second router of the same prefix", { ROUTER(0, 3),
	    { 25, 3, 10000, RA, 2, 2, 0, 1800, LAN } }, NULL, "", "", "" },
	{ "the same, preferred: a pair of which one leads", { ROUTER(0, 3),
	    { 25, 3, 10000, RA, 2, 2, HIGH, 1800, LAN } }, NULL, "low", "new_router preferred",
	  "fe80::2 advertised itself 3 times as a router beside fe80::1, to be preferred" },
	{ "a second provider", { ROUTER(0, 3), { 25, 3, 10000, RA, 2, 2, 0, 1800, "2001:db8:b::" } },
	  NULL, "low", "new_router other_prefix",
	  "fe80::2 advertised itself 3 times as a router beside fe80::1, with another prefix" },
	{ "a router starts again", { ROUTER(0, 3), { 25, 3, 3000, RA, 1, 1, PLAIN, 0, NULL },
	    ROUTER(60, 5) }, NULL, "", "", "" },
	{ "a router that is replaced", { ROUTER(0, 3),
	    { 60, 50, 10000, RA, 1, 2, 0, 1800, LAN } }, NULL, "", "", "" },
	{ "failover of a virtual router", { { 0, 5, 10000, RA, 1, VIRTUAL, 0, 1800, LAN },
	    { 55, 5, 10000, RA, 1, 2, 0, 1800, LAN } }, NULL, "", "", "" },
	{ "failover to a router of its own address", { ROUTER(0, 3),
	    { 25, 1, 0, RA, 1, 1, PLAIN, 0, NULL }, { 26, 9, 10000, RA, 2, 2, 0, 1800, LAN } },
	  NULL, "", "", "" },
	{ "renumbering", { ROUTER(0, 3), { 40, 30, 10000, RA, 1, 1, 0, 1800, BAD } }, NULL,
	  "", "", "" },
	{ "the same address on two links", { ROUTER(0, 2),
	    { 15, 3, 10000, RA, 1, 2, VLAN_7 | HIGH, 1800, BAD }, ROUTER(50, 2) }, NULL,
	  "", "", "" },
	{ "copies of a frame", { { 0, 40, 1, RA, 1, 1, 0, 1800, LAN } }, NULL, "", "", "" },
	{ "routers of IPv4", { { 0, 9, 450000, IRDP, 1, 1, 0, 1800, NULL },
	    { 4200, 9, 450000, IRDP, 2, 2, 0, 1800, NULL } }, NULL, "", "", "" },
};

static void
run(struct stage *stage, const struct rogue_case *row)
{
	const struct stretch *stretch;
	uint32_t i, n;

	stage_open(stage, &detector_rogue_router, row->setting);
	for (i = 0; i < STRETCHES_MAX; i++) {
		stretch = &row->stretches[i];
		for (n = 0; n < stretch->count; n++)
			send_one(stage, stretch, stretch->at_s * 1000 + (uint64_t)n * stretch->every_ms);
	}
	stage_end(stage);
}

static void
test_cases(void **state)
{
	static struct stage stage;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		run(&stage, &cases[i]);
		if (strcmp(stage.reasons, cases[i].reasons) != 0)
			print_error("%s: %s %s\n", cases[i].name, stage.severity, stage.reasons);
		assert_string_equal(stage.reasons, cases[i].reasons);
		assert_string_equal(stage.message, cases[i].message);
		assert_string_equal(stage.severity, cases[i].severity);
		assert_int_equal(stage.opened, cases[i].message[0] != '\0');
		stage_close(&stage);
	}
}

/* A flood of routers is one incident, and not of this detector. */
static void
test_flood(void **state)
{
	struct stretch stretch = { .what = RA, .flags = HIGH, .lifetime = 1800, .prefix = BAD };
	static struct stage stage;
	uint32_t n;

	(void)state;
	stage_open(&stage, &detector_rogue_router, NULL);
	send_one(&stage, &(struct stretch)ROUTER(0, 1), 0);
	for (n = 1; n < 250; n++) {
		stretch.host = stretch.station = (uint8_t)(n + 1);
		send_one(&stage, &stretch, 1000 + n);
	}
	stage_end(&stage);
	assert_int_equal(stage.opened, 0);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
