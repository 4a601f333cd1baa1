/*
 * Reassembly's rules: what is a fragment, which datagram it belongs to, what
 * an overlap does to it, and who gives way when memory is short. How the
 * pieces are kept is in assembly.c.
 */
#include "analyzer/core/reassembly.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define IP6_TIMEOUT_NS UINT64_C(60000000000) /* RFC 8200 4.5; IPv4's is a host's choice */

/* A datagram's key and its hash: the two tables share the hash key. */
struct lookup {
	struct assembly_key key;
	uint64_t hash;
	uint64_t now_ns;
	uint64_t when_ns; /* the frame's timestamp */
};

/* Counts one octet more than is known of a datagram whose last fragment is missing. */
static uint32_t
partial_length(const struct assembly *assembly)
{
	return assembly->total > 0 ? assembly->total : assembly->reach + 1;
}

static struct packet_head *
head_of(struct reassembly *reassembly, const struct assembly *assembly)
{
	return &reassembly->heads[table_index(&reassembly->waiting, &assembly->entry)];
}

/* Hands out the beginning of a datagram that will never be whole, once. */
static void
assembly_abandon(struct reassembly *reassembly, struct assembly *assembly)
{
	const struct block_pool *pool = &reassembly->pool;
	struct datagram datagram = {
		.anomalies = assembly->anomalies,
		.protocol = assembly->protocol,
		.ttl = assembly->ttl,
		.begun_ns = assembly->begun_ns,
		.frames = reassembly->partial_frames,
		.frame_count = assembly->frame_count,
	};
	uint32_t captured;

	if (!assembly->has_first || assembly->is_told)
		return;
	assembly->is_told = true;
	if (reassembly->config.abandon == NULL)
		return;
	captured = assembly_copy_start(pool, assembly, reassembly->partial_octets);
	assembly_copy_frames(pool, assembly, reassembly->partial_frames);
	datagram.payload = cursor_over(reassembly->partial_octets, captured,
	    partial_length(assembly));
	reassembly->config.abandon(reassembly->config.owner, head_of(reassembly, assembly),
	    &datagram);
}

/* Table callbacks: the memory of an entry is needed for another. */
static void
recycle_waiting(void *owner, struct entry *entry)
{
	struct reassembly *reassembly = owner;
	struct assembly *assembly = (struct assembly *)entry;

	if (!assembly->is_given_up)
		reassembly->counts.evicted++;
	assembly_abandon(reassembly, assembly);
	assembly_release(&reassembly->pool, assembly);
}

static void
recycle_done(void *owner, struct entry *entry)
{
	struct reassembly *reassembly = owner;

	assembly_release(&reassembly->pool, (struct assembly *)entry);
}

static int
tables_init(struct reassembly *reassembly, const struct reassembly_config *config, char *err)
{
	struct table_config waiting = {
		.name = "reassembly",
		.entry_size = sizeof(struct assembly),
		.key_size = sizeof(struct assembly_key),
		.capacity = config->datagrams,
		.idle_ns = config->timeout_ns,
		.hash_key = config->hash_key,
		.recycle = recycle_waiting,
		.owner = reassembly,
	};
	struct table_config done = waiting;

	done.name = "reassembled";
	done.idle_ns = REASSEMBLY_LINGER_NS;
	done.recycle = recycle_done;
	if (table_init(&reassembly->waiting, &waiting, err) < 0)
		return -1;
	return table_init(&reassembly->done, &done, err);
}

