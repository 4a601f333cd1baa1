/*
 * The walk: from row to row until one says where it ends. What the rows read
 * is in link*.c and tunnel*.c. Only what a walk may leave unset is cleared, for
 * struct packet is large and most of it is rarely used.
 */
#include "decoders/packet.h"

#include "decoders/link.h"
#include "decoders/tunnel.h"

static const enum packet_verdict failures[] = {
	[DECODE_TRUNCATED] = PACKET_TRUNCATED,
	[DECODE_MALFORMED] = PACKET_MALFORMED,
};

static bool
push_layer(struct packet *packet, enum layer_kind kind)
{
	if (kind == LAYER_KINDS)
		return true;
	if (packet->layer_count == PACKET_LAYERS_MAX)
		return false;
	packet->layers[packet->layer_count++] = (struct layer){ kind, 0 };
	return true;
}

static enum packet_verdict walk(struct packet *packet, struct step step);

/*
 * Most of what a tunnel over UDP carries is not ICMP. So the first fragment
 * is walked as if the rest of its datagram were there and not captured, and
 * only where that may end at ICMP the fragments are worth putting together.
 */
static enum packet_verdict
look_ahead(const struct packet *packet)
{
	struct packet ahead = *packet;
	enum packet_verdict verdict;

	ahead.ip.is_fragment = false;
	ahead.payload.claimed = UINT16_MAX; /* more than any datagram has */
	verdict = walk(&ahead, tunnel_payload(&ahead));
	if (verdict == PACKET_ICMP || verdict == PACKET_LATER_FRAGMENT ||
	    verdict == PACKET_TRUNCATED)
		return PACKET_FRAGMENT;
	return verdict;
}

/* Reads headers until the end; leaves packet->payload behind the last. */
static enum packet_verdict
walk(struct packet *packet, struct step step)
{
	struct cursor *c = &packet->payload;

	while (step.next != NULL) {
		if (!push_layer(packet, step.next->kind))
			return PACKET_TOO_DEEP;
		step = step.next->read(packet, c);
		if (c->status == DECODE_TRUNCATED && packet->is_link_fragment)
			return PACKET_LINK_FRAGMENT;
		if (c->status != DECODE_OK)
			return failures[c->status];
	}
	if (step.verdict != PACKET_FRAGMENT && step.verdict != PACKET_LATER_FRAGMENT)
		return step.verdict;
	if (packet->sibling_count > 0 && packet->siblings[packet->sibling_count - 1].is_reassembled)
		return PACKET_TOO_DEEP;
	if (step.verdict == PACKET_FRAGMENT && packet->ip.protocol == IP_PROTO_UDP)
		return look_ahead(packet);
	return step.verdict;
}

enum packet_verdict
packet_walk(const struct frame *frame, struct packet *out)
{
	const struct header_type *link = link_type(frame->link_type);

	out->frame = frame;
	out->layer_count = 0;
	out->outer_count = 0;
	out->vlan_count = 0;
	out->has_source_mac = false;
	out->has_destination_mac = false;
	out->is_link_fragment = false;
	out->ip.version = 0;
	out->ip.is_fragment = false;
	out->payload = cursor_over(frame->bytes, frame->captured, frame->length);
	out->anomalies = (struct anomalies){ { 0 } };
	out->begun_ns = frame->when_ns;
	out->fragments = NULL;
	out->fragment_count = 0;
	out->is_partial = false;
	out->index = 0;
	out->sibling_count = 0;
	if (link == NULL)
		out->verdict = PACKET_UNKNOWN_LINK;
	else
		out->verdict = walk(out, step_to(link));
	return out->verdict;
}

enum packet_verdict
packet_resume(struct packet *packet, struct cursor payload)
{
	struct ip_header *ip = &packet->ip;

	ip->is_fragment = false;
	ip->more_fragments = false;
	ip->fragment_offset = 0;
	ip->length = ip->header_length + payload.claimed;
	packet->payload = payload;
	if (ip->version == 6)
		ip6_decode_chain(&packet->payload, ip);
	if (packet->payload.status != DECODE_OK)
		packet->verdict = failures[packet->payload.status];
	else
		packet->verdict = walk(packet, tunnel_payload(packet));
	return packet->verdict;
}

bool
packet_next(struct packet *packet)
{
	const struct sibling *next;

	if (packet->sibling_count == 0)
		return false;
	if (packet->verdict == PACKET_ICMP)
		packet->index++;
	next = &packet->siblings[--packet->sibling_count];
	packet->layer_count = next->layer_count;
	packet->outer_count = next->outer_count;
	packet->vlan_count = next->vlan_count;
	packet->has_source_mac = next->has_source_mac;
	packet->has_destination_mac = next->has_destination_mac;
	packet->anomalies = next->anomalies;
	packet->is_link_fragment = false;
	packet->ip.version = 0;
	packet->ip.is_fragment = false;
	if (!next->is_reassembled) {
		packet->begun_ns = packet->frame->when_ns;
		packet->fragments = NULL;
		packet->fragment_count = 0;
		packet->is_partial = false;
	}
	packet->payload = next->rest;
	packet->verdict = walk(packet, step_to(next->row));
	return true;
}

