/*
 * The detector of abused fragments: one row is what hosts send, and what is said
 * of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/reassembly.h"
#include "analyzer/detect/detectors.h"
#include "tests/judged.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ATTACKER 66 /* last octets of addresses */
#define VICTIM 20

enum thing {
	FRAGMENT,
	MESSAGE,
};

/* The same thing so many times, `gap_ms` apart. */
struct stretch {
	uint32_t count, gap_ms;
	enum thing thing;
	uint8_t version;
	bool is_back;                /* from the victim */
	uint32_t offset, length;     /* of a fragment's octets */
	bool is_last;
	enum reassembly_verdict verdict;
	enum overlap overlap;
	bool is_begun;
	uint32_t age_ms;             /* of its datagram */
	uint8_t source_step;
	uint32_t pieces;             /* of a message's datagram */
	bool is_neighbor, is_reply;
};

struct abuse_case {
	const char *name;
	uint32_t rounds; /* of all of it */
	struct stretch stretches[4];
	const char *severity, *reasons, *message; /* "": nothing is said */
};

#define FIRST .version = 4, .length = 1480, .is_begun = true
#define LATER .version = 4, .offset = 1480, .length = 1480
#define LAST .version = 4, .offset = 2960, .length = 48, .is_last = true, \
	.verdict = REASSEMBLY_COMPLETE
#define AGAIN .version = 4, .length = 1480, .verdict = REASSEMBLY_DUPLICATE, \
	.overlap = OVERLAP_DUPLICATE
#define ECHO .thing = MESSAGE, .version = 4, .length = 3008, .pieces = 3

static const struct abuse_case cases[] = {
	{ "large pings", 500, { { FIRST, .count = 1 }, { LATER, .count = 1 }, { LAST, .count = 1 },
	    { ECHO, .count = 1 } }, "", "", "" },
	{ "every frame twice", 500, { { FIRST, .count = 1 },
	    { AGAIN, .count = 1 },
	    { LAST, .count = 1 },
	    { AGAIN, .count = 1 } },
	  "", "", "" },
	{ "fragments that rewrite each other", 1, { { FIRST, .count = 1 },
	    { LATER, .count = 2, .overlap = OVERLAP_CONFLICT } }, "high", "conflicting_overlap",
	  "192.0.2.66 sent 192.0.2.20 2 fragments made to rewrite others" },
	{ "a second end", 1, { { LATER, .count = 1, .overlap = OVERLAP_MISFIT,
	    .verdict = REASSEMBLY_DROPPED } }, "high", "conflicting_overlap",
	  "192.0.2.66 sent 192.0.2.20 1 fragment made to rewrite others" },
	{ "the same place with other octets", 1, { { FIRST, .count = 1, .age_ms = 10,
	    .overlap = OVERLAP_REPLACED } }, "high", "conflicting_overlap",
	  "192.0.2.66 sent 192.0.2.20 1 fragment made to rewrite others" },
	{ "... long after: another datagram", 1, { { FIRST, .count = 1, .age_ms = 1000,
	    .overlap = OVERLAP_REPLACED } }, "", "", "" },
	{ "... in IPv6 it is none", 1, { { .version = 6, .length = 1232, .count = 1, .age_ms = 9000,
	    .overlap = OVERLAP_REPLACED, .verdict = REASSEMBLY_DROPPED } }, "high",
	  "conflicting_overlap", "2001:db8::42 sent 2001:db8::14 1 fragment made to rewrite others" },
	{ "routers cut again", 1, { { LATER, .count = 50, .overlap = OVERLAP_SAME } }, "", "", "" },
	{ "... which in IPv6 none does", 1, { { .version = 6, .offset = 1232, .length = 400, .count = 1,
	    .overlap = OVERLAP_SAME, .verdict = REASSEMBLY_DROPPED } }, "medium", "overlap",
	  "2001:db8::42 sent 2001:db8::14 1 fragment overlapping others, which IPv6 forbids" },
	{ "first fragments of eight octets", 1, { { .version = 4, .count = 3, .length = 8,
	    .is_begun = true }, { .thing = MESSAGE, .version = 4, .count = 3, .length = 72,
	    .pieces = 9 } }, "high", "impossible_length needless_fragments",
	  "192.0.2.66 sent 192.0.2.20 3 first fragments shorter than for any link" },
	{ "the shortest that a link may need", 1, { { .version = 4, .count = 3, .length = 41,
	    .is_begun = true } }, "", "", "" },
	{ "what is left when a fragment is cut again", 1, { { .version = 4, .count = 30, .offset = 1456,
	    .length = 24 } }, "", "", "" },
	{ "small pings in pieces", 1, { { .version = 4, .count = 3, .length = 64, .is_begun = true },
	    { .thing = MESSAGE, .version = 4, .count = 3, .length = 100, .pieces = 2 } }, "medium",
	  "short_fragments needless_fragments",
	  "192.0.2.66 sent 192.0.2.20 3 first fragments shorter than for usual links" },
	{ "larger ones in too many", 1, { { .version = 4, .count = 3, .length = 64, .is_begun = true },
	    { .thing = MESSAGE, .version = 4, .count = 3, .length = 1200, .pieces = 20 } }, "medium",
	  "short_fragments needless_fragments",
	  "192.0.2.66 sent 192.0.2.20 3 first fragments shorter than for usual links" },
	{ "beginnings without end", 1, { { FIRST, .count = 100, .gap_ms = 1 } }, "medium",
	  "incomplete_datagrams unanswered",
	  "192.0.2.66 sent 192.0.2.20 100 datagrams in a minute of which not all came" },
	{ "... from made-up sources", 1, { { FIRST, .count = 100, .gap_ms = 1, .source_step = 1 } },
	  "medium", "incomplete_datagrams unanswered",
	  "several hosts sent 192.0.2.20 100 datagrams in a minute of which not all came" },
	{ "... that are answered, for the capture lacks the rest", 1, {
	    { FIRST, .count = 32, .gap_ms = 1 }, { FIRST, .count = 32, .gap_ms = 1, .is_back = true },
	    { FIRST, .count = 68, .gap_ms = 1 } }, "", "", "" },
	{ "... with short replies", 1, { { FIRST, .count = 32, .gap_ms = 1 },
	    { ECHO, .count = 32, .is_back = true, .is_reply = true },
	    { FIRST, .count = 68, .gap_ms = 1 } }, "", "", "" },
	{ "... a few an hour", 1, { { FIRST, .count = 200, .gap_ms = 2000 } }, "", "", "" },
	{ "a lossy path", 50, { { FIRST, .count = 10 }, { LATER, .count = 9 }, { LAST, .count = 8 } },
	  "", "", "" },
	{ "the same fragment again and again", 1, { { LATER, .count = 1, .is_begun = true },
	    { AGAIN, .count = 200, .gap_ms = 1 } }, "medium", "repeated_fragments",
	  "192.0.2.66 sent 192.0.2.20 200 fragments in a minute that came before" },
	{ "neighbor discovery in fragments", 1, { { .thing = MESSAGE, .version = 6, .count = 1,
	    .length = 1400, .pieces = 2, .is_neighbor = true } }, "high",
	  "fragmented_neighbor_discovery", "2001:db8::42 sent 2001:db8::14 1 message of neighbor "
	  "discovery in pieces, as to get past a guard" },
	{ "pings of death are another's", 1, { { LATER, .count = 200, .verdict = REASSEMBLY_DROPPED } },
	  "", "", "" },
};

