/*
 * The walk, from every link type through every tunnel: where it ends, the
 * path it took, and that any cut of any sample is blamed on the right party.
 * Each frame is an exactly sized heap copy, for the sanitizer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "tests/walk_cases.h"

#define JUMBLE_LEN 65535

/* clang-format off */
static const struct walk_case cases[] = {
	/* Link types. */
	{ "ethernet", 1, MACS "0800" PING4, PACKET_ICMP, "ethernet ipv4" },
	{ "ethernet v6", 1, MACS "86dd" PING6, PACKET_ICMP, "ethernet ipv6" },
	{ "ethernet arp", 1, MACS "0806" "0001080006040001", PACKET_OTHER, "ethernet" },
	{ "ethernet lldp", 1, MACS "88cc" "0207", PACKET_OTHER, "ethernet" },
	{ "ethernet macsec", 1, MACS "88e5" "2c000000", PACKET_OPAQUE, "ethernet macsec" },
	{ "ethernet type 1501", 1, MACS "05dd" PING4, PACKET_OTHER, "ethernet" },
	{ "sll", 113, "00000001000600005e00530100000800" PING4, PACKET_ICMP, "linux_sll ipv4" },
	{ "sll 802.2", 113, "00000001000600005e00530100000004" "aaaa03000000" "0800" PING4,
	    PACKET_ICMP, "linux_sll llc snap ipv4" },
	{ "sll vlan", 113, "00000001000600005e00530100008100" "000a0800" PING4, PACKET_ICMP,
	    "linux_sll vlan:10 ipv4" },
	{ "sll2", 276, "86dd0000000000020001000600005e0053010000" PING6, PACKET_ICMP,
	    "linux_sll2 ipv6" },
	{ "raw", 101, PING4, PACKET_ICMP, "raw ipv4" },
	{ "raw v6", 101, PING6, PACKET_ICMP, "raw ipv6" },
	{ "raw 12", 12, PING4, PACKET_ICMP, "raw ipv4" },
	{ "raw 14", 14, PING6, PACKET_ICMP, "raw ipv6" },
	{ "raw of version 0", 101, "00" PING4, PACKET_MALFORMED, "raw" },
	{ "ipv4", 228, PING4, PACKET_ICMP, "raw ipv4" },
	{ "ipv6", 229, PING6, PACKET_ICMP, "raw ipv6" },
	{ "null, little", 0, "02000000" PING4, PACKET_ICMP, "null ipv4" },
	{ "null, big", 0, "00000002" PING4, PACKET_ICMP, "null ipv4" },
	{ "null, linux", 0, "0a000000" PING6, PACKET_ICMP, "null ipv6" },
	{ "null, netbsd", 0, "18000000" PING6, PACKET_ICMP, "null ipv6" },
	{ "null, freebsd", 0, "1c000000" PING6, PACKET_ICMP, "null ipv6" },
	{ "null, darwin", 0, "1e000000" PING6, PACKET_ICMP, "null ipv6" },
	{ "null, other", 0, "07000000" PING6, PACKET_OTHER, "null" },
	{ "loop", 108, "00000018" PING6, PACKET_ICMP, "loop ipv6" },
	{ "ppp", 9, "ff030021" PING4, PACKET_ICMP, "ppp ipv4" },
	{ "ppp, short", 9, "0057" PING6, PACKET_ICMP, "ppp ipv6" },
	{ "ppp, compressed", 9, "21" PING4, PACKET_ICMP, "ppp ipv4" },
	{ "ppp lcp", 9, "ff03c0210101", PACKET_OTHER, "ppp" },
	{ "ppp mpls", 9, "ff030281" "00010140" PING4, PACKET_ICMP, "ppp mpls:16 ipv4" },
	{ "ppp multilink", 9, "ff03003d" "c0000001" "0021" PING4, PACKET_ICMP,
	    "ppp ppp_multilink ipv4" },
	{ "ppp multilink, short", 9, "003d" "c101" "57" PING6, PACKET_ICMP,
	    "ppp ppp_multilink ipv6" },
	{ "ppp multilink, last", 9, "ff03003d" "40000002" "0021" PING4, PACKET_LINK_FRAGMENT,
	    "ppp ppp_multilink" },
	{ "ppp, compressed datagram", 9, "ff0300fd" "0102", PACKET_OPAQUE, "ppp" },
	{ "ppp, encrypted", 9, "ff030053" "0102", PACKET_OPAQUE, "ppp" },
	{ "ppp serial", 50, "ff030021" PING4, PACKET_ICMP, "ppp ipv4" },
	{ "ppp serial, cisco", 50, "0f000800" PING4, PACKET_ICMP, "cisco_hdlc ipv4" },
	{ "cisco hdlc", 104, "8f0086dd" PING6, PACKET_ICMP, "cisco_hdlc ipv6" },
	{ "pppoe link", 51, "11000001001e0021" PING4, PACKET_ICMP, "pppoe ppp ipv4" },
	{ "unknown link", 9999, PING4, PACKET_UNKNOWN_LINK, "" },

	/* Between Ethernet and IP. */
	{ "vlan", 1, MACS "8100" "e00a0800" PING4, PACKET_ICMP, "ethernet vlan:10 ipv4" },
	{ "four tags", 1, MACS "88a8" "00018100" "00029100" "00039200" "0fff86dd" PING6,
	    PACKET_ICMP, "ethernet vlan:1 vlan:2 vlan:3 vlan:4095 ipv6" },
	{ "vlan snap", 1, MACS "8100" "00050024" "aaaa03000000" "0800" PING4, PACKET_ICMP,
	    "ethernet vlan:5 llc snap ipv4" },
	{ "snap", 1, MACS "0024" "aaaa03000000" "0800" PING4, PACKET_ICMP,
	    "ethernet llc snap ipv4" },
	{ "snap, bridged", 1, MACS "0024" "aaaa030000f8" "0800" PING4, PACKET_ICMP,
	    "ethernet llc snap ipv4" },
	{ "snap of cisco", 1, MACS "0024" "aaaa0300000c" "0800" PING4, PACKET_OTHER,
	    "ethernet llc snap" },
	{ "llc ip", 1, MACS "001f" "060603" PING4, PACKET_ICMP, "ethernet llc ipv4" },
	{ "llc stp", 1, MACS "0026" "42420300000000", PACKET_OTHER, "ethernet llc" },
	{ "novell", 1, MACS "001e" "ffff001e00", PACKET_OTHER, "ethernet" },
	{ "mpls stack", 1, MACS "8847" "00010040" "00064140" PING4, PACKET_ICMP,
	    "ethernet mpls:16 mpls:100 ipv4" },
	{ "mpls v6", 1, MACS "8848" "00002140" PING6, PACKET_ICMP, "ethernet mpls:2 ipv6" },
	{ "mpls pseudowire", 1, MACS "8847" "00010140" "00000000" BRIDGED4, PACKET_ICMP,
	    "ethernet mpls:16 ethernet ipv4" },
	{ "mpls unnamed", 1, MACS "8847" "00010140" "2000", PACKET_OPAQUE, "ethernet mpls:16" },
	{ "pppoe", 1, MACS "8864" "1100000100320057" PING6, PACKET_ICMP,
	    "ethernet pppoe ppp ipv6" },
	{ "pppoe, terminate", 1, MACS "8864" "11a700010000", PACKET_OTHER, "ethernet pppoe" },

	/* IP, and inside it. */
	{ "tcp", 101, OUTER4("0028", "06") "00500051", PACKET_OTHER, "raw ipv4" },
	{ "icmpv6 on ipv4", 101, OUTER4("001c", "3a") "8000000000070001", PACKET_ICMP, "raw ipv4" },
	{ "icmp on ipv6", 101, OUTER6("0008", "01") ECHO, PACKET_ICMP, "raw ipv6" },
	{ "no next header", 101, OUTER6("0000", "3b"), PACKET_OTHER, "raw ipv6" },
	{ "mobility", 101, OUTER6("0008", "87") "3b00000000000000", PACKET_OTHER, "raw ipv6" },
	{ "mobility, payload", 101, OUTER6("0038", "87") "2900000000000000" PING6, PACKET_ICMP,
	    "raw ipv6 ipv6" },
	{ "mobility on ipv4", 101, OUTER4("001c", "87") "3b00000000000000", PACKET_OTHER,
	    "raw ipv4" },
	{ "esp", 101, OUTER4("001c", "32") "0000000100000001", PACKET_OPAQUE, "raw ipv4" },
	{ "esp v6", 101, OUTER6("0008", "32") "0000000100000001", PACKET_OPAQUE, "raw ipv6" },
	{ "ah", 101, OUTER4("0028", "33") "010100000000000100000001" ECHO, PACKET_ICMP,
	    "raw ipv4 ah" },
	{ "ah v6, options behind", 101,
	    OUTER6("0028", "33") "3c04000000000001" "00000001000000000000000000000000"
	    "3a00010400000000" "8000000000070001", PACKET_ICMP, "raw ipv6 ah" },
	{ "ip in ip", 101, OUTER4("0030", "04") PING4, PACKET_ICMP, "raw ipv4 ipv4" },
	{ "6in4", 101, OUTER4("0044", "29") PING6, PACKET_ICMP, "raw ipv4 ipv6" },
	{ "4in6", 101, OUTER6("001c", "04") PING4, PACKET_ICMP, "raw ipv6 ipv4" },
	{ "6in6", 101, OUTER6("0030", "29") PING6, PACKET_ICMP, "raw ipv6 ipv6" },
	{ "mpls in ip", 101, OUTER4("0034", "89") "00010140" PING4, PACKET_ICMP,
	    "raw ipv4 mpls:16 ipv4" },
	{ "gre", 101, OUTER4("0034", "2f") "00000800" PING4, PACKET_ICMP, "raw ipv4 gre ipv4" },
	{ "gre, routes", 101, OUTER4("004a", "2f") "f0000800" "00000000" "00000001" "00000002"
	    "080000020102" "00000000" PING4, PACKET_ICMP, "raw ipv4 gre ipv4" },
	{ "gre v6", 101, OUTER6("0034", "2f") "000086dd" PING6, PACKET_ICMP, "raw ipv6 gre ipv6" },
	{ "gre bridged", 101, OUTER4("0042", "2f") "00006558" BRIDGED4, PACKET_ICMP,
	    "raw ipv4 gre ethernet ipv4" },
	{ "gre mpls", 101, OUTER4("0038", "2f") "00008847" "00010140" PING4, PACKET_ICMP,
	    "raw ipv4 gre mpls:16 ipv4" },
	{ "gre keepalive", 101, OUTER4("0018", "2f") "00000000", PACKET_OTHER, "raw ipv4 gre" },
	{ "gre version 2", 101, OUTER4("0034", "2f") "00020800" PING4, PACKET_OTHER,
	    "raw ipv4 gre" },
	{ "pptp", 101, OUTER4("0042", "2f") "3081880b" "001e0001" "00000001" "00000002"
	    "0021" PING4, PACKET_ICMP, "raw ipv4 gre ppp ipv4" },
	{ "pptp, acknowledgment", 101, OUTER4("0020", "2f") "2081880b" "00000001" "00000002",
	    PACKET_OTHER, "raw ipv4 gre" },
	{ "erspan 1", 101, OUTER4("0042", "2f") "000088be" BRIDGED4, PACKET_ICMP,
	    "raw ipv4 gre erspan ethernet ipv4" },
	{ "erspan 2", 101, OUTER4("004e", "2f") "100088be" "00000001" "1000000100000002" BRIDGED4,
	    PACKET_ICMP, "raw ipv4 gre erspan ethernet ipv4" },
	{ "erspan 3", 101, OUTER4("0052", "2f") "100022eb" "00000001" "200000010000000200000000"
	    BRIDGED4, PACKET_ICMP, "raw ipv4 gre erspan ethernet ipv4" },
	{ "erspan 3, subheader, ip", 101, OUTER4("004c", "2f") "100022eb" "00000001"
	    "200000010000000200000801" "0000000000000000" PING4, PACKET_ICMP,
	    "raw ipv4 gre erspan ipv4" },

	/* Fragments. */
	{ "fragment", 101, "4500001c0001200040010000" ENDS4 ECHO, PACKET_FRAGMENT, "raw ipv4" },
	{ "fragment, later", 101, "4500001c0001000340040000" ENDS4 ECHO, PACKET_FRAGMENT,
	    "raw ipv4" },
	{ "fragment of udp", 101, "4500001c0001200040110000" ENDS4 ECHO, PACKET_OTHER, "raw ipv4" },
	{ "fragment of esp", 101, "4500001c0001200040320000" ENDS4 ECHO, PACKET_OPAQUE,
	    "raw ipv4" },
	{ "fragment of options on ipv4", 101, "4500001c00012000403c0000" ENDS4 ECHO, PACKET_OTHER,
	    "raw ipv4" },
	{ "fragment v6", 101, OUTER6("0010", "2c") "3a00000900001234" ECHO, PACKET_FRAGMENT,
	    "raw ipv6" },
	{ "fragment v6, options", 101, OUTER6("0010", "2c") "3c00000100001234" ECHO,
	    PACKET_FRAGMENT, "raw ipv6" },
	{ "fragment v6 of tcp", 101, OUTER6("0010", "2c") "0600000100001234" ECHO, PACKET_OTHER,
	    "raw ipv6" },
	{ "atomic fragment", 101, OUTER6("0010", "2c") "3a00000000001234" "8000000000070001",
	    PACKET_ICMP, "raw ipv6" },
};
/* clang-format on */

