/*
 * Counting different things: exact at first, then within the error of the
 * sketch; merging gives what counting together would have given.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/core/distinct.h"

/* Notes the numbers from `from` to before `to`. */
static void
add_range(struct distinct *distinct, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		distinct_add(distinct, distinct_hash(&from, sizeof(from)));
}

static void
assert_near(uint32_t count, uint32_t truth)
{
	uint32_t slack = truth / 5; /* three standard errors */

	assert_in_range(count, truth - slack, truth + slack);
}

static void
test_exact(void **state)
{
	struct distinct distinct = { .exact_count = 0 };
	uint32_t n;

	(void)state;
	for (n = 0; n <= DISTINCT_EXACT; n++) {
		assert_int_equal(distinct_count(&distinct), n);
		assert_true(distinct_add(&distinct, distinct_hash(&n, sizeof(n))));
		assert_false(distinct_add(&distinct, distinct_hash(&n, sizeof(n))));
	}
	assert_near(distinct_count(&distinct), DISTINCT_EXACT + 1);
	assert_true(distinct_count(&distinct) > DISTINCT_EXACT);
}

static void
test_estimated(void **state)
{
	static const uint32_t truths[] = { 50, 100, 254, 600, 1000, 4096, 100000, 1000000 };
	struct distinct distinct;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
		memset(&distinct, 0, sizeof(distinct));
		add_range(&distinct, 0, truths[i]);
		add_range(&distinct, 0, truths[i]);
		assert_near(distinct_count(&distinct), truths[i]);
	}
}

static void
test_merge(void **state)
{
	static const uint32_t ends[] = { 5, 20, 33, 40, 500 };
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		for (k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
			struct distinct a, b, both;

			memset(&a, 0, sizeof(a));
			memset(&b, 0, sizeof(b));
			memset(&both, 0, sizeof(both));
			add_range(&a, 0, ends[i]);
			add_range(&b, 3, 3 + ends[k]);
			add_range(&both, 0, ends[i]);
			add_range(&both, 3, 3 + ends[k]);
			distinct_merge(&a, &b);
			assert_int_equal(distinct_count(&a), distinct_count(&both));
		}
}

/* No hash may write past the registers or count backwards. */
static void
test_extreme_hashes(void **state)
{
	struct distinct distinct = { .exact_count = 0 };

	(void)state;
	assert_true(distinct_add(&distinct, 0));
	assert_true(distinct_add(&distinct, UINT64_MAX));
	assert_int_equal(distinct_count(&distinct), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_estimated),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_extreme_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
