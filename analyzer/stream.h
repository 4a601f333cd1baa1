/*
 * A capture's bytes from first to last: from a file, a pipe or standard
 * input, decompressed on the way when they are gzip, zstd or lz4. What the
 * bytes mean is the reader's business. Nothing is ever written to disk.
 */
#ifndef ANALYZER_STREAM_H
#define ANALYZER_STREAM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/log.h"

/*
 * A file that unpacks to more than this many times its size, counted once
 * STREAM_RATIO_FROM bytes came out, was made to exhaust us.
 */
#define STREAM_RATIO_MAX 1000
#define STREAM_RATIO_FROM (UINT64_C(64) << 20)

/* What is wrong with a stream is said in less than an ERR_SIZE. */
#define STREAM_PROBLEM_SIZE (ERR_SIZE / 2)

/* One step of a decompressor: both sides move on by what it used and made. */
struct stream_step {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

enum stream_state {
	STREAM_INSIDE,  /* within a gzip member, zstd frame or lz4 frame */
	STREAM_BETWEEN, /* one has just ended: the data may end here */
	STREAM_BROKEN,  /* no such data; `reason` says why */
};

/*
 * A kind of compression. Each lives in the one file that knows its library.
 * `reason` has room for STREAM_REASON_SIZE bytes.
 */
#define STREAM_REASON_SIZE 128
struct stream_ops {
	const char *name;
	uint8_t magic[4];
	size_t magic_len;
	void *(*open)(void); /* NULL when there is no memory */
	enum stream_state (*read)(void *codec, struct stream_step *step, char *reason);
	void (*close)(void *codec);
};

extern const struct stream_ops stream_gzip, stream_zstd, stream_lz4;

/* `problem` is empty as long as all is well. Read-only outside stream.c. */
struct stream {
	int fd;                         /* -1 when closed */
	const struct stream_ops *ops;   /* NULL when not compressed */
	void *codec;
	enum stream_state state;        /* of the codec */
	uint8_t *input;                 /* compressed bytes not yet used */
	size_t input_next, input_end;
	uint64_t total;                 /* bytes in the file, 0 when not known */
	uint64_t position;              /* bytes read from it */
	uint64_t produced;              /* bytes handed out */
	const volatile sig_atomic_t *stop; /* not zero: end early; may be NULL */
	bool is_started, is_ended;
	bool is_stopped;                /* it was `stop` that ended it */
	bool is_damaged;                /* `problem` is about the content */
	char problem[STREAM_PROBLEM_SIZE];
};

/*
 * Opens `path`, "-" being standard input. Reads nothing yet, so it does not
 * wait for the writer of a pipe. Returns 0, or -1 and the reason in `err`.
 */
int stream_open(struct stream *s, const char *path, const volatile sig_atomic_t *stop,
    char *err);

/*
 * Up to `len` (at least 4) further bytes, as soon as there are some. Returns
 * 0 at the end: of the data, on `stop`, or of what could be read (`problem`).
 */
size_t stream_read(struct stream *s, uint8_t *out, size_t len);

void stream_close(struct stream *s);

/* For a progress bar: bytes of the file read so far, and in all (0: unknown). */
static inline uint64_t
stream_position(const struct stream *s)
{
	return s->position;
}

static inline uint64_t
stream_total(const struct stream *s)
{
	return s->total;
}

#endif
