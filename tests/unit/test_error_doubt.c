/*
 * The detectors of forged errors: one row is a number of errors to one host, and
 * what is said of them.
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
#define DOUBTS_MOST 4
#define VICTIM 10 /* last octets of addresses */
#define FAR 20
#define ROUTER 1
#define ATTACKER 66

/* Errors of one kind, 100 ms apart. */
struct stretch {
	uint32_t count;
	uint8_t version, type, code;
	uint8_t from, about;           /* about a flow of the victim to that address */
	uint16_t port, port_step;      /* of the victim */
	uint32_t mtu;
	uint8_t about_step;
	bool may_be_cut, is_reply, is_thc, is_translated, is_udp;
	bool is_seen;                  /* the flow */
	enum anomaly doubts[DOUBTS_MOST]; /* zeros are none: a bad checksum is no doubt */
};

struct forged_case {
	const char *name;
	const struct detector *detector;
	struct stretch stretches[2];
	uint32_t opened;
	const char *severity, *reasons, *message; /* of the latest; "": nothing is said */
};

#define PMTU &detector_pmtu_attack
#define TOO_LARGE4 .version = 4, .type = 3, .code = 4
#define TOO_LARGE6 .version = 6, .type = 2
#define FORGED &detector_forged_error
#define REFUSED4 .version = 4, .type = 3, .code = 2
#define REFUSED6 .version = 6, .type = 1, .code = 4

static const struct forged_case cases[] = {
	{ "a router tells the path MTU", PMTU, { { TOO_LARGE4, .count = 200, .from = ROUTER,
	    .about = FAR, .port = 40000, .port_step = 1, .mtu = 1400 } }, 0, "", "", "" },
	{ "a very narrow link", PMTU, { { TOO_LARGE4, .count = 20, .from = ROUTER, .about = FAR,
	    .port = 40000, .mtu = 296, .doubts = { ANOMALY_SMALL_MTU } } }, 0, "", "", "" },
	{ "a tunnel whose router counts wrongly", PMTU, { { TOO_LARGE4, .count = 20,
	    .from = ROUTER, .about = FAR, .port = 40000, .mtu = 1476,
	    .doubts = { ANOMALY_MTU_NOT_EXCEEDED } } }, 0, "", "", "" },
	{ "paths around the capture", PMTU, { { TOO_LARGE4, .count = 20, .from = ROUTER,
	    .about = FAR, .port = 40000, .mtu = 1400,
	    .doubts = { ANOMALY_FLOW_NOT_SEEN } } }, 0, "", "", "" },
	{ "one doubt, and another one of the next", PMTU, {
	    { TOO_LARGE4, .count = 2, .from = ROUTER, .about = FAR, .mtu = 40,
	      .doubts = { ANOMALY_BAD_MTU } },
	    { TOO_LARGE4, .count = 2, .from = ROUTER, .about = FAR, .mtu = 1476,
	      .doubts = { ANOMALY_MTU_NOT_EXCEEDED } } }, 0, "", "", "" },
	{ "guessed ports", PMTU, { { TOO_LARGE4, .count = 20, .from = ATTACKER, .about = FAR,
	    .port = 40000, .port_step = 7, .mtu = 296,
	    .doubts = { ANOMALY_SMALL_MTU, ANOMALY_QUOTED_TTL_FRESH } } }, 1, "high",
	  "quoted_ttl_fresh small_mtu guessed_flows",
	  "192.0.2.66 told 192.0.2.10 that no more than 296 octets at a time get through to "
	  "192.0.2.20: 20 errors that no router sends like that" },
	{ "guessed ports, of which a few were right", PMTU, {
	    { TOO_LARGE4, .count = 60, .from = ATTACKER, .about = FAR, .port = 40000,
	      .port_step = 7, .mtu = 552, .doubts = { ANOMALY_FLOW_NOT_SEEN, ANOMALY_SMALL_MTU } },
	    { TOO_LARGE4, .count = 2, .from = ATTACKER, .about = FAR, .port = 443, .mtu = 552,
	      .doubts = { ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW, ANOMALY_SMALL_MTU } } }, 1, "high",
	  "flow_not_seen tcp_sequence_outside_window small_mtu guessed_flows",
	  "192.0.2.66 told 192.0.2.10 that no more than 552 octets at a time get through to "
	  "192.0.2.20: 62 errors that no router sends like that" },
	{ "an answer that was asked for", PMTU, { { TOO_LARGE6, .count = 1, .from = FAR,
	    .about = FAR, .is_reply = true, .mtu = 1280 } }, 1, "medium",
	  "reporter_is_destination quotes_reply",
	  "2001:db8::14 told 2001:db8::a that no more than 1280 octets at a time get through to "
	  "2001:db8::14: 1 error that no router sends like that" },
	{ "the same with the marks of its tool", PMTU, { { TOO_LARGE6, .count = 1, .from = FAR,
	    .about = FAR, .is_reply = true, .is_thc = true, .mtu = 1280 } }, 1, "high",
	  "reporter_is_destination quotes_reply thc_ipv6",
	  "2001:db8::14 told 2001:db8::a that no more than 1280 octets at a time get through to "
	  "2001:db8::14: 1 error that no router sends like that" },
	{ "... and a path MTU that hurts nobody", PMTU, { { TOO_LARGE6, .count = 1, .from = FAR,
	    .about = FAR, .is_reply = true, .is_thc = true, .mtu = 1400 } }, 1, "high",
	  "reporter_is_destination quotes_reply thc_ipv6",
	  "2001:db8::14 told 2001:db8::a that no more than 1400 octets at a time get through to "
	  "2001:db8::14: 1 error that no router sends like that" },
	{ "a path MTU that hurts nobody", PMTU, { { TOO_LARGE4, .count = 1, .from = FAR,
	    .about = FAR, .may_be_cut = true, .mtu = 1400 } }, 1, "low",
	  "quoted_may_be_fragmented reporter_is_destination",
	  "192.0.2.20 told 192.0.2.10 that no more than 1400 octets at a time get through to "
	  "192.0.2.20: 1 error that no router sends like that" },
	{ "what the victim did not send, it does not believe", PMTU, { { TOO_LARGE4, .count = 20,
	    .from = ATTACKER, .about = FAR, .mtu = 68, .doubts = { ANOMALY_SMALL_MTU,
	    ANOMALY_QUOTED_TTL_FRESH, ANOMALY_QUOTED_SOURCE_MISMATCH } } }, 0, "", "", "" },
	{ "unless it came through NAT", PMTU, { { TOO_LARGE4, .count = 20, .from = ATTACKER,
	    .about = FAR, .mtu = 68, .is_translated = true, .doubts = { ANOMALY_SMALL_MTU,
	    ANOMALY_QUOTED_TTL_FRESH, ANOMALY_QUOTED_SOURCE_MISMATCH } } }, 1, "medium",
	  "quoted_ttl_fresh small_mtu",
	  "192.0.2.66 told 192.0.2.10 that no more than 68 octets at a time get through to "
	  "192.0.2.20: 20 errors that no router sends like that" },
	{ "from several, about several", PMTU, {
	    { TOO_LARGE4, .count = 9, .from = ATTACKER, .about = FAR, .about_step = 1, .mtu = 40,
	      .doubts = { ANOMALY_BAD_MTU, ANOMALY_FLOW_NOT_SEEN } },
	    { TOO_LARGE4, .count = 1, .from = FAR, .about = FAR, .mtu = 48,
	      .doubts = { ANOMALY_BAD_MTU, ANOMALY_FLOW_NOT_SEEN } } }, 1, "high",
	  "flow_not_seen impossible_mtu",
	  "several hosts told 192.0.2.10 that no more than 40 octets at a time get through to "
	  "192.0.2.20 and others: 10 errors that no router sends like that" },
	{ "a host that refuses many connections", FORGED, { { REFUSED4, .count = 200, .from = FAR,
	    .about = FAR, .port = 40000, .port_step = 1, .is_seen = true } }, 0, "", "", "" },
	{ "answers to what others sent in the victim's name", FORGED, { { REFUSED4, .count = 200,
	    .from = FAR, .about = FAR, .port = 40000, .port_step = 1,
	    .doubts = { ANOMALY_FLOW_NOT_SEEN } } }, 1, "low", "flow_not_seen guessed_flows",
	  "200 errors in the name of 192.0.2.20 would end or slow what 192.0.2.10 has under way with "
	  "192.0.2.20, and look made up" },
	{ "few errors about no flow, that cannot be", FORGED, { { REFUSED4, .count = 3,
	    .from = ROUTER, .about = FAR, .port = 40000,
	    .doubts = { ANOMALY_FLOW_NOT_SEEN, ANOMALY_QUOTED_TTL_FRESH } } }, 1, "low",
	  "flow_not_seen quoted_ttl_fresh",
	  "3 errors in the name of 192.0.2.1 would end or slow what 192.0.2.10 has under way with "
	  "192.0.2.20, and look made up" },
	{ "a guess that was right", FORGED, {
	    { REFUSED4, .count = 99, .from = FAR, .about = FAR, .port = 40000, .port_step = 1,
	      .doubts = { ANOMALY_FLOW_NOT_SEEN } },
	    { REFUSED4, .count = 1, .from = FAR, .about = FAR, .port = 443, .is_seen = true,
	      .doubts = { ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW } } }, 1, "high",
	  "flow_not_seen tcp_sequence_outside_window guessed_flows",
	  "100 errors in the name of 192.0.2.20 would end or slow what 192.0.2.10 has under way with "
	  "192.0.2.20, and look made up" },
	{ "one error to end one connection, in IPv6", FORGED, { { REFUSED6, .count = 1, .from = FAR,
	    .about = FAR, .port = 40000, .is_seen = true, .doubts = {
	    ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW, ANOMALY_QUOTED_TTL_FRESH } } }, 1, "medium",
	  "tcp_sequence_outside_window quoted_ttl_fresh",
	  "1 error in the name of 2001:db8::14 would end or slow what 2001:db8::a has under way with "
	  "2001:db8::14, and looks made up" },
	{ "a blind attempt to slow connections", FORGED, { { .version = 4, .type = 4, .count = 40,
	    .from = ATTACKER, .about = FAR, .port = 40000, .port_step = 3, .doubts = {
	    ANOMALY_DEPRECATED_TYPE, ANOMALY_QUOTED_TTL_FRESH } } }, 1, "high",
	  "quoted_ttl_fresh source_quench guessed_flows",
	  "40 errors in the name of 192.0.2.66 would end or slow what 192.0.2.10 has under way with "
	  "192.0.2.20, and look made up" },
	{ "errors about what has no ports to be guessed", FORGED, { { REFUSED4, .count = 40,
	    .from = ROUTER, .about = FAR, .is_reply = true, .doubts = {
	    ANOMALY_REPORTER_NOT_DESTINATION, ANOMALY_QUOTED_TTL_FRESH } } }, 0, "", "", "" },
	{ "errors that end connections, but for the port", FORGED, { { REFUSED6, .count = 40,
	    .from = FAR, .about = FAR, .port = 40000, .port_step = 1,
	    .doubts = { ANOMALY_QUOTED_TTL_FRESH } } }, 1, "medium",
	  "quoted_ttl_fresh guessed_flows",
	  "40 errors in the name of 2001:db8::14 would end or slow what 2001:db8::a has under way "
	  "with 2001:db8::14, and look made up" },
	{ "... a flood about no flow in particular", FORGED, { { REFUSED4, .count = 400,
	    .from = FAR, .about = FAR, .port = 40000, .port_step = 1, .is_udp = true,
	    .doubts = { ANOMALY_QUOTED_TTL_FRESH } } }, 0, "", "", "" },
	{ "an old router that is too busy", FORGED, { { .version = 4, .type = 4, .count = 40,
	    .from = ROUTER, .about = FAR, .port = 40000, .port_step = 3, .is_seen = true,
	    .doubts = { ANOMALY_DEPRECATED_TYPE } } }, 0, "", "", "" },
	{ "expired datagrams end nothing", FORGED, { { .version = 4, .type = 11, .count = 40,
	    .from = ROUTER, .about = FAR, .port = 40000, .port_step = 3,
	    .doubts = { ANOMALY_FLOW_NOT_SEEN, ANOMALY_QUOTED_BAD_LENGTH } } }, 0, "", "", "" },
	{ "what is too large is another's", FORGED, { { TOO_LARGE4, .count = 40, .from = ROUTER,
	    .about = FAR, .mtu = 296, .doubts = { ANOMALY_FLOW_NOT_SEEN,
	    ANOMALY_QUOTED_TTL_FRESH } } }, 0, "", "", "" },
};

