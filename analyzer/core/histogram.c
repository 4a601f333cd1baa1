/*
 * Log-linear histograms on a shared pool of octave chunks. A histogram's
 * chunks are a short list with the one used last in front.
 */
#include "analyzer/core/histogram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define LINEAR_BITS 10 /* durations below 2^10 ns are the first octave */
#define BUCKET_BITS 6  /* 64 buckets in an octave */

struct bucket {
	uint32_t octave;
	uint32_t place;
};

static struct bucket
bucket_of(uint64_t ns)
{
	struct bucket bucket;
	uint32_t top;

	if (ns >> LINEAR_BITS == 0) {
		bucket.octave = 0;
		bucket.place = (uint32_t)(ns >> (LINEAR_BITS - BUCKET_BITS));
		return bucket;
	}
	top = 63 - (uint32_t)__builtin_clzll(ns);
	bucket.octave = top - LINEAR_BITS + 1;
	bucket.place = (uint32_t)(ns >> (top - BUCKET_BITS)) % HISTOGRAM_BUCKETS;
	return bucket;
}

static uint64_t
bucket_middle(uint32_t octave, uint32_t place)
{
	uint32_t width_bits = LINEAR_BITS - BUCKET_BITS;
	uint64_t start = place;

	if (octave > 0) {
		width_bits += octave - 1;
		start += HISTOGRAM_BUCKETS;
	}
	return (start << width_bits) + ((uint64_t)1 << width_bits) / 2;
}

int
histogram_pool_init(struct histogram_pool *pool, uint32_t capacity, char *err)
{
	memset(pool, 0, sizeof(*pool));
	pool->capacity = capacity;
	pool->chunks = calloc(capacity, sizeof(*pool->chunks));
	if (pool->chunks == NULL && capacity > 0) {
		snprintf(err, ERR_SIZE, "histograms: no memory for %zu bytes",
		    histogram_pool_memory(pool));
		return -1;
	}
	return 0;
}

void
histogram_pool_free(struct histogram_pool *pool)
{
	free(pool->chunks);
	pool->chunks = NULL;
}

size_t
histogram_pool_memory(const struct histogram_pool *pool)
{
	return pool->capacity * sizeof(*pool->chunks);
}

/* A chunk by its number from 1; NULL for 0. */
static struct histogram_chunk *
chunk_at(const struct histogram_pool *pool, uint32_t number)
{
	if (number == 0)
		return NULL;
	return &pool->chunks[number - 1];
}

/* Puts an empty chunk in front of the histogram's list; NULL if there is none. */
static struct histogram_chunk *
chunk_take(struct histogram_pool *pool, struct histogram *histogram, uint32_t octave)
{
	struct histogram_chunk *chunk;
	uint32_t number;

	if (pool->free != 0) {
		number = pool->free;
		chunk = chunk_at(pool, number);
		pool->free = chunk->next;
	} else if (pool->fresh < pool->capacity) {
		number = ++pool->fresh;
		chunk = chunk_at(pool, number);
	} else {
		return NULL;
	}
	if (++pool->used > pool->peak)
		pool->peak = pool->used;
	memset(chunk, 0, sizeof(*chunk));
	chunk->octave = octave;
	chunk->next = histogram->head;
	histogram->head = number;
	return chunk;
}

/* The chunk of an octave, moved to the front; NULL if there is none. */
static struct histogram_chunk *
chunk_find(const struct histogram_pool *pool, struct histogram *histogram, uint32_t octave)
{
	struct histogram_chunk *chunk = chunk_at(pool, histogram->head);
	struct histogram_chunk *before = NULL;
	uint32_t number = histogram->head;

	while (chunk != NULL && chunk->octave != octave) {
		before = chunk;
		number = chunk->next;
		chunk = chunk_at(pool, number);
	}
	if (chunk != NULL && before != NULL) {
		before->next = chunk->next;
		chunk->next = histogram->head;
		histogram->head = number;
	}
	return chunk;
}

static uint64_t
add_saturating(uint64_t a, uint64_t b)
{
	uint64_t sum = a + b;

	if (sum < a)
		return UINT64_MAX;
	return sum;
}

