/*
 * IEEE 802.11 and what capture tools put in front of its frames. Data frames
 * lead to LLC, or to several subframes (A-MSDU). What is protected is opaque.
 */
#include "decoders/link.h"

#define MAC_LEN 6

/* IEEE 802.11-2020 9.2.4.1: version and type, subtype bits, flags. */
#define CONTROL_LEN 2
#define TYPE_MASK 0x0f
#define TYPE_DATA 0x08
#define SUBTYPE_NO_DATA 0x40
#define SUBTYPE_QOS 0x80
#define FLAG_TO_DS 0x01
#define FLAG_FROM_DS 0x02
#define FLAG_MORE_FRAGMENTS 0x04
#define FLAG_PROTECTED 0x40
#define FLAG_HT_CONTROL 0x80 /* in a frame with QoS control */
#define FRAGMENT_MASK 0x000f
#define QOS_AMSDU 0x0080
#define QOS_MESH 0x0100
#define HT_CONTROL_LEN 4

#define MESH_EXTENSION_MASK 3
#define MESH_LEN 5 /* behind the flags */

#define SUBFRAME_HEADER_LEN 14
#define SUBFRAME_ALIGNMENT 4

#define LLC_SNAP 0xaa
#define FCS_LEN 4

#define PRISM_LEN 144
#define PRISM_AVS_MASK 0xfffff000U /* this in its place is an AVS header */
#define PRISM_AVS 0x80211000U

#define RADIOTAP_FIXED_LEN 8
#define RADIOTAP_TSFT 0x1 /* present bits */
#define RADIOTAP_FLAGS 0x2
#define RADIOTAP_MORE 0x80000000U
#define RADIOTAP_HAS_FCS 0x10 /* flags */
#define RADIOTAP_IS_PADDED 0x20

/* IEEE 802.11-2020 9.3.2.2.2: addresses and length; padded to the next. */
static struct step read_amsdu(struct packet *packet, struct cursor *c);

static const struct header_type amsdu = { 0, LAYER_AMSDU, "A-MSDU subframe", read_amsdu };

static struct step
read_amsdu(struct packet *packet, struct cursor *c)
{
	struct cursor start = *c, subframe;
	uint32_t len, padding;

	cursor_skip(&start, 2 * MAC_LEN);
	len = SUBFRAME_HEADER_LEN + (uint32_t)cursor_u16(&start);
	if (start.status != DECODE_OK)
		cursor_fail(c, start.status);
	subframe = cursor_cut(c, len);
	if (c->status != DECODE_OK)
		return step_end(PACKET_OTHER);
	padding = -len % SUBFRAME_ALIGNMENT;
	if (c->claimed >= padding + SUBFRAME_HEADER_LEN) {
		(void)cursor_cut(c, padding);
		if (!link_sibling(packet, &amsdu, *c))
			return step_end(PACKET_TOO_DEEP);
	}
	*c = subframe;
	link_macs(packet, c);
	cursor_skip(c, 2);
	return step_to(&link_llc);
}

/* The destination and source among four addresses (9.3.2.1). */
static uint16_t
read_addresses(struct cursor *c, uint8_t flags, struct mac *destination, struct mac *source)
{
	struct mac macs[4] = { { { 0 } } };
	uint16_t sequence;
	size_t i;

	for (i = 0; i < 3; i++)
		cursor_copy(c, macs[i].bytes, MAC_LEN);
	sequence = cursor_u16_le(c);
	*destination = macs[(flags & FLAG_TO_DS) != 0 ? 2 : 0];
	*source = macs[(flags & FLAG_FROM_DS) != 0 ? 2 : 1];
	if ((flags & FLAG_TO_DS) != 0 && (flags & FLAG_FROM_DS) != 0)
		cursor_copy(c, source->bytes, MAC_LEN);
	return sequence;
}

/*
 * Mesh control (9.2.4.8.3). Its bit means other things between stations and
 * access points, so a frame that goes on with LLC has none.
 */
static void
skip_mesh_control(struct cursor *c, uint8_t flags, uint16_t qos)
{
	uint8_t mesh;

	if ((qos & QOS_MESH) == 0 || (flags & FLAG_FROM_DS) == 0 ||
	    (cursor_peek(c, 0) == LLC_SNAP && cursor_peek(c, 1) == LLC_SNAP))
		return;
	mesh = cursor_u8(c);
	cursor_skip(c, MESH_LEN + (mesh & MESH_EXTENSION_MASK) * (uint32_t)MAC_LEN);
}

/* Whole subframes are told apart, the first of several fragments is not. */
static struct step
step_to_amsdu(uint8_t flags)
{
	if ((flags & FLAG_MORE_FRAGMENTS) != 0)
		return step_end(PACKET_LINK_FRAGMENT);
	return step_to(&amsdu);
}

/*
 * Behind the frame control: its first octet is the high one of `control`.
 * `alignment`: the header is padded to it, as some cards do; 1 for none.
 */
