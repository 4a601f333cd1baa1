/*
 * Community ID v1: the name of a flow that other tools give it too (Zeek,
 * Suricata, Wireshark), so that their records can be joined with ours. The
 * one file pair that knows libmd. Recent flows are remembered, not hashed again.
 */
#ifndef ANALYZER_SINK_COMMUNITY_ID_H
#define ANALYZER_SINK_COMMUNITY_ID_H

#include <stdint.h>

#include "decoders/addr.h"
#include "decoders/quote.h"

#define COMMUNITY_ID_LEN 30 /* "1:" and 28 characters of base64 */

struct community_ids;

/* All memory there will be. NULL when there is none. */
struct community_ids *community_ids_new(uint16_t seed);
void community_ids_free(struct community_ids *ids);

/*
 * The id of an ICMP message (`version` 4 or 6, of ICMP) from `source` to
 * `destination`. A request and its reply have the same; types that have no
 * counterpart are one-way, and their ends keep their order. NUL-terminated,
 * valid until the next call; NULL when an address is missing.
 */
const char *community_id_icmp(struct community_ids *ids, const struct addr *source,
    const struct addr *destination, uint8_t version, uint8_t type, uint8_t code);

/*
 * The id of the flow that a quoted datagram belongs to; NULL when too little
 * of it was quoted to tell.
 */
const char *community_id_quote(struct community_ids *ids, const struct quote *quote);

#endif
