/*
 * 6LoWPAN: IPv6 over IEEE 802.15.4 (RFC 4944), its header compression (RFC
 * 6282) and routing headers (RFC 8138). A compressed datagram is rebuilt in
 * packet->scratch. Prefixes from a context, which no frame has, are zero.
 */
#ifndef DECODERS_LOWPAN_H
#define DECODERS_LOWPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/link.h"

#define LOWPAN_ID_LEN 8
#define LOWPAN_UNIVERSAL 0x02 /* the bit of EUI-64 that identifiers invert */

/* The row behind the MAC header, which has set packet->lowpan. */
extern const struct header_type lowpan;

/* The reader over Ethernet (RFC 7973), whose addresses it takes. */
struct step lowpan_ethernet(struct packet *packet, struct cursor *c);

/* The identifier of a short address (RFC 6282 3.2.2). */
void lowpan_short_id(uint16_t address, uint8_t out[LOWPAN_ID_LEN]);

/*
 * Whether an address of packet->ip may lack its prefix, which a context gave:
 * then no checksum over it can be verified.
 */
bool lowpan_lacks_prefix(const struct packet *packet);

#endif