int
reassembly_init(struct reassembly *reassembly, const struct reassembly_config *config, char *err)
{
	memset(reassembly, 0, sizeof(*reassembly));
	reassembly->config = *config;
	if (tables_init(reassembly, config, err) < 0 ||
	    block_pool_init(&reassembly->pool, config->memory_size, err) < 0)
		goto fail;
	reassembly->heads = calloc(config->datagrams, sizeof(*reassembly->heads));
	reassembly->octets = calloc(1, ASSEMBLY_LENGTH_MAX);
	reassembly->frames = calloc(ASSEMBLY_FRAMES_MAX, sizeof(*reassembly->frames));
	reassembly->partial_octets = calloc(1, ASSEMBLY_LENGTH_MAX);
	reassembly->partial_frames = calloc(ASSEMBLY_FRAMES_MAX, sizeof(*reassembly->frames));
	if (reassembly->heads != NULL && reassembly->octets != NULL &&
	    reassembly->frames != NULL && reassembly->partial_octets != NULL &&
	    reassembly->partial_frames != NULL)
		return 0;
	snprintf(err, ERR_SIZE, "reassembly: no memory for a datagram");
fail:
	reassembly_free(reassembly);
	return -1;
}

void
reassembly_free(struct reassembly *reassembly)
{
	table_free(&reassembly->waiting);
	table_free(&reassembly->done);
	block_pool_free(&reassembly->pool);
	free(reassembly->heads);
	free(reassembly->octets);
	free(reassembly->frames);
	free(reassembly->partial_octets);
	free(reassembly->partial_frames);
	reassembly->heads = NULL;
	reassembly->octets = NULL;
	reassembly->frames = NULL;
	reassembly->partial_octets = NULL;
	reassembly->partial_frames = NULL;
}

size_t
reassembly_memory(const struct reassembly *reassembly)
{
	return table_memory(&reassembly->waiting) + table_memory(&reassembly->done) +
	       block_pool_memory(&reassembly->pool) +
	       reassembly->config.datagrams * sizeof(*reassembly->heads) +
	       2 * (ASSEMBLY_LENGTH_MAX + ASSEMBLY_FRAMES_MAX * sizeof(*reassembly->frames));
}

/* The time of a datagram is over. */
static void
assembly_time_out(struct reassembly *reassembly, struct assembly *assembly)
{
	if (!assembly->is_given_up)
		reassembly->counts.timed_out++;
	assembly_abandon(reassembly, assembly);
	assembly_release(&reassembly->pool, assembly);
}

void
reassembly_expire(struct reassembly *reassembly, uint64_t now_ns)
{
	struct entry *entry;

	while ((entry = table_expire_next(&reassembly->waiting, now_ns)) != NULL)
		assembly_time_out(reassembly, (struct assembly *)entry);
	while ((entry = table_expire_next(&reassembly->done, now_ns)) != NULL)
		assembly_release(&reassembly->pool, (struct assembly *)entry);
}

void
reassembly_finish(struct reassembly *reassembly)
{
	struct entry *entry = table_oldest(&reassembly->waiting);

	for (; entry != NULL; entry = table_newer(&reassembly->waiting, entry))
		assembly_abandon(reassembly, (struct assembly *)entry);
}

/*
 * Frees blocks until there is room for `need`: those of the oldest complete
 * datagram, else of the oldest incomplete one, but never those of `keep`. The
 * pool has room for one datagram of any kind, so this comes to an end.
 */
static void
make_room(struct reassembly *reassembly, const struct assembly *keep, uint32_t need)
{
	struct entry *entry;

	while (block_pool_room(&reassembly->pool) < need) {
		entry = table_oldest(&reassembly->done);
		if (entry != NULL) {
			recycle_done(reassembly, entry);
			table_remove(&reassembly->done, entry);
			continue;
		}
		entry = table_oldest(&reassembly->waiting);
		if (entry == &keep->entry)
			entry = table_newer(&reassembly->waiting, entry);
		assert(entry != NULL);
		recycle_waiting(reassembly, entry);
		table_remove(&reassembly->waiting, entry);
	}
}

/* The longest payload that a datagram with this header can have. */
static uint32_t
payload_limit(const struct ip_header *ip)
{
	uint32_t uncounted = 0; /* octets of headers that the length field leaves out */

	if (ip->version == 6)
		uncounted = 40 + 8; /* RFC 8200 4.5: the fragment header goes away */
	if (ip->header_length < uncounted || ip->header_length - uncounted > ASSEMBLY_LENGTH_MAX)
		return ASSEMBLY_LENGTH_MAX;
	return ASSEMBLY_LENGTH_MAX - (ip->header_length - uncounted);
}

