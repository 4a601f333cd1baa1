/*
 * Where entries that were used lately stand in a table, by the addresses of
 * their key: looking there costs less than to hash the key, and most packets
 * are of an entry that the ones before used. What stands there is a guess, to
 * be compared with the key. A sender that makes entries share a place gains
 * nothing, for then they are found by hash.
 */
#ifndef ANALYZER_CORE_RECENT_H
#define ANALYZER_CORE_RECENT_H

#include <string.h>

#include "analyzer/core/table.h"
#include "decoders/addr.h"

#define RECENT_BITS 13
#define RECENT_PLACES (1 << RECENT_BITS)

struct recent {
	uint32_t places[RECENT_PLACES]; /* indexes, or TABLE_NONE */
};

static inline void
recent_init(struct recent *recent)
{
	memset(recent->places, 0xff, sizeof(recent->places)); /* TABLE_NONE */
}

/* Octets in which addresses of either version differ most. */
static inline uint32_t
recent_tail(const struct addr *addr)
{
	uint32_t first, last;

	memcpy(&first, addr->bytes, sizeof(first));
	memcpy(&last, addr->bytes + sizeof(addr->bytes) - sizeof(last), sizeof(last));
	return first ^ last;
}

/* Two addresses and more, or 0, in one number: its highest bits depend on all. */
static inline uint64_t
recent_mix(const struct addr *source, const struct addr *destination, uint64_t more)
{
	uint64_t mixed = (uint64_t)recent_tail(source) << 32 | recent_tail(destination);

	return (mixed ^ more) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The place of an entry by two addresses of its key, and more of it, or 0. */
static inline uint32_t *
recent_place(struct recent *recent, const struct addr *source, const struct addr *destination,
    uint64_t more)
{
	return &recent->places[recent_mix(source, destination, more) >> (64 - RECENT_BITS)];
}

/* Nothing stands at a place any more, if that index did. */
static inline void
recent_forget(uint32_t *place, uint32_t index)
{
	if (*place == index)
		*place = TABLE_NONE;
}

#endif
