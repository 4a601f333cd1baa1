/*
 * The detector of neighbor cache exhaustion on a set clock: how many addresses a
 * router looks for, how they were chosen, and which of them answer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/incident.h"
#include "analyzer/log.h"

#define S UINT64_C(1000000000)
#define MS (S / 1000)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t opened, closed;
static uint64_t opened_ms, start_ns;
static uint64_t clock_ns;
static char severity[16];

static void
collect(void *owner, const struct event *event)
{
	const struct alert_facts *facts = event->facts;

	(void)owner;
	opened += event->id == EVENT_ALERT_OPENED;
	closed += event->id == EVENT_ALERT_CLOSED;
	if (event->id == EVENT_ALERT_OPENED)
		opened_ms = (clock_ns - start_ns) / MS;
	snprintf(severity, sizeof(severity), "%s", facts->severity_name);
}

/* How a router looks for neighbors. */
struct exhaustion_case {
	const char *name;
	uint32_t targets;
	uint64_t apart_ns;
	uint32_t rounds;      /* all of them so often, a minute apart */
	bool are_random;      /* or counted */
	uint32_t answered;    /* percent */
	bool is_probe;        /* to the target itself: is it still there? */
	uint64_t opens_ms;    /* about then */
	const char *severity; /* "": none */
	uint32_t others;      /* solicitations of made-up hosts meanwhile, each */
};

static const struct exhaustion_case cases[] = {
	{ "made up, at once", 900, MS, 1, true, 0, false, 1000, "high", 0 },
	{ "made up, not so fast", 200, 50 * MS, 1, true, 0, false, 3000, "medium", 0 },
	{ "counted, and very many", 2000, MS, 1, false, 0, false, 1000, "medium", 0 },
	{ "made up, in a flood", 200, 20 * MS, 1, true, 0, false, 3000, "medium", 400 },
	{ "a sweep", 254, 10 * MS, 1, false, 0, false, 0, "", 0 },
	{ "all are there", 900, MS, 1, true, 100, false, 0, "", 0 },
	{ "most are there", 150, MS, 1, true, 60, false, 0, "", 0 },
	{ "hosts that are down and polled", 50, 10 * MS, 10, true, 0, false, 0, "", 0 },
	{ "slow enough for any cache", 600, 200 * MS, 1, true, 0, false, 0, "", 0 },
	{ "are they still there", 900, MS, 1, true, 0, true, 0, "", 0 },
};

static struct addr
target_of(const struct exhaustion_case *row, uint32_t n)
{
	struct addr target = { .version = 6, .bytes = { 0x20, 0x01, 0x0d, 0xb8 } };
	uint64_t identifier = row->are_random ? (n + 1) * UINT64_C(0x9e3779b97f4a7c15) : n;
	int i;

	for (i = 0; i < 8; i++)
		target.bytes[8 + i] = (uint8_t)(identifier >> (56 - 8 * i));
	return target;
}

static void
send_message(void *state, uint8_t type, const struct addr *from, const struct addr *to,
    const struct addr *target)
{
	const struct frame frame = { .when_ns = clock_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP };
	struct icmp_msg msg = { .version = 6, .type_number = type, .length = 32 };
	uint8_t i;

	packet.ip = (struct ip_header){ .version = 6, .source = *from, .destination = *to,
		.final_destination = *to };
	msg.type = icmp_lookup(6, type, 0, 32);
	for (i = 0; msg.type->fields[i].name != NULL; i++)
		if (strcmp(msg.type->fields[i].name, "target") == 0)
			msg.values[i].address = *target;
	msg.value_count = i;
	detector_neighbor_exhaustion.message(state, &packet, &msg, clock_ns);
}

/* A flood of solicitations, each of another host for another. */
static void
solicit_others(void *state, uint32_t count)
{
	static uint32_t number;
	const struct addr group = { { 0xff, 0x02, [11] = 1, [12] = 0xff }, 6 };
	struct addr source = { { 0xfe, 0x80 }, 6 };
	uint64_t identifier;
	int i;

	for (; count > 0; count--) {
		identifier = ++number * UINT64_C(0x9e3779b97f4a7c15);
		for (i = 0; i < 8; i++)
			source.bytes[8 + i] = (uint8_t)(identifier >> (56 - 8 * i));
		send_message(state, ICMP6_NEIGHBOR_SOLICITATION, &source, &group, &source);
	}
}

static void
play(void *state, const struct exhaustion_case *row)
{
	const struct addr router = { { 0xfe, 0x80, [15] = 1 }, 6 };
	struct addr group = { { 0xff, 0x02, [11] = 1, [12] = 0xff }, 6 }, target;
	uint32_t round, n;

	start_ns = clock_ns = UINT64_C(1700000000) * S;
	for (round = 0; round < row->rounds; round++, clock_ns += 60 * S) {
		for (n = 0; n < row->targets; n++, clock_ns += row->apart_ns) {
			detector_neighbor_exhaustion.tick(state, clock_ns);
			solicit_others(state, row->others);
			target = target_of(row, n);
			memcpy(group.bytes + 13, target.bytes + 13, 3);
			send_message(state, ICMP6_NEIGHBOR_SOLICITATION, &router,
			    row->is_probe ? &target : &group, &target);
			if (n * 7 % 100 < row->answered)
				send_message(state, ICMP6_NEIGHBOR_ADVERTISEMENT, &target,
				    &router, &target);
		}
		clock_ns += S;
		detector_neighbor_exhaustion.tick(state, clock_ns);
	}
	detector_neighbor_exhaustion.finish(state, clock_ns);
}

static void
test_cases(void **unused)
{
	uint64_t next_ns = 0;
	struct wait wait = { .earliest_ns = &next_ns };
	const struct emitter emitter = { UINT32_C(1) << DATASET_ALERT, collect, NULL };
	struct settings settings;
	struct detector_context context = { .settings = &settings, .key = hash_key_fixed(),
		.wait = &wait };
	char err[ERR_SIZE];
	void *state;
	size_t i;

	(void)unused;
	settings_defaults(&settings);
	for (i = 0; i < COUNT(cases); i++) {
		opened = closed = 0;
		opened_ms = 0;
		severity[0] = '\0';
		context.incidents = incidents_create(&settings, &emitter, &wait, &context.key, err);
		assert_non_null(context.incidents);
		state = detector_neighbor_exhaustion.create(&context, err);
		assert_non_null(state);
		play(state, &cases[i]);
		incidents_finish(context.incidents);
		if (strcmp(severity, cases[i].severity) != 0)
			print_error("%s: %s\n", cases[i].name, severity);
		assert_string_equal(severity, cases[i].severity);
		assert_int_equal(opened, cases[i].severity[0] != '\0');
		assert_int_equal(closed, opened);
		assert_in_range(opened_ms, 0, cases[i].opens_ms + 1000);
		detector_neighbor_exhaustion.destroy(state);
		incidents_free(context.incidents);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
