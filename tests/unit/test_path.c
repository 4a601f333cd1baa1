/*
 * The path tracker, fed with scripts of probes and answers on a set clock: one
 * row a step, with the events expected at it.
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

#define DESTINATION 200
#define HANDLE 7 /* identifier, or source port, unless the step says otherwise */

enum what {
	ECHO,        /* an echo request with TTL `ttl` and sequence number `seq` */
	UDP,         /* a datagram to port `seq` */
	OTHER_ECHO,  /* an echo request of another identifier */
	EXPIRED,     /* an error of router `router` about the echo `seq` */
	UDP_EXPIRED, /* the same about the datagram to port `seq` */
	OTHER_EXPIRED,
	REPLY,       /* the destination answers the echo */
	OTHER_REPLY,
	UDP_REACHED, /* the destination has no such port */
	REFUSED,     /* a router will not have the echo */
	TOO_LARGE,
	PASS,
	FINISH,
};

struct step {
	uint64_t at_ms; /* capture's clock */
	enum what what;
	uint8_t ttl;    /* of a probe */
	uint8_t router; /* last octet of who answers */
	uint16_t seq;
	const char *events; /* those it gives, as `collect` writes them */
};

/* " 2:12,13~(3/5)!": TTL, routers, inferred, answered of sent, limits its answers. */
static void
append_hop(struct tracked *fixture, const struct path_hop *hop)
{
	const struct addr *addresses = hop->addresses.items;
	uint32_t i;

	tracked_say(fixture, "", " %d:", (int)hop->ttl);
	if (hop->address.version != 0)
		tracked_say(fixture, "", "%d", hop->address.bytes[3]);
	for (i = 0; i < hop->addresses.count; i++)
		tracked_say(fixture, "", "%s%d", i > 0 ? "," : "", addresses[i].bytes[3]);
	tracked_say(fixture, "", "%s", hop->is_inferred == 1 ? "~" : "");
	if (hop->sent != EVENT_UNKNOWN)
		tracked_say(fixture, "", "(%d/%d)", (int)hop->received, (int)hop->sent);
	tracked_say(fixture, "", "%s%s", hop->is_rate_limited == 1 ? "!" : "",
	    hop->has_changed == 1 ? "^" : "");
}

static void
append_note(struct tracked *fixture, const struct path_facts *facts)
{
	const struct addr *routers = facts->routers.items;
	uint32_t i;

	if (facts->router.version != 0)
		tracked_say(fixture, "", " %d:%d", (int)facts->ttl, facts->router.bytes[3]);
	if (facts->previous_router.version != 0)
		tracked_say(fixture, "", " was %d", facts->previous_router.bytes[3]);
	for (i = 0; i < facts->routers.count; i++)
		tracked_say(fixture, "", " %d", routers[i].bytes[3]);
}

static void
collect(void *owner, const struct event *event)
{
	const struct traceroute_facts *facts = event->facts;
	const struct event_type *type = event_type(event->id);
	struct tracked *fixture = owner;
	uint32_t i;

	assert_int_equal(type->dataset, DATASET_PATH);
	tracked_say(fixture, "; ", "%s", type->action);
	if (event->id != EVENT_TRACEROUTE) {
		append_note(fixture, event->facts);
		return;
	}
	tracked_say(fixture, "", " %s%s%s", facts->method != NULL ? facts->method : "-",
	    facts->is_reached == 1 ? " reached" : "", facts->is_ongoing == 1 ? " ongoing" : "");
	for (i = 0; i < facts->hops.count; i++)
		append_hop(fixture, (const struct path_hop *)facts->hops.items + i);
}

static bool
is_udp(enum what what)
{
	return what == UDP || what == UDP_EXPIRED || what == UDP_REACHED;
}

