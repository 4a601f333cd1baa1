/*
 * The 6LoWPAN headers in front of a datagram: mesh, broadcast, fragment and
 * routing headers. What they leave is rebuilt by lowpan_rebuild.c. Fragments
 * are put together as those of IPv6 are, between the ends of the link.
 */
#include "decoders/lowpan.h"

#include <string.h>

#include "decoders/lowpan_rebuild.h"
#include "decoders/tunnel.h"

enum {
	DISPATCH_IPV6 = 0x41, /* RFC 4944 5.1 */
	DISPATCH_HC1 = 0x42,
	DISPATCH_BROADCAST = 0x50,
	DISPATCH_IPHC = 0x60,   /* RFC 6282 2; three bits */
	DISPATCH_MESH = 0x80,   /* two bits */
	DISPATCH_FIRST = 0xc0,  /* five bits */
	DISPATCH_LATER = 0xe0,  /* five bits */
	DISPATCH_PAGE_1 = 0xf1, /* RFC 8025 3 */
};

#define MESH_SHORT_ORIGINATOR 0x20
#define MESH_SHORT_FINAL 0x10
#define MESH_HOPS_MASK 0x0f

#define ROUTING_KIND_MASK 0xe0 /* RFC 8138 4 */
#define ROUTING_CRITICAL 0x80
#define ROUTING_ELECTIVE 0xa0
#define ROUTING_VALUE_MASK 0x1f
#define ROUTING_SOURCE_ROUTE_LAST 4
#define ROUTING_RPL_INFORMATION 5
#define ROUTING_PROJECTED_INFORMATION 8 /* RFC 9914 4.3: it tells its length */
#define RPL_INSTANCE_ELIDED 0x02
#define RPL_SHORT_RANK 0x01

#define ETHERNET_DISPATCH 0xa0ed

void
lowpan_short_id(uint16_t address, uint8_t out[LOWPAN_ID_LEN])
{
	static const uint8_t form[LOWPAN_ID_LEN] = { 0, 0, 0, 0xff, 0xfe, 0, 0, 0 };

	memcpy(out, form, sizeof form);
	out[6] = (uint8_t)(address >> 8);
	out[7] = (uint8_t)address;
}

/* RFC 4291 Appendix A: EUI-64 from a MAC address, its universal bit inverted. */
static void
mac_id(const struct mac *mac, uint8_t out[LOWPAN_ID_LEN])
{
	memcpy(out, mac->bytes, 3);
	out[0] ^= LOWPAN_UNIVERSAL;
	out[3] = 0xff;
	out[4] = 0xfe;
	memcpy(out + 5, mac->bytes + 3, 3);
}

static void
read_mesh_address(struct cursor *c, bool is_short, uint8_t out[LOWPAN_ID_LEN])
{
	if (is_short) {
		lowpan_short_id(cursor_u16(c), out);
	} else {
		cursor_copy(c, out, LOWPAN_ID_LEN);
		out[0] ^= LOWPAN_UNIVERSAL;
	}
}

/* RFC 4944 5.2: the ends of the path through the mesh, not of this hop. */
static void
read_mesh(struct cursor *c, struct lowpan_ends *ends)
{
	uint8_t first = cursor_u8(c);

	if ((first & MESH_HOPS_MASK) == MESH_HOPS_MASK)
		cursor_skip(c, 1);
	read_mesh_address(c, (first & MESH_SHORT_ORIGINATOR) != 0, ends->source);
	read_mesh_address(c, (first & MESH_SHORT_FINAL) != 0, ends->destination);
}

/* The octets behind the type of a critical header, or -1 when not known. */
static int
critical_len(uint8_t type, uint8_t value)
{
	if (type <= ROUTING_SOURCE_ROUTE_LAST) /* 1 to 16 octets for each hop */
		return (value + 1) << type;
	if (type == ROUTING_PROJECTED_INFORMATION)
		return value;
	if (type != ROUTING_RPL_INFORMATION)
		return -1;
	return ((value & RPL_INSTANCE_ELIDED) != 0 ? 0 : 1) +
	       ((value & RPL_SHORT_RANK) != 0 ? 1 : 2);
}

/*
 * Goes over the routing headers of page 1 (RFC 8138 4). False when one may
 * not be passed over and is not known.
 */
static bool
skip_routing(struct cursor *c)
{
	for (;;) {
		int first = cursor_peek(c, 0), kind = first & ROUTING_KIND_MASK, len;
		uint8_t value = (uint8_t)(first & ROUTING_VALUE_MASK), type;

		if (first < 0 || (kind != ROUTING_CRITICAL && kind != ROUTING_ELECTIVE))
			return true;
		cursor_skip(c, 1);
		type = cursor_u8(c);
		len = kind == ROUTING_ELECTIVE ? value : critical_len(type, value);
		if (len < 0)
			return false;
		cursor_skip(c, (uint32_t)len);
	}
}

/*
 * Leaves `c` at an IPv6 header, in the frame or in scratch. `size` is that of
 * the whole datagram when this is its first fragment, else 0. False when it
 * ends here, with `verdict` set.
 */
