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
#include "analyzer/detect/incident.h"
#include "analyzer/log.h"
#include "tests/one_pair.h"

#define S UINT64_C(1000000000)
#define START_NS (UINT64_C(1700000000) * S)
#define NEVER 0
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The same traffic for some seconds: from 192.0.2.x to 198.51.100.1. */
struct stretch {
	uint32_t seconds, per_second;
	uint32_t sources;      /* taken in turn */
	uint32_t answered;     /* percent of requests that are replied to */
	uint32_t frames;       /* fragments of each message; 0: none */
	uint8_t type;
};

struct fixture {
	struct settings settings;
	struct emitter emitter;
	struct incidents *incidents;
	struct wait wait;
	uint64_t next_ns;
	void *state;
	uint64_t now_ns;
	uint32_t opened, closed;
	int64_t packets;
	uint32_t opened_at; /* second of the script, from 1 */
	char message[256];
	char severity[16];
};

static void
collect(void *owner, const struct event *event)
{
	struct fixture *fixture = owner;
	const struct alert_facts *facts = event->facts;

	if (event->id == EVENT_ALERT_OPENED) {
		fixture->opened++;
		fixture->opened_at = (uint32_t)((fixture->now_ns - START_NS) / S + 1);
	}
	if (event->id == EVENT_ALERT_CLOSED)
		fixture->closed++;
	fixture->packets = facts->counts.packets;
	snprintf(fixture->message, sizeof(fixture->message), "%s", facts->message);
	snprintf(fixture->severity, sizeof(fixture->severity), "%s", facts->severity_name);
}

static void
start(struct fixture *fixture)
{
	struct detector_context context = { .pairs = one_pair(), .settings = &fixture->settings,
		.key = hash_key_fixed() };
	char err[ERR_SIZE];

	memset(fixture, 0, sizeof(*fixture));
	fixture->wait.earliest_ns = &fixture->next_ns;
	settings_defaults(&fixture->settings);
	fixture->emitter = (struct emitter){ UINT32_C(1) << DATASET_ALERT, collect, fixture };
	fixture->incidents = incidents_create(&fixture->settings, &fixture->emitter,
	    &fixture->wait, &context.key, err);
	assert_non_null(fixture->incidents);
	context.incidents = fixture->incidents;
	context.wait = &fixture->wait;
	fixture->state = detector_icmp_flood.create(&context, err);
	assert_non_null(fixture->state);
	fixture->now_ns = START_NS;
}

static void
stop(struct fixture *fixture)
{
	detector_icmp_flood.destroy(fixture->state);
	incidents_free(fixture->incidents);
}

static struct addr
host(uint8_t net, uint32_t number)
{
	return (struct addr){ .version = 4,
		.bytes = { net, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number } };
}

static void
send_message(struct fixture *fixture, uint8_t type, const struct addr *from, const struct addr *to,
    uint32_t frames)
{
	const struct frame frame = { .when_ns = fixture->now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP,
		.fragment_count = frames };
	struct icmp_msg msg = { .version = 4, .type_number = type, .length = 64 };

	packet.ip = (struct ip_header){ .version = 4, .source = *from, .destination = *to,
		.final_destination = *to };
	msg.type = icmp_lookup(4, type, 0, 64);
	detector_icmp_flood.message(fixture->state, &packet, &msg, fixture->now_ns);
}

static void
pass_second(struct fixture *fixture, const struct stretch *stretch, uint32_t *sent)
{
	const struct addr victim = host(198, 1);
	struct addr source;
	uint32_t i;

	for (i = 0; i < stretch->per_second; i++) {
		source = host(10, 1 + (*sent)++ % stretch->sources);
		send_message(fixture, stretch->type, &source, &victim, stretch->frames);
		if (stretch->type == ICMP4_ECHO && i % 100 < stretch->answered)
			send_message(fixture, ICMP4_ECHO_REPLY, &victim, &source, 0);
	}
}

static void
run(struct fixture *fixture, const struct stretch *stretches, size_t count)
{
	uint32_t second, sent = 0;
	size_t i;

	start(fixture);
	for (i = 0; i < count; i++)
		for (second = 0; second < stretches[i].seconds; second++) {
			pass_second(fixture, &stretches[i], &sent);
			fixture->now_ns += S;
			detector_icmp_flood.tick(fixture->state, fixture->now_ns);
			incidents_follow(fixture->incidents, fixture->now_ns);
			incidents_tick(fixture->incidents, fixture->now_ns);
		}
	detector_icmp_flood.finish(fixture->state, fixture->now_ns);
	incidents_finish(fixture->incidents);
}