static struct transport
transport_of(const struct step *step)
{
	bool is_other = step->what == OTHER_ECHO || step->what == OTHER_EXPIRED ||
	    step->what == OTHER_REPLY;

	if (is_udp(step->what))
		return (struct transport){ .protocol = IP_PROTO_UDP, .has_ports = true,
			.source_port = HANDLE, .destination_port = step->seq };
	return (struct transport){ .protocol = IP_PROTO_ICMP, .has_icmp = true,
		.has_id = true, .has_seq = true, .icmp_type = ICMP4_ECHO, .id = is_other ? HANDLE + 1 : HANDLE,
		.seq = step->seq };
}

/* An error from the step's router, or the destination, about its probe. */
static void
fill_error(const struct step *step, struct packet *packet, struct icmp_msg *msg)
{
	packet->ip.source = tracked_host(step->what == UDP_REACHED ? DESTINATION : step->router);
	packet->ip.destination = tracked_host(1);
	msg->type_number = ICMP4_TIME_EXCEEDED;
	if (step->what == UDP_REACHED || step->what == REFUSED || step->what == TOO_LARGE)
		msg->type_number = ICMP4_DESTINATION_UNREACHABLE;
	if (step->what == UDP_REACHED)
		msg->code = 3;
	if (step->what == REFUSED)
		msg->code = 13;
	if (step->what == TOO_LARGE)
		msg->code = 4;
	msg->quote.present = true;
	msg->quote.ip = (struct ip_header){ .version = 4, .source = tracked_host(1),
		.destination = tracked_host(DESTINATION), .final_destination = tracked_host(DESTINATION),
		.protocol = is_udp(step->what) ? IP_PROTO_UDP : IP_PROTO_ICMP };
	msg->quote.transport = transport_of(step);
}

/* The octets of an echo request: the tracker reads them as it reads a quote. */
static struct cursor
echo_octets(const struct transport *transport, uint8_t out[8])
{
	const uint8_t octets[8] = { ICMP4_ECHO, 0, 0, 0, (uint8_t)(transport->id >> 8),
		(uint8_t)transport->id, (uint8_t)(transport->seq >> 8),
		(uint8_t)transport->seq };

	memcpy(out, octets, sizeof(octets));
	return cursor_over(out, sizeof(octets), sizeof(octets));
}

static void
send_step(struct tracked *fixture, const struct step *step)
{
	const struct transport transport = transport_of(step);
	struct frame frame = { .when_ns = START_NS + step->at_ms * MS };
	struct packet packet = { .frame = &frame, .begun_ns = frame.when_ns };
	struct icmp_msg msg;
	uint8_t octets[8];

	memset(&msg, 0, sizeof(msg));
	frame.number = frame.ordinal = ++fixture->number;
	packet.carried = echo_octets(&transport, octets);
	packet.ip = (struct ip_header){ .version = 4, .ttl = step->ttl,
		.protocol = step->what == UDP ? IP_PROTO_UDP : IP_PROTO_ICMP,
		.source = tracked_host(1), .destination = tracked_host(DESTINATION) };
	msg.version = 4;
	msg.type_number = ICMP4_ECHO;
	if (step->what == REPLY || step->what == OTHER_REPLY) {
		msg.type_number = ICMP4_ECHO_REPLY;
		packet.ip.source = tracked_host(DESTINATION);
		packet.ip.destination = tracked_host(1);
		msg.values[0].number = transport.id;
		msg.values[1].number = transport.seq;
		msg.value_count = 2;
	} else if (step->what != ECHO && step->what != OTHER_ECHO && step->what != UDP) {
		fill_error(step, &packet, &msg);
	}
	packet.ip.final_destination = packet.ip.destination;
	msg.type = icmp_lookup(4, msg.type_number, msg.code, 64);
	if (step->what == UDP)
		tracker_path.datagram(fixture->state, &packet, &transport, frame.when_ns);
	else
		tracker_path.message(fixture->state, &packet, &msg, frame.when_ns);
}

