/*
 * What the reader and its two formats have in common: the block of bytes,
 * numbers in either byte order, and how damage is told. For reader*.c only.
 */
#ifndef ANALYZER_READER_FORMAT_H
#define ANALYZER_READER_FORMAT_H

#include <string.h>

#include "analyzer/reader.h"

static inline size_t
reader_held(const struct reader *r)
{
	return (size_t)(r->end - r->next);
}

/* The offset of `next` in the file (unpacked, if it is compressed). */
static inline uint64_t
reader_offset(const struct reader *r)
{
	return r->end_offset - reader_held(r);
}

/* Reads on until `len` bytes are held; moves them, so pointers go stale. */
bool reader_fill(struct reader *r, size_t len);

/* Whether `len` bytes from `next` on are held, or could be read now. */
static inline bool
reader_want(struct reader *r, size_t len)
{
	return reader_held(r) >= len || reader_fill(r, len);
}

static inline uint16_t
reader_u16(const struct reader *r, const uint8_t *p)
{
	uint16_t value;

	memcpy(&value, p, sizeof value);
	if (r->is_swapped)
		value = (uint16_t)(value << 8 | value >> 8);
	return value;
}

static inline uint32_t
reader_swap32(uint32_t value)
{
	return value >> 24 | (value >> 8 & 0xff00) | (value << 8 & 0xff0000) | value << 24;
}

static inline uint32_t
reader_u32(const struct reader *r, const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof value);
	return r->is_swapped ? reader_swap32(value) : value;
}

/* The options of a pcapng block, in the byte order of its section. */
struct reader_options {
	const uint8_t *next, *end;
};

struct reader_option {
	uint16_t code;
	uint16_t len;
	const uint8_t *value;
};

/* The next option; false at their end, or where one overruns the block. */
bool reader_next_option(struct reader *r, struct reader_options *list, struct reader_option *out);

/* An option's value of eight octets. */
uint64_t reader_u64(const struct reader *r, const uint8_t *p);

/* Fills a zeroed interface from the options of its description. */
void reader_interface_describe(struct reader *r, struct reader_interface *interface,
    struct reader_options list);

/* Adds the losses in a statistics block that were not yet counted. */
void reader_interface_losses(struct reader *r, struct reader_interface *interface,
    struct reader_options list);

/* When the interface's clock showed `ticks`, exact to the ns; never wraps. */
uint64_t reader_interface_time(struct reader *r, const struct reader_interface *interface,
    uint64_t ticks);

/* Takes the FCS off a frame's end: it is not part of what the link carries. */
static inline void
reader_cut_fcs(struct frame *frame, uint32_t fcs_len)
{
	if (fcs_len == 0 || frame->length < fcs_len)
		return;
	frame->length -= fcs_len;
	if (frame->captured > frame->length)
		frame->captured = frame->length;
}

/* Remembers a declared link type; returns it as its LINKTYPE_ number. */
uint32_t reader_add_link_type(struct reader *r, uint32_t link_type);

/*
 * The ways a format's step ends without a whole frame; each returns what the
 * step is to return. The texts are sentences without a stop, and name the
 * record and its byte.
 *
 * reader_finish: no more bytes at a place where that is right. What the
 * stream has to complain of is told first.
 */
enum reader_status reader_finish(struct reader *r);

/*
 * The content is wrong at `next`. With resync the next record is looked for
 * `resume` bytes (at least 1, all of them held) further on.
 */
enum reader_status reader_damage(struct reader *r, size_t resume, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The file ends inside of what is at `next`; READER_END if `stop` ended it. */
enum reader_status reader_cut(struct reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * After reader_cut() returned `status`: the caller has made a frame of what
 * is there, which is delivered first. The caller counts it as partial.
 */
enum reader_status reader_part(struct reader *r, enum reader_status status);

/* The formats. Each tells whether the first bytes, at least 4, are its own. */
bool reader_pcap_knows(const uint8_t *magic);
enum reader_status reader_pcap_start(struct reader *r, struct frame *out);
bool reader_pcapng_knows(const uint8_t *magic);
enum reader_status reader_pcapng_start(struct reader *r, struct frame *out);

#endif
