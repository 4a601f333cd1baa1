/*
 * MPLS with pseudowires, PPPoE, NSH, MACsec, and the tags of bridges and
 * switches. What they name next is an ethertype or a frame; where nothing
 * names it, it is told by how it begins.
 */
#include "decoders/tunnel_link.h"

#define MPLS_BOTTOM 0x100
#define MPLS_LABEL_SHIFT 12
#define CONTROL_WORD_LEN 4
#define CHANNEL_HEADER 0x1000 /* RFC 5586 2.1: version 0 of an associated channel */

#define PPPOE_VERSION_TYPE 0x11
#define PPPOE_SESSION 0

#define NSH_VERSION_MASK 0xc000
#define NSH_BASE_LEN 4

#define MACSEC_VERSION 0x80
#define MACSEC_SCI 0x20       /* the identifier of the secure channel is there */
#define MACSEC_CONFIDENTIAL 0x0c /* encrypted, or changed otherwise */
#define MACSEC_SHORT_LEN_MASK 0x3f
#define MACSEC_SCI_LEN 8
#define MACSEC_ICV_LEN 16     /* with every cipher suite of IEEE 802.1AE */

static uint16_t
peek_u16(const struct cursor *c, uint32_t offset)
{
	int high = cursor_peek(c, offset), low = cursor_peek(c, offset + 1);

	if (high < 0 || low < 0)
		return 0;
	return (uint16_t)(high << 8 | low);
}

bool
tunnel_is_ethernet(const struct cursor *c, uint32_t offset)
{
	uint16_t type = peek_u16(c, offset + 12);
	unsigned int version = peek_u16(c, offset + 14) >> 12;

	if (type == LINK_IPV4)
		return version == 4;
	if (type == LINK_IPV6)
		return version == 6;
	return link_ethertype(type) != NULL;
}

struct step
tunnel_unnamed(struct cursor *c, uint32_t len)
{
	if (c->captured < len && !cursor_whole(c))
		cursor_fail(c, DECODE_TRUNCATED);
	return step_end(PACKET_OPAQUE);
}

/* RFC 4385 5: an associated channel of a pseudowire or (RFC 5586) of a label. */
static struct step
read_channel(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 2);
	switch (cursor_u16(c)) {
	case 0x0021:
		return step_to(link_ethertype(LINK_IPV4));
	case 0x0057:
		return step_to(link_ethertype(LINK_IPV6));
	default:
		return step_end(PACKET_OTHER);
	}
}

static const struct header_type channel = { 0, LAYER_PWACH, "associated channel", read_channel };

/*
 * Nothing names what is under the last label (RFC 4928): IP is told by its
 * version, other traffic by a control word of zero bits (RFC 4385 3). Frames
 * without one begin with an address, which may be zero bits too.
 */
static struct step
step_under_labels(struct cursor *c)
{
	const struct header_type *ip = link_ip_version(c);
	uint16_t first = peek_u16(c, 0);

	if (ip != NULL)
		return step_to(ip);
	if (first == CHANNEL_HEADER)
		return step_to(&channel);
	if (tunnel_is_ethernet(c, 0) && (first != 0 || !tunnel_is_ethernet(c, CONTROL_WORD_LEN)))
		return step_to(link_ethertype(LINK_BRIDGED));
	if (first >> 12 != 0)
		return tunnel_unnamed(c, TUNNEL_ETHERNET_LEN);
	cursor_skip(c, CONTROL_WORD_LEN);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* RFC 3032 2.1 */
struct step
tunnel_mpls(struct packet *packet, struct cursor *c)
{
	uint32_t entry = cursor_u32(c);

	layer_tag(packet, entry >> MPLS_LABEL_SHIFT);
	if ((entry & MPLS_BOTTOM) == 0)
		return step_to(link_ethertype(LINK_MPLS));
	return step_under_labels(c);
}

/* RFC 2516 4 */
struct step
tunnel_pppoe(struct packet *packet, struct cursor *c)
{
	uint8_t version_type = cursor_u8(c);
	uint8_t code = cursor_u8(c);

	(void)packet;
	cursor_skip(c, 2);
	cursor_limit(c, cursor_u16(c));
	if (version_type != PPPOE_VERSION_TYPE || code != PPPOE_SESSION)
		return step_end(PACKET_OTHER);
	return step_to(link_ethertype(LINK_PPP));
}

/* IEEE 802.1Q 9.7: priority and flags, the service, and the customer's frame. */
struct step
tunnel_pbb(struct packet *packet, struct cursor *c)
{
	cursor_skip(c, 1);
	layer_tag(packet, (uint32_t)cursor_uint(c, 3));
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* Cisco's tag of virtual interfaces: flags and two of them. */
struct step
tunnel_vntag(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 4);
	return link_type_or_length(c);
}

/* IEEE 802.1BR: priority, ingress and egress channel, their extensions. */
struct step
tunnel_etag(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 6);
	return link_type_or_length(c);
}

/* The addresses in front are switches'; tree and TTL, then the hosts' frame. */
struct step
tunnel_fabricpath(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 2);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* Version and length, and one option with a security group tag. */
struct step
tunnel_cisco_metadata(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 6);
	return link_type_or_length(c);
}

struct step
tunnel_next_protocol(uint8_t number)
{
	switch (number) {
	case 1:
		return step_to(link_ethertype(LINK_IPV4));
	case 2:
		return step_to(link_ethertype(LINK_IPV6));
	case 3:
		return step_to(link_ethertype(LINK_BRIDGED));
	case 4:
		return step_to(link_ethertype(LINK_NSH));
	case 5:
		return step_to(link_ethertype(LINK_MPLS));
	default:
		return step_end(PACKET_OTHER);
	}
}

/* RFC 8300 2.2: the length is of the whole header, in words. */
struct step
tunnel_nsh(struct packet *packet, struct cursor *c)
{
	uint16_t first = cursor_u16(c);
	uint32_t len = (first & 0x3fU) * 4;
	uint8_t next;

	(void)packet;
	cursor_skip(c, 1);
	next = cursor_u8(c);
	if ((first & NSH_VERSION_MASK) != 0)
		return step_end(PACKET_OTHER);
	cursor_skip_header(c, len, NSH_BASE_LEN);
	return tunnel_next_protocol(next);
}

/*
 * IEEE 802.1AE 9.3: a frame may be protected but not encrypted. A short
 * length (9.7) is that of the user's data, without the check value behind.
 */
struct step
tunnel_macsec(struct packet *packet, struct cursor *c)
{
	uint8_t control = cursor_u8(c);
	uint32_t len = cursor_u8(c) & MACSEC_SHORT_LEN_MASK;

	(void)packet;
	if ((control & (MACSEC_VERSION | MACSEC_CONFIDENTIAL)) != 0)
		return step_end(PACKET_OPAQUE);
	cursor_skip(c, 4);
	if ((control & MACSEC_SCI) != 0)
		cursor_skip(c, MACSEC_SCI_LEN);
	if (len == 0 && c->claimed > MACSEC_ICV_LEN)
		len = c->claimed - MACSEC_ICV_LEN;
	if (len != 0)
		cursor_limit(c, len);
	return link_type_or_length(c);
}
