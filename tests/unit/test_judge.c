/*
 * Rules that well-formed messages break: a message for each, and one beside it
 * that keeps the rule. What is expected is the whole set of anomalies, so a
 * false alarm fails as a missing one does.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/icmp.h"
#include "decoders/judge.h"
#include "tests/wire.h"

#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW 101
#define SIZE 2048
#define TEXT_SIZE 512
#define QUOTED_TTL_AT 16 /* in an error about IPv4 */

#define LL1 "fe80::1"
#define LL2 "fe80::2"
#define G1 "2001:db8::1"
#define G2 "2001:db8::2"

/* Addresses as octets. */
#define H_LL2 "fe800000 00000000 00000000 00000002"
#define H_G1 "20010db8 00000000 00000000 00000001"
#define H_G2 "20010db8 00000000 00000000 00000002"
#define H_NET "20010db8 00000000 00000000 00000000"
#define H_GROUP "ff020000 00000000 00000000 000000fb"
#define H_NOBODY "00000000 00000000 00000000 00000000"
#define MAC_OPTION "0101 00005e005301"

/* The fields of a Router Advertisement. */
#define RA "86000000 40000708 00000000 00000000"

/* Quoted datagrams; a checksum of zero is never judged. */
#define Q4_HEAD "45000030 00010000"
#define Q4_ENDS "c0000201 c6336409"
#define UDP "13881770 001c0000"
#define Q4 Q4_HEAD "01110000" Q4_ENDS UDP
#define Q6_HEAD "60000000 001c1101"
#define Q6 Q6_HEAD H_G1 H_G2 UDP

/* A hop-by-hop header with the Router Alert option (RFC 2711). */
static const uint8_t router_alert[] = { IP_PROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0 };
/* A fragment header that is the whole datagram (RFC 6946). */
static const uint8_t atomic_fragment[] = { IP_PROTO_ICMPV6, 0, 0, 0, 0, 0, 0, 7 };

struct judge_case {
	const char *name;
	struct wire_ip ip;
	const char *hex;      /* the message, its checksum zero */
	const char *expected; /* slugs in the order of the table */
};

#define IP4(s, d) { .source = (s), .destination = (d) }
#define IP6(s, d, t) { .source = (s), .destination = (d), .ttl = (t) }
#define ALERT(s, d) \
	{ .source = (s), .destination = (d), .ttl = 1, .options = router_alert, \
	  .options_len = sizeof router_alert }
#define ERROR4 IP4("203.0.113.1", "192.0.2.1")
#define ERROR6 IP6("2001:db8:f::1", G1, 64)

