/*
 * A ping through each tunnel that is read, one after the other, and through
 * one whose outer datagrams are fragmented. What they have in common with
 * other links is in scenarios_links.c.
 */
#include "samples/scenarios.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PIECE 512 /* octets in a fragment; a multiple of 8 */
#define VXLAN_PORT 4789
#define VXLAN_HEADER "0800000000002a00"

/* What is in front of the ping in the tunnel. */
enum inner {
	INNER_IP,
	INNER_IPV6, /* that is the ping's version */
	INNER_ETHERNET,
	INNER_PPP,
	INNER_WLAN,
	INNER_WLAN_SWAPPED,
};

/* What its header is in. */
enum outer {
	OUTER_UDP,
	OUTER_IP,
	OUTER_IPV6,
	OUTER_ETHERNET,
};

struct tunnel {
	enum outer outer;
	uint16_t number; /* port, protocol, ethertype */
	const char *header; /* two hexadecimal digits an octet */
	enum inner inner;
	const char *trailer;
};

/* clang-format off */
static const struct tunnel tunnels[] = {
	{ OUTER_ETHERNET, 0x8847, "00010140" "00000007", INNER_ETHERNET, "" }, /* pseudowire */
	{ OUTER_ETHERNET, 0x8847, "00010140", INNER_ETHERNET, "" },
	{ OUTER_ETHERNET, 0x8847, "0000d140" "10000021", INNER_IP, "" }, /* associated channel */
	{ OUTER_ETHERNET, 0x88e7, "60012345", INNER_ETHERNET, "" }, /* PBB */
	{ OUTER_ETHERNET, 0x8926, "c0010002" "0800", INNER_IP, "" }, /* VN-Tag */
	{ OUTER_ETHERNET, 0x893f, "000000010000" "0800", INNER_IP, "" }, /* E-Tag */
	{ OUTER_ETHERNET, 0x8903, "0060", INNER_ETHERNET, "" }, /* FabricPath */
	{ OUTER_ETHERNET, 0x8909, "010100010010" "0800", INNER_IP, "" }, /* Cisco MetaData */
	{ OUTER_ETHERNET, 0x894f, "0fc20201" "000001ff", INNER_IP, "" }, /* NSH */
	{ OUTER_ETHERNET, 0x88e5, "2000" "00000044" "00005e0053010001" "0800", INNER_IP,
	  "00112233445566778899aabbccddeeff" }, /* MACsec */
	{ OUTER_IP, 97, "3000", INNER_ETHERNET, "" }, /* EtherIP */
	{ OUTER_IP, 143, "", INNER_ETHERNET, "" },
	{ OUTER_IP, 103, "2100deff" "00000000", INNER_IP, "" }, /* PIM register */
	{ OUTER_IP, 115, "00000001" "12345678", INNER_ETHERNET, "" }, /* L2TPv3 */
	{ OUTER_IP, 137, "00010140", INNER_IP, "" }, /* MPLS */
	{ OUTER_IP, 47, "0000883e" "00000000", INNER_IP, "" }, /* WCCP */
	{ OUTER_IP, 47, "20016400" "00620100", INNER_ETHERNET, "" }, /* EoIP */
	{ OUTER_IP, 47, "00008210", INNER_WLAN, "" }, /* Aruba */
	{ OUTER_UDP, VXLAN_PORT, VXLAN_HEADER, INNER_ETHERNET, "" },
	{ OUTER_UDP, 8472, VXLAN_HEADER, INNER_ETHERNET, "" },
	{ OUTER_UDP, 4790, "0c000001" "00002a00", INNER_IP, "" }, /* VXLAN-GPE */
	{ OUTER_UDP, 6081, "02006558" "00002a00" "0102800101020304", INNER_ETHERNET, "" },
	{ OUTER_UDP, 6080, "00040000", INNER_IP, "" }, /* GUE */
	{ OUTER_UDP, 6635, "00010140", INNER_IP, "" }, /* MPLS */
	{ OUTER_UDP, 4754, "00000800", INNER_IP, "" }, /* GRE */
	{ OUTER_UDP, 4341, "88123456" "00002a01", INNER_IP, "" }, /* LISP */
	{ OUTER_UDP, 3544, "0000f227bffcfdfe", INNER_IPV6, "" }, /* Teredo */
	{ OUTER_UDP, 5072, "01020104" "4af5a43d" "00", INNER_IP, "" }, /* AYIYA */
	{ OUTER_UDP, 2152, "34ff005c" "00000007" "00000085" "01000000", INNER_IP, "" }, /* GTP-U */
	{ OUTER_UDP, 3386, "1eff0054" "00000001" "ffffffff" "4200012143658709", INNER_IP, "" },
	{ OUTER_UDP, 1701, "0002" "00010002", INNER_PPP, "" }, /* L2TP */
	{ OUTER_UDP, 5247, "00100000" "00000000", INNER_ETHERNET, "" }, /* CAPWAP */
	{ OUTER_UDP, 5247, "00100300" "00000000", INNER_WLAN_SWAPPED, "" },
	{ OUTER_UDP, 12222, "00000078" "c8d3", INNER_WLAN_SWAPPED, "" }, /* LWAPP */
	{ OUTER_UDP, 12220, "", INNER_ETHERNET, "" },
	{ OUTER_UDP, 37008, "01000001" "01", INNER_ETHERNET, "" }, /* TZSP */
	{ OUTER_IP, 6, "c0001d2f" "00740000" "00000001" "5018ffff00000000" "000000000000100a"
	  "000000000000002a" "0000", INNER_ETHERNET, "" }, /* STT */
	{ OUTER_IP, 47, "000088be", INNER_ETHERNET, "" }, /* ERSPAN I */
	{ OUTER_IP, 47, "100022eb" "00000001" "200000010000000200000000", INNER_ETHERNET, "" },
	{ OUTER_IP, 47, "3001880b" "00580001" "00000001", INNER_PPP, "" }, /* PPTP */
	{ OUTER_IP, 51, "0404000000000001" "00000001" "00112233445566778899aabb", INNER_IP, "" },
	{ OUTER_IPV6, 135, "2900000000000000", INNER_IPV6, "" }, /* a mobility header */
	{ OUTER_IPV6, 136, "c000147f" "00080000" "00100000" "00000000", INNER_ETHERNET, "" },
	{ OUTER_ETHERNET, 0x9100, "00058100" "00060800", INNER_IP, "" }, /* Q-in-Q */
	{ OUTER_ETHERNET, 0x9200, "00070800", INNER_IP, "" },
	{ OUTER_ETHERNET, 0x8848, "00010140", INNER_IP, "" }, /* MPLS multicast */
	{ OUTER_ETHERNET, 0x6558, "", INNER_ETHERNET, "" },
	{ OUTER_ETHERNET, 0x880b, "", INNER_PPP, "" },
	{ OUTER_ETHERNET, 0x88be, "1000000100000002", INNER_ETHERNET, "" },
	{ OUTER_ETHERNET, 0x22eb, "200000010000000200000000", INNER_ETHERNET, "" },
	{ OUTER_ETHERNET, 0x8864, "11000001" "005a" "0281" "00010140", INNER_IP, "" },
	{ OUTER_ETHERNET, 0x8864, "11000001" "005a" "0283" "00010140", INNER_IP, "" },
	{ OUTER_ETHERNET, 0x8864, "11000001" "005c" "003d" "c0000001" "0021", INNER_IP, "" },
};
/* clang-format on */

