/*
 * To which station of its link a host sends what goes where: its first hops, as
 * its frames show. Kept in a fixed number of places, where what is new takes the
 * place of what was there; a place costs each datagram one look.
 */
#ifndef ANALYZER_CORE_FIRST_HOP_H
#define ANALYZER_CORE_FIRST_HOP_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/packet.h"

#define FIRST_HOP_BITS 12

struct first_hop {
	uint32_t host, path; /* of hashes: the host's address, and all of it; 0: none */
	uint32_t when_ms;
	struct mac station, mac; /* that sent, and to which */
	uint16_t length, id;     /* of the latest datagram */
	uint16_t gap_ms;         /* between it and the one before, at most UINT16_MAX */
};

/* Empty when zero. */
struct first_hops {
	struct first_hop places[1 << FIRST_HOP_BITS];
};

/* Remembers where a datagram is sent to, if its frame tells. */
void first_hops_note(struct first_hops *hops, const struct packet *packet, uint64_t now_ns);

/* Where a station sends what is from `host` to `destination`, or NULL. */
const struct first_hop *first_hops_find(const struct first_hops *hops, const struct addr *host,
    const struct addr *destination, const struct mac *station);

/* What is known of a host, wherever it sends to; looks at all places. */
struct first_hop_host {
	bool is_known;     /* it was seen to send */
	bool uses_station; /* to the one asked for */
	bool is_one;       /* all from one station, */
	struct mac owner;  /* which is this */
};

struct first_hop_host first_hops_host(const struct first_hops *hops, const struct addr *host,
    const struct mac *station);

/* Nanoseconds since something was noted, to a millisecond. */
uint64_t first_hop_age_ns(const struct first_hop *hop, uint64_t now_ns);

#endif
