/*
 * The detector of floods on a set clock: how many messages come in each second
 * of a script, and at which second an incident opens.
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

#define NEVER 0
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The same traffic for some seconds: from 192.0.2.x to 198.51.100.1. */
struct stretch {
	uint32_t seconds, per_second;
	uint32_t sources;      /* taken in turn */
	uint32_t answered;     /* percent of requests that are replied to */
	uint32_t frames;       /* fragments of each message; 0: none */
	uint8_t type;
	uint8_t hops;          /* the TTL goes up to this and begins again; 0: it stays */
	bool is_partial;       /* fragments are missing */
};

static struct addr
host(uint8_t net, uint32_t number)
{
	return (struct addr){ .version = 4,
		.bytes = { net, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number } };
}

static void
send_message(struct judged *fixture, const struct stretch *stretch, const struct addr *from,
    const struct addr *to, uint8_t ttl)
{
	const struct frame frame = { .when_ns = fixture->now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP,
		.fragment_count = stretch->frames, .is_partial = stretch->is_partial };
	struct icmp_msg msg = { .version = 4, .type_number = stretch->type, .length = 64 };

	packet.ip = (struct ip_header){ .version = 4, .source = *from, .destination = *to,
		.final_destination = *to, .ttl = ttl };
	msg.type = icmp_lookup(4, stretch->type, 0, 64);
	detector_icmp_flood.message(fixture->state, &packet, &msg, fixture->now_ns);
}

static void
pass_second(struct judged *fixture, const struct stretch *stretch, uint32_t *sent)
{
	static const struct stretch reply = { .type = ICMP4_ECHO_REPLY };
	const struct addr victim = host(198, 1);
	struct addr source;
	uint8_t ttl = 64;
	uint32_t i;

	for (i = 0; i < stretch->per_second; i++) {
		source = host(10, 1 + (*sent)++ % stretch->sources);
		if (stretch->hops > 0)
			ttl = (uint8_t)(1 + i % stretch->hops);
		send_message(fixture, stretch, &source, &victim, ttl);
		if (stretch->type == ICMP4_ECHO && i % 100 < stretch->answered)
			send_message(fixture, &reply, &victim, &source, 64);
	}
}

static void
run(struct judged *fixture, const struct stretch *stretches, size_t count)
{
	uint32_t second, sent = 0;
	size_t i;

	judged_start(fixture, &detector_icmp_flood);
	for (i = 0; i < count; i++)
		for (second = 0; second < stretches[i].seconds; second++) {
			pass_second(fixture, &stretches[i], &sent);
			fixture->now_ns += S;
			detector_icmp_flood.tick(fixture->state, fixture->now_ns);
			incidents_follow(fixture->incidents, fixture->now_ns);
			incidents_tick(fixture->incidents, fixture->now_ns);
		}
	judged_finish(fixture);
}

/* The second of the script, from 1. */
static uint32_t
opened_at(const struct judged *fixture)
{
	if (fixture->opened == 0)
		return NEVER;
	return (uint32_t)(judged_opened_ms(fixture) / 1000 + 1);
}

/* Runs a script; `opens_at` is the second at whose end an incident is there, or NEVER. */
static void
expect(const struct stretch *stretches, size_t count, uint32_t opens_at, const char *severity)
{
	struct judged fixture;

	run(&fixture, stretches, count);
	if (fixture.opened != (opens_at != NEVER))
		print_error("%u opened: %s\n", fixture.opened, fixture.message);
	assert_int_equal(fixture.opened, opens_at != NEVER);
	assert_int_equal(fixture.closed, fixture.opened);
	assert_int_equal(opened_at(&fixture), opens_at);
	assert_string_equal(fixture.severity, severity);
	judged_stop(&fixture);
}

#define EXPECT(script, opens_at, severity) expect(script, COUNT(script), opens_at, severity)

