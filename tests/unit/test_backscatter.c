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
#include "analyzer/detect/incident.h"
#include "analyzer/log.h"

#define S UINT64_C(1000000000)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t opened, closed;
static char severity[16], message[256];

static void
collect(void *owner, const struct event *event)
{
	const struct alert_facts *facts = event->facts;

	(void)owner;
	opened += event->id == EVENT_ALERT_OPENED;
	closed += event->id == EVENT_ALERT_CLOSED;
	snprintf(severity, sizeof(severity), "%s", facts->severity_name);
	snprintf(message, sizeof(message), "%s", facts->message);
}

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
		severity[0] = message[0] = '\0';
		context.incidents = incidents_create(&settings, &emitter, &wait, &context.key, err);
		assert_non_null(context.incidents);
		state = detector_backscatter.create(&context, err);
		assert_non_null(state);
		play(state, &cases[i]);
		incidents_finish(context.incidents);
		if (opened != (cases[i].message != NULL))
			print_error("%s: %s\n", cases[i].name, message);
		assert_int_equal(opened, cases[i].message != NULL);
		assert_int_equal(closed, opened);
		assert_string_equal(message, cases[i].message != NULL ? cases[i].message : "");
		assert_string_equal(severity, cases[i].message != NULL ? "low" : "");
		detector_backscatter.destroy(state);
		incidents_free(context.incidents);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
