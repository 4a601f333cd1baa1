/*
 * The rarer link types: where the walk of each ends, and by which path; cut
 * at every octet; and frames of several datagrams.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "decoders/link.h"
#include "tests/walk_cases.h"

/* clang-format off */
#define ZERO8 "0000000000000000"
#define ZERO16 ZERO8 ZERO8
#define SNAP4 "aaaa030000000800" PING4 /* 36 octets */
#define SNAP6 "aaaa0300000086dd" PING6
#define BRIDGED6 MACS "86dd" PING6

/* 802.11: three addresses and the sequence number behind control and duration. */
#define WLAN(control) control "0000" "00005e00530200005e00530100005e0053ff" "1000"
#define SUBFRAME4 MACS "0024" SNAP4 /* 50 octets, so 2 more of padding */

#define JUNIPER "4d474300"

static const struct walk_case cases[] = {
	/* Local networks. */
	{ "token ring", 6, "1040" MACS SNAP4, PACKET_ICMP, "token_ring llc snap ipv4" },
	{ "token ring, routed", 6, "1040" "00005e00530280005e005301" "063000110022" SNAP6,
	    PACKET_ICMP, "token_ring llc snap ipv6" },
	{ "token ring, mac", 6, "1000" MACS "00", PACKET_OTHER, "token_ring" },
	{ "fddi", 10, "50" MACS SNAP4, PACKET_ICMP, "fddi llc snap ipv4" },
	{ "fddi, station management", 10, "41" MACS "00", PACKET_OTHER, "fddi" },
	{ "arcnet", 7, "0102d4" "000001" PING4, PACKET_ICMP, "arcnet ipv4" },
	{ "arcnet v6", 7, "0102c4" "000001" PING6, PACKET_ICMP, "arcnet ipv6" },
	{ "arcnet, exception", 7, "0102d4" "ffffffd4" "000001" PING4, PACKET_ICMP, "arcnet ipv4" },
	{ "arcnet, later fragment", 7, "0102d4" "020001" PING4, PACKET_LINK_FRAGMENT, "arcnet" },
	{ "arcnet, old", 7, "0102f0" PING4, PACKET_ICMP, "arcnet ipv4" },
	{ "arcnet, arp", 7, "0102d5" "000001" ZERO8, PACKET_OTHER, "arcnet" },
	{ "arcnet of linux", 129, "01020000d4" "000001" PING4, PACKET_ICMP, "arcnet ipv4" },
	{ "arcnet of linux, old", 129, "01020000f0" PING4, PACKET_ICMP, "arcnet ipv4" },
	{ "fibre channel", 122, ZERO16 SNAP4, PACKET_ICMP, "fibre_channel llc snap ipv4" },
	{ "ieee 1394", 138, ZERO16 "86dd" PING6, PACKET_ICMP, "ieee1394 ipv6" },
	{ "ipoib", 242, ZERO16 ZERO16 ZERO8 "08000000" PING4, PACKET_ICMP, "infiniband ipv4" },
	{ "netanalyzer", 240, "00000000" BRIDGED4, PACKET_ICMP, "netanalyzer ethernet ipv4" },
	{ "netanalyzer, preamble", 241, "00000000" "55555555555555d5" BRIDGED4, PACKET_ICMP,
	    "netanalyzer ethernet ipv4" },
	{ "broadcom tag", 281, MACS "20000001" "0800" PING4, PACKET_ICMP, "switch_tag ipv4" },
	{ "broadcom tag in front", 282, "20000001" BRIDGED6, PACKET_ICMP,
	    "switch_tag ethernet ipv6" },
	{ "dsa", 284, MACS "00080001" "0800" PING4, PACKET_ICMP, "switch_tag ipv4" },
	{ "dsa, llc", 284, MACS "00080001" "0024" SNAP4, PACKET_ICMP,
	    "switch_tag llc snap ipv4" },
	{ "edsa", 285, MACS "dada0000" "c0080001" "86dd" PING6, PACKET_ICMP, "switch_tag ipv6" },
	{ "mpacket", 274, "55555555555555d5" BRIDGED4, PACKET_ICMP, "mpacket ethernet ipv4" },
	{ "mpacket, continued", 274, "5555555555556100" BRIDGED4, PACKET_LINK_FRAGMENT,
	    "mpacket" },
	{ "mpacket, verify", 274, "5555555555555507" ZERO8, PACKET_OTHER, "mpacket" },
	{ "docsis, encrypted", 143, "0105002f" "4401800000" "0000" BRIDGED4, PACKET_OPAQUE,
	    "docsis" },
	{ "docsis, fragment", 143, "c600002a0000" BRIDGED4, PACKET_LINK_FRAGMENT, "docsis" },
	{ "docsis, management", 143, "c200002a0000" BRIDGED4, PACKET_OTHER, "docsis" },
	{ "docsis, atm", 143, "4000002a0000" BRIDGED4, PACKET_OTHER, "docsis" },
	{ "docsis, nothing", 143, "000000000000", PACKET_OTHER, "docsis" },

	/* Serial lines and wide area networks. */
	{ "slip", 8, ZERO16 PING4, PACKET_ICMP, "slip ipv4" },
	{ "slip, compressed tcp", 8, ZERO16 "8000", PACKET_OTHER, "slip" },
	{ "slip of bsd/os", 102, ZERO16 ZERO8 PING6, PACKET_ICMP, "slip ipv6" },
	{ "slip 15", 15, ZERO16 ZERO8 PING4, PACKET_ICMP, "slip ipv4" },
	{ "slip 15, shorter", 15, ZERO16 PING4, PACKET_ICMP, "slip ipv4" },
	{ "pppd", 166, "00030021" PING4, PACKET_ICMP, "ppp ipv4" },
	{ "ppp with direction", 204, "01ff030057" PING6, PACKET_ICMP, "ppp ipv6" },
	{ "cisco with direction", 205, "010f000800" PING4, PACKET_ICMP, "cisco_hdlc ipv4" },
	{ "frame relay", 107, "184103cc" PING4, PACKET_ICMP, "frame_relay nlpid ipv4" },
	{ "frame relay v6", 107, "1841038e" PING6, PACKET_ICMP, "frame_relay nlpid ipv6" },
	{ "frame relay, long address", 107, "1840404103cc" PING4, PACKET_ICMP,
	    "frame_relay nlpid ipv4" },
	{ "frame relay, endless address", 107, "184040404041", PACKET_MALFORMED, "frame_relay" },
	{ "frame relay, snap", 107, "1841030080" "000000" "0800" PING4, PACKET_ICMP,
	    "frame_relay nlpid snap ipv4" },
	{ "frame relay, bridged", 107, "1841030080" "0080c2" "0007" BRIDGED4, PACKET_ICMP,
	    "frame_relay nlpid snap ethernet ipv4" },
	{ "frame relay, other snap", 107, "1841030080" "00000c" "0800" PING4, PACKET_OTHER,
	    "frame_relay nlpid snap" },
	{ "frame relay, ppp", 107, "184103cf" "0021" PING4, PACKET_ICMP,
	    "frame_relay nlpid ppp ipv4" },
	{ "frame relay, fragment", 107, "184103b1" "8000" PING4, PACKET_LINK_FRAGMENT,
	    "frame_relay nlpid" },
	{ "frame relay, fragment in snap", 107, "1841030080" "0080c2" "000d" "00018000" PING4,
	    PACKET_LINK_FRAGMENT, "frame_relay nlpid snap" },
	{ "frame relay, compressed", 107, "184103b0" "8000", PACKET_OPAQUE,
	    "frame_relay nlpid" },
	{ "frame relay, cisco", 107, "18410800" PING4, PACKET_ICMP, "frame_relay ipv4" },
	{ "frame relay, signalling", 107, "00010308" "0075", PACKET_OTHER, "frame_relay nlpid" },
	{ "frame relay with direction", 206, "01184103cc" PING4, PACKET_ICMP,
	    "frame_relay nlpid ipv4" },
	{ "multilink frame relay", 182, "c101" "184103cc" PING4, PACKET_ICMP,
	    "multilink_frame_relay frame_relay nlpid ipv4" },
	{ "multilink, last", 182, "4102" "184103cc" PING4, PACKET_LINK_FRAGMENT,
	    "multilink_frame_relay" },
	{ "multilink, control", 182, "e10001", PACKET_OTHER, "multilink_frame_relay" },
	{ "atm", 100, SNAP4, PACKET_ICMP, "atm llc snap ipv4" },
	{ "atm 11", 11, SNAP6, PACKET_ICMP, "atm llc snap ipv6" },
	{ "atm, bridged", 100, "aaaa030080c20007" "0000" BRIDGED4, PACKET_ICMP,
	    "atm ethernet ipv4" },
	{ "atm, llc ip", 100, "060603" PING4, PACKET_ICMP, "atm llc ipv4" },
	{ "atm, nlpid", 100, "fefe03cf" "0021" PING4, PACKET_ICMP, "atm nlpid ppp ipv4" },
	{ "atm, nlpid of cisco", 100, "03cc" PING4, PACKET_ICMP, "atm nlpid ipv4" },
	{ "atm, ip", 100, PING4, PACKET_ICMP, "atm ipv4" },
	{ "classical ip", 106, SNAP4, PACKET_ICMP, "atm llc snap ipv4" },
	{ "classical ip 19", 19, PING4, PACKET_ICMP, "atm ipv4" },
	{ "sunatm", 123, "02000064" SNAP4, PACKET_ICMP, "atm llc snap ipv4" },
	{ "sunatm, lane", 123, "81000064" "0001" BRIDGED4, PACKET_ICMP,
	    "atm lane ethernet ipv4" },
	{ "sunatm, signalling", 123, "06000005" ZERO8, PACKET_OTHER, "atm" },

	/* What the capturing host puts in front. */
	{ "enc", 109, "02000000" ZERO8 PING4, PACKET_ICMP, "enc ipv4" },
	{ "enc, big", 109, "00000018" ZERO8 PING6, PACKET_ICMP, "enc ipv6" },
	{ "pflog", 117, "3d02" "0000" ZERO16 ZERO16 ZERO16 ZERO8 "00000000" PING4, PACKET_ICMP,
	    "pflog ipv4" },
	{ "pflog v6", 117, "301c" "0000" ZERO16 ZERO16 ZERO8 "00000000" PING6, PACKET_ICMP,
	    "pflog ipv6" },
	{ "ipnet", 226, "0102" "0000" ZERO16 "00000000" PING4, PACKET_ICMP, "ipnet ipv4" },
	{ "ipnet v6", 226, "011a" "0000" ZERO16 "00000000" PING6, PACKET_ICMP, "ipnet ipv6" },
	{ "ipnet, other", 226, "0101" "0000" ZERO16 "00000000" "00", PACKET_OTHER, "ipnet" },
	{ "nflog, no payload", 239, "02000000" "05000a0061", PACKET_OTHER, "nflog" },
	{ "nflog, bad length", 239, "02000000" "03000a0061", PACKET_MALFORMED, "nflog" },
	{ "pktap", 258, "10000000" "01000000" "01000000" "61620000" BRIDGED4, PACKET_ICMP,
	    "pktap ethernet ipv4" },
	{ "pktap, no packet", 258, "0c000000" "00000000" "00000000", PACKET_OTHER, "pktap" },
	{ "pktap, short", 258, "0b000000" "01000000" "00000000", PACKET_MALFORMED, "pktap" },
	{ "ppi", 192, "00000c00" "69000000" "00000000" WLAN("0801") SNAP4, PACKET_ICMP,
	    "ppi wlan llc snap ipv4" },
	{ "ppi, short", 192, "00000700" "01000000" BRIDGED4, PACKET_MALFORMED, "ppi" },
	{ "erf ethernet", 197, ZERO8 "02040042" "0000002a" "0000" BRIDGED4, PACKET_ICMP,
	    "erf ethernet ipv4" },
	{ "erf, extensions", 197, ZERO8 "82040042" "0000002a" "8000000000000000" ZERO8 "0000"
	    BRIDGED4, PACKET_ICMP, "erf ethernet ipv4" },
	{ "erf hdlc", 197, ZERO8 "01040042" "0000002a" "0f000800" PING4, PACKET_ICMP,
	    "erf cisco_hdlc ipv4" },
	{ "erf aal5", 197, ZERO8 "04040042" "0000002a" "00000000" SNAP4, PACKET_ICMP,
	    "erf atm llc snap ipv4" },
	{ "erf ipv6", 197, ZERO8 "17040042" "0000002a" PING6, PACKET_ICMP, "erf raw ipv6" },
	{ "erf meta", 197, ZERO8 "1b040042" "0000002a", PACKET_OTHER, "erf" },
	{ "tzsp", 128, "01000001" "0a0155" "01" BRIDGED4, PACKET_ICMP, "tzsp ethernet ipv4" },
	{ "vsock", 271, ZERO16, PACKET_OTHER, "vsock" },
	{ "symantec", 99, "c0000201" "0000" "0800" ZERO16 ZERO16 "00000000" PING4, PACKET_ICMP,
	    "symantec ipv4" },
	{ "symantec 3", 99, "c0000201" "000000000000" "86dd" ZERO16 ZERO16 ZERO8 "00000000" PING6,
	    PACKET_ICMP, "symantec ipv6" },

	/* Juniper. */
	{ "juniper ethernet", 178, JUNIPER BRIDGED4, PACKET_ICMP, "juniper ethernet ipv4" },
	{ "juniper, extensions", 178, "4d474380" "0003" "010100" BRIDGED4, PACKET_ICMP,
	    "juniper ethernet ipv4" },
	{ "juniper, no link", 178, "4d474302" "00000002" PING4, PACKET_ICMP, "juniper ipv4" },
	{ "juniper, no magic", 178, "4d474200" BRIDGED4, PACKET_OTHER, "juniper" },
	{ "juniper ppp", 179, JUNIPER "ff030021" PING4, PACKET_ICMP, "juniper ppp ipv4" },
	{ "juniper frame relay", 180, JUNIPER "184103cc" PING4, PACKET_ICMP,
	    "juniper frame_relay nlpid ipv4" },
	{ "juniper cisco", 181, JUNIPER "0f000800" PING4, PACKET_ICMP,
	    "juniper cisco_hdlc ipv4" },
	{ "juniper pppoe", 167, JUNIPER BRIDGED4, PACKET_ICMP, "juniper ethernet ipv4" },
	{ "juniper pppoe, bare", 167, JUNIPER "11000001001e0021" PING4, PACKET_ICMP,
	    "juniper pppoe ppp ipv4" },
	{ "juniper pppoe on atm", 168, JUNIPER "8864" "11000001001e0021" PING4, PACKET_ICMP,
	    "juniper pppoe ppp ipv4" },
	{ "juniper mlppp", 130, JUNIPER "0100" "0021" PING4, PACKET_ICMP, "juniper ppp ipv4" },
	{ "juniper mlppp, link", 130, JUNIPER "ff030021" PING4, PACKET_ICMP,
	    "juniper ppp ipv4" },
	{ "juniper mlppp, services", 130, JUNIPER "54010000" "0021" PING4, PACKET_ICMP,
	    "juniper ppp ipv4" },
	{ "juniper mlppp, cookie", 130, JUNIPER "4700000000000000" PING4, PACKET_ICMP,
	    "juniper ipv4" },
	{ "juniper mlppp, cookie v6", 130, JUNIPER "4700000000100000" PING6, PACKET_ICMP,
	    "juniper ipv6" },
	{ "juniper mlppp, cookie mpls", 130, JUNIPER "4700000000200000" "00010140" PING4,
	    PACKET_ICMP, "juniper mpls:16 ipv4" },
	{ "juniper mlppp, cookie ppp", 130, JUNIPER "470000000c000000" "0021" PING4, PACKET_ICMP,
	    "juniper ppp ipv4" },
	{ "juniper mlfr", 131, JUNIPER "0100" "03cc" PING4, PACKET_ICMP, "juniper nlpid ipv4" },
	{ "juniper mlfr, services", 131, JUNIPER "54010000" "038e" PING6, PACKET_ICMP,
	    "juniper nlpid ipv6" },
	{ "juniper mlfr, cookie iso", 131, JUNIPER "4700000000300000" "00", PACKET_OTHER,
	    "juniper" },
	{ "juniper es", 132, JUNIPER "0001ff03" "00000100" "c0000201c0000202" PING4, PACKET_ICMP,
	    "juniper ipv4" },
	{ "juniper es, bare", 132, JUNIPER PING4, PACKET_ICMP, "juniper ipv4" },
	{ "juniper ggsn", 133, JUNIPER "02000000" PING4, PACKET_ICMP, "juniper ipv4" },
	{ "juniper ggsn, cookie", 133, JUNIPER "0101060000000000" PING6, PACKET_ICMP,
	    "juniper ipv6" },
	{ "juniper ggsn, null", 133, JUNIPER "0101010000000000" "00", PACKET_OTHER, "juniper" },
	{ "juniper mfr", 134, JUNIPER "00000001" "03cc" PING4, PACKET_ICMP,
	    "juniper nlpid ipv4" },
	{ "juniper mfr, link", 134, JUNIPER "c101" "184103cc" PING4, PACKET_ICMP,
	    "juniper multilink_frame_relay frame_relay nlpid ipv4" },
	{ "juniper mfr, services", 134, JUNIPER "540100000000" "03cc" PING4, PACKET_ICMP,
	    "juniper nlpid ipv4" },
	{ "juniper atm2", 135, JUNIPER ZERO8 SNAP4, PACKET_ICMP, "juniper atm llc snap ipv4" },
	{ "juniper atm2, bridged", 135, JUNIPER "0000000100000000" BRIDGED4, PACKET_ICMP,
	    "juniper ethernet ipv4" },
	{ "juniper atm2, ppp", 135, JUNIPER ZERO8 "0021" PING4, PACKET_ICMP,
	    "juniper ppp ipv4" },
	{ "juniper atm2, maintenance", 135, JUNIPER "0000000000000010" ZERO8, PACKET_OTHER,
	    "juniper" },
	{ "juniper atm1", 137, JUNIPER "00000001" "03cc" PING4, PACKET_ICMP,
	    "juniper atm nlpid ipv4" },
	{ "juniper atm1, ip", 137, JUNIPER "00000001" PING6, PACKET_ICMP, "juniper atm ipv6" },
	{ "juniper atm1, maintenance", 137, JUNIPER "80000001" ZERO8, PACKET_OTHER, "juniper" },
	{ "juniper services", 136, JUNIPER ZERO8 PING4, PACKET_ICMP, "juniper ipv4" },
	{ "juniper services, out", 136, JUNIPER ZERO8 "00000000" PING4, PACKET_ICMP,
	    "juniper ipv4" },
	{ "juniper monitor", 164, JUNIPER ZERO8 PING6, PACKET_ICMP, "juniper ipv6" },
	{ "juniper voice", 183, JUNIPER ZERO16 "0000" PING4, PACKET_ICMP, "juniper ipv4" },
	{ "juniper srx", 233, JUNIPER PING4, PACKET_ICMP, "juniper ipv4" },

	/* 802.11. */
	{ "wlan", 105, WLAN("0801") SNAP4, PACKET_ICMP, "wlan llc snap ipv4" },
	{ "wlan, four addresses", 105, WLAN("0803") "00005e005304" SNAP4, PACKET_ICMP,
	    "wlan llc snap ipv4" },
	{ "wlan, quality of service", 105, WLAN("8802") "0000" SNAP6, PACKET_ICMP,
	    "wlan llc snap ipv6" },
	{ "wlan, high throughput", 105, WLAN("8882") "0000" "00000000" SNAP4, PACKET_ICMP,
	    "wlan llc snap ipv4" },
	{ "wlan, mesh", 105, WLAN("8803") "00005e005304" "0001" "001f00000001" SNAP4, PACKET_ICMP,
	    "wlan llc snap ipv4" },
	{ "wlan, mesh with addresses", 105, WLAN("8803") "00005e005304" "0001" "021f00000001" MACS
	    SNAP4, PACKET_ICMP, "wlan llc snap ipv4" },
	{ "wlan, no mesh", 105, WLAN("8802") "0001" SNAP4, PACKET_ICMP, "wlan llc snap ipv4" },
	{ "wlan, protected", 105, WLAN("0841") "0000000000000000" SNAP4, PACKET_OPAQUE, "wlan" },
	{ "wlan, later fragment", 105, "08010000" "00005e00530200005e00530100005e0053ff" "1100"
	    SNAP4, PACKET_LINK_FRAGMENT, "wlan" },
	{ "wlan, fragment of subframes", 105, WLAN("8805") "8000" SUBFRAME4, PACKET_LINK_FRAGMENT,
	    "wlan" },
	{ "wlan, no data", 105, WLAN("4801"), PACKET_OTHER, "wlan" },
	{ "wlan, beacon", 105, WLAN("8000") "00", PACKET_OTHER, "wlan" },
	{ "prism", 119, "00000044" "90000000" ZERO16 ZERO16 ZERO16 ZERO16 ZERO16 ZERO16 ZERO16
	    ZERO16 ZERO8 WLAN("0801") SNAP4, PACKET_ICMP, "prism wlan llc snap ipv4" },
	{ "prism, avs", 119, "80211001" "0000000c" "00000000" WLAN("0801") SNAP4, PACKET_ICMP,
	    "avs wlan llc snap ipv4" },
	{ "avs", 163, "80211001" "00000008" WLAN("0801") SNAP4, PACKET_ICMP,
	    "avs wlan llc snap ipv4" },
	{ "avs, short", 163, "80211001" "00000007" WLAN("0801") SNAP4, PACKET_MALFORMED, "avs" },
	{ "radiotap", 127, "00000800" "00000000" WLAN("0801") SNAP4, PACKET_ICMP,
	    "radiotap wlan llc snap ipv4" },
	{ "radiotap, more fields", 127, "00000d00" "00000080" "00000000" "00" WLAN("0801") SNAP4,
	    PACKET_ICMP, "radiotap wlan llc snap ipv4" },
	{ "radiotap, padding", 127, "00000900" "02000000" "20" WLAN("8801") "0000" "0000" SNAP4,
	    PACKET_ICMP, "radiotap wlan llc snap ipv4" },
	{ "radiotap, time and padding", 127, "00001900" "03000080" "00000000" "00000000" ZERO8
	    "20" WLAN("8801") "0000" "0000" SNAP4, PACKET_ICMP, "radiotap wlan llc snap ipv4" },
	{ "radiotap, short", 127, "00000700" "00000000" WLAN("0801") SNAP4, PACKET_MALFORMED,
	    "radiotap" },
};

