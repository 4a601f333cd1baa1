/*
 * What pcapng tells of an interface: its options (clock, name, check
 * sequence), the losses it counted, and what its clock's ticks are in ns.
 */
#include "analyzer/reader.h"
#include "analyzer/reader_format.h"

#define S_NS UINT64_C(1000000000)
#define DIGITS_DEFAULT 6       /* us, without if_tsresol */
#define DIGITS_NS 9            /* up to here a tick is a whole number of ns */
#define RESOLUTION_BINARY 0x80 /* the power is one of two */

enum option_code {
	OPTION_END = 0,
	OPTION_IF_NAME = 2,
	OPTION_IF_TSRESOL = 9,
	OPTION_IF_FCSLEN = 13,
	OPTION_IF_TSOFFSET = 14,
	OPTION_ISB_IFDROP = 5,
	OPTION_ISB_OSDROP = 7,
};

uint64_t
reader_u64(const struct reader *r, const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof value);
	if (!r->is_swapped)
		return value;
	return (uint64_t)reader_swap32((uint32_t)value) << 32 |
	    reader_swap32((uint32_t)(value >> 32));
}

bool
reader_next_option(struct reader *r, struct reader_options *list, struct reader_option *out)
{
	size_t left = (size_t)(list->end - list->next), used;

	if (left < 4)
		return false;
	out->code = reader_u16(r, list->next);
	out->len = reader_u16(r, list->next + 2);
	out->value = list->next + 4;
	if (out->code == OPTION_END)
		return false;
	left -= 4;
	if (out->len > left) {
		r->counts.odd_options++;
		return false;
	}
	used = (out->len + 3U) & ~3U;
	if (used > left)
		used = left;
	list->next = out->value + used;
	return true;
}

/* if_tsresol: a power of ten, or of two when the top bit is set. */
static void
set_resolution(struct reader_interface *interface, uint8_t resolution)
{
	uint8_t digits;

	interface->resolution = resolution;
	interface->tick_ns = 0;
	if (resolution > DIGITS_NS)
		return;
	interface->tick_ns = 1;
	for (digits = resolution; digits < DIGITS_NS; digits++)
		interface->tick_ns *= 10;
	interface->ticks_max = UINT64_MAX / interface->tick_ns;
}

/*
 * if_fcslen is in bits by the draft, in octets by most writers. No check
 * sequence is as short as 8 bits, and none as long as 8 octets.
 */
static uint32_t
fcs_octets(uint8_t value)
{
	return value > 8 ? value / 8 : value;
}

static void
set_option(struct reader *r, struct reader_interface *interface,
    const struct reader_option *option)
{
	size_t len = option->len;

	switch (option->code) {
	case OPTION_IF_NAME:
		if (len >= sizeof interface->name)
			len = sizeof interface->name - 1;
		memcpy(interface->name, option->value, len);
		interface->name[len] = '\0';
		break;
	case OPTION_IF_TSRESOL:
		if (len == 1)
			set_resolution(interface, option->value[0]);
		break;
	case OPTION_IF_FCSLEN:
		if (len == 1)
			interface->fcs_len = fcs_octets(option->value[0]);
		break;
	case OPTION_IF_TSOFFSET:
		if (len == 8)
			interface->offset_s = (int64_t)reader_u64(r, option->value);
		break;
	default:
		break;
	}
}

void
reader_interface_describe(struct reader *r, struct reader_interface *interface,
    struct reader_options list)
{
	struct reader_option option;

	set_resolution(interface, DIGITS_DEFAULT);
	while (reader_next_option(r, &list, &option))
		set_option(r, interface, &option);
}

/* Adds what a counter grew by; one that fell was started anew. */
static void
add_growth(struct reader *r, const struct reader_option *option, uint64_t *last, uint64_t *sum)
{
	uint64_t value;

	if (option->len != 8)
		return;
	value = reader_u64(r, option->value);
	*sum += value >= *last ? value - *last : value;
	*last = value;
}

void
reader_interface_losses(struct reader *r, struct reader_interface *interface,
    struct reader_options list)
{
	struct reader_option option;

	while (reader_next_option(r, &list, &option)) {
		if (option.code == OPTION_ISB_IFDROP)
			add_growth(r, &option, &interface->drops, &r->counts.interface_drops);
		if (option.code == OPTION_ISB_OSDROP)
			add_growth(r, &option, &interface->os_drops, &r->counts.system_drops);
	}
}

/* Ticks of 10^-digits s that are shorter than a ns. */
static uint64_t
fine_ticks_ns(uint64_t ticks, unsigned int digits)
{
	for (; digits > DIGITS_NS && ticks > 0; digits--)
		ticks /= 10;
	return ticks;
}

/*
 * Ticks of 2^-bits s. The fraction is multiplied in two halves, so that no
 * bit is lost above or below.
 */
static uint64_t
binary_ticks_ns(uint64_t ticks, unsigned int bits, bool *is_clamped)
{
	uint64_t seconds = 0, rest = ticks, high, low;

	if (bits < 64) {
		seconds = ticks >> bits;
		rest = ticks & ((UINT64_C(1) << bits) - 1);
	}
	if (seconds >= UINT64_MAX / S_NS) {
		*is_clamped = true;
		return UINT64_MAX;
	}
	if (bits <= 32)
		return seconds * S_NS + (rest * S_NS >> bits);
	low = (rest & UINT32_MAX) * S_NS;
	high = (rest >> 32) * S_NS + (low >> 32);
	bits -= 32;
	return seconds * S_NS + (bits < 64 ? high >> bits : 0);
}

/* `ns` moved by `offset_s`, or the nearest that 64 bits hold. */
static uint64_t
move(uint64_t ns, int64_t offset_s, bool *is_clamped)
{
	uint64_t distance_s = (uint64_t)offset_s;

	if (offset_s < 0)
		distance_s = 0 - distance_s;
	if (distance_s <= UINT64_MAX / S_NS) {
		if (offset_s < 0 && ns >= distance_s * S_NS)
			return ns - distance_s * S_NS;
		if (offset_s >= 0 && ns <= UINT64_MAX - distance_s * S_NS)
			return ns + distance_s * S_NS;
	}
	*is_clamped = true;
	return offset_s < 0 ? 0 : UINT64_MAX;
}

uint64_t
reader_interface_time(struct reader *r, const struct reader_interface *interface, uint64_t ticks)
{
	uint8_t resolution = interface->resolution;
	bool is_clamped = false;
	uint64_t ns;

	if (interface->tick_ns != 0) {
		is_clamped = ticks > interface->ticks_max;
		ns = is_clamped ? UINT64_MAX : ticks * interface->tick_ns;
	} else if ((resolution & RESOLUTION_BINARY) != 0) {
		ns = binary_ticks_ns(ticks, resolution & 0x7f, &is_clamped);
	} else {
		ns = fine_ticks_ns(ticks, resolution);
	}
	if (interface->offset_s != 0)
		ns = move(ns, interface->offset_s, &is_clamped);
	r->counts.clamped_times += is_clamped;
	return ns;
}
