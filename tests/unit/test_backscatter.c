/*
 * The detector of backscatter on a set clock: who sends errors to whom, about
 * datagrams to whom, and whether those were sent.
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

/* Errors from so many hosts to so many, each about a datagram to its sender. */
struct backscatter_case {
	const char *name;
	uint32_t errors, senders, receivers;
	uint64_t apart_ns;
	uint32_t known;   /* percent of which it is known whether they were sent */
	bool was_sent;    /* and these were */
	bool is_foreign;  /* they quote datagrams of others than the receiver */
	const char *message; /* NULL: no incident */
};

static const struct backscatter_case cases[] = {
	{ "one host attacked in the names of many", 40, 1, 20, S, 50, false, false,
	  "203.0.0.0 is attacked in the name of others: 20 hosts got errors about datagrams to "
	  "it that they never sent" },
	{ "many hosts attacked in the name of one", 40, 20, 1, S, 100, false, false,
	  "Somebody sends in the name of 10.0.0.0: 20 hosts sent it errors about datagrams that it "
	  "never sent" },
	{ "a server that is down", 40, 1, 20, S, 100, true, false, NULL },
	{ "errors of dead peers", 40, 20, 1, S, 100, true, false, NULL },
	{ "nobody can tell", 40, 1, 20, S, 0, false, false, NULL },
	{ "few hosts", 40, 1, 6, S, 100, false, false, NULL },
	{ "few hosts at a time", 40, 1, 40, 120 * S, 100, false, false, NULL },
	{ "a flood", 4000, 20, 1, S / 1000, 100, false, false, NULL },
	{ "errors that reach the wrong host", 40, 1, 20, S, 100, false, true, NULL },
};

static void
play(void *state, const struct backscatter_case *row)
{
	uint64_t now_ns = UINT64_C(1700000000) * S;
	uint32_t i;

	for (i = 0; i < row->errors; i++, now_ns += row->apart_ns) {
		const struct frame frame = { .when_ns = now_ns };
		const struct packet packet = { .frame = &frame };
		const struct addr sender = { { 203, 0, 0, (uint8_t)(i % row->senders) }, 4 };
		const struct addr receiver = { { 10, 0, 0, (uint8_t)(i % row->receivers) }, 4 };
		const struct quote_facts quote = {
			.seen = i % 100 < row->known ? row->was_sent : EVENT_UNKNOWN };
		struct icmp_msg msg = { .version = 4, .length = 36 };
		const struct event event = { .id = EVENT_ERROR, .when_ns = now_ns,
			.source = sender, .destination = receiver, .packet = &packet, .msg = &msg,
			.quote = &quote };

		msg.quote.ip.source = row->is_foreign ? sender : receiver;
		msg.quote.ip.destination = msg.quote.ip.final_destination = sender;
		detector_backscatter.tick(state, now_ns);
		detector_backscatter.event(state, &event, now_ns);
	}
	detector_backscatter.finish(state, now_ns);
}

static void
test_cases(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		judged_start(&judged, &detector_backscatter);
		play(judged.state, &cases[i]);
		incidents_finish(judged.incidents);
		if (judged.opened != (cases[i].message != NULL))
			print_error("%s: %s\n", cases[i].name, judged.message);
		assert_int_equal(judged.opened, cases[i].message != NULL);
		assert_int_equal(judged.closed, judged.opened);
		assert_string_equal(judged.message, cases[i].message != NULL ? cases[i].message : "");
		assert_string_equal(judged.severity, cases[i].message != NULL ? "low" : "");
		judged_stop(&judged);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
