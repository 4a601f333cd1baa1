/*
 * What is kept of an echo's payload, to compare a reply's with its request's:
 * digests, not the octets.
 */
#ifndef ANALYZER_TRACK_PAYLOAD_H
#define ANALYZER_TRACK_PAYLOAD_H

#include <stdint.h>

#include "decoders/cursor.h"

struct payload {
	uint64_t digest;   /* of what was captured */
	uint64_t head;     /* of its first 16 octets */
	uint32_t len;      /* as claimed */
	uint32_t captured;
};

/* Digests what `c` holds under `seed`. */
struct payload payload_read(struct cursor c, uint64_t seed);

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
