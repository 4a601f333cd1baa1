/*
 * IEEE 802.15.4: the MAC header of data frames, up to 6LoWPAN. What is
 * encrypted is opaque; a message integrity code alone is cut off.
 */
#include "decoders/link.h"

#include <string.h>

#include "decoders/lowpan.h"

/* IEEE 802.15.4-2015 7.2.1: frame control */
#define TYPE_MASK 0x0007
#define TYPE_DATA 1
#define CONTROL_SECURITY 0x0008
#define CONTROL_PAN_COMPRESSION 0x0040
#define CONTROL_NO_SEQUENCE 0x0100
#define CONTROL_HAS_ELEMENTS 0x0200
#define DESTINATION_SHIFT 10
#define VERSION_SHIFT 12
#define SOURCE_SHIFT 14
#define VERSION_2003 0
#define VERSION_2015 2

enum address_mode { ADDRESS_NONE, ADDRESS_RESERVED, ADDRESS_SHORT, ADDRESS_EXTENDED };

#define LEVEL_MASK 7
#define LEVEL_ENCRYPTED 4
#define KEY_MODE_SHIFT 3
#define NO_FRAME_COUNTER 0x20

#define ELEMENT_TERMINATION_1 0x7e /* payload elements follow */
#define ELEMENT_TERMINATION_2 0x7f
#define ELEMENT_PAYLOAD_END 15

#define FCS_LEN 2
#define PREAMBLE_LEN 6 /* with start delimiter and length */

#define TAP_FIXED_LEN 4
#define TAP_FCS_TYPE 0

/*
 * Which PANs are there, as bits: 2015's Table 7-2; before, both were there
 * unless the second was compressed.
 */
#define PAN_DESTINATION 1
#define PAN_SOURCE 2

static int
pans_present(
    uint8_t version, enum address_mode destination, enum address_mode source, bool compressed)
{
	bool both = destination != ADDRESS_NONE && source != ADDRESS_NONE;
	int pans = 0;

	if (version == VERSION_2015 && both && destination == ADDRESS_EXTENDED &&
	    source == ADDRESS_EXTENDED)
		return compressed ? 0 : PAN_DESTINATION;
	if (version == VERSION_2015 && !both && compressed)
		return destination == ADDRESS_NONE && source == ADDRESS_NONE ? PAN_DESTINATION : 0;
	if (destination != ADDRESS_NONE)
		pans |= PAN_DESTINATION;
	if (source != ADDRESS_NONE && !(compressed && both))
		pans |= PAN_SOURCE;
	return pans;
}

/* Addresses are sent with the lowest octet first. */
static void
read_address(struct cursor *c, enum address_mode mode, uint8_t out[LOWPAN_ID_LEN])
{
	uint8_t octets[8];
	size_t i;

	memset(out, 0, LOWPAN_ID_LEN);
	switch (mode) {
	case ADDRESS_NONE:
		break;
	case ADDRESS_RESERVED:
		cursor_fail(c, DECODE_MALFORMED);
		break;
	case ADDRESS_SHORT:
		lowpan_short_id(cursor_u16_le(c), out);
		break;
	case ADDRESS_EXTENDED:
		cursor_copy(c, octets, sizeof octets);
		for (i = 0; i < sizeof octets; i++)
			out[i] = octets[sizeof octets - 1 - i];
		out[0] ^= LOWPAN_UNIVERSAL;
		break;
	}
}

static void
read_ends(struct cursor *c, uint16_t control, struct lowpan_ends *out)
{
	enum address_mode destination = (enum address_mode)(control >> DESTINATION_SHIFT & 3);
	enum address_mode source = (enum address_mode)(control >> SOURCE_SHIFT & 3);
	int pans = pans_present(control >> VERSION_SHIFT & 3, destination, source,
	    (control & CONTROL_PAN_COMPRESSION) != 0);

	out->destination_pan = (pans & PAN_DESTINATION) != 0 ? cursor_u16_le(c) : 0;
	read_address(c, destination, out->destination);
	out->source_pan = (pans & PAN_SOURCE) != 0 ? cursor_u16_le(c) : out->destination_pan;
	read_address(c, source, out->source);
}

