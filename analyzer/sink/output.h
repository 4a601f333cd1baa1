/*
 * A file or standard output that is written in whole lines. What could not be
 * written is an error, never silence: a regular file is then cut back to its
 * last whole line. SIGPIPE must be ignored by the process.
 */
#ifndef ANALYZER_SINK_OUTPUT_H
#define ANALYZER_SINK_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output;

/*
 * Opens `path` for writing, empty; "-" is standard output, where it stands.
 * NULL and `err` when it cannot be opened or memory ran out.
 */
struct output *output_open(const char *path, char *err);

/*
 * Takes `len` bytes: whole lines, the last ended by its newline. They are
 * copied. 0, or -1 and `err` when this or something taken before was lost;
 * after that nothing is taken any more and every call returns -1.
 */
int output_write(struct output *output, const char *lines, size_t len, char *err);

/* Hands everything taken so far to the system. 0, or -1 and `err`. */
int output_flush(struct output *output, char *err);

/* Flushes, closes and frees; NULL is allowed. 0, or -1 and `err`. */
int output_close(struct output *output, char *err);

bool output_is_terminal(const struct output *output);
bool output_has_failed(const struct output *output);
bool output_is_empty(const struct output *output); /* nothing was written to it */

/* As given to output_open. */
const char *output_path(const struct output *output);

#endif