/* clang-format off */
static const struct judge_case header_cases[] = {
	{ "echo", IP4("192.0.2.1", "192.0.2.2"), "08000000 00070001", "" },
	{ "echo, code 5", IP4("192.0.2.1", "192.0.2.2"), "08050000 00070001", "unknown_code" },
	{ "echo to a group", IP4("192.0.2.1", "224.0.0.1"), "08000000 00070001",
	  "destination_not_unicast" },
	{ "echo to everyone", IP4("192.0.2.1", "255.255.255.255"), "08000000 00070001",
	  "destination_not_unicast" },
	{ "echo to a group, IPv6", IP6(LL1, "ff02::1", 64), "80000000 00070001",
	  "destination_not_unicast" },
	{ "from a group", IP4("224.0.0.1", "192.0.2.2"), "08000000 00070001",
	  "source_not_unicast" },
	{ "from class E", IP4("240.0.0.1", "192.0.2.2"), "08000000 00070001",
	  "source_not_unicast" },
	{ "from everyone", IP4("255.255.255.255", "192.0.2.2"), "00000000 00070001",
	  "source_not_unicast" },
	{ "from a group, IPv6", IP6("ff02::1", G1, 64), "80000000 00070001",
	  "source_not_unicast" },
	{ "from nobody", IP4("0.0.0.0", "192.0.2.2"), "08000000 00070001", "source_unspecified" },
	{ "from nobody, IPv6", IP6("::", G1, 64), "80000000 00070001", "source_unspecified" },
	{ "mask request from nobody", IP4("0.0.0.0", "255.255.255.255"),
	  "11000000 00070001 00000000", "deprecated_type" },
	{ "unassigned", IP4("192.0.2.1", "192.0.2.2"), "2c000000 00070001", "unknown_type" },
	{ "router solicitation to routers", { .source = "0.0.0.0", .destination = "224.0.0.2",
	  .ttl = 1 }, "0a000000 00000000", "" },
	{ "... from afar", IP4("192.0.2.1", "224.0.0.2"), "0a000000 00000000", "hop_limit_not_1" },
	{ "... to one", IP4("192.0.2.1", "192.0.2.2"), "0a000000 00000000", "" },
	{ "advertisement of nothing", IP4("192.0.2.1", "192.0.2.2"), "09000000 00020708",
	  "value_out_of_range" },
	{ "... of a mobility agent", IP4("192.0.2.1", "192.0.2.2"),
	  "09100000 00020708 10060001 07080000", "" },
	{ "timestamp", IP4("192.0.2.1", "192.0.2.2"),
	  "0d000000 00070001 05265bff 00000000 00000000", "" },
	{ "... past midnight", IP4("192.0.2.1", "192.0.2.2"),
	  "0d000000 00070001 05265c00 00000000 00000000", "nonstandard_timestamp" },
	{ "... by its own account", IP4("192.0.2.1", "192.0.2.2"),
	  "0e000000 00070001 00000001 80000001 80000001", "nonstandard_timestamp" },
	{ "ICMPv6 in IPv4", { .source = "192.0.2.1", .destination = "192.0.2.2",
	  .protocol = IP_PROTO_ICMPV6 }, "88000000 40000000" H_LL2, "wrong_ip_version" },
	{ "duplicate address request", IP6(G1, G2, 64),
	  "9d000000 00000001 0102030405060708" H_G1, "" },
	{ "... by neighbors", IP6(LL1, G2, 64), "9d000000 00000001 0102030405060708" H_G1,
	  "link_local_address" },
	{ "... of 256 bits", IP6(G1, G2, 64),
	  "9d040000 00000001 0102030405060708 0102030405060708 0102030405060708 0102030405060708"
	  H_G1, "" },
	{ "... of 256 bits that are 64", IP6(G1, G2, 64),
	  "9d040000 00000001 0102030405060708" H_G1, "truncated_message" },
	{ "... of how many bits", IP6(G1, G2, 64), "9d050000 00000001 0102030405060708" H_G1,
	  "unknown_value" },
	{ "mobility of no known kind", IP4("192.0.2.1", "192.0.2.2"), "29000000 09000000",
	  "unknown_value" },
	{ "interface up", IP4("192.0.2.1", "192.0.2.2"), "2b000000 00070107", "" },
	{ "... that is none", IP4("192.0.2.1", "192.0.2.2"), "2b020000 00070107",
	  "fields_contradict" },
	{ "... that speaks IPv4 while down", IP4("192.0.2.1", "192.0.2.2"),
	  "2b000000 00070102", "fields_contradict" },
	{ "neighbor reachable", IP4("192.0.2.1", "192.0.2.2"), "2b000000 00070140", "" },
	{ "... and an interface", IP4("192.0.2.1", "192.0.2.2"), "2b000000 00070144",
	  "fields_contradict" },
	{ "... in no known state", IP4("192.0.2.1", "192.0.2.2"), "2b000000 000701e0",
	  "unknown_value" },
	{ "router and preference", { .source = "192.0.2.1", .destination = "224.0.0.1", .ttl = 1 },
	  "09000000 01020708 c0000201 00000000", "" },
	{ "... without preference", { .source = "192.0.2.1", .destination = "224.0.0.1",
	  .ttl = 1 }, "09000000 01010708 c0000201", "bad_option_length" },
};

