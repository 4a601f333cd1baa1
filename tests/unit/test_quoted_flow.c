/*
 * Errors by flow: equal counts come in an order that does not depend on which
 * flow was seen first. And what is said of a quote, by scripts of datagrams and
 * errors on a set clock.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/track/trackers.h"

/* An error about a flow of `protocol`, the same in all else. */
static void
send_error(void *tracker, uint8_t protocol)
{
	static const uint8_t bytes[ICMP_HEADER_LEN];
	const struct addr source = { { 192, 0, 2, 1 }, 4 }, destination = { { 192, 0, 2, 2 }, 4 };
	const struct frame frame = { .when_ns = 1 };
	const struct packet packet = { .frame = &frame, .ip = { .source = { { 192, 0, 2, 9 }, 4 } } };
	struct icmp_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.type = icmp_lookup(4, ICMP4_DESTINATION_UNREACHABLE, 1, UINT32_MAX);
	msg.version = 4;
	msg.type_number = ICMP4_DESTINATION_UNREACHABLE;
	msg.code = 1;
	msg.bytes = cursor_over(bytes, sizeof(bytes), sizeof(bytes));
	msg.quote.present = true;
	msg.quote.ip.source = source;
	msg.quote.ip.destination = msg.quote.ip.final_destination = destination;
	msg.quote.ip.protocol = protocol;
	msg.quote.transport = (struct transport){ .protocol = protocol, .has_ports = true,
		.source_port = 40000, .destination_port = 53 };
	tracker_quoted_flow.message(tracker, &packet, &msg, 1);
}

static void
test_order(void **state)
{
	static const uint8_t orders[][3] = { { 6, 17, 132 }, { 132, 17, 6 }, { 17, 132, 6 } };
	struct settings settings;
	struct emitter emitter = { 0 };
	struct tally tally = { 0 };
	const struct tracker_context context = { .settings = &settings, .emitter = &emitter,
		.tally = &tally, .key = hash_key_fixed() };
	char err[ERR_SIZE];
	size_t i, n;

	(void)state;
	settings_defaults(&settings);
	for (i = 0; i < 3; i++) {
		void *tracker = tracker_quoted_flow.create(&context, err);
		struct report report = { 0 };

		assert_non_null(tracker);
		for (n = 0; n < 3; n++)
			send_error(tracker, orders[i][n]);
		assert_int_equal(tracker_quoted_flow.report(tracker, &report), 0);
		assert_int_equal(report.flow_count, 3);
		for (n = 0; n < 3; n++)
			assert_int_equal(report.flows[n].transport.protocol, orders[0][n]);
		assert_string_equal(report.flows[0].name, "destination_unreachable");
		assert_string_equal(report.flows[0].code_name, "host_unreachable");
		assert_string_equal(report.reporters[0].name, "destination_unreachable");
		tracker_quoted_flow.destroy(tracker);
	}
}

#define MS UINT64_C(1000000)
#define START (UINT64_C(1700000000000) * MS)
#define HOST 1   /* last octets of addresses */
#define FAR 2
#define PUBLIC 3 /* the host's behind NAT */
#define ROUTER 9
#define PORT 40000

/* A datagram of TCP from PORT to 443, or an error to the host about one. */
struct step {
	uint64_t at_ms;
	uint8_t from, ttl;
	uint8_t type, code;            /* 0: the datagram itself, from one end to the other */
	uint8_t quoted_source;
	uint16_t port;
	uint32_t sequence;
	int64_t seen, translated;      /* what the event says */
	enum anomaly anomaly;          /* the only one, or ANOMALY_COUNT */
	uint8_t quoted_ttl;            /* 0: it cannot be told */
};

#define TCP_OUT(at, seq) { at, HOST, 64, 0, 0, HOST, PORT, seq, 0, 0, ANOMALY_COUNT, 0 }
#define TCP_BACK(at, ttl) { at, FAR, ttl, 0, 0, FAR, PORT, 7, 0, 0, ANOMALY_COUNT, 0 }
#define NOT_KNOWN EVENT_UNKNOWN

/* clang-format off */
static const struct step script[] = {
	TCP_OUT(0, 1000),
	TCP_BACK(10, 57),
	/* too early to say that it was not there */
	{ 20, ROUTER, 61, 3, 1, HOST, 40001, 1, NOT_KNOWN, NOT_KNOWN, ANOMALY_COUNT, 0 },
	TCP_OUT(5000, 2000),
	{ 5010, ROUTER, 61, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 0 },
	{ 5020, ROUTER, 61, 3, 1, HOST, 40001, 1, 0, NOT_KNOWN, ANOMALY_FLOW_NOT_SEEN, 0 },
	{ 5030, ROUTER, 61, 3, 1, HOST, PORT, 0x70000000, 1, NOT_KNOWN,
	  ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW, 0 },
	/* distances: of the router against itself, of the far end against its answers */
	{ 5040, ROUTER, 58, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 0 },
	{ 5050, ROUTER, 62, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_REPORTER_TTL_INCONSISTENT, 0 },
	{ 5060, FAR, 57, 3, 2, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 0 },
	{ 5070, FAR, 248, 3, 2, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 0 }, /* of 255 */
	{ 5080, FAR, 64, 3, 2, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_REPORTER_TTL_INCONSISTENT, 0 },
	/* NAT, by the flow that there is with the receiver's address */
	{ 5090, ROUTER, 62, 3, 1, PUBLIC, PORT, 2000, 1, 1, ANOMALY_COUNT, 0 },
	{ 5100, ROUTER, 62, 3, 1, PUBLIC, 40001, 2000, NOT_KNOWN, NOT_KNOWN, ANOMALY_COUNT, 0 },
	/* the host's own refusal never was on the wire */
	{ 5110, HOST, 64, 3, 3, HOST, 40001, 1, NOT_KNOWN, NOT_KNOWN, ANOMALY_COUNT, 0 },
	/* nobody knows how a datagram was sent that reassembly gave up */
	{ 5120, ROUTER, 62, 11, 1, HOST, 40001, 1, NOT_KNOWN, NOT_KNOWN, ANOMALY_COUNT, 0 },
	/* what came several hops has lost some; one more or less is the router's habit */
	{ 5130, ROUTER, 62, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 62 },
	{ 5140, ROUTER, 62, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_QUOTED_TTL_FRESH, 64 },
	{ 5150, ROUTER, 62, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_QUOTED_TTL_FRESH, 128 },
	{ 5160, ROUTER, 62, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 32 },
	{ 5170, ROUTER, 63, 3, 1, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 64 },
	{ 5180, ROUTER, 62, 11, 0, HOST, PORT, 2000, 1, NOT_KNOWN, ANOMALY_COUNT, 64 },
};
/* clang-format on */