/*
 * The auxiliary security header (9.4). Returns the level; the integrity code
 * that it says is taken off the end.
 */
static uint8_t
read_security(struct cursor *c)
{
	static const uint8_t code_lens[] = { 0, 4, 8, 16 };
	static const uint8_t key_lens[] = { 0, 1, 5, 9 };
	uint8_t control = cursor_u8(c);

	if ((control & NO_FRAME_COUNTER) == 0)
		cursor_skip(c, 4);
	cursor_skip(c, key_lens[control >> KEY_MODE_SHIFT & 3]);
	cursor_trim(c, code_lens[control & 3]);
	return control & LEVEL_MASK;
}

/* Header and payload elements (7.4), each with its own end. */
static void
skip_elements(struct cursor *c)
{
	uint16_t head;
	uint8_t id;

	do {
		if (cursor_done(c))
			return;
		head = cursor_u16_le(c);
		id = (uint8_t)(head >> 7);
		cursor_skip(c, head & 0x7f);
		if (id == ELEMENT_TERMINATION_2)
			return;
	} while (id != ELEMENT_TERMINATION_1);
	do {
		if (cursor_done(c))
			return;
		head = cursor_u16_le(c);
		cursor_skip(c, head & 0x7ff);
	} while ((head >> 11 & 15) != ELEMENT_PAYLOAD_END);
}

static struct step
read_frame(struct packet *packet, struct cursor *c)
{
	uint16_t control = cursor_u16_le(c);
	uint8_t version = control >> VERSION_SHIFT & 3;

	if ((control & TYPE_MASK) != TYPE_DATA || version > VERSION_2015)
		return step_end(PACKET_OTHER);
	if (version != VERSION_2015 || (control & CONTROL_NO_SEQUENCE) == 0)
		cursor_skip(c, 1);
	read_ends(c, control, &packet->lowpan);
	if ((control & CONTROL_SECURITY) != 0) {
		if (version == VERSION_2003 || read_security(c) >= LEVEL_ENCRYPTED)
			return step_end(PACKET_OPAQUE);
	}
	if (version == VERSION_2015 && (control & CONTROL_HAS_ELEMENTS) != 0)
		skip_elements(c);
	return step_to(&lowpan);
}

static struct step
read_with_fcs(struct packet *packet, struct cursor *c)
{
	cursor_trim(c, FCS_LEN);
	return read_frame(packet, c);
}

static struct step
read_with_preamble(struct packet *packet, struct cursor *c)
{
	cursor_skip(c, PREAMBLE_LEN);
	return read_with_fcs(packet, c);
}

/* The TAP header's attribute that says how long the check sequence is. */
static uint32_t
tap_fcs_len(struct cursor attributes)
{
	while (!cursor_done(&attributes)) {
		uint16_t type = cursor_u16_le(&attributes);
		uint16_t len = cursor_u16_le(&attributes);

		if (type == TAP_FCS_TYPE)
			return cursor_u8(&attributes) * 2U;
		cursor_skip(&attributes, (len + 3U) / 4 * 4);
	}
	return 0;
}

/* Version, reserved, length in Intel's order, attributes. */
static struct step
read_tap(struct packet *packet, struct cursor *c)
{
	uint16_t len;

	cursor_skip(c, 2);
	len = cursor_u16_le(c);
	if (len < TAP_FIXED_LEN)
		cursor_fail(c, DECODE_MALFORMED);
	cursor_trim(c, tap_fcs_len(cursor_cut(c, len - (uint32_t)TAP_FIXED_LEN)));
	return read_frame(packet, c);
}

/* clang-format off */
const struct header_type link_wpan_types[] = {
	{ 195, LAYER_WPAN, "802.15.4", read_with_fcs },
	{ 215, LAYER_WPAN, "802.15.4 with preamble", read_with_preamble },
	{ 230, LAYER_WPAN, "802.15.4 without check sequence", read_frame },
	{ 283, LAYER_WPAN, "802.15.4 with TAP header", read_tap },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */
