/*
 * One file of evidence: a pcapng (draft-ietf-opsawg-pcapng) with the frames that
 * led to an incident. Nothing is kept back, so the file can be read at any time;
 * what cannot be written whole is taken out again.
 */
#ifndef ANALYZER_EVIDENCE_FILE_H
#define ANALYZER_EVIDENCE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "decoders/frame.h"

#define EVIDENCE_INTERFACES_MAX 16

/* An interface of the file. */
struct evidence_interface {
	uint32_t link_type;
	const char *name; /* borrowed: of the interface, or of the capture file */
};

struct evidence_file {
	int fd;    /* -1: none */
	off_t end; /* of the last whole block */
	uint32_t interface_count;
	struct evidence_interface interfaces[EVIDENCE_INTERFACES_MAX];
};

enum evidence_status {
	EVIDENCE_OK = 0,
	EVIDENCE_FAILED = -1, /* errno says why */
	EVIDENCE_EXISTS = -2, /* nothing is overwritten */
};

/*
 * Creates `name` in the directory `directory`, with a comment for a person and
 * the program's name and version.
 */
enum evidence_status evidence_file_create(struct evidence_file *file, int directory,
    const char *name, const char *comment, const char *application);

/*
 * Appends a frame of the source `source`, which outlives the file; `comment` may
 * be NULL. When it fails the file is cut back to its last whole block, and
 * closed.
 */
enum evidence_status evidence_file_write(struct evidence_file *file, const struct frame *frame,
    const char *source, const char *comment);

/* Closes the file, if it is open. */
enum evidence_status evidence_file_close(struct evidence_file *file);

#endif
