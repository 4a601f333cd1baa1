/*
 * The detector of spoofed neighbors on a set clock: each step is what the
 * neighbor tracker observed, or an advertisement that it had nothing to say of.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "tests/judged.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define STEPS_MAX 12

#define UNASKED 1 /* the advertisement answers nothing, */
#define TO_ONE 2  /* and is for one host */
#define ROUTER 4  /* the address was a router's */
#define SILENT 8  /* nothing said so: it was asked for, and nobody objected */
#define VIRTUAL 16 /* a virtual router's */

enum what { END, NEW, CHANGED, REFUSED, AGAIN, AGAIN_TO_ALL };

struct step {
	enum what what;
	uint32_t at_ms;
	uint8_t network, host; /* of the address */
	uint8_t mac, old;      /* last octets; 0: none */
	uint32_t flags;
};

struct spoof_case {
	const char *name, *severity; /* "": none */
	const char *message;         /* the latest, or NULL */
	struct step steps[STEPS_MAX];
};

static struct judged judged;
static uint64_t ordinal;

/* clang-format off */
static const struct spoof_case cases[] = {
	{ "a router's address, told to one host", "critical",
	  "2001:db8::66 (02:00:00:00:00:66) claims to be 2001:db8::1, which belongs to "
	  "02:00:00:00:00:01 and is still there", {
		{ NEW, 0, 0, 0x66, 0x66, 0, 0 },
		{ NEW, 0, 0, 1, 1, 0, 0 },
		{ CHANGED, 1000, 0, 1, 0x66, 1, UNASKED | TO_ONE | ROUTER },
		{ CHANGED, 1500, 0, 1, 1, 0x66, ROUTER },
		{ CHANGED, 2000, 0, 1, 0x66, 1, UNASKED | TO_ONE | ROUTER } } },
	{ "again and again, while the owner is silent", "medium", NULL, {
		{ NEW, 0, 0, 1, 1, 0, 0 },
		{ CHANGED, 1000, 0, 1, 0x66, 1, UNASKED | TO_ONE | ROUTER },
		{ AGAIN, 2000, 0, 1, 0x66, 0, 0 },
		{ AGAIN, 3000, 0, 1, 0x66, 0, 0 },
		{ AGAIN, 4000, 0, 1, 0x66, 0, 0 } } },
	{ "whoever is asked for, as answers", "critical", NULL, {
		{ NEW, 0, 0, 0x10, 0x10, 0, 0 },
		{ NEW, 0, 0, 0x20, 0x20, 0, 0 },
		{ CHANGED, 1, 0, 0x10, 0x66, 0x10, 0 },
		{ CHANGED, 20, 0, 0x20, 0x66, 0x20, 0 },
		{ CHANGED, 30, 0, 0x10, 0x10, 0x66, 0 },
		{ CHANGED, 31, 0, 0x10, 0x66, 0x10, 0 } } },
	{ "heard before the owner", "critical",
	  "02:00:00:00:00:66 claims to be 2001:db8::1, which belongs to 02:00:00:00:00:01 "
	  "and is still there", {
		{ NEW, 0, 0, 1, 0x66, 0, UNASKED | TO_ONE },
		{ CHANGED, 500, 0, 1, 1, 0x66, 0 },
		{ CHANGED, 1000, 0, 1, 0x66, 1, UNASKED | TO_ONE },
		{ CHANGED, 1500, 0, 1, 1, 0x66, 0 } } },
	{ "another network card", "", NULL, {
		{ NEW, 0, 0, 0x10, 0x10, 0, 0 },
		{ CHANGED, 60000, 0, 0x10, 0x11, 0x10, UNASKED } } },
	{ "another server for all addresses of the old one", "", NULL, {
		{ NEW, 0, 0, 0x10, 0x10, 0, 0 }, { NEW, 0, 0, 0x11, 0x10, 0, 0 },
		{ CHANGED, 60000, 0, 0x10, 0x20, 0x10, UNASKED },
		{ CHANGED, 60100, 0, 0x11, 0x20, 0x10, UNASKED } } },
	{ "between virtual routers", "", NULL, {
		{ NEW, 0, 0, 1, 1, 0, 0 },
		{ CHANGED, 1000, 0, 1, 2, 1, UNASKED | ROUTER | VIRTUAL },
		{ CHANGED, 2000, 0, 1, 1, 2, UNASKED | ROUTER | VIRTUAL },
		{ CHANGED, 3000, 0, 1, 2, 1, UNASKED | ROUTER | VIRTUAL } } },
	{ "a host that changes its interface, and asks", "", NULL, {
		{ NEW, 0, 0, 0x10, 0x10, 0, SILENT },
		{ CHANGED, 2000, 0, 0x10, 0x11, 0x10, SILENT },
		{ CHANGED, 4000, 0, 0x10, 0x10, 0x11, SILENT },
		{ CHANGED, 6000, 0, 0x10, 0x11, 0x10, SILENT } } },
	{ "a mobile node that comes and goes, with its home agent", "", NULL, {
		{ NEW, 0, 0, 0x10, 0x10, 0, 0 },
		{ CHANGED, 60000, 0, 0x10, 0x99, 0x10, UNASKED },
		{ CHANGED, 180000, 0, 0x10, 0x10, 0x99, UNASKED },
		{ CHANGED, 240000, 0, 0x10, 0x99, 0x10, UNASKED },
		{ CHANGED, 360000, 0, 0x10, 0x10, 0x99, UNASKED } } },
	{ "mobile nodes that leave together", "", NULL, {
		{ NEW, 0, 0, 0x10, 0x10, 0, 0 }, { NEW, 0, 0, 0x11, 0x11, 0, 0 },
		{ CHANGED, 60000, 0, 0x10, 0x99, 0x10, UNASKED },
		{ CHANGED, 61000, 0, 0x11, 0x99, 0x11, UNASKED } } },
	{ "who moved may speak of it", "", NULL, {
		{ NEW, 0, 0, 1, 1, 0, 0 },
		{ CHANGED, 1000, 0, 1, 2, 1, UNASKED | ROUTER },
		{ AGAIN, 200000, 0, 1, 2, 0, 0 },
		{ AGAIN, 300000, 0, 1, 2, 0, 0 },
		{ AGAIN, 400000, 0, 1, 2, 0, 0 } } },
	{ "between virtual routers, whose protocol was not seen", "", NULL, {
		{ NEW, 0, 0, 1, 1, 0, 0 },
		{ CHANGED, 10000, 0, 1, 2, 1, UNASKED | ROUTER },
		{ AGAIN_TO_ALL, 10001, 0, 1, 2, 0, 0 }, { AGAIN_TO_ALL, 10002, 0, 1, 2, 0, 0 },
		{ AGAIN_TO_ALL, 15000, 0, 1, 2, 0, 0 }, { AGAIN_TO_ALL, 15001, 0, 1, 2, 0, 0 },
		{ CHANGED, 300000, 0, 1, 1, 2, UNASKED | ROUTER } } },
	{ "no host gets an address", "high",
	  "3 stations refused hosts 3 addresses in 8.0 s, as if all were in use", {
		{ REFUSED, 0, 0, 0x10, 0x61, 0, 0 },
		{ REFUSED, 4000, 0, 0x11, 0x62, 0, 0 },
		{ REFUSED, 8000, 0, 0x12, 0x63, 0, 0 } } },
	{ "and one station says so", "high",
	  "2001:db8::66 (02:00:00:00:00:66) refused hosts 3 addresses in 8.0 s, as if all were "
	  "in use", {
		{ REFUSED, 0, 0, 0x10, 0x66, 0, 0 },
		{ NEW, 0, 0, 0x10, 0x66, 0, UNASKED },
		{ NEW, 100, 0, 0x66, 0x66, 0, 0 },
		{ REFUSED, 4000, 0, 0x11, 0x66, 0, 0 },
		{ REFUSED, 8000, 0, 0x12, 0x66, 0, 0 } } },
	{ "a copied host: one identifier in all networks", "", NULL, {
		{ REFUSED, 0, 0, 0x10, 0x20, 0, 0 },
		{ REFUSED, 100, 1, 0x10, 0x20, 0, 0 },
		{ REFUSED, 200, 2, 0x10, 0x20, 0, 0 },
		{ REFUSED, 300, 3, 0x10, 0x20, 0, 0 } } },
	{ "a server's addresses on another one", "", NULL, {
		{ REFUSED, 0, 0, 0x10, 0x20, 0x20, 0 },
		{ REFUSED, 100, 0, 0x11, 0x20, 0x20, 0 },
		{ REFUSED, 200, 0, 0x12, 0x20, 0x20, 0 },
		{ REFUSED, 300, 0, 0x13, 0x20, 0x20, 0 } } },
	{ "three collisions in a day", "", NULL, {
		{ REFUSED, 0, 0, 0x10, 0x20, 0, 0 },
		{ REFUSED, 3600000, 0, 0x11, 0x21, 0, 0 },
		{ REFUSED, 7200000, 0, 0x12, 0x22, 0, 0 } } },
};
/* clang-format on */

