/*
 * The availability tracker on a set clock: a step is a row of polls, each
 * answered or not, with the events expected until the next step begins.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/track/trackers.h"
#include "tests/tracked.h"

#define NEVER_MS UINT32_MAX
#define TO_MS(ns) ((ns) / (int64_t)MS)

enum what {
	POLL,        /* requests */
	PROBE,       /* requests with TTLs from 1 on, of which the last is answered */
	UNREACHABLE, /* an error about the latest request */
	TOO_BIG,     /* the same, but fragmentation needed */
	ANSWER,      /* a reply alone */
	LOST,        /* the capture dropped packets */
	PASS,        /* nothing, up to then */
};

struct step {
	uint32_t at_ms;
	enum what what;
	uint32_t count, every_ms; /* of the requests */
	uint32_t rtt_ms;          /* of the replies, or NEVER_MS */
	const char *events;       /* "down@ms up@ms:down_ms" */
};

static void
collect(void *owner, const struct event *event)
{
	struct tracked *fixture = owner;
	const struct availability_facts *facts = event->facts;
	int at_ms = (int)((event->when_ns - START_NS) / MS);

	assert_int_equal(event->source.bytes[3], 1);
	assert_int_equal(facts->target.bytes[3], 2);
	if (event->id == EVENT_UP)
		tracked_say(fixture, " ", "up@%d:%d", at_ms, (int)TO_MS(facts->down_ns));
	else
		tracked_say(fixture, " ", "down@%d%s", at_ms,
		    strcmp(facts->cause, "unreachable") == 0 ? ":unreachable" : "");
}

/* Lets time pass up to `at_ms`, as the pipeline does. */
/* A message from one of the two to the other. */
static void
send_message(struct tracked *fixture, uint64_t at_ms, uint8_t type, uint8_t code, uint8_t ttl)
{
	struct frame frame = { .when_ns = tracked_pass(fixture, at_ms) };
	struct packet packet = { .frame = &frame, .begun_ns = frame.when_ns };
	struct icmp_msg msg = { .version = 4, .type_number = type, .code = code };

	frame.number = frame.ordinal = ++fixture->number;
	packet.ip = (struct ip_header){ .version = 4, .ttl = ttl, .protocol = IP_PROTO_ICMP,
		.source = tracked_host(1), .destination = tracked_host(2) };
	if (type != ICMP4_ECHO) {
		packet.ip.source = tracked_host(type == ICMP4_ECHO_REPLY ? 2 : 9);
		packet.ip.destination = tracked_host(1);
		msg.quote.present = true;
		msg.quote.ip.source = tracked_host(1);
		msg.quote.ip.final_destination = tracked_host(2);
		msg.quote.transport.has_seq = true;
	}
	packet.ip.final_destination = packet.ip.destination;
	msg.type = icmp_lookup(4, type, code, 64);
	tracker_availability.message(fixture->state, &packet, &msg, frame.when_ns);
}

/* Requests and their replies, in the order of their times. */
static void
send_polls(struct tracked *fixture, const struct step *step)
{
	uint32_t asked = 0, answered = 0;
	uint64_t ask_ms, answer_ms;
	bool is_probe = step->what == PROBE;

	while (asked < step->count || (answered < asked && step->rtt_ms != NEVER_MS)) {
		ask_ms = asked < step->count ?
		    step->at_ms + (uint64_t)asked * step->every_ms : UINT64_MAX;
		answer_ms = answered < asked && step->rtt_ms != NEVER_MS ?
		    step->at_ms + (uint64_t)answered * step->every_ms + step->rtt_ms : UINT64_MAX;
		if (ask_ms < answer_ms) {
			asked++;
			send_message(fixture, ask_ms, ICMP4_ECHO, 0,
			    is_probe ? (uint8_t)asked : 64);
		} else {
			answered++;
			if (!is_probe || answered == step->count)
				send_message(fixture, answer_ms, ICMP4_ECHO_REPLY, 0, 60);
		}
	}
}

