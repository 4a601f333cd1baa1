/*
 * An echo request over every link type that is read, each on an interface of
 * its own, whose name says which; and what ends a walk before its message:
 * fragments that links make, and what is encrypted. The sequence number is the
 * interface's.
 */
#include <string.h>

#include "samples/scenarios.h"

#define LINKS_MAX 64
#define MACS "00005e00530200005e005301"
#define ZERO8 "0000000000000000"
#define ZERO16 ZERO8 ZERO8

/* In front of an IPv4 echo, which has 84 octets, or of one of IPv6, which has 104. */
#define SNAP4 "aaaa030000000800"
#define SNAP6 "aaaa0300000086dd"
#define BRIDGED4 MACS "0800" /* with the echo 98 octets, 0x62 */
#define BRIDGED6 MACS "86dd"

/* 802.11: three addresses and the sequence number behind control and duration. */
#define WLAN(control) control "0000" "00005e00530200005e00530100005e0053ff" "1000"
#define JUNIPER "4d474300"

/* 802.15.4 between short addresses 1 and 2 of PAN abcd. */
#define WPAN "4188" "01" "cdab" "0200" "0100"

/* The addresses of the echo of IPv6. */
#define ENDS6 "20010db8000000000000000000000010" "20010db8000100000000000000000020"

struct link {
	const char *name;
	uint32_t link_type;
	uint8_t version;     /* of the echo */
	const char *header;  /* two hexadecimal digits an octet */
	const char *trailer;
	uint32_t skipped;    /* octets of the datagram that `header` stands for */
};

