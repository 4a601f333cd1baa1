/*
 * Durations in ns, counted in log-linear buckets: 64 buckets of 16 ns below
 * 2^10, then 64 equal ones in each octave (power of two), so a bucket's middle
 * is within 1/128 (0.8 %) of every duration in it. Histograms merge by adding
 * buckets, exactly and in any order. An octave's buckets are one chunk from a
 * pool that all histograms share and that never grows; a round-trip time needs
 * one to three. Count, sum, least and greatest are exact.
 */
#ifndef ANALYZER_CORE_HISTOGRAM_H
#define ANALYZER_CORE_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BUCKETS 64 /* in an octave */
#define HISTOGRAM_OCTAVES 55 /* the first is all below 2^10 ns; up to 2^64 */

/* Zeroed, it is empty and valid. A copy shares its chunks: keep one of the two. */
struct histogram {
	uint64_t count;
	uint64_t missing; /* of `count`, those in no bucket: the pool was empty */
	uint64_t sum_ns;  /* stays at its maximum rather than overflow */
	uint64_t min_ns;
	uint64_t max_ns;
	uint32_t head; /* chunk used last, numbered from 1; 0 for none */
};

struct histogram_chunk {
	uint32_t next; /* of the same histogram, or of the free list */
	uint32_t octave;
	uint32_t counts[HISTOGRAM_BUCKETS];
};

struct histogram_pool {
	struct histogram_chunk *chunks;
	uint32_t capacity;
	uint32_t fresh; /* chunks from here on were never used */
	uint32_t free;  /* used before; numbered from 1 */
	uint32_t used;  /* now, and the most ever */
	uint32_t peak;
	uint64_t refused; /* samples counted without a bucket */
};

/* One histogram over all octaves, without a pool: for sums over many others. */
struct histogram_dense {
	struct histogram totals; /* has no chunks */
	uint64_t octaves;        /* a bit for each that has counts */
	uint64_t counts[HISTOGRAM_OCTAVES][HISTOGRAM_BUCKETS];
};

/* Takes the memory of `capacity` chunks. Returns 0, or -1 with `err` filled. */
int histogram_pool_init(struct histogram_pool *pool, uint32_t capacity, char *err);
void histogram_pool_free(struct histogram_pool *pool);
size_t histogram_pool_memory(const struct histogram_pool *pool);

/*
 * Counts one duration. Returns false, with nothing changed, when that takes a
 * chunk and the pool has none: then the caller frees another histogram's and
 * tries again, or settles for histogram_miss.
 */
bool histogram_record(struct histogram_pool *pool, struct histogram *histogram, uint64_t ns);

/* Counts one duration in the totals only; the quantiles will lack it. */
void histogram_miss(struct histogram_pool *pool, struct histogram *histogram, uint64_t ns);

/*
 * Adds all of `from` (of the same pool, unchanged) to `into`. Returns false if
 * the pool ran out; the samples concerned are counted as missing.
 */
bool
histogram_merge(struct histogram_pool *pool, struct histogram *into, const struct histogram *from);

/* Empties the histogram and gives its chunks back. */
void histogram_release(struct histogram_pool *pool, struct histogram *histogram);

/*
 * The nearest-rank quantile in ns: the least duration that `per_mille` of 1000
 * samples do not exceed (500 is the median, the lower one of an even count).
 * Exact for the first and last rank, so with one or two samples; else the
 * middle of the bucket, within [min_ns, max_ns]. 0 when no bucket can tell.
 */
uint64_t histogram_quantile(
    const struct histogram_pool *pool, const struct histogram *histogram, uint32_t per_mille);

/* The average in ns, rounded down; 0 of nothing. */
uint64_t histogram_mean(const struct histogram *histogram);

/* Empties it, as zeroing would, in the time that what is in it takes. */
void histogram_dense_reset(struct histogram_dense *dense);

/* Adds all of `from` to `into`, which starts zeroed. Never runs out. */
void histogram_dense_merge(
    struct histogram_dense *into, const struct histogram_pool *pool, const struct histogram *from);

/* As histogram_quantile. */
uint64_t histogram_dense_quantile(const struct histogram_dense *dense, uint32_t per_mille);

#endif
