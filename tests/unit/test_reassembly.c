/*
 * Reassembly by scripts: each row is a fragment with its time and what must
 * come of it. Fragments are made of a datagram whose octets are a function of
 * their position; `twist` changes them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "analyzer/core/reassembly.h"
#include "analyzer/log.h"

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)
#define ALL UINT32_MAX
#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	W = REASSEMBLY_WAITING,
	C = REASSEMBLY_COMPLETE,
	D = REASSEMBLY_DUPLICATE,
	X = REASSEMBLY_DROPPED,
	P = REASSEMBLY_PARTIAL,
};

struct step {
	uint32_t offset, length;
	bool more;
	uint8_t twist;
	uint32_t time_ms;
	int verdict;
};

struct script {
	const char *name;
	uint8_t version;
	struct step steps[8];            /* up to the first of no time, after the first */
	uint32_t total;                  /* of the datagram completed last, 0 for none */
	int anomaly;                     /* that the last step must show, or -1 */
	struct reassembly_counts counts; /* but for `fragments` */
};

/* What a packet shares with those of its datagram. */
static uint8_t octets[70000];
static struct frame frame;
static struct packet packet;
static struct reassembly reassembly;
static struct datagram datagram;

static uint8_t
octet_at(uint32_t position)
{
	return (uint8_t)(position ^ position >> 8);
}

static void
begin(uint8_t version, uint32_t datagrams, uint64_t memory_size)
{
	struct reassembly_config config = {
		.datagrams = datagrams,
		.memory_size = memory_size,
		.timeout_ns = 60 * SECOND,
		.hash_key = hash_key_fixed(),
	};
	char err[ERR_SIZE];

	assert_int_equal(reassembly_init(&reassembly, &config, err), 0);
	memset(&packet, 0, sizeof(packet));
	memset(&frame, 0, sizeof(frame));
	packet.frame = &frame;
	packet.verdict = PACKET_FRAGMENT;
	packet.ip.version = version;
	packet.ip.header_length = version == 4 ? 20 : 48;
	packet.ip.protocol = version == 4 ? IP_PROTO_ICMP : IP_PROTO_ICMPV6;
	packet.ip.source.version = version;
	packet.ip.source.bytes[0] = 1;
	packet.ip.destination.version = version;
	packet.ip.destination.bytes[0] = 2;
	packet.ip.id = 77;
	packet.ip.is_fragment = true;
}

/*
 * Gives a fragment of which `captured` octets at most were captured; behind
 * them lies something else.
 */
static int
give(const struct step *step, uint32_t captured)
{
	uint32_t i;

	for (i = 0; i < step->length && i < sizeof(octets); i++)
		octets[i] = octet_at(step->offset + i) ^ step->twist;
	for (i = captured; i < step->length && i < sizeof(octets); i++)
		octets[i] ^= 0xff;
	frame.number++;
	packet.ip.fragment_offset = step->offset;
	packet.ip.more_fragments = step->more;
	packet.payload = cursor_over(octets, captured, step->length);
	return (int)reassembly_add(&reassembly, &packet, step->time_ms * MS, &datagram);
}

/* Whether the datagram handed out is untwisted and as long as said. */
static void
assert_datagram(uint32_t total, uint32_t captured)
{
	uint32_t i;

	assert_int_equal(datagram.payload.claimed, total);
	assert_int_equal(datagram.payload.captured, captured);
	for (i = 0; i < captured; i++)
		assert_int_equal(datagram.payload.next[i], octet_at(i));
}

