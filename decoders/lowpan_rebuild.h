/*
 * Compressed IPv6 headers of 6LoWPAN: HC1 (RFC 4944 10), IPHC and its chain
 * of next headers (RFC 6282). They are written out in packet->scratch.
 */
#ifndef DECODERS_LOWPAN_REBUILD_H
#define DECODERS_LOWPAN_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/cursor.h"
#include "decoders/packet.h"

/*
 * Reads the datagram at `c` and leaves `c` at its IPv6 header in scratch.
 * `size` is that of the whole datagram when `c` is its first fragment, else
 * 0. Returns false when a header is compressed in a way we do not know, with
 * `verdict` set, or when the cursor has failed.
 */
bool lowpan_rebuild_iphc(
    struct packet *packet, struct cursor *c, uint32_t size, enum packet_verdict *verdict);
bool lowpan_rebuild_hc1(
    struct packet *packet, struct cursor *c, uint32_t size, enum packet_verdict *verdict);

#endif
