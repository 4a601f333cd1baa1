/*
 * Reads capture files: pcap in every known variant and pcapng, through a
 * stream that decompresses. Frames are borrowed pointers into one block of
 * some 100 KiB that is refilled by large reads, so nothing is copied but the
 * tail of a block. The reader knows packet number and byte offset of whatever
 * is wrong, never trusts a length, and can go on behind damage.
 */
#ifndef ANALYZER_READER_H
#define ANALYZER_READER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/log.h"
#include "analyzer/stream.h"
#include "decoders/frame.h"

#define READER_BLOCK_SIZE ((size_t)256 << 10)   /* bytes asked for at a time: they fit the cache */
#define READER_RECORD_MAX ((uint32_t)16 << 20)  /* a longer record is damage */
#define READER_INTERFACES_MAX 1024              /* in one pcapng section */
#define READER_NAME_SIZE 64                     /* of an interface, with NUL */
#define READER_LINK_TYPES_MAX 32                /* different ones in a file */

enum reader_status {
	READER_FRAME,   /* a frame; valid until the next call */
	READER_END,     /* nothing more: the file ended, or `stop` was set */
	READER_DAMAGED, /* the content is wrong at this place; call again */
	READER_FAILED,  /* it could not be read at all (no such file, I/O) */
};

/* What was met in one file. Oddities are legal enough to be read past. */
struct reader_counts {
	uint64_t frames;
	uint64_t partial;        /* of them: the file ends inside */
	uint64_t damages;        /* places */
	uint64_t skipped_bytes;  /* passed over to get behind damage */
	uint64_t overlong;       /* captured more than was on the wire */
	uint64_t odd_times;      /* fraction of a second of a second or more */
	uint64_t clamped_times;  /* before 1970 or after 2554: set to the limit */
	uint64_t untimed;        /* no time in the file: the frame before's */
	uint64_t odd_options;    /* pcapng options that overrun their block */
	/* Packets lost while capturing, as pcapng tells. */
	uint64_t interface_drops; /* statistics blocks: by the interface */
	uint64_t system_drops;    /* statistics blocks: by the system */
	uint64_t noted_drops;     /* told with single packets; may repeat the others */
};

/* How a pcap file's header says that its records look. */
struct reader_pcap {
	uint32_t header_len;     /* of a record */
	uint32_t unit_ns;        /* of a record's fraction of a second */
	uint32_t units;          /* such units in a second; 0: the first record tells */
	uint32_t captured_max;   /* a longer captured length is damage */
	uint32_t fcs_len;        /* octets at a frame's end that are its FCS */
	uint32_t link_type;
	uint32_t last_s;         /* time of the record before */
	uint32_t anchor_s;       /* of the last that was near the one before it */
	bool has_time;           /* the two above are set */
	uint8_t length_order;    /* enum in reader_pcap.c */
};

/* What an Interface Description Block says. */
struct reader_interface {
	uint32_t link_type;
	uint32_t snap_len;        /* 0: no limit */
	uint32_t fcs_len;
	uint8_t resolution;       /* if_tsresol as in the file */
	uint64_t tick_ns;         /* when a tick is a whole number of ns; or 0 */
	uint64_t ticks_max;       /* so many ticks fit into 64 bits of ns */
	int64_t offset_s;         /* if_tsoffset */
	uint64_t drops, os_drops; /* isb_ifdrop, isb_osdrop last seen */
	char name[READER_NAME_SIZE];
};

/* Read-only outside the reader. Embedded by its owner; about 2 KiB. */
struct reader {
	struct stream stream;
	uint8_t *buffer;
	size_t buffer_size;
	const uint8_t *next, *end; /* bytes held and not yet used */
	uint64_t end_offset;       /* of `end` in the (unpacked) file */
	bool is_exhausted;         /* the stream has no more */
	bool is_resync;            /* go on behind damage */
	bool is_swapped;           /* the file's byte order is not ours */
	uint64_t number;           /* of the last record */
	uint64_t last_ns;          /* its time */
	size_t resume;             /* bytes at `next` that are known to be bad */
	enum reader_status cut_status; /* to be told behind a partial frame */

	/* What the next call does: a format's step, or what follows damage. */
	enum reader_status (*step)(struct reader *r, struct frame *out);
	/* The format's own step, and whether a sound record starts at `next`. */
	enum reader_status (*format_step)(struct reader *r, struct frame *out);
	bool (*format_match)(struct reader *r);

	struct reader_pcap pcap;
	struct reader_interface *interfaces; /* pcapng: this section's */
	uint32_t interface_count;
	uint32_t interface_base; /* interfaces in the sections before */
	const char *format;      /* "pcap", "pcapng"; NULL until known */

	struct reader_counts counts;
	uint32_t link_types[READER_LINK_TYPES_MAX]; /* as declared, in order */
	uint32_t link_type_count;
	char problem[ERR_SIZE];
};

/*
 * Opens `path` ("-" is standard input). Content is not looked at yet: what is
 * wrong with it, even with its first byte, is told by reader_next(). `stop`
 * may be NULL; once it is not zero the file ends early. Returns 0, or -1 and
 * the reason in `err`; then there is nothing to close.
 */
int reader_open(struct reader *r, const char *path, const volatile sig_atomic_t *stop, char *err);

/* Whether reader_next() goes on behind damage; at first it does not. */
void reader_set_resync(struct reader *r, bool is_resync);

void reader_close(struct reader *r);

/*
 * The next frame, all of `out` set but `ordinal` (0). After READER_DAMAGED
 * and READER_FAILED reader_problem() tells what, where (record number, byte
 * offset) and how much; the call after that finds the next record behind the
 * damage, or READER_END. A damaged record has a number like any other.
 */
static inline enum reader_status
reader_next(struct reader *r, struct frame *out)
{
	return r->step(r, out);
}

/* One sentence without the file's name; valid until the next call. */
static inline const char *
reader_problem(const struct reader *r)
{
	return r->problem;
}

/*
 * The name of `frame.interface` as the capture gives it (untrusted text, cut
 * to READER_NAME_SIZE - 1 bytes), "" when it gives none. Numbers count on
 * through the sections of a pcapng file; only the current section's are known.
 */
const char *reader_interface_name(const struct reader *r, uint32_t interface);

/* Adds the counts of one file to those of several. */
void reader_counts_add(struct reader_counts *sum, const struct reader_counts *counts);

/*
 * Whether the file at `path`, perhaps compressed, begins like a capture.
 * Reads only its first bytes. Files that cannot be opened are none.
 */
bool reader_is_capture(const char *path);

#endif
