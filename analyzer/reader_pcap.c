/*
 * pcap files. What the file header says (byte order, unit of time, size of a
 * record's header) is settled once, so that a sound record in the block takes
 * a few loads and compares. Lengths are not believed just because they are
 * small: a record is accepted when another one, or the end, is where it ends.
 */
#include <inttypes.h>

#include "analyzer/reader.h"
#include "analyzer/reader_format.h"

#define FILE_HEADER_LEN 24
#define CAPTURED_USUAL 262144 /* what no capture program exceeds on a network */
#define DAY_S UINT32_C(86400)
#define S_NS UINT64_C(1000000000)

enum length_order {
	ORDER_USUAL,    /* captured length, then length on the wire */
	ORDER_SWAPPED,  /* before version 2.3, and DG/UX */
	ORDER_SENSIBLE, /* 2.3 was written both ways: the smaller is captured */
};

struct variant {
	uint32_t magic;
	uint32_t header_len; /* of a record */
	uint32_t units;      /* in a second; 0: see the first record */
	uint32_t extra_len;  /* behind the file header */
};

static const struct variant variants[] = {
	{ 0xa1b2c3d4, 16, 1000000, 0 },    /* the usual */
	{ 0xa1b23c4d, 16, 1000000000, 0 }, /* ns */
	{ 0xa1b2cd34, 24, 1000000, 0 },    /* Kuznetzov: interface, protocol, type */
	{ 0xa1e2cb12, 24, 1000000000, 0 }, /* netsniff-ng: the like */
	{ 0x1c0001ab, 16, 1000000, 4 },    /* IXIA lcap, by software */
	{ 0x1c0001ac, 16, 0, 4 },          /* IXIA lcap, by hardware: us or ns */
};

struct record {
	uint32_t s;
	uint32_t fraction;
	uint32_t captured;
	uint32_t length;
};

static const struct variant *
find_variant(const uint8_t *magic, bool *is_swapped)
{
	uint32_t value;
	size_t i;

	memcpy(&value, magic, sizeof value);
	for (i = 0; i < sizeof variants / sizeof variants[0]; i++) {
		*is_swapped = value != variants[i].magic;
		if (!*is_swapped || reader_swap32(value) == variants[i].magic)
			return &variants[i];
	}
	return NULL;
}

bool
reader_pcap_knows(const uint8_t *magic)
{
	bool is_swapped;

	return find_variant(magic, &is_swapped) != NULL;
}

static inline struct record
load(const struct reader *r, const uint8_t *p)
{
	struct record record = {
		reader_u32(r, p), reader_u32(r, p + 4), reader_u32(r, p + 8), reader_u32(r, p + 12),
	};
	uint32_t captured = record.captured;

	if (r->pcap.length_order == ORDER_USUAL)
		return record;
	if (r->pcap.length_order == ORDER_SWAPPED || captured > record.length) {
		record.captured = record.length;
		record.length = captured;
	}
	return record;
}

/* Within a day of each other, also across the end of the 32 bits. */
static inline bool
is_near(uint32_t a_s, uint32_t b_s)
{
	return a_s - b_s + DAY_S <= 2 * DAY_S;
}

/* A header as every program writes it, and near in time to `near_s`. */
static inline bool
is_sound(const struct reader *r, const struct record *record, uint32_t near_s)
{
	return is_near(record->s, near_s) && record->captured <= r->pcap.captured_max &&
	    record->captured <= record->length && record->length <= READER_RECORD_MAX &&
	    record->fraction < r->pcap.units;
}

/* Near what was read so far; of the first record nothing can be said. */
static bool
is_near_here(const struct reader *r, uint32_t s)
{
	return !r->pcap.has_time || is_near(s, r->pcap.last_s) || is_near(s, r->pcap.anchor_s);
}

static bool
is_sound_here(const struct reader *r, const struct record *record)
{
	return is_near_here(r, record->s) && is_sound(r, record, record->s);
}

/*
 * Whether a sound record with packet bytes starts `offset` bytes ahead and
 * leads to a second one, or to the end of the file. Bytes may move.
 */