static void
play(struct tracked *fixture, const struct step *step)
{
	switch (step->what) {
	case POLL:
	case PROBE:
		send_polls(fixture, step);
		break;
	case UNREACHABLE:
		send_message(fixture, step->at_ms, ICMP4_DESTINATION_UNREACHABLE, 1, 64);
		break;
	case TOO_BIG:
		send_message(fixture, step->at_ms, ICMP4_DESTINATION_UNREACHABLE, 4, 64);
		break;
	case ANSWER:
		send_message(fixture, step->at_ms, ICMP4_ECHO_REPLY, 0, 60);
		break;
	case LOST:
		tracker_availability.lost(fixture->state, tracked_pass(fixture, step->at_ms));
		break;
	case PASS:
		break;
	}
}

static void
run_steps(struct tracked *fixture, const struct step *steps, size_t count)
{
	size_t i;

	tracked_start(fixture, DATASET_AVAILABILITY, collect);
	for (i = 0; i < count; i++) {
		fixture->events[0] = '\0';
		play(fixture, &steps[i]);
		tracked_pass(fixture, i + 1 < count ? steps[i + 1].at_ms : steps[i].at_ms + 100000);
		tracked_expect(fixture, i, steps[i].events);
	}
}

#define RUN(fixture, steps) run_steps(fixture, steps, sizeof(steps) / sizeof((steps)[0]))

static int
setup(void **state)
{
	return tracked_setup(state, &tracker_availability);
}

/* Every second, the third loss is at 22 s, and waited for a second. */
static void
goes_and_comes(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 20, 1000, 10, "" },
		{ 20000, POLL, 10, 1000, NEVER_MS, "down@23000" },
		{ 30000, POLL, 10, 1000, 10, "up@30010:10010" },
	};
	const struct availability_facts *target;
	const struct outage_facts *outage;
	struct report report;

	RUN(*state, steps);
	report = tracked_report(*state);
	assert_int_equal(report.target_count, 1);
	assert_int_equal(report.target_troubled, 1);
	assert_int_equal(report.target_down, 0);
	target = report.targets;
	assert_int_equal(TO_MS(target->period_ns), 1000);
	assert_int_equal(target->loss_ppm, 250000);
	assert_int_equal(TO_MS(target->down_ns), 10010);
	assert_int_equal(target->up_ppm, 743399);
	assert_int_equal(target->outages.count, 1);
	outage = target->outages.items;
	assert_int_equal(outage->start_ns, START_NS + 20000 * MS);
	assert_int_equal(outage->end_ns, START_NS + 30010 * MS);
}

static void
a_few_pings_are_no_monitor(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 1, 1000, 10, "" },
		{ 1000, POLL, 3, 1000, NEVER_MS, "" },
	};

	RUN(*state, steps);
	assert_int_equal(tracked_report(*state).target_total, 0);
}

/* Nobody asks any more: two losses are not three. */
static void
the_monitor_vanishes(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 20, 1000, 10, "" },
		{ 20000, POLL, 2, 1000, NEVER_MS, "" },
		{ 400000, POLL, 2, 1000, NEVER_MS, "" },
	};

	RUN(*state, steps);
	assert_int_equal(tracked_report(*state).target_troubled, 0);
}

/* The outage is known as far as it was watched. */
static void
the_monitor_vanishes_in_an_outage(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 20, 1000, 10, "" },
		{ 20000, POLL, 5, 1000, NEVER_MS, "down@23000" },
		{ 400000, POLL, 10, 1000, 10, "" },
	};
	const struct outage_facts *outage;

	RUN(*state, steps);
	outage = tracked_report(*state).targets->outages.items;
	assert_int_equal(outage->end_ns, EVENT_UNKNOWN);
	assert_int_equal(outage->down_ns, 4000 * MS);
}

/* Where the answers never pass, nothing is known. */
static void
answers_take_another_way(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 50, 1000, NEVER_MS, "" },
		{ 50000, UNREACHABLE, 0, 0, 0, "" },
	};

	RUN(*state, steps);
	assert_int_equal(tracked_report(*state).target_total, 0);
	assert_int_equal(tracked_report(*state).target_mute, 1);
}