static struct step
read_data_frame(struct packet *packet, struct cursor *c, uint16_t control, uint32_t alignment)
{
	uint32_t before = c->claimed + CONTROL_LEN;
	uint8_t type = (uint8_t)(control >> 8);
	uint8_t flags = (uint8_t)control;
	struct mac destination, source;
	uint16_t sequence, qos = 0;

	if ((type & TYPE_MASK) != TYPE_DATA || (type & SUBTYPE_NO_DATA) != 0)
		return step_end(PACKET_OTHER);
	cursor_skip(c, 2);
	sequence = read_addresses(c, flags, &destination, &source);
	if ((type & SUBTYPE_QOS) != 0) {
		qos = cursor_u16_le(c);
		if ((flags & FLAG_HT_CONTROL) != 0)
			cursor_skip(c, HT_CONTROL_LEN);
	}
	cursor_skip(c, -(before - c->claimed) % alignment);
	if ((flags & FLAG_PROTECTED) != 0)
		return step_end(PACKET_OPAQUE);
	if ((sequence & FRAGMENT_MASK) != 0)
		return step_end(PACKET_LINK_FRAGMENT);
	if ((qos & QOS_AMSDU) != 0)
		return step_to_amsdu(flags);
	link_note_macs(packet, &destination, &source);
	skip_mesh_control(c, flags, qos);
	if ((flags & FLAG_MORE_FRAGMENTS) != 0)
		link_first_fragment(packet, c);
	return step_to(&link_llc);
}

static struct step
read_wlan(struct packet *packet, struct cursor *c)
{
	return read_data_frame(packet, c, cursor_u16(c), 1);
}

static struct step
read_wlan_swapped(struct packet *packet, struct cursor *c)
{
	return read_data_frame(packet, c, cursor_u16_le(c), 1);
}

static struct step
read_wlan_padded(struct packet *packet, struct cursor *c)
{
	return read_data_frame(packet, c, cursor_u16(c), 4);
}

static const struct header_type wlan = { 105, LAYER_WLAN, "802.11", read_wlan };
const struct header_type link_wlan_swapped = { 105, LAYER_WLAN, "802.11, swapped",
	read_wlan_swapped };
static const struct header_type wlan_padded = { 105, LAYER_WLAN, "802.11, padded",
	read_wlan_padded };

/* The field of flags behind the words of present bits and the time, or 0. */
static uint8_t
radiotap_flags(struct cursor header)
{
	uint32_t read = RADIOTAP_FIXED_LEN, present, more;

	cursor_skip(&header, RADIOTAP_FIXED_LEN - 4);
	present = more = cursor_u32_le(&header);
	for (; (more & RADIOTAP_MORE) != 0 && header.status == DECODE_OK; read += 4)
		more = cursor_u32_le(&header);
	if ((present & RADIOTAP_FLAGS) == 0)
		return 0;
	if ((present & RADIOTAP_TSFT) != 0)
		cursor_skip(&header, -read % 8 + 8);
	return cursor_u8(&header);
}

/* Version, padding, length in Intel's order, present bits, fields. */
static struct step
read_radiotap(struct packet *packet, struct cursor *c)
{
	struct cursor start = *c;
	uint16_t len;
	uint8_t flags;

	(void)packet;
	cursor_skip(&start, 2);
	len = cursor_u16_le(&start);
	if (start.status != DECODE_OK)
		cursor_fail(c, start.status);
	else if (len < RADIOTAP_FIXED_LEN)
		cursor_fail(c, DECODE_MALFORMED);
	flags = radiotap_flags(cursor_cut(c, len));
	if ((flags & RADIOTAP_HAS_FCS) != 0)
		cursor_trim(c, FCS_LEN);
	return step_to((flags & RADIOTAP_IS_PADDED) != 0 ? &wlan_padded : &wlan);
}

/* Magic with version, length, then fields we do not need. */
static struct step
read_avs(struct packet *packet, struct cursor *c)
{
	uint32_t len;

	(void)packet;
	cursor_skip(c, 4);
	len = cursor_u32(c);
	cursor_skip_header(c, len, 8);
	return step_to(&wlan);
}

/* Fixed in length; some drivers give an AVS header under this link type. */
static struct step
read_prism(struct packet *packet, struct cursor *c)
{
	struct cursor start = *c;

	if (!cursor_want(c, 4))
		return step_end(PACKET_OTHER);
	if ((cursor_u32(&start) & PRISM_AVS_MASK) == PRISM_AVS) {
		packet->layers[packet->layer_count - 1].kind = LAYER_AVS;
		return read_avs(packet, c);
	}
	cursor_skip(c, PRISM_LEN);
	return step_to(&wlan);
}

/* clang-format off */
const struct header_type link_wlan_types[] = {
	{ 105, LAYER_WLAN, "802.11", read_wlan },
	{ 119, LAYER_PRISM, "802.11 with Prism header", read_prism },
	{ 127, LAYER_RADIOTAP, "802.11 with radiotap", read_radiotap },
	{ 163, LAYER_AVS, "802.11 with AVS header", read_avs },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */
