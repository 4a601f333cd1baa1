/*
 * The memory of the lines.
 */
#include "analyzer/core/pairs.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"

_Static_assert(sizeof(struct pair_line) == PAIR_CACHE_LINE, "a pair has one line");

int
pairs_init(struct pairs *pairs, const struct hash_key *key, char *err)
{
	const size_t size = PAIR_LINES * sizeof(struct pair_line);

	pairs->lines = aligned_alloc(PAIR_CACHE_LINE, size);
	if (pairs->lines == NULL) {
		snprintf(err, ERR_SIZE, "no memory for pairs of hosts");
		return -1;
	}
	memset(pairs->lines, 0, size);
	pairs->here = pairs->lines;
	pairs->hushed = pairs->lines->hushed[0];
	pairs->secret[0] = hash_bytes(key, "pairs 0", 7);
	pairs->secret[1] = hash_bytes(key, "pairs 1", 7);
	pairs->epoch = 1; /* so that lines are of none yet */
	return 0;
}

void
pairs_free(struct pairs *pairs)
{
	free(pairs->lines);
	pairs->lines = NULL;
}
