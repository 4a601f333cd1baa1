/*
 * One cache line a flow and packet: the bucket that the flow's hash names.
 */
#include "analyzer/core/flow_memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "analyzer/log.h"
#include "decoders/icmp.h"

#define CACHE_LINE 64 /* octets */
#define HUGE_PAGE ((size_t)2 << 20)
#define BUCKET_SLOTS 3
#define TICK_SHIFT 24 /* a tick is 2^24 ns, 17 ms; 32 bits of them are two years */
#define SEQUENCE_SHIFT 16 /* lows are kept in 64 KiB */

struct flow_slot {
	uint32_t tag;    /* 0: empty */
	uint32_t seen;   /* tick */
	uint32_t high;   /* highest TCP sequence number */
	uint16_t low[2]; /* lowest, by SEQUENCE_SHIFT: in the span of `seen`, and before it */
	uint8_t ttl;
	uint8_t has_sequence;
	uint8_t zero[2];
};

struct flow_bucket {
	uint32_t forgotten; /* when the latest slot given up was seen; 0: none was */
	struct flow_slot slots[BUCKET_SLOTS];
};

_Static_assert(sizeof(struct flow_bucket) == CACHE_LINE, "a bucket is a cache line");

/* What a slot speaks of. */
enum subject {
	SUBJECT_FLOW,    /* datagrams from one end to the other with one handle */
	SUBJECT_SENDER,  /* an address sends datagrams of a protocol */
	SUBJECT_CARRIER, /* one end sends the other what carries other datagrams */
};

static uint32_t
tick_of(uint64_t ns)
{
	return (uint32_t)(ns >> TICK_SHIFT);
}

/* The largest shift whose span is not longer than `ticks`. */
static uint32_t
span_shift(uint32_t ticks)
{
	uint32_t shift = 0;

	while (ticks >> (shift + 1) != 0)
		shift++;
	return shift;
}

/*
 * Buckets begin at a cache line. They are hit in no order at all, so that small
 * pages would cost a walk of the page tables each time.
 */
static void
align(struct flow_memory *memory, size_t size)
{
	uintptr_t unit = memory->size - size;
	uintptr_t past = (uintptr_t)memory->memory & (unit - 1);

	memory->buckets = (void *)((uint8_t *)memory->memory + (past == 0 ? 0 : unit - past));
#ifdef MADV_HUGEPAGE
	if (unit == HUGE_PAGE)
		(void)madvise(memory->buckets, size, MADV_HUGEPAGE);
#endif
}

int
flow_memory_init(struct flow_memory *memory, const struct flow_memory_config *config, char *err)
{
	uint64_t buckets = 1;
	size_t size;

	while (buckets * BUCKET_SLOTS < config->flows)
		buckets *= 2;
	size = buckets * sizeof(struct flow_bucket);
	*memory = (struct flow_memory){
		.bucket_mask = buckets - 1,
		.idle = tick_of(config->idle_ns) + 1,
		.age = tick_of(config->age_ns) + 1,
	};
	memory->refresh = span_shift(memory->idle / 2);
	memory->recency = span_shift(memory->age) + 1;
	hash_words_init(&memory->secret, &config->hash_key);
	memory->size = size + (size < HUGE_PAGE ? CACHE_LINE : HUGE_PAGE);
	memory->memory = calloc(1, memory->size);
	if (memory->memory == NULL) {
		snprintf(err, ERR_SIZE, "no memory for %u flows", (unsigned)config->flows);
		return -1;
	}
	align(memory, size);
	return 0;
}

void
flow_memory_free(struct flow_memory *memory)
{
	free(memory->memory);
	*memory = (struct flow_memory){ 0 };
}

uint64_t
flow_memory_capacity(const struct flow_memory *memory)
{
	return memory->memory == NULL ? 0 : (memory->bucket_mask + 1) * BUCKET_SLOTS;
}

/*
 * What tells flows between two ends apart: ports, an identifier with the type
 * that it is of, an index or a key. False when the datagram shows none.
 */
static bool
handle_of(const struct transport *transport, uint32_t *out)
{
	if (transport->has_ports)
		*out = (uint32_t)transport->source_port << 16 | transport->destination_port;
	else if (transport->has_id)
		*out = (uint32_t)transport->icmp_type << 16 | transport->id;
	else if (transport->has_spi)
		*out = transport->spi;
	else if (transport->has_key)
		*out = transport->key;
	else
		return false;
	return true;
}