static void
run_steps(struct tracked *fixture, const struct step *steps, size_t count)
{
	size_t i;

	tracked_start(fixture, DATASET_PATH, collect);
	for (i = 0; i < count; i++) {
		uint64_t now_ns = START_NS + steps[i].at_ms * MS;

		fixture->events[0] = '\0';
		if (steps[i].what == FINISH)
			tracker_path.finish(fixture->state, now_ns, now_ns);
		else
			tracker_path.tick(fixture->state, now_ns);
		if (steps[i].what != FINISH && steps[i].what != PASS)
			send_step(fixture, &steps[i]);
		tracked_expect(fixture, i, steps[i].events);
	}
}

#define RUN(fixture, steps) run_steps(fixture, steps, sizeof(steps) / sizeof((steps)[0]))

static int
setup(void **state)
{
	return tracked_setup(state, &tracker_path);
}

static void
a_traceroute_ends_when_it_is_silent(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" },
		{ 1, EXPIRED, 0, 11, 1, "" },
		{ 10, ECHO, 2, 0, 2, "" },
		{ 14, EXPIRED, 0, 12, 2, "" },
		{ 20, ECHO, 3, 0, 3, "" },
		{ 30, REPLY, 0, 0, 3, "" },
		{ 40, ECHO, 4, 0, 4, "" },
		{ 50, REPLY, 0, 0, 4, "" },
		{ 30049, PASS, 0, 0, 0, "" },
		{ 30050, PASS, 0, 0, 0, "traceroute paris reached 1:11(1/1) 2:12(1/1) 3:200(1/1)" },
		{ 60000, FINISH, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* What a tool sends ahead counts for nothing once the destination is known. */
static void
what_is_measured(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" },
		{ 2, EXPIRED, 0, 11, 1, "" },
		{ 10, ECHO, 1, 0, 2, "" },
		{ 16, EXPIRED, 0, 11, 2, "" },
		{ 20, ECHO, 2, 0, 3, "" },
		{ 29, REPLY, 0, 0, 3, "" },
		{ 100, FINISH, 0, 0, 0, "traceroute paris reached 1:11(2/2) 2:200(1/1)" },
	};
	const struct path_hop *hops;
	struct report report;

	RUN(*state, steps);
	report = tracked_report(*state);
	assert_int_equal(report.traceroute_count, 1);
	hops = report.traceroutes[0].facts.hops.items;
	assert_int_equal(hops[0].best_ns, 2 * MS);
	assert_int_equal(hops[0].avg_ns, 4 * MS);
	assert_int_equal(hops[0].worst_ns, 6 * MS);
	assert_int_equal(hops[0].last_ns, 6 * MS);
	assert_int_equal(hops[1].segment_ns, 7 * MS);
	assert_int_equal(report.traceroutes[0].facts.received, 3);
}

static void
routers_that_share_the_load(void **state)
{
	static const struct step steps[] = {
		{ 0, UDP, 1, 0, 33434, "" },
		{ 1, UDP_EXPIRED, 0, 11, 33434, "" },
		{ 2, UDP, 2, 0, 33435, "" },
		{ 3, UDP_EXPIRED, 0, 12, 33435, "" },
		{ 4, UDP, 2, 0, 33436, "" },
		{ 5, UDP_EXPIRED, 0, 13, 33436, "" },
		{ 6, UDP, 2, 0, 33437, "" },
		{ 7, UDP_EXPIRED, 0, 12, 33437, "" },
		{ 8, UDP, 3, 0, 33438, "" },
		{ 9, UDP_REACHED, 0, 0, 33438, "" },
		{ 100, FINISH, 0, 0, 0,
		    "traceroute classic reached 1:11(1/1) 2:12,13(3/3) 3:200(1/1)" },
	};

	RUN(*state, steps);
}

/* Paths of different length: a router at hop 2 by the one, at hop 4 by the other. */
static void
load_balancing_is_no_loop(void **state)
{
	static const struct step steps[] = {
		{ 0, UDP, 1, 0, 33434, "" },
		{ 1, UDP_EXPIRED, 0, 11, 33434, "" },
		{ 2, UDP, 2, 0, 33435, "" },
		{ 3, UDP_EXPIRED, 0, 12, 33435, "" },
		{ 4, UDP, 3, 0, 33436, "" },
		{ 5, UDP_EXPIRED, 0, 13, 33436, "" },
		{ 6, UDP, 4, 0, 33437, "" },
		{ 7, UDP_EXPIRED, 0, 12, 33437, "" },
		{ 8, UDP, 5, 0, 33438, "" },
		{ 9, UDP_REACHED, 0, 0, 33438, "" },
		{ 100, FINISH, 0, 0, 0,
		    "traceroute classic reached 1:11(1/1) 2:12(1/1) 3:13(1/1) 4:12(1/1) 5:200(1/1)" },
	};

	RUN(*state, steps);
}

static void
a_loop_in_a_traceroute(void **state)
{
	static const struct step steps[] = {
		{ 0, UDP, 1, 0, 33434, "" },
		{ 1, UDP_EXPIRED, 0, 11, 33434, "" },
		{ 2, UDP, 2, 0, 33435, "" },
		{ 3, UDP_EXPIRED, 0, 12, 33435, "" },
		{ 4, UDP, 3, 0, 33436, "" },
		{ 5, UDP_EXPIRED, 0, 13, 33436, "" },
		{ 6, UDP, 4, 0, 33437, "" },
		{ 7, UDP_EXPIRED, 0, 12, 33437, "" },
		{ 8, UDP, 5, 0, 33438, "" },
		{ 9, UDP_EXPIRED, 0, 13, 33438, "" },
		{ 10, UDP, 6, 0, 33439, "" },
		{ 11, UDP_EXPIRED, 0, 12, 33439, "routing_loop 12 13" },
		{ 12, UDP, 7, 0, 33440, "" },
		{ 13, UDP_EXPIRED, 0, 13, 33440, "" },
		{ 100, FINISH, 0, 0, 0, "traceroute classic 1:11(1/1) 2:12(1/1) 3:13(1/1) "
		    "4:12(1/1) 5:13(1/1) 6:12(1/1) 7:13(1/1)" },
	};

	RUN(*state, steps);
}

/* A router that counts the TTL of others' datagrams late answers twice in a row. */
static void
the_same_router_twice_in_a_row_is_no_loop(void **state)
{
	static const struct step steps[] = {
		{ 0, UDP, 1, 0, 33434, "" },
		{ 1, UDP_EXPIRED, 0, 11, 33434, "" },
		{ 2, UDP, 2, 0, 33435, "" },
		{ 3, UDP_EXPIRED, 0, 11, 33435, "" },
		{ 4, UDP, 3, 0, 33436, "" },
		{ 5, UDP_EXPIRED, 0, 11, 33436, "" },
		{ 6, UDP, 4, 0, 33437, "" },
		{ 7, UDP_EXPIRED, 0, 11, 33437, "" },
		{ 8, UDP, 5, 0, 33438, "" },
		{ 9, UDP_EXPIRED, 0, 11, 33438, "" },
		{ 100, FINISH, 0, 0, 0,
		    "traceroute classic 1:11(1/1) 2:11(1/1) 3:11(1/1) 4:11(1/1) 5:11(1/1)" },
	};

	RUN(*state, steps);
}

/* Nobody's traceroute, but pings that die of old age. */
static void
a_loop_under_ordinary_traffic(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 64, 0, 1, "" },
		{ 90, EXPIRED, 0, 12, 1, "" },
		{ 1000, ECHO, 64, 0, 2, "" },
		{ 1090, EXPIRED, 0, 12, 2, "" },
		{ 2000, ECHO, 64, 0, 3, "" },
		{ 2090, EXPIRED, 0, 13, 3, "" },
		{ 3000, ECHO, 64, 0, 4, "" },
		{ 3090, EXPIRED, 0, 12, 4, "routing_loop 12 13" },
		{ 4000, ECHO, 64, 0, 5, "" },
		{ 4090, EXPIRED, 0, 12, 5, "" },
		{ 5000, FINISH, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* The capture is in the loop: the datagram comes round, two less each time. */
static void
a_loop_through_the_capture(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 40, 0, 1, "" },
		{ 10, ECHO, 38, 0, 1, "" },
		{ 20, ECHO, 36, 0, 1, "" },
		{ 30, ECHO, 34, 0, 1, "routing_loop" },
		{ 40, ECHO, 32, 0, 1, "" },
		{ 500, EXPIRED, 0, 12, 1, "" },
		{ 1000, FINISH, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

static void
silent_hops(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" },
		{ 1, EXPIRED, 0, 11, 1, "" },
		{ 1000, ECHO, 2, 0, 2, "" },
		{ 2000, ECHO, 3, 0, 3, "" },
		{ 3000, ECHO, 4, 0, 4, "" },
		{ 3010, REPLY, 0, 0, 4, "" },
		{ 4000, FINISH, 0, 0, 0,
		    "traceroute paris reached 1:11(1/1) 2:(0/1) 3:(0/1) 4:200(1/1)" },
	};

	RUN(*state, steps);
}

static void
a_path_that_is_silent_beyond_the_first_hop(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" },
		{ 1, EXPIRED, 0, 11, 1, "" },
		{ 1000, ECHO, 2, 0, 2, "" },
		{ 2000, ECHO, 3, 0, 3, "" },
		{ 4000, FINISH, 0, 0, 0, "traceroute paris 1:11(1/1) 2:(0/1) 3:(0/1)" },
	};

	RUN(*state, steps);
}

static void
who_refuses_the_probes_ends_it(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" },
		{ 1, EXPIRED, 0, 11, 1, "" },
		{ 10, ECHO, 2, 0, 2, "" },
		{ 11, REFUSED, 0, 12, 2, "" },
		{ 20, ECHO, 3, 0, 3, "" },
		{ 21, REFUSED, 0, 12, 3, "" },
		{ 100, FINISH, 0, 0, 0, "traceroute paris 1:11(1/1) 2:12(1/1)" },
	};

	RUN(*state, steps);
}

