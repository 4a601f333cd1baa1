/*
 * What trackers and detectors used last for the packets of two hosts, whichever
 * of them sent: a line of the processor's cache for each pair, with a pointer
 * for each table that is looked into for every echo. It is found once, before
 * the message is decoded, and what it points at is on its way meanwhile. All in
 * it are guesses, to be compared with the key: pairs may share a line, and an
 * entry may be of another pair by now. Who makes pairs share one gains nothing,
 * for then entries are found by hash. And in it is who has learned all there is
 * to learn from the echoes of the two for a while, and is spared them.
 */
#ifndef ANALYZER_CORE_PAIRS_H
#define ANALYZER_CORE_PAIRS_H

#include <string.h>

#include "analyzer/core/listener.h"
#include "analyzer/core/table.h"
#include "decoders/addr.h"

#define PAIR_BITS 13
#define PAIR_LINES (1U << PAIR_BITS)
#define PAIR_CACHE_LINE 64
#define PAIR_HUSH_NS UINT64_C(30000000000) /* nobody is spared messages for longer */

/* Whose entries are in a line. */
enum pair_slot {
	PAIR_SESSION,
	PAIR_POLL,
	PAIR_CONTACT,
	PAIR_TUNNEL,
	PAIR_SLOTS
};

/* Who may ask to be spared the echoes of a pair, as a bit. */
enum pair_hush {
	HUSH_PING_SWEEP = 1,
	HUSH_DISTRIBUTED_SWEEP = 2,
	HUSH_SMURF = 4,
	HUSH_PATH = 8,
	HUSH_PMTU = 16,
	HUSH_FRAGMENT = 32,
	/* ... of echoes as they were before: with one identifier and payload */
	HUSH_TUNNEL = 64,
	HUSH_RECON = 128,
	HUSH_USUAL = HUSH_TUNNEL | HUSH_RECON,
};

struct pair_line {
	struct entry *entries[PAIR_SLOTS]; /* borrowed, of tables that never move; or NULL */
	uint64_t tag;           /* the hash of both hosts, of which a part found the line */
	uint64_t until_ns;      /* then nobody is spared any more */
	uint64_t usual;         /* of echoes as they were before, what is the same */
	uint8_t hushed[2][MESSAGE_KINDS]; /* [1]: of the host with the greater hash */
	uint8_t zero[2];
};

struct pairs {
	struct pair_line *lines;
	struct pair_line *here; /* of the packet at hand */
	uint64_t tag;           /* what its tag should be */
	uint64_t usual;         /* the same of the message at hand, or 0 */
	uint8_t *hushed;        /* in it, of its sender and kind */
	uint64_t secret[2];     /* of the hashes */
	uint64_t epoch;         /* lines of former ones spare nobody */
};

/* Takes the memory of all lines. 0, or -1 with `err` filled. */
int pairs_init(struct pairs *pairs, const struct hash_key *key, char *err);
void pairs_free(struct pairs *pairs);

static inline uint64_t
pairs_mix(const struct pairs *pairs, const struct addr *addr)
{
	uint64_t words[2];

	memcpy(words, addr->bytes, sizeof(words));
	return fold_product(words[0] ^ pairs->secret[0], words[1] ^ pairs->secret[1]);
}

/* Moves to the line of who sent a message and who is to get it, which comes meanwhile. */
static inline void
pairs_look(struct pairs *pairs, const struct addr *source, const struct addr *destination)
{
	uint64_t from = pairs_mix(pairs, source), to = pairs_mix(pairs, destination);

	pairs->here = &pairs->lines[(from + to) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PAIR_BITS)];
	__builtin_prefetch(pairs->here, 1);
	pairs->hushed = pairs->here->hushed[from > to];
	pairs->tag = from + to + pairs->epoch;
}

/* The line is here: lets the entries come that it points at. */
static inline void
pairs_fetch(struct pairs *pairs)
{
	struct pair_line *line = pairs->here;
	const char *entry;
	unsigned i;

	for (i = 0; i < PAIR_SLOTS; i++) {
		entry = (const char *)line->entries[i];
		if (entry == NULL)
			continue; /* nothing may be added to it */
		__builtin_prefetch(entry, 1);
		__builtin_prefetch(entry + PAIR_CACHE_LINE, 1);
	}
	if (line->tag != pairs->tag) {
		line->tag = pairs->tag;
		memset(line->hushed, 0, sizeof(line->hushed));
	}
}

/* Something has changed for the two at hand: spares nobody. */
static inline void
pairs_wake_here(struct pairs *pairs)
{
	memset(pairs->here->hushed, 0, sizeof(pairs->here->hushed));
}

/*
 * What is the same in the echoes of a ping that only counts and tells the time:
 * identifier, length, and the payload behind its head. 0 when that is not known.
 */
static inline uint64_t
pairs_usual(const struct icmp_msg *msg)
{
	if (msg->payload.len <= PAYLOAD_HEAD_LEN || msg->value_count == 0)
		return 0;
	return msg->payload.rest ^ msg->payload.len ^ msg->values[0].number << 32;
}

/* Who is spared the message at hand, a whole echo of this kind, as bits. */
static inline unsigned
pairs_hushed(struct pairs *pairs, enum message_kind kind, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct pair_line *line = pairs->here;

	pairs->usual = pairs_usual(msg);
	if (pairs->hushed[kind] != 0 && now_ns >= line->until_ns)
		pairs_wake_here(pairs);
	if (line->usual == pairs->usual)
		return pairs->hushed[kind];
	return pairs->hushed[kind] & ~(unsigned)HUSH_USUAL;
}

/*
 * Nothing can be learned from echoes of this kind between these hosts, this
 * way, for now: spares them whose bit it is. Of other messages nobody is spared.
 */
static inline void
pairs_hush(struct pairs *pairs, enum pair_hush who, enum message_kind kind, uint64_t now_ns)
{
	static const uint8_t nobody[2][MESSAGE_KINDS];

	if (kind == MESSAGE_OTHER)
		return;
	if (memcmp(pairs->here->hushed, nobody, sizeof(nobody)) == 0)
		pairs->here->until_ns = now_ns + PAIR_HUSH_NS;
	if ((who & HUSH_USUAL) != 0)
		pairs->here->usual = pairs->usual;
	pairs->hushed[kind] |= (uint8_t)who;
}

/* ... for all pairs. */
static inline void
pairs_wake(struct pairs *pairs)
{
	pairs->epoch++;
}

/* Where the guess of a table is, to be read and put right. */
static inline struct entry **
pairs_guess(const struct pairs *pairs, enum pair_slot slot)
{
	return &pairs->here->entries[slot];
}

#endif