static const struct judge_case neighbor_cases[] = {
	{ "solicitation", IP6(LL1, LL2, 255), "87000000 00000000" H_LL2 MAC_OPTION, "" },
	{ "... from afar", IP6(LL1, LL2, 254), "87000000 00000000" H_LL2, "hop_limit_not_255" },
	{ "... for a group", IP6(LL1, LL2, 255), "87000000 00000000" H_GROUP, "target_multicast" },
	{ "... that subscribes to it", IP6(LL1, LL2, 255),
	  "87000000 00000000" H_GROUP MAC_OPTION "21020000 11010258 0102030405060708", "" },
	{ "... that registers it as a host", IP6(LL1, LL2, 255),
	  "87000000 00000000" H_GROUP MAC_OPTION "21020000 01010258 0102030405060708",
	  "target_multicast" },
	{ "... that probes", IP6("::", "ff02::1:ff00:2", 255), "87000000 00000000" H_LL2, "" },
	{ "... that probes by all", IP6("::", "ff02::1", 255), "87000000 00000000" H_LL2,
	  "not_solicited_node" },
	{ "... that probes with a MAC", IP6("::", "ff02::1:ff00:2", 255),
	  "87000000 00000000" H_LL2 MAC_OPTION, "link_address_without_source" },
	{ "... in a fragment", { .source = LL1, .destination = LL2, .ttl = 255,
	  .options = atomic_fragment, .options_len = sizeof atomic_fragment,
	  .protocol = IP_PROTO_FRAGMENT }, "87000000 00000000" H_LL2,
	  "fragmented_neighbor_discovery" },
	{ "advertisement", IP6(LL1, LL2, 255), "88000000 60000000" H_LL2, "" },
	{ "... to all", IP6(LL1, "ff02::1", 255), "88000000 20000000" H_LL2, "" },
	{ "... to all, as solicited", IP6(LL1, "ff02::1", 255), "88000000 60000000" H_LL2,
	  "solicited_to_multicast" },
	{ "... of a group", IP6(LL1, LL2, 255), "88000000 20000000" H_GROUP, "target_multicast" },
	{ "... of a subscription", IP6(LL1, LL2, 255),
	  "88000000 40000000" H_GROUP "21020000 11010258 0102030405060708", "" },
	{ "... from nobody", IP6("::", LL2, 255), "88000000 20000000" H_LL2,
	  "source_unspecified" },
	{ "router solicitation", IP6("::", "ff02::2", 255), "85000000 00000000", "" },
	{ "... with a MAC", IP6("::", "ff02::2", 255), "85000000 00000000" MAC_OPTION,
	  "link_address_without_source" },
	{ "... with a MAC and an address", IP6(LL1, "ff02::2", 255),
	  "85000000 00000000" MAC_OPTION, "" },
	{ "router advertisement", IP6(LL1, "ff02::1", 255),
	  "86000000 40000708 00000000 00000000", "" },
	{ "... of no neighbor", IP6(G1, "ff02::1", 255), "86000000 40000708 00000000 00000000",
	  "source_not_link_local" },
	{ "... of two hours' reach", IP6(LL1, "ff02::1", 255),
	  "86000000 40000708 0036ee81 00000000", "value_out_of_range" },
	{ "... of a reserved preference", IP6(LL1, "ff02::1", 255),
	  "86000000 40100708 00000000 00000000", "value_out_of_range" },
	{ "... of a prefix", IP6(LL1, "ff02::1", 255), RA "030440c0 00000002 00000001 00000000"
	  H_NET, "" },
	{ "... of one preferred when invalid", IP6(LL1, "ff02::1", 255),
	  RA "030440c0 00000001 00000002 00000000" H_NET, "fields_contradict" },
	{ "... of the default route", IP6(LL1, "ff02::1", 255), RA "18010000 00000258", "" },
	{ "... of a route", IP6(LL1, "ff02::1", 255), RA "18024000 00000258 20010db8 00000000",
	  "" },
	{ "... of one with room", IP6(LL1, "ff02::1", 255), RA "18034000 00000258" H_NET, "" },
	{ "... of one left out", IP6(LL1, "ff02::1", 255), RA "18014000 00000258",
	  "bad_option_length" },
	{ "... of one cut short", IP6(LL1, "ff02::1", 255),
	  RA "18024100 00000258 20010db8 00000000", "bad_option_length" },
	{ "... of one too long", IP6(LL1, "ff02::1", 255), RA "18038100 00000258" H_NET,
	  "value_out_of_range" },
	{ "... of a context", IP6(LL1, "ff02::1", 255), RA "22024010 0000003c 20010db8 00000000",
	  "" },
	{ "... of one cut short, 6LoWPAN", IP6(LL1, "ff02::1", 255),
	  RA "22024110 0000003c 20010db8 00000000", "bad_option_length" },
	{ "redirect to a router", IP6(LL1, G1, 255), "89000000 00000000" H_LL2 H_G2, "" },
	{ "... to the destination", IP6(LL1, G1, 255), "89000000 00000000" H_G2 H_G2, "" },
	{ "... to a stranger", IP6(LL1, G1, 255), "89000000 00000000" H_G1 H_G2,
	  "redirect_bad_target" },
	{ "... of a group", IP6(LL1, G1, 255), "89000000 00000000" H_LL2 H_GROUP,
	  "target_multicast" },
	{ "... by no neighbor", IP6(G2, G1, 255), "89000000 00000000" H_LL2 H_G2,
	  "source_not_link_local" },
	{ "... with its cause", IP6(LL1, G1, 255),
	  "89000000 00000000" H_LL2 H_G2 "0408000000000000" Q6 "00000000 00000000", "" },
	{ "... with another's cause", IP6(LL1, G2, 255),
	  "89000000 00000000" H_LL2 H_G2 "0408000000000000" Q6 "00000000 00000000",
	  "quoted_source_mismatch" },
	{ "inverse solicitation", IP6(LL1, "ff02::1", 255),
	  "8d000000 00000000 0101 00005e005301 0201 00005e005302", "" },
	{ "... without its target", IP6(LL1, "ff02::1", 255), "8d000000 00000000" MAC_OPTION,
	  "missing_option" },
	{ "inverse advertisement without addresses", IP6(LL1, LL2, 255),
	  "8e000000 00000000 0101 00005e005301 0201 00005e005302", "missing_option" },
};

