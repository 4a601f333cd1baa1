/*
 * The detectors of tunnels and channels: scripts of requests and replies
 * between two hosts, and what is told of them in the end.
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
#define PAYLOAD_MAX 1500

/* How an octet of a payload comes about. */
enum octets {
	OCTETS_NONE,    /* no message at all */
	OCTETS_PATTERN, /* as ping's: its place, behind a timestamp */
	OCTETS_RANDOM,
	OCTETS_TEXT,
	OCTETS_HEAD,    /* random in the place of the timestamp */
	OCTETS_SAME,    /* of the request */
};

/* So many requests alike, each with its reply. */
struct step {
	uint32_t count;
	enum octets request;
	uint32_t request_len;
	enum octets reply;
	uint32_t reply_len;
	uint32_t lengths;     /* added to request_len: a random number below this */
	uint32_t targets;     /* taken in turn; 0: one */
	bool is_field_random; /* identifier and sequence number */
	bool is_twice;        /* the host's own reply comes first */
	uint32_t wait_ms;     /* for the next request; 0: a second */
	uint32_t other_ms;    /* or so long: */
	uint32_t turns;       /* after so many of wait_ms; 0: now and then */
	uint32_t jitter_ms;   /* added: a random number below this */
	bool waits_for_lost;  /* other_ms is the wait for a reply that is lost */
};

struct fixture {
	struct judged judged;
	uint64_t random;
	uint16_t seq;
	uint8_t payload[PAYLOAD_MAX], answer[PAYLOAD_MAX];
};

static void
start(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	judged_start(&fixture->judged, &detector_icmp_tunnel);
	fixture->random = 1;
}

static void
stop(struct fixture *fixture)
{
	judged_finish(&fixture->judged);
	judged_stop(&fixture->judged);
}

static uint32_t
draw(struct fixture *fixture, uint32_t below)
{
	fixture->random = fixture->random * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (uint32_t)(fixture->random >> 33) % below;
}

static void
fill(struct fixture *fixture, enum octets kind, uint8_t *out, uint32_t len)
{
	uint64_t us = fixture->judged.now_ns / 1000;
	uint32_t i;

	for (i = 0; i < len; i++) {
		out[i] = (uint8_t)i;
		if (kind == OCTETS_RANDOM || (kind == OCTETS_HEAD && i < 16))
			out[i] = (uint8_t)draw(fixture, 256);
		else if (kind == OCTETS_TEXT)
			out[i] = (uint8_t)(' ' + draw(fixture, 90));
		else if (kind == OCTETS_PATTERN && i < 8)
			out[i] = (uint8_t)(us >> 8 * (i % 4));
	}
}

static void
send_echo(struct fixture *fixture, bool is_reply, uint32_t target, uint16_t id,
    const uint8_t *payload, uint32_t len)
{
	const struct addr inside = { .version = 4, .bytes = { 192, 0, 2, 1 } };
	const struct addr outside = { .version = 4, .bytes = { 203, 0, 113, (uint8_t)target } };
	const struct frame frame = { .when_ns = fixture->judged.now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP,
		.begun_ns = fixture->judged.now_ns };
	struct icmp_msg msg = { .version = 4, .type_number = is_reply ? 0 : 8, .length = 8 + len,
		.value_count = 2, .values = { { .number = id }, { .number = fixture->seq } },
		.tail = cursor_over(payload, len, len) };

	packet.ip = (struct ip_header){ .version = 4, .source = is_reply ? outside : inside,
		.destination = is_reply ? inside : outside };
	msg.type = icmp_lookup(4, msg.type_number, 0, msg.length);
	msg.payload = payload_read(msg.tail, 1);
	detector_icmp_tunnel.message(fixture->judged.state, &packet, &msg, fixture->judged.now_ns);
}

static uint32_t
next_wait(struct fixture *fixture, const struct step *step, uint32_t number)
{
	if (step->wait_ms == 0)
		return 1000;
	if (step->other_ms == 0)
		return step->wait_ms;
	if (step->turns > 0)
		return number % (step->turns + 1) == step->turns ? step->other_ms : step->wait_ms;
	return draw(fixture, 2) == 0 ? step->other_ms : step->wait_ms;
}

static void
exchange(struct fixture *fixture, const struct step *step, uint32_t number)
{
	uint32_t target = 1 + (step->targets > 0 ? number % step->targets : 0);
	uint32_t len = step->request_len, answer_len = step->reply_len;
	uint16_t id = step->is_field_random ? (uint16_t)draw(fixture, 65536) : 7;
	uint32_t wait_ms;

	fixture->seq = step->is_field_random ? (uint16_t)draw(fixture, 65536) : fixture->seq + 1;
	if (step->lengths > 0)
		len += draw(fixture, step->lengths);
	fill(fixture, step->request, fixture->payload, len);
	if (step->request != OCTETS_NONE)
		send_echo(fixture, false, target, id, fixture->payload, len);
	if (step->is_twice)
		send_echo(fixture, true, target, id, fixture->payload, len);
	if (step->reply == OCTETS_SAME)
		answer_len = answer_len > 0 ? answer_len : len;
	if (step->reply == OCTETS_SAME)
		memcpy(fixture->answer, fixture->payload, answer_len);
	else
		fill(fixture, step->reply, fixture->answer, answer_len);
	wait_ms = next_wait(fixture, step, number);
	if (step->reply != OCTETS_NONE && !(step->waits_for_lost && wait_ms == step->other_ms))
		send_echo(fixture, true, target, id, fixture->answer, answer_len);
	if (step->jitter_ms > 0)
		wait_ms += draw(fixture, step->jitter_ms);
	fixture->judged.now_ns += wait_ms * MS;
}

/* Runs a script; `rule` is told with this severity, or nothing when it is NULL. */
static void
expect(const struct step *steps, size_t count, const char *rule, const char *severity)
{
	struct fixture fixture;
	uint32_t i;
	size_t n;

	start(&fixture);
	for (n = 0; n < count; n++)
		for (i = 0; i < steps[n].count; i++)
			exchange(&fixture, &steps[n], i);
	stop(&fixture);
	if (fixture.judged.opened != (rule != NULL))
		print_error("%u opened, the last: %s\n", fixture.judged.opened, fixture.judged.message);
	assert_int_equal(fixture.judged.opened, rule != NULL);
	assert_string_equal(fixture.judged.rule, rule != NULL ? rule : "");
	assert_string_equal(fixture.judged.severity, rule != NULL ? severity : "");
}

#define EXPECT(script, rule, severity) expect(script, COUNT(script), rule, severity)

static void
test_tunnels(void **state)
{
	static const struct step polled[] = { { .count = 10, .request = OCTETS_RANDOM,
		.request_len = 40, .reply = OCTETS_TEXT, .reply_len = 30 } };
	static const struct step beside_host[] = { { .count = 10, .request = OCTETS_PATTERN,
		.request_len = 56, .reply = OCTETS_TEXT, .reply_len = 30, .is_twice = true } };
	static const struct step unasked[] = { { .count = 40, .reply = OCTETS_RANDOM,
		.reply_len = 48 } };
	static const struct step text[] = { { .count = 10, .request = OCTETS_TEXT,
		.request_len = 56, .reply = OCTETS_SAME } };
	static const struct step bulk[] = { { .count = 100, .request = OCTETS_RANDOM,
		.request_len = 1400, .reply = OCTETS_SAME } };

	(void)state;
	EXPECT(polled, "icmp_tunnel", "medium");
	EXPECT(beside_host, "icmp_tunnel", "critical");
	EXPECT(unasked, "icmp_tunnel", "medium");
	EXPECT(text, "icmp_tunnel", "medium");
	EXPECT(bulk, "icmp_tunnel", "medium");
}

static void
test_channels(void **state)
{
	static const struct step random[] = { { .count = 60, .request = OCTETS_RANDOM,
		.request_len = 56, .reply = OCTETS_SAME } };
	static const struct step spread[] = { { .count = 120, .request = OCTETS_RANDOM,
		.request_len = 56, .reply = OCTETS_SAME, .targets = 6 } };
	static const struct step fields[] = { { .count = 40, .request = OCTETS_PATTERN,
		.request_len = 56, .reply = OCTETS_SAME, .is_field_random = true } };
	static const struct step head[] = { { .count = 40, .request = OCTETS_HEAD,
		.request_len = 56, .reply = OCTETS_SAME } };
	static const struct step lengths[] = { { .count = 40, .request = OCTETS_PATTERN,
		.request_len = 100, .reply = OCTETS_SAME, .lengths = 64 } };

	(void)state;
	EXPECT(random, "covert_channel", "low");
	EXPECT(spread, "covert_channel", "low");
	EXPECT(fields, "covert_channel", "low");
	EXPECT(head, "covert_channel", "low");
	EXPECT(lengths, "covert_channel", "low");
}

#define PING .request = OCTETS_PATTERN, .request_len = 56, .reply = OCTETS_SAME

static void
test_times(void **state)
{
	static const struct step two_waits[] = { { PING, .count = 130, .wait_ms = 80,
		.other_ms = 200 } };
	static const struct step unsteady[] = { { PING, .count = 130, .wait_ms = 100,
		.other_ms = 160, .jitter_ms = 5 } };
	static const struct step beacon[] = { { .count = 10, .request = OCTETS_RANDOM,
		.request_len = 56, .reply = OCTETS_SAME, .wait_ms = 600000, .jitter_ms = 20000 } };
	static const struct step turns[] = { { PING, .count = 600, .wait_ms = 20, .other_ms = 1000,
		.turns = 2 } };
	static const struct step in_tens[] = { { PING, .count = 600, .wait_ms = 100, .other_ms = 9000,
		.turns = 9 } };
	static const struct step changed[] = { { PING, .count = 100, .wait_ms = 200 },
		{ PING, .count = 100, .wait_ms = 1000 } };
	static const struct step lost[] = { { PING, .count = 600, .wait_ms = 1020, .other_ms = 2000,
		.waits_for_lost = true } };
	static const struct step by_hand[] = { { PING, .count = 600, .wait_ms = 700,
		.jitter_ms = 600 } };
	static const struct step flood[] = { { PING, .count = 600, .wait_ms = 1, .other_ms = 3 } };

	(void)state;
	EXPECT(two_waits, "covert_channel", "low");
	EXPECT(unsteady, "covert_channel", "low");
	EXPECT(beacon, "covert_channel", "low");
	EXPECT(turns, NULL, NULL);
	EXPECT(in_tens, NULL, NULL);
	EXPECT(changed, NULL, NULL);
	EXPECT(lost, NULL, NULL);
	EXPECT(by_hand, NULL, NULL);
	EXPECT(flood, NULL, NULL);
}

static void
test_calm(void **state)
{
	static const struct step ping[] = { { .count = 600, .request = OCTETS_PATTERN,
		.request_len = 56, .reply = OCTETS_SAME } };
	static const struct step large[] = { { .count = 600, .request = OCTETS_PATTERN,
		.request_len = 1472, .reply = OCTETS_SAME } };
	static const struct step shortened[] = { { .count = 60, .request = OCTETS_PATTERN,
		.request_len = 1400, .reply = OCTETS_SAME, .reply_len = 64 } };
	static const struct step one_way[] = { { .count = 60, .request = OCTETS_PATTERN,
		.request_len = 56 } };
	static const struct step other_way[] = { { .count = 60, .reply = OCTETS_PATTERN,
		.reply_len = 56 } };
	static const struct step few_random[] = { { .count = 10, .request = OCTETS_RANDOM,
		.request_len = 56, .reply = OCTETS_SAME } };
	static const struct step few_differ[] = {
		{ .count = 40, .request = OCTETS_PATTERN, .request_len = 56, .reply = OCTETS_SAME },
		{ .count = 2, .request = OCTETS_PATTERN, .request_len = 56,
		  .reply = OCTETS_RANDOM, .reply_len = 56 } };

	(void)state;
	EXPECT(ping, NULL, NULL);
	EXPECT(large, NULL, NULL);
	EXPECT(shortened, NULL, NULL);
	EXPECT(one_way, NULL, NULL);
	EXPECT(other_way, NULL, NULL);
	EXPECT(few_random, NULL, NULL);
	EXPECT(few_differ, NULL, NULL);
}

/* Another tunnel long after the first takes as many signs, and tells of them alone. */
static void
test_again(void **state)
{
	static const struct step text = { .request = OCTETS_TEXT, .request_len = 56,
		.reply = OCTETS_SAME };
	struct fixture fixture;
	uint32_t i;

	(void)state;
	start(&fixture);
	for (i = 0; i < 30; i++)
		exchange(&fixture, &text, i);
	assert_int_equal(fixture.judged.opened, 1);
	fixture.judged.now_ns += 1600 * S;
	incidents_tick(fixture.judged.incidents, fixture.judged.now_ns);
	for (i = 0; i < 3; i++)
		exchange(&fixture, &text, i);
	assert_int_equal(fixture.judged.opened, 1);
	for (i = 0; i < 7; i++)
		exchange(&fixture, &text, i);
	assert_int_equal(fixture.judged.opened, 2);
	stop(&fixture);
	assert_non_null(strstr(fixture.judged.message, "504 octets out, 0 back, in 19 messages"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
