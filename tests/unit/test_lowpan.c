/*
 * 802.15.4 and 6LoWPAN: every way to address, secure, compress and fragment,
 * and what the rebuilt header says; cut at every octet.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decoders/lowpan.h"
#include "tests/walk_cases.h"

#define NO_FCS 230

/* clang-format off */
/* From 2 to 1 in PAN abcd. */
#define ENDS "cdab" "0100" "0200"
#define FRAME "418801" ENDS

/* The same from 1:2:3:4:5:6:7:18 to 1:2:3:4:5:6:7:8. */
#define EXTENDED "41cc01" "cdab" "0807060504030201" "1807060504030201"

#define ECHO6 "8000000000070001"
#define ELIDED "7a333a" /* all of the header but the next one's number */

#define ID1 "000000fffe000001"
#define ID2 "000000fffe000002"

static const struct walk_case frames[] = {
	{ "uncompressed", NO_FCS, FRAME "41" PING6, PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "elided", NO_FCS, FRAME ELIDED ECHO6, PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "check sequence", 195, FRAME ELIDED ECHO6 "0000", PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "preamble", 215, "00000000a71a" FRAME ELIDED ECHO6 "0000", PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "tap", 283, "00000c00" "0000010001000000" FRAME ELIDED ECHO6 "0000", PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "tap, no check sequence", 283, "00001400" "0300040000000000" "0000010000000000" FRAME
	    ELIDED ECHO6, PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "tap, short", 283, "00000300" FRAME ELIDED ECHO6, PACKET_MALFORMED, "wpan" },
	{ "two pans", NO_FCS, "018801" "cdab0100" "34120200" ELIDED ECHO6, PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "no destination", NO_FCS, "018001" "cdab0200" "7a3b3a" "01" ECHO6, PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "reserved address", NO_FCS, "418401" ENDS, PACKET_MALFORMED, "wpan" },
	{ "beacon", NO_FCS, "0080" "01" "cdab0200", PACKET_OTHER, "wpan" },
	{ "later version", NO_FCS, "41b801" ENDS, PACKET_OTHER, "wpan" },
	{ "integrity code", NO_FCS, "499801" ENDS "0100000000" ELIDED ECHO6 "00000000",
	    PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "key identifier", NO_FCS, "499801" ENDS "0900000000" "01" ELIDED ECHO6 "00000000",
	    PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "encrypted", NO_FCS, "499801" ENDS "0500000000" ELIDED ECHO6 "00000000", PACKET_OPAQUE,
	    "wpan" },
	{ "secured in 2003", NO_FCS, "498801" ENDS ELIDED ECHO6, PACKET_OPAQUE, "wpan" },
	{ "2015", NO_FCS, "41a801" ENDS ELIDED ECHO6, PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "2015, no sequence", NO_FCS, "41a9" ENDS ELIDED ECHO6, PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "2015, no counter", NO_FCS, "49a801" ENDS "21" ELIDED ECHO6 "00000000", PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "2015, header elements", NO_FCS, "41aa01" ENDS "020f1234" "803f" ELIDED ECHO6,
	    PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "2015, payload elements", NO_FCS, "41aa01" ENDS "003f" "0188ff" "00f8" ELIDED ECHO6,
	    PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "2015, extended", NO_FCS, "01ec01" "cdab" "0807060504030201" "1807060504030201" ELIDED
	    ECHO6, PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "2015, extended, no pan", NO_FCS, "41ec01" "0807060504030201" "1807060504030201" ELIDED
	    ECHO6, PACKET_ICMP, "wpan 6lowpan ipv6" },
	{ "2015, no pan", NO_FCS, "41a001" "0200" "7a3b3a" "01" ECHO6, PACKET_ICMP,
	    "wpan 6lowpan ipv6" },
	{ "ethernet", 1, MACS "a0ed" ELIDED ECHO6, PACKET_ICMP, "ethernet 6lowpan ipv6" },

	{ "nothing", NO_FCS, FRAME, PACKET_MALFORMED, "wpan 6lowpan" },
	{ "not 6lowpan", NO_FCS, FRAME "3f", PACKET_OTHER, "wpan 6lowpan" },
	{ "unknown dispatch", NO_FCS, FRAME "43", PACKET_OPAQUE, "wpan 6lowpan" },
	{ "unknown next header", NO_FCS, FRAME "7e33" "df" ECHO6, PACKET_OPAQUE,
	    "wpan 6lowpan" },
	{ "unknown extension", NO_FCS, FRAME "7e33" "ea3a00" ECHO6, PACKET_OPAQUE,
	    "wpan 6lowpan" },
	{ "reserved destination", NO_FCS, FRAME "7a343a" ECHO6, PACKET_MALFORMED,
	    "wpan 6lowpan" },
	{ "reserved multicast", NO_FCS, FRAME "7a3d3a" "01" ECHO6, PACKET_MALFORMED,
	    "wpan 6lowpan" },
	{ "unknown routing", NO_FCS, FRAME "f1" "8020" ELIDED ECHO6, PACKET_OPAQUE,
	    "wpan 6lowpan" },
	{ "compressed udp", NO_FCS, FRAME "7e33" "f3" "12" "abcd" "00", PACKET_OTHER,
	    "wpan 6lowpan ipv6 udp" },
	{ "compressed udp of hc1", NO_FCS, FRAME "42fb40" "00", PACKET_OTHER, "wpan 6lowpan" },
	{ "in itself", NO_FCS, FRAME "7a332f" "0000a0ed" ELIDED ECHO6, PACKET_TOO_DEEP,
	    "wpan 6lowpan ipv6 gre 6lowpan" },
};

/* A frame, and the header that is rebuilt from it. */
struct lowpan_case {
	const char *name;
	const char *hex; /* of link type NO_FCS */
	const char *source, *destination;
	uint8_t hop_limit;
	uint32_t header_length;
};

#define LL1 "fe80::ff:fe00:1"
#define LL2 "fe80::ff:fe00:2"

static const struct lowpan_case headers[] = {
	{ "elided", FRAME ELIDED ECHO6, LL2, LL1, 64, 40 },
	{ "traffic and label", FRAME "6233" "b8012345" "3a" ECHO6, LL2, LL1, 64, 40 },
	{ "label", FRAME "6a33" "812345" "3a" ECHO6, LL2, LL1, 64, 40 },
	{ "traffic", FRAME "7233" "b8" "3a" ECHO6, LL2, LL1, 64, 40 },
	{ "hop limit", FRAME "7833" "3a" "11" ECHO6, LL2, LL1, 17, 40 },
	{ "hop limit 1", FRAME "79333a" ECHO6, LL2, LL1, 1, 40 },
	{ "hop limit 255", FRAME "7b333a" ECHO6, LL2, LL1, 255, 40 },
	{ "in line", FRAME "7a003a" ENDS6 ECHO6, "2001:db8::1", "2001:db8::2", 64, 40 },
	{ "identifiers", FRAME "7a113a" "0102030405060708" "1112131415161718" ECHO6,
	    "fe80::102:304:506:708", "fe80::1112:1314:1516:1718", 64, 40 },
	{ "short", FRAME "7a223a" "1234" "5678" ECHO6, "fe80::ff:fe00:1234",
	    "fe80::ff:fe00:5678", 64, 40 },
	{ "extended ends", EXTENDED ELIDED ECHO6, "fe80::302:304:506:718",
	    "fe80::302:304:506:708", 64, 40 },
	{ "unspecified", FRAME "7a433a" ECHO6, "::", LL1, 64, 40 },
	{ "context", FRAME "7a553a" "0102030405060708" "1112131415161718" ECHO6,
	    "::102:304:506:708", "::1112:1314:1516:1718", 64, 40 },
	{ "contexts", FRAME "7ae6" "01" "3a" "1234" "5678" ECHO6, "::ff:fe00:1234",
	    "::ff:fe00:5678", 64, 40 },
	{ "context, elided", FRAME "7a773a" ECHO6, "::ff:fe00:2", "::ff:fe00:1", 64, 40 },
	{ "multicast in line", FRAME "7a383a" "ff020000000000000000000000000002" ECHO6, LL2,
	    "ff02::2", 64, 40 },
	{ "multicast 48", FRAME "7a393a" "051122334455" ECHO6, LL2, "ff05::11:2233:4455", 64, 40 },
	{ "multicast 32", FRAME "7a3a3a" "08112233" ECHO6, LL2, "ff08::11:2233", 64, 40 },
	{ "multicast 8", FRAME "7a3b3a" "1a" ECHO6, LL2, "ff02::1a", 64, 40 },
	{ "multicast of a context", FRAME "7a3c3a" "300011223344" ECHO6, LL2,
	    "ff30::1122:3344", 64, 40 },

	{ "hop-by-hop", FRAME "7e33" "e03a04" "05020000" ECHO6, LL2, LL1, 64, 48 },
	{ "chain", FRAME "7e33" "e104" "05020000" "e63a02" "0100" ECHO6, LL2, LL1, 64, 56 },
	{ "long extension", FRAME "7e33" "e63a0f" "010d" "00000000000000000000000000" ECHO6, LL2,
	    LL1, 64, 64 },
	{ "routing", FRAME "7e33" "e23a16" "0001" "00000000" "20010db8000000000000000000000002"
	    ECHO6, LL2, LL1, 64, 64 },
	{ "whole in a fragment", FRAME "7e33" "e43a00" "000000000007" ECHO6, LL2, LL1, 64, 48 },
	{ "nested", FRAME "7e11" ID2 "1112131415161718" "ee" ELIDED ECHO6, LL2,
	    "fe80::1112:1314:1516:1718", 64, 40 },
	{ "nested, inner", FRAME "7e33" "ee" "7a113a" ID1 ID2 ECHO6, LL1, LL2, 64, 40 },

	{ "hc1", FRAME "42fc40" ECHO6, "fe80::a9cd:ff:fe00:2", "fe80::a9cd:ff:fe00:1", 64, 40 },
	{ "hc1, extended", EXTENDED "42fc40" ECHO6, "fe80::302:304:506:718",
	    "fe80::302:304:506:708", 64, 40 },
	{ "hc1, in line", FRAME "420040" ENDS6 "b8123453a0" ECHO6, "2001:db8::1", "2001:db8::2",
	    64, 40 },
	{ "hc1, next header", FRAME "42f820" "3a" ECHO6, "fe80::a9cd:ff:fe00:2",
	    "fe80::a9cd:ff:fe00:1", 32, 40 },

	{ "mesh", FRAME "b1" "0005" "0006" ELIDED ECHO6, "fe80::ff:fe00:5", "fe80::ff:fe00:6", 64,
	    40 },
	{ "mesh, far", FRAME "bf10" "0005" "0006" ELIDED ECHO6, "fe80::ff:fe00:5",
	    "fe80::ff:fe00:6", 64, 40 },
	{ "mesh, extended", FRAME "81" "0102030405060708" "1102030405060708" ELIDED ECHO6,
	    "fe80::302:304:506:708", "fe80::1302:304:506:708", 64, 40 },
	{ "mesh, broadcast", FRAME "b1" "0005" "ffff" "5007" ELIDED ECHO6, "fe80::ff:fe00:5",
	    "fe80::ff:fe00:ffff", 64, 40 },
	{ "routing information", FRAME "f1" "830509" ELIDED ECHO6, LL2, LL1, 64, 40 },
	{ "routing information, projected", FRAME "f1" "810809" ELIDED ECHO6, LL2, LL1, 64, 40 },
	{ "routing information, long", FRAME "f1" "8005010203" ELIDED ECHO6, LL2, LL1, 64, 40 },
	{ "source route and tunnel", FRAME "f1" "81000a0b" "8203" "000102030405060700010203"
	    "040506070001020304050607" "a20640ff" ELIDED ECHO6, LL2, LL1, 64, 40 },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Walks an exactly sized copy; `out->payload` is not valid behind it. */
static void
walk_copy(const uint8_t *bytes, uint32_t captured, uint32_t length, struct packet *out)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct frame frame = { copy, captured, length, NO_FCS, 0, 0, 1, 1 };

	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	memset(out, 0xff, sizeof *out);
	packet_walk(&frame, out);
	free(copy);
}