/* Here the link has a length of its own, or something behind the datagram. */
static const struct walk_case framed[] = {
	{ "docsis", 143, "0000002a0000" BRIDGED4, PACKET_ICMP, "docsis ethernet ipv4" },
	{ "docsis, isolated", 143, "8000002a0000" BRIDGED4, PACKET_ICMP, "docsis ethernet ipv4" },
	{ "docsis, in the clear", 143, "0105002f" "4401000000" "0000" BRIDGED4, PACKET_ICMP,
	    "docsis ethernet ipv4" },
	{ "nflog", 239, "02000000" "0800010008000100" "05000a0061000000" "20000900" PING4,
	    PACKET_ICMP, "nflog ipv4" },
	{ "nflog, big", 239, "0a000000" "0005000a61000000" "00340009" PING6, PACKET_ICMP,
	    "nflog ipv6" },
	{ "wlan, one subframe", 105, WLAN("8801") "8000" SUBFRAME4, PACKET_ICMP,
	    "wlan amsdu llc snap ipv4" },
	{ "radiotap, check sequence", 127, "00000900" "02000000" "10" WLAN("0801") SNAP4
	    "00000000", PACKET_ICMP, "radiotap wlan llc snap ipv4" },
	{ "radiotap, two subframes", 127, "00000900" "02000000" "10" WLAN("8801") "8000" SUBFRAME4
	    "0000" SUBFRAME4 "00000000", PACKET_ICMP, "radiotap wlan amsdu llc snap ipv4" },
	{ "mpacket, preemptable", 274, "55555555555555e6" BRIDGED4 "e7c6a579", PACKET_ICMP,
	    "mpacket ethernet ipv4" },
	{ "mpacket, first fragment", 274, "55555555555555e6" BRIDGED4 "1839a579", PACKET_ICMP,
	    "mpacket ethernet ipv4" },
	{ "arcnet, first fragment", 7, "0102d4" "010001" PING4, PACKET_ICMP, "arcnet ipv4" },
	{ "multilink, first", 182, "8101" "184103cc" PING4, PACKET_ICMP,
	    "multilink_frame_relay frame_relay nlpid ipv4" },
	{ "wlan, first fragment", 105, WLAN("0805") SNAP4, PACKET_ICMP, "wlan llc snap ipv4" },
	{ "docsis, concatenated", 143, "f80200600000" "0000002a0000" BRIDGED4 "0000002a0000"
	    BRIDGED4, PACKET_ICMP, "docsis docsis ethernet ipv4" },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void
ends_where_it_should(void **state)
{
	(void)state;
	walk_check_ends(cases, COUNT(cases));
	walk_check_ends(framed, COUNT(framed));
}

static void
survives_every_cut(void **state)
{
	(void)state;
	walk_check_cuts(cases, COUNT(cases));
}

/* What the capture cut is never the sender's fault. */
static void
survives_cuts_of_framed(void **state)
{
	uint8_t bytes[WALK_FRAME_MAX];
	uint32_t len, cut;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(framed); i++) {
		len = walk_bytes(framed[i].hex, bytes);
		for (cut = 0; cut < len; cut++) {
			struct packet p = walk_cut(framed[i].link_type, bytes, cut, len);

			if (p.verdict == PACKET_MALFORMED)
				fail_msg("%s, %u octets", framed[i].name, cut);
			walk_cut(framed[i].link_type, bytes, cut, cut);
		}
	}
}

