/*
 * The exchange tracker, fed with scripts of messages on a set clock: one row a
 * step, with the events expected at it.
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


enum what { REQUEST, ROUTED_REQUEST, REPLY, UNREACHABLE, PASS, FINISH, GROUP_REQUEST, GROUP_REPLY };

struct step {
	uint64_t at_ms;       /* capture's clock */
	enum what what;
	uint16_t id, seq;
	const char *payload;
	uint16_t ip_id;
	const char *events;   /* "status:seq:rtt_ms ..." of the events it gives */
};

static void
collect(void *owner, const struct event *event)
{
	struct tracked *fixture = owner;
	const struct exchange_facts *facts = event->facts;

	assert_int_equal(event_type(event->id)->dataset, DATASET_EXCHANGE);
	tracked_say(fixture, " ", "%s:%d:%d", facts->status, (int)facts->seq,
	    facts->rtt_ns < 0 ? -1 : (int)(facts->rtt_ns / (int64_t)MS));
}

/* The message of a step between 192.0.2.1, who asks, and 192.0.2.2. */
static void
send_message(struct tracked *fixture, const struct step *step)
{
	struct frame frame = { .when_ns = START_NS + step->at_ms * MS };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP,
		.begun_ns = frame.when_ns };
	struct icmp_msg msg;
	uint8_t type = ICMP4_ECHO;

	memset(&msg, 0, sizeof(msg));
	frame.number = frame.ordinal = ++fixture->number;
	packet.ip = (struct ip_header){ .version = 4, .ttl = 64, .protocol = IP_PROTO_ICMP,
		.source = tracked_host(1), .destination = tracked_host(2), .id = step->ip_id, .has_id = true };
	if (step->what == REPLY) {
		type = ICMP4_ECHO_REPLY;
		packet.ip.source = tracked_host(2);
		packet.ip.destination = tracked_host(1);
	} else if (step->what == ROUTED_REQUEST) {
		packet.ip.ttl--;
	} else if (step->what == GROUP_REQUEST) {
		packet.ip.destination = (struct addr){ .version = 4, .bytes = { 224, 0, 0, 1 } };
	} else if (step->what == GROUP_REPLY) {
		type = ICMP4_ECHO_REPLY;
		packet.ip.source = tracked_host((uint8_t)step->ip_id);
		packet.ip.destination = tracked_host(1);
	} else if (step->what == UNREACHABLE) {
		type = ICMP4_DESTINATION_UNREACHABLE;
		packet.ip.source = tracked_host(9);
		packet.ip.destination = tracked_host(1);
		msg.quote.present = true;
		msg.quote.ip.source = tracked_host(1);
		msg.quote.ip.destination = msg.quote.ip.final_destination = tracked_host(2);
		msg.quote.ip.id = step->ip_id;
		msg.quote.ip.has_id = true;
		msg.quote.transport = (struct transport){ .protocol = IP_PROTO_ICMP,
			.has_icmp = true, .has_id = true, .has_seq = true,
			.icmp_type = ICMP4_ECHO, .id = step->id, .seq = step->seq };
	}
	packet.ip.final_destination = packet.ip.destination;
	msg.version = 4;
	msg.type_number = type;
	msg.type = icmp_lookup(4, type, 0, 64);
	if (step->what != UNREACHABLE) {
		msg.values[0].number = step->id;
		msg.values[1].number = step->seq;
		msg.value_count = 2;
		msg.tail = cursor_over((const uint8_t *)step->payload,
		    (uint32_t)strlen(step->payload), (uint32_t)strlen(step->payload));
		msg.payload = payload_read(msg.tail, 1);
	}
	tracker_exchange.message(fixture->state, &packet, &msg, frame.when_ns);
}

static void
run_steps(struct tracked *fixture, const struct step *steps, size_t count)
{
	size_t i;

	tracked_start(fixture, DATASET_EXCHANGE, collect);
	for (i = 0; i < count; i++) {
		uint64_t now_ns = START_NS + steps[i].at_ms * MS;

		fixture->events[0] = '\0';
		if (steps[i].what != FINISH)
			tracker_exchange.tick(fixture->state, now_ns);
		if (steps[i].what == FINISH)
			tracker_exchange.finish(fixture->state, now_ns, now_ns);
		else if (steps[i].what != PASS)
			send_message(fixture, &steps[i]);
		tracked_expect(fixture, i, steps[i].events);
	}
}

#define RUN(fixture, steps) run_steps(fixture, steps, sizeof(steps) / sizeof((steps)[0]))

static int
setup(void **state)
{
	return tracked_setup(state, &tracker_exchange);
}

static struct report_pair
totals(struct tracked *fixture)
{
	struct report report;

	report = tracked_report(fixture);
	assert_int_equal(report.family_count, 1);
	return report.families[0].sum;
}

static struct report_pair
only_pair(struct tracked *fixture)
{
	struct report report;

	report = tracked_report(fixture);
	assert_int_equal(report.family_count, 1);
	assert_int_equal(report.families[0].pair_count, 1);
	return report.families[0].pairs[0];
}

static void
answered_in_order(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "abcdefgh", 1, "" },
		{ 12, REPLY, 7, 1, "abcdefgh", 9, "answered:1:12" },
		{ 1000, REQUEST, 7, 2, "abcdefgh", 2, "" },
		{ 1020, REPLY, 7, 2, "abcdefgh", 10, "answered:2:20" },
		{ 2000, FINISH, 0, 0, NULL, 0, "" },
	};
	struct tracked *fixture = *state;
	struct report_pair pair;

	RUN(fixture, steps);
	pair = only_pair(fixture);
	assert_int_equal(pair.sent, 2);
	assert_int_equal(pair.answered, 2);
	assert_int_equal(pair.rtt_min_ns, 12 * MS);
	assert_int_equal(pair.rtt_max_ns, 20 * MS);
	assert_int_equal(pair.rtt_avg_ns, 16 * MS);
	assert_int_equal(pair.jitter_ns, 8 * MS / 16);
}

/* The minute of a request is where its loss or its late answer shows. */
static void
minute_by_minute(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 10, REPLY, 7, 1, "x", 9, "answered:1:10" },
		{ 30000, REQUEST, 7, 2, "x", 2, "" },
		{ 30030, REPLY, 7, 2, "x", 9, "answered:2:30" },
		{ 39990, REQUEST, 7, 3, "x", 3, "" },
		{ 41000, REQUEST, 7, 4, "x", 4, "" },
		{ 41005, REPLY, 7, 4, "x", 9, "answered:4:5" },
		{ 50000, PASS, 0, 0, NULL, 0, "lost:3:-1" },
		{ 220000, REQUEST, 7, 5, "x", 5, "" },
		{ 230000, PASS, 0, 0, NULL, 0, "lost:5:-1" },
		{ 231000, REPLY, 7, 5, "x", 9, "late:5:11000" },
		{ 231001, REQUEST, 7, 6, "x", 6, "" },
		{ 231002, UNREACHABLE, 7, 6, NULL, 6, "unreachable:6:-1" },
	};
	static const struct report_minute expected[] = {
		{ .sent = 3, .received = 2, .lost = 1, .rtt_min_ns = 10 * MS, .rtt_max_ns = 30 * MS },
		{ .sent = 1, .received = 1, .lost = 0, .rtt_min_ns = 5 * MS, .rtt_max_ns = 5 * MS },
		{ .sent = 2, .received = 1, .lost = 1, .rtt_min_ns = 11000 * MS,
		  .rtt_max_ns = 11000 * MS },
	};
	struct report_pair pair;
	uint32_t i;

	RUN(*state, steps);
	pair = only_pair(*state);
	assert_int_equal(pair.minute_count, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(pair.minutes[i].sent, expected[i].sent);
		assert_int_equal(pair.minutes[i].received, expected[i].received);
		assert_int_equal(pair.minutes[i].lost, expected[i].lost);
		assert_int_equal(pair.minutes[i].rtt_min_ns, expected[i].rtt_min_ns);
		assert_int_equal(pair.minutes[i].rtt_max_ns, expected[i].rtt_max_ns);
	}
	assert_int_equal(pair.minutes[0].start_ns, START_NS - 20000 * MS);
	assert_int_equal(pair.minutes[2].start_ns, START_NS + 220000 * MS);
	assert_int_equal(pair.ipdv_max_ns, 10995 * MS);
	assert_int_equal(pair.ipdv_avg_ns, (20 + 25 + 10995) * MS / 3);
}