static const struct wire_ip outer = {
	.source = "203.0.113.1", .destination = "203.0.113.2", .ttl = 62, .id = 0x5555,
};

static void
prepend_hex(struct wire *w, const char *hex)
{
	uint8_t bytes[64];
	struct wire header = wire_over(bytes, sizeof(bytes));

	scene_hex(&header, hex);
	wire_prepend(w, bytes, header.len);
}

static const struct wire_ip outer6 = {
	.source = "2001:db8:ffff::1", .destination = "2001:db8:ffff::2", .ttl = 62,
};

static void
wrap_inner(struct wire *w, enum inner inner)
{
	switch (inner) {
	case INNER_IP:
	case INNER_IPV6:
		return;
	case INNER_ETHERNET:
		wire_ethernet(w, 0x0800);
		return;
	case INNER_PPP:
		prepend_hex(w, "ff030021");
		return;
	case INNER_WLAN:
	case INNER_WLAN_SWAPPED:
		prepend_hex(w, "000000005e00530300005e00530100005e0053020000aaaa030000000800");
		prepend_hex(w, inner == INNER_WLAN ? "0801" : "0108");
		return;
	}
}

static void
wrap_outer(struct wire *w, enum outer kind, uint16_t number)
{
	struct wire_ip ip = kind == OUTER_IPV6 ? outer6 : outer;

	if (kind == OUTER_ETHERNET) {
		wire_ethernet(w, number);
		return;
	}
	ip.protocol = (uint8_t)number;
	if (kind == OUTER_IPV6) {
		wire_ip6(w, &ip);
		wire_ethernet(w, 0x86dd);
		return;
	}
	if (kind == OUTER_UDP) {
		ip.protocol = IP_PROTO_UDP;
		wire_udp(w, 49321, number);
	}
	wire_ip4(w, &ip);
	wire_ethernet(w, 0x0800);
}

