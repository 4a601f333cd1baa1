/*
 * Local networks other than Ethernet and 802.11: Token Ring, FDDI, ARCNET,
 * Fibre Channel, InfiniBand, FireWire; and Ethernet with a tag of a switch,
 * a preamble or a cable modem's header.
 */
#include "decoders/link.h"

#include "decoders/tunnel.h"

#define MAC_LEN 6
#define FCS_LEN 4

#define TOKEN_RING_LLC_MASK 0xc0
#define TOKEN_RING_LLC 0x40
#define TOKEN_RING_ROUTED 0x80 /* in the source address: a route follows */
#define TOKEN_RING_ROUTE_LEN_MASK 0x1f

#define FDDI_LLC_MASK 0x70
#define FDDI_LLC 0x50

#define ARCNET_IP_OLD 240 /* RFC 1051 */
#define ARCNET_ARP_OLD 241
#define ARCNET_DIAGNOSE 128
#define ARCNET_EXCEPTION 0xff
#define ARCNET_FIRST 1

#define FIBRE_CHANNEL_HEADER_LEN 16
#define IPOIB_ROUTING_LEN 40
#define IEEE1394_ADDRESSES_LEN 16
#define NETANALYZER_LEN 4
#define PREAMBLE_LEN 8 /* with the start delimiter */

#define BROADCOM_TAG_LEN 4
#define MARVELL_ETHERTYPE_LEN 4 /* ethertype and two reserved octets */
#define MARVELL_TAGGED 0x20

#define MPACKET_EXPRESS 0xd5 /* IEEE 802.3br 99.3.3: start delimiters */

#define CRC32_POLYNOMIAL 0xedb88320U
#define MCRC_DIFFERENCE 0x0000ffffU /* IEEE 802.3br 99.3.6 */

#define DOCSIS_TYPE_SHIFT 6
#define DOCSIS_PACKET 0
#define DOCSIS_ISOLATION_PACKET 2
#define DOCSIS_MAC_SPECIFIC 3
#define DOCSIS_FRAGMENT 3
#define DOCSIS_CONCATENATION 0x1c
#define DOCSIS_EXTENDED 1
#define DOCSIS_HEADER_LEN 6
#define DOCSIS_CHECK_LEN 2

/* The source routing field (IEEE 802.5 Annex C) holds its own length. */
static struct step
read_token_ring(struct packet *packet, struct cursor *c)
{
	uint8_t control;
	int source;

	cursor_skip(c, 1);
	control = cursor_u8(c);
	source = cursor_peek(c, MAC_LEN);
	link_macs(packet, c);
	if (packet->has_source_mac)
		packet->source_mac.bytes[0] &= (uint8_t)~TOKEN_RING_ROUTED;
	if (source >= 0 && (source & TOKEN_RING_ROUTED) != 0 && cursor_want(c, 2))
		cursor_skip(c, cursor_peek(c, 0) & TOKEN_RING_ROUTE_LEN_MASK);
	if ((control & TOKEN_RING_LLC_MASK) != TOKEN_RING_LLC)
		return step_end(PACKET_OTHER);
	return step_to(&link_llc);
}

static struct step
read_fddi(struct packet *packet, struct cursor *c)
{
	uint8_t control = cursor_u8(c);

	link_macs(packet, c);
	if ((control & FDDI_LLC_MASK) != FDDI_LLC)
		return step_end(PACKET_OTHER);
	return step_to(&link_llc);
}

static const struct header_type arcnet_systems[] = {
	{ ARCNET_IP_OLD, LAYER_IPV4, "IPv4, RFC 1051", tunnel_ipv4 },
	{ 212, LAYER_IPV4, "IPv4", tunnel_ipv4 },
	{ 196, LAYER_IPV6, "IPv6", tunnel_ipv6 },
	{ 0, LAYER_KINDS, NULL, NULL },
};

/* Whether a split flag and a sequence number follow (RFC 1201). */
static bool
arcnet_is_new(uint8_t system)
{
	return system != ARCNET_IP_OLD && system != ARCNET_ARP_OLD && system != ARCNET_DIAGNOSE;
}

/*
 * RFC 1201: a split flag that is not zero means one of several fragments, odd
 * the first; a packet of an awkward length has a padded header, the exception.
 */