static struct addr
end(uint8_t version, uint8_t last)
{
	if (version == 4)
		return (struct addr){ { 192, 0, 2, last }, 4 };
	return (struct addr){ { 0x20, 0x01, 0x0d, 0xb8, [15] = last }, 6 };
}

static void
send_thing(struct judged *fixture, const struct stretch *stretch, uint32_t n)
{
	static const uint8_t octets[1480];
	static struct packet packet;
	static struct icmp_msg msg;
	const struct frame frame = { .when_ns = fixture->now_ns };
	const struct datagram datagram = { .verdict = stretch->verdict, .overlap = stretch->overlap,
		.is_begun = stretch->is_begun, .begun_ns = frame.when_ns - stretch->age_ms * MS };
	uint8_t version = stretch->version;

	memset(&packet, 0, sizeof(packet));
	memset(&msg, 0, sizeof(msg));
	packet.frame = &frame;
	packet.ip = (struct ip_header){ .version = version, .header_length = version == 4 ? 20 : 48,
		.protocol = version == 4 ? IP_PROTO_ICMP : IP_PROTO_ICMPV6,
		.source = end(version, (uint8_t)(ATTACKER + n * stretch->source_step)),
		.destination = end(version, VICTIM), .fragment_offset = stretch->offset,
		.more_fragments = !stretch->is_last };
	if (stretch->is_back) {
		packet.ip.source = end(version, VICTIM);
		packet.ip.destination = end(version, ATTACKER);
	}
	packet.fragment_count = stretch->pieces;
	if (stretch->thing == FRAGMENT) {
		packet.payload = cursor_over(octets, stretch->length, stretch->length);
		detector_fragment_abuse.fragment(fixture->state, &packet, &datagram, fixture->now_ns);
		return;
	}
	msg.version = version;
	msg.type = icmp_lookup(version, stretch->is_reply ? ICMP4_ECHO_REPLY : ICMP4_ECHO, 0, 64);
	msg.length = stretch->length;
	if (stretch->is_neighbor)
		anomalies_add(&msg.anomalies, ANOMALY_FRAGMENTED_NEIGHBOR_DISCOVERY);
	detector_fragment_abuse.message(fixture->state, &packet, &msg, fixture->now_ns);
}

static void
run(const struct abuse_case *row)
{
	const struct stretch *stretch;
	struct judged fixture;
	uint32_t round, n;

	judged_start(&fixture, &detector_fragment_abuse);
	for (round = 0; round < row->rounds; round++)
		for (stretch = row->stretches; stretch < row->stretches + COUNT(row->stretches);
		    stretch++)
			for (n = 0; n < stretch->count; n++, fixture.now_ns += stretch->gap_ms * MS)
				send_thing(&fixture, stretch, n);
	judged_finish(&fixture);
	judged_stop(&fixture);
	if (fixture.opened != (row->message[0] != '\0') ||
	    strcmp(fixture.severity, row->severity) != 0 ||
	    strcmp(fixture.reasons, row->reasons) != 0 || strcmp(fixture.message, row->message) != 0)
		fail_msg("%s: %u opened, %s: %s (%s)", row->name, (unsigned)fixture.opened,
		    fixture.severity, fixture.message, fixture.reasons);
}

static void
judges_fragments(void **state)
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
		cmocka_unit_test(judges_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
