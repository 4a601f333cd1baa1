/*
 * pcapng files (draft-ietf-opsawg-pcapng): sections with a byte order each,
 * interfaces with a link type, clock and name each, and the three kinds of
 * packet blocks. Of statistics blocks the losses are kept; name resolution,
 * secrets, custom and unknown blocks are passed over.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/reader.h"
#include "analyzer/reader_format.h"

#define BLOCK_HEADER_LEN 8 /* type and length */
#define BLOCK_MIN 12       /* and the length once more */
#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define SECTION_BODY_LEN 16
#define INTERFACE_BODY_LEN 8
#define STATISTICS_BODY_LEN 12
#define PACKET_BODY_LEN 20 /* before the packet's bytes */
#define SIMPLE_BODY_LEN 4
#define NO_DROP_COUNT 0xffff

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE = 3,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_ENHANCED = 6,
	BLOCK_SECRETS = 10,
	BLOCK_CUSTOM = 0x0bad,
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in either byte order */
};

enum option_code {
	OPTION_EPB_FLAGS = 2,
	OPTION_EPB_DROPCOUNT = 4,
};

/* One block: what it claims, and how much of that the file has. */
struct block {
	uint32_t type;
	uint32_t len;        /* of all of it, padded */
	const uint8_t *body;
	uint32_t body_len;   /* claimed */
	uint32_t held;       /* there: the same but at the end of a cut file */
	bool is_short;       /* set when packet bytes are missing there */
	char fault[128];     /* set when the block contradicts itself */
};

static uint32_t
padded(uint32_t len)
{
	return (len + 3) & ~UINT32_C(3);
}

static bool __attribute__((format(printf, 2, 3)))
fault(struct block *block, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(block->fault, sizeof block->fault, format, arguments);
	va_end(arguments);
	return false;
}

/* The options from `offset` in the body on. */
static struct reader_options
options_at(const struct block *block, uint32_t offset)
{
	struct reader_options list = { block->body + block->held, block->body + block->held };

	if (offset < block->held)
		list.next = block->body + offset;
	return list;
}

/* Section Header Block; its byte order is already set. */
static bool
read_section(struct reader *r, struct block *block)
{
	uint16_t major, minor;

	if (block->held < SECTION_BODY_LEN)
		return fault(block, "a section header of %" PRIu32 " bytes", block->len);
	major = reader_u16(r, block->body + 4);
	minor = reader_u16(r, block->body + 6);
	if (major != 1)
		return fault(block, "pcapng version %d.%d is not known", major, minor);
	r->interface_base += r->interface_count;
	r->interface_count = 0;
	return true;
}

/* Interface Description Block. */
static bool
read_interface(struct reader *r, struct block *block)
{
	struct reader_interface *interface;

	if (block->held < INTERFACE_BODY_LEN)
		return fault(block, "an interface description of %" PRIu32 " bytes", block->len);
	if (r->interface_count == READER_INTERFACES_MAX)
		return fault(block, "more than %d interfaces", READER_INTERFACES_MAX);
	interface = &r->interfaces[r->interface_count++];
	memset(interface, 0, sizeof *interface);
	interface->link_type = reader_add_link_type(r, reader_u16(r, block->body));
	interface->snap_len = reader_u32(r, block->body + 4);
	reader_interface_describe(r, interface, options_at(block, INTERFACE_BODY_LEN));
	return true;
}

/* Interface Statistics Block: counters since the capture's start. */
static bool
read_statistics(struct reader *r, struct block *block)
{
	uint32_t index;

	if (block->held < STATISTICS_BODY_LEN)
		return fault(block, "interface statistics of %" PRIu32 " bytes", block->len);
	index = reader_u32(r, block->body);
	if (index >= r->interface_count)
		return fault(block, "interface %" PRIu32 " of %" PRIu32, index, r->interface_count);
	reader_interface_losses(r, &r->interfaces[index], options_at(block, STATISTICS_BODY_LEN));
	return true;
}

/*
 * Hands out the packet whose bytes start `offset` bytes into the block, under
 * the lengths already in `out`. Only the end of the file may be short of them.
 */
static bool
deliver(struct reader *r, struct block *block, uint32_t offset, struct frame *out)
{
	if (out->captured > block->body_len - offset) {
		return fault(block, "%" PRIu32 " captured bytes in a block of %" PRIu32,
		    out->captured, block->len);
	}
	block->is_short = out->captured > block->held - offset;
	if (block->is_short)
		out->captured = block->held - offset;
	if (out->captured > out->length) {
		r->counts.overlong++;
		out->length = out->captured;
	}
	out->bytes = block->body + offset;
	out->number = r->number;
	out->ordinal = 0;
	r->last_ns = out->when_ns;
	r->counts.frames++;
	return true;
}

/* The options of an Enhanced Packet Block: a frame's own FCS, and losses. */
static void
read_packet_options(struct reader *r, struct reader_options list, uint32_t *fcs_len)
{
	struct reader_option option;
	uint32_t flags_fcs;

	while (reader_next_option(r, &list, &option)) {
		if (option.code == OPTION_EPB_FLAGS && option.len == 4) {
			flags_fcs = reader_u32(r, option.value) >> 5 & 0x0f;
			if (flags_fcs != 0)
				*fcs_len = flags_fcs;
		}
		if (option.code == OPTION_EPB_DROPCOUNT && option.len == 8)
			r->counts.noted_drops += reader_u64(r, option.value);
	}
}

/*
 * Enhanced Packet Block and the obsolete Packet Block, which differ in how
 * they spend the first four octets. `out` is set when they return true.
 */
static bool
read_packet(struct reader *r, struct block *block, struct frame *out)
{
	const uint8_t *body = block->body;
	const struct reader_interface *interface;
	uint32_t index, fcs_len, options_offset;

	if (block->held < PACKET_BODY_LEN)
		return fault(block, "a packet block of %" PRIu32 " bytes", block->len);
	index = reader_u32(r, body);
	if (block->type == BLOCK_PACKET) {
		uint16_t drops = reader_u16(r, body + 2);

		index = reader_u16(r, body);
		if (drops != NO_DROP_COUNT)
			r->counts.noted_drops += drops;
	}
	if (index >= r->interface_count)
		return fault(block, "interface %" PRIu32 " of %" PRIu32, index, r->interface_count);
	interface = &r->interfaces[index];
	out->captured = reader_u32(r, body + 12);
	options_offset = PACKET_BODY_LEN + padded(out->captured); /* if that fits */
	out->length = reader_u32(r, body + 16);
	out->link_type = interface->link_type;
	out->interface = r->interface_base + index;
	out->when_ns = reader_interface_time(r, interface,
	    (uint64_t)reader_u32(r, body + 4) << 32 | reader_u32(r, body + 8));
	if (!deliver(r, block, PACKET_BODY_LEN, out))
		return false;
	fcs_len = interface->fcs_len;
	if (options_offset < block->held)
		read_packet_options(r, options_at(block, options_offset), &fcs_len);
	reader_cut_fcs(out, fcs_len);
	return true;
}

/* Simple Packet Block: the first interface's, and without a time. */
static bool
read_simple(struct reader *r, struct block *block, struct frame *out)
{
	if (block->held < SIMPLE_BODY_LEN)
		return fault(block, "a packet block of %" PRIu32 " bytes", block->len);
	if (r->interface_count == 0)
		return fault(block, "a packet before the first interface");
	out->length = reader_u32(r, block->body);
	out->captured = out->length;
	if (r->interfaces[0].snap_len != 0 && out->captured > r->interfaces[0].snap_len)
		out->captured = r->interfaces[0].snap_len;
	out->link_type = r->interfaces[0].link_type;
	out->interface = r->interface_base;
	out->when_ns = r->last_ns;
	if (!deliver(r, block, SIMPLE_BODY_LEN, out))
		return false;
	r->counts.untimed++;
	reader_cut_fcs(out, r->interfaces[0].fcs_len);
	return true;
}

static bool
is_packet(uint32_t type)
{
	return type == BLOCK_ENHANCED || type == BLOCK_PACKET || type == BLOCK_SIMPLE;
}

/* Reads a block. Returns false when it contradicts itself (`fault`). */
static bool
read_block(struct reader *r, struct block *block, struct frame *out)
{
	switch (block->type) {
	case BLOCK_ENHANCED:
	case BLOCK_PACKET:
		return read_packet(r, block, out);
	case BLOCK_SIMPLE:
		return read_simple(r, block, out);
	case BLOCK_SECTION:
		return read_section(r, block);
	case BLOCK_INTERFACE:
		return read_interface(r, block);
	case BLOCK_STATISTICS:
		return read_statistics(r, block);
	default:
		return true;
	}
}

/* The byte order of the section that starts at `next`; false if it tells none. */
static bool
set_byte_order(struct reader *r)
{
	uint32_t magic;

	memcpy(&magic, r->next + BLOCK_HEADER_LEN, sizeof magic);
	if (magic != BYTE_ORDER_MAGIC && reader_swap32(magic) != BYTE_ORDER_MAGIC)
		return false;
	r->is_swapped = magic != BYTE_ORDER_MAGIC;
	return true;
}

static bool
is_known(uint32_t type)
{
	return (type >= BLOCK_INTERFACE && type <= BLOCK_ENHANCED) || type == BLOCK_SECRETS ||
	    (type & 0x7fffffff) == BLOCK_CUSTOM;
}

/* Whether a block of a known type, whose two lengths agree, starts at `next`. */
static bool
pcapng_match(struct reader *r)
{
	bool was_swapped = r->is_swapped;
	uint32_t type, len;

	if (!reader_want(r, BLOCK_MIN))
		return false;
	type = reader_u32(r, r->next);
	if (type == BLOCK_SECTION ? !set_byte_order(r) : !is_known(type))
		return false;
	len = reader_u32(r, r->next + 4);
	if (len >= BLOCK_MIN && len % 4 == 0 && len <= READER_RECORD_MAX && reader_want(r, len) &&
	    reader_u32(r, r->next + len - 4) == len)
		return true;
	r->is_swapped = was_swapped;
	return false;
}

/* Whether a sound block starts inside the rest of the file, all of it held. */
static bool
has_block_inside(struct reader *r)
{
	const uint8_t *next = r->next;
	bool is_found = false;

	for (r->next += BLOCK_HEADER_LEN; !is_found && reader_held(r) >= BLOCK_MIN; r->next++)
		is_found = pcapng_match(r);
	r->next = next;
	return is_found;
}

/* What a complaint begins with: packets have numbers, other blocks have not. */
static const char *
subject(const struct block *block)
{
	return is_packet(block->type) ? "record" : "block after record";
}

/* The file ends inside of the block at `next`: part of a packet is a frame. */
static enum reader_status
step_cut(struct reader *r, struct block *block, struct frame *out)
{
	uint32_t head_len = block->type == BLOCK_SIMPLE ? SIMPLE_BODY_LEN : PACKET_BODY_LEN;
	size_t held = reader_held(r);
	enum reader_status status;

	if (has_block_inside(r)) {
		return reader_damage(r, 1, "%s %" PRIu64 " at byte %" PRIu64
		    ": no block follows its length %" PRIu32, subject(block), r->number,
		    reader_offset(r), block->len);
	}
	status = reader_cut(r, "%s %" PRIu64 " at byte %" PRIu64 " claims %" PRIu32
	    " bytes, %zu are there", subject(block), r->number, reader_offset(r), block->len,
	    held);
	if (held - BLOCK_HEADER_LEN < block->body_len)
		block->held = (uint32_t)(held - BLOCK_HEADER_LEN);
	if (status == READER_END || !is_packet(block->type) || block->held <= head_len ||
	    !read_block(r, block, out))
		return status;
	r->next = r->end;
	r->counts.partial += block->is_short;
	return reader_part(r, status);
}

/* The head of the block at `next`; false, and what to return, if it is none. */
static bool
read_head(struct reader *r, struct block *block, enum reader_status *status)
{
	if (!reader_want(r, BLOCK_MIN)) {
		if (reader_held(r) == 0)
			*status = reader_finish(r);
		else
			*status = reader_cut(r, "block after record %" PRIu64 " at byte %" PRIu64
			    " has %zu bytes", r->number, reader_offset(r), reader_held(r));
		return false;
	}
	block->type = reader_u32(r, r->next);
	if (block->type == BLOCK_SECTION && !set_byte_order(r)) {
		*status = reader_damage(r, 1, "section after record %" PRIu64 " at byte %" PRIu64
		    " has no byte-order magic", r->number, reader_offset(r));
		return false;
	}
	r->number += is_packet(block->type);
	block->len = reader_u32(r, r->next + 4);
	if (block->len < BLOCK_MIN || block->len > READER_RECORD_MAX) {
		*status = reader_damage(r, 1, "%s %" PRIu64 " at byte %" PRIu64
		    ": block length %" PRIu32 " is not plausible", subject(block), r->number,
		    reader_offset(r), block->len);
		return false;
	}
	block->len = padded(block->len); /* some writers leave the padding out */
	block->body_len = block->len - BLOCK_MIN;
	block->held = block->body_len;
	return true;
}

/* The next packet; the blocks before it are read on the way. */
static enum reader_status
pcapng_step(struct reader *r, struct frame *out)
{
	struct block block;

	for (;;) {
		enum reader_status status;
		uint32_t trailer;
		bool is_there;

		if (!read_head(r, &block, &status))
			return status;
		is_there = reader_want(r, block.len);
		block.body = r->next + BLOCK_HEADER_LEN;
		if (!is_there)
			return step_cut(r, &block, out);
		trailer = reader_u32(r, r->next + block.len - 4);
		if (padded(trailer) != block.len) {
			return reader_damage(r, 1, "%s %" PRIu64 " at byte %" PRIu64
			    ": block length %" PRIu32 " at its start, %" PRIu32 " at its end",
			    subject(&block), r->number, reader_offset(r), block.len, trailer);
		}
		if (!read_block(r, &block, out)) {
			return reader_damage(r, block.len, "%s %" PRIu64 " at byte %" PRIu64
			    ": %s", subject(&block), r->number, reader_offset(r), block.fault);
		}
		r->next += block.len;
		if (is_packet(block.type))
			return READER_FRAME;
	}
}

bool
reader_pcapng_knows(const uint8_t *magic)
{
	static const uint8_t section[] = { 0x0a, 0x0d, 0x0d, 0x0a };

	return memcmp(magic, section, sizeof section) == 0;
}

enum reader_status
reader_pcapng_start(struct reader *r, struct frame *out)
{
	r->format = "pcapng";
	r->interfaces = calloc(READER_INTERFACES_MAX, sizeof *r->interfaces);
	if (r->interfaces == NULL) {
		snprintf(r->stream.problem, sizeof r->stream.problem,
		    "no memory for interface descriptions");
		return reader_finish(r);
	}
	r->format_step = pcapng_step;
	r->format_match = pcapng_match;
	r->step = pcapng_step;
	return r->step(r, out);
}
