/*
 * The block of bytes that frames are borrowed from, and what happens around a
 * format's records: the first look at a file, damage, going on behind it, and
 * the end. The records themselves are in reader_pcap.c and reader_pcapng.c.
 */
#include "analyzer/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/reader_format.h"

#define TAIL_SIZE ((size_t)256 << 10) /* room for the usual rest of a block */
#define BUFFER_MAX (READER_RECORD_MAX + READER_BLOCK_SIZE)
#define MAGIC_LEN 4

static enum reader_status
step_ended(struct reader *r, struct frame *out)
{
	(void)r;
	(void)out;
	return READER_END;
}

/* Room for `size` bytes; what is held is moved to the front. */
static bool
make_room(struct reader *r, size_t size)
{
	size_t held = reader_held(r);
	uint8_t *buffer;

	if (size > BUFFER_MAX)
		return false;
	if (size <= r->buffer_size) {
		if (held > 0)
			memmove(r->buffer, r->next, held);
	} else {
		size += READER_BLOCK_SIZE;
		buffer = malloc(size);
		if (buffer == NULL) {
			snprintf(r->stream.problem, sizeof r->stream.problem,
			    "no memory for a record of %zu bytes", size);
			r->is_exhausted = true;
			return false;
		}
		if (held > 0)
			memcpy(buffer, r->next, held);
		free(r->buffer);
		r->buffer = buffer;
		r->buffer_size = size;
	}
	r->next = r->buffer;
	r->end = r->buffer + held;
	return true;
}

bool
reader_fill(struct reader *r, size_t len)
{
	size_t held = reader_held(r);

	if (held >= len)
		return true;
	if (r->is_exhausted || !make_room(r, len))
		return false;
	while (held < len) {
		size_t room = r->buffer_size - held, got;

		if (room > READER_BLOCK_SIZE)
			room = READER_BLOCK_SIZE;
		got = stream_read(&r->stream, r->buffer + held, room);
		if (got == 0) {
			r->is_exhausted = true;
			return false;
		}
		held += got;
		r->end = r->buffer + held;
		r->end_offset += got;
	}
	return true;
}

/*
 * Link types 12 and 14 were raw IP, 11 and 19 ATM on some systems only, whose
 * captures hold those numbers; the others' have the LINKTYPE_ numbers.
 */
static uint32_t
to_linktype(uint32_t link_type)
{
	switch (link_type) {
	case 11:
		return 100; /* ATM_RFC1483 */
	case 12:
	case 14:
		return 101; /* RAW */
	case 19:
		return 106; /* ATM_CLIP */
	default:
		return link_type;
	}
}

uint32_t
reader_add_link_type(struct reader *r, uint32_t link_type)
{
	uint32_t i;

	link_type = to_linktype(link_type);
	for (i = 0; i < r->link_type_count; i++) {
		if (r->link_types[i] == link_type)
			return link_type;
	}
	if (r->link_type_count < READER_LINK_TYPES_MAX)
		r->link_types[r->link_type_count++] = link_type;
	return link_type;
}

static void __attribute__((format(printf, 2, 0)))
add_text(struct reader *r, const char *format, va_list arguments)
{
	size_t len = strlen(r->problem);

	vsnprintf(r->problem + len, sizeof r->problem - len, format, arguments);
}

/* Adds to the problem's text. */
static void __attribute__((format(printf, 2, 3)))
add(struct reader *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_text(r, format, arguments);
	va_end(arguments);
}

/* Says where offsets count, and what the stream itself complained of. */
static void
complete_problem(struct reader *r)
{
	if (r->stream.ops != NULL)
		add(r, " (in the unpacked data)");
	if (r->stream.problem[0] != '\0')
		add(r, "; %s", r->stream.problem);
	r->counts.damages++;
}

/* What the stream's own trouble means, if it has any, else `status`. */
static enum reader_status
stream_status(const struct reader *r, enum reader_status status)
{
	if (r->stream.problem[0] != '\0' && !r->stream.is_damaged)
		return READER_FAILED;
	return status;
}

enum reader_status
reader_finish(struct reader *r)
{
	r->step = step_ended;
	if (r->stream.problem[0] == '\0' || r->stream.is_stopped)
		return READER_END;
	r->problem[0] = '\0';
	add(r, "after record %" PRIu64 ", at byte %" PRIu64, r->number, reader_offset(r));
	complete_problem(r);
	return stream_status(r, READER_DAMAGED);
}