static const struct judge_case listener_cases[] = {
	{ "report", ALERT(LL1, "ff02::fb"), "83000000 00000000" H_GROUP, "" },
	{ "... from nobody", ALERT("::", "ff02::fb"), "83000000 00000000" H_GROUP, "" },
	{ "... without alert", IP6(LL1, "ff02::fb", 1), "83000000 00000000" H_GROUP,
	  "missing_router_alert" },
	{ "... from afar", IP6(LL1, "ff02::fb", 2), "83000000 00000000" H_GROUP,
	  "hop_limit_not_1 missing_router_alert" },
	{ "... of no neighbor", ALERT(G1, "ff02::fb"), "83000000 00000000" H_GROUP,
	  "source_not_link_local" },
	{ "... of no group", ALERT(LL1, "ff02::fb"), "83000000 00000000" H_G1,
	  "group_not_multicast" },
	{ "report of version 2", ALERT(LL1, "ff02::16"), "8f000000 00000001 04000000" H_GROUP,
	  "" },
	{ "... of no group", ALERT(LL1, "ff02::16"),
	  "8f000000 00000002 04000000" H_GROUP "04000000" H_G1, "group_not_multicast" },
	{ "query for every group", ALERT(LL1, "ff02::1"), "82000000 03e80000" H_NOBODY, "" },
	{ "query for no group", ALERT(LL1, "ff02::1"), "82000000 03e80000" H_G1,
	  "group_not_multicast" },
	{ "query from nobody", ALERT("::", "ff02::1"), "82000000 03e80000" H_NOBODY,
	  "source_unspecified" },
	{ "router advertisement", ALERT(LL1, "ff02::6a"), "97040000 007d0002", "" },
	{ "... twice a second", ALERT(LL1, "ff02::6a"), "97030000 007d0002",
	  "value_out_of_range" },
};

