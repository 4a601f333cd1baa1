/*
 * The detector of sweeps on a set clock: who pings whom in a script, which of
 * them answer, and what is said of it.
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

/* Rounds of messages from 10.0.0.1 to addresses of 198.51.100.0/24 on. */
struct stretch {
	uint32_t first, targets, stride; /* numbers of hosts; stride 0: one after the other */
	uint32_t gap_ms;    /* between two messages */
	uint32_t rounds, round_ms;
	uint32_t answered;  /* percent, evenly spread */
	uint32_t refused;   /* percent of the others of which a router says so */
	uint8_t type;
	uint32_t sources;   /* taken in turn; 0: one */
	uint32_t pause_s;   /* afterwards */
};

static struct addr
source(uint32_t number)
{
	return (struct addr){ .version = 4, .bytes = { 10, (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number } };
}

static struct addr
target(uint32_t number)
{
	return (struct addr){ .version = 4,
		.bytes = { 198, (uint8_t)(51 + (number >> 16)), (uint8_t)(100 + (number >> 8)), (uint8_t)number } };
}

/* A message; `quoted` is whom the datagram that an error quotes was sent to, or NULL. */
static void
send_message(struct judged *fixture, uint8_t type, const struct addr *from, const struct addr *to,
    const struct addr *quoted)
{
	const struct frame frame = { .when_ns = fixture->now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP };
	struct icmp_msg msg = { .version = 4, .type_number = type, .code = quoted != NULL,
		.length = 64, .tail = cursor_empty() };

	packet.ip = (struct ip_header){ .version = 4, .source = *from, .destination = *to,
		.ttl = 64 };
	msg.type = icmp_lookup(4, type, msg.code, 64);
	if (quoted != NULL) {
		msg.quote.present = true;
		msg.quote.ip = (struct ip_header){ .version = 4, .source = *to,
			.destination = *quoted, .protocol = IP_PROTO_ICMP };
	}
	detector_ping_sweep.message(fixture->state, &packet, &msg, fixture->now_ns);
}

static void
tick(struct judged *fixture)
{
	detector_ping_sweep.tick(fixture->state, fixture->now_ns);
	incidents_follow(fixture->incidents, fixture->now_ns);
	incidents_tick(fixture->incidents, fixture->now_ns);
}

static void
pass(struct judged *fixture, uint64_t ms)
{
	uint64_t end_ns = fixture->now_ns + ms * MS;

	for (; fixture->now_ns + S <= end_ns; fixture->now_ns += S)
		tick(fixture);
	fixture->now_ns = end_ns;
	tick(fixture);
}

static void
probe(struct judged *fixture, const struct stretch *stretch, uint32_t n)
{
	const struct addr from = source(1 + (stretch->sources > 1 ? n % stretch->sources : 0));
	const struct addr router = source(254);
	const struct addr to = target(stretch->first +
	    n * (stretch->stride == 0 ? 1 : stretch->stride) % (stretch->targets + 1));

	send_message(fixture, stretch->type, &from, &to, NULL);
	if (n * stretch->answered / 100 != (n + 1) * stretch->answered / 100)
		send_message(fixture, (uint8_t)icmp_lookup(4, stretch->type, 0, 64)->counterpart,
		    &to, &from, NULL);
	else if (n * stretch->refused / 100 != (n + 1) * stretch->refused / 100)
		send_message(fixture, ICMP4_DESTINATION_UNREACHABLE, &router, &from, &to);
	pass(fixture, stretch->gap_ms);
}

static void
run(struct judged *fixture, const struct stretch *stretches, size_t count)
{
	uint32_t round, n;
	size_t i;

	judged_start(fixture, &detector_ping_sweep);
	for (i = 0; i < count; i++) {
		for (round = 0; round < stretches[i].rounds; round++) {
			for (n = 0; n < stretches[i].targets; n++)
				probe(fixture, &stretches[i], n);
			pass(fixture, stretches[i].round_ms);
		}
		pass(fixture, UINT64_C(1000) * stretches[i].pause_s);
	}
	judged_finish(fixture);
}

struct sweep_case {
	const char *name;
	struct stretch stretches[3];
	uint32_t opened;
	const char *severity, *message;
};

static const struct sweep_case cases[] = {
	{ "a network of which some answer",
	  { { 1, 254, 0, 10, 1, 0, 20, 0, ICMP4_ECHO, 0, 5 } }, 1, "medium",
	  "10.0.0.1 pinged 254 addresses of 198.51.100.0/24 in 2.5 s, 50 answered" },
	{ "of which a router says that most are not there",
	  { { 1, 254, 0, 10, 1, 0, 20, 100, ICMP4_ECHO, 0, 5 } }, 1, "medium",
	  "10.0.0.1 pinged 254 addresses of 198.51.100.0/24 in 2.5 s, 50 answered" },
	{ "of which none answers, by a capture that has no answers at all",
	  { { 1, 100, 0, 10, 1, 0, 0, 0, ICMP4_ECHO, 0, 0 } }, 1, "medium",
	  "10.0.0.1 pinged 100 addresses of 198.51.100.0/24 in 0.9 s, 0 answered" },
	{ "of which all answer",
	  { { 1, 50, 0, 10, 1, 0, 100, 0, ICMP4_ECHO, 0, 0 } }, 1, "medium",
	  "10.0.0.1 pinged 50 addresses of 198.51.100.0/24 in 0.4 s, 50 answered" },
	{ "in no order",
	  { { 1, 254, 101, 10, 1, 0, 20, 0, ICMP4_ECHO, 0, 5 } }, 1, "medium",
	  "10.0.0.1 pinged 254 addresses of 198.51.100.0/24 in 2.5 s, 50 answered" },
	{ "one in 15 s",
	  { { 1, 60, 0, 15000, 1, 0, 20, 0, ICMP4_ECHO, 0, 5 } }, 1, "medium",
	  "10.0.0.1 pinged 60 addresses of 198.51.100.0/24 in 885.0 s, 12 answered" },
	{ "small",
	  { { 50, 14, 0, 100, 1, 0, 20, 0, ICMP4_ECHO, 0, 5 } }, 1, "medium",
	  "10.0.0.1 pinged 14 addresses of 198.51.100.0/24 in 1.3 s, 2 answered" },
	{ "by timestamp requests",
	  { { 1, 100, 0, 10, 1, 0, 20, 0, 13, 0, 5 } }, 1, "high",
	  "10.0.0.1 sent timestamp requests to 100 addresses of 198.51.100.0/24 in 0.9 s, 20 answered" },
	{ "by replies that nobody asked for",
	  { { 1, 100, 0, 10, 1, 0, 0, 50, ICMP4_ECHO_REPLY, 0, 5 } }, 1, "medium",
	  "10.0.0.1 sent unsolicited replies to 100 addresses of 198.51.100.0/24 in 0.9 s, 0 answered" },
	{ "by a monitor that polls its targets",
	  { { 300, 40, 0, 10, 20, 10000, 100, 0, ICMP4_ECHO, 0, 0 },
	    { 1, 200, 0, 10, 1, 0, 15, 0, ICMP4_ECHO, 0, 5 } }, 1, "medium",
	  "10.0.0.1 pinged 200 addresses of 198.51.100.0/24 in 1.9 s, 30 answered" },
	{ "twice: it is one incident, opened again",
	  { { 1, 100, 0, 10, 1, 0, 20, 0, ICMP4_ECHO, 0, 400 },
	    { 1, 100, 0, 10, 1, 0, 20, 0, ICMP4_ECHO, 0, 5 } }, 2, "medium",
	  "10.0.0.1 pinged 100 addresses of 198.51.100.0/24 in 0.9 s, 20 answered" },

	{ "a monitor is switched on",
	  { { 1, 60, 7, 25, 3, 60000, 100, 0, ICMP4_ECHO, 0, 0 } }, 0, "", "" },
	{ "a monitor of many targets, some of them down",
	  { { 1, 500, 7, 25, 5, 60000, 90, 0, ICMP4_ECHO, 0, 0 } }, 0, "", "" },
	{ "twenty pings each, at once",
	  { { 1, 40, 0, 8, 20, 100, 100, 0, ICMP4_ECHO, 0, 0 } }, 0, "", "" },
	{ "an administrator looks for hosts that are down",
	  { { 1, 6, 0, 1000, 4, 1000, 0, 100, ICMP4_ECHO, 0, 60 } }, 0, "", "" },
	{ "many hosts ping the same one",
	  { { 1, 1, 0, 10, 200, 0, 100, 0, ICMP4_ECHO, 200, 0 } }, 0, "", "" },
	{ "somebody pings one host for long",
	  { { 1, 1, 0, 1000, 500, 0, 50, 0, ICMP4_ECHO, 0, 0 } }, 0, "", "" },
};

static void
test_cases(void **state)
{
	struct judged fixture;
	size_t i, count;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		for (count = 0; count < COUNT(cases[i].stretches); count++)
			if (cases[i].stretches[count].targets == 0)
				break;
		run(&fixture, cases[i].stretches, count);
		if (fixture.opened != cases[i].opened ||
		    strcmp(fixture.message, cases[i].message) != 0)
			print_error("%s: %u opened: %s\n", cases[i].name, fixture.opened, fixture.message);
		assert_int_equal(fixture.opened, cases[i].opened);
		assert_int_equal(fixture.closed, cases[i].opened);
		assert_string_equal(fixture.message, cases[i].message);
		assert_string_equal(fixture.severity, cases[i].severity);
		judged_stop(&fixture);
	}
}

