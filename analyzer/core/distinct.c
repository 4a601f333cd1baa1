/*
 * Small counts come from the registers that are still empty, which is exact to
 * a few, larger ones from the harmonic mean (Flajolet et al. 2007, section 4).
 */
#include "analyzer/core/distinct.h"

#include <math.h>

#include "analyzer/core/hash.h"

#define INDEX_BITS 8 /* log2 of the registers */
#define ALPHA (0.7213 / (1 + 1.079 / DISTINCT_REGISTERS))

uint64_t
distinct_hash(const void *bytes, size_t len)
{
	const struct hash_key key = hash_key_fixed();

	return hash_bytes(&key, bytes, len);
}

uint64_t
distinct_hash_addr(const struct addr *addr)
{
	return distinct_hash(addr, sizeof(*addr));
}

/* One more than the zeros that lead the hash behind the register's index. */
static uint8_t
rank_of(uint64_t hash)
{
	uint64_t rest = hash << INDEX_BITS | UINT64_C(1) << (INDEX_BITS - 1);

	return (uint8_t)(__builtin_clzll(rest) + 1);
}

bool
distinct_add(struct distinct *distinct, uint64_t hash)
{
	uint8_t *place = &distinct->registers[hash >> (64 - INDEX_BITS)];
	uint8_t rank = rank_of(hash);
	unsigned i;

	if (rank > *place)
		*place = rank;
	if (distinct->is_estimated)
		return false;
	for (i = 0; i < distinct->exact_count; i++)
		if (distinct->exact[i] == (uint32_t)hash)
			return false;
	if (distinct->exact_count == DISTINCT_EXACT)
		distinct->is_estimated = true;
	else
		distinct->exact[distinct->exact_count++] = (uint32_t)hash;
	return true;
}

uint32_t
distinct_count(const struct distinct *distinct)
{
	double sum = 0, estimate;
	unsigned i, empty = 0;

	if (!distinct->is_estimated)
		return distinct->exact_count;
	for (i = 0; i < DISTINCT_REGISTERS; i++) {
		sum += 1.0 / (double)(UINT64_C(1) << distinct->registers[i]);
		if (distinct->registers[i] == 0)
			empty++;
	}
	estimate = ALPHA * DISTINCT_REGISTERS * DISTINCT_REGISTERS / sum;
	if (estimate <= 2.5 * DISTINCT_REGISTERS && empty > 0)
		estimate = DISTINCT_REGISTERS * log((double)DISTINCT_REGISTERS / empty);
	if (estimate <= DISTINCT_EXACT)
		return DISTINCT_EXACT + 1;
	return (uint32_t)(estimate + 0.5);
}

void
distinct_merge(struct distinct *into, const struct distinct *from)
{
	unsigned i, k;

	for (i = 0; i < DISTINCT_REGISTERS; i++)
		if (from->registers[i] > into->registers[i])
			into->registers[i] = from->registers[i];
	for (i = 0; i < from->exact_count && !into->is_estimated; i++) {
		for (k = 0; k < into->exact_count; k++)
			if (into->exact[k] == from->exact[i])
				break;
		if (k < into->exact_count)
			continue;
		if (into->exact_count == DISTINCT_EXACT)
			into->is_estimated = true;
		else
			into->exact[into->exact_count++] = from->exact[i];
	}
	into->is_estimated = into->is_estimated || from->is_estimated;
}