static const struct judge_case error_cases[] = {
	{ "unreachable", ERROR4, "03010000 00000000" Q4, "" },
	{ "... about nothing", ERROR4, "03010000 00000000", "quote_missing" },
	{ "... about half a header", ERROR4, "03010000 00000000 45000030 00010000",
	  "quote_too_short" },
	{ "... about a header", ERROR4, "03010000 00000000" Q4_HEAD "01110000" Q4_ENDS,
	  "quote_too_short" },
	{ "... about a datagram of a header", ERROR4,
	  "03010000 00000000 45000014 00010000 01ff0000" Q4_ENDS, "" },
	{ "... about no header", ERROR4, "03010000 00000000 11110030 00010000 01110000" Q4_ENDS UDP,
	  "quote_malformed" },
	{ "... about a header too long", ERROR4,
	  "03010000 00000000 45000010 00010000 01110000" Q4_ENDS UDP, "quote_malformed" },
	{ "... about IPv6", ERROR4, "03010000 00000000" Q6, "quoted_wrong_ip_version" },
	{ "... about IPv4, in IPv6", ERROR6, "01000000 00000000" Q4, "quoted_wrong_ip_version" },
	{ "... about a good header", ERROR4,
	  "03010000 00000000" Q4_HEAD "0111cd7e" Q4_ENDS UDP, "" },
	{ "... about the header before its last hop", ERROR4,
	  "03010000 00000000" Q4_HEAD "0111cc7e" Q4_ENDS UDP, "" },
	{ "... about a bad header", ERROR4, "03010000 00000000" Q4_HEAD "01111234" Q4_ENDS UDP,
	  "quoted_bad_ip_checksum" },
	{ "... to another", IP4("203.0.113.1", "192.0.2.7"), "03010000 00000000" Q4,
	  "quoted_source_mismatch" },
	{ "... to many", IP4("203.0.113.1", "224.0.0.1"), "03010000 00000000" Q4,
	  "destination_not_unicast quoted_source_mismatch" },
	{ "... about a group", ERROR4,
	  "03010000 00000000" Q4_HEAD "01110000 c0000201 e00000fb" UDP, "error_about_multicast" },
	{ "... about a later fragment", ERROR4,
	  "03010000 00000000 45000030 00010010 01110000" Q4_ENDS UDP, "error_about_fragment" },
	{ "... about an error", ERROR4,
	  "03010000 00000000" Q4_HEAD "01010000" Q4_ENDS "03010000 00000000",
	  "error_about_error" },
	{ "... about a redirect, IPv6", ERROR6,
	  "01000000 00000000 60000000 00143a01" H_G1 H_G2 "89000000 00000000",
	  "error_about_error" },
	{ "... about loopback", ERROR4,
	  "03010000 00000000" Q4_HEAD "01110000 7f000001 c6336409" UDP,
	  "quoted_source_mismatch error_about_invalid_source" },
	{ "... on loopback", IP4("127.0.0.1", "127.0.0.1"),
	  "03030000 00000000" Q4_HEAD "01110000 7f000001 7f000001" UDP, "" },
	{ "... about the unspecified address", ERROR6,
	  "01000000 00000000" Q6_HEAD H_NOBODY H_G2 UDP,
	  "quoted_source_mismatch error_about_invalid_source" },
	{ "no port, says the destination", IP4("198.51.100.9", "192.0.2.1"),
	  "03030000 00000000" Q4, "" },
	{ "... says another", ERROR4, "03030000 00000000" Q4, "reporter_not_destination" },
	{ "no protocol, says another", ERROR4, "03020000 00000000" Q4,
	  "reporter_not_destination" },
	{ "prohibited, says another", ERROR4, "030d0000 00000000" Q4, "" },
	{ "no port, says another, IPv6", ERROR6, "01040000 00000000" Q6,
	  "reporter_not_destination" },
	{ "about more UDP than the datagram", ERROR4,
	  "03010000 00000000" Q4_HEAD "01110000" Q4_ENDS "13881770 001d0000",
	  "quoted_bad_length" },
	{ "about less UDP than its header", ERROR4,
	  "03010000 00000000" Q4_HEAD "01110000" Q4_ENDS "13881770 00070000",
	  "quoted_bad_length" },
	{ "about the first fragment of more UDP", ERROR4,
	  "03010000 00000000 45000030 00012000 01110000" Q4_ENDS "13881770 001d0000", "" },
	{ "about TCP without room for its header", ERROR4,
	  "03010000 00000000 45000027 00010000 01060000" Q4_ENDS "13881770 00000001",
	  "quoted_bad_length" },
	{ "about the shortest of TCP", ERROR4,
	  "03010000 00000000 45000028 00010000 01060000" Q4_ENDS "13881770 00000001", "" },
	{ "about the first fragment of TCP", ERROR4,
	  "03010000 00000000 4500001c 00012000 01060000" Q4_ENDS "13881770 00000001", "" },
	{ "about TCP without room for its header, IPv6", ERROR6,
	  "01000000 00000000 60000000 00080601" H_G1 H_G2 "13881770 00000001",
	  "quoted_bad_length" },
	{ "about a jumbogram", ERROR6,
	  "01000000 00000000" Q6_HEAD H_G1 H_G2 "13881770 00000000", "" },
	{ "fragmentation needed", ERROR4,
	  "03040000 00000578 450005dc 00014000 40110000" Q4_ENDS UDP, "" },
	{ "... no MTU", ERROR4, "03040000 00000000 450005dc 00014000 40110000" Q4_ENDS UDP,
	  "mtu_missing" },
	{ "... MTU 67", ERROR4, "03040000 00000043 450005dc 00014000 40110000" Q4_ENDS UDP,
	  "bad_mtu" },
	{ "... MTU 68", ERROR4, "03040000 00000044 450005dc 00014000 40110000" Q4_ENDS UDP,
	  "small_mtu" },
	{ "... MTU 576", ERROR4, "03040000 00000240 450005dc 00014000 40110000" Q4_ENDS UDP, "" },
	{ "... MTU enough", ERROR4, "03040000 000005dc 450005dc 00014000 40110000" Q4_ENDS UDP,
	  "mtu_not_exceeded" },
	{ "... about an Authentication Header", ERROR4,
	  "03010000 00000000" Q4_HEAD "01330000" Q4_ENDS "11040000 00000001", "" },
	{ "... about the whole of one", ERROR4,
	  "03010000 00000000 45000060 00010000 01330000" Q4_ENDS
	  "11040000 00000001 00000001 00000000 00000000 00000000", "" },
	{ "... about half a chain", ERROR6,
	  "01000000 00000000 60000000 01000040" H_G1 H_G2 "11010104 00000000",
	  "quote_too_short" },
	{ "... about a chain alone", ERROR6,
	  "01000000 00000000 60000000 01000040" H_G1 H_G2 "11000104 00000000",
	  "quote_too_short" },
	{ "... about a chain and ports", ERROR6,
	  "01000000 00000000 60000000 01000040" H_G1 H_G2 "11000104 00000000" UDP, "" },
	{ "... about a fragment of half a chain", ERROR6,
	  "04030000 00000028 60000000 00102c40" H_G1 H_G2 "3c000001 00000001 11010104 00000000",
	  "" },
	{ "private error", ERROR6, "64000000 00000000" Q6, "" },
	{ "... about a group", ERROR6, "64000000 00000000" Q6_HEAD H_G1 H_GROUP UDP,
	  "error_about_multicast" },
	{ "... about what is not told", ERROR6, "64000000 60000000 00000000", "" },
	{ "... about what another sent", ERROR6,
	  "64000000 00000000" Q6_HEAD H_G2 H_G1 UDP, "" },
	{ "unassigned error about an error", ERROR6,
	  "63000000 00000000 60000000 00143a01" H_G1 H_G2 "01000000 00000000",
	  "unknown_type error_about_error" },
	{ "too big", ERROR6, "02000000 00000500 60000000 05b41101" H_G1 H_G2 UDP, "" },
	{ "... MTU 1279", ERROR6, "02000000 000004ff 60000000 05b41101" H_G1 H_G2 UDP, "bad_mtu" },
	{ "... about a group", ERROR6, "02000000 00000500 60000000 05b41101" H_G1 H_GROUP UDP,
	  "" },
	{ "... about a jumbogram", ERROR6, "02000000 0000ffff 60000000 00000001" H_G1 H_G2
	  "1100c204 00011170" UDP, "" },
	{ "... about a jumbogram that fits", ERROR6,
	  "02000000 00020000 60000000 00000001" H_G1 H_G2 "1100c204 00011170" UDP,
	  "mtu_not_exceeded" },
	{ "time exceeded", ERROR4, "0b000000 00000000" Q4, "" },
	{ "... with hops left", ERROR4, "0b000000 00000000" Q4_HEAD "02110000" Q4_ENDS UDP,
	  "quoted_ttl_left" },
	{ "... of reassembly", ERROR4, "0b010000 00000000" Q4_HEAD "40110000" Q4_ENDS UDP, "" },
	{ "pointer at the end", ERROR4, "0c000000 2f000000" Q4, "" },
	{ "pointer past the end", ERROR4, "0c000000 30000000" Q4, "pointer_outside_quote" },
	{ "no pointer by the code", ERROR4, "0c010000 30000000" Q4, "" },
};