/* Reads a packet as a fragment; returns REASSEMBLY_LOSSES, or why it is none. */
static enum reassembly_loss
fragment_read(const struct packet *packet, struct fragment *out)
{
	const struct ip_header *ip = &packet->ip;
	uint32_t length = packet->payload.claimed, limit = payload_limit(ip);

	if (ip->more_fragments && length % FRAGMENT_UNIT != 0) {
		if (ip->version == 6)
			return REASSEMBLY_BAD_LENGTH; /* RFC 8200 4.5 */
		length -= length % FRAGMENT_UNIT;     /* no offset can go on behind it */
	}
	if (length == 0 || ip->fragment_offset % FRAGMENT_UNIT != 0)
		return REASSEMBLY_BAD_LENGTH;
	if (length > limit || ip->fragment_offset > limit - length)
		return REASSEMBLY_OVERSIZED;
	out->octets = packet->payload.next;
	out->captured = packet->payload.captured;
	if (out->captured > length)
		out->captured = length;
	out->offset = ip->fragment_offset;
	out->end = out->offset + length;
	out->frame = packet->frame->number;
	out->is_last = !ip->more_fragments;
	out->protocol = ip->protocol;
	out->ttl = ip->ttl;
	return REASSEMBLY_LOSSES;
}

/* RFC 791 3.2, RFC 8200 4.5: what the fragments of a datagram share. */
static struct lookup
lookup_make(const struct reassembly *reassembly, const struct ip_header *ip, uint64_t now_ns)
{
	struct lookup lookup;

	memset(&lookup, 0, sizeof(lookup));
	memcpy(lookup.key.source, ip->source.bytes, sizeof(lookup.key.source));
	memcpy(lookup.key.destination, ip->destination.bytes, sizeof(lookup.key.destination));
	lookup.key.id = ip->id;
	lookup.key.version = ip->version;
	if (ip->version == 4)
		lookup.key.protocol = ip->protocol;
	lookup.hash = table_hash(&reassembly->waiting, &lookup.key);
	lookup.now_ns = now_ns;
	return lookup;
}

/* Whether the fragment's datagram was begun, and may be complete by now. */
static bool
is_begun(struct reassembly *reassembly, const struct packet *packet)
{
	struct lookup lookup;

	if (reassembly->waiting.count == 0 && reassembly->done.count == 0)
		return false;
	lookup = lookup_make(reassembly, &packet->ip, 0);
	return table_find_hashed(&reassembly->waiting, &lookup.key, lookup.hash) != NULL ||
	    table_find_hashed(&reassembly->done, &lookup.key, lookup.hash) != NULL;
}

/*
 * Whether the fragment repeats one of a datagram completed a moment ago, as
 * when a capture shows every frame twice. If such a datagram is there but has
 * no such fragment, then its identification is in use again: it is let go.
 */
static bool
is_late_duplicate(
    struct reassembly *reassembly, const struct lookup *lookup, const struct fragment *fragment)
{
	struct entry *entry = table_find_hashed(&reassembly->done, &lookup->key, lookup->hash);
	struct assembly *assembly = (struct assembly *)entry;

	if (entry == NULL)
		return false;
	if (assembly_overlap(&reassembly->pool, assembly, fragment) == OVERLAP_DUPLICATE)
		return true;
	assembly_release(&reassembly->pool, assembly);
	table_remove(&reassembly->done, entry);
	return false;
}

static struct assembly *
assembly_find_or_begin(struct reassembly *reassembly, const struct lookup *lookup)
{
	struct table *waiting = &reassembly->waiting;
	struct entry *entry = table_find_hashed(waiting, &lookup->key, lookup->hash);

	if (entry != NULL && lookup->key.version == 6 &&
	    lookup->now_ns - entry->seen_ns >= IP6_TIMEOUT_NS) {
		assembly_time_out(reassembly, (struct assembly *)entry);
		table_remove(waiting, entry);
		entry = NULL;
	}
	if (entry == NULL) {
		entry = table_add_hashed(waiting, &lookup->key, lookup->hash, lookup->now_ns);
		((struct assembly *)entry)->begun_ns = lookup->when_ns;
	}
	return (struct assembly *)entry;
}

/* Hands the whole datagram out, and keeps it as done with all its blocks. */
static void
assembly_finish(struct reassembly *reassembly, struct assembly *assembly,
    const struct lookup *lookup, struct datagram *out)
{
	struct block_pool *pool = &reassembly->pool;
	struct entry *entry, links;
	uint32_t captured;

	captured = assembly_copy_octets(pool, assembly, reassembly->octets);
	assembly_copy_frames(pool, assembly, reassembly->frames);
	out->payload = cursor_over(reassembly->octets, captured, assembly->total);
	out->protocol = assembly->protocol;
	out->ttl = assembly->ttl;
	out->begun_ns = assembly->begun_ns;
	out->frames = reassembly->frames;
	out->frame_count = assembly->frame_count;
	reassembly->counts.completed++;

	entry = table_add_hashed(&reassembly->done, &lookup->key, lookup->hash, lookup->now_ns);
	links = *entry;
	*(struct assembly *)entry = *assembly;
	*entry = links;
	table_remove(&reassembly->waiting, &assembly->entry);
}

static enum reassembly_verdict
fragment_drop(struct reassembly *reassembly, enum reassembly_loss loss)
{
	reassembly->counts.dropped[loss]++;
	return REASSEMBLY_DROPPED;
}

/* An overlap that is no duplicate: returns REASSEMBLY_WAITING to go on. */
static enum reassembly_verdict
overlap_judge(struct reassembly *reassembly, struct assembly *assembly, enum overlap overlap)
{
	reassembly->counts.overlaps++;
	reassembly->counts.conflicts += overlap != OVERLAP_SAME;
	anomalies_add(&assembly->anomalies, ANOMALY_OVERLAPPING_FRAGMENTS);
	if (assembly->key.version == 6) { /* RFC 5722 4 */
		assembly_abandon(reassembly, assembly);
		assembly_release(&reassembly->pool, assembly);
		assembly->is_given_up = true;
		reassembly->counts.given_up++;
		return fragment_drop(reassembly, REASSEMBLY_OVERLAP);
	}
	if (overlap == OVERLAP_MISFIT)
		return fragment_drop(reassembly, REASSEMBLY_MISFIT);
	return REASSEMBLY_WAITING;
}

/* Gives the fragment to its datagram, unless it cannot be had. */
static enum reassembly_verdict
fragment_take(struct reassembly *reassembly, struct assembly *assembly,
    const struct fragment *fragment, enum overlap *out)
{
	enum reassembly_verdict verdict = REASSEMBLY_WAITING;
	enum overlap overlap;

	if (assembly->is_given_up)
		return fragment_drop(reassembly, REASSEMBLY_GIVEN_UP);
	*out = overlap = assembly_overlap(&reassembly->pool, assembly, fragment);
	if (overlap == OVERLAP_DUPLICATE) {
		reassembly->counts.duplicates++;
		return REASSEMBLY_DUPLICATE;
	}
	if (overlap != OVERLAP_NONE)
		verdict = overlap_judge(reassembly, assembly, overlap);
	if (verdict != REASSEMBLY_WAITING)
		return verdict;
	make_room(reassembly, assembly, assembly_need(assembly, fragment));
	assembly_take(&reassembly->pool, assembly, fragment);
	if (assembly_is_whole(assembly))
		return REASSEMBLY_COMPLETE;
	return REASSEMBLY_WAITING;
}

/* A first fragment that is all that there will be of its datagram. */
static enum reassembly_verdict
fragment_part(const struct packet *packet, struct datagram *out)
{
	out->payload = cursor_over(packet->payload.next, packet->payload.captured,
	    packet->payload.claimed + 1);
	out->protocol = packet->ip.protocol;
	out->ttl = packet->ip.ttl;
	out->begun_ns = packet->begun_ns;
	return REASSEMBLY_PARTIAL;
}

/* A packet that is no fragment of any datagram. */
static enum reassembly_verdict
fragment_refuse(struct reassembly *reassembly, const struct lookup *lookup,
    const struct packet *packet, enum reassembly_loss loss, struct datagram *out)
{
	struct entry *entry;

	if (loss == REASSEMBLY_OVERSIZED) {
		anomalies_add(&out->anomalies, ANOMALY_OVERSIZED_DATAGRAM);
		entry = table_find_hashed(&reassembly->waiting, &lookup->key, lookup->hash);
		if (entry != NULL)
			anomalies_add(&((struct assembly *)entry)->anomalies,
			    ANOMALY_OVERSIZED_DATAGRAM);
	}
	(void)fragment_drop(reassembly, loss);
	if (loss == REASSEMBLY_BAD_LENGTH && packet->ip.fragment_offset == 0 &&
	    packet->payload.captured > 0)
		return fragment_part(packet, out);
	return REASSEMBLY_DROPPED;
}

/* What becomes of a fragment. */
static enum reassembly_verdict
fragment_add(struct reassembly *reassembly, const struct packet *packet, uint64_t now_ns,
    struct datagram *out)
{
	enum reassembly_verdict verdict;
	struct assembly *assembly;
	struct fragment fragment;
	struct lookup lookup;
	enum reassembly_loss loss;
	bool has_first;

	if (packet->verdict == PACKET_LATER_FRAGMENT && !is_begun(reassembly, packet))
		return REASSEMBLY_UNCLAIMED;
	reassembly->counts.fragments++;
	lookup = lookup_make(reassembly, &packet->ip, now_ns);
	lookup.when_ns = packet->frame->when_ns;
	loss = fragment_read(packet, &fragment);
	if (loss != REASSEMBLY_LOSSES)
		return fragment_refuse(reassembly, &lookup, packet, loss, out);
	if (is_late_duplicate(reassembly, &lookup, &fragment)) {
		reassembly->counts.late_duplicates++;
		out->overlap = OVERLAP_DUPLICATE;
		return REASSEMBLY_DUPLICATE;
	}
	assembly = assembly_find_or_begin(reassembly, &lookup);
	out->is_begun = assembly->reach == 0 && !assembly->is_given_up;
	out->begun_ns = assembly->begun_ns;
	anomalies_merge(&assembly->anomalies, &packet->anomalies);
	has_first = assembly->has_first;
	verdict = fragment_take(reassembly, assembly, &fragment, &out->overlap);
	if (assembly->has_first && !has_first)
		packet_head_keep(head_of(reassembly, assembly), packet);
	out->anomalies = assembly->anomalies;
	if (verdict == REASSEMBLY_COMPLETE)
		assembly_finish(reassembly, assembly, &lookup, out);
	if (verdict == REASSEMBLY_DROPPED && fragment.offset == 0 && assembly->is_given_up &&
	    !assembly->is_told) {
		assembly->is_told = true;
		return fragment_part(packet, out);
	}
	return verdict;
}

enum reassembly_verdict
reassembly_add(struct reassembly *reassembly, const struct packet *packet, uint64_t now_ns,
    struct datagram *out)
{
	memset(out, 0, sizeof(*out));
	out->payload = cursor_empty();
	out->anomalies = packet->anomalies;
	reassembly_expire(reassembly, now_ns);
	out->verdict = fragment_add(reassembly, packet, now_ns, out);
	return out->verdict;
}

const char *
reassembly_loss_name(enum reassembly_loss loss)
{
	static const char *const names[REASSEMBLY_LOSSES] = {
		[REASSEMBLY_BAD_LENGTH] = "fragment_bad_length",
		[REASSEMBLY_OVERSIZED] = "fragment_oversized",
		[REASSEMBLY_MISFIT] = "fragment_misfit",
		[REASSEMBLY_OVERLAP] = "fragment_overlap",
		[REASSEMBLY_GIVEN_UP] = "fragment_given_up",
	};

	return names[loss];
}