/* A table of few minutes keeps the latest. */
static void
minutes_are_bounded(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, REQUEST, 7, 0, "x", 1, "" };
	struct report_pair pair;

	fixture->settings.exchange_minutes = 4;
	tracked_start(fixture, DATASET_EXCHANGE, collect);
	for (step.seq = 0; step.seq < 10; step.seq++) {
		step.at_ms = step.seq * 60000;
		send_message(fixture, &step);
	}
	pair = only_pair(fixture);
	assert_int_equal(pair.minute_count, 4);
	assert_int_equal(pair.minutes[3].start_ns, START_NS + (540000 - 20000) * MS);
}

static void
lost_then_late(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 9999, PASS, 0, 0, NULL, 0, "" },
		{ 10000, PASS, 0, 0, NULL, 0, "lost:1:-1" },
		{ 11000, REPLY, 7, 1, "x", 2, "late:1:11000" },
		{ 11001, REPLY, 7, 1, "x", 3, "duplicate:1:11001" },
		{ 80000, PASS, 0, 0, NULL, 0, "" },
		{ 80001, REPLY, 7, 1, "x", 4, "unsolicited:1:-1" },
	};
	struct report_pair sum;

	RUN(*state, steps);
	sum = totals(*state);
	assert_int_equal(sum.sent, 1);
	assert_int_equal(sum.late, 1);
	assert_int_equal(sum.lost, 0);
	assert_int_equal(sum.duplicates, 1);
	assert_int_equal(sum.unsolicited, 1);
	assert_int_equal(sum.open, 0);
}

static void
open_at_the_end(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 5000, REQUEST, 7, 2, "x", 2, "" },
		{ 10500, FINISH, 0, 0, NULL, 0, "lost:1:-1 open:2:-1" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).open, 1);
	assert_int_equal(totals(*state).lost, 1);
}

static void
unreachable_by_an_error(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 30, UNREACHABLE, 7, 1, NULL, 0, "unreachable:1:-1" },
		{ 40, UNREACHABLE, 7, 1, NULL, 0, "" },
		{ 50, UNREACHABLE, 7, 2, NULL, 0, "" },
		{ 60, UNREACHABLE, 8, 1, NULL, 0, "" },
		{ 20000, PASS, 0, 0, NULL, 0, "" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).unreachable, 1);
	assert_int_equal(totals(*state).lost, 0);
}

static void
reordered_replies(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 65535, "x", 1, "" },
		{ 10, REQUEST, 7, 0, "x", 2, "" },
		{ 20, REPLY, 7, 0, "x", 3, "answered:0:10" },
		{ 21, REPLY, 7, 65535, "x", 4, "answered:65535:21" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).reordered, 1);
}

static void
a_new_run_with_the_same_id_is_in_order(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 1, 900, "x", 1, "" },
		{ 10, REPLY, 1, 900, "x", 3, "answered:900:10" },
		{ 1000, REQUEST, 1, 1, "x", 2, "" },
		{ 1020, REPLY, 1, 1, "x", 4, "answered:1:20" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).reordered, 0);
}

/* A span port or `-i any` shows every frame twice: neither request nor reply
 * counts twice, but a third reply is the network's duplicate. */
static void
copies_by_the_capture(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 10, REPLY, 7, 1, "x", 2, "answered:1:10" },
		{ 10, REPLY, 7, 1, "x", 2, "" },
		{ 11, REPLY, 7, 1, "x", 2, "duplicate:1:11" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).sent, 1);
	assert_int_equal(totals(*state).copies, 2);
	assert_int_equal(totals(*state).duplicates, 1);
}

/* Captured on both sides of a router, an RTT is that of the far side. */
static void
copies_by_a_router(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 4, ROUTED_REQUEST, 7, 1, "x", 1, "" },
		{ 20, REPLY, 7, 1, "x", 2, "answered:1:16" },
		{ 24, REPLY, 7, 1, "x", 2, "" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).sent, 1);
	assert_int_equal(totals(*state).copies, 2);
}