static struct addr
end(uint8_t version, uint8_t last)
{
	if (version == 4)
		return (struct addr){ { 192, 0, 2, last }, 4 };
	return (struct addr){ { 0x20, 0x01, 0x0d, 0xb8, [15] = last }, 6 };
}

static void
fill_quote(struct quote *quote, const struct stretch *stretch, uint32_t n)
{
	uint8_t version = stretch->version;

	quote->present = true;
	quote->ip = (struct ip_header){ .version = version, .source = end(version, VICTIM),
		.protocol = stretch->is_udp ? IP_PROTO_UDP : IP_PROTO_TCP,
		.dont_fragment = !stretch->may_be_cut };
	quote->ip.destination = quote->ip.final_destination =
	    end(version, (uint8_t)(stretch->about + n * stretch->about_step));
	quote->transport = (struct transport){ .has_ports = !stretch->is_reply,
		.source_port = (uint16_t)(stretch->port + n * stretch->port_step),
		.destination_port = 443, .has_seq = stretch->is_reply,
		.icmp_type = version == 4 ? ICMP4_ECHO_REPLY : ICMP6_ECHO_REPLY,
		.id = stretch->is_thc ? 0xface : 7, .seq = stretch->is_thc ? 0xbabe : 1 };
}

static void
send_error(struct judged *fixture, const struct stretch *stretch, uint32_t n)
{
	static struct icmp_msg msg;
	const struct frame frame = { .when_ns = fixture->now_ns };
	struct packet packet = { .frame = &frame };
	struct quote_facts quote = { .seen = stretch->is_seen,
		.translated = stretch->is_translated ? 1 : EVENT_UNKNOWN };
	const struct event event = { .id = EVENT_ERROR, .source = end(stretch->version, stretch->from),
		.destination = end(stretch->version, VICTIM), .packet = &packet, .msg = &msg,
		.quote = &quote };
	size_t i;

	memset(&msg, 0, sizeof(msg));
	msg.version = stretch->version;
	msg.type_number = stretch->type;
	msg.code = stretch->code;
	msg.length = 56;
	msg.type = icmp_lookup(msg.version, msg.type_number, msg.code, UINT32_MAX);
	for (i = 0; msg.type->fields[i].name != NULL; i++)
		msg.values[i].number = stretch->mtu;
	msg.value_count = (uint8_t)i;
	fill_quote(&msg.quote, stretch, n);
	for (i = 0; i < DOUBTS_MOST; i++)
		anomalies_add(&msg.anomalies, stretch->doubts[i]);
	fixture->detector->event(fixture->state, &event, fixture->now_ns);
}

static void
run(const struct forged_case *row)
{
	const struct stretch *stretch;
	struct judged fixture;
	uint32_t n;

	judged_start(&fixture, row->detector);
	for (stretch = row->stretches; stretch < row->stretches + COUNT(row->stretches); stretch++)
		for (n = 0; n < stretch->count; n++, fixture.now_ns += 100 * MS)
			send_error(&fixture, stretch, n);
	judged_finish(&fixture);
	judged_stop(&fixture);
	if (fixture.opened != row->opened || strcmp(fixture.severity, row->severity) != 0 ||
	    strcmp(fixture.reasons, row->reasons) != 0 || strcmp(fixture.message, row->message) != 0)
		fail_msg("%s: %u opened, %s: %s (%s)", row->name, (unsigned)fixture.opened,
		    fixture.severity, fixture.message, fixture.reasons);
}

static void
judges_errors(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		run(&cases[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