static const struct judge_case redirect_cases[] = {
	{ "redirect", IP4("192.0.2.254", "192.0.2.1"), "05010000 c00002fd" Q4, "" },
	{ "... for a network", IP4("192.0.2.254", "192.0.2.1"), "05000000 c00002fd" Q4,
	  "redirect_for_network" },
	{ "... for a network and service", IP4("192.0.2.254", "192.0.2.1"),
	  "05020000 c00002fd" Q4, "redirect_for_network" },
	{ "... to its sender", IP4("192.0.2.254", "192.0.2.1"), "05010000 c00002fe" Q4,
	  "redirect_to_self" },
	{ "... to its receiver", IP4("192.0.2.254", "192.0.2.1"), "05010000 c0000201" Q4,
	  "redirect_to_self" },
	{ "... to a group", IP4("192.0.2.254", "192.0.2.1"), "05010000 e0000002" Q4,
	  "redirect_bad_gateway" },
	{ "... to nobody", IP4("192.0.2.254", "192.0.2.1"), "05010000 00000000" Q4,
	  "redirect_bad_gateway" },
	{ "... to another net", IP4("192.0.2.254", "192.0.2.1"), "05010000 0a000001" Q4,
	  "redirect_off_link" },
};
/* clang-format on */

/* Two hex digits an octet, blanks ignored. */
static void
put_hex(struct wire *w, const char *hex)
{
	char digits[3] = { 0 };
	uint8_t octet;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		digits[0] = *hex++;
		digits[1] = *hex;
		octet = (uint8_t)strtoul(digits, NULL, 16);
		wire_bytes(w, &octet, 1);
	}
}

/* Decodes an exactly sized copy of which the capture kept `captured` octets. */
static void
decode(const struct wire *w, uint32_t link_type, uint32_t captured, struct icmp_msg *out)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	const struct frame frame = {
		.bytes = copy, .captured = captured, .length = w->len, .link_type = link_type,
	};
	struct packet *packet = malloc(sizeof *packet);

	assert_non_null(copy);
	assert_non_null(packet);
	memcpy(copy, w->bytes, captured);
	assert_int_equal(packet_walk(&frame, packet), PACKET_ICMP);
	icmp_decode(packet, out);
	free(packet);
	free(copy);
}