/* Two queues of a card, one file: the answer lies in front of its request. */
static void
reply_in_front_of_its_request(void **state)
{
	static const struct step steps[] = {
		{ 12, REPLY, 7, 1, "abcdefgh", 9, "unsolicited:1:-1" },
		{ 10, REQUEST, 7, 1, "abcdefgh", 1, "answered:1:2" },
		{ 20, REPLY, 7, 1, "abcdefgh", 9, "duplicate:1:10" },
		/* an old reply is none to a new request */
		{ 30, REPLY, 7, 2, "abcdefgh", 9, "unsolicited:2:-1" },
		{ 40, REQUEST, 7, 2, "abcdefgh", 1, "" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).unsolicited, 1);
	assert_int_equal(totals(*state).answered, 1);
	assert_int_equal(totals(*state).rtt_max_ns, 2 * MS);
}

/* The same octets again after the answer, or too late for a copy, are news. */
static void
identical_requests_are_no_copies(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 0, 0, "x", 1, "" },
		{ 1, REPLY, 0, 0, "x", 2, "answered:0:1" },
		{ 1, REQUEST, 0, 0, "x", 1, "" },
		{ 2, REPLY, 0, 0, "x", 3, "answered:0:1" },
		{ 20, REQUEST, 0, 0, "x", 1, "" },
		{ 36, REQUEST, 0, 0, "x", 1, "" },
		{ 20000, PASS, 0, 0, NULL, 0, "lost:0:-1 lost:0:-1" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).sent, 4);
	assert_int_equal(totals(*state).copies, 0);
}

static void
same_id_and_seq_told_by_payload(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "first one", 1, "" },
		{ 5, REQUEST, 7, 1, "second one", 2, "" },
		{ 20, REPLY, 7, 1, "first one", 8, "answered:1:20" },
		{ 25, REPLY, 7, 1, "second one", 9, "answered:1:20" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).sent, 2);
	assert_int_equal(totals(*state).answered, 2);
}

/* However many other requests lie between those of one sequence number. */
static void
same_seq_far_apart(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, REQUEST, 7, 1, "first one", 1, "" };
	uint16_t seq;

	tracked_start(fixture, DATASET_EXCHANGE, collect);
	send_message(fixture, &step);
	for (seq = 100; seq < 200; seq++) {
		step.seq = seq;
		send_message(fixture, &step);
	}
	step = (struct step){ 1, REQUEST, 7, 1, "second one", 2, "" };
	send_message(fixture, &step);
	fixture->events[0] = '\0';
	step = (struct step){ 20, REPLY, 7, 1, "first one", 8, "" };
	send_message(fixture, &step);
	assert_string_equal(fixture->events, "answered:1:20");
}

static void
an_error_quotes_one_of_two(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "x", 1, "" },
		{ 5, REQUEST, 7, 1, "y", 2, "" },
		{ 10, REPLY, 7, 1, "y", 9, "answered:1:5" },
		{ 30, UNREACHABLE, 7, 1, NULL, 1, "unreachable:1:-1" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).unreachable, 1);
	assert_int_equal(totals(*state).open, 0);
}

/* A sender that repeats one echo for ever makes no chain of what it sent: this
 * would take minutes. */
static void
endless_repeats_cost_nothing(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, REQUEST, 7, 1, "x", 0, "" };
	uint32_t i;

	fixture->settings.exchange_requests = 200000;
	fixture->emitter.wanted = 0;
	tracked_start(fixture, DATASET_EXCHANGE, collect);
	fixture->emitter.wanted = 0;
	for (i = 0; i < 400000; i++) {
		step.ip_id = (uint16_t)i;
		step.at_ms = i / 1000;
		send_message(fixture, &step);
	}
	assert_int_equal(totals(fixture).sent, 400000);
	assert_int_equal(totals(fixture).evicted, 200000);
}

/* The first to answer a group answers; the others are further answers. */
static void
a_group_is_asked(void **state)
{
	static const struct step steps[] = {
		{ 0, GROUP_REQUEST, 7, 1, "x", 1, "" },
		{ 1, GROUP_REPLY, 7, 1, "x", 20, "answered:1:1" },
		{ 2, GROUP_REPLY, 7, 1, "x", 21, "duplicate:1:2" },
		{ 3, GROUP_REPLY, 8, 1, "x", 22, "unsolicited:1:-1" },
	};
	struct report_pair sum;

	RUN(*state, steps);
	sum = totals(*state);
	assert_int_equal(sum.sent, 1);
	assert_int_equal(sum.answered, 1);
	assert_int_equal(sum.duplicates, 0);
	assert_int_equal(sum.further, 1);
	assert_int_equal(sum.repliers, 2);
	assert_int_equal(sum.unsolicited, 1);
}

