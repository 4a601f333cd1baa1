/*
 * The detector of distributed sweeps: how many sources ping which targets of one
 * network, how many of these answer, and whether that is one.
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

static void
send_message(void *state, uint8_t type, const struct addr *from, const struct addr *to,
    uint64_t now_ns)
{
	const struct frame frame = { .when_ns = now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP };
	struct icmp_msg msg = { .version = 4, .type_number = type, .length = 64 };

	packet.ip = (struct ip_header){ .version = 4, .source = *from, .destination = *to };
	msg.type = icmp_lookup(4, type, 0, 64);
	detector_distributed_sweep.message(state, &packet, &msg, now_ns);
}

/* Each of the sources pings so many targets: its own, or all the same; one a second. */
struct shared_case {
	const char *name;
	uint32_t sources, targets_each;
	bool is_sliced;
	uint32_t answered; /* percent */
	uint32_t opened;
};

static const struct shared_case cases[] = {
	{ "slices of a network", 10, 8, true, 20, 1 },
	{ "slices of a network where all answer", 10, 8, true, 100, 0 },
	{ "monitors of the same targets", 10, 80, false, 20, 0 },
	{ "one source", 1, 200, true, 0, 0 },
	{ "few targets", 10, 5, true, 0, 0 },
	{ "a flood from spoofed sources", 100000, 1, false, 0, 0 },
};

static void
play(void *state, const struct shared_case *row)
{
	uint64_t now_ns = UINT64_C(1700000000) * S;
	struct addr source, target;
	uint32_t n, k, number;

	for (k = 0; k < row->targets_each; k++) {
		for (n = 0; n < row->sources; n++, now_ns += S / 100) {
			number = row->is_sliced ? n * row->targets_each + k : k;
			source = (struct addr){ .version = 4, .bytes = { 10, (uint8_t)(n >> 16),
				(uint8_t)(n >> 8), (uint8_t)n } };
			target = (struct addr){ .version = 4,
				.bytes = { 198, 51, 100, (uint8_t)number } };
			send_message(state, ICMP4_ECHO, &source, &target, now_ns);
			if (number * 7 % 100 < row->answered)
				send_message(state, ICMP4_ECHO_REPLY, &target, &source, now_ns);
		}
	}
}

static void
test_cases(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		judged_start(&judged, &detector_distributed_sweep);
		play(judged.state, &cases[i]);
		if (judged.opened != cases[i].opened)
			print_error("%s: %u opened\n", cases[i].name, judged.opened);
		assert_int_equal(judged.opened, cases[i].opened);
		judged_stop(&judged);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