static void
test_floods(void **state)
{
	static const struct stretch at_once[] = { { 1, 2000, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch lasting[] = { { 10, 300, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch spoofed[] = { { 2, 3000, 60000, 0, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch pulses[] = {
		{ 1, 400, 1, 100, 0, ICMP4_ECHO, 0, false }, { 9, 0, 1, 0, 0, ICMP4_ECHO, 0, false },
		{ 1, 400, 1, 100, 0, ICMP4_ECHO, 0, false }, { 9, 0, 1, 0, 0, ICMP4_ECHO, 0, false },
		{ 1, 400, 1, 100, 0, ICMP4_ECHO, 0, false }, { 9, 0, 1, 0, 0, ICMP4_ECHO, 0, false },
	};
	static const struct stretch steady[] = { { 40, 41, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch short_stream[] = { { 10, 75, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch streams[] = { { 10, 150, 2, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch fragments[] = { { 3, 150, 1, 100, 6, ICMP4_ECHO, 0, false } };
	static const struct stretch unasked[] = { { 2, 1500, 60, 0, 0, ICMP4_ECHO_REPLY, 0, false } };
	static const struct stretch errors[] = {
		{ 10, 400, 1, 0, 0, ICMP4_DESTINATION_UNREACHABLE, 0, false } };

	(void)state;
	EXPECT(at_once, 1, "high");
	EXPECT(lasting, 3, "medium");
	EXPECT(spoofed, 1, "critical");
	EXPECT(pulses, 22, "medium");
	EXPECT(steady, 21, "medium");
	EXPECT(short_stream, 9, "medium");
	EXPECT(streams, 9, "medium");
	EXPECT(fragments, 1, "medium");
	EXPECT(unasked, 1, "critical");
	EXPECT(errors, 2, "high");
}

static void
test_calm(void **state)
{
	static const struct stretch ping[] = { { 600, 1, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch adaptive[] = { { 5, 61, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch short_flood_ping[] = { { 4, 100, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch smooth[] = { { 300, 25, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch fast_mtr[] = { { 60, 100, 1, 20, 0, ICMP4_ECHO, 10, false } };
	static const struct stretch incomplete[] = { { 10, 2000, 1, 0, 1, ICMP4_ECHO, 0, true } };
	static const struct stretch one_burst[] = {
		{ 30, 1, 1, 100, 0, ICMP4_ECHO, 0, false }, { 1, 500, 1, 100, 0, ICMP4_ECHO, 0, false },
		{ 30, 1, 1, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch many_monitors[] = { { 300, 100, 100, 100, 0, ICMP4_ECHO, 0, false } };
	static const struct stretch large_pings[] = { { 60, 1, 1, 100, 45, ICMP4_ECHO, 0, false } };
	static const struct stretch some_errors[] = {
		{ 5, 150, 3, 0, 0, ICMP4_DESTINATION_UNREACHABLE, 0, false } };

	(void)state;
	EXPECT(ping, NEVER, "");
	EXPECT(adaptive, NEVER, "");
	EXPECT(short_flood_ping, NEVER, "");
	EXPECT(smooth, NEVER, "");
	EXPECT(fast_mtr, NEVER, "");
	EXPECT(incomplete, NEVER, "");
	EXPECT(one_burst, NEVER, "");
	EXPECT(many_monitors, NEVER, "");
	EXPECT(large_pings, NEVER, "");
	EXPECT(some_errors, NEVER, "");
}

/* The flood is one incident with all its packets; the pinger gets its replies in peace. */
static void
test_totals(void **state)
{
	static const struct stretch script[] = { { 20, 1000, 1, 100, 0, ICMP4_ECHO, 0, false } };
	struct judged fixture;

	(void)state;
	run(&fixture, script, COUNT(script));
	assert_int_equal(fixture.opened, 1);
	assert_int_equal(fixture.closed, 1);
	assert_int_equal(fixture.packets, 20000);
	assert_string_equal(fixture.message, "10.0.0.1 flooded 198.0.0.1 with 20000 echo "
	    "request packets in 19.0 s, up to 1000 a second");
	judged_stop(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floods),
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_totals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