static void
altered_payload_still_answers(void **state)
{
	static const struct step steps[] = {
		{ 0, REQUEST, 7, 1, "0123456789abcdef0123", 1, "" },
		{ 20, REPLY, 7, 1, "0123456789abcdef", 8, "answered:1:20" },
		{ 30, REQUEST, 7, 2, "0123456789abcdef0123", 1, "" },
		{ 40, REPLY, 7, 2, "something else at all", 8, "answered:2:10" },
	};

	RUN(*state, steps);
	assert_int_equal(totals(*state).altered, 1);
}

static void
clock_backwards_gives_no_rtt(void **state)
{
	static const struct step steps[] = {
		{ 5000, REQUEST, 7, 1, "x", 1, "" },
		{ 4000, REPLY, 7, 1, "x", 2, "answered:1:-1" },
	};
	struct tracked *fixture = *state;
	struct report_pair pair;

	tracked_start(fixture, DATASET_EXCHANGE, collect);
	send_message(fixture, &steps[0]);
	fixture->events[0] = '\0';
	send_message(fixture, &steps[1]);
	assert_string_equal(fixture->events, steps[1].events);
	pair = only_pair(fixture);
	assert_int_equal(pair.answered, 1);
	assert_int_equal(pair.rtt_count, 0);
}

/* With room for four requests, older ones become unknown, never lost. */
static void
evicted_requests_are_counted(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, REQUEST, 7, 0, "x", 1, "" };
	struct report_pair sum;

	fixture->settings.exchange_requests = 4;
	tracked_start(fixture, DATASET_EXCHANGE, collect);
	for (step.seq = 0; step.seq < 10; step.seq++) {
		step.at_ms = step.seq;
		send_message(fixture, &step);
	}
	fixture->events[0] = '\0';
	tracker_exchange.tick(fixture->state, START_NS + 20000 * MS);
	assert_string_equal(fixture->events, "lost:6:-1 lost:7:-1 lost:8:-1 lost:9:-1");
	sum = totals(fixture);
	assert_int_equal(sum.sent, 10);
	assert_int_equal(sum.evicted, 6);
	assert_int_equal(sum.lost, 4);
}

/* A session's end takes its requests along; the totals keep what it did. */
static void
evicted_sessions_keep_the_totals(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, REQUEST, 0, 1, "x", 1, "" };
	struct report_pair sum;

	fixture->settings.exchange_sessions = 2;
	tracked_start(fixture, DATASET_EXCHANGE, collect);
	for (step.id = 0; step.id < 5; step.id++) {
		step.what = REQUEST;
		send_message(fixture, &step);
		step.what = REPLY;
		if (step.id == 0)
			send_message(fixture, &step);
	}
	sum = totals(fixture);
	assert_int_equal(sum.sent, 5);
	assert_int_equal(sum.answered, 1);
	assert_int_equal(sum.evicted, 2);
	assert_int_equal(sum.open, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tracked_teardown)
	const struct CMUnitTest tests[] = {
		TEST(answered_in_order),
		TEST(minute_by_minute),
		TEST(minutes_are_bounded),
		TEST(lost_then_late),
		TEST(open_at_the_end),
		TEST(unreachable_by_an_error),
		TEST(reordered_replies),
		TEST(a_new_run_with_the_same_id_is_in_order),
		TEST(copies_by_the_capture),
		TEST(copies_by_a_router),
		TEST(reply_in_front_of_its_request),
		TEST(identical_requests_are_no_copies),
		TEST(same_id_and_seq_told_by_payload),
		TEST(same_seq_far_apart),
		TEST(an_error_quotes_one_of_two),
		TEST(endless_repeats_cost_nothing),
		TEST(a_group_is_asked),
		TEST(altered_payload_still_answers),
		TEST(clock_backwards_gives_no_rtt),
		TEST(evicted_requests_are_counted),
		TEST(evicted_sessions_keep_the_totals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