/* clang-format off */
static const struct script scripts[] = {
	{ "in order", 4,
	  { { 0, 16, true, 0, 1, W }, { 16, 16, true, 0, 2, W }, { 32, 5, false, 0, 3, C } },
	  37, -1, { .completed = 1 } },
	{ "last first", 4,
	  { { 32, 5, false, 0, 1, W }, { 16, 16, true, 0, 2, W }, { 0, 16, true, 0, 3, C } },
	  37, -1, { .completed = 1 } },
	{ "middle last", 6,
	  { { 32, 5, false, 0, 1, W }, { 0, 16, true, 0, 2, W }, { 16, 16, true, 0, 3, C } },
	  37, -1, { .completed = 1 } },
	{ "missing last", 4,
	  { { 0, 16, true, 0, 1, W }, { 16, 16, true, 0, 2, W } }, 0, -1, { 0 } },
	{ "missing middle", 4,
	  { { 0, 16, true, 0, 1, W }, { 32, 8, false, 0, 2, W } }, 0, -1, { 0 } },
	{ "longest IPv4 payload", 4,
	  { { 0, 65512, true, 0, 1, W }, { 65512, 3, false, 0, 2, C } },
	  65515, -1, { .completed = 1 } },
	{ "longest IPv6 payload", 6,
	  { { 0, 65528, true, 0, 1, W }, { 65528, 7, false, 0, 2, C } },
	  65535, -1, { .completed = 1 } },

	/* Time */
	{ "just in time", 4,
	  { { 0, 16, true, 0, 1, W }, { 16, 8, false, 0, 60000, C } },
	  24, -1, { .completed = 1 } },
	{ "too late, counted from the first", 4,
	  { { 0, 16, true, 0, 1, W }, { 16, 8, true, 0, 50000, W },
	    { 24, 8, false, 0, 60001, W } }, 0, -1, { .timed_out = 1 } },
	{ "timed out, then whole", 4,
	  { { 0, 16, true, 0, 1, W }, { 0, 16, true, 0, 60001, W },
	    { 16, 8, false, 0, 60002, C } }, 24, -1, { .timed_out = 1, .completed = 1 } },

	/* Duplicates */
	{ "every frame twice, interleaved", 4,
	  { { 0, 16, true, 0, 1, W }, { 0, 16, true, 0, 1, D }, { 16, 8, true, 0, 2, W },
	    { 16, 8, true, 0, 2, D }, { 24, 5, false, 0, 3, C }, { 24, 5, false, 0, 3, D } },
	  29, -1, { .completed = 1, .duplicates = 2, .late_duplicates = 1 } },
	{ "every frame twice, one set after the other", 6,
	  { { 0, 16, true, 0, 1, W }, { 16, 8, true, 0, 1, W }, { 24, 5, false, 0, 1, C },
	    { 0, 16, true, 0, 2, D }, { 16, 8, true, 0, 2, D }, { 24, 5, false, 0, 2, D } },
	  29, -1, { .completed = 1, .late_duplicates = 3 } },
	{ "identification in use again at once", 4,
	  { { 0, 16, true, 1, 1, W }, { 16, 8, false, 1, 2, C }, { 0, 16, true, 0, 3, W },
	    { 16, 8, false, 0, 4, C } }, 24, -1, { .completed = 2 } },
	{ "with the same octets, a second later", 4,
	  { { 0, 16, true, 0, 1, W }, { 16, 8, false, 0, 2, C }, { 0, 16, true, 0, 1002, W },
	    { 16, 8, false, 0, 1003, C } }, 24, -1, { .completed = 2 } },

	/* Overlaps, IPv4: what came first stays */
	{ "the same octets, other bounds", 4,
	  { { 0, 24, true, 0, 1, W }, { 16, 16, true, 0, 2, W }, { 32, 8, false, 0, 3, C } },
	  40, ANOMALY_OVERLAPPING_FRAGMENTS, { .completed = 1, .overlaps = 1 } },
	{ "other octets, same bounds", 4,
	  { { 0, 16, true, 0, 1, W }, { 0, 16, true, 9, 2, W }, { 16, 8, false, 0, 3, C } },
	  24, ANOMALY_OVERLAPPING_FRAGMENTS,
	  { .completed = 1, .overlaps = 1, .conflicts = 1 } },
	{ "two fragments again as one", 4,
	  { { 0, 8, true, 0, 1, W }, { 8, 8, true, 0, 2, W }, { 0, 16, true, 0, 3, W },
	    { 16, 8, false, 0, 4, C } },
	  24, ANOMALY_OVERLAPPING_FRAGMENTS, { .completed = 1, .overlaps = 1 } },
	{ "across two fragments", 4,
	  { { 0, 16, true, 0, 1, W }, { 16, 8, true, 0, 2, W }, { 8, 16, true, 0, 3, W },
	    { 24, 8, false, 0, 4, C } },
	  32, ANOMALY_OVERLAPPING_FRAGMENTS, { .completed = 1, .overlaps = 1 } },
	{ "a fragment again as the last", 4,
	  { { 8, 8, true, 0, 1, W }, { 8, 8, false, 0, 2, W }, { 0, 8, true, 0, 3, C } },
	  16, ANOMALY_OVERLAPPING_FRAGMENTS, { .completed = 1, .overlaps = 1 } },
	{ "one fragment again in part", 4,
	  { { 0, 16, true, 0, 1, W }, { 0, 8, true, 0, 2, W }, { 8, 8, true, 0, 3, W },
	    { 16, 8, false, 0, 4, C } },
	  24, ANOMALY_OVERLAPPING_FRAGMENTS, { .completed = 1, .overlaps = 2 } },
	{ "the last is inside", 4,
	  { { 0, 16, true, 0, 1, W }, { 8, 8, false, 0, 2, C } },
	  16, ANOMALY_OVERLAPPING_FRAGMENTS, { .completed = 1, .overlaps = 1 } },
	{ "teardrop", 4,
	  { { 0, 36, true, 0, 1, W }, { 24, 4, false, 0, 2, X } },
	  0, ANOMALY_OVERLAPPING_FRAGMENTS,
	  { .dropped = { [REASSEMBLY_MISFIT] = 1 }, .overlaps = 1, .conflicts = 1 } },
	{ "two different ends", 4,
	  { { 16, 8, false, 0, 1, W }, { 24, 8, false, 0, 2, X }, { 16, 16, true, 0, 3, X },
	    { 0, 16, true, 0, 4, C } },
	  24, ANOMALY_OVERLAPPING_FRAGMENTS,
	  { .dropped = { [REASSEMBLY_MISFIT] = 2 }, .completed = 1, .overlaps = 2,
	    .conflicts = 2 } },

	/* Overlaps, IPv6: the datagram is given up until its time is over */
	{ "one octet too many", 6,
	  { { 0, 24, true, 0, 1, W }, { 16, 16, true, 0, 2, X }, { 32, 8, false, 0, 3, X },
	    { 0, 24, true, 0, 59000, X } },
	  0, ANOMALY_OVERLAPPING_FRAGMENTS,
	  { .dropped = { [REASSEMBLY_OVERLAP] = 1, [REASSEMBLY_GIVEN_UP] = 2 },
	    .overlaps = 1, .given_up = 1 } },
	{ "other octets, IPv6", 6,
	  { { 0, 16, true, 0, 1, W }, { 0, 16, true, 9, 2, X }, { 0, 16, true, 0, 60001, W },
	    { 16, 8, false, 0, 60002, C } },
	  24, -1,
	  { .dropped = { [REASSEMBLY_OVERLAP] = 1 }, .overlaps = 1, .conflicts = 1,
	    .given_up = 1, .completed = 1 } },
	{ "a second end, IPv6", 6,
	  { { 16, 8, false, 0, 1, W }, { 24, 8, false, 0, 2, X } },
	  0, ANOMALY_OVERLAPPING_FRAGMENTS,
	  { .dropped = { [REASSEMBLY_OVERLAP] = 1 }, .overlaps = 1, .conflicts = 1,
	    .given_up = 1 } },

	/* Lengths */
	{ "ping of death", 4,
	  { { 0, 1480, true, 0, 1, W }, { 65120, 1480, false, 0, 2, X } },
	  0, ANOMALY_OVERSIZED_DATAGRAM, { .dropped = { [REASSEMBLY_OVERSIZED] = 1 } } },
	{ "one octet too long with its header", 4,
	  { { 65512, 4, false, 0, 1, X } },
	  0, ANOMALY_OVERSIZED_DATAGRAM, { .dropped = { [REASSEMBLY_OVERSIZED] = 1 } } },
	{ "one octet too long, IPv6", 6,
	  { { 65528, 8, false, 0, 1, X } },
	  0, ANOMALY_OVERSIZED_DATAGRAM, { .dropped = { [REASSEMBLY_OVERSIZED] = 1 } } },
	{ "longer than anything", 4,
	  { { 8, ALL, false, 0, 1, X } },
	  0, ANOMALY_OVERSIZED_DATAGRAM, { .dropped = { [REASSEMBLY_OVERSIZED] = 1 } } },
	{ "empty", 4,
	  { { 0, 0, true, 0, 1, X }, { 8, 0, false, 0, 2, X }, { 0, 7, true, 0, 3, P } },
	  0, -1, { .dropped = { [REASSEMBLY_BAD_LENGTH] = 3 } } },
	{ "no multiple of eight, IPv4: the rest is left out", 4,
	  { { 0, 20, true, 0, 1, W }, { 16, 8, false, 0, 2, C } },
	  24, -1, { .completed = 1 } },
	{ "no multiple of eight, IPv6", 6,
	  { { 0, 20, true, 0, 1, P } },
	  0, -1, { .dropped = { [REASSEMBLY_BAD_LENGTH] = 1 } } },
	{ "all in one", 6,
	  { { 0, 20, false, 0, 1, C } }, 20, -1, { .completed = 1 } },
};
/* clang-format on */