static void
the_capture_drops_packets(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 20, 1000, 10, "" },
		{ 20000, POLL, 3, 1000, NEVER_MS, "" },
		{ 22500, LOST, 0, 0, 0, "" },
		{ 23500, POLL, 10, 1000, 10, "" },
	};

	RUN(*state, steps);
	assert_int_equal(tracked_report(*state).target_troubled, 0);
}

static void
an_error_says_so(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 20, 1000, 10, "" },
		{ 19500, UNREACHABLE, 0, 0, 0, "" }, /* of long ago: the latest was answered */
		{ 20000, POLL, 1, 1000, NEVER_MS, "" },
		{ 20010, TOO_BIG, 0, 0, 0, "" },
		{ 20020, UNREACHABLE, 0, 0, 0, "down@20020:unreachable" },
		{ 21000, POLL, 5, 1000, NEVER_MS, "" },
		{ 26000, POLL, 5, 1000, 10, "up@26010:6010" },
	};

	RUN(*state, steps);
}

/* Rounds of three requests, 300 ms apart, every minute: three whole rounds. */
static void
rounds_of_three(void **state)
{
#define ROUND(minute, rtt, events) { (minute) * 60000, POLL, 3, 300, rtt, events }
	static const struct step steps[] = {
		ROUND(0, 10, ""), ROUND(1, 10, ""), ROUND(2, 10, ""), ROUND(3, 10, ""),
		ROUND(4, 10, ""), ROUND(5, 10, ""), ROUND(6, 10, ""), ROUND(7, 10, ""),
		ROUND(8, 10, ""), ROUND(9, NEVER_MS, ""), ROUND(10, NEVER_MS, ""),
		ROUND(11, NEVER_MS, "down@661600"), ROUND(12, NEVER_MS, ""),
		ROUND(13, 10, "up@780010:240010"), ROUND(14, 10, ""),
	};

	RUN(*state, steps);
}

/* The same, but one of the three answers each time. */
static void
an_answer_to_a_round_is_enough(void **state)
{
	static const struct step steps[] = {
		ROUND(0, 10, ""), ROUND(1, 10, ""), ROUND(2, 10, ""), ROUND(3, 10, ""),
		ROUND(4, 10, ""), ROUND(5, 10, ""), ROUND(6, 10, ""), ROUND(7, 10, ""),
		ROUND(8, 10, ""), ROUND(9, NEVER_MS, ""), { 540700, ANSWER, 0, 0, 0, "" },
		ROUND(10, NEVER_MS, ""), { 600700, ANSWER, 0, 0, 0, "" },
		ROUND(11, NEVER_MS, ""), { 660700, ANSWER, 0, 0, 0, "" },
		ROUND(12, 10, ""),
	};

	RUN(*state, steps);
}

/* Smokeping: twenty in a row every five minutes. */
static void
rounds_of_twenty(void **state)
{
#define BURST(n, rtt, events) { (n) * 300000, POLL, 20, 400, rtt, events }
	static const struct step steps[] = {
		BURST(0, 10, ""), BURST(1, 10, ""), BURST(2, 10, ""), BURST(3, 10, ""),
		BURST(4, 10, ""), BURST(5, 10, ""), BURST(6, 10, ""), BURST(7, 10, ""),
		BURST(8, NEVER_MS, ""), BURST(9, NEVER_MS, ""),
		BURST(10, NEVER_MS, "down@3008600"),
		BURST(11, 10, "up@3300010:900010"),
	};

	RUN(*state, steps);
}

/* Answers that come after the next requests went out are no losses. */
static void
several_under_way(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 100, 200, 1700, "" },
		{ 22000, POLL, 20, 200, NEVER_MS, "down@23400" },
	};

	RUN(*state, steps);
	assert_int_equal(tracked_report(*state).target_troubled, 1);
}

/* A slow target is waited for as its answers need. */
static void
a_slow_target(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 20, 10000, 4000, "" },
		{ 200000, POLL, 3, 10000, 4500, "" },
		{ 230000, POLL, 3, 10000, NEVER_MS, "down@255171" },
	};

	RUN(*state, steps);
}

