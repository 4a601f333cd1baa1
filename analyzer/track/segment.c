/*
 * One place for a connection's direction, found by a few bits of its addresses
 * and ports. What it costs is one look for each large segment, and for the
 * others as long as something is stuck.
 */
#include "analyzer/track/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define KEEP_NS UINT64_C(60000000000) /* a connection has its place so long at least */
#define WINDOW (1U << 16) /* who is so far on has had its segments acknowledged */

int
segments_init(struct segments *segments, const struct tracker_context *context, char *err)
{
	const struct settings *settings = context->settings;

	segments->count = 1;
	while (segments->count < settings->pmtu_segments)
		segments->count *= 2;
	segments->enough = (uint32_t)settings->pmtu_resent;
	segments->large = settings->pmtu_segment_bytes;
	segments->apart_ns = settings->pmtu_apart_ns;
	segments->seed = hash_bytes(&context->key, "segments", 8);
	segments->places = calloc(segments->count, sizeof(*segments->places));
	if (segments->places != NULL)
		return 0;
	snprintf(err, ERR_SIZE, "no memory for TCP segments");
	return -1;
}

void
segments_free(struct segments *segments)
{
	free(segments->places);
}

static uint64_t
flow_of(const struct segments *segments, const struct addr *source, uint16_t source_port,
    const struct addr *destination, uint16_t destination_port)
{
	uint64_t from[2], to[2], ports;

	memcpy(from, source->bytes, sizeof(from));
	memcpy(to, destination->bytes, sizeof(to));
	ports = (uint64_t)source_port << 16 | destination_port;
	return hash_derive(segments->seed ^ ports << 16,
	    from[0] ^ from[1] ^ (to[0] ^ to[1]) << 32 ^ (to[0] ^ to[1]) >> 32);
}

static struct segment *
place_of(const struct segments *segments, uint64_t flow)
{
	return &segments->places[flow & (segments->count - 1)];
}

static bool
is_stuck(const struct segment *segment)
{
	return segment->resent > 0 && !segment->has_arrived;
}

static void
arrive(struct segments *segments, struct segment *segment)
{
	if (is_stuck(segment))
		segments->stuck--;
	segment->has_arrived = true;
}

/* The other side: it has the segment, or asks for it. */
static void
note_answer(struct segments *segments, const struct ip_header *ip,
    const struct transport *transport)
{
	uint64_t flow = flow_of(segments, &ip->destination, transport->destination_port,
	    &ip->source, transport->source_port);
	struct segment *segment = place_of(segments, flow);
	int32_t beyond = (int32_t)(transport->tcp_acknowledgment - segment->sequence);

	if (!is_stuck(segment) || segment->flow != flow)
		return;
	if (beyond > 0)
		arrive(segments, segment);
	else if (beyond == 0)
		segment->is_heard = true;
}

/* Whether the place may be given to another connection: not from packet to packet. */
static bool
is_free(const struct segment *segment, uint64_t when_ns)
{
	return segment->flow == 0 || when_ns - segment->last_ns > KEEP_NS;
}

static void
take(struct segments *segments, struct segment *segment, uint64_t flow,
    const struct packet *packet, const struct transport *transport)
{
	if (is_stuck(segment))
		segments->stuck--;
	*segment = (struct segment){
		.flow = flow,
		.source = packet->ip.source,
		.destination = packet->ip.destination,
		.sequence = transport->tcp_sequence,
		.length = packet->ip.length,
		.last_ns = packet->frame->when_ns,
	};
}

static const struct segment *
note_large(struct segments *segments, const struct packet *packet,
    const struct transport *transport)
{
	const struct ip_header *ip = &packet->ip;
	uint64_t when_ns = packet->frame->when_ns;
	uint64_t flow = flow_of(segments, &ip->source, transport->source_port, &ip->destination,
	    transport->destination_port);
	struct segment *segment = place_of(segments, flow);

	if (segment->flow != flow) {
		if (is_free(segment, when_ns))
			take(segments, segment, flow, packet, transport);
		return NULL;
	}
	if (segment->has_arrived)
		return NULL;
	if (transport->tcp_sequence - segment->sequence >= WINDOW) {
		arrive(segments, segment);
		return NULL;
	}
	if (transport->tcp_sequence != segment->sequence || when_ns < segment->last_ns ||
	    when_ns - segment->last_ns < segments->apart_ns)
		return NULL;
	segment->last_ns = when_ns;
	if (segment->resent++ == 0)
		segments->stuck++;
	if (segment->resent < segments->enough || !segment->is_heard)
		return NULL;
	arrive(segments, segment); /* enough was seen of it */
	return segment;
}

const struct segment *
segments_note(struct segments *segments, const struct packet *packet,
    const struct transport *transport)
{
	const struct ip_header *ip = &packet->ip;
	bool is_large = ip->length > segments->large && (ip->version == 6 || ip->dont_fragment);

	if ((!is_large && segments->stuck == 0) || !transport->has_tcp_flags)
		return NULL;
	if (segments->stuck > 0 && (transport->tcp_flags & TCP_ACK) != 0)
		note_answer(segments, ip, transport);
	return is_large ? note_large(segments, packet, transport) : NULL;
}