static void
list_slugs(const struct anomalies *anomalies, char out[TEXT_SIZE])
{
	size_t len = 0;
	int i;

	out[0] = '\0';
	for (i = 0; i < ANOMALY_COUNT; i++)
		if (anomalies_has(anomalies, (enum anomaly)i))
			len += (size_t)snprintf(out + len, TEXT_SIZE - len, "%s%s",
			    len > 0 ? " " : "", anomaly_type((enum anomaly)i)->slug);
}

static void
build(const struct judge_case *c, struct wire *w)
{
	put_hex(w, c->hex);
	if (strchr(c->ip.source, ':') != NULL)
		wire_ip6(w, &c->ip);
	else
		wire_ip4(w, &c->ip);
	assert_false(w->failed);
}

static void
run_cases(const struct judge_case *cases, size_t count)
{
	uint8_t buffer[SIZE];
	char found[TEXT_SIZE];
	struct icmp_msg msg;
	size_t i;

	for (i = 0; i < count; i++) {
		struct wire w = wire_over(buffer, sizeof buffer);

		build(&cases[i], &w);
		decode(&w, LINKTYPE_RAW, w.len, &msg);
		list_slugs(&msg.anomalies, found);
		if (strcmp(found, cases[i].expected) != 0)
			print_error("case: %s\n", cases[i].name);
		assert_string_equal(found, cases[i].expected);
	}
}

#define RUN(cases) run_cases(cases, sizeof(cases) / sizeof((cases)[0]))

static void
judges_headers(void **state)
{
	(void)state;
	RUN(header_cases);
}

static void
judges_neighbors(void **state)
{
	(void)state;
	RUN(neighbor_cases);
}

static void
judges_listeners(void **state)
{
	(void)state;
	RUN(listener_cases);
}

static void
judges_errors(void **state)
{
	(void)state;
	RUN(error_cases);
}

static void
judges_redirects(void **state)
{
	(void)state;
	RUN(redirect_cases);
}

/* A net's own broadcast address shows only by the frame's. */
static void
judges_broadcast_frames(void **state)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const struct {
		const char *destination;
		bool is_broadcast;
		const char *expected;
	} cases[] = {
		{ "192.0.2.255", true, "destination_not_unicast" },
		{ "192.0.2.0", true, "destination_not_unicast" },
		{ "192.0.2.255", false, "" },
		{ "192.0.2.9", true, "" },
	};
	uint8_t buffer[SIZE];
	char found[TEXT_SIZE];
	struct icmp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct wire_ip ip = {
			.source = "192.0.2.1", .destination = cases[i].destination,
		};
		struct wire w = wire_over(buffer, sizeof buffer);

		put_hex(&w, "08000000 00070001");
		wire_ip4(&w, &ip);
		wire_ethernet(&w, 0x0800);
		if (cases[i].is_broadcast)
			memcpy(w.bytes, broadcast, sizeof broadcast);
		decode(&w, LINKTYPE_ETHERNET, w.len, &msg);
		list_slugs(&msg.anomalies, found);
		assert_string_equal(found, cases[i].expected);
	}
}

/* An error about 128 octets of a datagram, with these objects behind them. */
static void
put_extended(struct wire *w, const char *objects, bool has_checksum)
{
	uint8_t inner[256];
	struct wire o = wire_over(inner, sizeof inner);
	uint32_t at;

	put_hex(w, "0b000000 00200000 450005dc 00010000 01110000" Q4_ENDS UDP);
	wire_pad(w, 8 + 128);
	at = w->len;
	put_hex(&o, objects);
	wire_extension(w, &o);
	if (!has_checksum)
		wire_put(w, at + 2, 0, 2);
}

static void
judges_extensions(void **state)
{
	static const struct {
		const char *objects;
		bool has_checksum;
		const char *expected;
	} cases[] = {
		{ "00080101 00010102", true, "" },
		{ "00080101 00010102", false, "extension_no_checksum" },
		{ "00080208 00000001 00080288 00000002", true, "" },
		{ "00080208 00000001 00080208 00000002", true, "duplicate_interface_role" },
	};
	const struct wire_ip ip = ERROR4;
	uint8_t buffer[SIZE];
	char found[TEXT_SIZE];
	struct icmp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct wire w = wire_over(buffer, sizeof buffer);

		put_extended(&w, cases[i].objects, cases[i].has_checksum);
		wire_ip4(&w, &ip);
		assert_false(w.failed);
		decode(&w, LINKTYPE_RAW, w.len, &msg);
		list_slugs(&msg.anomalies, found);
		assert_string_equal(found, cases[i].expected);
	}
}