static void
run_script(const struct script *script)
{
	struct reassembly_counts counts = script->counts;
	uint32_t completed = 0;
	size_t i;

	begin(script->version, 16, 0);
	for (i = 0; i < LENGTH_OF(script->steps) && script->steps[i].time_ms > 0; i++) {
		const struct step *step = &script->steps[i];

		if (give(step, step->length) != step->verdict)
			fail_msg("%s: step %zu", script->name, i + 1);
		counts.fragments++;
		if (step->verdict == C)
			completed = datagram.payload.claimed;
		if (step->verdict == C && step->twist == 0)
			assert_datagram(completed, completed);
	}
	if (completed != script->total)
		fail_msg("%s: total %u", script->name, completed);
	if (script->anomaly < 0 && anomalies_any(&datagram.anomalies))
		fail_msg("%s: anomaly", script->name);
	if (script->anomaly >= 0 &&
	    !anomalies_has(&datagram.anomalies, (enum anomaly)script->anomaly))
		fail_msg("%s: no anomaly", script->name);
	if (memcmp(&counts, &reassembly.counts, sizeof(counts)) != 0)
		fail_msg("%s: counts", script->name);
	reassembly_expire(&reassembly, 1000 * SECOND);
	assert_int_equal(reassembly.pool.used, 0);
	reassembly_free(&reassembly);
}

static void
test_scripts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(scripts); i++)
		run_script(&scripts[i]);
}

/* What a second fragment is to the first: 16 octets that are not the last, at 8. */
struct overlap_case {
	struct step second;
	enum overlap overlap;
};

