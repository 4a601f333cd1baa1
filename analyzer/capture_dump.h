/*
 * -w: frames written to a pcap file.
 */
#ifndef ANALYZER_CAPTURE_DUMP_H
#define ANALYZER_CAPTURE_DUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/frame.h"

struct capture_dump;

/*
 * Opens `path` ("-" is standard output), emptying it. The times in the file
 * have nanoseconds or microseconds. 0, or -1 and `err`.
 */
int capture_dump_open(const char *path, bool is_nano, struct capture_dump **out, char *err);

/*
 * Appends a frame. The first one sets the file's link type; a pcap has one,
 * so frames of another are counted and left out. 0, or -1 and `err` when the
 * file cannot be written: it then ends with the last whole record, and the
 * dump does nothing from then on.
 */
int capture_dump_write(struct capture_dump *dump, const struct frame *frame, char *err);

/* Hands what is buffered to the system. 0, or -1 and `err`. */
int capture_dump_flush(struct capture_dump *dump, char *err);

/* Frames written, and frames left out for their link type. */
uint64_t capture_dump_count(const struct capture_dump *dump);
uint64_t capture_dump_skipped(const struct capture_dump *dump);

/*
 * Completes and closes the file; without a frame it is an empty Ethernet pcap.
 * 0, or -1 and `err` when something was lost. NULL is allowed.
 */
int capture_dump_close(struct capture_dump *dump, char *err);

#endif
