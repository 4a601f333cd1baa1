/*
 * What is kept of an echo's payload, to compare a reply's with its request's:
 * digests, not the octets.
 */
#ifndef DECODERS_PAYLOAD_H
#define DECODERS_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/cursor.h"

#define PAYLOAD_HEAD_LEN 16

struct payload {
	uint64_t head;     /* of its first PAYLOAD_HEAD_LEN octets, where timestamps are */
	uint64_t rest;     /* of what was captured behind them */
	uint32_t len;      /* as claimed */
	uint32_t captured;
};

/* Digests what `c` holds under `seed`. */
struct payload payload_read(struct cursor c, uint64_t seed);

/* Whether what was captured of both is the same. */
static inline bool
payload_equal(const struct payload *a, const struct payload *b)
{
	return a->rest == b->rest && a->head == b->head && a->len == b->len &&
	       a->captured == b->captured;
}

enum payload_match {
	PAYLOAD_UNKNOWN, /* the capture cut too much to tell */
	PAYLOAD_SAME,
	PAYLOAD_TRUNCATED, /* a shorter start of it */
	PAYLOAD_DIFFERENT,
};

/*
 * How a reply's payload compares with its request's, which it should return
 * (RFC 792, RFC 4443 4.2).
 */
enum payload_match payload_match(const struct payload *request, const struct payload *reply);

/* "same", "truncated", "different"; NULL when it is not known. */
const char *payload_match_name(enum payload_match match);

#endif
