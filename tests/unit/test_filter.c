/*
 * Filter expressions on captured frames, the kernel's filter of a live
 * capture (its program is run here, on frames of every encapsulation), link
 * type numbers, and the pcap that -w writes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/capture_dump.h"
#include "analyzer/capture_filter.h"
#include "analyzer/capture_kernel.h"
#include "analyzer/log.h"
#include "decoders/header_table.h"
#include "decoders/packet.h"
#include "decoders/tunnel.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define SNAPLEN 262144

/* A frame in hexadecimal; blanks are for the reader. */
struct bytes {
	uint8_t data[256];
	uint32_t len;
};

static struct bytes
bytes_of(const char *hex)
{
	struct bytes out = { .len = 0 };
	unsigned int octet;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		assert_int_equal(sscanf(hex, "%2x", &octet), 1);
		out.data[out.len++] = (uint8_t)octet;
		hex++;
	}
	return out;
}

static struct frame
frame_of(const struct bytes *bytes, uint32_t link_type)
{
	struct frame frame = {
		.bytes = bytes->data,
		.captured = bytes->len,
		.length = bytes->len,
		.link_type = link_type,
		.when_ns = UINT64_C(1700000000123456789),
	};

	return frame;
}

/* Ethernet up to the type; IPv4 from 10.0.0.1 to 10.0.0.2; IPv6 alike. */
#define MACS "020000000002 020000000001 "
#define IP4(protocol) "4500002000010000 40" protocol "0000 0a000001 0a000002 "
#define IP4_LATER(protocol) "4500002000010005 40" protocol "0000 0a000001 0a000002 "
#define IP6(next) "60000000000c" next "40 fe800000000000000000000000000001 " \
    "fe800000000000000000000000000002 "
#define ECHO "0800f7ff 00000000 00000000"
#define UDP(source, destination) source destination "000c0000 00000000"

#define ICMP4 "0800 " IP4("01") ECHO
#define ICMP6 "86dd " IP6("3a") ECHO
#define TCP4 "0800 " IP4("06") ECHO
#define VLAN "8100 000a "
#define LABEL "00010040 "
#define LAST_LABEL "00011140 "

static void
filter_matches(void **state)
{
	static const struct {
		const char *expression;
		uint32_t link_type;
		const char *hex;
		bool matches;
	} cases[] = {
		{ "icmp", 1, MACS ICMP4, true },
		{ "icmp", 1, MACS ICMP6, false },
		{ "icmp6", 1, MACS ICMP6, true },
		{ "vlan 10 and icmp", 1, MACS VLAN ICMP4, true },
		{ "host 10.0.0.2", 1, MACS ICMP4, true },
		{ "host 10.0.0.3", 1, MACS ICMP4, false },
		{ "icmp", 101, IP4("01") ECHO, true },
		{ "icmp", 113, "0000 0001 0006 020000000001 0000 " ICMP4, true },
		{ "icmp", 276, "0800 0000 00000001 0001 00 06 020000000001 0000 " IP4("01") ECHO,
		  true },
		{ "icmp", 0, "02000000 " IP4("01") ECHO, true },
		{ "icmp", 0, "00000002 " IP4("01") ECHO, true }, /* written big-endian */
		{ "icmp", 108, "00000002 " IP4("01") ECHO, true },
		{ "udp", 0, "00000002 " IP4("01") ECHO, false },
		{ "icmp", 1, "0200", false }, /* shorter than what is asked for */
	};
	struct filter *filter;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct bytes bytes = bytes_of(cases[i].hex);
		struct frame frame = frame_of(&bytes, cases[i].link_type);

		assert_int_equal(filter_open(cases[i].expression, &filter, err), 0);
		assert_int_equal(filter_match(filter, &frame), cases[i].matches);
		assert_int_equal(filter_unmatchable(filter), 0);
		filter_close(filter);
	}
}

