/*
 * Histograms against the exact quantiles of sorted samples; merging against a
 * single pass; what happens when the pool is empty.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "analyzer/core/hash.h"
#include "analyzer/core/histogram.h"
#include "analyzer/log.h"

#define SAMPLES 5000
#define SHARDS 7

static const uint32_t per_mille[] = { 0, 1, 10, 250, 500, 501, 900, 950, 990, 999, 1000 };

#define QUANTILES (sizeof(per_mille) / sizeof(per_mille[0]))

/* Shapes of round-trip times, the n-th from a random number. */
static uint64_t
draw_lan(uint64_t random)
{
	return 150000 + random % 100000;
}

static uint64_t
draw_tiny(uint64_t random)
{
	return random % 1100;
}

static uint64_t
draw_two_paths(uint64_t random)
{
	if (random % 10 == 0)
		return 80000000 + random / 16 % 3000000;
	return 12000000 + random / 16 % 500000;
}

static uint64_t
draw_any_octave(uint64_t random)
{
	return (random | (uint64_t)1 << 63) >> random % 64;
}

static uint64_t
draw_constant(uint64_t random)
{
	(void)random;
	return 123456789;
}

static uint64_t (*const draws[])(uint64_t) = {
	draw_lan,
	draw_tiny,
	draw_two_paths,
	draw_any_octave,
	draw_constant,
};

#define DRAWS (sizeof(draws) / sizeof(draws[0]))

static struct histogram_pool pool;

static int
setup(void **state)
{
	char err[ERR_SIZE];

	(void)state;
	return histogram_pool_init(&pool, 1000, err);
}

