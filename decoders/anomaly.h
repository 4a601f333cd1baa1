/*
 * What can be wrong with a message, one row each: the slug that events and
 * reports show, and what it means.
 */
#ifndef DECODERS_ANOMALY_H
#define DECODERS_ANOMALY_H

#include <stdbool.h>
#include <stdint.h>

enum anomaly {
	ANOMALY_BAD_CHECKSUM,
	ANOMALY_TRUNCATED_MESSAGE,
	ANOMALY_TRUNCATED_CAPTURE,
	ANOMALY_TRAILING_BYTES,
	ANOMALY_NONZERO_UNUSED,
	ANOMALY_UNKNOWN_TYPE,
	ANOMALY_UNKNOWN_CODE,
	ANOMALY_DEPRECATED_TYPE,
	ANOMALY_WRONG_IP_VERSION,
	ANOMALY_HOP_LIMIT_NOT_255,
	ANOMALY_HOP_LIMIT_NOT_1,
	ANOMALY_BAD_OPTION_LENGTH,
	ANOMALY_UNKNOWN_OPTION,
	ANOMALY_BAD_COUNT,
	ANOMALY_QUOTE_MISSING,
	ANOMALY_QUOTE_MALFORMED,
	ANOMALY_ERROR_ABOUT_ERROR,
	ANOMALY_ERROR_ABOUT_MULTICAST,
	ANOMALY_ERROR_ABOUT_FRAGMENT,
	ANOMALY_QUOTED_SOURCE_MISMATCH,
	ANOMALY_BAD_MTU,
	ANOMALY_POINTER_OUTSIDE_QUOTE,
	ANOMALY_EXTENSION_MALFORMED,
	ANOMALY_EXTENSION_BAD_CHECKSUM,
	ANOMALY_EXTENSION_MISPLACED,
	ANOMALY_BAD_IP_CHECKSUM,
	ANOMALY_BAD_IP_LENGTH,
	ANOMALY_OVERLAPPING_FRAGMENTS,
	ANOMALY_OVERSIZED_DATAGRAM,
	ANOMALY_COUNT
};

#define ANOMALY_WORDS ((ANOMALY_COUNT + 63) / 64)

struct anomalies {
	uint64_t bits[ANOMALY_WORDS];
};

struct anomaly_type {
	const char *slug;
	const char *meaning; /* one sentence for a person */
	const char *rfc;     /* the rule it breaks, or NULL */
};

/* The row of an anomaly; never NULL below ANOMALY_COUNT. */
const struct anomaly_type *anomaly_type(enum anomaly anomaly);

static inline void
anomalies_add(struct anomalies *set, enum anomaly anomaly)
{
	set->bits[anomaly / 64] |= (uint64_t)1 << (anomaly % 64);
}

static inline bool
anomalies_has(const struct anomalies *set, enum anomaly anomaly)
{
	return set->bits[anomaly / 64] >> (anomaly % 64) & 1;
}

static inline bool
anomalies_any(const struct anomalies *set)
{
	uint64_t any = 0;
	int i;

	for (i = 0; i < ANOMALY_WORDS; i++)
		any |= set->bits[i];
	return any != 0;
}

static inline void
anomalies_merge(struct anomalies *set, const struct anomalies *more)
{
	int i;

	for (i = 0; i < ANOMALY_WORDS; i++)
		set->bits[i] |= more->bits[i];
}

#endif