/* The probe that was too large for the path is no probe of the hop beyond. */
static void
tracepath_finds_the_path_mtu(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" },
		{ 1, EXPIRED, 0, 11, 1, "" },
		{ 10, ECHO, 2, 0, 2, "" },
		{ 11, TOO_LARGE, 0, 11, 2, "" },
		{ 20, ECHO, 2, 0, 3, "" },
		{ 21, REPLY, 0, 0, 3, "" },
		{ 100, FINISH, 0, 0, 0, "traceroute paris reached 1:11(1/1) 2:200(1/1)" },
	};

	RUN(*state, steps);
}

/* Rounds of three hops, of which the second answers once in five. */
static void
a_hop_that_limits_its_answers(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 100, ECHO, 2, 0, 2, "" }, { 104, EXPIRED, 0, 12, 2, "" },
		{ 200, ECHO, 3, 0, 3, "" }, { 208, REPLY, 0, 0, 3, "" },
		{ 1000, ECHO, 1, 0, 4, "" }, { 1001, EXPIRED, 0, 11, 4, "" },
		{ 1100, ECHO, 2, 0, 5, "" },
		{ 1200, ECHO, 3, 0, 6, "" }, { 1208, REPLY, 0, 0, 6, "" },
		{ 2000, ECHO, 1, 0, 7, "" }, { 2001, EXPIRED, 0, 11, 7, "" },
		{ 2100, ECHO, 2, 0, 8, "" },
		{ 2200, ECHO, 3, 0, 9, "" }, { 2208, REPLY, 0, 0, 9, "" },
		{ 3000, ECHO, 1, 0, 10, "" }, { 3001, EXPIRED, 0, 11, 10, "" },
		{ 3100, ECHO, 2, 0, 11, "" },
		{ 3200, ECHO, 3, 0, 12, "" }, { 3208, REPLY, 0, 0, 12, "" },
		{ 4000, ECHO, 1, 0, 13, "" }, { 4001, EXPIRED, 0, 11, 13, "" },
		{ 4100, ECHO, 2, 0, 14, "" },
		{ 4200, ECHO, 3, 0, 15, "" }, { 4208, REPLY, 0, 0, 15, "" },
		{ 5000, FINISH, 0, 0, 0, "rate_limited 2:12; "
		    "traceroute mtr reached 1:11(5/5) 2:12(1/5)! 3:200(5/5)" },
	};

	RUN(*state, steps);
}