static const struct overlap_case overlap_cases[] = {
	{ { 24, 8, true, 9, 2, W }, OVERLAP_NONE },
	{ { 8, 16, true, 0, 2, D }, OVERLAP_DUPLICATE },
	{ { 8, 8, true, 0, 2, W }, OVERLAP_SAME },
	{ { 0, 24, true, 0, 2, W }, OVERLAP_SAME },
	{ { 8, 16, true, 9, 2, W }, OVERLAP_REPLACED },
	{ { 8, 8, true, 9, 2, W }, OVERLAP_CONFLICT },
	{ { 16, 16, true, 9, 2, W }, OVERLAP_CONFLICT },
	{ { 8, 8, false, 0, 2, X }, OVERLAP_MISFIT },
};

static void
test_overlaps(void **state)
{
	const struct step first = { 8, 16, true, 0, 1, W };
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(overlap_cases); i++) {
		const struct overlap_case *row = &overlap_cases[i];

		begin(4, 16, 0);
		frame.when_ns = 70;
		assert_int_equal(give(&first, first.length), W);
		assert_int_equal(datagram.verdict, W);
		assert_int_equal(datagram.overlap, OVERLAP_NONE);
		assert_true(datagram.is_begun);
		frame.when_ns = 80;
		if (give(&row->second, row->second.length) != row->second.verdict ||
		    datagram.overlap != row->overlap)
			fail_msg("case %zu: %d", i, (int)datagram.overlap);
		assert_false(datagram.is_begun);
		assert_int_equal(datagram.begun_ns, 70);
		reassembly_free(&reassembly);
	}
}

/* Every order of five fragments across blocks gives the same datagram. */
static void
test_any_order(void **state)
{
	static const uint32_t edges[] = { 0, 1480, 2048, 2056, 4440, 4503 };
	uint32_t code, digits, place, used, given;

	(void)state;
	begin(4, 4, 0);
	for (code = 0; code < 3125; code++) {
		for (digits = code, used = 0, place = 0; place < 5; place++, digits /= 5)
			used |= 1U << digits % 5;
		if (used != 31)
			continue;
		packet.ip.id = code;
		for (digits = code, given = 1; given <= 5; given++, digits /= 5) {
			uint32_t n = digits % 5;
			struct step step = { edges[n], edges[n + 1] - edges[n], n < 4, 0, 1, 0 };

			packet.ip.ttl = (uint8_t)(60 + n);
			packet.ip.protocol = IP_PROTO_ICMP;
			assert_int_equal(give(&step, ALL), given == 5 ? C : W);
		}
		assert_datagram(4503, 4503);
		assert_int_equal(datagram.ttl, 60);
		assert_int_equal(datagram.frame_count, 5);
		assert_true(datagram.frames[0] == frame.number - 4);
		assert_true(datagram.frames[4] == frame.number);
	}
	assert_int_equal(reassembly.counts.completed, 120);
	assert_int_equal(reassembly.counts.evicted, 0);
	reassembly_free(&reassembly);
}

/* The longest datagram in the smallest fragments, from the end to the start. */
static void
test_tiny_fragments(void **state)
{
	uint32_t unit;

	(void)state;
	begin(6, 4, 0);
	for (unit = 8192; unit-- > 0;) {
		struct step step = { unit * 8, unit == 8191 ? 7 : 8, unit < 8191, 0, 1, 0 };

		assert_int_equal(give(&step, ALL), unit == 0 ? C : W);
	}
	assert_datagram(65535, 65535);
	assert_int_equal(datagram.frame_count, 8192);
	for (unit = 0; unit < 8192; unit++)
		assert_int_equal(datagram.frames[unit], unit + 1);
	assert_int_equal(reassembly.pool.used, 64);
	assert_int_equal(reassembly.pool.capacity, 64); /* the least there is */
	reassembly_free(&reassembly);
}

/* A pool that one datagram fills: overlaps of it find their way, another ends it. */
static void
test_full_pool(void **state)
{
	static const struct step whole = { 0, 65512, true, 9, 1, 0 };
	static const struct step first = { 0, 1480, true, 0, 1, 0 };
	uint32_t unit;

	(void)state;
	begin(4, 4, 0);
	for (unit = 0; unit < 8188; unit++) {
		struct step step = { unit * 8, 8, true, 0, 1, 0 };

		assert_int_equal(give(&step, ALL), W);
	}
	assert_int_equal(reassembly.pool.used, 64);
	assert_int_equal(give(&whole, ALL), W);
	assert_int_equal(reassembly.counts.conflicts, 1);
	assert_int_equal(reassembly.counts.evicted, 0);
	packet.ip.id++;
	assert_int_equal(give(&first, ALL), W);
	assert_int_equal(reassembly.counts.evicted, 1);
	assert_int_equal(reassembly.pool.used, 1);
	reassembly_free(&reassembly);
}