static bool
is_chain(struct reader *r, size_t offset)
{
	uint32_t header_len = r->pcap.header_len;
	struct record record, following;
	size_t end;

	if (!reader_want(r, offset + header_len))
		return false;
	record = load(r, r->next + offset);
	if (record.captured == 0 || !is_sound_here(r, &record))
		return false;
	end = offset + header_len + record.captured;
	if (!reader_want(r, end + header_len))
		return r->is_exhausted && reader_held(r) == end;
	following = load(r, r->next + end);
	return following.captured > 0 && is_sound(r, &following, record.s);
}

static bool
pcap_match(struct reader *r)
{
	return is_chain(r, 0);
}

/*
 * Whether to believe the record at `next`, which is `whole` bytes long by its
 * own account. It is doubted when what follows is no sound record. It is
 * wrong when sound ones start inside it, or when its time is far from all
 * before and what follows cannot be a record. Odd files whose records lead on
 * are legal.
 */
static bool
is_believable(struct reader *r, const struct record *record, size_t whole)
{
	size_t header_len = r->pcap.header_len, limit, offset;
	struct record following;
	bool leads_on = true;

	if (reader_held(r) == whole && r->is_exhausted)
		return true;
	if (reader_held(r) >= whole + header_len) {
		following = load(r, r->next + whole);
		if (is_sound(r, &following, record->s) || is_sound_here(r, &following))
			return true;
		leads_on = following.captured <= r->pcap.captured_max;
	}
	limit = reader_held(r) < whole ? reader_held(r) : whole;
	for (offset = header_len; offset < limit; offset++) {
		if (is_chain(r, offset))
			return false;
	}
	if (record->length > record->captured && is_chain(r, header_len + record->length))
		return false; /* nothing was cut off: the captured length is wrong */
	return leads_on || is_near_here(r, record->s);
}

/* Hands the record out; its bytes are held, and `number` is its own. */
static inline enum reader_status
deliver(struct reader *r, const struct record *record, struct frame *out)
{
	out->bytes = r->next + r->pcap.header_len;
	out->captured = record->captured;
	out->length = record->length;
	out->link_type = r->pcap.link_type;
	out->interface = 0;
	out->when_ns = record->s * S_NS + (uint64_t)record->fraction * r->pcap.unit_ns;
	out->number = r->number;
	out->ordinal = 0;
	reader_cut_fcs(out, r->pcap.fcs_len);
	r->next += r->pcap.header_len + record->captured;
	r->counts.frames++;
	return READER_FRAME;
}

/* Counts what is odd about a record, and makes the best of it. */
static void
settle(struct reader *r, struct record *record)
{
	struct reader_pcap *pcap = &r->pcap;

	if (record->captured > record->length) {
		r->counts.overlong++;
		record->length = record->captured;
	}
	if (record->fraction >= pcap->units)
		r->counts.odd_times++; /* when_ns carries it over into seconds */
	if (is_near_here(r, record->s))
		pcap->anchor_s = record->s;
	pcap->last_s = record->s;
	pcap->has_time = true;
}

/* The file ends inside the record at `next`: what is there is a frame too. */
static enum reader_status
deliver_part(struct reader *r, struct record *record, struct frame *out)
{
	size_t there = reader_held(r) - r->pcap.header_len;
	enum reader_status status;

	status = reader_cut(r, "record %" PRIu64 " at byte %" PRIu64 " claims %" PRIu32
	    " bytes, %zu are there", r->number, reader_offset(r), record->captured, there);
	if (there == 0 || status == READER_END)
		return status;
	settle(r, record);
	record->captured = (uint32_t)there;
	deliver(r, record, out);
	r->counts.partial++;
	return reader_part(r, status);
}

/* A unit of time that the magic leaves open: 10^6 us and more are ns. */
static void
settle_unit(struct reader_pcap *pcap, const struct record *first)
{
	pcap->units = 1000000;
	if (first->fraction >= pcap->units)
		pcap->units = 1000000000;
	pcap->unit_ns = (uint32_t)(S_NS / pcap->units);
}

