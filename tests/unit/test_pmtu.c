/*
 * The tracker of path MTUs, fed with scripts on a set clock: one row a step,
 * with the events expected at it.
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

#define MINUTE 60000

enum what {
	NEEDED,    /* a router: `length` octets were too many, the MTU is `number` */
	SENT,      /* the sender's datagram of `length` octets that must not be fragmented */
	SEGMENT,   /* its TCP segment of `length` octets and sequence number `number` */
	ACKED,     /* the other side acknowledges up to `number` */
	REDIRECT,  /* a router names gateway `number` */
};

struct step {
	uint64_t at_ms;
	enum what what;
	uint32_t length, number;
	const char *events; /* "action mtu previous ..." */
};

static void
collect(void *owner, const struct event *event)
{
	const struct path_facts *facts = event->facts;
	struct tracked *fixture = owner;

	tracked_say(fixture, "; ", "%s %d %d%s", event_type(event->id)->action, (int)facts->mtu,
	    (int)facts->previous_mtu, facts->is_estimated == 1 ? " estimated" : "");
}

/* A segment of the sender, or the answer to it. */
static void
send_segment(struct tracked *fixture, const struct step *step, struct packet *packet,
    uint64_t now_ns)
{
	struct transport transport = { .protocol = IP_PROTO_TCP, .has_ports = true,
		.has_tcp_sequence = true, .has_tcp_flags = true, .tcp_flags = TCP_ACK,
		.source_port = 40000, .destination_port = 443, .tcp_sequence = step->number };

	packet->ip.protocol = IP_PROTO_TCP;
	if (step->what == ACKED) {
		packet->ip.source = tracked_host(2);
		packet->ip.destination = packet->ip.final_destination = tracked_host(1);
		packet->ip.length = 52;
		transport.source_port = 443;
		transport.destination_port = 40000;
		transport.tcp_acknowledgment = step->number;
	}
	tracker_pmtu.datagram(fixture->state, packet, &transport, now_ns);
}

/* Where the MTU is among the fields of its type. */
static uint8_t
mtu_index(const struct icmp_type *type)
{
	uint8_t i = 0;

	while (strcmp(type->fields[i].name, "mtu") != 0)
		i++;
	return i;
}

static void
send_error(struct tracked *fixture, const struct step *step, struct packet *packet,
    uint64_t now_ns)
{
	struct icmp_msg msg;

	memset(&msg, 0, sizeof(msg));
	packet->ip.source = tracked_host(9);
	packet->ip.destination = packet->ip.final_destination = tracked_host(1);
	msg.version = 4;
	msg.type_number = step->what == NEEDED ? ICMP4_DESTINATION_UNREACHABLE : ICMP4_REDIRECT;
	msg.code = step->what == NEEDED ? 4 : 1;
	msg.type = icmp_lookup(4, msg.type_number, msg.code, 64);
	msg.quote.present = true;
	msg.quote.ip = (struct ip_header){ .version = 4, .source = tracked_host(1),
		.destination = tracked_host(2), .final_destination = tracked_host(2),
		.length = step->length, .dont_fragment = true };
	if (step->what == REDIRECT) {
		msg.values[0].address = tracked_host((uint8_t)step->number);
		msg.value_count = 1;
	} else {
		msg.value_count = mtu_index(msg.type);
		msg.values[msg.value_count++].number = step->number;
	}
	tracker_pmtu.message(fixture->state, packet, &msg, now_ns);
}

static void
send_step(struct tracked *fixture, const struct step *step)
{
	struct frame frame = { .when_ns = START_NS + step->at_ms * MS };
	struct packet packet = { .frame = &frame };
	const struct transport udp = { .protocol = IP_PROTO_UDP };

	packet.ip = (struct ip_header){ .version = 4, .ttl = 64, .protocol = IP_PROTO_UDP,
		.source = tracked_host(1), .destination = tracked_host(2), .final_destination = tracked_host(2),
		.length = step->length, .dont_fragment = true };
	if (step->what == SENT)
		tracker_pmtu.datagram(fixture->state, &packet, &udp, frame.when_ns);
	else if (step->what == SEGMENT || step->what == ACKED)
		send_segment(fixture, step, &packet, frame.when_ns);
	else
		send_error(fixture, step, &packet, frame.when_ns);
}

static void
run_steps(struct tracked *fixture, const struct step *steps, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		fixture->events[0] = '\0';
		send_step(fixture, &steps[i]);
		tracked_expect(fixture, i, steps[i].events);
	}
}

#define RUN(fixture, steps) run_steps(fixture, steps, sizeof(steps) / sizeof((steps)[0]))

static int
setup(void **state)
{
	(void)tracked_setup(state, &tracker_pmtu);
	tracked_start(*state, DATASET_PATH, collect);
	return 0;
}

static void
two_narrow_links_in_a_row(void **state)
{
	static const struct step steps[] = {
		{ 0, NEEDED, 1500, 1400, "pmtu_changed 1400 -1" },
		{ 10, NEEDED, 1500, 1400, "" },
		{ 20, NEEDED, 1400, 1300, "pmtu_changed 1300 1400" },
		{ 5 * MINUTE, NEEDED, 1500, 1400, "" },
		{ 11 * MINUTE, NEEDED, 1500, 1400, "pmtu_changed 1400 1300" },
	};

	RUN(*state, steps);
}