/* Every other round is lost, always: three in a row mean nothing, ten do. */
static void
a_lossy_target(void **state)
{
	struct tracked *fixture = *state;
	struct step poll = { 0, POLL, 1, 1000, 10, "" };

	tracked_start(fixture, DATASET_AVAILABILITY, collect);
	for (; poll.at_ms < 100000; poll.at_ms += 1000) {
		poll.rtt_ms = poll.at_ms / 1000 % 2 == 0 ? 10 : NEVER_MS;
		send_polls(fixture, &poll);
	}
	poll = (struct step){ 100000, POLL, 6, 1000, NEVER_MS, "" };
	send_polls(fixture, &poll);
	tracked_pass(fixture, 106000);
	assert_string_equal(fixture->events, "");
	poll = (struct step){ 106000, POLL, 6, 1000, NEVER_MS, "" };
	send_polls(fixture, &poll);
	tracked_pass(fixture, 120000);
	assert_string_equal(fixture->events, "down@109000");
}

/* mtr asks each hop once a second: only what reaches the target is a poll. */
static void
probes_of_the_path(void **state)
{
	struct tracked *fixture = *state;
	struct step probe = { 0, PROBE, 8, 125, 10, "" };

	tracked_start(fixture, DATASET_AVAILABILITY, collect);
	for (; probe.at_ms < 30000; probe.at_ms += 1000)
		send_polls(fixture, &probe);
	probe.rtt_ms = NEVER_MS; /* two lost at the last hop are no three */
	for (; probe.at_ms < 32000; probe.at_ms += 1000)
		send_polls(fixture, &probe);
	probe.rtt_ms = 10;
	send_polls(fixture, &probe);
	assert_string_equal(fixture->events, "");
	assert_int_equal(TO_MS(tracked_report(fixture).targets->period_ns), 1000);
}

/* A mirror port shows all twice: the period is that of the monitor. */
static void
copies_by_the_capture(void **state)
{
	struct tracked *fixture = *state;
	struct step poll = { 0, POLL, 2, 0, 10, "" };

	tracked_start(fixture, DATASET_AVAILABILITY, collect);
	for (; poll.at_ms < 20000; poll.at_ms += 1000)
		send_polls(fixture, &poll);
	assert_string_equal(fixture->events, "");
	assert_int_equal(TO_MS(tracked_report(fixture).targets->period_ns), 1000);
	assert_int_equal(tracked_report(fixture).targets->loss_ppm, 0);
}

/* Room for sixteen pairs and one outage: the books stay in order. */
static void
full_tables(void **state)
{
	static const struct step steps[] = {
		{ 0, POLL, 10, 1000, 10, "" },
		{ 10000, POLL, 5, 1000, NEVER_MS, "down@13000" },
		{ 15000, POLL, 5, 1000, 10, "up@15010:5010" },
		{ 20000, POLL, 5, 1000, NEVER_MS, "down@23000" },
		{ 25000, POLL, 5, 1000, 10, "up@25010:5010" },
	};
	struct tracked *fixture = *state;
	const struct availability_facts *target;

	fixture->settings.availability_polls = 16;
	fixture->settings.availability_outages = 1;
	RUN(fixture, steps);
	target = tracked_report(fixture).targets;
	assert_int_equal(target->outage_count, 2);
	assert_int_equal(target->outages.count, 1);
	assert_int_equal(TO_MS(target->down_ns), 10020);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tracked_teardown)
	const struct CMUnitTest tests[] = {
		TEST(goes_and_comes),
		TEST(a_few_pings_are_no_monitor),
		TEST(the_monitor_vanishes),
		TEST(the_monitor_vanishes_in_an_outage),
		TEST(answers_take_another_way),
		TEST(the_capture_drops_packets),
		TEST(an_error_says_so),
		TEST(rounds_of_three),
		TEST(an_answer_to_a_round_is_enough),
		TEST(rounds_of_twenty),
		TEST(several_under_way),
		TEST(a_slow_target),
		TEST(a_lossy_target),
		TEST(probes_of_the_path),
		TEST(copies_by_the_capture),
		TEST(full_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