/* What is lost from a hop on is lost on the path. */
static void
loss_that_goes_on_is_no_limit(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 100, ECHO, 2, 0, 2, "" }, { 104, EXPIRED, 0, 12, 2, "" },
		{ 200, ECHO, 3, 0, 3, "" }, { 208, REPLY, 0, 0, 3, "" },
		{ 1000, ECHO, 1, 0, 4, "" }, { 1001, EXPIRED, 0, 11, 4, "" },
		{ 1100, ECHO, 2, 0, 5, "" }, { 1200, ECHO, 3, 0, 6, "" },
		{ 2000, ECHO, 1, 0, 7, "" }, { 2001, EXPIRED, 0, 11, 7, "" },
		{ 2100, ECHO, 2, 0, 8, "" }, { 2200, ECHO, 3, 0, 9, "" },
		{ 3000, ECHO, 1, 0, 10, "" }, { 3001, EXPIRED, 0, 11, 10, "" },
		{ 3100, ECHO, 2, 0, 11, "" }, { 3200, ECHO, 3, 0, 12, "" },
		{ 4000, ECHO, 1, 0, 13, "" }, { 4001, EXPIRED, 0, 11, 13, "" },
		{ 4100, ECHO, 2, 0, 14, "" }, { 4200, ECHO, 3, 0, 15, "" },
		{ 5000, FINISH, 0, 0, 0, "traceroute mtr reached 1:11(5/5) 2:12(1/5) 3:200(1/5)" },
	};

	RUN(*state, steps);
}