static void
assert_addr(const char *name, const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT_SIZE];

	addr_text(addr, text);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s instead of %s", name, text, expected);
}

static void
ends_where_it_should(void **state)
{
	(void)state;
	walk_check_ends(frames, COUNT(frames));
}

static void
rebuilds_headers(void **state)
{
	static struct packet p;
	uint8_t bytes[WALK_FRAME_MAX];
	uint32_t len;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(headers); i++) {
		const struct lowpan_case *t = &headers[i];

		len = walk_bytes(t->hex, bytes);
		walk_copy(bytes, len, len, &p);
		if (p.verdict != PACKET_ICMP)
			fail_msg("%s: %s", t->name, packet_verdict_name(p.verdict));
		assert_addr(t->name, &p.ip.source, t->source);
		assert_addr(t->name, &p.ip.destination, t->destination);
		assert_int_equal(p.ip.ttl, t->hop_limit);
		if (p.ip.header_length != t->header_length)
			fail_msg("%s: a header of %u", t->name, p.ip.header_length);
		assert_int_equal(p.ip.length, t->header_length + 8);
		assert_int_equal(p.payload.claimed, 8);
		assert_int_equal(p.payload.captured, 8);
		assert_false(p.ip.length_bad);
	}
}

/* What the capture cut is TRUNCATED; behind the headers the addresses stay. */
static void
survives_every_cut(void **state)
{
	static struct packet p;
	uint8_t bytes[WALK_FRAME_MAX];
	uint32_t len, cut;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(headers); i++) {
		const struct lowpan_case *t = &headers[i];

		len = walk_bytes(t->hex, bytes);
		for (cut = 0; cut < len; cut++) {
			walk_copy(bytes, cut, len, &p);
			if (p.verdict != (cut < len - 8 ? PACKET_TRUNCATED : PACKET_ICMP))
				fail_msg("%s, %u octets captured: %s", t->name, cut,
				    packet_verdict_name(p.verdict));
			if (p.verdict == PACKET_ICMP) {
				assert_addr(t->name, &p.ip.source, t->source);
				assert_int_equal(p.payload.claimed, 8);
				assert_int_equal(p.payload.captured, cut - (len - 8));
			}
			walk_copy(bytes, cut, cut, &p);
			if (p.verdict == PACKET_TRUNCATED)
				fail_msg("%s, %u octets long", t->name, cut);
		}
	}
	for (i = 0; i < COUNT(frames); i++) {
		len = walk_bytes(frames[i].hex, bytes);
		for (cut = 0; cut < len; cut++) {
			walk_cut(frames[i].link_type, bytes, cut, cut);
			p = walk_cut(frames[i].link_type, bytes, cut, len);
			if (p.verdict == PACKET_MALFORMED && frames[i].verdict != PACKET_MALFORMED)
				fail_msg("%s, %u octets captured", frames[i].name, cut);
		}
	}
}

static void
covers_every_row(void **state)
{
	const struct header_type *row;
	size_t i;

	(void)state;
	for (row = link_wpan_types; row->name != NULL; row++) {
		assert_ptr_equal(link_type(row->number), row);
		for (i = 0; i < COUNT(frames); i++)
			if (frames[i].link_type == row->number)
				break;
		if (i == COUNT(frames))
			fail_msg("%s: no case", row->name);
	}
}

/* clang-format off */
/* The rest of the fixed header, the options that came back, and the tunnel. */
static void
rebuilds_fields(void **state)
{
	static struct packet p;
	uint8_t bytes[WALK_FRAME_MAX];
	uint32_t len;

	(void)state;
	len = walk_bytes(FRAME "6233" "b8012345" "3a" ECHO6, bytes);
	walk_copy(bytes, len, len, &p);
	assert_int_equal(p.ip.tos, 0xe2); /* DSCP 56 and ECN 2 change places */
	assert_int_equal(p.scratch[1], 0x21);
	assert_int_equal(p.scratch[3], 0x45);
	len = walk_bytes(FRAME "420040" ENDS6 "b8123453a0" ECHO6, bytes);
	walk_copy(bytes, len, len, &p);
	assert_int_equal(p.ip.tos, 0xb8);
	assert_int_equal(p.scratch[3], 0x45);
	len = walk_bytes(FRAME "7e33" "e03a04" "05020000" ECHO6, bytes);
	walk_copy(bytes, len, len, &p);
	assert_true(p.ip.router_alert);
	len = walk_bytes(
	    FRAME "7e33" "e23a16" "0001" "00000000" "20010db8000000000000000000000002" ECHO6, bytes);
	walk_copy(bytes, len, len, &p);
	assert_addr("routing", &p.ip.final_destination, "2001:db8::2");
	len = walk_bytes(FRAME "7e33" "ee" "7a113a" ID1 ID2 ECHO6, bytes);
	walk_copy(bytes, len, len, &p);
	assert_int_equal(p.outer_count, 1);
	assert_addr("outer", &p.outer[0].source, LL2);
}

static void
tells_unknown_prefixes(void **state)
{
	static const struct {
		const char *hex;
		bool lacks;
	} cases[] = {
		{ FRAME ELIDED ECHO6, false },
		{ FRAME "41" PING6, false },
		{ FRAME "7a433a" ECHO6, false }, /* the unspecified address is whole */
		{ FRAME "7a733a" ECHO6, true },
		{ FRAME "7a373a" ECHO6, true },
	};
	static struct packet p;
	uint8_t bytes[WALK_FRAME_MAX];
	uint32_t len;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		len = walk_bytes(cases[i].hex, bytes);
		walk_copy(bytes, len, len, &p);
		assert_int_equal(p.verdict, PACKET_ICMP);
		assert_int_equal(lowpan_lacks_prefix(&p), cases[i].lacks);
	}
}

/* A message of 16 octets in two fragments, the first with its header elided. */
static void
takes_fragments(void **state)
{
	static struct packet p, q;
	static uint8_t bytes[WALK_FRAME_MAX], whole[WALK_FRAME_MAX];
	struct frame frame = { .bytes = bytes, .link_type = NO_FCS };

	(void)state;
	frame.captured = frame.length = walk_bytes(FRAME "e0381234" "06" "0000000000000000", bytes);
	assert_int_equal(packet_walk(&frame, &q), PACKET_FRAGMENT);
	assert_int_equal(q.ip.fragment_offset, 48);
	assert_false(q.ip.more_fragments);
	assert_int_equal(q.payload.claimed, 8);

	frame.captured = frame.length = walk_bytes(FRAME "c0381234" ELIDED ECHO6, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_FRAGMENT);
	assert_int_equal(p.ip.version, 6);
	assert_int_equal(p.ip.id, q.ip.id);
	assert_memory_equal(&p.ip.source, &q.ip.source, sizeof p.ip.source);
	assert_memory_equal(&p.ip.destination, &q.ip.destination, sizeof p.ip.destination);
	assert_int_equal(p.ip.fragment_offset, 0);
	assert_true(p.ip.more_fragments);
	assert_int_equal(p.payload.claimed, 48);
	assert_int_equal(p.payload.captured, 48);

	memset(whole, 0, sizeof whole);
	memcpy(whole, p.payload.next, 48);
	assert_int_equal(packet_resume(&q, cursor_over(whole, 56, 56)), PACKET_ICMP);
	assert_int_equal(q.payload.claimed, 16);
	assert_int_equal(q.outer_count, 0);
	assert_addr("source", &q.ip.source, LL2);
	assert_addr("destination", &q.ip.destination, LL1);

	/* More than the whole, and a first fragment that cannot be read. */
	frame.captured = frame.length = walk_bytes(FRAME "c0281234" ELIDED ECHO6, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_MALFORMED);
	frame.captured = frame.length = walk_bytes(FRAME "c0381234" "43" ECHO6, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_OPAQUE);
	frame.captured = frame.length = walk_bytes(FRAME "c0381234" "41" PING6, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_FRAGMENT);
	assert_int_equal(p.payload.claimed, 48);
}

/* Frames longer than any of 802.15.4, of headers without end. */
static void
ends_quickly(void **state)
{
	static const char *const nests[][2] = {
		{ FRAME "7e33", "ee7e33" },
		{ FRAME "7e33", "e10400000000" },
		{ FRAME "f1", "83050a" },
		{ FRAME "b1", "b10001" },
		{ FRAME ELIDED, "80" },
		{ FRAME "7e33", "e7ff" },
	};
	static uint8_t bytes[65535];
	static struct packet p;
	uint8_t unit[WALK_FRAME_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(nests); i++) {
		uint32_t len = walk_bytes(nests[i][0], bytes);
		uint32_t unit_len = walk_bytes(nests[i][1], unit);

		for (; len + unit_len <= sizeof bytes; len += unit_len)
			memcpy(bytes + len, unit, unit_len);
		walk_copy(bytes, len, len, &p);
		assert_int_not_equal(p.verdict, PACKET_ICMP);
	}
}
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_where_it_should),
		cmocka_unit_test(rebuilds_headers),
		cmocka_unit_test(survives_every_cut),
		cmocka_unit_test(covers_every_row),
		cmocka_unit_test(rebuilds_fields),
		cmocka_unit_test(tells_unknown_prefixes),
		cmocka_unit_test(takes_fragments),
		cmocka_unit_test(ends_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
