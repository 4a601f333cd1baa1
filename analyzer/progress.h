/*
 * The progress bar on standard error while capture files are read: only on a
 * terminal, and gone when the reading ends.
 */
#ifndef ANALYZER_PROGRESS_H
#define ANALYZER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool is_shown;      /* standard error is a terminal and may be used */
	bool is_drawn;      /* something stands on the line now */
	uint64_t start_ms;  /* system's clock */
	uint64_t next_ms;   /* when to draw again */
	uint32_t countdown; /* calls until the clock is looked at again */
};

/* `is_quiet` is -q. */
void progress_init(struct progress *progress, bool is_quiet);

/* Looks at the clock once in a while and draws; `total` 0 is not known. */
void progress_update(struct progress *progress, uint64_t position, uint64_t total,
    uint64_t packets);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
