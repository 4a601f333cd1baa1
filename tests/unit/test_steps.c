/*
 * The step budget of a packet: that no input takes longer than its length
 * allows. A step is a basic block that is executed, in decoders/ and in what
 * writes an event; the compiler calls back for each (the Makefile builds both
 * with -fsanitize-coverage=trace-pc for this test alone). So the figures are
 * the same on every run, whatever else the machine does.
 *
 * Each frame is one header, option, record or message over and over, as many
 * as fit into 32 and into 64 KiB. STEPS=1 in the environment shows the figures.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyzer/sink/schema_ecs.h"
#include "analyzer/sink/sink.h"
#include "decoders/icmp.h"
#include "tests/walk_cases.h"

#define FRAME_LEN 65535

/* What a packet may cost, before its length counts and for each octet of it. */
#define STEPS_FIXED 20000
#define STEPS_PER_OCTET 100
#define BUDGET (STEPS_FIXED + (uint64_t)STEPS_PER_OCTET * FRAME_LEN)

static uint64_t steps;

/* The compiler's name for it. */
void __sanitizer_cov_trace_pc(void);

void
__sanitizer_cov_trace_pc(void)
{
	steps++;
}

struct hostile {
	const char *name;
	uint32_t link_type;
	const char *first, *repeated; /* two hexadecimal digits an octet */
};

/* clang-format off */
#define ZERO8 "0000000000000000"
#define ZERO16 ZERO8 ZERO8
#define ZERO96 ZERO16 ZERO16 ZERO16 ZERO16 ZERO16 ZERO16
#define NOPS40 "0101010101010101010101010101010101010101010101010101010101010101" "0101010101010101"

/* Headers without a length, which then have all that follows. */
#define IP4(protocol) "4500000000010000ff" protocol "0000" ENDS4
#define IP6(next) "600000000000" next "ff" ENDS6
#define ICMP4(type, rest) IP4("01") type "000000" rest
#define ICMP6(type, rest) IP6("3a") type "000000" rest
#define UDP(port) "c000" port "00000000"

#define A16 "61616161616161616161616161616161"
#define LABEL63 A16 A16 A16 "616161616161616161616161616161"
#define LABELS16 ZERO16 ZERO16 ZERO16 ZERO16

#define WLAN "8801" "0000" "00005e00530200005e00530100005e0053ff" "1000" "8000"
#define WPAN "4188" "01" "cdab" "0200" "0100"