struct said {
	uint32_t events;
	struct quote_facts quote;
};

static void
hear(void *owner, const struct event *event)
{
	struct said *said = owner;

	said->events++;
	assert_non_null(event->quote);
	said->quote = *event->quote;
}

static struct addr
end(uint8_t last)
{
	return (struct addr){ { 192, 0, 2, last }, 4 };
}

static struct transport
tcp_of(const struct step *step)
{
	struct transport tcp = { .protocol = IP_PROTO_TCP, .has_ports = true,
		.source_port = step->port, .destination_port = 443, .has_tcp_sequence = true,
		.tcp_sequence = step->sequence };

	if (step->quoted_source == FAR) {
		tcp.source_port = 443;
		tcp.destination_port = step->port;
	}
	return tcp;
}

static void
play(void *tracker, const struct step *step)
{
	static const uint8_t bytes[ICMP_HEADER_LEN];
	static struct packet packet;
	static struct icmp_msg msg;
	uint64_t now_ns = START + step->at_ms * MS;
	const struct frame frame = { .when_ns = now_ns };
	const struct transport tcp = tcp_of(step);

	memset(&packet, 0, sizeof(packet));
	memset(&msg, 0, sizeof(msg));
	packet.frame = &frame;
	packet.ip.ttl = step->ttl;
	packet.ip.source = end(step->from);
	packet.ip.destination = end(step->from == HOST && step->type == 0 ? FAR : HOST);
	packet.ip.final_destination = packet.ip.destination;
	if (step->type == 0) {
		tracker_quoted_flow.datagram(tracker, &packet, &tcp, now_ns);
		return;
	}
	packet.ip.protocol = IP_PROTO_ICMP;
	msg.type = icmp_lookup(4, step->type, step->code, UINT32_MAX);
	msg.version = 4;
	msg.type_number = step->type;
	msg.code = step->code;
	msg.bytes = cursor_over(bytes, sizeof(bytes), sizeof(bytes));
	msg.quote.present = true;
	msg.quote.ip.version = 4;
	msg.quote.ip.source = end(step->quoted_source);
	msg.quote.ip.destination = msg.quote.ip.final_destination = end(FAR);
	msg.quote.ip.protocol = IP_PROTO_TCP;
	msg.quote.ip.ttl = step->quoted_ttl;
	msg.quote.transport = tcp;
	if (step->quoted_source != HOST)
		anomalies_add(&msg.anomalies, ANOMALY_QUOTED_SOURCE_MISMATCH);
	tracker_quoted_flow.message(tracker, &packet, &msg, now_ns);
}

static void
check_step(const struct step *step, const struct quote_facts *quote)
{
	struct anomalies expected = { 0 };

	if (step->anomaly != ANOMALY_COUNT)
		anomalies_add(&expected, step->anomaly);
	if (quote->seen != step->seen || quote->translated != step->translated ||
	    memcmp(&quote->anomalies, &expected, sizeof(expected)) != 0)
		fail_msg("at %d ms: seen %d, translated %d", (int)step->at_ms, (int)quote->seen,
		    (int)quote->translated);
}

/* Without flows nothing is said but what errors tell of each other. */
static void
play_script(bool has_datagrams)
{
	struct said said = { 0 };
	struct tally tally = { 0 };
	struct settings settings;
	struct emitter emitter = { 1u << DATASET_ERROR, hear, &said };
	const struct tracker_context context = { .settings = &settings, .emitter = &emitter,
		.has_datagrams = has_datagrams, .tally = &tally, .key = hash_key_fixed() };
	struct report report = { 0 };
	char err[ERR_SIZE];
	void *tracker;
	size_t i;

	settings_defaults(&settings);
	tracker = tracker_quoted_flow.create(&context, err);
	assert_non_null(tracker);
	for (i = 0; i < sizeof(script) / sizeof(script[0]); i++) {
		if (script[i].type == 0 && !has_datagrams)
			continue;
		play(tracker, &script[i]);
		if (script[i].type == 0)
			continue;
		if (has_datagrams)
			check_step(&script[i], &said.quote);
		else
			assert_int_equal(said.quote.seen, EVENT_UNKNOWN);
	}
	assert_int_equal(tracker_quoted_flow.report(tracker, &report), 0);
	assert_int_equal(said.events, report.errors);
	assert_int_equal(tally.counts[ANOMALY_FLOW_NOT_SEEN], has_datagrams);
	assert_int_equal(report.flows[0].seen > 0, has_datagrams);
	tracker_quoted_flow.destroy(tracker);
}

static void
test_verdicts(void **state)
{
	(void)state;
	play_script(true);
	play_script(false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
