/*
 * The walk through every tunnel: where it ends and the path it took, that a
 * cut at any octet is blamed on the right party, which fragments of UDP are
 * worth putting together, and that no nesting takes long.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "tests/walk_cases.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define JUMBLE_LEN 65535

#define BRIDGED6 MACS "86dd" PING6 /* 62 octets */

/* UDP to `port` in an IP packet; `len` is OUTER's. Its own length is left open. */
#define UDP4(len, port) OUTER4(len, "11") "c000" port "00000000"
#define UDP6(len, port) OUTER6(len, "11") "c000" port "00000000"

/* STT's two headers: length and place of the segment, flags; version, VLAN. */
#define STT4(len, place, flags) OUTER4(len, "06") "c0001d2f" place "00000001" flags "ffff00000000"
#define STT(version, vlan) version "0000000000" vlan "000000000000002a" "0000"

/* A data frame of 802.11 to an access point, and with its first octets swapped. */
#define WLAN_REST "000000005e00530300005e00530100005e0053020000" "aaaa030000000800" PING4
#define WLAN4 "0801" WLAN_REST
#define WLAN4_SWAPPED "0108" WLAN_REST

/* clang-format off */
static const struct walk_case cases[] = {
	/* Labels and tags. */
	{ "pseudowire", 1, MACS "8847" "00010140" "00000000" BRIDGED4, PACKET_ICMP,
	    "ethernet mpls:16 ethernet ipv4" },
	{ "pseudowire, numbered", 1, MACS "8847" "00010140" "00000007" BRIDGED4, PACKET_ICMP,
	    "ethernet mpls:16 ethernet ipv4" },
	{ "pseudowire, no control word", 1, MACS "8847" "00010140" BRIDGED4, PACKET_ICMP,
	    "ethernet mpls:16 ethernet ipv4" },
	{ "pseudowire, other address", 1, MACS "8847" "00010140" "525400123456" "525400654321"
	    "86dd" PING6, PACKET_ICMP, "ethernet mpls:16 ethernet ipv6" },
	{ "pseudowire of vlan", 1, MACS "8847" "00010140" "525400123456" "525400654321" "8100"
	    "000a0800" PING4, PACKET_ICMP, "ethernet mpls:16 ethernet vlan:10 ipv4" },
	{ "pseudowire of something", 1, MACS "8847" "00010140" "2000000000000000"
	    "0000000000000000" "00000000", PACKET_OPAQUE, "ethernet mpls:16" },
	{ "pseudowire channel, v4", 1, MACS "8847" "00010140" "10000021" PING4, PACKET_ICMP,
	    "ethernet mpls:16 pwach ipv4" },
	{ "generic channel, v6", 1, MACS "8847" "00010040" "0000d140" "10000057" PING6,
	    PACKET_ICMP, "ethernet mpls:16 mpls:13 pwach ipv6" },
	{ "generic channel of bfd", 1, MACS "8847" "0000d140" "10000007" "20400318", PACKET_OTHER,
	    "ethernet mpls:13 pwach" },
	{ "pbb", 1, MACS "88e7" "60012345" BRIDGED4, PACKET_ICMP,
	    "ethernet pbb:74565 ethernet ipv4" },
	{ "pbb, backbone tag", 1, MACS "88a8" "000588e7" "60000001" MACS "8100" "000a86dd" PING6,
	    PACKET_ICMP, "ethernet vlan:5 pbb:1 ethernet vlan:10 ipv6" },
	{ "vn-tag", 1, MACS "8926" "c0010002" "0800" PING4, PACKET_ICMP, "ethernet vntag ipv4" },
	{ "vn-tag, vlan", 1, MACS "8926" "00010002" "8100" "000a86dd" PING6, PACKET_ICMP,
	    "ethernet vntag vlan:10 ipv6" },
	{ "e-tag", 1, MACS "893f" "000000010000" "0800" PING4, PACKET_ICMP,
	    "ethernet etag ipv4" },
	{ "fabricpath", 1, "02123456789a" "020000000102" "8903" "0060" MACS "8100" "000a0800"
	    PING4, PACKET_ICMP, "ethernet fabricpath ethernet vlan:10 ipv4" },
	{ "cisco metadata", 1, MACS "8909" "010100010010" "0800" PING4, PACKET_ICMP,
	    "ethernet cisco_metadata ipv4" },
	{ "macsec, integrity", 1, MACS "88e5" "2000" "00000044" "00005e0053010001" "0800" PING4
	    "00112233445566778899aabbccddeeff", PACKET_ICMP, "ethernet macsec ipv4" },
	{ "macsec, no channel, short", 1, MACS "88e5" "001e" "00000044" "0800" PING4
	    "00112233445566778899aabbccddeeff", PACKET_ICMP, "ethernet macsec ipv4" },
	{ "macsec, encrypted", 1, MACS "88e5" "2c00" "00000044" "00005e0053010001" "0800" PING4,
	    PACKET_OPAQUE, "ethernet macsec" },
	{ "macsec, version 1", 1, MACS "88e5" "8000" "00000044" "0800" PING4, PACKET_OPAQUE,
	    "ethernet macsec" },
	{ "nsh, type 1", 1, MACS "894f" "0fc60101" "0045001c" "00000000000000000000000000000000"
	    PING4, PACKET_ICMP, "ethernet nsh ipv4" },
	{ "nsh, type 2, v6", 1, MACS "894f" "0fc20202" "000001ff" PING6, PACKET_ICMP,
	    "ethernet nsh ipv6" },
	{ "nsh, ethernet", 1, MACS "894f" "0fc20203" "000001ff" BRIDGED4, PACKET_ICMP,
	    "ethernet nsh ethernet ipv4" },
	{ "nsh in nsh, mpls", 1, MACS "894f" "0fc20204" "000001ff" "0fc20205" "000002fe"
	    "00010140" PING4, PACKET_ICMP, "ethernet nsh nsh mpls:16 ipv4" },
	{ "nsh of something", 1, MACS "894f" "0fc202fe" "000001ff" PING4, PACKET_OTHER,
	    "ethernet nsh" },
	{ "nsh, version 1", 1, MACS "894f" "4fc20201" "000001ff" PING4, PACKET_OTHER,
	    "ethernet nsh" },
	{ "nsh, no length", 1, MACS "894f" "0fc00201" "000001ff" PING4, PACKET_MALFORMED,
	    "ethernet nsh" },

	/* By IP protocol. */
	{ "etherip", 101, OUTER4("0040", "61") "3000" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 etherip ethernet ipv4" },
	{ "etherip, other half", 101, OUTER6("002c", "61") "0300" BRIDGED4 , PACKET_ICMP,
	    "raw ipv6 etherip ethernet ipv4" },
	{ "etherip, version 4", 101, OUTER4("0040", "61") "4000" BRIDGED4 , PACKET_OTHER,
	    "raw ipv4 etherip" },
	{ "ethernet in v6", 101, OUTER6("003e", "8f") BRIDGED6 , PACKET_ICMP,
	    "raw ipv6 ethernet ipv6" },
	{ "ethernet behind segments", 101, OUTER6("0056", "2b") "8f02040000000000"
	    "20010db8000000000000000000000002" BRIDGED6 , PACKET_ICMP,
	    "raw ipv6 ethernet ipv6" },
	{ "pim register", 101, OUTER4("0038", "67") "2100deff" "00000000" PING4 , PACKET_ICMP,
	    "raw ipv4 pim ipv4" },
	{ "pim register, v6, border", 101, OUTER6("0038", "67") "2100deff" "80000000" PING6 ,
	    PACKET_ICMP, "raw ipv6 pim ipv6" },
	{ "pim register of nothing", 101, OUTER4("0038", "67") "2100deff" "40000000" PING4 ,
	    PACKET_OTHER, "raw ipv4 pim" },
	{ "pim hello", 101, OUTER4("001e", "67") "2000dfff" "00010002" "0069" , PACKET_OTHER,
	    "raw ipv4 pim" },
	{ "ipcomp", 101, OUTER4("001c", "6c") "01000002" "00000000" , PACKET_OPAQUE, "raw ipv4" },
	{ "vrrp", 101, OUTER4("001c", "70") "21016401" "00010000" , PACKET_OTHER, "raw ipv4" },
	{ "l2tpv3", 101, OUTER4("0042", "73") "00000001" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 l2tp ethernet ipv4" },
	{ "l2tpv3, cookie of 4", 101, OUTER4("005a", "73") "00000001" "12345678" BRIDGED6 ,
	    PACKET_ICMP, "raw ipv4 l2tp ethernet ipv6" },
	{ "l2tpv3, cookie of 8", 101, OUTER6("0036", "73") "00000001" "1234567890abcdef" BRIDGED4
	    , PACKET_ICMP, "raw ipv6 l2tp ethernet ipv4" },
	{ "l2tpv3, cookie of 8, sublayer", 101, OUTER4("004e", "73") "00000001" "1234567890abcdef"
	    "40000001" BRIDGED4 , PACKET_ICMP, "raw ipv4 l2tp ethernet ipv4" },
	{ "l2tpv3, ppp", 101, OUTER4("0050", "73") "00000001" "12345678" "ff030057" PING6 ,
	    PACKET_ICMP, "raw ipv4 l2tp ppp ipv6" },
	{ "l2tpv3, hdlc", 101, OUTER4("0038", "73") "00000001" "0f000800" PING4 , PACKET_ICMP,
	    "raw ipv4 l2tp cisco_hdlc ipv4" },
	{ "l2tpv3, ip", 101, OUTER4("0038", "73") "00000001" "12345678" PING4 , PACKET_ICMP,
	    "raw ipv4 l2tp ipv4" },
	{ "l2tpv3, control", 101, OUTER4("0024", "73") "00000000" "c8030014" "0000000000000000" ,
	    PACKET_OTHER, "raw ipv4 l2tp" },
	{ "l2tpv3, unknown", 101, OUTER4("0034", "73") "00000001"
	    "0102030405060708090a0b0c0d0e0f10" "1112131415161718191a1b1c" , PACKET_OPAQUE,
	    "raw ipv4 l2tp" },

	/* Over GRE. */
	{ "gre of nhrp", 101, OUTER4("0020", "2f") "00002001" "0001080000000000" , PACKET_OTHER,
	    "raw ipv4 gre" },
	{ "gre of nsh", 101, OUTER4("003c", "2f") "0000894f" "0fc20201" "000001ff" PING4 ,
	    PACKET_ICMP, "raw ipv4 gre nsh ipv4" },
	{ "wccp", 101, OUTER4("0034", "2f") "0000883e" PING4 , PACKET_ICMP,
	    "raw ipv4 gre wccp ipv4" },
	{ "wccp, redirect header", 101, OUTER4("0038", "2f") "0000883e" "00000000" PING4 ,
	    PACKET_ICMP, "raw ipv4 gre wccp ipv4" },
	{ "eoip", 101, OUTER4("0046", "2f") "20016400" "002a0100" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 gre eoip ethernet ipv4" },
	{ "eoip, keepalive", 101, OUTER4("001c", "2f") "20016400" "00000100" , PACKET_OTHER,
	    "raw ipv4 gre eoip" },
	{ "aruba", 101, OUTER4("0054", "2f") "00008210" WLAN4 , PACKET_ICMP,
	    "raw ipv4 gre wlan llc snap ipv4" },
	{ "not aruba", 101, OUTER4("0054", "2f") "00008211" WLAN4 , PACKET_OTHER,
	    "raw ipv4 gre" },

	/* Overlays over UDP. */
	{ "udp", 101, UDP4("0024", "0035") "0007010000010000" , PACKET_OTHER, "raw ipv4 udp" },
	{ "udp, port 0", 101, OUTER4("001c", "11") "00000000" "00080000", PACKET_OTHER,
	    "raw ipv4 udp" },
	{ "udp, cut by its sender", 101, OUTER4("0017", "11") "c00035", PACKET_MALFORMED,
	    "raw ipv4 udp" },
	{ "udp, a tunnel that ends", 101, OUTER4("0018", "11") "c00012b5", PACKET_MALFORMED,
	    "raw ipv4 udp" },
	{ "vxlan", 101, UDP4("004e", "12b5") "08000000" "00002a00" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp vxlan:42 ethernet ipv4" },
	{ "vxlan, v6", 101, UDP6("004e", "12b5") "88000001" "ffffff00" BRIDGED6 , PACKET_ICMP,
	    "raw ipv6 udp vxlan:16777215 ethernet ipv6" },
	{ "vxlan, linux", 101, UDP4("004e", "2118") "08000000" "00002a00" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp vxlan:42 ethernet ipv4" },
	{ "vxlan, from its port", 101, OUTER4("004e", "11") "12b5c000" "00000000" "08000000"
	    "00002a00" BRIDGED4, PACKET_ICMP, "raw ipv4 udp vxlan:42 ethernet ipv4" },
	{ "vxlan, udp length", 101, OUTER4("0052", "11") "c00012b5" "003a0000" "08000000"
	    "00002a00" BRIDGED4 "00000000", PACKET_ICMP,
	    "raw ipv4 udp vxlan:42 ethernet ipv4" },
	{ "vxlan, no network", 101, UDP4("004e", "12b5") "00000000" "00002a00" BRIDGED4 ,
	    PACKET_OTHER, "raw ipv4 udp vxlan:42" },
	{ "vxlan-gpe", 101, UDP4("0040", "12b6") "0c000001" "00002a00" PING4 , PACKET_ICMP,
	    "raw ipv4 udp vxlan_gpe:42 ipv4" },
	{ "vxlan-gpe, v6", 101, UDP4("0054", "12b6") "0c000002" "00002a00" PING6 , PACKET_ICMP,
	    "raw ipv4 udp vxlan_gpe:42 ipv6" },
	{ "vxlan-gpe, nsh", 101, UDP4("0048", "12b6") "0c000004" "00002a00" "0fc20201" "000001ff"
	    PING4 , PACKET_ICMP, "raw ipv4 udp vxlan_gpe:42 nsh ipv4" },
	{ "vxlan-gpe, not named", 101, UDP4("004e", "12b6") "08000000" "00002a00" BRIDGED4 ,
	    PACKET_ICMP, "raw ipv4 udp vxlan_gpe:42 ethernet ipv4" },
	{ "vxlan-gpe, version 1", 101, UDP4("0040", "12b6") "1c000001" "00002a00" PING4 ,
	    PACKET_OTHER, "raw ipv4 udp vxlan_gpe:42" },
	{ "geneve", 101, UDP4("004e", "17c1") "00006558" "00002a00" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp geneve:42 ethernet ipv4" },
	{ "geneve, options, v6", 101, UDP6("004c", "17c1") "034086dd" "00002a00"
	    "010280020102030405060708" PING6 , PACKET_ICMP, "raw ipv6 udp geneve:42 ipv6" },
	{ "geneve, version 1", 101, UDP4("004e", "17c1") "40006558" "00002a00" BRIDGED4 ,
	    PACKET_OTHER, "raw ipv4 udp geneve:42" },
	{ "geneve, more options than octets", 101, UDP4("0040", "17c1") "3f000800" "00002a00"
	    PING4 , PACKET_MALFORMED, "raw ipv4 udp geneve:42" },
	{ "gue", 101, UDP4("003c", "17c0") "00040000" PING4 , PACKET_ICMP,
	    "raw ipv4 udp gue ipv4" },
	{ "gue, fields, v6", 101, UDP4("0058", "17c0") "02290000" "0000000000000000" PING6 ,
	    PACKET_ICMP, "raw ipv4 udp gue ipv6" },
	{ "gue, ip at once", 101, UDP4("0038", "17c0") PING4 , PACKET_ICMP,
	    "raw ipv4 udp gue ipv4" },
	{ "gue, control", 101, UDP4("003c", "17c0") "20040000" PING4 , PACKET_OTHER,
	    "raw ipv4 udp gue" },
	{ "gue of tcp", 101, UDP4("0024", "17c0") "00060000" "00500051" , PACKET_OTHER,
	    "raw ipv4 udp gue" },
	{ "mpls in udp", 101, UDP4("003c", "19eb") "00010140" PING4 , PACKET_ICMP,
	    "raw ipv4 udp mpls:16 ipv4" },
	{ "gre in udp", 101, UDP4("004e", "1292") "2000" "6558" "00000001" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp gre ethernet ipv4" },
	{ "lisp", 101, UDP6("002c", "10f5") "0054544e" "00000000" PING4 , PACKET_ICMP,
	    "raw ipv6 udp lisp:0 ipv4" },
	{ "lisp, instance", 101, UDP4("0054", "10f5") "88123456" "00002a01" PING6 , PACKET_ICMP,
	    "raw ipv4 udp lisp:42 ipv6" },
	{ "lisp-gpe", 101, UDP4("004e", "10f5") "0c000003" "00002a00" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp lisp:42 ethernet ipv4" },
	{ "lisp of something", 101, UDP4("0028", "10f5") "00000000" "00000000" "12345678" ,
	    PACKET_OTHER, "raw ipv4 udp lisp:0" },
	{ "lisp control", 101, UDP4("0024", "10f6") "10000000" "00000000" , PACKET_OTHER,
	    "raw ipv4 udp" },

	/* IPv6 through NATs. */
	{ "teredo", 101, UDP4("004c", "0dd8") PING6 , PACKET_ICMP, "raw ipv4 udp teredo ipv6" },
	{ "teredo, origin", 101, UDP4("0054", "0dd8") "0000f227bffcfdfe" PING6 , PACKET_ICMP,
	    "raw ipv4 udp teredo ipv6" },
	{ "teredo, authentication, origin", 101, UDP4("0064", "0dd8") "00010102" "41" "4243"
	    "000102030405060700" "0000f227bffcfdfe" PING6 , PACKET_ICMP,
	    "raw ipv4 udp teredo ipv6" },
	{ "teredo of v4", 101, UDP4("0038", "0dd8") PING4 , PACKET_OTHER, "raw ipv4 udp teredo" },
	{ "teredo, bubble", 101, UDP4("0044", "0dd8") "6000000000003b15" ENDS6 , PACKET_OTHER,
	    "raw ipv4 udp teredo ipv6" },
	{ "ayiya", 101, UDP4("0078", "13d0") "41521129" "4af5a43d"
	    "20010db8000000000000000000000002" "000102030405060708090a0b0c0d0e0f10111213"
	    PING6 , PACKET_ICMP, "raw ipv4 udp ayiya ipv6" },
	{ "ayiya, v4, echo too", 101, UDP4("0041", "13d0") "01020304" "4af5a43d" "00" PING4 ,
	    PACKET_ICMP, "raw ipv4 udp ayiya ipv4" },
	{ "ayiya, nothing to forward", 101, UDP4("0025", "13d0") "0000003b" "4af5a43d" "00" ,
	    PACKET_OTHER, "raw ipv4 udp ayiya" },

	/* Access networks. */
	{ "gtp", 101, UDP4("0040", "0868") "30ff001c" "00000007" PING4 , PACKET_ICMP,
	    "raw ipv4 udp gtp:7 ipv4" },
	{ "gtp, numbers", 101, UDP4("0058", "0868") "32ff0034" "00000007" "00010000" PING6 ,
	    PACKET_ICMP, "raw ipv4 udp gtp:7 ipv6" },
	{ "gtp, two extensions", 101, UDP4("004c", "0868") "34ff0028" "00000007" "00000085"
	    "010000c0" "01000000" PING4 , PACKET_ICMP, "raw ipv4 udp gtp:7 ipv4" },
	{ "gtp, extension of no length", 101, UDP4("0048", "0868") "34ff0024" "00000007"
	    "00000085" "00000000" PING4 , PACKET_MALFORMED, "raw ipv4 udp gtp:7" },
	{ "gtp, ppp", 101, UDP4("0044", "0868") "30ff0020" "00000007" "ff030021" PING4 ,
	    PACKET_ICMP, "raw ipv4 udp gtp:7 ppp ipv4" },
	{ "gtp, ethernet", 101, UDP4("004e", "0868") "30ff002a" "00000007" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp gtp:7 ethernet ipv4" },
	{ "gtp, something", 101, UDP4("0038", "0868") "30ff0014" "00000007" "00010203040506070809"
	    "00010203040506070809" , PACKET_OPAQUE, "raw ipv4 udp gtp:7" },
	{ "gtp, echo", 101, UDP4("0028", "0868") "32010004" "00000000" "00010000" , PACKET_OTHER,
	    "raw ipv4 udp gtp:0" },
	{ "gtp, version 2", 101, UDP4("0040", "0868") "50ff001c" "00000007" PING4 , PACKET_OTHER,
	    "raw ipv4 udp gtp:0" },
	{ "gtp, version 0", 101, UDP4("004c", "0d3a") "1eff001c" "00000001" "ffffffff"
	    "4200012143658709" PING4 , PACKET_ICMP, "raw ipv4 udp gtp:0 ipv4" },
	{ "gtp prime", 101, UDP4("0022", "0d3a") "0ef00000" "0001" , PACKET_OTHER,
	    "raw ipv4 udp gtp:0" },
	{ "l2tp", 101, UDP4("0042", "06a5") "0002" "00010002" "ff030021" PING4 , PACKET_ICMP,
	    "raw ipv4 udp l2tp ppp ipv4" },
	{ "l2tp, all fields", 101, UDP4("0062", "06a5") "4a02" "0044" "00010002" "00030004" "0002"
	    "0000" "0057" PING6 "00000000" , PACKET_ICMP, "raw ipv4 udp l2tp ppp ipv6" },
	{ "l2tp, too short a length", 101, UDP4("0042", "06a5") "4002" "0003" "00010002" "0021"
	    PING4 , PACKET_MALFORMED, "raw ipv4 udp l2tp" },
	{ "l2tp, control", 101, UDP4("0028", "06a5") "c802" "000c" "00010000" "00000001" ,
	    PACKET_OTHER, "raw ipv4 udp l2tp" },
	{ "l2tpv3 in udp", 101, UDP4("0052", "06a5") "00030000" "00000001" "12345678" BRIDGED4 ,
	    PACKET_ICMP, "raw ipv4 udp l2tp ethernet ipv4" },
	{ "l2f", 101, UDP4("0022", "06a5") "2001" "00010002" , PACKET_OTHER,
	    "raw ipv4 udp l2tp" },
	{ "capwap", 101, UDP4("004e", "147f") "00100000" "00000000" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp capwap ethernet ipv4" },
	{ "capwap, wireless", 101, UDP4("0068", "147f") "00200320" "00000000" "06aabbcc"
	    "00000000" WLAN4 , PACKET_ICMP, "raw ipv4 udp capwap wlan llc snap ipv4" },
	{ "capwap, wireless, swapped", 101, UDP4("0060", "147f") "00100300" "00000000"
	    WLAN4_SWAPPED , PACKET_ICMP, "raw ipv4 udp capwap wlan llc snap ipv4" },
	{ "capwap, other wireless", 101, UDP4("0060", "147f") "00100700" "00000000" WLAN4 ,
	    PACKET_OTHER, "raw ipv4 udp capwap" },
	{ "capwap, later fragment", 101, UDP4("004e", "147f") "00100080" "00010010" BRIDGED4 ,
	    PACKET_LINK_FRAGMENT, "raw ipv4 udp capwap" },
	{ "capwap, keepalive", 101, UDP4("0026", "147f") "00100008" "00000000" "0016" ,
	    PACKET_OTHER, "raw ipv4 udp capwap" },
	{ "capwap, no header", 101, UDP4("004e", "147f") "00080000" "00000000" BRIDGED4 ,
	    PACKET_MALFORMED, "raw ipv4 udp capwap" },
	{ "capwap, encrypted", 101, UDP4("0024", "147f") "01000000" "17feff00" , PACKET_OPAQUE,
	    "raw ipv4 udp capwap" },
	{ "capwap over udp-lite", 101, OUTER6("003a", "88") "c000147f" "00080000" "00100000"
	    "00000000" BRIDGED4, PACKET_ICMP, "raw ipv6 udp_lite capwap ethernet ipv4" },
	{ "udp-lite", 101, OUTER6("0008", "88") "c0000035" "00080000", PACKET_OTHER,
	    "raw ipv6 udp_lite" },
	{ "lwapp", 101, UDP4("005e", "2fbe") "00000040" "c8d3" WLAN4_SWAPPED , PACKET_ICMP,
	    "raw ipv4 udp lwapp wlan llc snap ipv4" },
	{ "lwapp, second fragment", 101, UDP4("005e", "2fbe") "02010040" "c8d3" WLAN4_SWAPPED ,
	    PACKET_LINK_FRAGMENT, "raw ipv4 udp lwapp" },
	{ "lwapp, control", 101, UDP4("0026", "2fbf") "04000040" "c8d3" "0c010000" , PACKET_OTHER,
	    "raw ipv4 udp lwapp" },
	{ "lwapp, whole frames", 101, UDP4("0046", "2fbc") BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp lwapp ethernet ipv4" },
	{ "tzsp", 101, UDP4("004b", "9090") "01000001" "01" BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 udp tzsp ethernet ipv4" },
	{ "tzsp, wireless, tags", 101, UDP4("0064", "9090") "01000012" "00" "0a01c8" "120106" "01"
	    WLAN4 , PACKET_ICMP, "raw ipv4 udp tzsp wlan llc snap ipv4" },
	{ "tzsp, to be sent, ppp", 101, UDP4("003f", "9090") "01010004" "01" "0021" PING4 ,
	    PACKET_ICMP, "raw ipv4 udp tzsp ppp ipv4" },
	{ "tzsp, raw", 101, UDP4("0051", "9090") "01000007" "01" PING6 , PACKET_ICMP,
	    "raw ipv4 udp tzsp raw ipv6" },
	{ "tzsp of something", 101, UDP4("0051", "9090") "01000003" "01" PING6 , PACKET_OTHER,
	    "raw ipv4 udp tzsp" },
	{ "tzsp, keepalive", 101, UDP4("0020", "9090") "01040000" , PACKET_OTHER,
	    "raw ipv4 udp tzsp" },

	/* What looks like TCP. */
	{ "stt, later segment", 101, STT4("0064", "0100003c", "5018") STT("00", "0000") BRIDGED4 ,
	    PACKET_LINK_FRAGMENT, "raw ipv4 stt" },
	{ "stt, version 1", 101, STT4("0064", "003c0000", "5018") STT("01", "0000") BRIDGED4 ,
	    PACKET_OTHER, "raw ipv4 stt" },
	{ "stt, a connection", 101, STT4("0028", "003c0000", "5002") , PACKET_OTHER,
	    "raw ipv4 stt" },
	{ "stt, tcp options", 101, STT4("0064", "003c0000", "6018") STT("00", "0000") BRIDGED4 ,
	    PACKET_OTHER, "raw ipv4 stt" },
	{ "stt, longer than it says", 101, STT4("0064", "003b0000", "5018") STT("00", "0000")
	    BRIDGED4 , PACKET_OTHER, "raw ipv4 stt" },
	{ "stt, nothing in it", 101, STT4("0028", "00000000", "5010") , PACKET_OTHER,
	    "raw ipv4 stt" },
	{ "tcp", 101, OUTER4("0016", "06") "0050", PACKET_OTHER, "raw ipv4" },

	/* Not to be looked into. */
	{ "encapsulation, rfc 1241", 101, OUTER4("0018", "62") "11000000", PACKET_OPAQUE,
	    "raw ipv4" },
	{ "esp in udp", 101, UDP4("0024", "1194") "00000001" "00000001" , PACKET_OPAQUE,
	    "raw ipv4 udp" },
	{ "ike", 101, UDP4("0028", "1194") "00000000" "0102030405060708" , PACKET_OTHER,
	    "raw ipv4 udp" },
	{ "nat keepalive", 101, UDP4("001d", "1194") "ff" , PACKET_OTHER, "raw ipv4 udp" },
	{ "wireguard", 101, UDP4("0024", "ca6c") "04000000" "00000001" , PACKET_OPAQUE,
	    "raw ipv4 udp" },
	{ "not wireguard", 101, UDP4("0024", "ca6c") "04010000" "00000001" , PACKET_OTHER,
	    "raw ipv4 udp" },

	/* Tunnels in tunnels. */
	{ "gtp over vxlan", 101, UDP4("0072", "12b5") "08000000" "00002a00" MACS "0800"
	    "450000400001000040110000" ENDS4 "c0000868" "00000000" "30ff001c" "00000007" PING4
	    , PACKET_ICMP, "raw ipv4 udp vxlan:42 ethernet ipv4 udp gtp:7 ipv4" },
};
/* clang-format on */

/*
 * First fragments of tunnels that cut frames themselves; these are whole by
 * chance. Of TCP that is cut in front of its ports nobody thinks of a tunnel.
 */
static const struct walk_case begun[] = {
	{ "capwap, first fragment", 101, UDP4("004e", "147f") "00100080" "00010000" BRIDGED4 ,
	    PACKET_ICMP, "raw ipv4 udp capwap ethernet ipv4" },
	{ "lwapp, first fragment", 101, UDP4("005e", "2fbe") "03010040" "c8d3" WLAN4_SWAPPED ,
	    PACKET_ICMP, "raw ipv4 udp lwapp wlan llc snap ipv4" },
	{ "stt", 101, STT4("0064", "003c0000", "5018") STT("00", "0000") BRIDGED4 , PACKET_ICMP,
	    "raw ipv4 stt ethernet ipv4" },
	{ "stt, first segment, vlan", 101, STT4("0064", "01000000", "5018") STT("00", "100a")
	    BRIDGED4, PACKET_ICMP, "raw ipv4 stt ethernet ipv4" },
};

static void
walks_every_tunnel(void **state)
{
	(void)state;
	walk_check_ends(cases, COUNT_OF(cases));
	walk_check_ends(begun, COUNT_OF(begun));
}

static void
survives_every_cut(void **state)
{
	(void)state;
	walk_check_cuts(cases, COUNT_OF(cases));
}

/* First fragments and later ones; `len` is OUTER's. */
#define FIRST4(len, protocol) "4500" len "0001200040" protocol "0000" ENDS4
#define LATER4(protocol) "4500001c0001000540" protocol "0000" ENDS4
#define FIRST6(len) OUTER6(len, "2c") "1100000100001234"
#define LATER6 OUTER6("0010", "2c") "1100002800001234"
#define TO_VXLAN "c00012b500800000" "0800000000002a00"
#define TO_TEREDO "c0000dd800800000"

/* clang-format off */
static const struct walk_case fragments[] = {
	{ "of a ping", 101, FIRST4("003c", "11") TO_VXLAN MACS "0800" "45000060000140004001b6dc",
	    PACKET_FRAGMENT, "raw ipv4" },
	{ "of a ping, whole headers", 101, FIRST4("0044", "11") TO_TEREDO "6000000000503a40" ENDS6,
	    PACKET_FRAGMENT, "raw ipv4" },
	{ "of tcp", 101, FIRST4("0044", "11") TO_TEREDO "6000000000500640" ENDS6, PACKET_OTHER,
	    "raw ipv4" },
	{ "of a fragment", 101, FIRST4("0044", "11") TO_TEREDO "6000000000502c40" ENDS6,
	    PACKET_FRAGMENT, "raw ipv4" },
	{ "of dns", 101, FIRST4("003c", "11") "c000003500800000", PACKET_OTHER, "raw ipv4" },
	{ "of esp in udp", 101, FIRST4("003c", "11") "c000119400800000" "0000000100000001",
	    PACKET_OPAQUE, "raw ipv4" },
	{ "of nonsense in vxlan-gpe, nsh", 101, FIRST4("003c", "11") "c00012b600800000"
	    "0c00000400002a00" "0fc00201000001ff", PACKET_MALFORMED, "raw ipv4" },
	{ "later", 101, LATER4("11") ECHO, PACKET_LATER_FRAGMENT, "raw ipv4" },
	{ "later, of tcp", 101, LATER4("06") ECHO, PACKET_OTHER, "raw ipv4" },
	{ "later, of gre", 101, LATER4("2f") ECHO, PACKET_FRAGMENT, "raw ipv4" },
	{ "v6", 101, FIRST6("0030") TO_VXLAN MACS "0800" "45000060000140004001b6dc", PACKET_FRAGMENT,
	    "raw ipv6" },
	{ "v6, of tcp", 101, FIRST6("0038") TO_TEREDO "6000000000500640" ENDS6, PACKET_OTHER,
	    "raw ipv6" },
	{ "v6, later", 101, LATER6 ECHO, PACKET_LATER_FRAGMENT, "raw ipv6" },
};
/* clang-format on */

static void
judges_fragments(void **state)
{
	(void)state;
	walk_check_ends(fragments, COUNT_OF(fragments));
}

/* Looking ahead leaves no trace on the packet. */
static void
resumes_a_tunnel(void **state)
{
	uint8_t bytes[WALK_FRAME_MAX], whole[WALK_FRAME_MAX];
	struct frame frame = { .bytes = bytes, .link_type = 101 };
	uint32_t whole_len;
	struct packet p;

	(void)state;
	frame.captured = frame.length = walk_bytes(FIRST4("003c", "11") TO_VXLAN MACS "0800"
	    "4500001c000140004001b6dc", bytes);
	assert_int_equal(packet_walk(&frame, &p), PACKET_FRAGMENT);
	assert_int_equal(p.layer_count, 2);
	assert_int_equal(p.outer_count, 0);
	assert_int_equal(p.payload.claimed, 40);
	assert_true(p.ip.is_fragment);
	assert_false(p.has_source_mac);

	whole_len = walk_bytes(TO_VXLAN BRIDGED4, whole);
	assert_int_equal(packet_resume(&p, cursor_over(whole, whole_len, whole_len)), PACKET_ICMP);
	assert_int_equal(p.layer_count, 6);
	assert_int_equal(p.layers[3].kind, LAYER_VXLAN);
	assert_int_equal(p.layers[3].tag, 42);
	assert_int_equal(p.outer_count, 1);
	assert_int_equal(p.payload.claimed, 8);
}

#define VXLAN "c00012b500000000" "0800000000002a00"

/* As large a frame as there is, of nothing but one tunnel over and over. */
static void
ends_quickly(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name, *first, *repeated;
		enum packet_verdict verdict;
	} nests[] = {
		{ "vxlan", "", OUTER4("0000", "11") VXLAN MACS "0800",
		  PACKET_TOO_DEEP },
		{ "nsh", MACS "894f", "0fc20204000001ff", PACKET_TOO_DEEP },
		{ "pbb", MACS "88e7", "60000001" MACS "88e7", PACKET_TOO_DEEP },
		{ "cisco metadata", MACS "8909", "0101000100108909", PACKET_TOO_DEEP },
		{ "gtp extensions", OUTER4("0000", "11") "c000086800000000"
		  "34fffff000000007" "00000085", "010000c0", PACKET_MALFORMED },
		{ "tzsp padding", OUTER4("0000", "11") "c000909000000000"
		  "01000001", "00", PACKET_MALFORMED },
		{ "tzsp tags", OUTER4("0000", "11") "c000909000000000"
		  "01000001", "0a00", PACKET_MALFORMED },
		{ "first fragments", "", FIRST4("0000", "11") VXLAN MACS "0800",
		  PACKET_TOO_DEEP },
	};
	/* clang-format on */
	static uint8_t bytes[JUMBLE_LEN];
	struct packet packet;
	clock_t start = clock();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(nests); i++) {
		uint8_t unit[WALK_FRAME_MAX];
		uint32_t len = walk_bytes(nests[i].first, bytes);
		uint32_t unit_len = walk_bytes(nests[i].repeated, unit);
		uint32_t link_type = *nests[i].first == '0' ? 1 : 101;

		for (; len + unit_len <= JUMBLE_LEN; len += unit_len)
			memcpy(bytes + len, unit, unit_len);
		packet = walk_cut(link_type, bytes, len, len);
		if (packet.verdict != nests[i].verdict)
			fail_msg("%s: %s", nests[i].name, packet_verdict_name(packet.verdict));
	}
	assert_true(clock() - start < CLOCKS_PER_SEC / 4);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_every_tunnel),
		cmocka_unit_test(survives_every_cut),
		cmocka_unit_test(judges_fragments),
		cmocka_unit_test(resumes_a_tunnel),
		cmocka_unit_test(ends_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