static const struct hostile frames[] = {
	/* Headers in headers. */
	{ "vlan tags", 1, MACS "8100", "00018100" },
	{ "mpls labels", 1, MACS "8847", "00010040" },
	{ "ip in ip", 101, "", IP4("04") },
	{ "ip in ip with options", 101, "", "4f00000000010000ff040000" ENDS4 NOPS40 },
	{ "ipv6 in ipv6", 101, "", IP6("29") },
	{ "gre", 101, "", IP4("2f") "00000800" },
	{ "ethernet in gre", 101, "", IP4("2f") "00006558" MACS "0800" },
	{ "vxlan", 101, "", IP4("11") UDP("12b5") "0800000000002a00" MACS "0800" },
	{ "vxlan, first fragments", 101, "", "4500000000012000ff110000" ENDS4 UDP("12b5")
	  "0800000000002a00" MACS "0800" },
	{ "geneve", 101, "", IP4("11") UDP("17c1") "0000655800002a00" MACS "0800" },
	{ "nsh", 1, MACS "894f", "0fc20204000001ff" },
	{ "pktap", 258, "", "0c000000" "01000000" "02010000" },
	{ "ppi", 192, "", "00000800" "c0000000" },
	{ "frame relay address", 107, "", "1840" },

	/* Options and the like of headers, as small as they are. */
	{ "extension headers", 101, IP6("3c"), "3c00010400000000" },
	{ "pad1 options", 101, IP6("00"), "00ff000000000000" },
	{ "atomic fragments", 101, IP6("2c"), "2c00000000000001" },
	{ "authentication headers", 101, IP6("33"), "3300000000000001" },
	{ "gre routes", 101, IP4("2f") "40000800" "00000000", "08000000" },
	{ "gtp extensions", 101, IP4("11") UDP("0868") "34fffff000000007" "00000085", "010000c0" },
	{ "tzsp padding", 101, IP4("11") UDP("9090") "01000001", "00" },
	{ "tzsp tags", 101, IP4("11") UDP("9090") "01000001", "0a00" },
	{ "nflog attributes", 239, "02000000", "04000100" },
	{ "erf extensions", 197, ZERO8 "82040042" "0000002a", "80" "00000000000000" },
	{ "radiotap words", 127, "0000f07f", "02000080" },
	{ "802.15.4 elements", 230, "41aa" "01" "cdab" "0200" "0100", "0002" },
	{ "802.15.4 tap attributes", 283, "0000f07f", "01000000" },
	{ "6lowpan routing headers", 230, WPAN "f1", "a006" },
	{ "preemptable frame", 274, "55555555555555e6", "00" },

	/* Frames of many datagrams. */
	{ "subframes of nothing", 105, WLAN, MACS "0000" "0000" },
	{ "subframes of llc", 105, WLAN, MACS "0008" "aaaa030000000806" "0000" },
	{ "subframes of echoes", 105, WLAN, MACS "0024" "aaaa030000000800" PING4 "0000" },
	{ "subframes of errors", 105, WLAN, MACS "0040" "aaaa030000000800" "4500003800010000ff010000"
	  ENDS4 "03030000" "00000000" "4500001c0001000040110000" ENDS4 "0035003500080000" "0000" },
	{ "concatenated nothing", 143, "", "000000000000" },
	{ "concatenated echoes", 143, "", "0000002a0000" BRIDGED4 },
	{ "concatenations", 143, "", "f80003000000" "000000000000" },

	/* Errors about errors. */
	{ "errors of version 4", 101, "", ICMP4("03", "00000000") },
	{ "errors with extensions", 101, "", ICMP4("0b", "00200000") },
	{ "errors of version 6", 101, "", ICMP6("01", "00000000") },
	{ "errors about pad1", 101, ICMP6("01", "00000000") IP6("00"), "00ff000000000000" },
	{ "redirects", 101, "", ICMP6("89", "00000000" ZERO16 ZERO16) "04ff000000000000" },
	{ "objects", 101, ICMP4("0b", "00200000") IP4("11") ZERO96 ZERO8 "00000000" "20000000",
	  "0004f701" },
	{ "labels", 101, ICMP4("0b", "00200000") IP4("11") ZERO96 ZERO8 "00000000" "20000000",
	  "00440101" LABELS16 },

	/* Records in lists. */
	{ "nd options", 101, ICMP6("86", "40000708" ZERO8), "fe01000000000000" },
	{ "nd mtu options", 101, ICMP6("86", "40000708" ZERO8), "05010000000005dc" },
	{ "rpl pad1 options", 101, ICMP6("9b", "00000000"), "00" },
	{ "rpl options", 101, ICMP6("9b", "00000000"), "0a00" },
	{ "mobile-ip padding", 101, ICMP4("09", "01020708" "c0000201" "00000000"), "00" },
	{ "mobile-ip extensions", 101, ICMP4("09", "01020708" "c0000201" "00000000"), "1300" },
	{ "routers", 101, ICMP4("09", "ff020708"), "c000020100000000" },
	{ "mld records", 101, ICMP6("8f", "0000ffff"), "01000000ff020000000000000000000000000016" },
	{ "mld sources", 101, ICMP6("82", "03e80000" "00000000000000000000000000000000" "0000ffff"),
	  "20010db8000000000000000000000001" },
	{ "provisioning domains", 101, ICMP6("86", "40000708" ZERO8), "1504000000000000"
	  "1503000000000000" "1502000000000000" "1501000000000000" },
	{ "encrypted dns", 101, ICMP6("86", "40000708" ZERO8), "9003" "0001" "00000e10" "0000"
	  "0000" "0008" "00010000" "00010000" "0000" },
	{ "rpl metrics", 101, IP6("3a") "9b010000" ZERO16 ZERO8, "0206" "010000020000" },
	{ "search list", 101, ICMP6("86", "40000708" ZERO8), "1fff000000000e10" "0161000161000161" },
	{ "dns names", 101, ICMP4("26", "00010002" "00000e10"), "016100" },
	{ "dns pointers", 101, ICMP4("26", "00010002" "00000e10") "3f" LABEL63 "00", "c00c" },
	{ "chain of pointers", 101, ICMP4("26", "00010002" "00000e10") "016100", "0161c00c" },
	{ "node addresses", 101, ICMP6("8c", "00030000" ZERO8), "00000e10"
	  "20010db8000000000000000000000001" },
	{ "seeds", 101, ICMP6("9f", ""), "0000" },
	{ "data", 101, ICMP4("08", "00070001"), "a5" },
	{ "zeros", 101, ICMP6("87", "00000000" "20010db8000000000000000000000001"), "00" },
};
/* clang-format on */

static const char *
source_name(void *owner, const struct frame *frame)
{
	(void)owner;
	(void)frame;
	return "steps";
}

static struct schema_ecs *
event_writer(void)
{
	static struct sinks sinks;
	static struct schema_ecs *ecs;
	const struct sink_context context = { .version = "0", .source_name = source_name };

	if (ecs == NULL) {
		sinks_init(&sinks, &context);
		ecs = schema_ecs_new(&sinks);
	}
	assert_non_null(ecs);
	return ecs;
}

static void
write_event(const struct packet *packet, const struct icmp_msg *msg)
{
	const struct event event = {
		.id = EVENT_MESSAGE,
		.when_ns = packet->frame->when_ns,
		.ordinal = 1,
		.source = packet->ip.source,
		.destination = packet->ip.destination,
		.packet = packet,
		.msg = msg,
	};
	size_t len;

	assert_non_null(schema_ecs_line(event_writer(), &event, &len));
}

/* All that is done with a frame, whatever it holds. Returns the messages in it. */
static unsigned
analyze(uint32_t link_type, const uint8_t *bytes, uint32_t len)
{
	const struct frame frame = {
		.bytes = bytes, .captured = len, .length = len, .link_type = link_type,
		.number = 1, .ordinal = 1, .when_ns = UINT64_C(1767258000000000000),
	};
	static struct packet packet;
	struct icmp_msg msg;
	unsigned messages = 0;

	packet_walk(&frame, &packet);
	do {
		if (packet.verdict == PACKET_FRAGMENT || packet.verdict == PACKET_LATER_FRAGMENT)
			packet_resume(&packet, packet.payload);
		if (packet.verdict != PACKET_ICMP)
			continue;
		messages++;
		icmp_decode(&packet, &msg);
		write_event(&packet, &msg);
	} while (packet_next(&packet));
	return messages;
}

/* Fills `bytes` from `at` up to `len` octets with a pattern over and over. */
static uint32_t
fill(uint8_t *bytes, uint32_t at, uint32_t len, const char *pattern)
{
	uint8_t unit[WALK_FRAME_MAX];
	uint32_t unit_len = walk_bytes(pattern, unit);

	for (; at + unit_len <= len; at += unit_len)
		memcpy(bytes + at, unit, unit_len);
	return at;
}

/* The steps that `len` octets of it take, or a few less if no more fit. */
static uint64_t
count_steps(const struct hostile *t, uint32_t len, unsigned *messages)
{
	static uint8_t bytes[FRAME_LEN];
	uint32_t end = fill(bytes, walk_bytes(t->first, bytes), len, t->repeated);

	steps = 0;
	*messages = analyze(t->link_type, bytes, end);
	return steps;
}

static void
stays_in_budget(void **state)
{
	uint64_t whole;
	unsigned messages;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		whole = count_steps(&frames[i], FRAME_LEN, &messages);
		if (getenv("STEPS") != NULL)
			print_message("%-28s %8ju steps, %4.1f an octet, %4u messages\n",
			    frames[i].name, (uintmax_t)whole, (double)whole / FRAME_LEN, messages);
		if (whole > BUDGET)
			fail_msg("%s: %ju steps", frames[i].name, (uintmax_t)whole);
	}
}

/* Lengths that are small, or smaller than they may be, or of nothing. */
static const char *const patterns[] = { "00", "01", "0001", "0100", "00000008", "c00c" };

#define PATTERNS (sizeof patterns / sizeof patterns[0])

/* Any link type, full of small numbers. */
static void
walks_any_link(void **state)
{
	static uint8_t bytes[FRAME_LEN];
	uint32_t link_type, len;
	size_t i;

	(void)state;
	for (i = 0; i < PATTERNS; i++) {
		len = fill(bytes, 0, FRAME_LEN, patterns[i]);
		for (link_type = 0; link_type < 512; link_type++) {
			steps = 0;
			analyze(link_type, bytes, len);
			if (steps > BUDGET)
				fail_msg("link type %u of %s: %ju steps", link_type, patterns[i],
				    (uintmax_t)steps);
		}
	}
}

/* Any message, with and without lists, full of small numbers. */
static void
decodes_any_message(void **state)
{
	static const char *const headers[] = { IP4("01"), IP6("3a") };
	static uint8_t bytes[FRAME_LEN];
	uint32_t header_len, type, len;
	size_t i, v;

	(void)state;
	for (v = 0; v < 2; v++) {
		for (i = 0; i < PATTERNS; i++) {
			header_len = walk_bytes(headers[v], bytes);
			len = fill(bytes, header_len + 4, FRAME_LEN, patterns[i]);
			memset(bytes + header_len, 0, 4);
			for (type = 0; type <= UINT8_MAX; type++) {
				bytes[header_len] = (uint8_t)type;
				steps = 0;
				assert_int_equal(analyze(101, bytes, len), 1);
				if (steps > BUDGET)
					fail_msg("type %u of %s: %ju steps", type, patterns[i],
					    (uintmax_t)steps);
			}
		}
	}
}

/* Twice the octets never take more than twice the steps. */
static void
grows_with_the_length(void **state)
{
	uint64_t half, whole;
	unsigned messages;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		half = count_steps(&frames[i], FRAME_LEN / 2, &messages);
		whole = count_steps(&frames[i], FRAME_LEN, &messages);
		if (whole > 2 * half + STEPS_FIXED)
			fail_msg("%s: %ju steps, then %ju", frames[i].name, (uintmax_t)half,
			    (uintmax_t)whole);
	}
}

/* That the compiler calls back: no test of steps that are not counted. */
static void
counts_steps(void **state)
{
	static const struct hostile ping = { "ping", 101, PING4, "" };
	uint8_t bytes[WALK_FRAME_MAX];

	(void)state;
	event_writer(); /* made once for all packets */
	steps = 0;
	assert_int_equal(analyze(ping.link_type, bytes, walk_bytes(ping.first, bytes)), 1);
	assert_in_range(steps, 100, STEPS_FIXED);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_steps),
		cmocka_unit_test(stays_in_budget),
		cmocka_unit_test(walks_any_link),
		cmocka_unit_test(decodes_any_message),
		cmocka_unit_test(grows_with_the_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
