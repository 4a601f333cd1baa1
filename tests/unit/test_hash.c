/*
 * The hash against SipHash's published vectors, and what hash_derive promises.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "analyzer/core/hash.h"
#include "analyzer/log.h"

/* The reference vectors: key 00 01 .. 0f, message 00 01 .. of this length. */
static const struct {
	size_t len;
	uint64_t hash;
} vectors[] = {
	{ 0, UINT64_C(0x726fdb47dd0e0e31) },
	{ 1, UINT64_C(0x74f839c593dc67fd) },
	{ 8, UINT64_C(0x93f5f5799a932462) },
	{ 15, UINT64_C(0xa129ca6149be45e5) },
};

static void
test_vectors(void **state)
{
	struct hash_key key = hash_key_fixed();
	uint8_t message[16];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)i;
	for (n = 0; n < sizeof(vectors) / sizeof(vectors[0]); n++)
		assert_true(hash_bytes(&key, message, vectors[n].len) == vectors[n].hash);
}

static void
test_random_keys_differ(void **state)
{
	struct hash_key zero, one, other;
	char err[ERR_SIZE];

	(void)state;
	memset(&zero, 0, sizeof(zero));
	one = other = zero;
	assert_int_equal(hash_key_random(&one, err), 0);
	assert_int_equal(hash_key_random(&other, err), 0);
	assert_memory_not_equal(&one, &zero, sizeof(zero));
	assert_memory_not_equal(&one, &other, sizeof(one));
	assert_true(hash_bytes(&one, "echo", 4) != hash_bytes(&other, "echo", 4));
}

/* 65536 sequence numbers over 65536 buckets: near 1 - 1/e of them are used. */
static void
test_derived_hashes_spread(void **state)
{
	static uint8_t used[65536];
	uint64_t secret = UINT64_C(0x0123456789abcdef);
	uint32_t seq, count = 0;

	(void)state;
	for (seq = 0; seq < 65536; seq++) {
		uint8_t *bucket = &used[hash_derive(secret, seq) & 0xffff];

		count += *bucket == 0;
		*bucket = 1;
	}
	assert_in_range(count, 65536 * 62 / 100, 65536 * 64 / 100);
	assert_true(hash_derive(secret, 1) != hash_derive(secret + 1, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_random_keys_differ),
		cmocka_unit_test(test_derived_hashes_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