static int
teardown(void **state)
{
	(void)state;
	histogram_pool_free(&pool);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t
exact_quantile(const uint64_t *sorted, uint64_t count, uint32_t q)
{
	uint64_t rank = (count * q + 999) / 1000;

	if (rank == 0)
		rank = 1;
	return sorted[rank - 1];
}

static void
assert_close(uint64_t value, uint64_t exact)
{
	uint64_t error = value > exact ? value - exact : exact - value;

	assert_true(error <= 8 || error <= exact / 128);
}

static void
test_quantiles_of_shapes(void **state)
{
	static uint64_t samples[SAMPLES];
	size_t shape, q;
	uint32_t n;

	(void)state;
	for (shape = 0; shape < DRAWS; shape++) {
		struct histogram histogram = { 0 };

		for (n = 0; n < SAMPLES; n++) {
			samples[n] = draws[shape](hash_derive(shape, n));
			assert_true(histogram_record(&pool, &histogram, samples[n]));
		}
		qsort(samples, SAMPLES, sizeof(samples[0]), compare);
		for (q = 0; q < QUANTILES; q++)
			assert_close(histogram_quantile(&pool, &histogram, per_mille[q]),
			    exact_quantile(samples, SAMPLES, per_mille[q]));
		assert_true(histogram.min_ns == samples[0]);
		assert_true(histogram.max_ns == samples[SAMPLES - 1]);
		assert_int_equal(histogram.count, SAMPLES);
		assert_int_equal(histogram.missing, 0);
		histogram_release(&pool, &histogram);
		assert_int_equal(pool.used, 0);
	}
}

static void
test_every_octave_edge(void **state)
{
	uint32_t bits;
	int step;

	(void)state;
	for (bits = 0; bits < 64; bits++) {
		for (step = -1; step <= 1; step++) {
			uint64_t ns = ((uint64_t)1 << bits) + (uint64_t)step;
			struct histogram histogram = { 0 };

			/* three different samples: the middle one is from its bucket */
			assert_true(histogram_record(&pool, &histogram, 0));
			assert_true(histogram_record(&pool, &histogram, ns));
			assert_true(histogram_record(&pool, &histogram, UINT64_MAX));
			assert_close(histogram_quantile(&pool, &histogram, 500), ns);
			histogram_release(&pool, &histogram);
		}
	}
}

static void
test_few_samples_are_exact(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	assert_int_equal(histogram_quantile(&pool, &histogram, 500), 0);
	assert_int_equal(histogram_mean(&histogram), 0);
	histogram_record(&pool, &histogram, 1234567);
	assert_int_equal(histogram_quantile(&pool, &histogram, 0), 1234567);
	assert_int_equal(histogram_quantile(&pool, &histogram, 500), 1234567);
	assert_int_equal(histogram_quantile(&pool, &histogram, 999), 1234567);
	histogram_record(&pool, &histogram, 7654321);
	assert_int_equal(histogram_quantile(&pool, &histogram, 500), 1234567);
	assert_int_equal(histogram_quantile(&pool, &histogram, 501), 7654321);
	assert_int_equal(histogram_quantile(&pool, &histogram, 950), 7654321);
	assert_int_equal(histogram_mean(&histogram), (1234567 + 7654321) / 2);
	histogram_release(&pool, &histogram);
}

static void
test_sum_stays_at_its_maximum(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	histogram_record(&pool, &histogram, UINT64_MAX);
	histogram_record(&pool, &histogram, 1);
	assert_true(histogram.sum_ns == UINT64_MAX);
	histogram_release(&pool, &histogram);
}

static void
assert_same(const struct histogram *a, const struct histogram *b)
{
	static struct histogram_dense left, right;

	memset(&left, 0, sizeof(left));
	memset(&right, 0, sizeof(right));
	histogram_dense_merge(&left, &pool, a);
	histogram_dense_merge(&right, &pool, b);
	assert_memory_equal(&left, &right, sizeof(left));
}

/* Random shards, merged forwards and backwards, equal one pass bit for bit. */
static void
test_merging_shards(void **state)
{
	size_t shape;
	uint32_t n, i;

	(void)state;
	for (shape = 0; shape < DRAWS; shape++) {
		struct histogram whole = { 0 }, forwards = { 0 }, backwards = { 0 };
		struct histogram shards[SHARDS];

		memset(shards, 0, sizeof(shards));
		for (n = 0; n < SAMPLES; n++) {
			uint64_t random = hash_derive(shape, n);
			uint64_t ns = draws[shape](random);

			histogram_record(&pool, &whole, ns);
			histogram_record(&pool, &shards[(random >> 20) % (SHARDS - 1)], ns);
		}
		assert_int_equal(shards[SHARDS - 1].count, 0); /* one stays empty */
		for (i = 0; i < SHARDS; i++) {
			assert_true(histogram_merge(&pool, &forwards, &shards[i]));
			assert_true(histogram_merge(&pool, &backwards, &shards[SHARDS - 1 - i]));
		}
		assert_same(&forwards, &whole);
		assert_same(&backwards, &whole);
		for (i = 0; i < SHARDS; i++)
			histogram_release(&pool, &shards[i]);
		histogram_release(&pool, &forwards);
		histogram_release(&pool, &backwards);
		histogram_release(&pool, &whole);
	}
	assert_int_equal(pool.used, 0);
	assert_int_equal(pool.refused, 0);
}

static void
test_dense_equals_sparse(void **state)
{
	static struct histogram_dense dense;
	struct histogram whole = { 0 };
	uint32_t n;
	size_t q;

	(void)state;
	memset(&dense, 0, sizeof(dense));
	for (n = 0; n < SAMPLES; n++)
		histogram_record(&pool, &whole, draw_two_paths(hash_derive(3, n)));
	histogram_dense_merge(&dense, &pool, &whole);
	for (q = 0; q < QUANTILES; q++)
		assert_int_equal(histogram_dense_quantile(&dense, per_mille[q]),
		    histogram_quantile(&pool, &whole, per_mille[q]));
	histogram_release(&pool, &whole);
}

static void
test_empty_pool(void **state)
{
	struct histogram one = { 0 }, other = { 0 };
	struct histogram_pool small;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(histogram_pool_init(&small, 2, err), 0);
	assert_true(histogram_record(&small, &one, 3000));
	assert_true(histogram_record(&small, &one, 5000));
	assert_false(histogram_record(&small, &other, 3000));
	assert_int_equal(other.count, 0); /* refusal changes nothing */
	assert_int_equal(small.refused, 0);
	histogram_miss(&small, &other, 3000);
	histogram_miss(&small, &other, 1000);
	histogram_miss(&small, &other, 2000);
	assert_int_equal(other.count, 3);
	assert_int_equal(other.missing, 3);
	assert_int_equal(small.refused, 3);
	assert_int_equal(other.min_ns, 1000);
	assert_int_equal(other.max_ns, 3000);
	assert_int_equal(other.sum_ns, 6000);
	assert_int_equal(histogram_quantile(&small, &other, 500), 0); /* cannot tell */
	assert_false(histogram_merge(&small, &other, &one));
	assert_int_equal(other.count, 5);
	assert_int_equal(other.missing, 5);
	assert_int_equal(small.refused, 5);
	histogram_release(&small, &one);
	assert_true(histogram_record(&small, &other, 3000));
	assert_int_equal(small.used, 1);
	assert_int_equal(small.peak, 2);
	assert_int_equal(histogram_quantile(&small, &other, 500), 2992); /* of 2976 to 3008 */
	histogram_pool_free(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantiles_of_shapes),
		cmocka_unit_test(test_every_octave_edge),
		cmocka_unit_test(test_few_samples_are_exact),
		cmocka_unit_test(test_sum_stays_at_its_maximum),
		cmocka_unit_test(test_merging_shards),
		cmocka_unit_test(test_dense_equals_sparse),
		cmocka_unit_test(test_empty_pool),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
