/*
 * The captures given with -r as one continuous stream of frames: files,
 * directories (every capture in them) and standard input, in the order given.
 */
#ifndef ANALYZER_INPUTS_H
#define ANALYZER_INPUTS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/log.h"
#include "analyzer/reader.h"
#include "decoders/frame.h"

#define INPUTS_FORMAT_SIZE 16

struct inputs_options {
	const char *const *paths; /* "-" is standard input; borrowed for the call */
	size_t path_count;
	bool is_resync;           /* go on behind damage in a file */
	const volatile sig_atomic_t *stop; /* not zero: end early; may be NULL */
};

struct inputs_file {
	char *name;                  /* as given; in a directory: "given/name" */
	uint64_t size;               /* as it lies on disk; 0 when not known */
	char format[INPUTS_FORMAT_SIZE]; /* "pcap", "pcapng.gzip"; "" until known */
	bool is_bare_directory;      /* it is one without a capture in it */
	struct reader_counts counts; /* once the file has ended */
	uint64_t frames_before;      /* once its turn has come: handed out till then */
};

/* Read-only outside inputs.c. */
struct inputs {
	struct inputs_file *files; /* in the order they are read */
	size_t file_count;
	size_t begun;            /* files whose turn has come: the last is current */
	size_t skipped_files;    /* in directories, that are no captures */
	uint64_t frames;         /* handed out so far */
	uint64_t ended_size;     /* of the files that have ended */
	uint64_t total;          /* of all files, 0 when one is not known */
	bool is_resync;
	bool is_open;            /* `reader` is on the current file */
	const volatile sig_atomic_t *stop;
	struct reader reader;
	/* LINKTYPE_ numbers declared by the files that have ended. */
	uint32_t link_types[READER_LINK_TYPES_MAX];
	uint32_t link_type_count;
	char problem[ERR_SIZE];
};

/*
 * Finds all files. A path that does not exist or may not be read is an error,
 * a file in a directory that is no capture is skipped and counted. Files are
 * opened one after the other, when their turn comes. Returns 0, or -1 and the
 * reason in `err`; then there is nothing to close.
 */
int inputs_open(struct inputs *in, const struct inputs_options *options, char *err);

/*
 * The next frame, as of reader_next() and numbered across files in `ordinal`.
 * READER_DAMAGED and READER_FAILED concern only the current file
 * (inputs_file(), inputs_problem()): the next call goes on, with the next
 * file if need be.
 */
enum reader_status inputs_next(struct inputs *in, struct frame *out);

void inputs_close(struct inputs *in);

/* The name of the file that the last frame or problem is of. */
const char *inputs_file(const struct inputs *in);

/* The name of the file that the frame of that ordinal came from. */
const char *inputs_file_of(const struct inputs *in, uint64_t ordinal);

/* One sentence without the file's name; valid until the next call. */
const char *inputs_problem(const struct inputs *in);

/* Sets the format of the current file too; it is set of those that have ended. */
void inputs_describe(struct inputs *in);

/* What was met so far, in all files together. */
void inputs_count(const struct inputs *in, struct reader_counts *out);

/* For a progress bar: bytes read, and in all (0: not known). */
uint64_t inputs_position(const struct inputs *in);
uint64_t inputs_total(const struct inputs *in);

#endif
