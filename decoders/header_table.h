/*
 * Every table of headers there is, for the reference and the tests: the walk
 * finds rows in them by the functions of link.h and tunnel.h.
 */
#ifndef DECODERS_HEADER_TABLE_H
#define DECODERS_HEADER_TABLE_H

#include "decoders/link.h"

struct header_table {
	const char *word; /* what its numbers are: "ethertype"; NULL ends the list */
	const struct header_type *rows;
	size_t count;     /* places, not all with a name; 0 when a NULL name ends it */
};

/* Link types come first, in several tables. */
extern const struct header_table header_tables[];

/* The row behind `row` that has a name, or the first one (`row` NULL); NULL at the end. */
const struct header_type *header_next(
    const struct header_table *table, const struct header_type *row);

/* Whether the walk ends at the row, for nothing can be seen behind it. */
bool header_is_opaque(const struct header_type *row);

#endif