/* clang-format off */
static const struct link lan_links[] = {
	{ "token-ring", 6, 4, "1040" "00005e00530280005e005301" "063000110022" SNAP4, "", 0 },
	{ "arcnet", 7, 4, "0102d4" "000001", "", 0 },
	{ "arcnet-exception", 7, 6, "0102c4" "ffffffc4" "000001", "", 0 },
	{ "fddi", 10, 4, "50" MACS SNAP4, "", 0 },
	{ "fibre-channel", 122, 6, ZERO16 SNAP6, "", 0 },
	{ "arcnet-linux", 129, 4, "01020000d4" "000001", "", 0 },
	{ "ieee1394", 138, 6, ZERO16 "86dd", "", 0 },
	{ "docsis", 143, 4, "000000620000" BRIDGED4, "", 0 },
	{ "netanalyzer", 240, 4, "00000000" BRIDGED4, "", 0 },
	{ "netanalyzer-preamble", 241, 6, "00000000" "55555555555555d5" BRIDGED6, "", 0 },
	{ "ipoib", 242, 4, ZERO16 ZERO16 ZERO8 "08000000", "", 0 },
	{ "mpacket", 274, 4, "55555555555555d5" BRIDGED4, "", 0 },
	{ "broadcom-tag", 281, 4, MACS "20000001" "0800", "", 0 },
	{ "broadcom-in-front", 282, 6, "20000001" BRIDGED6, "", 0 },
	{ "dsa", 284, 4, MACS "200a0001" "0800", "", 0 }, /* in VLAN 1 */
	{ "edsa", 285, 6, MACS "dada0000" "c0080001" "86dd", "", 0 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

static const struct link wan_links[] = {
	{ "slip", 8, 4, ZERO16, "", 0 },
	{ "slip-bsdos-15", 15, 4, ZERO16 ZERO8, "", 0 },
	{ "slip-bsdos", 102, 6, ZERO16 ZERO8, "", 0 },
	{ "ppp-multilink", 9, 4, "ff03003d" "c0000001" "0021", "", 0 },
	{ "ppp-serial", 50, 4, "ff030021", "", 0 },
	{ "ppp-serial-cisco", 50, 6, "0f0086dd", "", 0 },
	{ "pppoe", 51, 4, "11000001" "0056" "0021", "", 0 },
	{ "pppd", 166, 4, "00030021", "", 0 },
	{ "ppp-direction", 204, 6, "01ff030057", "", 0 },
	{ "cisco-direction", 205, 4, "010f000800", "", 0 },
	{ "frame-relay", 107, 4, "184103cc", "", 0 },
	{ "frame-relay-bridged", 107, 4, "1841030080" "0080c2" "0007" BRIDGED4, "", 0 },
	{ "frame-relay-snap", 107, 4, "1841030080" "000000" "0800", "", 0 },
	{ "frame-relay-ppp", 107, 4, "184103cf" "0021", "", 0 },
	{ "frame-relay-direction", 206, 6, "011841038e", "", 0 },
	{ "multilink-frame-relay", 182, 4, "c101" "184103cc", "", 0 },
	{ "atm", 100, 4, "aaaa030080c20007" "0000" BRIDGED4, "", 0 },
	{ "atm-11", 11, 6, SNAP6, "", 0 },
	{ "classical-ip", 106, 4, SNAP4, "", 0 },
	{ "classical-ip-19", 19, 4, "", "", 0 },
	{ "sunatm", 123, 4, "02000064" SNAP4, "", 0 },
	{ "sunatm-lane", 123, 4, "81000064" "0001" BRIDGED4, "", 0 },
	{ "raw-12", 12, 4, "", "", 0 },
	{ "raw-14", 14, 6, "", "", 0 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

static const struct link juniper_links[] = {
	{ "mlppp", 130, 4, JUNIPER "0100" "0021", "", 0 },
	{ "mlfr", 131, 4, JUNIPER "0100" "03cc", "", 0 },
	{ "encryption", 132, 4, JUNIPER "0001ff03" "00000100" "c0000201c0000202", "", 0 },
	{ "ggsn", 133, 6, JUNIPER "0101060000000000", "", 0 },
	{ "mfr", 134, 4, JUNIPER "00000001" "03cc", "", 0 },
	{ "atm2", 135, 4, JUNIPER ZERO8 SNAP4, "", 0 },
	{ "services", 136, 4, JUNIPER ZERO8, "", 0 },
	{ "atm1", 137, 4, JUNIPER "00000001" "03cc", "", 0 },
	{ "monitor", 164, 6, JUNIPER ZERO8, "", 0 },
	{ "pppoe", 167, 4, JUNIPER "11000001" "0056" "0021", "", 0 },
	{ "pppoe-atm", 168, 4, JUNIPER "8864" "11000001" "0056" "0021", "", 0 },
	{ "ethernet", 178, 4, "4d474380" "0003" "010100" BRIDGED4, "", 0 },
	{ "ppp", 179, 6, JUNIPER "ff030057", "", 0 },
	{ "frame-relay", 180, 4, JUNIPER "184103cc", "", 0 },
	{ "cisco-hdlc", 181, 4, JUNIPER "0f000800", "", 0 },
	{ "voice", 183, 4, JUNIPER ZERO16 "0000", "", 0 },
	{ "srx", 233, 6, JUNIPER, "", 0 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

static const struct link host_links[] = {
	{ "symantec", 99, 4, "c0000201" "0000" "0800" ZERO16 ZERO16 "00000000", "", 0 },
	{ "enc", 109, 4, "02000000" ZERO8, "", 0 },
	{ "pflog", 117, 6, "301c" "0000" ZERO16 ZERO16 ZERO8 "00000000", "", 0 },
	{ "tzsp", 128, 4, "01000001" "0a0155" "01" BRIDGED4, "", 0 },
	{ "ppi", 192, 4, "00000c00" "69000000" "00000000" WLAN("0801") SNAP4, "", 0 },
	{ "ppi-raw-12", 192, 4, "00000800" "0c000000", "", 0 }, /* as systems number link types */
	{ "ppi-raw-14", 192, 6, "00000800" "0e000000", "", 0 },
	{ "ppi-atm-11", 192, 4, "00000800" "0b000000" SNAP4, "", 0 },
	{ "ppi-clip-19", 192, 4, "00000800" "13000000", "", 0 },
	{ "erf", 197, 4, ZERO8 "02040084" "00000062" "0000" BRIDGED4, "", 0 },
	{ "ipnet", 226, 4, "0102" "0000" ZERO16 "00000000", "", 0 },
	{ "nflog", 239, 4, "02000000" "0800010008000100" "05000a0061000000" "58000900", "", 0 },
	{ "pktap", 258, 4, "10000000" "01000000" "01000000" "61620000" BRIDGED4, "", 0 },
	{ "vsock", 271, 4, ZERO16 ZERO16, "", 84 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

static const struct link wireless_links[] = {
	{ "wlan", 105, 4, WLAN("8801") "0000" SNAP4, "", 0 },
	{ "wlan-amsdu", 105, 4, WLAN("8801") "8000" MACS "005c" SNAP4, "", 0 },
	{ "wlan-mesh", 105, 6, WLAN("8803") "00005e005304" "0001" "001f00000001" SNAP6, "", 0 },
	{ "prism", 119, 4, "00000044" "90000000" ZERO16 ZERO16 ZERO16 ZERO16 ZERO16 ZERO16 ZERO16
	    ZERO16 ZERO8 WLAN("0801") SNAP4, "", 0 },
	{ "radiotap", 127, 4, "00000900" "02000000" "10" WLAN("0801") SNAP4, "00000000", 0 },
	{ "avs", 163, 6, "80211001" "00000008" WLAN("0801") SNAP6, "", 0 },
	{ "wpan", 195, 6, WPAN "41", "0000", 0 },
	{ "wpan-preamble", 215, 6, "00000000a772" WPAN "41", "0000", 0 },
	{ "wpan-compressed", 230, 6, WPAN "6000" "00000000" "3a40" ENDS6, "", 40 },
	{ "wpan-tap", 283, 6, "00000400" WPAN "41", "", 0 },
	{ "6lowpan-on-ethernet", 1, 6, MACS "a0ed" "41", "", 0 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

/* The rest of an echo that is cut after 40 octets, and some that are later ones. */
#define LATER "202122232425262728292a2b2c2d2e2f"

/* UDP to a port, and STT's first header, in IPv4 between the ends of a tunnel. */
#define ENDS4 "cb007101cb007102"
#define OUTER(len, port) MACS "0800" "450000" len "0001000040110000" ENDS4 "c000" port "00000000"
#define STT(len, place) MACS "0800" "450000" len "0001000040060000" ENDS4 "c0001d2f" place \
    "00000001" "5018ffff00000000"

static const struct link fragment_links[] = {
	{ "wlan-first", 105, 4, WLAN("0805") SNAP4, "", 0 },
	{ "wlan-later", 105, 4, "08010000" "00005e00530200005e00530100005e0053ff" "1100" LATER, "",
	    84 },
	{ "arcnet-first", 7, 4, "0102d4" "010001", "", 0 },
	{ "arcnet-later", 7, 4, "0102d4" "020001" LATER, "", 84 },
	{ "multilink-first", 182, 4, "8101" "184103cc", "", 0 },
	{ "multilink-later", 182, 4, "4102" LATER, "", 84 },
	{ "ppp-first", 9, 4, "ff03003d" "80000001" "0021", "", 0 },
	{ "ppp-later", 9, 4, "ff03003d" "40000002" LATER, "", 84 },
	{ "frf12", 107, 4, "184103b1" "8000" LATER, "", 84 },
	{ "rfc1490", 107, 4, "1841030080" "0080c2" "000d" "00018000" LATER, "", 84 },
	{ "docsis", 143, 4, "c60000360000" BRIDGED4, "", 0 },
	{ "mpacket", 274, 4, "5555555555556100" LATER, "", 84 },
	{ "capwap-first", 1, 4, OUTER("5a", "147f") "00100080" "00010000" BRIDGED4, "", 0 },
	{ "capwap-later", 1, 4, OUTER("34", "147f") "00100080" "00010010" LATER, "", 84 },
	{ "lwapp-first", 1, 4, OUTER("6a", "2fbe") "03010040" "c8d3" WLAN("0801") SNAP4, "", 0 },
	{ "lwapp-later", 1, 4, OUTER("32", "2fbe") "02010040" "c8d3" LATER, "", 84 },
	{ "stt-first", 1, 4, STT("70", "00740000") "0000000000000000" "000000000000002a" "0000" BRIDGED4,
	    "", 0 },
	{ "stt-later", 1, 4, STT("38", "00740048") LATER, "", 84 },
	{ "lost-header", 105, 4, WLAN("0805") SNAP4 "45000054", "", 84 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

static const struct link opaque_links[] = {
	{ "macsec", 1, 4, MACS "88e5" "2c00" "00000044" "00005e0053010001" ZERO16, "", 84 },
	{ "wlan-protected", 105, 4, WLAN("0841") "0000000000000000" ZERO16, "", 84 },
	{ "ppp-encrypted", 9, 4, "ff030053" ZERO16, "", 84 },
	{ "ppp-compressed", 9, 4, "ff0300fd" ZERO16, "", 84 },
	{ "frf9", 107, 4, "184103b0" ZERO16, "", 84 },
	{ "pseudowire", 1, 4, MACS "8847" "00010140" "2000000000000000" ZERO16, "", 84 },
	{ "docsis-encrypted", 143, 4, "01050025" "4401800000" "0000" ZERO16 ZERO16, "", 84 },
	{ "esp", 1, 4, MACS "0800" "450000240001000040320000" "c000020ac6336414" ZERO16, "", 84 },
	{ "ipcomp", 1, 4, MACS "0800" "4500001c00010000406c0000" "c000020ac6336414" "01000002"
	    "00000000", "", 84 },
	{ "encap", 1, 4, MACS "0800" "4500002400010000" "40620000" "c000020ac6336414" ZERO16, "",
	    84 },
	{ "esp-udp", 1, 4, MACS "0800" "450000240001000040110000" "c000020ac6336414"
	    "1194119400100000" "0000000100000001", "", 84 },
	{ "wireguard", 1, 4, MACS "0800" "450000240001000040110000" "c000020ac6336414"
	    "ca6cca6c00100000" "0400000000000001", "", 84 },
	{ NULL, 0, 0, NULL, NULL, 0 },
};

/* Files by their links; what a first fragment holds of an echo. */
static const struct file {
	const char *name;
	const struct link *links;
	uint32_t kept; /* octets of the datagram; 0: all */
} files[] = {
	{ "links_lan.pcapng", lan_links, 0 },
	{ "links_wan.pcapng", wan_links, 0 },
	{ "links_juniper.pcapng", juniper_links, 0 },
	{ "links_host.pcapng", host_links, 0 },
	{ "links_wireless.pcapng", wireless_links, 0 },
	{ "link_fragments.pcapng", fragment_links, 40 },
	{ "link_opaque.pcapng", opaque_links, 0 },
};
/* clang-format on */

static const struct file *
file_of(const struct scene *s)
{
	const struct file *file = files;

	while (strcmp(file->name, s->scenario->file) != 0)
		file++;
	return file;
}

static void
send_echo(struct scene *s, const struct link *link, uint32_t kept, uint16_t seq)
{
	const struct scene_echo echo = {
		.source = link->version == 4 ? "192.0.2.10" : "2001:db8::10",
		.destination = link->version == 4 ? "198.51.100.20" : "2001:db8:1::20",
		.id = 0x1d0b,
		.seq = seq,
	};
	struct wire datagram = scene_echo_datagram(s, &echo, false), w = scene_wire(s);
	uint32_t end = kept > 0 && kept < datagram.len ? kept : datagram.len;

	scene_hex(&w, link->header);
	if (link->skipped < end)
		wire_bytes(&w, datagram.bytes + link->skipped, end - link->skipped);
	scene_hex(&w, link->trailer);
	scene_frame(s, &w);
	if (!s->failed)
		s->frames[s->frame_count - 1].interface = seq - 1U;
	scene_wait(s, 100 * MS);
}

static void
play_links(struct scene *s)
{
	const struct file *file = file_of(s);
	const struct link *link;

	for (link = file->links; link->name != NULL; link++)
		send_echo(s, link, file->kept, (uint16_t)(link - file->links + 1));
}

static void
write_links(const struct scene *s, struct writer *w)
{
	const struct link *links = file_of(s)->links;
	struct writer_interface interfaces[LINKS_MAX];
	size_t i;

	writer_section(w);
	for (i = 0; links[i].name != NULL; i++) {
		interfaces[i] = (struct writer_interface){ links[i].link_type, SCENE_SNAP_LEN, 6,
			links[i].name };
		writer_interface(w, &interfaces[i]);
	}
	for (i = 0; i < s->frame_count; i++)
		writer_packet(w, &interfaces[s->frames[i].interface], &s->frames[i]);
}

/* clang-format off */
#define FILE_OF(name, words) { name ".pcapng", words, .play = play_links, .write = write_links }

const struct scenario frame_scenarios[] = {
	FILE_OF("links_lan", "an echo request over every link type of local networks"),
	FILE_OF("links_wan", "the same over serial lines, frame relay, ATM"),
	FILE_OF("links_juniper", "the same as Juniper's routers capture it"),
	FILE_OF("links_host", "the same behind what a capturing host or device puts in front"),
	FILE_OF("links_wireless", "the same over 802.11 and 802.15.4 with 6LoWPAN"),
	FILE_OF("link_fragments", "fragments that links made: the first of each, and later ones"),
	FILE_OF("link_opaque", "frames that cannot be looked into"),
	{ .file = NULL }
};
/* clang-format on */
