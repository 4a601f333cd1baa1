/*
 * The walk: from row to row until one says where it ends. What the rows read
 * is in link.c and tunnel.c. Only what a walk may leave unset is cleared, for
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

/* Reads headers until the end; leaves packet->payload behind the last. */
static enum packet_verdict
walk(struct packet *packet, struct step step)
{
	struct cursor *c = &packet->payload;

	while (step.next != NULL) {
		if (!push_layer(packet, step.next->kind))
			return PACKET_TOO_DEEP;
		step = step.next->read(packet, c);
		if (c->status != DECODE_OK)
			return failures[c->status];
	}
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
	out->ip.version = 0;
	out->ip.is_fragment = false;
	out->payload = cursor_over(frame->bytes, frame->captured, frame->length);
	out->anomalies = (struct anomalies){ { 0 } };
	out->begun_ns = frame->when_ns;
	out->fragments = NULL;
	out->fragment_count = 0;
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

const char *
layer_name(enum layer_kind kind)
{
	static const char *const names[LAYER_KINDS] = {
		[LAYER_ETHERNET] = "ethernet",
		[LAYER_LINUX_SLL] = "linux_sll",
		[LAYER_LINUX_SLL2] = "linux_sll2",
		[LAYER_RAW] = "raw",
		[LAYER_NULL] = "null",
		[LAYER_LOOP] = "loop",
		[LAYER_PPP] = "ppp",
		[LAYER_VLAN] = "vlan",
		[LAYER_LLC] = "llc",
		[LAYER_SNAP] = "snap",
		[LAYER_MPLS] = "mpls",
		[LAYER_PPPOE] = "pppoe",
		[LAYER_IPV4] = "ipv4",
		[LAYER_IPV6] = "ipv6",
		[LAYER_GRE] = "gre",
		[LAYER_AH] = "ah",
		[LAYER_ERSPAN] = "erspan",
		[LAYER_CISCO_HDLC] = "cisco_hdlc",
	};

	return names[kind];
}

const char *
packet_verdict_name(enum packet_verdict verdict)
{
	static const char *const names[PACKET_VERDICTS] = {
		[PACKET_ICMP] = "icmp",
		[PACKET_FRAGMENT] = "fragment",
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