static bool
has_case(const struct walk_case *rows, size_t count, uint32_t link_type)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (rows[i].link_type == link_type && rows[i].verdict != PACKET_MALFORMED)
			return true;
	return false;
}

/* Every row is walked by a case, and no number is in two tables. */
static void
covers_every_row(void **state)
{
	static const struct header_type *const tables[] = { link_lan_types, link_wan_types,
		link_juniper_types, link_host_types, link_wlan_types };
	const struct header_type *row;
	size_t t;

	(void)state;
	for (t = 0; t < COUNT(tables); t++) {
		for (row = tables[t]; row->name != NULL; row++) {
			if (link_type(row->number) != row)
				fail_msg("%s: not found by its number", row->name);
			if (!has_case(cases, COUNT(cases), row->number) &&
			    !has_case(framed, COUNT(framed), row->number))
				fail_msg("%s: no case", row->name);
		}
	}
}

/* What is found in a frame of several datagrams, one letter for each. */
static void
check_siblings(uint32_t link_type, const char *hex, const char *expected)
{
	static const char letters[] = {
		[PACKET_ICMP] = 'i',
		[PACKET_OTHER] = 'o',
		[PACKET_TRUNCATED] = 't',
		[PACKET_MALFORMED] = 'm',
		[PACKET_TOO_DEEP] = 'd',
		[PACKET_OPAQUE] = 'q',
		[PACKET_FRAGMENT] = 'f',
	};
	static uint8_t bytes[WALK_FRAME_MAX];
	static struct packet packet;
	struct frame frame = { .bytes = bytes, .link_type = link_type };
	uint32_t messages = 0;
	char found[32] = "";
	size_t n = 0;

	frame.captured = frame.length = walk_bytes(hex, bytes);
	packet_walk(&frame, &packet);
	do {
		assert_in_range(n, 0, sizeof found - 2);
		found[n++] = letters[packet.verdict];
		assert_int_equal(packet.index, messages);
		if (packet.verdict == PACKET_ICMP) {
			messages++;
			assert_int_equal(packet.payload.claimed, 8);
			assert_true(packet.has_source_mac);
			assert_int_equal(packet.outer_count, 0);
		}
	} while (packet_next(&packet));
	assert_string_equal(found, expected);
	assert_false(packet_next(&packet));
}

