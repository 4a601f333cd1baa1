/*
 * Who comes often is known among any number of others who come once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/core/frequent.h"

static uint64_t
hash_of(uint64_t number)
{
	return (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void
test_alone(void **state)
{
	struct frequent frequent;
	uint32_t i;

	(void)state;
	memset(&frequent, 0, sizeof(frequent));
	for (i = 1; i <= 5; i++)
		assert_int_equal(frequent_note(&frequent, hash_of(0)), i);
	assert_int_equal(frequent_note(&frequent, hash_of(1)), 1);
}

/* A thousand times as many others do not hide it, and none of them is admitted. */
static void
test_among_others(void **state)
{
	struct frequent frequent;
	uint32_t i, count = 0, most = 0, other;

	(void)state;
	memset(&frequent, 0, sizeof(frequent));
	for (i = 1; i <= 100000; i++) {
		other = frequent_note(&frequent, hash_of(i));
		if (other > most)
			most = other;
		if (i % 1000 == 0)
			count = frequent_note(&frequent, hash_of(0));
	}
	assert_in_range(count, 60, 100);
	assert_int_equal(most, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_among_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