/* An expression for Ethernet alone; frames of other links are counted. */
static void
filter_counts_unmatchable(void **state)
{
	struct bytes ethernet = bytes_of(MACS ICMP4), raw = bytes_of(IP4("01") ECHO);
	struct frame frames[] = { frame_of(&ethernet, 1), frame_of(&raw, 101),
		frame_of(&raw, 9999) };
	struct filter *filter;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(filter_open("ether src 02:00:00:00:00:01", &filter, err), 0);
	assert_true(filter_match(filter, &frames[0]));
	assert_false(filter_match(filter, &frames[1]));
	assert_false(filter_match(filter, &frames[2]));
	assert_int_equal(filter_unmatchable(filter), 2);
	filter_close(filter);
}

/* Every link type that is decoded can be filtered. */
static void
filter_covers_links(void **state)
{
	/* PPI's header of 802.11: libpcap looks for it whatever the expression. */
	static const uint8_t nothing[64] = { 0, 0, 8, 0, 105 };
	struct frame frame = { .bytes = nothing, .captured = 64, .length = 64 };
	struct filter *filter;
	char err[ERR_SIZE];
	uint32_t known = 0;

	(void)state;
	assert_int_equal(filter_open("len > 10", &filter, err), 0);
	for (frame.link_type = 0; frame.link_type < 512; frame.link_type++) {
		if (!packet_link_known(frame.link_type))
			continue;
		known++;
		assert_true(filter_match(filter, &frame));
	}
	assert_true(known >= 6);
	filter_close(filter);
}

/* A name would be a query on the network: it is an error, even localhost. */
static void
filter_refused(void **state)
{
	static const struct {
		const char *expression, *err;
	} cases[] = {
		{ "icmp andd udp", "filter \"icmp andd udp\": can't parse filter expression: "
		  "syntax error" },
		{ "host localhost", "filter \"host localhost\": unknown host 'localhost'" },
		{ "net loopback", "filter \"net loopback\": unknown network 'loopback'" },
		{ "(icmp", "filter \"(icmp\": can't parse filter expression: syntax error" },
	};
	struct filter *filter;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(filter_open(cases[i].expression, &filter, err), -1);
		assert_null(filter);
		assert_string_equal(err, cases[i].err);
	}
}

static void
link_types(void **state)
{
	static const struct {
		uint32_t link_type;
		int dlt;
		const char *name;
	} cases[] = {
		{ 0, DLT_NULL, "NULL" },
		{ 1, DLT_EN10MB, "EN10MB" },
		{ 101, DLT_RAW, "RAW" },
		{ 113, DLT_LINUX_SLL, "LINUX_SLL" },
		{ 276, DLT_LINUX_SLL2, "LINUX_SLL2" },
		{ 60000, 60000, "LINKTYPE_60000" },
	};
	char name[LINK_TYPE_NAME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(link_type_to_dlt(cases[i].link_type), cases[i].dlt);
		assert_int_equal(link_type_from_dlt(cases[i].dlt), cases[i].link_type);
		link_type_name(cases[i].link_type, name, sizeof(name));
		assert_string_equal(name, cases[i].name);
	}
	assert_int_equal(link_type_to_dlt(14), DLT_RAW);
	link_type_name(UINT32_MAX, name, sizeof(name));
	assert_string_equal(name, "LINKTYPE_4294967295");
}

static const struct kernel_request icmp_alone;

/* Whether the program that the kernel would be given passes a frame. */
static bool
kernel_passes(int dlt, const struct kernel_request *request, const struct bytes *bytes)
{
	static struct program program;
	struct pcap_pkthdr header = { .caplen = bytes->len, .len = bytes->len };
	struct kernel_filter described;
	struct bpf_program code;
	char err[ERR_SIZE];
	pcap_t *pcap = pcap_open_dead(dlt, SNAPLEN);

	assert_int_equal(kernel_filter_make(pcap, request, &program, &described, err),
	    CAPTURE_OK);
	pcap_close(pcap);
	assert_false(described.is_open);
	assert_in_range(described.instructions, 50, 256);
	code.bf_len = program.len;
	code.bf_insns = program.code;
	assert_int_equal(bpf_validate(code.bf_insns, (int)code.bf_len), 1);
	return pcap_offline_filter(&code, &header, bytes->data) != 0;
}