#define CASE_COUNT (sizeof cases / sizeof cases[0])

static void
walks_every_sample(void **state)
{
	(void)state;
	walk_check_ends(cases, CASE_COUNT);
	assert_true(packet_link_known(1));
	assert_false(packet_link_known(9999));
}

static void
survives_every_cut(void **state)
{
	(void)state;
	walk_check_cuts(cases, CASE_COUNT);
}

static void
keeps_what_it_passed(void **state)
{
	static const struct mac source = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
	static const struct mac destination = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02 } };
	uint8_t bytes[WALK_FRAME_MAX];
	struct packet p;
	uint32_t len;

	(void)state;
	len = walk_bytes(MACS "88a8"
			    "00018100"
			    "00020800" OUTER4("006a", "2f") "00006558"
							    "ffffffffffffeeeeeeeeeeee"
							    "8100"
							    "00030800" OUTER4("0030", "04") PING4,
	    bytes);
	p = walk_cut(1, bytes, len, len);
	assert_int_equal(p.verdict, PACKET_ICMP);
	assert_true(p.has_source_mac && p.has_destination_mac);
	assert_memory_equal(&p.source_mac, &source, sizeof source);
	assert_memory_equal(&p.destination_mac, &destination, sizeof destination);
	assert_int_equal(p.vlan_count, 3);
	assert_int_equal(p.vlans[0], 1);
	assert_int_equal(p.vlans[2], 3);
	assert_int_equal(p.outer_count, 2);
	assert_int_equal(p.outer[1].source.bytes[3], 1);
	assert_int_equal(p.outer[1].destination.bytes[3], 2);
	assert_int_equal(p.ip.version, 4);
	assert_int_equal(p.ip.ttl, 0x40);
	assert_int_equal(p.fragment_count, 0);
	assert_null(p.fragments);
	assert_false(anomalies_has(&p.anomalies, ANOMALY_BAD_IP_CHECKSUM));

	len = walk_bytes(MACS "0806"
			    "0001",
	    bytes);
	p = walk_cut(1, bytes, len, len);
	assert_int_equal(p.ip.version, 0);
	len = walk_bytes("00000001000600005e00530100000800" PING4, bytes);
	p = walk_cut(113, bytes, len, len);
	assert_true(p.has_source_mac);
	assert_false(p.has_destination_mac);
	assert_memory_equal(&p.source_mac, &source, sizeof source);
	len = walk_bytes("00000304000000000000000000000800" PING4, bytes);
	p = walk_cut(113, bytes, len, len);
	assert_false(p.has_source_mac);
}