/* RFC 1191 7.1; no link takes less than 68 octets, no error fits what fits. */
static void
odd_mtus(void **state)
{
	static const struct step steps[] = {
		{ 0, NEEDED, 1500, 67, "" },
		{ 1, NEEDED, 1300, 1300, "" },
		{ 2, NEEDED, 1300, 1500, "" },
		{ 3, NEEDED, 1500, 0, "pmtu_changed 1492 -1 estimated" },
		{ 4, NEEDED, 1492, 0, "pmtu_changed 1006 1492 estimated" },
		{ 5, NEEDED, 1006, 68, "pmtu_changed 68 1006" },
	};

	RUN(*state, steps);
}

static void
a_sender_that_does_not_heed(void **state)
{
	static const struct step steps[] = {
		{ 0, NEEDED, 1500, 1400, "pmtu_changed 1400 -1" },
		{ 500, SENT, 1500, 0, "" }, { 501, NEEDED, 1500, 1400, "" },
		{ 2000, SENT, 1500, 0, "" }, { 2001, NEEDED, 1500, 1400, "" },
		{ 3000, SENT, 1500, 0, "" }, { 3001, NEEDED, 1500, 1400, "" },
		{ 4000, SENT, 1500, 0, "" }, { 4001, NEEDED, 1500, 1400, "pmtu_blackhole 1400 -1" },
		{ 5000, SENT, 1500, 0, "" }, { 5001, NEEDED, 1500, 1400, "" },
	};

	RUN(*state, steps);
}

/* Anybody can send errors about datagrams that nobody sent. */
static void
errors_alone_prove_nothing(void **state)
{
	static const struct step steps[] = {
		{ 0, NEEDED, 1500, 1400, "pmtu_changed 1400 -1" },
		{ 2001, NEEDED, 1500, 1400, "" }, { 3001, NEEDED, 1500, 1400, "" },
		{ 4001, NEEDED, 1500, 1400, "" }, { 5001, NEEDED, 1500, 1400, "" },
	};

	RUN(*state, steps);
}

/* It may try again after ten minutes. */
static void
trying_again_is_heeding(void **state)
{
	static const struct step steps[] = {
		{ 0, NEEDED, 1500, 1400, "pmtu_changed 1400 -1" },
		{ 11 * MINUTE, SENT, 1500, 0, "" }, { 11 * MINUTE + 1, NEEDED, 1500, 1400, "" },
		{ 22 * MINUTE, SENT, 1500, 0, "" }, { 22 * MINUTE + 1, NEEDED, 1500, 1400, "" },
		{ 33 * MINUTE, SENT, 1500, 0, "" }, { 33 * MINUTE + 1, NEEDED, 1500, 1400, "" },
		{ 44 * MINUTE, SENT, 1500, 0, "" }, { 44 * MINUTE + 1, NEEDED, 1500, 1400, "" },
	};

	RUN(*state, steps);
}

/* The small tail arrives, the large segment before it never does. */
static void
large_segments_vanish(void **state)
{
	static const struct step steps[] = {
		{ 0, SEGMENT, 1500, 1000, "" },
		{ 1, SEGMENT, 200, 2448, "" },
		{ 300, SEGMENT, 1500, 1000, "" },
		{ 310, ACKED, 0, 1000, "" },
		{ 900, SEGMENT, 1500, 1000, "" },
		{ 2100, SEGMENT, 1500, 1000, "pmtu_blackhole -1 -1" },
		{ 4500, SEGMENT, 1500, 1000, "" },
	};

	RUN(*state, steps);
}

/* The other side is gone: nothing arrives, large or small. */
static void
a_dead_path_is_no_black_hole(void **state)
{
	static const struct step steps[] = {
		{ 0, SEGMENT, 1500, 1000, "" }, { 300, SEGMENT, 1500, 1000, "" },
		{ 900, SEGMENT, 1500, 1000, "" }, { 2100, SEGMENT, 1500, 1000, "" },
		{ 4500, SEGMENT, 1500, 1000, "" },
	};

	RUN(*state, steps);
}

static void
loss_is_no_black_hole(void **state)
{
	static const struct step steps[] = {
		{ 0, SEGMENT, 1500, 1000, "" }, { 300, SEGMENT, 1500, 1000, "" },
		{ 310, ACKED, 0, 1000, "" }, { 900, SEGMENT, 1500, 1000, "" },
		{ 910, ACKED, 0, 2448, "" }, { 2100, SEGMENT, 1500, 1000, "" },
		{ 4500, SEGMENT, 1500, 1000, "" },
	};

	RUN(*state, steps);
}

static void
redirects_are_told_once(void **state)
{
	static const struct step steps[] = {
		{ 0, REDIRECT, 84, 7, "redirected -1 -1" },
		{ 1000, REDIRECT, 84, 7, "" },
		{ 2000, REDIRECT, 84, 8, "redirected -1 -1" },
		{ 3000, REDIRECT, 84, 7, "" },
		{ 90 * MINUTE, REDIRECT, 84, 7, "redirected -1 -1" },
	};

	RUN(*state, steps);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tracked_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_narrow_links_in_a_row),
		TEST(odd_mtus),
		TEST(a_sender_that_does_not_heed),
		TEST(errors_alone_prove_nothing),
		TEST(trying_again_is_heeding),
		TEST(large_segments_vanish),
		TEST(a_dead_path_is_no_black_hole),
		TEST(loss_is_no_black_hole),
		TEST(redirects_are_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