static struct mac
mac_of(uint8_t last)
{
	return (struct mac){ { last == 0 ? 0 : 2, 0, 0, 0, 0, last } };
}

static void
observe(void *state, const struct step *step, const struct packet *packet, uint64_t now_ns)
{
	static const enum event_id ids[] = { [NEW] = EVENT_BINDING_NEW,
		[CHANGED] = EVENT_BINDING_CHANGED, [REFUSED] = EVENT_DUPLICATE_ADDRESS };
	struct neighbor_facts facts = { .vlan = EVENT_UNKNOWN, .router = EVENT_UNKNOWN,
		.override = EVENT_UNKNOWN, .mac = mac_of(step->mac), .old_mac = mac_of(step->old) };
	const struct event event = { .id = ids[step->what], .when_ns = now_ns, .facts = &facts,
		.destination = packet->ip.destination,
		.packet = (step->flags & SILENT) != 0 ? NULL : packet };

	facts.address = (struct addr){ { 0x20, 1, 0x0d, 0xb8, [7] = step->network,
		[15] = step->host }, 6 };
	facts.solicited = (step->flags & (UNASKED | SILENT)) == 0;
	facts.old_router = (step->flags & ROUTER) != 0 ? 1 : EVENT_UNKNOWN;
	facts.cause = (step->flags & VIRTUAL) != 0 ? "failover" : NULL;
	detector_neighbor_spoof.event(state, &event, now_ns);
}

