/*
 * The Internet checksum (RFC 1071) over captured bytes and pseudo-headers,
 * and what can be said of it.
 */
#ifndef DECODERS_CHECKSUM_H
#define DECODERS_CHECKSUM_H

#include <stdint.h>

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