/* Complete datagrams give their blocks up before incomplete ones do. */
static void
test_complete_datagrams_give_way(void **state)
{
	static const struct step first = { 0, 16, true, 0, 1, 0 };
	static const struct step rest = { 16, 8, false, 0, 1, 0 };
	static const struct step large = { 0, 65512, false, 0, 1, 0 };
	uint32_t id;

	(void)state;
	begin(4, 100, 0);
	assert_int_equal(give(&first, ALL), W);
	for (id = 100; id < 105; id++) {
		packet.ip.id = id;
		assert_int_equal(give(&large, ALL), C);
	}
	assert_int_equal(reassembly.counts.evicted, 0);
	packet.ip.id = 77;
	assert_int_equal(give(&rest, ALL), C);
	assert_datagram(24, 24);
	reassembly_free(&reassembly);
}

/* First fragments only, each of another datagram: memory stays what it was. */
static void
test_never_completed(void **state)
{
	static const struct {
		uint32_t datagrams, memory_size, kept;
	} cases[] = { { 4096, 16 << 20, 4096 }, { 4096, 1 << 20, 487 } };
	static const struct step first = { 0, 1480, true, 0, 1, 0 };
	static const struct step rest = { 1480, 8, false, 0, 1, 0 };
	uint32_t id;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(cases); i++) {
		begin(4, cases[i].datagrams, cases[i].memory_size);
		assert_true(reassembly_memory(&reassembly) < cases[i].memory_size + (7 << 20));
		for (id = 0; id < 100000; id++) {
			packet.ip.id = id;
			assert_int_equal(give(&first, 64), W);
		}
		assert_int_equal(reassembly.waiting.count, cases[i].kept);
		assert_int_equal(reassembly.pool.used, cases[i].kept);
		assert_int_equal(reassembly.pool.peak, cases[i].kept);
		assert_int_equal(reassembly.counts.evicted, 100000 - cases[i].kept);
		packet.ip.id = 100000 - cases[i].kept; /* the oldest that is left */
		assert_int_equal(give(&rest, 64), C);
		packet.ip.id = 99999 - cases[i].kept; /* the one before is not */
		assert_int_equal(give(&rest, 64), W);
		reassembly_free(&reassembly);
	}
}

/* The oldest datagram goes on while the others fill the pool. */
static void
test_oldest_keeps_its_own_blocks(void **state)
{
	static const struct step other = { 0, 1480, true, 0, 1, W };
	uint32_t id, unit;

	(void)state;
	begin(4, 100, 0);
	for (unit = 0; unit < 16; unit++) {
		struct step step = { unit * 8, 8, true, 0, 1, W };

		assert_int_equal(give(&step, ALL), W);
	}
	for (id = 100; id < 163; id++) {
		packet.ip.id = id;
		assert_int_equal(give(&other, ALL), W);
	}
	assert_int_equal(reassembly.pool.used, 64);
	assert_int_equal(reassembly.counts.evicted, 0);
	packet.ip.id = 77;
	for (; unit < 19; unit++) { /* the 17th frame takes a block */
		struct step step = { unit * 8, 8, unit < 18, 0, 1, W };

		assert_int_equal(give(&step, ALL), unit < 18 ? W : C);
	}
	assert_int_equal(reassembly.counts.evicted, 1);
	assert_datagram(152, 152);
	assert_int_equal(datagram.frame_count, 19);
	assert_true(datagram.frames[18] == frame.number);
	reassembly_free(&reassembly);
}

/* Nothing of a block's earlier use shows. */
static void
test_blocks_are_used_again(void **state)
{
	static const struct step long_before = { 0, 16, true, 1, 1, W };
	static const struct step now = { 0, 16, true, 0, 70000, W };
	uint32_t unit;

	(void)state;
	begin(4, 16, 0);
	for (unit = 0; unit < 4; unit++) {
		struct step step = { unit * 8, 8, true, 1, 1, W };

		assert_int_equal(give(&step, ALL), W);
	}
	packet.ip.id++;
	assert_int_equal(give(&long_before, ALL), W);
	assert_int_equal(reassembly.pool.fresh, 2);
	assert_int_equal(give(&now, 0), W);
	packet.ip.id++;
	assert_int_equal(give(&now, 0), W);
	assert_int_equal(give(&now, ALL), D);
	packet.ip.id--;
	assert_int_equal(give(&now, ALL), D);
	assert_int_equal(reassembly.pool.fresh, 2);
	assert_int_equal(reassembly.counts.timed_out, 2);
	reassembly_free(&reassembly);
}

/* A done datagram whose identification is in use again is there once. */
static void
test_done_datagrams_are_replaced(void **state)
{
	struct step all = { 0, 16, false, 0, 1, C };

	(void)state;
	begin(6, 16, 0);
	for (all.twist = 0; all.twist < 10; all.twist++)
		assert_int_equal(give(&all, ALL), C);
	assert_int_equal(reassembly.done.count, 1);
	assert_int_equal(reassembly.pool.used, 1);
	reassembly_free(&reassembly);
}