/* Runs a script; `opens_at` is the second at whose end an incident is there, or NEVER. */
static void
expect(const struct stretch *stretches, size_t count, uint32_t opens_at, const char *severity)
{
	struct fixture fixture;

	run(&fixture, stretches, count);
	if (fixture.opened != (opens_at != NEVER))
		print_error("%u opened: %s\n", fixture.opened, fixture.message);
	assert_int_equal(fixture.opened, opens_at != NEVER);
	assert_int_equal(fixture.closed, fixture.opened);
	assert_int_equal(fixture.opened_at, opens_at);
	assert_string_equal(fixture.severity, severity);
	stop(&fixture);
}

#define EXPECT(script, opens_at, severity) expect(script, COUNT(script), opens_at, severity)

static void
test_floods(void **state)
{
	static const struct stretch at_once[] = { { 1, 2000, 1, 100, 0, ICMP4_ECHO } };
	static const struct stretch lasting[] = { { 10, 300, 1, 100, 0, ICMP4_ECHO } };
	static const struct stretch spoofed[] = { { 2, 3000, 60000, 0, 0, ICMP4_ECHO } };
	static const struct stretch pulses[] = {
		{ 1, 400, 1, 100, 0, ICMP4_ECHO }, { 9, 0, 1, 0, 0, ICMP4_ECHO },
		{ 1, 400, 1, 100, 0, ICMP4_ECHO }, { 9, 0, 1, 0, 0, ICMP4_ECHO },
		{ 1, 400, 1, 100, 0, ICMP4_ECHO }, { 9, 0, 1, 0, 0, ICMP4_ECHO },
	};
	static const struct stretch steady[] = { { 40, 75, 1, 100, 0, ICMP4_ECHO } };
	static const struct stretch fragments[] = { { 3, 150, 1, 100, 6, ICMP4_ECHO } };
	static const struct stretch unasked[] = { { 2, 1500, 60, 0, 0, ICMP4_ECHO_REPLY } };
	static const struct stretch errors[] = {
		{ 10, 400, 1, 0, 0, ICMP4_DESTINATION_UNREACHABLE } };

	(void)state;
	EXPECT(at_once, 1, "high");
	EXPECT(lasting, 3, "medium");
	EXPECT(spoofed, 1, "critical");
	EXPECT(pulses, 22, "medium");
	EXPECT(steady, 21, "medium");
	EXPECT(fragments, 1, "medium");
	EXPECT(unasked, 1, "critical");
	EXPECT(errors, 2, "high");
}

static void
test_calm(void **state)
{
	static const struct stretch ping[] = { { 600, 1, 1, 100, 0, ICMP4_ECHO } };
	static const struct stretch adaptive[] = { { 5, 61, 1, 100, 0, ICMP4_ECHO } };
	static const struct stretch one_burst[] = {
		{ 30, 1, 1, 100, 0, ICMP4_ECHO }, { 1, 500, 1, 100, 0, ICMP4_ECHO },
		{ 30, 1, 1, 100, 0, ICMP4_ECHO } };
	static const struct stretch many_monitors[] = { { 300, 100, 100, 100, 0, ICMP4_ECHO } };
	static const struct stretch large_pings[] = { { 60, 1, 1, 100, 45, ICMP4_ECHO } };
	static const struct stretch some_errors[] = {
		{ 5, 150, 3, 0, 0, ICMP4_DESTINATION_UNREACHABLE } };

	(void)state;
	EXPECT(ping, NEVER, "");
	EXPECT(adaptive, NEVER, "");
	EXPECT(one_burst, NEVER, "");
	EXPECT(many_monitors, NEVER, "");
	EXPECT(large_pings, NEVER, "");
	EXPECT(some_errors, NEVER, "");
}

/* The flood is one incident with all its packets; the pinger gets its replies in peace. */
static void
test_totals(void **state)
{
	static const struct stretch script[] = { { 20, 1000, 1, 100, 0, ICMP4_ECHO } };
	struct fixture fixture;

	(void)state;
	run(&fixture, script, COUNT(script));
	assert_int_equal(fixture.opened, 1);
	assert_int_equal(fixture.closed, 1);
	assert_int_equal(fixture.packets, 20000);
	assert_string_equal(fixture.message, "10.0.0.1 flooded 198.0.0.1 with 20000 echo "
	    "request packets in 19.0 s, up to 1000 a second");
	stop(&fixture);
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
