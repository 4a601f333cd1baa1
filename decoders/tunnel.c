/*
 * IP, and what it carries by its protocol number: IP again, other tunnels,
 * ICMP at last. What is encrypted ends the walk.
 */
#include "decoders/tunnel.h"

#include "decoders/tunnel_access.h"
#include "decoders/tunnel_gre.h"
#include "decoders/tunnel_link.h"
#include "decoders/tunnel_stt.h"
#include "decoders/tunnel_udp.h"

#define ETHERIP_VERSION 3

#define PIM_VERSION_REGISTER 0x21
#define PIM_NULL_REGISTER 0x40000000

static struct step
read_icmp(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_end(PACKET_ICMP);
}

struct step
tunnel_opaque(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_end(PACKET_OPAQUE);
}

static struct step
read_ah(struct packet *packet, struct cursor *c)
{
	ip_ah_decode(c, &packet->ip);
	return tunnel_payload(packet);
}

/* Fast handovers had IPv6 behind it (RFC 4068); others have nothing. */
static struct step
read_mobility(struct packet *packet, struct cursor *c)
{
	if (packet->ip.version != 6)
		return step_end(PACKET_OTHER);
	ip6_mobility_decode(c, &packet->ip);
	return tunnel_payload(packet);
}

struct step
tunnel_ethernet(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* RFC 3378 3; some senders have the version in the other half of its octet. */
static struct step
read_etherip(struct packet *packet, struct cursor *c)
{
	uint8_t version = cursor_u8(c);

	cursor_skip(c, 1);
	if (version != ETHERIP_VERSION << 4 && version != ETHERIP_VERSION)
		return step_end(PACKET_OTHER);
	return tunnel_ethernet(packet, c);
}

/* RFC 7761 4.9.3: the source's datagram on its way to the rendezvous point. */
static struct step
read_pim(struct packet *packet, struct cursor *c)
{
	uint8_t version_type = cursor_u8(c);

	(void)packet;
	cursor_skip(c, 3);
	if (version_type != PIM_VERSION_REGISTER)
		return step_end(PACKET_OTHER);
	if ((cursor_u32(c) & PIM_NULL_REGISTER) != 0)
		return step_end(PACKET_OTHER);
	return step_to(link_ip_version(c));
}

void
tunnel_enter(struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;

	/* What a link fragmented has ends, but no IP header yet. */
	if (ip->version == 0 || ip->header_length == 0)
		return;
	if (packet->outer_count < PACKET_OUTER_MAX) {
		packet->outer[packet->outer_count].source = ip->source;
		packet->outer[packet->outer_count].destination = ip->destination;
	}
	packet->outer_count++;
	packet->ip.version = 0;
}

static void
note_anomalies(struct packet *packet)
{
	if (packet->ip.checksum_bad)
		anomalies_add(&packet->anomalies, ANOMALY_BAD_IP_CHECKSUM);
	if (packet->ip.length_bad)
		anomalies_add(&packet->anomalies, ANOMALY_BAD_IP_LENGTH);
}

struct step
tunnel_ipv4(struct packet *packet, struct cursor *c)
{
	tunnel_enter(packet);
	ip4_decode(c, false, &packet->ip);
	note_anomalies(packet);
	return tunnel_payload(packet);
}

struct step
tunnel_ipv6(struct packet *packet, struct cursor *c)
{
	tunnel_enter(packet);
	ip6_decode(c, false, &packet->ip);
	note_anomalies(packet);
	return tunnel_payload(packet);
}

/* clang-format off */
/* By number at once, for every packet that is not ICMP comes here too. */
#define PROTOCOL(number, kind, name, read) [number] = { number, kind, name, read }

const struct header_type tunnel_protocols[TUNNEL_PROTOCOLS] = {
	PROTOCOL(IP_PROTO_ICMP, LAYER_KINDS, "ICMP", read_icmp),
	PROTOCOL(IP_PROTO_ICMPV6, LAYER_KINDS, "ICMPv6", read_icmp),
	PROTOCOL(IP_PROTO_IPIP, LAYER_IPV4, "IPv4", tunnel_ipv4),
	PROTOCOL(IP_PROTO_IPV6, LAYER_IPV6, "IPv6", tunnel_ipv6),
	PROTOCOL(IP_PROTO_UDP, LAYER_UDP, "UDP", tunnel_udp),
	PROTOCOL(IP_PROTO_GRE, LAYER_GRE, "GRE", tunnel_gre),
	PROTOCOL(IP_PROTO_AH, LAYER_AH, "AH", read_ah),
	PROTOCOL(IP_PROTO_ESP, LAYER_KINDS, "ESP", tunnel_opaque),
	PROTOCOL(IP_PROTO_ETHERIP, LAYER_ETHERIP, "EtherIP", read_etherip),
	PROTOCOL(IP_PROTO_ENCAP, LAYER_KINDS, "encapsulation, RFC 1241", tunnel_opaque),
	PROTOCOL(IP_PROTO_PIM, LAYER_PIM, "PIM", read_pim),
	PROTOCOL(IP_PROTO_IPCOMP, LAYER_KINDS, "IPComp", tunnel_opaque),
	PROTOCOL(IP_PROTO_L2TP, LAYER_L2TP, "L2TPv3", tunnel_l2tp3),
	PROTOCOL(IP_PROTO_MOBILITY, LAYER_KINDS, "mobility header", read_mobility),
	PROTOCOL(IP_PROTO_UDP_LITE, LAYER_UDP_LITE, "UDP-Lite", tunnel_udp_lite),
	PROTOCOL(IP_PROTO_MPLS, LAYER_MPLS, "MPLS", tunnel_mpls),
	PROTOCOL(IP_PROTO_ETHERNET, LAYER_KINDS, "Ethernet", tunnel_ethernet),
};
/* clang-format on */

static const struct header_type *
protocol_find(uint8_t number)
{
	if (tunnel_protocols[number].name == NULL)
		return NULL;
	return &tunnel_protocols[number];
}

/*
 * Fragments of UDP may be a tunnel's. The ports tell, but only the first has
 * them; packet_walk looks further into that one.
 */
static enum packet_verdict
judge_udp_fragment(const struct packet *packet)
{
	if (packet->ip.fragment_offset != 0)
		return PACKET_LATER_FRAGMENT;
	if (tunnel_udp_is_known(packet->payload))
		return PACKET_FRAGMENT;
	return PACKET_OTHER;
}

struct step
tunnel_payload(struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;
	const struct header_type *next = protocol_find(ip->protocol);

	packet->carried = packet->payload;
	if (ip->protocol == IP_PROTO_TCP) /* its tunnel's segments fit their path */
		return step_to(ip->is_fragment ? NULL : tunnel_tcp_find(&packet->payload));
	if (!ip->is_fragment || (next != NULL && next->read == tunnel_opaque))
		return step_to(next);
	if (ip->protocol == IP_PROTO_UDP)
		return step_end(judge_udp_fragment(packet));
	if (next != NULL || (ip->version == 6 && ip6_is_extension(ip->protocol)))
		return step_end(PACKET_FRAGMENT);
	return step_end(PACKET_OTHER);
}
