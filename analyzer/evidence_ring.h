/*
 * The latest frames of ICMP, as many as fit in fixed memory, so that what came
 * before an incident can still be told once there is one.
 */
#ifndef ANALYZER_EVIDENCE_RING_H
#define ANALYZER_EVIDENCE_RING_H

#include <stddef.h>
#include <stdint.h>

#include "decoders/packet.h"

/* A frame that is held; its octets are valid until the next is added. */
struct evidence_frame {
	struct frame frame;
	const char *source; /* of the frame, borrowed */
	struct addr ends[2]; /* of its innermost datagram */
};

struct evidence_ring {
	uint8_t *bytes;
	size_t size, next;     /* where the next frame's octets go */
	struct evidence_frame *frames;
	uint32_t capacity, oldest, count, peak;
	uint64_t added;
};

/* Takes about `memory` octets. 0, or -1 and `err`. */
int evidence_ring_init(struct evidence_ring *ring, uint64_t memory, char *err);
void evidence_ring_free(struct evidence_ring *ring);

/* Holds a packet's frame, for which the oldest ones make room. */
void evidence_ring_add(struct evidence_ring *ring, const struct packet *packet,
    const char *source);

/* The `n`-th latest frame, from 0 to count - 1. */
const struct evidence_frame *evidence_ring_latest(const struct evidence_ring *ring, uint32_t n);

#endif
