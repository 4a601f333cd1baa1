/*
 * How a reply finds its request, family by family: which of their fields pair
 * the two, and who may answer. Which types of message belong to a family, and
 * which of them ask, is said by the types' own rows (decoders/icmp.h).
 */
#ifndef ANALYZER_TRACK_PAIRING_H
#define ANALYZER_TRACK_PAIRING_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "decoders/icmp.h"

#define PAIRING_SAME_MAX 2

enum pairing_flags {
	PAIRING_RETURNS_DATA = 1, /* what follows the fields comes back */
	PAIRING_TO_ALL = 2,       /* a reply to a group is for everybody who waits */
	PAIRING_UNASKED = 4,      /* replies come unasked too: an announcement, no event */
	PAIRING_SILENCE = 8,      /* nobody need answer */
	PAIRING_SILENCE_TO_NOBODY = 16, /* the same, when nobody's address asks */
};

/* A family: the names of the fields that pair; NULL for none. */
struct pairing {
	const char *id, *seq;
	const char *asked;                  /* the address that is asked about */
	const char *same[PAIRING_SAME_MAX]; /* what else is the same in both */
	unsigned flags;
};

/* A type of message in its family: places of those fields in its rows, or -1. */
struct pairing_type {
	const struct pairing *pairing; /* NULL: of no family */
	enum exchange_family family;
	int8_t id, seq, asked, same[PAIRING_SAME_MAX];
	uint8_t fields; /* a message with fewer pairs with none */
};

/* What a message asks, or answers. */
struct question {
	uint16_t id, seq;       /* without a sequence number: a digest of what is the same */
	struct addr asked;      /* version 0: whom the packet is to */
	struct payload payload;
};

const struct pairing *pairing_of(enum exchange_family family);

/* Finds the types of both versions in the tables of messages: [1] is ICMPv6. */
void pairing_types(struct pairing_type out[2][256]);

/* Whether requests are told apart by more than who asks whom. */
bool pairing_is_exact(const struct pairing *pairing);

/* Reads the question of a message of `type`; false when its fields are not all there. */
bool pairing_read(const struct pairing_type *type, const struct icmp_msg *msg, uint64_t seed,
    struct question *out);

/* Whether a reply to a group says anything about the address that was asked about. */
bool pairing_speaks_of(const struct pairing_type *type, const struct icmp_msg *msg,
    const struct addr *asked);

#endif
