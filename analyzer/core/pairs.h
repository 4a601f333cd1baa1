/*
 * What trackers and detectors used last for the packets of two hosts, whichever
 * of them sent: a line of the processor's cache for each pair, with a pointer
 * for each table that is looked into for every echo. It is found once, before
 * the message is decoded, and what it points at is on its way meanwhile. All in
 * it are guesses, to be compared with the key: pairs may share a line, and an
 * entry may be of another pair by now. Who makes pairs share one gains nothing,
 * for then entries are found by hash.
 */
#ifndef ANALYZER_CORE_PAIRS_H
#define ANALYZER_CORE_PAIRS_H

#include <string.h>

#include "analyzer/core/table.h"
#include "decoders/addr.h"

#define PAIR_BITS 13
#define PAIR_LINES (1U << PAIR_BITS)
#define PAIR_CACHE_LINE 64

/* Whose entries are in a line. */
enum pair_slot {
	PAIR_SESSION,
	PAIR_POLL,
	PAIR_CONTACT,
	PAIR_TUNNEL,
	PAIR_FLOOD_REQUEST,
	PAIR_FLOOD_ANSWER,
	PAIR_SPARE,
	PAIR_SPARE_TOO,
	PAIR_SLOTS
};

struct pair_line {
	struct entry *entries[PAIR_SLOTS]; /* borrowed, of tables that never move; or NULL */
};

struct pairs {
	struct pair_line *lines;
	struct pair_line *here; /* of the packet at hand */
};

/* Takes the memory of all lines. 0, or -1 with `err` filled. */
int pairs_init(struct pairs *pairs, char *err);
void pairs_free(struct pairs *pairs);

static inline uint64_t
pairs_mix(const struct addr *addr)
{
	uint32_t first, last;
	uint64_t mixed;

	/* octets in which addresses of either version differ most */
	memcpy(&first, addr->bytes, sizeof(first));
	memcpy(&last, addr->bytes + sizeof(addr->bytes) - sizeof(last), sizeof(last));
	mixed = (first ^ last) * UINT64_C(0x9e3779b97f4a7c15);
	return (mixed ^ mixed >> 32) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* Moves to the line of two hosts. */
static inline void
pairs_look(struct pairs *pairs, const struct addr *one, const struct addr *other)
{
	struct pair_line *line = &pairs->lines[(pairs_mix(one) + pairs_mix(other)) >>
	    (64 - PAIR_BITS)];
	unsigned i;

	pairs->here = line;
	for (i = 0; i < PAIR_SLOTS; i++) {
		__builtin_prefetch(line->entries[i], 1);
		__builtin_prefetch((const char *)line->entries[i] + PAIR_CACHE_LINE, 1);
	}
}

/* Where the guess of a table is, to be read and put right. */
static inline struct entry **
pairs_guess(const struct pairs *pairs, enum pair_slot slot)
{
	return &pairs->here->entries[slot];
}

#endif
