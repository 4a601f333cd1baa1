/*
 * The same two pings, IPv4 and IPv6, under every link header and inside every
 * tunnel that is read: only what is in front of them differs.
 */
#include "samples/scenarios.h"

static const struct scene_echo echo4 = {
	.source = "192.0.2.10", .destination = "198.51.100.20", .id = 0x1d07, .seq = 1,
	.payload_len = 24,
};
static const struct scene_echo echo6 = {
	.source = "2001:db8::10", .destination = "2001:db8:1::20", .id = 0x1d08, .seq = 1,
	.payload_len = 24,
};

static void
play_one(struct scene *s, const struct scene_echo *echo)
{
	scene_echo(s, echo);
	scene_wait(s, 8250);
	scene_reply(s, echo);
	scene_wait(s, SECOND);
}

static void
play_both(struct scene *s)
{
	play_one(s, &echo4);
	play_one(s, &echo6);
}

static void
play_ipv4(struct scene *s)
{
	play_one(s, &echo4);
}

static void
play_ipv6(struct scene *s)
{
	play_one(s, &echo6);
}

static uint16_t
ether_type(uint8_t version)
{
	return version == 4 ? 0x0800 : 0x86dd;
}

/* Numbers of these many octets each, as one header in front. */
static void
prepend(struct wire *w, const uint64_t *numbers, const uint8_t *sizes, size_t count)
{
	uint8_t header[64];
	struct wire h = wire_over(header, sizeof(header));
	size_t i;

	for (i = 0; i < count; i++)
		wire_uint(&h, numbers[i], sizes[i]);
	wire_prepend(w, header, h.len);
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PREPEND(w, numbers, sizes) prepend(w, numbers, sizes, COUNT_OF(numbers))

static void
wrap_nothing(struct wire *w, uint8_t version)
{
	(void)w;
	(void)version;
}

static void
put_vlan(struct wire *w, uint16_t id, uint16_t type)
{
	const uint64_t numbers[] = { id, type };
	const uint8_t sizes[] = { 2, 2 };

	PREPEND(w, numbers, sizes);
}

static void
wrap_vlan(struct wire *w, uint8_t version)
{
	put_vlan(w, 0x6000 | 42, ether_type(version)); /* priority 3 */
	wire_ethernet(w, 0x8100);
}

static void
wrap_qinq(struct wire *w, uint8_t version)
{
	put_vlan(w, 42, ether_type(version));
	put_vlan(w, 1000, 0x8100);
	wire_ethernet(w, 0x88a8);
}

static void
wrap_llc_snap(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 0xaaaa03, 0, ether_type(version) };
	const uint8_t sizes[] = { 3, 3, 2 };

	PREPEND(w, numbers, sizes);
	wire_ethernet(w, (uint16_t)w->len); /* IEEE 802.3: a length */
}

static void
wrap_sll(struct wire *w, uint8_t version)
{
	/* from us, Ethernet, the address with its length, protocol */
	const uint64_t numbers[] = { 4, 1, 6, 0x00005e005301, 0, ether_type(version) };
	const uint8_t sizes[] = { 2, 2, 2, 6, 2, 2 };

	PREPEND(w, numbers, sizes);
}

static void
wrap_sll2(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { ether_type(version), 0, 3, 1, 4, 6, 0x00005e005301, 0 };
	const uint8_t sizes[] = { 2, 2, 4, 2, 1, 1, 6, 2 };

	PREPEND(w, numbers, sizes);
}

/* The family of IPv6 is FreeBSD's, as big-endian machines write it. */
static void
wrap_family(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { version == 4 ? 2 : 28 };
	const uint8_t sizes[] = { 4 };

	PREPEND(w, numbers, sizes);
}

/* The same by a little-endian machine; IPv6 as Darwin numbers it. */
static void
wrap_family_swapped(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { version == 4 ? 0x02000000 : 0x1e000000 };
	const uint8_t sizes[] = { 4 };

	PREPEND(w, numbers, sizes);
}

static void
wrap_ppp(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 0xff03, version == 4 ? 0x0021 : 0x0057 };
	const uint8_t sizes[] = { 2, 2 };

	PREPEND(w, numbers, sizes);
}

static void
wrap_cisco_hdlc(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 0x0f00, ether_type(version) };
	const uint8_t sizes[] = { 2, 2 };

	PREPEND(w, numbers, sizes);
}

static void
wrap_pppoe(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 0x1100, 0x0815, w->len + 2, version == 4 ? 0x0021 : 0x0057 };
	const uint8_t sizes[] = { 2, 2, 2, 2 };

	PREPEND(w, numbers, sizes);
	wire_ethernet(w, 0x8864);
}

/* Two labels: transport and service. */
static void
wrap_mpls(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 16001 << 12 | 62, 24007 << 12 | 0x100 | 62 };
	const uint8_t sizes[] = { 4, 4 };

	(void)version;
	PREPEND(w, numbers, sizes);
	wire_ethernet(w, 0x8847);
}

static void
wrap_outer4(struct wire *w, uint8_t protocol)
{
	const struct wire_ip outer = {
		.source = "203.0.113.1", .destination = "203.0.113.2", .protocol = protocol,
		.ttl = 62, .id = 0x4444,
	};

	wire_ip4(w, &outer);
	wire_ethernet(w, 0x0800);
}

static void
wrap_outer6(struct wire *w, uint8_t protocol)
{
	const struct wire_ip outer = {
		.source = "2001:db8:ffff::1", .destination = "2001:db8:ffff::2",
		.protocol = protocol, .ttl = 62,
	};

	wire_ip6(w, &outer);
	wire_ethernet(w, 0x86dd);
}

/* RFC 2003, RFC 4213 */
static void
wrap_in_ipv4(struct wire *w, uint8_t version)
{
	wrap_outer4(w, version == 4 ? IP_PROTO_IPIP : IP_PROTO_IPV6);
}

/* RFC 2473 */
static void
wrap_in_ipv6(struct wire *w, uint8_t version)
{
	wrap_outer6(w, version == 4 ? IP_PROTO_IPIP : IP_PROTO_IPV6);
}

/* RFC 2890: key and sequence number */
static void
wrap_gre(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 0x3000, ether_type(version), 0xbeef, 7 };
	const uint8_t sizes[] = { 2, 2, 4, 4 };

	PREPEND(w, numbers, sizes);
	wrap_outer4(w, IP_PROTO_GRE);
}

/* RFC 1701: transparent Ethernet bridging, in IPv6 */
static void
wrap_gre_bridged(struct wire *w, uint8_t version)
{
	const uint64_t numbers[] = { 0, 0x6558 };
	const uint8_t sizes[] = { 2, 2 };

	put_vlan(w, 7, ether_type(version));
	wire_ethernet(w, 0x8100);
	PREPEND(w, numbers, sizes);
	wrap_outer6(w, IP_PROTO_GRE);
}

/* ERSPAN type II: session 5 of a mirror port */
static void
wrap_erspan(struct wire *w, uint8_t version)
{
	const uint64_t gre[] = { 0x1000, 0x88be, 9 };
	const uint8_t gre_sizes[] = { 2, 2, 4 };
	const uint64_t erspan[] = { 0x1000 | 42, 5, 1 };
	const uint8_t erspan_sizes[] = { 2, 2, 4 };

	wire_ethernet(w, ether_type(version));
	PREPEND(w, erspan, erspan_sizes);
	PREPEND(w, gre, gre_sizes);
	wrap_outer4(w, IP_PROTO_GRE);
}

