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
#include "tests/judged.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct judged judged;

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
	const struct frame frame = { .when_ns = judged.now_ns };
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
	detector_neighbor_exhaustion.message(state, &packet, &msg, judged.now_ns);
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

	for (round = 0; round < row->rounds; round++, judged.now_ns += 60 * S) {
		for (n = 0; n < row->targets; n++, judged.now_ns += row->apart_ns) {
			detector_neighbor_exhaustion.tick(state, judged.now_ns);
			solicit_others(state, row->others);
			target = target_of(row, n);
			memcpy(group.bytes + 13, target.bytes + 13, 3);
			send_message(state, ICMP6_NEIGHBOR_SOLICITATION, &router,
			    row->is_probe ? &target : &group, &target);
			if (n * 7 % 100 < row->answered)
				send_message(state, ICMP6_NEIGHBOR_ADVERTISEMENT, &target,
				    &router, &target);
		}
		judged.now_ns += S;
		detector_neighbor_exhaustion.tick(state, judged.now_ns);
	}
	detector_neighbor_exhaustion.finish(state, judged.now_ns);
}

static void
test_cases(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		judged_start(&judged, &detector_neighbor_exhaustion);
		play(judged.state, &cases[i]);
		incidents_finish(judged.incidents);
		if (strcmp(judged.severity, cases[i].severity) != 0)
			print_error("%s: %s\n", cases[i].name, judged.severity);
		assert_string_equal(judged.severity, cases[i].severity);
		assert_int_equal(judged.opened, cases[i].severity[0] != '\0');
		assert_int_equal(judged.closed, judged.opened);
		assert_in_range(judged_opened_ms(&judged), 0, cases[i].opens_ms + 1000);
		judged_stop(&judged);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