static void
a_path_that_changes_half_way(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 100, ECHO, 2, 0, 2, "" }, { 104, REPLY, 0, 0, 2, "" },
		{ 1000, ECHO, 1, 0, 3, "" }, { 1001, EXPIRED, 0, 11, 3, "" },
		{ 1100, ECHO, 2, 0, 4, "" }, { 1104, REPLY, 0, 0, 4, "" },
		{ 2000, ECHO, 1, 0, 5, "" }, { 2001, EXPIRED, 0, 12, 5, "" },
		{ 2100, ECHO, 2, 0, 6, "" }, { 2104, REPLY, 0, 0, 6, "" },
		{ 3000, ECHO, 1, 0, 7, "" },
		{ 3001, EXPIRED, 0, 12, 7, "path_changed 1:12 was 11" },
		{ 3100, ECHO, 2, 0, 8, "" }, { 3104, REPLY, 0, 0, 8, "" },
		{ 4000, FINISH, 0, 0, 0, "traceroute mtr reached 1:11,12(4/4)^ 2:200(4/4)" },
	};
	struct tracked *fixture = *state;

	fixture->settings.path_change_answers = 2;
	RUN(fixture, steps);
}

/* Taking turns is no change. */
static void
load_balancing_is_no_change(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 100, ECHO, 2, 0, 2, "" }, { 104, REPLY, 0, 0, 2, "" },
		{ 1000, ECHO, 1, 0, 3, "" }, { 1001, EXPIRED, 0, 12, 3, "" },
		{ 1100, ECHO, 2, 0, 4, "" }, { 1104, REPLY, 0, 0, 4, "" },
		{ 2000, ECHO, 1, 0, 5, "" }, { 2001, EXPIRED, 0, 11, 5, "" },
		{ 2100, ECHO, 2, 0, 6, "" }, { 2104, REPLY, 0, 0, 6, "" },
		{ 3000, ECHO, 1, 0, 7, "" }, { 3001, EXPIRED, 0, 12, 7, "" },
		{ 4000, FINISH, 0, 0, 0, "traceroute mtr reached 1:11,12(4/4) 2:200(3/3)" },
	};
	struct tracked *fixture = *state;

	fixture->settings.path_change_answers = 2;
	RUN(fixture, steps);
}

