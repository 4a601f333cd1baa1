/*
 * The right name for a mistyped one: keeps the candidate with the smallest
 * edit distance, so that an error can say what was probably meant.
 */
#ifndef ANALYZER_NEAREST_H
#define ANALYZER_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *wanted;
	size_t wanted_len;
	const char *name; /* the best so far; NULL while none is near */
	size_t distance;
};

/* Starts the search for `len` bytes at `wanted`, which is borrowed. */
void nearest_init(struct nearest *nearest, const char *wanted, size_t len);

/*
 * Considers one candidate, borrowed. The first of equally near ones wins; a
 * candidate that `wanted` begins (of two letters or more) is as near as one
 * with a letter wrong.
 */
void nearest_try(struct nearest *nearest, const char *candidate);

/* Appends `; the nearest is "NAME"` to the text in `err`, when one is near. */
void nearest_append(const struct nearest *nearest, char *err);

#endif
