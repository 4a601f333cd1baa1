/*
 * The Internet checksum (RFC 1071) over captured bytes and pseudo-headers,
 * and what can be said of it.
 */
#ifndef DECODERS_CHECKSUM_H
#define DECODERS_CHECKSUM_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "decoders/addr.h"
#include "decoders/cursor.h"

enum checksum_verdict {
	CHECKSUM_UNVERIFIED, /* not all of it was captured, or it is part of a datagram */
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_ABSENT, /* sent as zero where that means none */
	CHECKSUM_VERDICTS
};

/* "unverified", "good", "bad", "absent" */
const char *checksum_name(enum checksum_verdict verdict);

/* Adds the carries back in until 16 bits are left (RFC 1071 4.1). */
static inline uint16_t
checksum_fold(uint64_t sum)
{
	uint32_t half = (uint32_t)(sum >> 32), word = (uint32_t)sum + half;

	word += word < half;
	word = (word >> 16) + (word & 0xffff);
	return (uint16_t)(word + (word >> 16));
}

/* 16 bits of the machine's octet order in network order, or back. */
static inline uint16_t
checksum_turn(uint16_t word)
{
	uint8_t octets[2];

	memcpy(octets, &word, sizeof(octets));
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

/*
 * Whether all captured bytes of `c`, the checksum among them, add up; `initial`
 * (a pseudo-header's sum, else 0) is added. A sum is the same in any octet order,
 * but for the order of its own (RFC 1071 2 (B)).
 */
static inline bool
checksum_is_right(const struct cursor *c, uint64_t initial)
{
	uint64_t sum = cursor_sum(c);

	if (initial != 0)
		sum += checksum_turn(checksum_fold(initial));
	return checksum_fold(sum) == 0xffff;
}

/*
 * What the checksum field should hold when all captured bytes of `c` are
 * summed, the field's own value `found` (inside them) taken out, and
 * `initial` (a pseudo-header's sum, else 0) added. Host order.
 */
uint16_t checksum_expected(const struct cursor *c, uint16_t found, uint64_t initial);

/* The sum of the IPv6 pseudo-header (RFC 8200 8.1), for `initial` above. */
uint64_t checksum_pseudo6(const struct addr *source, const struct addr *destination,
    uint32_t length, uint8_t protocol);

#endif
