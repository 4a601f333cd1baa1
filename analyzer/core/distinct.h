/*
 * How many different things there were, in fixed memory: the first few are
 * remembered one by one and counted exactly, beyond that a HyperLogLog sketch
 * (Flajolet et al. 2007) estimates within about 7 %. Counts of the same things
 * seen elsewhere merge. Hashed by a fixed key, so that a capture gives the same
 * count on every run; who chooses things that collide hides only what exceeds
 * the exact part.
 */
#ifndef ANALYZER_CORE_DISTINCT_H
#define ANALYZER_CORE_DISTINCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/addr.h"

#define DISTINCT_EXACT 32
#define DISTINCT_REGISTERS 256

/* Empty when zero. */
struct distinct {
	uint32_t exact[DISTINCT_EXACT]; /* hashes, in the order seen */
	uint8_t exact_count;
	bool is_estimated; /* there were more */
	uint8_t registers[DISTINCT_REGISTERS];
};

/* The hash of a thing, for the functions below. */
uint64_t distinct_hash(const void *bytes, size_t len);
uint64_t distinct_hash_addr(const struct addr *addr);

/* Notes a thing. Returns whether it is known to be new; never, once estimated. */
bool distinct_add(struct distinct *distinct, uint64_t hash);

/* How many things were noted. */
uint32_t distinct_count(const struct distinct *distinct);

/* Adds what another has noted. */
void distinct_merge(struct distinct *into, const struct distinct *from);

#endif