/* clang-format off */
static const struct {
	const char *name;
	bool has_tag;
} layer_types[LAYER_KINDS] = {
	[LAYER_ETHERNET] = { "ethernet", false },
	[LAYER_LINUX_SLL] = { "linux_sll", false },
	[LAYER_LINUX_SLL2] = { "linux_sll2", false },
	[LAYER_RAW] = { "raw", false },
	[LAYER_NULL] = { "null", false },
	[LAYER_LOOP] = { "loop", false },
	[LAYER_PPP] = { "ppp", false },
	[LAYER_VLAN] = { "vlan", true },
	[LAYER_LLC] = { "llc", false },
	[LAYER_SNAP] = { "snap", false },
	[LAYER_MPLS] = { "mpls", true },
	[LAYER_PPPOE] = { "pppoe", false },
	[LAYER_IPV4] = { "ipv4", false },
	[LAYER_IPV6] = { "ipv6", false },
	[LAYER_GRE] = { "gre", false },
	[LAYER_AH] = { "ah", false },
	[LAYER_ERSPAN] = { "erspan", false },
	[LAYER_CISCO_HDLC] = { "cisco_hdlc", false },
	[LAYER_TOKEN_RING] = { "token_ring", false },
	[LAYER_FDDI] = { "fddi", false },
	[LAYER_ARCNET] = { "arcnet", false },
	[LAYER_FIBRE_CHANNEL] = { "fibre_channel", false },
	[LAYER_INFINIBAND] = { "infiniband", false },
	[LAYER_IEEE1394] = { "ieee1394", false },
	[LAYER_NETANALYZER] = { "netanalyzer", false },
	[LAYER_SWITCH_TAG] = { "switch_tag", false },
	[LAYER_MPACKET] = { "mpacket", false },
	[LAYER_DOCSIS] = { "docsis", false },
	[LAYER_SLIP] = { "slip", false },
	[LAYER_FRAME_RELAY] = { "frame_relay", false },
	[LAYER_MULTILINK_FRAME_RELAY] = { "multilink_frame_relay", false },
	[LAYER_ATM] = { "atm", false },
	[LAYER_LANE] = { "lane", false },
	[LAYER_NLPID] = { "nlpid", false },
	[LAYER_JUNIPER] = { "juniper", false },
	[LAYER_ENC] = { "enc", false },
	[LAYER_PFLOG] = { "pflog", false },
	[LAYER_IPNET] = { "ipnet", false },
	[LAYER_NFLOG] = { "nflog", false },
	[LAYER_PKTAP] = { "pktap", false },
	[LAYER_PPI] = { "ppi", false },
	[LAYER_ERF] = { "erf", false },
	[LAYER_VSOCK] = { "vsock", false },
	[LAYER_SYMANTEC] = { "symantec", false },
	[LAYER_RADIOTAP] = { "radiotap", false },
	[LAYER_PRISM] = { "prism", false },
	[LAYER_AVS] = { "avs", false },
	[LAYER_WLAN] = { "wlan", false },
	[LAYER_AMSDU] = { "amsdu", false },
	[LAYER_WPAN] = { "wpan", false },
	[LAYER_LOWPAN] = { "6lowpan", false },
	[LAYER_PBB] = { "pbb", true },
	[LAYER_VNTAG] = { "vntag", false },
	[LAYER_ETAG] = { "etag", false },
	[LAYER_FABRICPATH] = { "fabricpath", false },
	[LAYER_CISCO_METADATA] = { "cisco_metadata", false },
	[LAYER_NSH] = { "nsh", false },
	[LAYER_MACSEC] = { "macsec", false },
	[LAYER_PWACH] = { "pwach", false },
	[LAYER_EOIP] = { "eoip", false },
	[LAYER_WCCP] = { "wccp", false },
	[LAYER_ETHERIP] = { "etherip", false },
	[LAYER_PIM] = { "pim", false },
	[LAYER_L2TP] = { "l2tp", false },
	[LAYER_UDP] = { "udp", false },
	[LAYER_VXLAN] = { "vxlan", true },
	[LAYER_VXLAN_GPE] = { "vxlan_gpe", true },
	[LAYER_GENEVE] = { "geneve", true },
	[LAYER_GUE] = { "gue", false },
	[LAYER_LISP] = { "lisp", true },
	[LAYER_TEREDO] = { "teredo", false },
	[LAYER_AYIYA] = { "ayiya", false },
	[LAYER_GTP] = { "gtp", true },
	[LAYER_CAPWAP] = { "capwap", false },
	[LAYER_LWAPP] = { "lwapp", false },
	[LAYER_TZSP] = { "tzsp", false },
	[LAYER_STT] = { "stt", false },
	[LAYER_PPP_MULTILINK] = { "ppp_multilink", false },
	[LAYER_UDP_LITE] = { "udp_lite", false },
};
/* clang-format on */

const char *
layer_name(enum layer_kind kind)
{
	return layer_types[kind].name;
}

bool
layer_has_tag(enum layer_kind kind)
{
	return layer_types[kind].has_tag;
}

uint32_t
packet_link(const struct packet *packet)
{
	uint32_t i;

	for (i = packet->layer_count; i > 0; i--)
		if (layer_has_tag(packet->layers[i - 1].kind) && packet->layers[i - 1].tag != 0)
			return packet->layers[i - 1].tag;
	return 0;
}

const char *
packet_verdict_name(enum packet_verdict verdict)
{
	static const char *const names[PACKET_VERDICTS] = {
		[PACKET_ICMP] = "icmp",
		[PACKET_FRAGMENT] = "fragment",
		[PACKET_LATER_FRAGMENT] = "later_fragment",
		[PACKET_LINK_FRAGMENT] = "link_fragment",
		[PACKET_OTHER] = "other",
		[PACKET_OPAQUE] = "opaque",
		[PACKET_UNKNOWN_LINK] = "unknown_link",
		[PACKET_TOO_DEEP] = "too_deep",
		[PACKET_TRUNCATED] = "truncated",
		[PACKET_MALFORMED] = "malformed",
	};

	return names[verdict];
}

bool
packet_link_known(uint32_t number)
{
	return link_type(number) != NULL;
}