/* Answers alone, three to a hop, of which the second lost two. */
static void
probes_that_were_not_captured(void **state)
{
	static const struct step steps[] = {
		{ 0, UDP_EXPIRED, 0, 11, 33434, "" },
		{ 1, UDP_EXPIRED, 0, 11, 33435, "" },
		{ 2, UDP_EXPIRED, 0, 11, 33436, "" },
		{ 5, UDP_EXPIRED, 0, 12, 33438, "" },
		{ 9, UDP_EXPIRED, 0, 14, 33443, "" },
		{ 9, UDP_EXPIRED, 0, 14, 33444, "" },
		{ 12, UDP_REACHED, 0, 0, 33446, "" },
		{ 100, FINISH, 0, 0, 0, "traceroute - reached 1:11~ 2:12~ 3:~ 4:14~ 5:200~" },
	};

	RUN(*state, steps);
}

static void
one_expired_datagram_is_no_traceroute(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 64, 0, 1, "" },
		{ 1, EXPIRED, 0, 11, 1, "" },
		{ 2, EXPIRED, 0, 12, 2, "" },
		{ 3, ECHO, 30, 0, 3, "" },
		{ 4, REPLY, 0, 0, 3, "" },
		{ 60000, PASS, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* A probe that the capture missed is placed by its number among the others. */
static void
a_probe_that_was_missed(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 2, ECHO, 2, 0, 2, "" }, { 3, EXPIRED, 0, 12, 2, "" },
		{ 5, EXPIRED, 0, 13, 3, "" },
		{ 6, ECHO, 4, 0, 4, "" }, { 7, EXPIRED, 0, 14, 4, "" },
		{ 8, ECHO, 5, 0, 5, "" }, { 9, REPLY, 0, 0, 5, "" },
		{ 100, FINISH, 0, 0, 0,
		    "traceroute paris reached 1:11(1/1) 2:12(1/1) 3:13~ 4:14(1/1) 5:200(1/1)" },
	};

	RUN(*state, steps);
}

/* `-i any` on the first router: each probe before and behind it, errors twice. */
static void
frames_captured_twice(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 2, ECHO, 2, 0, 2, "" }, { 2, ECHO, 1, 0, 2, "" },
		{ 3, EXPIRED, 0, 12, 2, "" }, { 3, EXPIRED, 0, 12, 2, "" },
		{ 4, ECHO, 3, 0, 3, "" }, { 4, ECHO, 2, 0, 3, "" },
		{ 5, REPLY, 0, 0, 3, "" }, { 5, REPLY, 0, 0, 3, "" },
		{ 100, FINISH, 0, 0, 0, "traceroute paris reached 1:11(1/1) 2:12(1/1) 3:200(1/1)" },
	};

	RUN(*state, steps);
}