/*
 * Whatever the snap length leaves of it, a message that breaks no rule is
 * never said to break one.
 */
static void
blames_no_one_for_the_snap_length(void **state)
{
	static const struct {
		const struct judge_case *cases;
		size_t count;
	} groups[] = {
		{ header_cases, sizeof header_cases / sizeof header_cases[0] },
		{ neighbor_cases, sizeof neighbor_cases / sizeof neighbor_cases[0] },
		{ listener_cases, sizeof listener_cases / sizeof listener_cases[0] },
		{ error_cases, sizeof error_cases / sizeof error_cases[0] },
		{ redirect_cases, sizeof redirect_cases / sizeof redirect_cases[0] },
	};
	uint8_t buffer[SIZE];
	char found[TEXT_SIZE];
	struct icmp_msg msg;
	size_t g, i;
	uint32_t len, header_len;

	(void)state;
	for (g = 0; g < sizeof groups / sizeof groups[0]; g++)
		for (i = 0; i < groups[g].count; i++) {
			const struct judge_case *c = &groups[g].cases[i];
			struct wire w = wire_over(buffer, sizeof buffer);

			if (c->expected[0] != '\0')
				continue;
			build(c, &w);
			header_len = (strchr(c->ip.source, ':') != NULL ? 40 : 20) +
			    c->ip.options_len;
			for (len = header_len; len < w.len; len++) {
				decode(&w, LINKTYPE_RAW, len, &msg);
				list_slugs(&msg.anomalies, found);
				if (strcmp(found, "truncated_capture") != 0)
					print_error("case: %s at %u\n", c->name, (unsigned)len);
				assert_string_equal(found, "truncated_capture");
			}
		}
}

/* The same where objects explain the TTL that the quoted datagram had left. */
static void
blames_no_one_for_missing_objects(void **state)
{
	static const char *const objects[] = {
		"00080101 00010102",
		"00080208 00000001 00080101 00010102",
	};
	const struct wire_ip ip = ERROR4;
	uint8_t buffer[SIZE];
	char found[TEXT_SIZE];
	struct icmp_msg msg;
	uint32_t len;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof objects / sizeof objects[0]; i++) {
		struct wire w = wire_over(buffer, sizeof buffer);

		put_extended(&w, objects[i], true);
		wire_put(&w, QUOTED_TTL_AT, 64, 1);
		wire_ip4(&w, &ip);
		for (len = 20; len < w.len; len++) {
			decode(&w, LINKTYPE_RAW, len, &msg);
			list_slugs(&msg.anomalies, found);
			assert_string_equal(found, "truncated_capture");
		}
		decode(&w, LINKTYPE_RAW, w.len, &msg);
		assert_false(anomalies_any(&msg.anomalies));
	}
}

/* Every rule names fields that its row has, and an anomaly. */
static void
names_fields_that_exist(void **state)
{
	const struct icmp_type *row;
	const struct icmp_rule *rule;
	const struct field *field;
	uint8_t version;

	(void)state;
	for (version = 4; version <= 6; version += 2)
		for (row = icmp_types(version); row->name != NULL; row++) {
			if (row->rules == NULL)
				continue;
			for (rule = row->rules; rule->kind != RULE_END; rule++) {
				assert_in_range(rule->kind, RULE_END + 1, RULE_KINDS - 1);
				assert_true(rule->anomaly < ANOMALY_COUNT);
				if (rule->field == NULL)
					continue;
				for (field = row->fields; field->name != NULL; field++)
					if (strcmp(field->name, rule->field) == 0)
						break;
				assert_non_null(field->name);
			}
		}
}

static void
explains_every_anomaly(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < ANOMALY_COUNT; i++) {
		const struct anomaly_type *row = anomaly_type((enum anomaly)i);

		assert_non_null(row->slug);
		assert_non_null(row->meaning);
		assert_non_null(row->who);
		for (j = 0; j < i; j++)
			assert_string_not_equal(row->slug, anomaly_type((enum anomaly)j)->slug);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_headers),
		cmocka_unit_test(judges_neighbors),
		cmocka_unit_test(judges_listeners),
		cmocka_unit_test(judges_errors),
		cmocka_unit_test(judges_redirects),
		cmocka_unit_test(judges_broadcast_frames),
		cmocka_unit_test(judges_extensions),
		cmocka_unit_test(blames_no_one_for_the_snap_length),
		cmocka_unit_test(blames_no_one_for_missing_objects),
		cmocka_unit_test(names_fields_that_exist),
		cmocka_unit_test(explains_every_anomaly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