/* It is told at the first moment that is sure, not at the end. */
static void
test_soon(void **state)
{
	static const struct stretch answers = { 1, 254, 0, 100, 1, 0, 20, 100, ICMP4_ECHO, 0, 5 };
	struct judged fixture;

	(void)state;
	run(&fixture, &answers, 1);
	assert_in_range(judged_opened_ms(&fixture), 0, 1000);
	judged_stop(&fixture);
}

/* Spoofed senders neither make sweeps nor hide one. */
static void
test_spoofed(void **state)
{
	static const struct addr victim = { .version = 4, .bytes = { 192, 0, 2, 1 } };
	const struct stretch sweep = { 1, 100, 0, 1, 1, 0, 20, 0, ICMP4_ECHO, 0, 5 };
	struct judged fixture;
	struct addr spoofed;
	uint32_t n, k, random = 1;

	(void)state;
	judged_start(&fixture, &detector_ping_sweep);
	for (n = 0; n < sweep.targets; n++) {
		for (k = 0; k < 1000; k++) {
			random = random * 1664525 + 1013904223;
			spoofed = source(random >> 8);
			send_message(&fixture, ICMP4_ECHO, &spoofed, &victim, NULL);
			pass(&fixture, 1);
		}
		probe(&fixture, &sweep, n);
	}
	pass(&fixture, 5000);
	incidents_finish(fixture.incidents);
	assert_int_equal(fixture.opened, 1);
	assert_int_equal(fixture.targets, 100);
	judged_stop(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_soon),
		cmocka_unit_test(test_spoofed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