/* Adds counts, sum and ends; not the buckets. */
static void
totals_merge(struct histogram *into, const struct histogram *from)
{
	if (from->count == 0)
		return;
	if (into->count == 0 || from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
	into->count += from->count;
	into->missing += from->missing;
	into->sum_ns = add_saturating(into->sum_ns, from->sum_ns);
}

static void
totals_record(struct histogram *histogram, uint64_t ns)
{
	if (histogram->count == 0 || ns < histogram->min_ns)
		histogram->min_ns = ns;
	if (ns > histogram->max_ns)
		histogram->max_ns = ns;
	histogram->count++;
	histogram->sum_ns = add_saturating(histogram->sum_ns, ns);
}

/* Adds to a bucket; returns what did not fit into its 32 bits. */
static uint32_t
bucket_add(uint32_t *bucket, uint32_t count)
{
	uint32_t room = UINT32_MAX - *bucket;

	if (count > room) {
		*bucket = UINT32_MAX;
		return count - room;
	}
	*bucket += count;
	return 0;
}

/* Counts samples that found no bucket. */
static void
samples_refuse(struct histogram_pool *pool, struct histogram *histogram, uint64_t count)
{
	histogram->missing += count;
	pool->refused += count;
}

bool
histogram_record(struct histogram_pool *pool, struct histogram *histogram, uint64_t ns)
{
	struct bucket bucket = bucket_of(ns);
	struct histogram_chunk *chunk = chunk_find(pool, histogram, bucket.octave);

	if (chunk == NULL)
		chunk = chunk_take(pool, histogram, bucket.octave);
	if (chunk == NULL)
		return false;
	totals_record(histogram, ns);
	samples_refuse(pool, histogram, bucket_add(&chunk->counts[bucket.place], 1));
	return true;
}

void
histogram_miss(struct histogram_pool *pool, struct histogram *histogram, uint64_t ns)
{
	totals_record(histogram, ns);
	samples_refuse(pool, histogram, 1);
}

/* Adds one chunk's buckets; returns how many samples did not fit. */
static uint64_t
chunk_merge(struct histogram_pool *pool, struct histogram *into, const struct histogram_chunk *from)
{
	struct histogram_chunk *chunk = chunk_find(pool, into, from->octave);
	uint64_t left = 0;
	uint32_t i;

	if (chunk == NULL)
		chunk = chunk_take(pool, into, from->octave);
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (chunk != NULL)
			left += bucket_add(&chunk->counts[i], from->counts[i]);
		else
			left += from->counts[i];
	}
	return left;
}

bool
histogram_merge(struct histogram_pool *pool, struct histogram *into, const struct histogram *from)
{
	const struct histogram_chunk *chunk;
	uint64_t left = 0;

	totals_merge(into, from);
	for (chunk = chunk_at(pool, from->head); chunk != NULL; chunk = chunk_at(pool, chunk->next))
		left += chunk_merge(pool, into, chunk);
	samples_refuse(pool, into, left);
	return left == 0;
}

void
histogram_release(struct histogram_pool *pool, struct histogram *histogram)
{
	while (histogram->head != 0) {
		struct histogram_chunk *chunk = chunk_at(pool, histogram->head);
		uint32_t next = chunk->next;

		chunk->next = pool->free;
		pool->free = histogram->head;
		pool->used--;
		histogram->head = next;
	}
	memset(histogram, 0, sizeof(*histogram));
}

/* The nearest rank of a quantile, from 1: the least whole number >= q * count. */
static uint64_t
rank_of(uint64_t count, uint32_t per_mille)
{
	uint64_t rank = count / 1000 * per_mille + (count % 1000 * per_mille + 999) / 1000;

	if (rank == 0)
		return 1;
	return rank;
}

static uint64_t
clamp_to_ends(const struct histogram *totals, uint64_t ns)
{
	if (ns < totals->min_ns)
		return totals->min_ns;
	if (ns > totals->max_ns)
		return totals->max_ns;
	return ns;
}

uint64_t
histogram_dense_quantile(const struct histogram_dense *dense, uint32_t per_mille)
{
	const struct histogram *totals = &dense->totals;
	uint64_t rank = rank_of(totals->count, per_mille), before = 0;
	uint32_t octave, place;

	if (rank >= totals->count)
		return totals->max_ns;
	if (rank == 1)
		return totals->min_ns;
	rank = rank_of(totals->count - totals->missing, per_mille);
	for (octave = bucket_of(totals->min_ns).octave; octave < HISTOGRAM_OCTAVES; octave++) {
		if ((dense->octaves >> octave & 1) == 0)
			continue;
		for (place = 0; place < HISTOGRAM_BUCKETS; place++) {
			before += dense->counts[octave][place];
			if (before >= rank)
				return clamp_to_ends(totals, bucket_middle(octave, place));
		}
	}
	return 0;
}

uint64_t
histogram_quantile(
    const struct histogram_pool *pool, const struct histogram *histogram, uint32_t per_mille)
{
	struct histogram_dense dense;

	memset(&dense, 0, sizeof(dense));
	histogram_dense_merge(&dense, pool, histogram);
	return histogram_dense_quantile(&dense, per_mille);
}

void
histogram_dense_reset(struct histogram_dense *dense)
{
	uint32_t octave;

	for (; dense->octaves != 0; dense->octaves &= dense->octaves - 1) {
		octave = (uint32_t)__builtin_ctzll(dense->octaves);
		memset(dense->counts[octave], 0, sizeof(dense->counts[octave]));
	}
	dense->totals = (struct histogram){ 0 };
}

uint64_t
histogram_mean(const struct histogram *histogram)
{
	if (histogram->count == 0)
		return 0;
	return histogram->sum_ns / histogram->count;
}

void
histogram_dense_merge(
    struct histogram_dense *into, const struct histogram_pool *pool, const struct histogram *from)
{
	const struct histogram_chunk *chunk;
	uint32_t i;

	totals_merge(&into->totals, from);
	for (chunk = chunk_at(pool, from->head); chunk != NULL;
	     chunk = chunk_at(pool, chunk->next)) {
		into->octaves |= UINT64_C(1) << chunk->octave;
		for (i = 0; i < HISTOGRAM_BUCKETS; i++)
			into->counts[chunk->octave][i] += chunk->counts[i];
	}
}
