/*
 * Stateless Transport Tunneling (draft-davie-stt): Ethernet frames in what
 * looks like TCP. The sequence number holds the length of the whole and where
 * the segment is in it; a frame's other segments are not put together with the
 * first.
 */
#include "decoders/tunnel_stt.h"

#define TCP_HEADER_WORDS 5 /* there are no options */
#define TCP_CONNECTS 0x07  /* FIN, SYN, RST: a connection's, not ours */

#define STT_VERSION 0
#define STT_HEADER_LEN 18
#define STT_VLAN_VALID 0x1000
#define STT_VLAN_MASK 0x0fff

/* The frame header, and the frame, which is short of its VLAN tag. */
static struct step
read_frame(struct packet *packet, struct cursor *c)
{
	uint8_t version = cursor_u8(c);
	uint16_t vlan;

	cursor_skip(c, 5);
	vlan = cursor_u16(c);
	cursor_skip(c, 10); /* context identifier, padding */
	if (version != STT_VERSION)
		return step_end(PACKET_OTHER);
	if ((vlan & STT_VLAN_VALID) != 0)
		link_note_vlan(packet, vlan & STT_VLAN_MASK);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/*
 * The fields of TCP's header in their new sense. A connection's bytes that come
 * to the port give themselves away, for few say a length that they keep.
 */
static struct step
read_stt(struct packet *packet, struct cursor *c)
{
	uint16_t len, offset, flags;

	cursor_skip(c, 4);
	len = cursor_u16(c);
	offset = cursor_u16(c);
	cursor_skip(c, 4); /* which frame it is */
	flags = cursor_u16(c);
	cursor_skip(c, 6);
	if (flags >> 12 != TCP_HEADER_WORDS || (flags & TCP_CONNECTS) != 0 ||
	    len < STT_HEADER_LEN || offset >= len || c->claimed > len - (uint32_t)offset)
		return step_end(PACKET_OTHER);
	if (offset != 0)
		return step_end(PACKET_LINK_FRAGMENT);
	if (c->claimed < len)
		link_first_fragment(packet, c);
	cursor_limit(c, len);
	return read_frame(packet, c);
}

const struct header_type tunnel_tcp_ports[] = {
	{ 7471, LAYER_STT, "STT", read_stt },
	{ 0, LAYER_KINDS, NULL, NULL },
};

const struct header_type *
tunnel_tcp_find(const struct cursor *c)
{
	int high = cursor_peek(c, 2), low = cursor_peek(c, 3);

	if (high < 0 || low < 0)
		return NULL;
	return header_find(tunnel_tcp_ports, (uint32_t)(high << 8 | low));
}