/* A fragment that brings only the end is one that the datagram is made of. */
static void
test_frame_of_the_end(void **state)
{
	static const struct step first = { 0, 16, true, 0, 1, W };
	static const struct step inside = { 0, 8, true, 0, 1, W };
	static const struct step end = { 8, 8, false, 0, 1, C };

	(void)state;
	begin(4, 16, 0);
	assert_int_equal(give(&first, ALL), W);
	assert_int_equal(give(&inside, ALL), W);
	assert_int_equal(give(&end, ALL), C);
	assert_int_equal(datagram.frame_count, 2);
	assert_int_equal(datagram.frames[0], 1);
	assert_int_equal(datagram.frames[1], 3);
	reassembly_free(&reassembly);
}

static void
test_captured_short(void **state)
{
	static const struct {
		uint32_t captured[3], expected; /* of 1480, 1480 and 100 octets */
	} cases[] = {
		{ { 1480, 1480, 100 }, 3060 },
		{ { 1480, 1480, 99 }, 3059 },
		{ { 1480, 1480, 0 }, 2960 },
		{ { 1480, 61, 100 }, 1541 },
		{ { 61, 61, 61 }, 61 },
		{ { 64, 1480, 100 }, 64 },
		{ { 0, 0, 0 }, 0 },
	};
	static const struct step steps[] = {
		{ 0, 1480, true, 0, 1, W },
		{ 1480, 1480, true, 0, 1, W },
		{ 2960, 100, false, 0, 1, C },
	};
	size_t i, n;

	(void)state;
	begin(6, 16, 0);
	for (i = 0; i < LENGTH_OF(cases); i++) {
		packet.ip.id++;
		for (n = 0; n < 3; n++)
			assert_int_equal(give(&steps[n], cases[i].captured[n]), steps[n].verdict);
		assert_datagram(3060, cases[i].expected);
		for (n = 0; n < 3; n++) /* what was not captured differs from nothing */
			assert_int_equal(give(&steps[n], 32), D);
		packet.ip.id++;
		for (n = 3; n-- > 0;)
			assert_int_equal(give(&steps[n], cases[i].captured[n]), n == 0 ? C : W);
		assert_datagram(3060, cases[i].expected);
	}
	assert_int_equal(reassembly.counts.late_duplicates, 3 * LENGTH_OF(cases));
	reassembly_free(&reassembly);
}

/* Each part of the key alone makes another datagram. */
static void
test_keys(void **state)
{
	static const struct step first = { 0, 8, true, 0, 1, W };
	static const struct step last = { 8, 8, false, 0, 1, C };
	uint32_t datagrams = 1;

	(void)state;
	begin(4, 16, 0);
	assert_int_equal(give(&first, ALL), W);
	packet.ip.source.bytes[3]++;
	assert_int_equal(give(&last, ALL), W);
	packet.ip.destination.bytes[3]++;
	assert_int_equal(give(&last, ALL), W);
	packet.ip.id++;
	assert_int_equal(give(&last, ALL), W);
	packet.ip.protocol++;
	assert_int_equal(give(&last, ALL), W);
	datagrams += 4;
	assert_int_equal(reassembly.waiting.count, datagrams);
	assert_int_equal(give(&first, ALL), C);
	reassembly_free(&reassembly);
}

/* RFC 8200 4.5: only the first fragment's Next Header counts. */
static void
test_first_header_wins(void **state)
{
	static const struct step first = { 0, 8, true, 0, 1, W };
	static const struct step other = { 0, 8, true, 9, 1, W };
	static const struct step last = { 8, 8, false, 0, 1, C };

	(void)state;
	begin(6, 16, 0);
	packet.ip.protocol = IP_PROTO_DESTINATION;
	packet.ip.ttl = 9;
	anomalies_add(&packet.anomalies, ANOMALY_BAD_IP_LENGTH);
	assert_int_equal(give(&first, ALL), W);
	packet.ip.protocol = IP_PROTO_TCP;
	packet.ip.ttl = 8;
	memset(&packet.anomalies, 0, sizeof(packet.anomalies));
	assert_int_equal(give(&last, ALL), C);
	assert_int_equal(datagram.protocol, IP_PROTO_DESTINATION);
	assert_int_equal(datagram.ttl, 9);
	assert_true(anomalies_has(&datagram.anomalies, ANOMALY_BAD_IP_LENGTH));
	packet.ip.version = 4;
	packet.ip.ttl = 7;
	assert_int_equal(give(&first, ALL), W);
	packet.ip.ttl = 6;
	assert_int_equal(give(&other, ALL), W);
	assert_int_equal(give(&last, ALL), C);
	assert_int_equal(datagram.ttl, 7);
	reassembly_free(&reassembly);
}

/* A fragment inside the datagram handed out last: its octets are not lost. */
static void
test_fragments_in_fragments(void **state)
{
	static const struct step outer = { 0, 24, false, 0, 1, C };
	struct cursor payload;

	(void)state;
	begin(4, 16, 0);
	assert_int_equal(give(&outer, ALL), C);
	payload = datagram.payload;
	packet.ip.id++;
	packet.ip.more_fragments = true;
	packet.payload = cursor_cut(&payload, 16);
	assert_int_equal(reassembly_add(&reassembly, &packet, MS, &datagram), W);
	packet.ip.more_fragments = false;
	packet.ip.fragment_offset = 16;
	packet.payload = payload;
	assert_int_equal(reassembly_add(&reassembly, &packet, MS, &datagram), C);
	assert_datagram(24, 24);
	reassembly_free(&reassembly);
}

