/*
 * The detector of reconnaissance: what is sent to one host, and what is said of it.
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

static const struct addr scanner = { .version = 4, .bytes = { 192, 0, 2, 66 } };
static const struct addr host = { .version = 4, .bytes = { 198, 51, 100, 20 } };

/* Messages of one kind, each a second after the one before. */
struct stretch {
	uint32_t count;
	uint8_t type, code;
	uint16_t seq;
	uint32_t len;  /* of an echo */
	uint16_t source_port, port, port_step; /* that an error quotes */
	uint32_t destinations; /* of traceroutes, in place of messages */
};

static void
send_message(struct judged *fixture, const struct stretch *stretch, uint32_t n)
{
	static const uint8_t nothing[1];
	const struct frame frame = { .when_ns = fixture->now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP };
	struct icmp_msg msg = { .version = 4, .type_number = stretch->type, .code = stretch->code,
		.length = 8 + stretch->len, .value_count = 2,
		.tail = cursor_over(nothing, 0, stretch->len) };
	bool is_error = stretch->type == ICMP4_DESTINATION_UNREACHABLE;

	packet.ip = (struct ip_header){ .version = 4, .source = is_error ? host : scanner,
		.destination = is_error ? scanner : host };
	msg.type = icmp_lookup(4, stretch->type, stretch->code, 64);
	msg.values[0].number = 7;
	msg.values[1].number = stretch->seq;
	msg.quote.present = is_error;
	msg.quote.ip = (struct ip_header){ .version = 4, .source = scanner, .destination = host };
	msg.quote.transport = (struct transport){ .protocol = IP_PROTO_UDP, .has_ports = true,
		.source_port = stretch->source_port,
		.destination_port = (uint16_t)(stretch->port + n * stretch->port_step) };
	detector_icmp_recon.message(fixture->state, &packet, &msg, fixture->now_ns);
}

static void
trace(struct judged *fixture, uint32_t n)
{
	const struct event event = { .id = EVENT_TRACEROUTE, .when_ns = fixture->now_ns,
		.source = scanner, .destination = { .version = 4, .bytes = { 10, 0, 0, (uint8_t)n } } };

	detector_icmp_recon.event(fixture->state, &event, fixture->now_ns);
}

struct recon_case {
	const char *name;
	struct stretch stretches[3];
	const char *severity, *message; /* "": nothing is said */
};

static const struct recon_case cases[] = {
	{ "a scan of UDP ports", { { .count = 30, .type = 3, .code = 3, .source_port = 40000,
	    .port = 1, .port_step = 1 } }, "medium",
	  "192.0.2.66 scanned UDP ports of 198.51.100.20: 30 of them are closed, says the host" },
	{ "one port, tried again and again", { { .count = 500, .type = 3, .code = 3,
	    .source_port = 40000, .port = 5060 } }, "", "" },
	{ "traceroutes", { { .count = 90, .type = 3, .code = 3, .source_port = 40000,
	    .port = 33434, .port_step = 1 } }, "", "" },
	{ "answers of a server that come too late", { { .count = 90, .type = 3, .code = 3,
	    .source_port = 53, .port = 40000, .port_step = 7 } }, "", "" },
	{ "both echoes of nmap -O", { { .count = 1, .type = 8, .code = 9, .seq = 295, .len = 120 },
	    { .count = 1, .type = 8, .seq = 296, .len = 150 } }, "medium",
	  "192.0.2.66 tried to tell the operating system of 198.51.100.20, with the echoes of nmap -O" },
	{ "pings of the same size", { { .count = 400, .type = 8, .seq = 1, .len = 120 },
	    { .count = 400, .type = 8, .seq = 1, .len = 150 } }, "", "" },
	{ "timestamp, information and mask requests", { { .count = 1, .type = 13 },
	    { .count = 1, .type = 15 }, { .count = 1, .type = 17 } }, "low",
	  "192.0.2.66 asked 198.51.100.20 in 3 ways for its time, mask or network" },
	{ "a clock that is looked at", { { .count = 100, .type = 13 } }, "", "" },
	{ "paths to twenty hosts", { { .count = 20, .destinations = 20 } }, "medium",
	  "192.0.2.66 traced the paths to 20 hosts, as who maps a network" },
	{ "the path to one host", { { .count = 100, .destinations = 1 } }, "", "" },
};

static void
run(struct judged *fixture, const struct recon_case *row)
{
	uint32_t n;
	size_t i;

	judged_start(fixture, &detector_icmp_recon);
	for (i = 0; i < COUNT(row->stretches); i++) {
		for (n = 0; n < row->stretches[i].count; n++) {
			if (row->stretches[i].destinations > 0)
				trace(fixture, n % row->stretches[i].destinations);
			else
				send_message(fixture, &row->stretches[i], n);
			fixture->now_ns += S;
		}
	}
	incidents_finish(fixture->incidents);
}

static void
test_cases(void **state)
{
	struct judged fixture;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		run(&fixture, &cases[i]);
		if (strcmp(fixture.message, cases[i].message) != 0)
			print_error("%s: %s\n", cases[i].name, fixture.message);
		assert_string_equal(fixture.message, cases[i].message);
		assert_string_equal(fixture.severity, cases[i].severity);
		assert_int_equal(fixture.opened, cases[i].message[0] != '\0');
		judged_stop(&fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
