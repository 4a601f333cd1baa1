/*
 * Ports and other handles of a flow, one small reader for each protocol. A
 * header that was cut keeps what was read before the cut.
 */
#include "decoders/transport.h"

#include <stddef.h>

#include "decoders/ip.h"

#define GRE_CHECKSUM_OR_ROUTING 0xc000
#define GRE_KEY 0x2000

static void
read_ports(struct cursor *c, struct transport *out)
{
	out->source_port = cursor_u16(c);
	out->destination_port = cursor_u16(c);
	out->has_ports = c->status == DECODE_OK;
}

/* The checksum is more than a flow needs: that it was cut off is no failure. */
static void
read_checksum(struct cursor c, uint32_t skipped, struct transport *out)
{
	cursor_skip(&c, skipped);
	out->checksum = cursor_u16(&c);
	out->has_checksum = c.status == DECODE_OK;
}

/* RFC 768 */
static void
read_udp(struct cursor *c, struct transport *out)
{
	read_ports(c, out);
	read_checksum(*c, 2, out);
}

/* RFC 9293 3.1; most errors quote no more than the sequence number. */
static void
read_tcp(struct cursor *c, struct transport *out)
{
	struct cursor rest;

	read_ports(c, out);
	out->tcp_sequence = cursor_u32(c);
	out->has_tcp_sequence = c->status == DECODE_OK;
	rest = *c;
	out->tcp_acknowledgment = cursor_u32(&rest);
	cursor_skip(&rest, 1);
	out->tcp_flags = cursor_u8(&rest);
	out->has_tcp_flags = rest.status == DECODE_OK;
}

/* RFC 9260 3.1 */
static void
read_sctp(struct cursor *c, struct transport *out)
{
	read_ports(c, out);
	out->verification_tag = cursor_u32(c);
	out->has_verification_tag = c->status == DECODE_OK;
}

/* RFC 4303 2 */
static void
read_esp(struct cursor *c, struct transport *out)
{
	out->spi = cursor_u32(c);
	out->has_spi = c->status == DECODE_OK;
	out->ipsec_sequence = cursor_u32(c);
	out->has_ipsec_sequence = c->status == DECODE_OK;
}

/* RFC 4302 2: next header, length and a reserved word come before the SPI. */
static void
read_ah(struct cursor *c, struct transport *out)
{
	cursor_skip(c, 4);
	read_esp(c, out);
}

/* RFC 2890 2 */
static void
read_gre(struct cursor *c, struct transport *out)
{
	uint16_t flags = cursor_u16(c);

	cursor_skip(c, 2);
	if ((flags & GRE_KEY) == 0)
		return;
	if ((flags & GRE_CHECKSUM_OR_ROUTING) != 0)
		cursor_skip(c, 4);
	out->key = cursor_u32(c);
	out->has_key = c->status == DECODE_OK;
}

/* ICMP types with an identifier behind the checksum, and a sequence number or none. */
struct numbered_type {
	uint8_t type;
	uint8_t seq_len;
};

static const struct numbered_type icmp4_numbered[] = {
	{ 0, 2 },  /* echo reply, RFC 792 */
	{ 8, 2 },  /* echo */
	{ 13, 2 }, /* timestamp */
	{ 14, 2 }, /* timestamp reply */
	{ 15, 2 }, /* information request */
	{ 16, 2 }, /* information reply */
	{ 17, 2 }, /* address mask request, RFC 950 */
	{ 18, 2 }, /* address mask reply */
	{ 37, 2 }, /* domain name request, RFC 1788 */
	{ 38, 2 }, /* domain name reply */
	{ 42, 1 }, /* extended echo request, RFC 8335 */
	{ 43, 1 }, /* extended echo reply */
};

static const struct numbered_type icmp6_numbered[] = {
	{ 128, 2 }, /* echo request, RFC 4443 */
	{ 129, 2 }, /* echo reply */
	{ 160, 1 }, /* extended echo request, RFC 8335 */
	{ 161, 1 }, /* extended echo reply */
	{ 144, 0 }, /* home agent address discovery request, RFC 6275 */
	{ 145, 0 }, /* home agent address discovery reply */
	{ 146, 0 }, /* mobile prefix solicitation */
	{ 147, 0 }, /* mobile prefix advertisement */
	{ 148, 0 }, /* certification path solicitation, RFC 3971 */
	{ 149, 0 }, /* certification path advertisement */
};

static void
read_icmp(struct cursor *c, const struct numbered_type *types, size_t count, struct transport *out)
{
	size_t i;

	out->icmp_type = cursor_u8(c);
	out->icmp_code = cursor_u8(c);
	out->has_icmp = c->status == DECODE_OK;
	read_checksum(*c, 0, out);
	i = 0;
	while (i < count && types[i].type != out->icmp_type)
		i++;
	if (i == count)
		return;
	cursor_skip(c, 2);
	out->id = cursor_u16(c);
	out->has_id = c->status == DECODE_OK;
	if (types[i].seq_len == 0)
		return;
	out->seq = (uint16_t)cursor_uint(c, types[i].seq_len);
	out->has_seq = c->status == DECODE_OK;
}

static void
read_icmp4(struct cursor *c, struct transport *out)
{
	read_icmp(c, icmp4_numbered, sizeof icmp4_numbered / sizeof icmp4_numbered[0], out);
}

static void
read_icmp6(struct cursor *c, struct transport *out)
{
	read_icmp(c, icmp6_numbered, sizeof icmp6_numbered / sizeof icmp6_numbered[0], out);
}

static void (*const readers[256])(struct cursor *c, struct transport *out) = {
	[IP_PROTO_UDP] = read_udp,
	[IP_PROTO_TCP] = read_tcp,
	[IP_PROTO_ICMP] = read_icmp4,
	[IP_PROTO_ICMPV6] = read_icmp6,
	[IP_PROTO_SCTP] = read_sctp,
	[IP_PROTO_DCCP] = read_ports,
	[IP_PROTO_UDP_LITE] = read_udp,
	[IP_PROTO_ESP] = read_esp,
	[IP_PROTO_AH] = read_ah,
	[IP_PROTO_GRE] = read_gre,
};

enum decode_status
transport_decode(struct cursor c, uint8_t protocol, struct transport *out)
{
	*out = (struct transport){ .protocol = protocol };
	if (readers[protocol] != NULL)
		readers[protocol](&c, out);
	return c.status;
}

/* clang-format off */
/* IANA "Assigned Internet Protocol Numbers"; spaces of a keyword are hyphens. */
static const char *const keywords[256] = {
	[0] = "hopopt", [1] = "icmp", [2] = "igmp", [3] = "ggp", [4] = "ipv4", [5] = "st",
	[6] = "tcp", [7] = "cbt", [8] = "egp", [9] = "igp", [10] = "bbn-rcc-mon",
	[11] = "nvp-ii", [12] = "pup", [13] = "argus", [14] = "emcon", [15] = "xnet",
	[16] = "chaos", [17] = "udp", [18] = "mux", [19] = "dcn-meas", [20] = "hmp",
	[21] = "prm", [22] = "xns-idp", [23] = "trunk-1", [24] = "trunk-2", [25] = "leaf-1",
	[26] = "leaf-2", [27] = "rdp", [28] = "irtp", [29] = "iso-tp4", [30] = "netblt",
	[31] = "mfe-nsp", [32] = "merit-inp", [33] = "dccp", [34] = "3pc", [35] = "idpr",
	[36] = "xtp", [37] = "ddp", [38] = "idpr-cmtp", [39] = "tp++", [40] = "il",
	[41] = "ipv6", [42] = "sdrp", [43] = "ipv6-route", [44] = "ipv6-frag", [45] = "idrp",
	[46] = "rsvp", [47] = "gre", [48] = "dsr", [49] = "bna", [50] = "esp", [51] = "ah",
	[52] = "i-nlsp", [53] = "swipe", [54] = "narp", [55] = "min-ipv4", [56] = "tlsp",
	[57] = "skip", [58] = "ipv6-icmp", [59] = "ipv6-nonxt", [60] = "ipv6-opts",
	[62] = "cftp", [64] = "sat-expak", [65] = "kryptolan", [66] = "rvd", [67] = "ippc",
	[69] = "sat-mon", [70] = "visa", [71] = "ipcv", [72] = "cpnx", [73] = "cphb",
	[74] = "wsn", [75] = "pvp", [76] = "br-sat-mon", [77] = "sun-nd", [78] = "wb-mon",
	[79] = "wb-expak", [80] = "iso-ip", [81] = "vmtp", [82] = "secure-vmtp",
	[83] = "vines", [84] = "iptm", [85] = "nsfnet-igp", [86] = "dgp", [87] = "tcf",
	[88] = "eigrp", [89] = "ospfigp", [90] = "sprite-rpc", [91] = "larp", [92] = "mtp",
	[93] = "ax.25", [94] = "ipip", [95] = "micp", [96] = "scc-sp", [97] = "etherip",
	[98] = "encap", [100] = "gmtp", [101] = "ifmp", [102] = "pnni", [103] = "pim",
	[104] = "aris", [105] = "scps", [106] = "qnx", [107] = "a/n", [108] = "ipcomp",
	[109] = "snp", [110] = "compaq-peer", [111] = "ipx-in-ip", [112] = "vrrp",
	[113] = "pgm", [115] = "l2tp", [116] = "ddx", [117] = "iatp", [118] = "stp",
	[119] = "srp", [120] = "uti", [121] = "smp", [122] = "sm", [123] = "ptp",
	[124] = "isis-over-ipv4", [125] = "fire", [126] = "crtp", [127] = "crudp",
	[128] = "sscopmce", [129] = "iplt", [130] = "sps", [131] = "pipe", [132] = "sctp",
	[133] = "fc", [134] = "rsvp-e2e-ignore", [135] = "mobility-header", [136] = "udplite",
	[137] = "mpls-in-ip", [138] = "manet", [139] = "hip", [140] = "shim6", [141] = "wesp",
	[142] = "rohc", [143] = "ethernet", [144] = "aggfrag", [145] = "nsh", [146] = "homa",
	[147] = "bit-emu",
};
/* clang-format on */

const char *
transport_name(uint8_t protocol)
{
	return keywords[protocol];
}