static void
send_through(struct scene *s, const struct tunnel *tunnel, const struct wire *datagram)
{
	struct wire w = scene_wire(s);

	wire_bytes(&w, datagram->bytes, datagram->len);
	scene_hex(&w, tunnel->trailer);
	wrap_inner(&w, tunnel->inner);
	prepend_hex(&w, tunnel->header);
	wrap_outer(&w, tunnel->outer, tunnel->number);
	scene_frame(s, &w);
}

/* The sequence number tells the tunnel. */
static void
play_tunnel(struct scene *s, const struct tunnel *tunnel, uint16_t seq)
{
	const bool is_ipv6 = tunnel->inner == INNER_IPV6;
	const struct scene_echo echo = {
		.source = is_ipv6 ? "2001:db8::10" : "192.0.2.10",
		.destination = is_ipv6 ? "2001:db8:1::20" : "198.51.100.20",
		.id = 0x1d09,
		.seq = seq,
	};
	struct wire datagram = scene_echo_datagram(s, &echo, false);

	send_through(s, tunnel, &datagram);
	scene_wait(s, 8250);
	datagram = scene_echo_datagram(s, &echo, true);
	send_through(s, tunnel, &datagram);
	scene_wait(s, 100 * MS);
}

static void
play_tunnels(struct scene *s)
{
	size_t i;

	for (i = 0; i < COUNT_OF(tunnels); i++)
		play_tunnel(s, &tunnels[i], (uint16_t)(i + 1));
}

/* A datagram in VXLAN, in fragments. */
static void
send_in_pieces(struct scene *s, const struct wire *datagram, uint32_t id)
{
	struct wire whole = scene_wire(s);
	uint32_t at;

	wire_bytes(&whole, datagram->bytes, datagram->len);
	wire_ethernet(&whole, 0x0800);
	prepend_hex(&whole, VXLAN_HEADER);
	wire_udp(&whole, 49321, VXLAN_PORT);
	for (at = 0; at < whole.len; at += PIECE) {
		struct wire w = scene_wire(s);
		struct wire_ip ip = outer;
		uint32_t len = whole.len - at < PIECE ? whole.len - at : PIECE;

		ip.protocol = IP_PROTO_UDP;
		ip.id = id;
		ip.fragment_offset = (uint16_t)at;
		ip.more_fragments = at + len < whole.len;
		ip.keep_checksum = true;
		wire_bytes(&w, whole.bytes + at, len);
		wire_ip4(&w, &ip);
		wire_ethernet(&w, 0x0800);
		scene_frame(s, &w);
		scene_wait(s, 200);
	}
}

/* A ping that is put together, and DNS that need not be. */
static void
play_fragments(struct scene *s)
{
	static const struct scene_echo echo = {
		.source = "192.0.2.10", .destination = "198.51.100.20", .id = 0x1d0a, .seq = 1,
		.payload_len = 1400,
	};
	static const struct wire_ip ip = {
		.source = "192.0.2.10", .destination = "198.51.100.20", .protocol = IP_PROTO_UDP,
	};
	struct wire datagram;

	datagram = scene_echo_datagram(s, &echo, false);
	send_in_pieces(s, &datagram, 0x6001);
	datagram = scene_udp_datagram(s, &ip, 40000, 53, 1400);
	send_in_pieces(s, &datagram, 0x6002);
	scene_wait(s, 8250);
	datagram = scene_echo_datagram(s, &echo, true);
	send_in_pieces(s, &datagram, 0x6003);
}

const struct scenario tunnel_scenarios[] = {
	{ "tunnels.pcap", "a ping through each tunnel over Ethernet, IP and UDP that is read",
	  .play = play_tunnels, .link_type = LINK_TYPE_ETHERNET },
	{ "tunnel_fragments.pcap", "a ping and DNS in fragmented VXLAN",
	  .play = play_fragments, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