/* Everything at once: QinQ, MPLS, IPv4, GRE, IPv6 around the ping. */
static void
wrap_deep(struct wire *w, uint8_t version)
{
	const struct wire_ip inner = {
		.source = "2001:db8:ffff::1", .destination = "2001:db8:ffff::2", .ttl = 60,
		.protocol = version == 4 ? IP_PROTO_IPIP : IP_PROTO_IPV6,
	};
	const struct wire_ip outer = {
		.source = "203.0.113.1", .destination = "203.0.113.2", .ttl = 61,
		.protocol = IP_PROTO_GRE,
	};
	const uint64_t gre[] = { 0, 0x86dd }, mpls[] = { 17 << 12 | 0x100 | 60 };
	const uint8_t gre_sizes[] = { 2, 2 }, mpls_sizes[] = { 4 };

	wire_ip6(w, &inner);
	PREPEND(w, gre, gre_sizes);
	wire_ip4(w, &outer);
	PREPEND(w, mpls, mpls_sizes);
	put_vlan(w, 42, 0x8847);
	put_vlan(w, 1000, 0x8100);
	wire_ethernet(w, 0x88a8);
}

/* clang-format off */
#define LINK(name, words, number, how) \
	{ "link_" name ".pcap", words, .play = play_both, .link_type = (number), .wrap = (how) }
#define TUNNEL(name, words, how) \
	{ "tunnel_" name ".pcap", words, .play = play_both, .link_type = LINK_TYPE_ETHERNET, \
	  .wrap = (how) }

const struct scenario link_scenarios[] = {
	LINK("ethernet", "two pings on Ethernet", LINK_TYPE_ETHERNET, NULL),
	LINK("vlan", "the same in VLAN 42", LINK_TYPE_ETHERNET, wrap_vlan),
	LINK("qinq", "the same in VLAN 42 inside VLAN 1000", LINK_TYPE_ETHERNET, wrap_qinq),
	LINK("llc_snap", "the same in IEEE 802.3 frames with LLC and SNAP", LINK_TYPE_ETHERNET,
	    wrap_llc_snap),
	LINK("sll", "the same as Linux's `any` interface captures it", LINK_TYPE_SLL, wrap_sll),
	LINK("sll2", "the same in Linux's newer cooked format", LINK_TYPE_SLL2, wrap_sll2),
	LINK("raw", "the same without a link header", LINK_TYPE_RAW, wrap_nothing),
	{ "link_raw_ipv4.pcap", "an IPv4 ping without a link header",
	  .play = play_ipv4, .link_type = LINK_TYPE_RAW_IPV4, .wrap = wrap_nothing },
	{ "link_raw_ipv6.pcap", "an IPv6 ping without a link header",
	  .play = play_ipv6, .link_type = LINK_TYPE_RAW_IPV6, .wrap = wrap_nothing },
	LINK("null", "two pings on BSD's loopback, big-endian", LINK_TYPE_NULL, wrap_family),
	LINK("null_swapped", "the same, little-endian", LINK_TYPE_NULL, wrap_family_swapped),
	LINK("loop", "the same on OpenBSD's loopback", LINK_TYPE_LOOP, wrap_family),
	LINK("ppp", "the same over PPP", LINK_TYPE_PPP, wrap_ppp),
	LINK("cisco_hdlc", "the same over Cisco's HDLC", LINK_TYPE_CISCO_HDLC, wrap_cisco_hdlc),
	LINK("pppoe", "the same in a PPPoE session", LINK_TYPE_ETHERNET, wrap_pppoe),
	LINK("mpls", "the same under two MPLS labels", LINK_TYPE_ETHERNET, wrap_mpls),
	TUNNEL("in_ipv4", "IPv4 and IPv6 pings in IPv4 (protocols 4 and 41)", wrap_in_ipv4),
	TUNNEL("in_ipv6", "IPv4 and IPv6 pings in IPv6", wrap_in_ipv6),
	TUNNEL("gre", "pings in GRE with key and sequence number", wrap_gre),
	TUNNEL("gre_bridged", "pings in VLAN 7 of an Ethernet bridged by GRE over IPv6",
	    wrap_gre_bridged),
	TUNNEL("erspan", "pings mirrored by ERSPAN II", wrap_erspan),
	TUNNEL("deep", "QinQ, MPLS, IPv4, GRE and IPv6 around the pings", wrap_deep),
	{ .file = NULL }
};
/* clang-format on */
