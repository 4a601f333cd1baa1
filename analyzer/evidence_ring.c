/*
 * Octets of frames lie one behind the other, and begin again at the start where
 * the rest of the memory is too short for one.
 */
#include "analyzer/evidence_ring.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define FRAME_USUAL 256 /* octets of a frame and what is known of it, about */

int
evidence_ring_init(struct evidence_ring *ring, uint64_t memory, char *err)
{
	memset(ring, 0, sizeof(*ring));
	ring->capacity = (uint32_t)(memory / FRAME_USUAL);
	ring->size = (size_t)memory - ring->capacity * sizeof(*ring->frames);
	ring->bytes = malloc(ring->size);
	ring->frames = calloc(ring->capacity, sizeof(*ring->frames));
	if (ring->bytes != NULL && ring->frames != NULL)
		return 0;
	evidence_ring_free(ring);
	snprintf(err, ERR_SIZE, "no memory for evidence");
	return -1;
}

void
evidence_ring_free(struct evidence_ring *ring)
{
	free(ring->bytes);
	free(ring->frames);
	ring->bytes = NULL;
	ring->frames = NULL;
}

static void
drop_oldest(struct evidence_ring *ring)
{
	assert(ring->count > 0 && ring->capacity > 0);
	ring->oldest = (ring->oldest + 1) % ring->capacity;
	ring->count--;
}

/* Where the oldest frame's octets begin; past all when there is none. */
static size_t
oldest_place(const struct evidence_ring *ring)
{
	if (ring->count == 0)
		return SIZE_MAX;
	return (size_t)(ring->frames[ring->oldest].frame.bytes - ring->bytes);
}

/* Makes room for `len` octets in one piece. */
static uint8_t *
make_room(struct evidence_ring *ring, size_t len)
{
	uint8_t *place;

	if (ring->next + len > ring->size) {
		while (ring->count > 0 && oldest_place(ring) >= ring->next)
			drop_oldest(ring);
		ring->next = 0;
	}
	while (ring->count == ring->capacity || (ring->count > 0 &&
	    oldest_place(ring) >= ring->next && oldest_place(ring) < ring->next + len))
		drop_oldest(ring);
	place = ring->bytes + ring->next;
	ring->next += len;
	return place;
}

void
evidence_ring_add(struct evidence_ring *ring, const struct packet *packet, const char *source)
{
	const struct frame *frame = packet->frame;
	struct evidence_frame *held;
	uint8_t *place;

	if (frame->captured > ring->size)
		return;
	place = make_room(ring, frame->captured);
	if (frame->captured > 0)
		memcpy(place, frame->bytes, frame->captured);
	held = &ring->frames[(ring->oldest + ring->count++) % ring->capacity];
	ring->added++;
	if (ring->count > ring->peak)
		ring->peak = ring->count;
	held->frame = *frame;
	held->frame.bytes = place;
	held->source = source;
	held->ends[0] = packet->ip.source;
	held->ends[1] = packet->ip.destination;
}

const struct evidence_frame *
evidence_ring_latest(const struct evidence_ring *ring, uint32_t n)
{
	return &ring->frames[(ring->oldest + ring->count - 1 - n) % ring->capacity];
}