/* Any record: the first, one across the end of the block, an odd one. */
static enum reader_status
step_with_care(struct reader *r, struct frame *out)
{
	size_t header_len = r->pcap.header_len, whole;
	struct record record;

	if (!reader_want(r, header_len)) {
		if (reader_held(r) == 0)
			return reader_finish(r);
		return reader_cut(r, "record %" PRIu64 " at byte %" PRIu64
		    ": its header has %zu of %zu bytes", r->number + 1, reader_offset(r),
		    reader_held(r), header_len);
	}
	record = load(r, r->next);
	if (r->pcap.units == 0)
		settle_unit(&r->pcap, &record);
	r->number++;
	if (record.captured > r->pcap.captured_max) {
		return reader_damage(r, 1, "record %" PRIu64 " at byte %" PRIu64
		    ": captured length %" PRIu32 " is not plausible", r->number,
		    reader_offset(r), record.captured);
	}
	whole = header_len + record.captured;
	reader_want(r, whole + header_len);
	if (!is_believable(r, &record, whole)) {
		return reader_damage(r, 1, "record %" PRIu64 " at byte %" PRIu64
		    ": no record follows its captured length %" PRIu32, r->number,
		    reader_offset(r), record.captured);
	}
	if (reader_held(r) < whole)
		return deliver_part(r, &record, out);
	settle(r, &record);
	return deliver(r, &record, out);
}

/* The common case: a sound record, and a sound one behind it in the block. */
static enum reader_status
pcap_step(struct reader *r, struct frame *out)
{
	size_t header_len = r->pcap.header_len, held = reader_held(r), whole;
	struct record record, following;

	if (held < header_len)
		return step_with_care(r, out);
	record = load(r, r->next);
	whole = header_len + record.captured;
	if (!r->pcap.has_time || !is_sound(r, &record, r->pcap.last_s) || held < whole + header_len)
		return step_with_care(r, out);
	following = load(r, r->next + whole);
	if (!is_sound(r, &following, record.s))
		return step_with_care(r, out);
	r->pcap.last_s = r->pcap.anchor_s = record.s;
	r->number++;
	return deliver(r, &record, out);
}

/* The longest captured length to accept: libpcap's bounds, up to our own. */
static uint32_t
captured_bound(uint32_t link_type, uint32_t snap_len)
{
	switch (link_type) {
	case 189: /* USB_LINUX */
	case 220: /* USB_LINUX_MMAPPED */
	case 231: /* DBUS */
	case 249: /* USBPCAP */
	case 279: /* EBHSCR */
		return READER_RECORD_MAX;
	default:
		break;
	}
	if (snap_len > CAPTURED_USUAL && snap_len <= READER_RECORD_MAX)
		return snap_len;
	return CAPTURED_USUAL;
}

static enum length_order
order_of_version(uint32_t major, uint32_t minor)
{
	if (major == 543 || (major == 2 && minor < 3))
		return ORDER_SWAPPED;
	if (major == 2 && minor == 3)
		return ORDER_SENSIBLE;
	return ORDER_USUAL;
}

/*
 * The file header. Its last field holds more than the link type (pcap I-D,
 * section 4): when bit 26 is set, bits 28 to 31 are the length of the frame
 * check sequence in units of 16 bits.
 */
enum reader_status
reader_pcap_start(struct reader *r, struct frame *out)
{
	const struct variant *variant = find_variant(r->next, &r->is_swapped);
	size_t header_len = FILE_HEADER_LEN + variant->extra_len;
	uint32_t link_field, snap_len;
	uint16_t major, minor;

	r->format = "pcap";
	if (!reader_want(r, header_len)) {
		return reader_cut(r, "the file header has %zu of %zu bytes", reader_held(r),
		    header_len);
	}
	major = reader_u16(r, r->next + 4);
	minor = reader_u16(r, r->next + 6);
	snap_len = reader_u32(r, r->next + 16);
	link_field = reader_u32(r, r->next + 20);
	if (major < 2)
		return reader_damage(r, 0, "pcap version %d.%d is not known", major, minor);
	r->pcap.link_type = reader_add_link_type(r, link_field & 0xffff);
	if ((link_field & 0x04000000) != 0)
		r->pcap.fcs_len = (link_field >> 28) * 2;
	r->pcap.captured_max = captured_bound(r->pcap.link_type, snap_len);
	r->pcap.length_order = (uint8_t)order_of_version(major, minor);
	r->pcap.header_len = variant->header_len;
	r->pcap.units = variant->units;
	if (variant->units != 0)
		r->pcap.unit_ns = (uint32_t)(S_NS / variant->units);
	r->next += header_len;
	r->format_step = pcap_step;
	r->format_match = pcap_match;
	r->step = pcap_step;
	return r->step(r, out);
}