static void
kernel_filter_passes(void **state)
{
	static const struct {
		int dlt;
		const char *expression; /* the user's */
		const char *hex;
		bool passes;
	} cases[] = {
		{ DLT_EN10MB, NULL, MACS ICMP4, true },
		{ DLT_EN10MB, NULL, MACS ICMP6, true },
		{ DLT_EN10MB, NULL, MACS TCP4, false },
		{ DLT_EN10MB, NULL, MACS "0806 " ECHO ECHO, false },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4_LATER("01") ECHO, true },
		/* IP-in-IP, 6in4, GRE, AH, MPLS in IP; ESP is opaque */
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("04") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("29") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("2f") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4_LATER("2f") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("33") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("89") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("32") ECHO, false },
		/* EtherIP, PIM, L2TPv3, Ethernet */
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("61") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("67") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("73") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("8f") ECHO, true },
		/* extension headers of IPv6, and its carriers */
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("00") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("2b") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("2c") "06000001 00000000 00000000", true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("3c") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("33") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("29") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("06") ECHO, false },
		/* UDP: VXLAN, GENEVE over IPv6, GTP-U, Teredo back, DNS */
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("c000", "12b5"), true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("11") UDP("c000", "17c1"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("0868", "0868"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("0dd8", "c000"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("c000", "0035"), false },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("12b5", "c000"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("c000", "9090"), true },
		/* STT, and what is no segment of it */
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("06") UDP("c000", "1d2f"), true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("06") UDP("c000", "1d2f"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("06") UDP("1d2f", "c000"), false },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("11") UDP("c000", "1d2f"), false },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4_LATER("06") UDP("c000", "1d2f"), false },
		/* UDP-Lite: CAPWAP, and something */
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("88") UDP("c000", "147f"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4("88") UDP("c000", "147f"), true },
		{ DLT_EN10MB, NULL, MACS "86dd " IP6("88") UDP("c000", "0035"), false },
		/* a later fragment may be any tunnel's */
		{ DLT_EN10MB, NULL, MACS "0800 " IP4_LATER("11") UDP("c000", "0035"), true },
		{ DLT_EN10MB, NULL, MACS "0800 " IP4_LATER("06") ECHO, false },
		/* rarer ethertypes; PBB, NSH in a VLAN, E-Tag in SNAP, FabricPath */
		{ DLT_EN10MB, NULL, MACS "88e7 60000001 " MACS TCP4, true },
		{ DLT_EN10MB, NULL, MACS VLAN "894f 0fc20201 000001ff " IP4("06") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0028 aaaa03 000000 893f 00000001 0000 " TCP4, true },
		{ DLT_EN10MB, NULL, MACS "8903 0060 " MACS TCP4, true },
		{ DLT_EN10MB, NULL, MACS "8926 00010002 " TCP4, true },
		{ DLT_EN10MB, NULL, MACS "8909 010100010010 " TCP4, true },
		/* MACsec, integrity alone and encrypted */
		{ DLT_EN10MB, NULL, MACS "88e5 0000 00000001 " ICMP4, true },
		{ DLT_EN10MB, NULL, MACS VLAN "88e5 2000 00000001 0200000000010001 " ICMP4, true },
		{ DLT_EN10MB, NULL, MACS "88e5 0c00 00000001 " ICMP4, false },
		{ DLT_EN10MB, NULL, MACS VLAN "88e5 2c00 00000001 0200000000010001 " ECHO, false },
		/* tags; what is in four of them passes */
		{ DLT_EN10MB, NULL, MACS VLAN ICMP4, true },
		{ DLT_EN10MB, NULL, MACS VLAN TCP4, false },
		{ DLT_EN10MB, NULL, MACS "88a8 0014 " VLAN ICMP6, true },
		{ DLT_EN10MB, NULL, MACS "88a8 0014 " VLAN TCP4, false },
		{ DLT_EN10MB, NULL, MACS "9100 0014 9200 0015 " VLAN ICMP6, true },
		{ DLT_EN10MB, NULL, MACS VLAN VLAN VLAN TCP4, false },
		{ DLT_EN10MB, NULL, MACS VLAN VLAN VLAN VLAN TCP4, true },
		/* 802.3 with LLC, with SNAP, and Novell's without */
		{ DLT_EN10MB, NULL, MACS "0023 060603 " IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "0023 060603 " IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS "0028 aaaa03 000000 " ICMP4, true },
		{ DLT_EN10MB, NULL, MACS "0028 aaaa03 000000 " TCP4, false },
		{ DLT_EN10MB, NULL, MACS VLAN "0028 aaaa03 000000 " ICMP6, true },
		{ DLT_EN10MB, NULL, MACS "0028 ffff0022 " IP4("01") ECHO, false },
		{ DLT_EN10MB, NULL, MACS "0026 424203 " IP4("01") ECHO, false },
		/* labels; what may be a pseudowire passes */
		{ DLT_EN10MB, NULL, MACS "8847 " LAST_LABEL IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8847 " LAST_LABEL IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS "8847 " LAST_LABEL IP6("3a") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8847 " LABEL LAST_LABEL IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8847 " LABEL LAST_LABEL IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS "8847 " LABEL LABEL LAST_LABEL IP6("3a") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8847 " LABEL LABEL LAST_LABEL IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS "8847 " LABEL LABEL LABEL LAST_LABEL IP4("06") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8847 " LAST_LABEL "00000000 " MACS TCP4, true },
		{ DLT_EN10MB, NULL, MACS "8847 " LAST_LABEL "1000000000 " ECHO, true },
		{ DLT_EN10MB, NULL, MACS VLAN "8847 " LAST_LABEL IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS VLAN "8847 " LAST_LABEL IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS VLAN VLAN "8848 " LAST_LABEL IP4("01") ECHO, true },
		/* PPPoE sessions */
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0022 0021 " IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0022 0021 " IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0036 0057 " IP6("3a") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0026 0281 " LAST_LABEL IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0010 c021 " ECHO, false },
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0021 21 " IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS "8864 1100 0001 0026 003d c0000001 21 " IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS VLAN "8864 1100 0001 0022 0021 " IP4("01") ECHO, true },
		{ DLT_EN10MB, NULL, MACS VLAN "8864 1100 0001 0022 0021 " IP4("06") ECHO, false },
		{ DLT_EN10MB, NULL, MACS VLAN VLAN "8864 1100 0001 0022 0021 " IP4("01") ECHO,
		  true },
		/* other links */
		{ DLT_RAW, NULL, IP4("01") ECHO, true },
		{ DLT_RAW, NULL, IP6("3a") ECHO, true },
		{ DLT_RAW, NULL, IP4("06") ECHO, false },
		{ DLT_NULL, NULL, "02000000 " IP4("01") ECHO, true },
		{ DLT_LOOP, NULL, "00000002 " IP4("06") ECHO, false },
		{ DLT_LINUX_SLL, NULL, "0000 0001 0006 020000000001 0000 " ICMP4, true },
		{ DLT_LINUX_SLL, NULL, "0000 0001 0006 020000000001 0000 " TCP4, false },
		{ DLT_LINUX_SLL, NULL, "0000 0001 0006 020000000001 0000 " VLAN TCP4, false },
		{ DLT_LINUX_SLL, NULL, "0000 0001 0006 020000000001 0000 " VLAN ICMP4, true },
		{ DLT_LINUX_SLL, NULL, "0000 0001 0006 020000000001 0000 0004 aaaa03 000000 "
		  ICMP4, true },
		{ DLT_LINUX_SLL2, NULL, "86dd 0000 00000001 0001 00 06 020000000001 0000 "
		  IP6("3a") ECHO, true },
		{ DLT_LINUX_SLL2, NULL, "0800 0000 00000001 0001 00 06 020000000001 0000 "
		  IP4("06") ECHO, false },
		{ DLT_LINUX_SLL2, NULL, "8847 0000 00000001 0001 00 06 020000000001 0000 "
		  LAST_LABEL IP4("06") ECHO, false },
		{ DLT_LINUX_SLL2, NULL, "8847 0000 00000001 0001 00 06 020000000001 0000 "
		  LAST_LABEL IP4("01") ECHO, true },
		{ DLT_C_HDLC, NULL, "0f00 " ICMP4, true },
		{ DLT_C_HDLC, NULL, "0f00 " TCP4, false },
		/* a header longer by options; ports behind it */
		{ DLT_RAW, NULL, "4600002400010000401100000a0000010a000002 01010101 "
		  UDP("c000", "12b5"), true },
		{ DLT_RAW, NULL, "4600002400010000401100000a0000010a000002 12b512b5 "
		  UDP("c000", "0035"), false },
		/* cut short */
		{ DLT_EN10MB, NULL, MACS "0800 45", false },
		{ DLT_EN10MB, NULL, MACS "8100", false },
		/* with the user's expression, which must not shift ours */
		{ DLT_EN10MB, "src host 10.0.0.1", MACS ICMP4, true },
		{ DLT_EN10MB, "src host 10.0.0.1", MACS TCP4, false },
		{ DLT_EN10MB, "src host 10.0.0.2", MACS ICMP4, false },
		{ DLT_EN10MB, "icmp or (vlan and icmp)", MACS ICMP4, true },
		{ DLT_EN10MB, "icmp or (vlan and icmp)", MACS VLAN ICMP4, true },
		{ DLT_EN10MB, "icmp6 or (vlan and icmp6)", MACS VLAN ICMP4, false },
		{ DLT_EN10MB, "vlan 10", MACS VLAN ICMP4, true },
		{ DLT_EN10MB, "vlan 11", MACS VLAN ICMP4, false },
		{ DLT_EN10MB, "vlan 10", MACS VLAN TCP4, false },
		{ DLT_EN10MB, "", MACS ICMP4, true },
		{ DLT_EN10MB, "len >= 0", MACS TCP4, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct bytes bytes = bytes_of(cases[i].hex);
		const struct kernel_request request = { .expression = cases[i].expression };
		bool passes = kernel_passes(cases[i].dlt, &request, &bytes);

		if (passes != cases[i].passes)
			print_error("%d \"%s\" %s\n", cases[i].dlt,
			    cases[i].expression != NULL ? cases[i].expression : "", cases[i].hex);
		assert_int_equal(passes, cases[i].passes);
	}
}

/* What the filter looks into, so that the number alone does not let it pass. */
static const struct {
	uint32_t number;
	const char *body;
} looked_into[] = {
	{ 0x0800, IP4("01") ECHO },
	{ 0x86dd, IP6("3a") ECHO },
	{ 0x8100, ICMP4 }, /* its first two octets stand for the tag */
	{ 0x88a8, ICMP4 },
	{ 0x9100, ICMP4 },
	{ 0x9200, ICMP4 },
	{ 0x8847, LAST_LABEL IP4("01") ECHO },
	{ 0x8848, LAST_LABEL IP4("01") ECHO },
	{ 0x8864, "1100 0001 0022 0021 " IP4("01") ECHO },
};

static const struct header_table *
find_table(const char *word)
{
	const struct header_table *table = header_tables;

	while (strcmp(table->word, word) != 0)
		table++;
	return table;
}

/* Whether a table has the number, and something may be behind it. */
static bool
is_followed(const struct header_table *table, uint32_t number)
{
	const struct header_type *row = header_next(table, NULL);

	while (row != NULL && row->number != number)
		row = header_next(table, row);
	return row != NULL && !header_is_opaque(row);
}

/* Appends a number of two octets and what belongs behind it. */
static void
append_type(struct bytes *bytes, uint32_t number)
{
	struct bytes body = bytes_of("0000000000000000");
	size_t i;

	for (i = 0; i < COUNT_OF(looked_into); i++)
		if (looked_into[i].number == number)
			body = bytes_of(looked_into[i].body);
	bytes->data[bytes->len++] = (uint8_t)(number >> 8);
	bytes->data[bytes->len++] = (uint8_t)number;
	if (number == 0x8100 || number == 0x88a8 || number == 0x9100 || number == 0x9200)
		bytes->len += 2;
	memcpy(bytes->data + bytes->len, body.data, body.len);
	bytes->len += body.len;
}

/* The filter passes what the walk can go on with, and nothing else. */
static void
kernel_filter_follows_ethertypes(void **state)
{
	static const char *const links[] = { MACS, MACS "0028 aaaa03 000000 ", MACS VLAN };
	const struct header_table *table = find_table("ethertype");
	uint32_t number;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(links); i++) {
		for (number = 1501; number <= UINT16_MAX; number++) {
			struct bytes bytes = bytes_of(links[i]);

			append_type(&bytes, number);
			if (kernel_passes(DLT_EN10MB, &icmp_alone, &bytes) != is_followed(table, number))
				fail_msg("ethertype %04x behind %s", number, links[i]);
		}
	}
}

/* The same by protocols and ports. */
static void
check_followed(const char *word, const char *hex, uint32_t at, uint32_t size)
{
	const struct header_table *table = find_table(word);
	struct bytes bytes = bytes_of(hex);
	uint32_t number, most = size == 1 ? UINT8_MAX : UINT16_MAX;

	for (number = 0; number <= most; number++) {
		bool is_extension = table->rows == tunnel_protocols && bytes.data[12] == 0x86 &&
		    ip6_is_extension((uint8_t)number);

		if (size == 1 && (number == IP_PROTO_TCP || number == IP_PROTO_UDP ||
				     number == IP_PROTO_UDP_LITE))
			continue;
		bytes.data[at] = (uint8_t)(size == 1 ? number : number >> 8);
		if (size == 2)
			bytes.data[at + 1] = (uint8_t)number;
		if (kernel_passes(DLT_EN10MB, &icmp_alone, &bytes) !=
		    (is_extension || is_followed(table, number)))
			fail_msg("%s %u", word, number);
	}
}

static void
kernel_filter_follows_protocols(void **state)
{
	(void)state;
	check_followed("IP protocol", MACS "0800 " IP4("00") ECHO, 23, 1);
	check_followed("IP protocol", MACS "86dd " IP6("00") ECHO, 20, 1);
	check_followed("UDP port", MACS "0800 " IP4("11") UDP("c000", "0000"), 36, 2);
	check_followed("UDP port", MACS "0800 " IP4("11") UDP("0000", "c000"), 34, 2);
	check_followed("UDP port", MACS "86dd " IP6("88") UDP("c000", "0000"), 56, 2);
	check_followed("TCP port", MACS "86dd " IP6("06") UDP("c000", "0000"), 56, 2);
}

/* Of PPP's protocols the odd octets are those that may be compressed. */
static void
kernel_filter_follows_ppp(void **state)
{
	const struct header_table *table = find_table("PPP protocol");
	uint32_t number;

	(void)state;
	for (number = 0; number < 0x10000; number++) {
		struct bytes bytes = bytes_of(MACS "8864 1100 0001 0022 0000 "
		    "60000000000c 3a40");

		if ((number & 0x100) != 0)
			continue;
		bytes.data[20] = (uint8_t)(number >> 8);
		bytes.data[21] = (uint8_t)number;
		if (number == 0x0021)
			memcpy(bytes.data + 22, bytes_of(IP4("01")).data, 20);
		bytes.len = 64;
		if (kernel_passes(DLT_EN10MB, &icmp_alone, &bytes) != is_followed(table, number))
			fail_msg("PPP protocol %04x", number);
	}
}

static void
kernel_filter_refused(void **state)
{
	static const struct kernel_request wrong = { .expression = "icmpp" };
	static struct program program;
	struct kernel_filter described;
	char err[ERR_SIZE];
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, SNAPLEN);

	(void)state;
	assert_int_equal(kernel_filter_make(pcap, &wrong, &program, &described, err),
	    CAPTURE_BAD_FILTER);
	assert_non_null(strstr(err, "filter \"icmpp\": "));
	pcap_close(pcap);
}

/* With flows what errors speak of passes too, at each depth, and no more. */
static void
kernel_filter_flows(void **state)
{
	static const struct {
		const char *expression, *hex;
		bool passes;
	} cases[] = {
		{ NULL, MACS ICMP4, true },
		{ NULL, MACS TCP4, true },
		{ NULL, MACS VLAN TCP4, true },
		{ NULL, MACS "86dd " IP6("06") ECHO, true },
		{ NULL, MACS "0800 " IP4("11") UDP("c000", "0035"), true },
		{ NULL, MACS "86dd " IP6("11") UDP("c000", "0035"), true },
		{ NULL, MACS "0800 " IP4("84") ECHO, true },
		{ NULL, MACS "0800 " IP4("21") ECHO, true },
		{ NULL, MACS "0800 " IP4("32") ECHO, true },
		{ NULL, MACS "0800 " IP4("88") ECHO, true },
		{ NULL, MACS "0800 " IP4("59") ECHO, false }, /* OSPF */
		{ NULL, MACS "0806 " ECHO ECHO, false },
		{ "icmp", MACS TCP4, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const struct kernel_request request = { cases[i].expression, true };
		struct bytes bytes = bytes_of(cases[i].hex);

		if (kernel_passes(DLT_EN10MB, &request, &bytes) != cases[i].passes)
			fail_msg("%s", cases[i].hex);
	}
}

/* A link type that is not known: all that the user wants passes, and is told. */
static void
kernel_filter_open(void **state)
{
	static const struct kernel_request tcp_alone = { .expression = "tcp" };
	static const struct kernel_request udp_alone = { .expression = "udp" };
	static struct program program;
	struct bytes tcp = bytes_of("ff03 0021 " IP4("06") ECHO);
	struct pcap_pkthdr header = { .caplen = tcp.len, .len = tcp.len };
	struct kernel_filter described;
	struct bpf_program code = { .bf_insns = program.code };
	char err[ERR_SIZE];
	pcap_t *pcap = pcap_open_dead(DLT_PPP, SNAPLEN);

	(void)state;
	assert_int_equal(kernel_filter_make(pcap, &tcp_alone, &program, &described, err), CAPTURE_OK);
	assert_true(described.is_open);
	code.bf_len = program.len;
	assert_int_not_equal(pcap_offline_filter(&code, &header, tcp.data), 0);
	assert_int_equal(kernel_filter_make(pcap, &udp_alone, &program, &described, err), CAPTURE_OK);
	code.bf_len = program.len;
	assert_int_equal(pcap_offline_filter(&code, &header, tcp.data), 0);
	pcap_close(pcap);
}

/* What does not fit is marked: too many instructions, a jump too far. */
static void
program_limits(void **state)
{
	static struct program program;
	int i;

	(void)state;
	program_test(&program, BPF_JEQ, 1, 1, PROGRAM_NEXT);
	for (i = 0; i < 255; i++)
		program_add(&program, BPF_MISC | BPF_TAX, 0);
	program_label(&program, 1);
	program_resolve(&program, 0);
	assert_false(program.is_wrong);
	assert_int_equal(program.code[0].jt, 255);
	assert_int_equal(program.code[0].jf, 0);

	program_add(&program, BPF_RET | BPF_K, 0);
	program_label(&program, 1);
	program_resolve(&program, 0);
	assert_true(program.is_wrong);

	program.is_wrong = false;
	while (program.len < PROGRAM_MAX)
		program_add(&program, BPF_RET | BPF_K, 0);
	assert_false(program.is_wrong);
	program_add(&program, BPF_RET | BPF_K, 0);
	assert_true(program.is_wrong);
}

static void
dump_writes(void **state)
{
	char path[] = "/tmp/test_filter.XXXXXX", err[ERR_SIZE];
	struct bytes bytes = bytes_of(IP4("01") ECHO);
	struct frame frame = frame_of(&bytes, 101), other = frame_of(&bytes, 1);
	int fd = mkstemp(path), is_nano;

	(void)state;
	close(fd);
	for (is_nano = 0; is_nano < 2; is_nano++) {
		struct capture_dump *dump;
		struct pcap_pkthdr *header;
		const u_char *data;
		pcap_t *pcap;

		assert_int_equal(capture_dump_open(path, is_nano, &dump, err), 0);
		assert_int_equal(capture_dump_write(dump, &frame, err), 0);
		assert_int_equal(capture_dump_write(dump, &other, err), 0);
		assert_int_equal(capture_dump_count(dump), 1);
		assert_int_equal(capture_dump_skipped(dump), 1);
		assert_int_equal(capture_dump_close(dump, err), 0);
		pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO,
		    err);
		assert_non_null(pcap);
		assert_int_equal(pcap_datalink(pcap), DLT_RAW);
		assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
		assert_int_equal(header->caplen, bytes.len);
		assert_memory_equal(data, bytes.data, bytes.len);
		assert_int_equal(header->ts.tv_sec, 1700000000);
		assert_int_equal(header->ts.tv_usec, is_nano ? 123456789 : 123456000);
		assert_int_equal(pcap_next_ex(pcap, &header, &data), PCAP_ERROR_BREAK);
		pcap_close(pcap);
	}
	unlink(path);
}

static void
dump_empty(void **state)
{
	char path[] = "/tmp/test_filter.XXXXXX", err[ERR_SIZE];
	struct capture_dump *dump;
	pcap_t *pcap;

	(void)state;
	close(mkstemp(path));
	assert_int_equal(capture_dump_open(path, true, &dump, err), 0);
	assert_int_equal(capture_dump_close(dump, err), 0);
	pcap = pcap_open_offline(path, err);
	assert_non_null(pcap);
	assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
	pcap_close(pcap);
	unlink(path);
	assert_int_equal(capture_dump_close(NULL, err), 0);
}

/* A full disk is noticed, however many frames it takes, and said once. */
static void
dump_full_disk(void **state)
{
	static const char why[] = "/dev/full: cannot write: No space left on device";
	struct bytes bytes = bytes_of(MACS ICMP4);
	struct frame frame = frame_of(&bytes, 1);
	struct capture_dump *dump;
	char err[ERR_SIZE];
	int i, failures = 0;

	(void)state;
	assert_int_equal(capture_dump_open("/nonexistent/x", true, &dump, err), -1);
	assert_string_equal(err, "/nonexistent/x: No such file or directory");

	assert_int_equal(capture_dump_open("/dev/full", true, &dump, err), 0);
	for (i = 0; i < 1000; i++)
		failures += capture_dump_write(dump, &frame, err) == -1;
	assert_int_equal(failures, 1);
	assert_string_equal(err, why);
	assert_int_equal(capture_dump_close(dump, err), 0);

	assert_int_equal(capture_dump_open("/dev/full", true, &dump, err), 0);
	assert_int_equal(capture_dump_write(dump, &frame, err), 0);
	err[0] = '\0';
	assert_int_equal(capture_dump_close(dump, err), -1);
	assert_string_equal(err, why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_matches),
		cmocka_unit_test(filter_counts_unmatchable),
		cmocka_unit_test(filter_covers_links),
		cmocka_unit_test(filter_refused),
		cmocka_unit_test(link_types),
		cmocka_unit_test(kernel_filter_passes),
		cmocka_unit_test(kernel_filter_follows_ethertypes),
		cmocka_unit_test(kernel_filter_follows_protocols),
		cmocka_unit_test(kernel_filter_follows_ppp),
		cmocka_unit_test(kernel_filter_refused),
		cmocka_unit_test(kernel_filter_flows),
		cmocka_unit_test(kernel_filter_open),
		cmocka_unit_test(program_limits),
		cmocka_unit_test(dump_writes),
		cmocka_unit_test(dump_empty),
		cmocka_unit_test(dump_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
