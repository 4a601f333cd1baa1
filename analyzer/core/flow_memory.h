/*
 * Which flows were on the wire lately, so that an error can be held against
 * the flow that it quotes. A flow is remembered a direction at a time, in 20
 * octets of a bucket of one cache line: a tag of its keyed hash, when it was
 * last seen, its TTL, and which TCP sequence numbers it sent. A full bucket
 * gives up its oldest. Memory is taken once; no packet makes it grow.
 *
 * What nobody saw can be said only where it would have been seen: when the
 * memory has run for long enough, saw its sender send datagrams of the same
 * protocol (so neither a filter nor the place of the tap hides them), and gave
 * up nothing that might have been it. Otherwise it is not known.
 */
#ifndef ANALYZER_CORE_FLOW_MEMORY_H
#define ANALYZER_CORE_FLOW_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/core/hash.h"
#include "decoders/packet.h"
#include "decoders/transport.h"

struct flow_bucket;

struct flow_memory_config {
	uint32_t flows;   /* how many there is room for; rounded up to a power of two */
	uint64_t idle_ns; /* a flow not seen for so long is forgotten */
	uint64_t age_ns;  /* how long ago a quoted datagram may have been sent */
	struct hash_key hash_key;
};

/* What a datagram tells, while its bucket comes from memory. */
struct flow_note {
	uint64_t hash;
	uint32_t tick;
	uint32_t sequence;
	bool has_sequence;
	uint8_t ttl;
	uint8_t protocol;
	struct addr source; /* version 0: nothing is noted of the sender */
};

#define FLOW_NOTES 16 /* a power of two; memory answers within as many packets */

struct flow_memory {
	void *memory; /* as allocated; the buckets are aligned in it */
	size_t size;  /* octets of it */
	struct flow_bucket *buckets;
	uint64_t bucket_mask;
	struct hash_words secret;
	uint32_t idle, age;        /* in ticks */
	uint32_t refresh, recency; /* shifts: ticks that are one span of time */
	bool has_begun;
	uint32_t begun; /* the tick of the first note */
	struct flow_note notes[FLOW_NOTES];
	uint64_t noted; /* since none was waiting */
	uint32_t latest;           /* and of the latest */
	uint64_t added;   /* also what was idle in between */
	uint64_t evicted; /* given up before they were idle for long enough */
};

/* 0, or -1 with the reason in `err`; then nothing is held. */
int flow_memory_init(struct flow_memory *memory, const struct flow_memory_config *config,
    char *err);
void flow_memory_free(struct flow_memory *memory);

/* How many slots there are. */
uint64_t flow_memory_capacity(const struct flow_memory *memory);

/*
 * Remembers the flow of a datagram, unless `transport` tells too little to name
 * one. `packet` is its; of what carries it, the outermost ends are kept too.
 * Of ICMP, replies may be left out: they are known by their requests.
 */
void flow_memory_note(struct flow_memory *memory, const struct packet *packet,
    const struct transport *transport, uint64_t now_ns);

/* How many flows, senders and tunnels are remembered; looks at all there is room for. */
uint64_t flow_memory_count(struct flow_memory *memory);

enum flow_verdict {
	FLOW_UNKNOWN,
	FLOW_NOT_SEEN,
	FLOW_SEEN, /* in this direction or the other */
};

struct flow_recall {
	enum flow_verdict verdict;
	bool has_sequence;     /* TCP: what it sent lately, the latest and before */
	uint32_t sequence_low; /* to 64 KiB exact */
	uint32_t sequence_high;
	bool has_answer;       /* the other direction was seen too */
	uint8_t answer_ttl;    /* with this TTL or hop limit */
};

/* A datagram that somebody says was sent. */
struct flow_claim {
	const struct addr *source, *destination;
	const struct transport *transport;
	uint64_t extra_age_ns; /* it may be older than the usual by this */
};

/* What is known of the flow of `claim`. */
struct flow_recall flow_memory_recall(struct flow_memory *memory, const struct flow_claim *claim,
    uint64_t now_ns);

/* Whether a sequence number is farther than `slack` from all that the flow sent lately. */
bool flow_recall_excludes(const struct flow_recall *recall, uint32_t sequence, uint32_t slack);

#endif