/* The model: one octet map per datagram, no blocks, no units. */
static void
test_random_fragments_against_a_model(void **state)
{
	static uint8_t came[6000];
	uint64_t random = 1;
	uint32_t run, total, i;

	(void)state;
	begin(4, 4, 0);
	for (run = 0; run < 300; run++) {
		bool has_end = false;
		uint32_t missing;

		random = hash_derive(random, run);
		total = 8 + (uint32_t)(random % 5900);
		missing = total;
		memset(came, 0, sizeof(came));
		packet.ip.id = run;
		while (missing > 0 || !has_end) {
			struct step step = { 0, 0, false, 0, 1, W };
			int verdict;

			random = hash_derive(random, missing);
			step.offset = (uint32_t)(random % total) & ~7U;
			step.length = 8 + ((uint32_t)(random >> 20) % 1480 & ~7U);
			step.more = step.offset + step.length < total;
			if (!step.more)
				step.length = total - step.offset;
			has_end |= !step.more;
			for (i = step.offset; i < step.offset + step.length; i++) {
				missing -= came[i] == 0;
				came[i] = 1;
			}
			verdict = give(&step, ALL);
			if (missing == 0 && has_end)
				assert_int_equal(verdict, C);
			else
				assert_true(verdict == W || verdict == D);
		}
		assert_datagram(total, total);
	}
	assert_int_equal(reassembly.counts.completed, 300);
	assert_int_equal(reassembly.counts.conflicts, 0);
	assert_true(reassembly.counts.overlaps > 300);
	reassembly_free(&reassembly);
}

/* What was handed out of datagrams that are not whole. */
static struct {
	unsigned count;
	uint32_t captured, claimed, frame_count;
	uint64_t frame, begun_ns;
	struct anomalies anomalies;
	bool is_right; /* all octets as they were sent */
} told;

static void
note_beginning(void *owner, const struct packet_head *head, const struct datagram *beginning)
{
	uint32_t i;

	assert_ptr_equal(owner, &told);
	told.count++;
	told.captured = beginning->payload.captured;
	told.claimed = beginning->payload.claimed;
	told.frame_count = beginning->frame_count;
	told.frame = head->frame.number;
	told.begun_ns = beginning->begun_ns;
	told.anomalies = beginning->anomalies;
	told.is_right = true;
	for (i = 0; i < told.captured; i++)
		told.is_right &= beginning->payload.next[i] == octet_at(i);
	assert_int_equal(head->ip.id, 77);
	assert_int_equal(beginning->protocol, head->ip.protocol);
}

/* Datagrams that never become whole, and what is told of them in the end. */
struct beginning {
	const char *name;
	uint8_t version;
	struct step steps[5];
	unsigned count;                        /* beginnings told */
	uint32_t captured, claimed, frame, frame_count;
	int anomaly;                           /* or -1 */
};

/* clang-format off */
static const struct beginning beginnings[] = {
	{ "whole", 4, { { 0, 16, true, 0, 1, W }, { 16, 5, false, 0, 2, C } }, 0, 0, 0, 0, 0, -1 },
	{ "first alone", 4, { { 0, 1480, true, 0, 1, W } }, 1, 1480, 1481, 1, 1, -1 },
	{ "no first", 4, { { 16, 16, true, 0, 1, W }, { 32, 5, false, 0, 2, W } },
	  0, 0, 0, 0, 0, -1 },
	{ "a hole", 4, { { 0, 16, true, 0, 1, W }, { 32, 5, false, 0, 2, W } },
	  1, 16, 37, 1, 2, -1 },
	{ "the end is missing", 6, { { 16, 16, true, 0, 1, W }, { 0, 16, true, 0, 2, W } },
	  1, 32, 33, 2, 2, -1 },
	{ "over several blocks", 4, { { 0, 4096, true, 0, 1, W }, { 4096, 8, true, 0, 2, W } },
	  1, 4104, 4105, 1, 2, -1 },
	{ "given up, IPv6", 6, { { 0, 24, true, 0, 1, W }, { 16, 16, true, 0, 2, X },
	  { 0, 24, true, 0, 3, X } }, 1, 24, 25, 1, 1, ANOMALY_OVERLAPPING_FRAGMENTS },
	{ "given up before the first, IPv6", 6, { { 16, 16, true, 0, 1, W },
	  { 24, 16, true, 0, 2, X }, { 0, 16, true, 0, 3, P }, { 0, 16, true, 0, 4, X } },
	  0, 0, 0, 0, 0, -1 },
	{ "too long", 4, { { 0, 1480, true, 0, 1, W }, { 65120, 1480, false, 0, 2, X } },
	  1, 1480, 1481, 1, 1, ANOMALY_OVERSIZED_DATAGRAM },
	{ "begun anew, IPv6", 6, { { 0, 16, true, 0, 1, W }, { 16, 8, false, 0, 60001, W } },
	  1, 16, 17, 1, 1, -1 },
};
/* clang-format on */