static bool
open_datagram(struct packet *packet, struct cursor *c, uint32_t size, enum packet_verdict *verdict)
{
	int dispatch = cursor_peek(c, 0);

	*verdict = PACKET_OPAQUE;
	if (dispatch == DISPATCH_PAGE_1) {
		cursor_skip(c, 1);
		if (!skip_routing(c))
			return false;
		dispatch = cursor_peek(c, 0);
	}
	if (!cursor_want(c, 1))
		return false;
	if (dispatch == DISPATCH_IPV6) {
		cursor_skip(c, 1);
		return true;
	}
	if (dispatch == DISPATCH_HC1)
		return lowpan_rebuild_hc1(packet, c, size, verdict);
	if ((dispatch & 0xe0) == DISPATCH_IPHC)
		return lowpan_rebuild_iphc(packet, c, size, verdict);
	if ((dispatch & 0xc0) == 0) /* RFC 4944 5.1: not 6LoWPAN */
		*verdict = PACKET_OTHER;
	return false;
}

/*
 * RFC 4944 5.3: fragments share the ends of the link, the size and the tag.
 * They have no IP header, so its length is 0.
 */
static struct step
end_fragment(struct packet *packet, const struct cursor *c, uint32_t id, uint32_t offset)
{
	struct ip_header *ip = &packet->ip;

	tunnel_enter(packet);
	*ip = (struct ip_header){
		.version = 6,
		.protocol = IP_PROTO_IPV6,
		.length = c->claimed,
		.id = id,
		.has_id = true,
		.fragment_offset = offset,
		.is_fragment = true,
		.more_fragments = offset + c->claimed < id >> 16,
	};
	ip->source.version = ip->destination.version = 6;
	memcpy(ip->source.bytes + 8, packet->lowpan.source, LOWPAN_ID_LEN);
	memcpy(ip->destination.bytes + 8, packet->lowpan.destination, LOWPAN_ID_LEN);
	ip->final_destination = ip->destination;
	return step_end(PACKET_FRAGMENT);
}

static struct step
read_fragment(struct packet *packet, struct cursor *c)
{
	bool is_first = (cursor_peek(c, 0) & 0xf8) == DISPATCH_FIRST;
	uint32_t id = cursor_u32(c) & 0x07ffffff; /* size and tag */
	uint32_t offset = is_first ? 0 : cursor_u8(c) * 8U;
	enum packet_verdict verdict;

	if (is_first && !open_datagram(packet, c, id >> 16, &verdict))
		return step_end(verdict);
	return end_fragment(packet, c, id, offset);
}

/* Scratch holds one datagram. */
static bool
is_inside_lowpan(const struct packet *packet)
{
	int i;

	for (i = 0; i < packet->layer_count - 1; i++)
		if (packet->layers[i].kind == LAYER_LOWPAN)
			return true;
	return false;
}

static struct step
read_lowpan(struct packet *packet, struct cursor *c)
{
	enum packet_verdict verdict;
	int dispatch;

	if (is_inside_lowpan(packet))
		return step_end(PACKET_TOO_DEEP);
	if (!cursor_want(c, 1))
		return step_end(PACKET_OTHER);
	if ((cursor_peek(c, 0) & 0xc0) == DISPATCH_MESH)
		read_mesh(c, &packet->lowpan);
	if (cursor_peek(c, 0) == DISPATCH_BROADCAST)
		cursor_skip(c, 2);
	dispatch = cursor_peek(c, 0);
	if (dispatch >= 0 &&
	    ((dispatch & 0xf8) == DISPATCH_FIRST || (dispatch & 0xf8) == DISPATCH_LATER))
		return read_fragment(packet, c);
	if (!open_datagram(packet, c, 0, &verdict))
		return step_end(verdict);
	return step_to(link_ethertype(LINK_IPV6));
}

const struct header_type lowpan = { ETHERNET_DISPATCH, LAYER_LOWPAN, "6LoWPAN", read_lowpan };

struct step
lowpan_ethernet(struct packet *packet, struct cursor *c)
{
	packet->lowpan = (struct lowpan_ends){ .source_pan = 0 };
	if (packet->has_source_mac && packet->has_destination_mac) {
		mac_id(&packet->source_mac, packet->lowpan.source);
		mac_id(&packet->destination_mac, packet->lowpan.destination);
	}
	return read_lowpan(packet, c);
}

static bool
has_zero_prefix(const struct addr *a)
{
	static const uint8_t zero[8];

	return memcmp(a->bytes, zero, sizeof zero) == 0 && !addr_is_unspecified(a) &&
	       !addr_is_loopback(a);
}

bool
lowpan_lacks_prefix(const struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;
	int i;

	for (i = 0; i < packet->layer_count; i++)
		if (packet->layers[i].kind == LAYER_LOWPAN)
			return has_zero_prefix(&ip->source) ||
			       has_zero_prefix(&ip->final_destination);
	return false;
}