/* Anomalies of any header of the path stay on the packet and stop nothing. */
static void
notes_bad_headers(void **state)
{
	uint8_t bytes[WALK_FRAME_MAX];
	struct packet p;
	uint32_t len;

	(void)state;
	len = walk_bytes("45000030000100004004dead" ENDS4 PING4, bytes);
	p = walk_cut(101, bytes, len, len);
	assert_int_equal(p.verdict, PACKET_ICMP);
	assert_false(p.ip.checksum_bad);
	assert_true(anomalies_has(&p.anomalies, ANOMALY_BAD_IP_CHECKSUM));
	len = walk_bytes(OUTER4("0020", "04") PING4, bytes); /* the outer is too short */
	p = walk_cut(101, bytes, len, len);
	assert_int_equal(p.verdict, PACKET_MALFORMED);
	len = walk_bytes(OUTER4("002c", "04") PING4, bytes);
	p = walk_cut(101, bytes, len, len);
	assert_int_equal(p.verdict, PACKET_ICMP);
	assert_true(p.ip.length_bad);
	assert_int_equal(p.payload.claimed, 8);
	assert_int_equal(p.payload.captured, 4);
	assert_true(anomalies_has(&p.anomalies, ANOMALY_BAD_IP_LENGTH));
	/* PPTP gives its payload one octet less than the datagram in it. */
	len = walk_bytes(OUTER4("003e", "2f") "3001880b001d0001000000010021" PING4, bytes);
	p = walk_cut(101, bytes, len, len);
	assert_int_equal(p.verdict, PACKET_ICMP);
	assert_int_equal(p.payload.captured, 7);
}