static void
run_beginning(const struct beginning *b, bool at_end)
{
	size_t i;

	begin(b->version, 16, 0);
	reassembly.config.abandon = note_beginning;
	reassembly.config.owner = &told;
	memset(&told, 0, sizeof(told));
	for (i = 0; i < LENGTH_OF(b->steps) && b->steps[i].time_ms > 0; i++)
		if (give(&b->steps[i], ALL) != b->steps[i].verdict)
			fail_msg("%s: step %zu", b->name, i + 1);
	if (at_end)
		reassembly_finish(&reassembly);
	reassembly_expire(&reassembly, 1000 * SECOND);
	if (told.count != b->count)
		fail_msg("%s: told %u times", b->name, told.count);
	if (told.captured != b->captured || told.claimed != b->claimed)
		fail_msg("%s: %u of %u octets", b->name, told.captured, told.claimed);
	if (told.count > 0 && !told.is_right)
		fail_msg("%s: other octets", b->name);
	assert_int_equal(told.frame, b->frame);
	assert_int_equal(told.frame_count, b->frame_count);
	if (b->anomaly >= 0)
		assert_true(anomalies_has(&told.anomalies, (enum anomaly)b->anomaly));
	else
		assert_false(anomalies_any(&told.anomalies));
	assert_int_equal(reassembly.pool.used, 0);
	reassembly_free(&reassembly);
}

static void
test_beginnings(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(beginnings); i++) {
		run_beginning(&beginnings[i], false);
		run_beginning(&beginnings[i], true);
	}
}

/* The oldest gives way when memory is short, and is told of first. */
static void
test_evicted_beginnings(void **state)
{
	static const struct step first = { 0, 16, true, 0, 1, W };

	(void)state;
	begin(4, 1, 0);
	reassembly.config.abandon = note_beginning;
	reassembly.config.owner = &told;
	memset(&told, 0, sizeof(told));
	assert_int_equal(give(&first, 12), W);
	assert_int_equal(told.count, 0);
	packet.ip.id = 78;
	assert_int_equal(give(&first, ALL), W);
	assert_int_equal(told.count, 1);
	assert_int_equal(told.captured, 12); /* the snap length */
	assert_int_equal(told.claimed, 17);
	assert_int_equal(told.frame, 1);
	assert_true(told.is_right);
	reassembly_free(&reassembly);
}

/* Later fragments of UDP join a datagram that was begun, and begin none. */
static void
test_unclaimed(void **state)
{
	static const struct step first = { 0, 16, true, 0, 1, W };
	static const struct step later = { 16, 8, true, 0, 2, W };
	static const struct step last = { 24, 5, false, 0, 3, C };
	static const struct step oversized = { 65528, 16, true, 0, 3, X };

	(void)state;
	begin(4, 4, 0);
	packet.ip.protocol = IP_PROTO_UDP;
	packet.verdict = PACKET_LATER_FRAGMENT;
	assert_int_equal(give(&later, ALL), REASSEMBLY_UNCLAIMED);
	assert_int_equal(give(&oversized, ALL), REASSEMBLY_UNCLAIMED);
	assert_int_equal(reassembly.counts.fragments, 0);
	assert_int_equal(reassembly.waiting.count, 0);
	packet.verdict = PACKET_FRAGMENT;
	assert_int_equal(give(&first, ALL), W);
	packet.verdict = PACKET_LATER_FRAGMENT;
	packet.ip.id++;
	assert_int_equal(give(&later, ALL), REASSEMBLY_UNCLAIMED);
	packet.ip.id--;
	assert_int_equal(give(&later, ALL), W);
	assert_int_equal(give(&last, ALL), C);
	assert_datagram(29, 29);
	assert_int_equal(give(&last, ALL), D);
	assert_int_equal(reassembly.counts.fragments, 4);
	assert_int_equal(reassembly.counts.late_duplicates, 1);
	reassembly_free(&reassembly);
}

static void
test_loss_names(void **state)
{
	uint32_t loss;

	(void)state;
	for (loss = 0; loss < REASSEMBLY_LOSSES; loss++)
		assert_non_null(reassembly_loss_name((enum reassembly_loss)loss));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_tiny_fragments),
		cmocka_unit_test(test_full_pool),
		cmocka_unit_test(test_complete_datagrams_give_way),
		cmocka_unit_test(test_never_completed),
		cmocka_unit_test(test_oldest_keeps_its_own_blocks),
		cmocka_unit_test(test_blocks_are_used_again),
		cmocka_unit_test(test_done_datagrams_are_replaced),
		cmocka_unit_test(test_frame_of_the_end),
		cmocka_unit_test(test_captured_short),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_first_header_wins),
		cmocka_unit_test(test_fragments_in_fragments),
		cmocka_unit_test(test_random_fragments_against_a_model),
		cmocka_unit_test(test_beginnings),
		cmocka_unit_test(test_evicted_beginnings),
		cmocka_unit_test(test_unclaimed),
		cmocka_unit_test(test_loss_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