/* An advertisement that nobody asked for. */
static void
advertise(void *state, const struct step *step, const struct packet *packet, uint64_t now_ns)
{
	struct icmp_msg msg = { .version = 6, .type_number = ICMP6_NEIGHBOR_ADVERTISEMENT,
		.type = icmp_lookup(6, ICMP6_NEIGHBOR_ADVERTISEMENT, 0, 32) };

	for (; msg.type->fields[msg.value_count].name != NULL; msg.value_count++)
		if (strcmp(msg.type->fields[msg.value_count].name, "target") == 0)
			msg.values[msg.value_count].address = (struct addr){ { 0x20, 1, 0x0d, 0xb8,
				[7] = step->network, [15] = step->host }, 6 };
	detector_neighbor_spoof.message(state, packet, &msg, now_ns);
}

static void
play(void *state, const struct spoof_case *row)
{
	const struct addr host = { { 0x20, 1, 0x0d, 0xb8, [15] = 0x10 }, 6 };
	const struct addr all = { { 0xff, 2, [15] = 1 }, 6 };
	const struct step *step;
	uint64_t now_ns = START_NS;

	for (step = row->steps; step->what != END; step++) {
		struct frame frame = { .ordinal = ordinal + 1 };
		struct packet packet = { .frame = &frame, .has_source_mac = true,
			.source_mac = mac_of(step->mac), .ip = { .version = 6 } };
		bool is_to_one = step->what == AGAIN || (step->flags & TO_ONE) != 0;

		now_ns = START_NS + step->at_ms * MS;
		ordinal++;
		frame.when_ns = now_ns;
		packet.ip.destination = is_to_one ? host : all;
		detector_neighbor_spoof.tick(state, now_ns);
		if (step->what >= AGAIN)
			advertise(state, step, &packet, now_ns);
		else
			observe(state, step, &packet, now_ns);
	}
	detector_neighbor_spoof.finish(state, now_ns);
}

static void
test_cases(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		judged_start(&judged, &detector_neighbor_spoof);
		play(judged.state, &cases[i]);
		incidents_finish(judged.incidents);
		if (strcmp(judged.severity, cases[i].severity) != 0)
			print_error("%s: %s, %s\n", cases[i].name, judged.severity, judged.message);
		assert_string_equal(judged.severity, cases[i].severity);
		assert_int_equal(judged.opened, cases[i].severity[0] != '\0');
		assert_int_equal(judged.closed, judged.opened);
		if (cases[i].message != NULL)
			assert_string_equal(judged.message, cases[i].message);
		judged_stop(&judged);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