static void
resumes_after_reassembly(void **state)
{
	uint8_t bytes[WALK_FRAME_MAX], whole[WALK_FRAME_MAX];
	struct frame frame = { .bytes = bytes, .link_type = 101 };
	uint32_t whole_len;
	struct packet p;

	(void)state;
	/* A fragment of IP in IP, whose inner datagram is a fragment again. */
	frame.captured = frame.length = walk_bytes("4500001c0001200040040000" ENDS4 ECHO, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_FRAGMENT);
	assert_int_equal(p.payload.claimed, 8);
	whole_len = walk_bytes("4500001c0002200040010000"
			     "c0000203c0000204" ECHO,
	    whole);
	assert_int_equal(
	    packet_resume(&p, cursor_over(whole, whole_len, whole_len)), PACKET_FRAGMENT);
	assert_int_equal(p.outer_count, 1);
	assert_int_equal(p.outer[0].source.bytes[3], 1);
	assert_int_equal(p.ip.source.bytes[3], 3);
	whole_len = walk_bytes(ECHO ECHO, whole);
	assert_int_equal(packet_resume(&p, cursor_over(whole, whole_len, whole_len)), PACKET_ICMP);
	assert_int_equal(p.payload.claimed, 16);
	assert_int_equal(p.ip.length, 36);
	assert_false(p.ip.is_fragment);

	/* IPv6: the chain goes on inside what was fragmented. */
	frame.captured = frame.length =
	    walk_bytes(OUTER6("0010", "2c") "3c00000100001234" ECHO, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_FRAGMENT);
	whole_len = walk_bytes("3a00010400000000"
			     "8000000000070001",
	    whole);
	assert_int_equal(packet_resume(&p, cursor_over(whole, whole_len, whole_len)), PACKET_ICMP);
	assert_int_equal(p.payload.claimed, 8);
	assert_int_equal(p.ip.protocol, IP_PROTO_ICMPV6);
	assert_int_equal(packet_walk(&frame, &p), PACKET_FRAGMENT);
	assert_int_equal(packet_resume(&p, cursor_over(whole, 4, 4)), PACKET_MALFORMED);
}