/* clang-format off */
static void
finds_every_sibling(void **state)
{
	(void)state;
	check_siblings(105, WLAN("8801") "8000" SUBFRAME4, "i");
	check_siblings(105, WLAN("8801") "8000" SUBFRAME4 "0000" SUBFRAME4, "ii");
	check_siblings(105, WLAN("8801") "8000" SUBFRAME4 "0000" SUBFRAME4 "0000", "ii");
	check_siblings(105, WLAN("8801") "8000" SUBFRAME4 "0000" MACS "0006" "aaaa03000000"
	    SUBFRAME4, "imi");
	check_siblings(105, WLAN("8801") "8000" MACS "0008" "4242030000000000" "0000" SUBFRAME4,
	    "oi");
	check_siblings(105, WLAN("8801") "8000" MACS "fff0" SNAP4, "m");
	check_siblings(143, "f80300900000" "0000002a0000" BRIDGED4 "0000002a0000" BRIDGED4
	    "0000002a0000" BRIDGED4, "iii");
	check_siblings(1, BRIDGED4, "i");
}

/* Each datagram has its own path, ends and anomalies. */
static void
starts_afresh_with_each(void **state)
{
	static const struct mac other = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x09 } };
	static uint8_t bytes[WALK_FRAME_MAX];
	static struct packet p;
	struct frame frame = { .bytes = bytes, .link_type = 105 };

	(void)state;
	frame.captured = frame.length = walk_bytes(WLAN("8801") "8000"
	    MACS "003c" "aaaa03000000" "8100" "00050800" OUTER4("0030", "04") PING4 "0000"
	    "00005e005302" "00005e005309" "0024" SNAP4, bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_ICMP);
	assert_int_equal(p.outer_count, 1);
	assert_int_equal(p.vlan_count, 1);
	anomalies_add(&p.anomalies, ANOMALY_BAD_IP_LENGTH);
	assert_true(packet_next(&p));
	assert_int_equal(p.verdict, PACKET_ICMP);
	assert_int_equal(p.index, 1);
	assert_int_equal(p.outer_count, 0);
	assert_int_equal(p.vlan_count, 0);
	assert_int_equal(p.layer_count, 5);
	assert_memory_equal(&p.source_mac, &other, sizeof other);
	assert_false(anomalies_has(&p.anomalies, ANOMALY_BAD_IP_LENGTH));
}

/*
 * The first fragment of a link is like a frame cut by the snap length: what is
 * missing is nobody's fault. Less than the headers is a fragment, no more.
 */
static void
reads_first_fragments(void **state)
{
	static uint8_t bytes[WALK_FRAME_MAX];
	struct frame frame = { .bytes = bytes, .link_type = 105 };
	struct packet p;
	uint32_t len, cut;

	(void)state;
	len = walk_bytes(WLAN("0805") "aaaa030000000800" OUTER4("0400", "01") ECHO, bytes);
	frame.captured = frame.length = len;
	assert_int_equal(packet_walk(&frame, &p), PACKET_ICMP);
	assert_int_equal(p.payload.captured, 8);
	assert_int_equal(p.payload.claimed, 1004);
	assert_int_equal(p.ip.length, 1024);
	assert_false(p.is_partial);
	assert_false(anomalies_any(&p.anomalies));
	for (cut = 26; cut < len - 8; cut++) {
		p = walk_cut(105, bytes, cut, cut);
		if (p.verdict != PACKET_LINK_FRAGMENT)
			fail_msg("%u octets: %s", cut, packet_verdict_name(p.verdict));
	}
}

/* Links whose frames hold frames nest no deeper than the layers go. */
static void
ends_quickly(void **state)
{
	static const struct {
		uint32_t link_type;
		const char *repeated;
		enum packet_verdict verdict;
	} nests[] = {
		{ 258, "0c000000" "01000000" "02010000", PACKET_TOO_DEEP },
		{ 192, "00000800" "c0000000", PACKET_TOO_DEEP },
		{ 143, "f800ffff0000", PACKET_MALFORMED },
		{ 107, "1840", PACKET_MALFORMED },
	};
	static uint8_t bytes[65535];
	uint8_t unit[WALK_FRAME_MAX];
	struct packet p;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(nests); i++) {
		uint32_t unit_len = walk_bytes(nests[i].repeated, unit), len;

		for (len = 0; len + unit_len <= sizeof bytes; len += unit_len)
			memcpy(bytes + len, unit, unit_len);
		p = walk_cut(nests[i].link_type, bytes, len, len);
		if (p.verdict != nests[i].verdict)
			fail_msg("link type %u: %s", nests[i].link_type,
			    packet_verdict_name(p.verdict));
	}
}
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_where_it_should),
		cmocka_unit_test(survives_every_cut),
		cmocka_unit_test(survives_cuts_of_framed),
		cmocka_unit_test(covers_every_row),
		cmocka_unit_test(finds_every_sibling),
		cmocka_unit_test(starts_afresh_with_each),
		cmocka_unit_test(reads_first_fragments),
		cmocka_unit_test(ends_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