static struct step
read_arcnet(struct packet *packet, struct cursor *c)
{
	uint8_t system, split = 0;

	cursor_skip(c, 2);
	system = cursor_u8(c);
	if (arcnet_is_new(system)) {
		if (cursor_peek(c, 0) == ARCNET_EXCEPTION)
			cursor_skip(c, 4);
		split = cursor_u8(c);
		cursor_skip(c, 2);
	}
	if ((split & ARCNET_FIRST) != 0)
		link_first_fragment(packet, c);
	else if (split != 0)
		return step_end(PACKET_LINK_FRAGMENT);
	return step_to(header_find(arcnet_systems, system));
}

/* As Linux hands it up: whole packets, and an offset behind the addresses. */
static struct step
read_arcnet_linux(struct packet *packet, struct cursor *c)
{
	uint8_t system;

	(void)packet;
	cursor_skip(c, 4);
	system = cursor_u8(c);
	if (arcnet_is_new(system))
		cursor_skip(c, 3);
	return step_to(header_find(arcnet_systems, system));
}

/* RFC 2625 3: the network header, then LLC and SNAP. */
static struct step
read_fibre_channel(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, FIBRE_CHANNEL_HEADER_LEN);
	return step_to(&link_llc);
}

/* The global routing header, then RFC 4391 6: ethertype and reserved. */
static struct step
read_ipoib(struct packet *packet, struct cursor *c)
{
	uint16_t type;

	(void)packet;
	cursor_skip(c, IPOIB_ROUTING_LEN);
	type = cursor_u16(c);
	cursor_skip(c, 2);
	return step_to(link_ethertype(type));
}

/* As Darwin hands it up: destination and source as EUI-64, ethertype. */
static struct step
read_ieee1394(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, IEEE1394_ADDRESSES_LEN);
	return step_to(link_ethertype(cursor_u16(c)));
}

static struct step
read_netanalyzer(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, NETANALYZER_LEN);
	return step_to(link_ethertype(LINK_BRIDGED));
}

static struct step
read_netanalyzer_preamble(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, NETANALYZER_LEN + PREAMBLE_LEN);
	return step_to(link_ethertype(LINK_BRIDGED));
}

static struct step
read_broadcom_tag(struct packet *packet, struct cursor *c)
{
	link_macs(packet, c);
	cursor_skip(c, BROADCOM_TAG_LEN);
	return link_type_or_length(c);
}

static struct step
read_broadcom_prepended(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, BROADCOM_TAG_LEN);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* A tagged frame's VLAN is in the switch's tag, which took its place. */
static struct step
read_marvell_tag(struct packet *packet, struct cursor *c)
{
	uint32_t tag = cursor_u32(c);

	if ((tag >> 24 & MARVELL_TAGGED) != 0)
		link_note_vlan(packet, tag & 0xfff);
	return link_type_or_length(c);
}

static struct step
read_dsa(struct packet *packet, struct cursor *c)
{
	link_macs(packet, c);
	return read_marvell_tag(packet, c);
}

static struct step
read_edsa(struct packet *packet, struct cursor *c)
{
	link_macs(packet, c);
	cursor_skip(c, MARVELL_ETHERTYPE_LEN);
	return read_marvell_tag(packet, c);
}

/* The CRC of IEEE 802.3 3.2.9 over `len` octets ahead; nothing moves. */
static uint32_t
crc32(const struct cursor *c, uint32_t len)
{
	uint32_t crc = UINT32_MAX, i, bit;

	for (i = 0; i < len; i++) {
		crc ^= (uint32_t)cursor_peek(c, i);
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? CRC32_POLYNOMIAL : 0);
	}
	return ~crc;
}

/* Whether a preemptable frame ends with the CRC of a fragment, if it can be told. */
static bool
is_mpacket_fragment(struct cursor c)
{
	uint32_t expected;

	if (!cursor_whole(&c) || c.captured < FCS_LEN)
		return false;
	expected = crc32(&c, c.captured - FCS_LEN) ^ MCRC_DIFFERENCE;
	cursor_skip(&c, c.captured - FCS_LEN);
	return cursor_u32_le(&c) == expected;
}

/* IEEE 802.3br 99.3: express frames, and first fragments that are the whole. */
static struct step
read_mpacket(struct packet *packet, struct cursor *c)
{
	uint8_t delimiter;

	cursor_skip(c, PREAMBLE_LEN - 1);
	delimiter = cursor_u8(c);
	switch (delimiter) {
	case MPACKET_EXPRESS:
		break;
	case 0xe6:
	case 0x4c:
	case 0x7f:
	case 0xb3:
		if (is_mpacket_fragment(*c)) {
			cursor_trim(c, FCS_LEN);
			link_first_fragment(packet, c);
		}
		break;
	case 0x07: /* verify */
	case 0x19: /* respond */
		return step_end(PACKET_OTHER);
	default: /* a continuation, which ends with its count */
		return step_end(PACKET_LINK_FRAGMENT);
	}
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* Baseline privacy's element says whether the payload is encrypted. */
static bool
docsis_is_encrypted(struct cursor extended)
{
	while (!cursor_done(&extended)) {
		uint8_t first = cursor_u8(&extended);
		struct cursor element = cursor_cut(&extended, first & 15);
		uint8_t kind = first >> 4;

		cursor_skip(&element, 1); /* key sequence and version */
		if ((kind == 3 || kind == 4 || kind == 7) && (cursor_u8(&element) & 0x80) != 0)
			return true;
	}
	return false;
}

static struct step read_docsis(struct packet *packet, struct cursor *c);

static const struct header_type docsis = { 143, LAYER_DOCSIS, "DOCSIS", read_docsis };

/* What a frame control octet says of the payload behind the header. */
static struct step
step_docsis(uint8_t control, struct cursor *c)
{
	uint8_t type = control >> DOCSIS_TYPE_SHIFT;
	uint8_t parameter = control >> 1 & 0x1f;

	if (type == DOCSIS_PACKET || type == DOCSIS_ISOLATION_PACKET) {
		if (c->claimed == 0)
			return step_end(PACKET_OTHER);
		return step_to(link_ethertype(LINK_BRIDGED));
	}
	if (type != DOCSIS_MAC_SPECIFIC)
		return step_end(PACKET_OTHER);
	if (parameter == DOCSIS_CONCATENATION)
		return step_to(&docsis);
	if (parameter == DOCSIS_FRAGMENT)
		return step_end(PACKET_LINK_FRAGMENT);
	return step_end(PACKET_OTHER);
}

/*
 * DOCSIS MAC and Upper Layer Protocols 6.2: control, parameter, length of
 * all behind, extended header, header check. Others follow in a concatenation.
 */
static struct step
read_docsis(struct packet *packet, struct cursor *c)
{
	uint8_t control = cursor_u8(c);
	uint8_t parameter = cursor_u8(c);
	uint16_t len = cursor_u16(c);
	struct cursor extended = cursor_empty(), frame;

	frame = cursor_cut(c, len + (uint32_t)DOCSIS_CHECK_LEN);
	if (c->status != DECODE_OK)
		return step_end(PACKET_OTHER);
	if (c->claimed >= DOCSIS_HEADER_LEN && !link_sibling(packet, &docsis, *c))
		return step_end(PACKET_TOO_DEEP);
	*c = frame;
	if ((control & DOCSIS_EXTENDED) != 0)
		extended = cursor_cut(c, parameter);
	cursor_skip(c, DOCSIS_CHECK_LEN);
	if (docsis_is_encrypted(extended))
		return step_end(PACKET_OPAQUE);
	return step_docsis(control, c);
}

/* clang-format off */
const struct header_type link_lan_types[] = {
	{ 6, LAYER_TOKEN_RING, "Token Ring", read_token_ring },
	{ 7, LAYER_ARCNET, "ARCNET", read_arcnet },
	{ 10, LAYER_FDDI, "FDDI", read_fddi },
	{ 122, LAYER_FIBRE_CHANNEL, "IP over Fibre Channel", read_fibre_channel },
	{ 129, LAYER_ARCNET, "ARCNET of Linux", read_arcnet_linux },
	{ 138, LAYER_IEEE1394, "IP over IEEE 1394", read_ieee1394 },
	{ 143, LAYER_DOCSIS, "DOCSIS", read_docsis },
	{ 240, LAYER_NETANALYZER, "netANALYZER", read_netanalyzer },
	{ 241, LAYER_NETANALYZER, "netANALYZER with preamble", read_netanalyzer_preamble },
	{ 242, LAYER_INFINIBAND, "IP over InfiniBand", read_ipoib },
	{ 274, LAYER_MPACKET, "Ethernet mPackets", read_mpacket },
	{ 281, LAYER_SWITCH_TAG, "Broadcom tag", read_broadcom_tag },
	{ 282, LAYER_SWITCH_TAG, "Broadcom tag in front", read_broadcom_prepended },
	{ 284, LAYER_SWITCH_TAG, "Marvell DSA", read_dsa },
	{ 285, LAYER_SWITCH_TAG, "Marvell EDSA", read_edsa },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */
