/*
 * The first large TCP segment of each connection, and whether it ever gets
 * there: where none does while smaller ones do, a router drops what is too
 * large for the next link and its error does not come back (RFC 2923 2.1).
 * A fixed number of places; a connection that finds its own taken is not
 * watched.
 */
#ifndef ANALYZER_TRACK_SEGMENT_H
#define ANALYZER_TRACK_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/track/tracker.h"
#include "decoders/packet.h"

struct segment {
	uint64_t flow;      /* hash of its ends */
	uint64_t last_ns;   /* when it was sent last, capture's clock */
	uint32_t sequence;  /* of the first large one */
	uint32_t length;    /* of its datagram */
	uint32_t resent;    /* times it was sent again, far enough apart */
	bool has_arrived;   /* it, or one like it, was acknowledged */
	bool is_heard;      /* the other side answers, without acknowledging it */
	struct addr source, destination;
};

struct segments {
	struct segment *places;
	uint32_t count; /* a power of two */
	uint32_t stuck; /* sent again and neither arrived nor told */
	uint32_t enough;
	uint64_t large, apart_ns;
	uint64_t seed;  /* of the hashes */
};

int segments_init(struct segments *segments, const struct tracker_context *context, char *err);
void segments_free(struct segments *segments);

/*
 * Notes a TCP segment. Returns the one that is stuck for sure now, once, or
 * NULL.
 */
const struct segment *segments_note(struct segments *segments, const struct packet *packet,
    const struct transport *transport);

#endif