static void
another_run_is_another_traceroute(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 2, ECHO, 2, 0, 2, "" }, { 3, REPLY, 0, 0, 2, "" },
		{ 1000, OTHER_ECHO, 1, 0, 1, "traceroute paris reached 1:11(1/1) 2:200(1/1)" },
		{ 1001, OTHER_EXPIRED, 0, 12, 1, "" },
		{ 1002, OTHER_ECHO, 2, 0, 2, "" }, { 1003, OTHER_REPLY, 0, 0, 2, "" },
		{ 2000, FINISH, 0, 0, 0, "traceroute paris reached 1:12(1/1) 2:200(1/1)" },
	};

	RUN(*state, steps);
}

/* A probe under way is not lost yet. */
static void
what_goes_on_is_told_at_intervals(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 100, ECHO, 2, 0, 2, "" }, { 104, REPLY, 0, 0, 2, "" },
		{ 20000, ECHO, 1, 0, 3, "" }, { 20001, EXPIRED, 0, 11, 3, "" },
		{ 40000, ECHO, 2, 0, 4, "" }, { 40004, REPLY, 0, 0, 4, "" },
		{ 59999, ECHO, 1, 0, 5, "" },
		{ 60000, PASS, 0, 0, 0, "traceroute mtr reached ongoing 1:11(2/2) 2:200(2/2)" },
		{ 60001, EXPIRED, 0, 11, 5, "" },
		{ 70000, FINISH, 0, 0, 0, "traceroute mtr reached 1:11(3/3) 2:200(2/2)" },
	};

	RUN(*state, steps);
}

/* A full table gives up the oldest trace, and tells it. */
static void
room_for_four_traces(void **state)
{
	static const struct step steps[] = {
		{ 0, ECHO, 1, 0, 1, "" }, { 1, EXPIRED, 0, 11, 1, "" },
		{ 2, ECHO, 2, 0, 2, "" }, { 3, REPLY, 0, 0, 2, "" },
	};
	struct tracked *fixture = *state;
	struct report_table tables[8];
	struct frame frame = { .when_ns = START_NS + 10 * MS };
	struct packet packet = { .frame = &frame };
	const struct transport transport = { .protocol = IP_PROTO_UDP, .has_ports = true };
	uint8_t i;

	fixture->settings.path_traces = 4;
	RUN(fixture, steps);
	fixture->events[0] = '\0';
	for (i = 0; i < 4; i++) {
		packet.ip = (struct ip_header){ .version = 4, .ttl = 1, .protocol = IP_PROTO_UDP,
			.source = tracked_host((uint8_t)(50 + i)), .final_destination = tracked_host(DESTINATION) };
		tracker_path.datagram(fixture->state, &packet, &transport, frame.when_ns);
	}
	assert_string_equal(fixture->events, "traceroute paris reached 1:11(1/1) 2:200(1/1)");
	assert_int_equal(tracker_path.tables(fixture->state, tables, 8), 5);
	assert_int_equal(tables[0].evicted, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tracked_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_traceroute_ends_when_it_is_silent),
		TEST(what_is_measured),
		TEST(routers_that_share_the_load),
		TEST(load_balancing_is_no_loop),
		TEST(a_loop_in_a_traceroute),
		TEST(the_same_router_twice_in_a_row_is_no_loop),
		TEST(a_loop_under_ordinary_traffic),
		TEST(a_loop_through_the_capture),
		TEST(silent_hops),
		TEST(a_path_that_is_silent_beyond_the_first_hop),
		TEST(who_refuses_the_probes_ends_it),
		TEST(tracepath_finds_the_path_mtu),
		TEST(a_hop_that_limits_its_answers),
		TEST(loss_that_goes_on_is_no_limit),
		TEST(a_path_that_changes_half_way),
		TEST(load_balancing_is_no_change),
		TEST(probes_that_were_not_captured),
		TEST(one_expired_datagram_is_no_traceroute),
		TEST(a_probe_that_was_missed),
		TEST(frames_captured_twice),
		TEST(another_run_is_another_traceroute),
		TEST(what_goes_on_is_told_at_intervals),
		TEST(room_for_four_traces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