/* The row of the ICMP message that `transport` is the head of. */
static const struct icmp_type *
icmp_type_of(const struct transport *transport)
{
	uint8_t version = transport->protocol == IP_PROTO_ICMPV6 ? 6 : 4;

	return icmp_lookup(version, transport->icmp_type, transport->icmp_code, UINT32_MAX);
}

/* The handle of what goes the other way; false when that cannot be known. */
static bool
answer_handle_of(const struct transport *transport, uint32_t *out)
{
	struct transport answer = *transport;

	answer.source_port = transport->destination_port;
	answer.destination_port = transport->source_port;
	if (transport->has_id)
		answer.icmp_type = icmp_type_of(transport)->counterpart;
	return (transport->has_ports || transport->has_id || transport->has_key) &&
	       handle_of(&answer, out);
}

/* Who sends what to whom; `destination` is NULL for a sender's own slot. */
struct key {
	enum subject subject;
	const struct addr *source, *destination;
	uint8_t protocol;
	uint32_t handle;
};

static uint64_t
load(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static uint64_t
hash_of(const struct flow_memory *memory, const struct key *key)
{
	static const struct addr nobody;
	const uint8_t *source = key->source->bytes;
	const uint8_t *destination =
	    key->destination != NULL ? key->destination->bytes : nobody.bytes;
	uint64_t words[HASH_WORDS_MAX] = { 0 };
	uint64_t rest;

	assert(key->source != NULL);
	rest = key->handle | (uint64_t)key->protocol << 32 | (uint64_t)key->subject << 40 |
	    (uint64_t)key->source->version << 48;
	if (key->source->version == 4) {
		words[0] = load(source) << 32 | load(destination);
		words[1] = rest;
		return hash_words(&memory->secret, words, 2);
	}
	words[0] = load(source);
	words[1] = load(source + 8);
	words[2] = load(destination);
	words[3] = load(destination + 8);
	words[4] = rest;
	return hash_words(&memory->secret, words, 6);
}

static struct flow_bucket *
bucket_of(const struct flow_memory *memory, uint64_t hash)
{
	return &memory->buckets[hash & memory->bucket_mask];
}

static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

static struct flow_slot *
find_slot(struct flow_bucket *bucket, uint32_t tag)
{
	int i;

	for (i = 0; i < BUCKET_SLOTS; i++)
		if (bucket->slots[i].tag == tag)
			return &bucket->slots[i];
	return NULL;
}

static bool
is_idle(const struct flow_memory *memory, const struct flow_slot *slot, uint32_t now)
{
	return now - slot->seen >= memory->idle;
}

/* Gives up what is in a slot, and says so unless it was over anyway. */
static void
forget(struct flow_memory *memory, struct flow_bucket *bucket, const struct flow_slot *slot,
    uint32_t now)
{
	if (is_idle(memory, slot, now))
		return;
	memory->evicted++;
	if (bucket->forgotten == 0 || now - bucket->forgotten > now - slot->seen)
		bucket->forgotten = slot->seen | (slot->seen == 0);
}

/* A slot for something new: an empty one, or the oldest's. */
static struct flow_slot *
take_slot(struct flow_memory *memory, struct flow_bucket *bucket, uint32_t now)
{
	struct flow_slot *slot = find_slot(bucket, 0);
	int i;

	if (slot != NULL)
		return slot;
	slot = &bucket->slots[0];
	for (i = 1; i < BUCKET_SLOTS; i++)
		if (now - bucket->slots[i].seen > now - slot->seen)
			slot = &bucket->slots[i];
	forget(memory, bucket, slot, now);
	return slot;
}

/* Of two lows the one further behind `high`. */
static uint16_t
lower(uint16_t a, uint16_t b, uint16_t high)
{
	return (uint16_t)(high - a) > (uint16_t)(high - b) ? a : b;
}

static void
note_sequence(struct flow_memory *memory, struct flow_slot *slot, uint32_t sequence, uint32_t now)
{
	uint32_t spans = (now >> memory->recency) - (slot->seen >> memory->recency);
	uint16_t low = (uint16_t)(sequence >> SEQUENCE_SHIFT);

	if (!slot->has_sequence) {
		slot->has_sequence = 1;
		slot->high = sequence;
		slot->low[0] = slot->low[1] = low;
		return;
	}
	if (sequence - slot->high < UINT32_MAX / 2)
		slot->high = sequence;
	if (spans == 0) {
		slot->low[0] = lower(slot->low[0], low, (uint16_t)(slot->high >> SEQUENCE_SHIFT));
		return;
	}
	slot->low[1] = spans == 1 ? slot->low[0] : low;
	slot->low[0] = low;
}

/*
 * The slot of what has that hash. What was idle begins anew, so that the counts
 * are the same whichever slots were needed for something else meanwhile.
 */
static struct flow_slot *
note_hash(struct flow_memory *memory, uint64_t hash, uint32_t now, bool *is_news)
{
	struct flow_bucket *bucket = bucket_of(memory, hash);
	struct flow_slot *slot = find_slot(bucket, tag_of(hash));

	if (slot != NULL && !is_idle(memory, slot, now)) {
		*is_news = (slot->seen ^ now) >> memory->refresh != 0;
		return slot;
	}
	if (slot == NULL)
		slot = take_slot(memory, bucket, now);
	*slot = (struct flow_slot){ .tag = tag_of(hash), .seen = now };
	memory->added++;
	*is_news = true;
	return slot;
}

/* Writes down what was waiting for its cache line. */
static void
note(struct flow_memory *memory, const struct flow_note *note)
{
	const struct key sender = { SUBJECT_SENDER, &note->source, NULL, note->protocol, 0 };
	struct flow_slot *slot;
	bool is_news;

	slot = note_hash(memory, note->hash, note->tick, &is_news);
	if (note->has_sequence)
		note_sequence(memory, slot, note->sequence, note->tick);
	slot->seen = note->tick;
	slot->ttl = note->ttl;
	if (is_news && sender.source->version != 0)
		note_hash(memory, hash_of(memory, &sender), note->tick, &is_news)->seen = note->tick;
}

/* Where the next note is put down; what waited there longest is written. */
static struct flow_note *
next_note(struct flow_memory *memory, uint64_t hash, uint32_t now)
{
	struct flow_note *waiting = &memory->notes[memory->noted % FLOW_NOTES];

	if (memory->noted++ >= FLOW_NOTES)
		note(memory, waiting);
	__builtin_prefetch(bucket_of(memory, hash), 1);
	waiting->hash = hash;
	waiting->tick = memory->latest = now;
	return waiting;
}

/* Behind this nothing waits. */
static void
settle(struct flow_memory *memory)
{
	uint64_t i;

	for (i = memory->noted > FLOW_NOTES ? memory->noted - FLOW_NOTES : 0; i < memory->noted; i++)
		note(memory, &memory->notes[i % FLOW_NOTES]);
	memory->noted = 0;
}

uint64_t
flow_memory_count(struct flow_memory *memory)
{
	const struct flow_slot *slot;
	uint64_t count = 0, i;

	settle(memory);
	for (i = 0; i < flow_memory_capacity(memory); i++) {
		slot = &memory->buckets[i / BUCKET_SLOTS].slots[i % BUCKET_SLOTS];
		count += slot->tag != 0 && !is_idle(memory, slot, memory->latest);
	}
	return count;
}

/* What carries a datagram may be quoted too, and is no flow of ours. */
static void
note_carrier(struct flow_memory *memory, const struct packet_ends *ends, uint32_t now)
{
	const struct key key = { SUBJECT_CARRIER, &ends->source, &ends->destination, 0, 0 };
	struct flow_note *note = next_note(memory, hash_of(memory, &key), now);

	note->has_sequence = false;
	note->source.version = 0;
}

void
flow_memory_note(struct flow_memory *memory, const struct packet *packet,
    const struct transport *transport, uint64_t now_ns)
{
	struct key key = { SUBJECT_FLOW, &packet->ip.source, &packet->ip.final_destination,
		transport->protocol, 0 };
	uint32_t now = tick_of(now_ns);
	struct flow_note *note;

	if (!handle_of(transport, &key.handle))
		return;
	if (!memory->has_begun) {
		memory->has_begun = true;
		memory->begun = now;
	}
	note = next_note(memory, hash_of(memory, &key), now);
	note->has_sequence = transport->has_tcp_sequence;
	note->sequence = transport->tcp_sequence;
	note->ttl = packet->ip.ttl;
	note->protocol = transport->protocol;
	note->source = packet->ip.source;
	if (packet->outer_count > 0)
		note_carrier(memory, &packet->outer[0], now);
}

/* The slot of something seen lately, or NULL; then `*is_forgotten` when it may have been. */
static const struct flow_slot *
recall_key(const struct flow_memory *memory, const struct key *key, uint32_t now,
    bool *is_forgotten)
{
	uint64_t hash = hash_of(memory, key);
	struct flow_bucket *bucket = bucket_of(memory, hash);
	const struct flow_slot *slot = find_slot(bucket, tag_of(hash));

	if (slot != NULL && !is_idle(memory, slot, now))
		return slot;
	if (bucket->forgotten != 0 && now - bucket->forgotten < memory->idle)
		*is_forgotten = true;
	return NULL;
}

/* Replies are not remembered, for their requests are. */
static bool
is_reply(const struct transport *transport)
{
	return transport->has_icmp && icmp_type_of(transport)->role == ICMP_REPLY;
}

/* Whether a flow that is in no slot would be in one if it had been there. */
static bool
would_be_known(const struct flow_memory *memory, const struct flow_claim *claim, uint32_t now)
{
	uint32_t age = memory->age + tick_of(claim->extra_age_ns);
	const struct key sender = { SUBJECT_SENDER, claim->source, NULL,
		claim->transport->protocol, 0 };
	const struct key carriers[] = {
		{ SUBJECT_CARRIER, claim->source, claim->destination, 0, 0 },
		{ SUBJECT_CARRIER, claim->destination, claim->source, 0, 0 },
	};
	bool is_forgotten = false;
	size_t i;

	if (is_reply(claim->transport) || !memory->has_begun || now - memory->begun < age ||
	    recall_key(memory, &sender, now, &is_forgotten) == NULL)
		return false;
	for (i = 0; i < 2; i++)
		if (recall_key(memory, &carriers[i], now, &is_forgotten) != NULL)
			return false;
	return !is_forgotten;
}

static void
take_sequences(const struct flow_slot *slot, struct flow_recall *out)
{
	uint16_t high = (uint16_t)(slot->high >> SEQUENCE_SHIFT);

	out->has_sequence = slot->has_sequence != 0;
	out->sequence_high = slot->high;
	out->sequence_low = (uint32_t)lower(slot->low[0], slot->low[1], high) << SEQUENCE_SHIFT;
}

struct flow_recall
flow_memory_recall(struct flow_memory *memory, const struct flow_claim *claim, uint64_t now_ns)
{
	const struct transport *transport = claim->transport;
	struct key key = { SUBJECT_FLOW, claim->source, claim->destination,
		transport->protocol, 0 };
	struct key answer = { SUBJECT_FLOW, claim->destination, claim->source,
		transport->protocol, 0 };
	struct flow_recall recall = { .verdict = FLOW_UNKNOWN };
	uint32_t now = tick_of(now_ns);
	const struct flow_slot *slot;
	bool is_forgotten = false;

	if (memory->buckets == NULL || !handle_of(transport, &key.handle))
		return recall;
	settle(memory);
	slot = recall_key(memory, &key, now, &is_forgotten);
	if (slot != NULL) {
		recall.verdict = FLOW_SEEN;
		take_sequences(slot, &recall);
	}
	if (answer_handle_of(transport, &answer.handle))
		slot = recall_key(memory, &answer, now, &is_forgotten);
	else
		slot = NULL;
	if (slot != NULL) {
		recall.verdict = FLOW_SEEN;
		recall.has_answer = true;
		recall.answer_ttl = slot->ttl;
	}
	if (recall.verdict != FLOW_SEEN && !is_forgotten && would_be_known(memory, claim, now))
		recall.verdict = FLOW_NOT_SEEN;
	return recall;
}

bool
flow_recall_excludes(const struct flow_recall *recall, uint32_t sequence, uint32_t slack)
{
	uint32_t behind = recall->sequence_high - recall->sequence_low;

	if (!recall->has_sequence)
		return false;
	if (sequence - recall->sequence_high < UINT32_MAX / 2)
		return sequence - recall->sequence_high > slack;
	return recall->sequence_high - sequence > behind && recall->sequence_low - sequence > slack;
}