/* Finds the next record behind damage. */
static enum reader_status
step_recover(struct reader *r, struct frame *out)
{
	uint64_t from = reader_offset(r);
	bool is_found = false;

	r->next += r->resume;
	while (!is_found && reader_want(r, 1)) {
		is_found = r->format_match(r);
		if (!is_found)
			r->next++;
	}
	r->counts.skipped_bytes += reader_offset(r) - from;
	if (!is_found)
		return reader_finish(r);
	r->step = r->format_step;
	return r->step(r, out);
}

enum reader_status
reader_damage(struct reader *r, size_t resume, const char *format, ...)
{
	va_list arguments;

	r->problem[0] = '\0';
	va_start(arguments, format);
	add_text(r, format, arguments);
	va_end(arguments);
	complete_problem(r);
	r->resume = resume;
	r->step = step_ended;
	if (r->is_resync && r->format_match != NULL)
		r->step = step_recover;
	return READER_DAMAGED;
}

enum reader_status
reader_cut(struct reader *r, const char *format, ...)
{
	va_list arguments;

	r->step = step_ended;
	if (r->stream.is_stopped)
		return READER_END;
	r->problem[0] = '\0';
	add(r, "truncated file: ");
	va_start(arguments, format);
	add_text(r, format, arguments);
	va_end(arguments);
	complete_problem(r);
	return stream_status(r, READER_DAMAGED);
}

static enum reader_status
step_cut(struct reader *r, struct frame *out)
{
	(void)out;
	r->step = step_ended;
	return r->cut_status;
}

enum reader_status
reader_part(struct reader *r, enum reader_status status)
{
	r->cut_status = status;
	r->step = step_cut;
	return READER_FRAME;
}

/* The first look at a file: what is it? */
static enum reader_status
step_first(struct reader *r, struct frame *out)
{
	if (!reader_want(r, MAGIC_LEN)) {
		if (reader_held(r) > 0)
			return reader_cut(r, "the file header has %zu bytes", reader_held(r));
		if (r->stream.is_stopped || r->stream.problem[0] != '\0')
			return reader_finish(r);
		return reader_damage(r, 0, "empty file");
	}
	if (reader_pcap_knows(r->next))
		return reader_pcap_start(r, out);
	if (reader_pcapng_knows(r->next))
		return reader_pcapng_start(r, out);
	return reader_damage(r, 0, "not a capture that icmpscope can read (pcap, pcapng,"
	    " also .gz .zst .lz4)");
}

int
reader_open(struct reader *r, const char *path, const volatile sig_atomic_t *stop, char *err)
{
	memset(r, 0, sizeof *r);
	if (stream_open(&r->stream, path, stop, err) != 0)
		return -1;
	r->buffer_size = READER_BLOCK_SIZE + TAIL_SIZE;
	r->buffer = malloc(r->buffer_size);
	if (r->buffer == NULL) {
		snprintf(err, ERR_SIZE, "no memory to read %s", path);
		reader_close(r);
		return -1;
	}
	r->next = r->end = r->buffer;
	r->step = step_first;
	return 0;
}

void
reader_set_resync(struct reader *r, bool is_resync)
{
	r->is_resync = is_resync;
}

void
reader_close(struct reader *r)
{
	stream_close(&r->stream);
	free(r->buffer);
	free(r->interfaces);
	r->buffer = NULL;
	r->interfaces = NULL;
	r->interface_count = 0;
	r->next = r->end = NULL;
	r->step = step_ended;
}

const char *
reader_interface_name(const struct reader *r, uint32_t interface)
{
	if (interface < r->interface_base || interface - r->interface_base >= r->interface_count)
		return "";
	return r->interfaces[interface - r->interface_base].name;
}

void
reader_counts_add(struct reader_counts *sum, const struct reader_counts *counts)
{
	sum->frames += counts->frames;
	sum->partial += counts->partial;
	sum->damages += counts->damages;
	sum->skipped_bytes += counts->skipped_bytes;
	sum->overlong += counts->overlong;
	sum->odd_times += counts->odd_times;
	sum->clamped_times += counts->clamped_times;
	sum->untimed += counts->untimed;
	sum->odd_options += counts->odd_options;
	sum->interface_drops += counts->interface_drops;
	sum->system_drops += counts->system_drops;
	sum->noted_drops += counts->noted_drops;
}

bool
reader_is_capture(const char *path)
{
	struct stream s;
	char err[ERR_SIZE];
	uint8_t magic[MAGIC_LEN];
	size_t len = 0, got;

	if (stream_open(&s, path, NULL, err) != 0)
		return false;
	do {
		got = stream_read(&s, magic + len, sizeof magic - len);
		len += got;
	} while (got > 0 && len < sizeof magic);
	stream_close(&s);
	return len == sizeof magic && (reader_pcap_knows(magic) || reader_pcapng_knows(magic));
}