/* As large a frame as there is, of nothing but one header over and over. */
static void
ends_quickly(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name;
		uint32_t link_type;
		const char *first, *repeated;
		enum packet_verdict verdict;
	} nests[] = {
		{ "vlan", 1, MACS "8100", "00018100", PACKET_TOO_DEEP },
		{ "mpls", 1, MACS "8847", "00010040", PACKET_TOO_DEEP },
		{ "ip in ip", 101, "", "45000000000100004004f7e8" ENDS4, PACKET_TOO_DEEP },
		{ "6in6", 101, "", "60000000" "0000" "29" "40" ENDS6, PACKET_TOO_DEEP },
		{ "gre", 101, "", "4500000000010000402f0000" ENDS4 "00000800", PACKET_TOO_DEEP },
		{ "ah", 101, "4500000000010000403300000102030401020304", "3300000000000001",
		    PACKET_TOO_DEEP },
		{ "options", 101, OUTER6("0000", "3c"), "3c00010400000000", PACKET_MALFORMED },
		{ "options of 2 KiB", 101, OUTER6("0000", "00"), "00ff000000000000",
		    PACKET_MALFORMED },
		{ "atomic fragments", 101, OUTER6("0000", "2c"), "2c00000000000001",
		    PACKET_MALFORMED },
		{ "gre routes", 101, "4500000000010000402f000001020304010203044000080000000000",
		    "08000000", PACKET_MALFORMED },
		{ "ethernet in gre", 101, "", "4500000000010000402f0000" ENDS4 "00006558" MACS
		    "0800", PACKET_TOO_DEEP },
	};
	/* clang-format on */
	static uint8_t bytes[JUMBLE_LEN];
	struct packet packet;
	clock_t start = clock();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof nests / sizeof nests[0]; i++) {
		uint8_t unit[WALK_FRAME_MAX];
		uint32_t len = walk_bytes(nests[i].first, bytes);
		uint32_t unit_len = walk_bytes(nests[i].repeated, unit);

		for (; len + unit_len <= JUMBLE_LEN; len += unit_len)
			memcpy(bytes + len, unit, unit_len);
		packet = walk_cut(nests[i].link_type, bytes, len, len);
		if (packet.verdict != nests[i].verdict)
			fail_msg("%s: %s", nests[i].name, packet_verdict_name(packet.verdict));
		assert_in_range(packet.layer_count, 1, PACKET_LAYERS_MAX);
	}
	assert_true(clock() - start < CLOCKS_PER_SEC / 4);
}

static void
names_are_unique(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < LAYER_KINDS; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(
			    layer_name((enum layer_kind)i), layer_name((enum layer_kind)j));
	for (i = 0; i < PACKET_VERDICTS; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(packet_verdict_name((enum packet_verdict)i),
			    packet_verdict_name((enum packet_verdict)j));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_every_sample),
		cmocka_unit_test(survives_every_cut),
		cmocka_unit_test(keeps_what_it_passed),
		cmocka_unit_test(notes_bad_headers),
		cmocka_unit_test(resumes_after_reassembly),
		cmocka_unit_test(ends_quickly),
		cmocka_unit_test(names_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
