/* The Internet checksum against RFC 1071's example, a plain sum, and zero's two forms. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decoders/checksum.h"

static uint16_t
expected(const uint8_t *bytes, uint32_t len, uint16_t found, uint64_t initial)
{
	struct cursor c = cursor_over(bytes, len, len);

	return checksum_expected(&c, found, initial);
}

/* Word by word, as RFC 1071 4.1 has it. */
static uint16_t
plain(const uint8_t *bytes, uint32_t len)
{
	uint32_t sum = 0, i;

	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
matches_rfc1071(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	(void)state;
	assert_int_equal(expected(bytes, sizeof bytes, 0, 0), (uint16_t)~0xddf2);
}

/* Every length and alignment, on buffers of exactly that size. */
static void
matches_the_plain_sum(void **state)
{
	uint32_t seed = 1, len, i;
	uint8_t *bytes;

	(void)state;
	for (len = 1; len < 200; len++) {
		bytes = malloc(len);
		assert_non_null(bytes);
		for (i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (uint8_t)(seed >> 16 | (len % 3 == 0 ? 0xff : 0));
		}
		assert_int_equal(expected(bytes, len, 0, 0), plain(bytes, len));
		free(bytes);
	}
}

/* An echo request: its own field does not count. */
static void
takes_the_field_out(void **state)
{
	uint8_t bytes[] = { 8, 0, 0, 0, 0x12, 0x34, 0, 1, 'a', 'b', 'c' };
	uint16_t right = plain(bytes, sizeof bytes);

	(void)state;
	bytes[2] = (uint8_t)(right >> 8);
	bytes[3] = (uint8_t)right;
	assert_int_equal(expected(bytes, sizeof bytes, right, 0), right);
	bytes[2] ^= 0x40;
	assert_int_equal(expected(bytes, sizeof bytes, right ^ 0x4000, 0), right);
	bytes[2] = bytes[3] = 0;
	assert_int_equal(expected(bytes, sizeof bytes, 0, 0), right);
}

static void
accepts_both_zeros(void **state)
{
	static const uint8_t zero[] = { 0x08, 0x00, 0x00, 0x00, 0xf7, 0xff };
	static const uint8_t ones[] = { 0x08, 0x00, 0xff, 0xff, 0xf7, 0xff };
	static const uint8_t nothing[8];

	(void)state;
	assert_int_equal(expected(zero, sizeof zero, 0x0000, 0), 0x0000);
	assert_int_equal(expected(ones, sizeof ones, 0xffff, 0), 0xffff);
	/* All zero sums to zero, so its checksum is ones and never zero. */
	assert_int_equal(expected(nothing, sizeof nothing, 0, 0), 0xffff);
}

static void
adds_the_pseudo_header(void **state)
{
	/* Source, destination, length 8, protocol 58 (RFC 8200 8.1), then an echo. */
	/* clang-format off */
	static const uint8_t whole[] = {
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb,
		0, 0, 0, 8, 0, 0, 0, 58,
		128, 0, 0, 0, 0xbe, 0xef, 0, 1,
	};
	/* clang-format on */
	struct cursor c = cursor_over(whole, sizeof whole, sizeof whole);
	struct addr source = addr_read(&c, 6), destination = addr_read(&c, 6);

	(void)state;
	assert_int_equal(expected(whole + 40, 8, 0, checksum_pseudo6(&source, &destination, 8, 58)),
	    plain(whole, sizeof whole));
}

static void
names_verdicts(void **state)
{
	(void)state;
	assert_string_equal(checksum_name(CHECKSUM_UNVERIFIED), "unverified");
	assert_string_equal(checksum_name(CHECKSUM_GOOD), "good");
	assert_string_equal(checksum_name(CHECKSUM_BAD), "bad");
	assert_string_equal(checksum_name(CHECKSUM_ABSENT), "absent");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_rfc1071),
		cmocka_unit_test(matches_the_plain_sum),
		cmocka_unit_test(takes_the_field_out),
		cmocka_unit_test(accepts_both_zeros),
		cmocka_unit_test(adds_the_pseudo_header),
		cmocka_unit_test(names_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
