/*
 * The cursor at its edges: the last byte, one past, both lengths, and that
 * the first failure stays. Buffers are of exact size, for the sanitizer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decoders/cursor.h"

#define LEN 12

static uint8_t *
make_bytes(uint32_t len)
{
	uint8_t *bytes = malloc(len > 0 ? len : 1);
	uint32_t i;

	assert_non_null(bytes);
	for (i = 0; i < len; i++)
		bytes[i] = (uint8_t)(0xa0 + i);
	return bytes;
}

static void
reads_in_network_order(void **state)
{
	uint8_t *bytes = make_bytes(LEN);
	struct cursor c = cursor_over(bytes, LEN, LEN);

	(void)state;
	assert_int_equal(cursor_u8(&c), 0xa0);
	assert_int_equal(cursor_u16(&c), 0xa1a2);
	assert_true(cursor_u32(&c) == 0xa3a4a5a6);
	assert_true(cursor_uint(&c, 3) == 0xa7a8a9);
	assert_int_equal(c.claimed, 2);
	assert_int_equal(cursor_u16(&c), 0xaaab);
	assert_true(cursor_done(&c));
	assert_int_equal(c.status, DECODE_OK);
	c = cursor_over(bytes, LEN, LEN);
	assert_true(cursor_u32_le(&c) == 0xa3a2a1a0);
	free(bytes);
}

/* What a read of `want` bytes says under two lengths. */
static void
tells_whose_fault(void **state)
{
	static const struct {
		uint32_t captured, claimed, want;
		enum decode_status status;
	} cases[] = {
		{ 4, 4, 4, DECODE_OK },
		{ 4, 4, 5, DECODE_MALFORMED },
		{ 4, 8, 4, DECODE_OK },
		{ 4, 8, 5, DECODE_TRUNCATED },
		{ 4, 8, 8, DECODE_TRUNCATED },
		{ 4, 8, 9, DECODE_MALFORMED },
		{ 8, 4, 5, DECODE_MALFORMED }, /* never more than is claimed */
		{ 0, 0, 0, DECODE_OK },
		{ 0, 0, 1, DECODE_MALFORMED },
		{ 0, 1, 1, DECODE_TRUNCATED },
		{ 4, 4, UINT32_MAX, DECODE_MALFORMED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t *bytes = make_bytes(cases[i].captured);
		struct cursor c = cursor_over(bytes, cases[i].captured, cases[i].claimed);
		struct cursor before = c;

		cursor_skip(&c, cases[i].want);
		assert_int_equal(c.status, cases[i].status);
		if (cases[i].status != DECODE_OK)
			assert_ptr_equal(c.next, before.next);
		else
			assert_ptr_equal(c.next, before.next + cases[i].want);
		free(bytes);
	}
}

static void
keeps_the_first_failure(void **state)
{
	uint8_t *bytes = make_bytes(3);
	struct cursor c = cursor_over(bytes, 3, 6);
	uint8_t out[4] = { 1, 2, 3, 4 };
	static const uint8_t zero[4];

	(void)state;
	assert_int_equal(cursor_u32(&c), 0);
	assert_int_equal(c.status, DECODE_TRUNCATED);
	assert_int_equal(cursor_u8(&c), 0); /* would have been there */
	assert_int_equal(cursor_uint(&c, 8), 0);
	assert_int_equal(c.status, DECODE_TRUNCATED);
	assert_false(cursor_copy(&c, out, sizeof out));
	assert_memory_equal(out, zero, sizeof zero);
	assert_int_equal(cursor_peek(&c, 0), -1);
	assert_int_equal(cursor_bits(&c, 0, 1), 0);
	assert_int_equal(c.captured, 3);
	assert_true(cursor_done(&c));
	free(bytes);
}

static void
cuts_pieces(void **state)
{
	uint8_t *bytes = make_bytes(8);
	struct cursor c = cursor_over(bytes, 8, 12), piece;

	(void)state;
	piece = cursor_cut(&c, 4);
	assert_true(cursor_whole(&piece));
	assert_int_equal(cursor_u8(&piece), 0xa0);
	cursor_skip(&piece, 4); /* the piece cannot be left */
	assert_int_equal(piece.status, DECODE_MALFORMED);
	assert_int_equal(c.status, DECODE_OK);
	piece = cursor_cut(&c, 6); /* captured in part: 4 of 6 */
	assert_int_equal(piece.captured, 4);
	assert_int_equal(piece.claimed, 6);
	assert_int_equal(c.captured, 0);
	assert_int_equal(c.claimed, 2);
	piece = cursor_cut(&c, 3); /* more than is claimed */
	assert_int_equal(piece.status, DECODE_MALFORMED);
	assert_int_equal(c.status, DECODE_MALFORMED);
	assert_int_equal(piece.captured, 0);
	free(bytes);
}

static void
limits_both_lengths(void **state)
{
	uint8_t *bytes = make_bytes(8);
	struct cursor c = cursor_over(bytes, 8, 12);

	(void)state;
	cursor_limit(&c, 20);
	assert_int_equal(c.claimed, 12);
	cursor_limit(&c, 10);
	assert_int_equal(c.claimed, 10);
	assert_int_equal(c.captured, 8);
	cursor_limit(&c, 5);
	assert_int_equal(c.captured, 5);
	assert_true(cursor_whole(&c));
	free(bytes);
}

static void
reads_bits(void **state)
{
	static const uint8_t bytes[9] = { 0x80, 0x01, 0xff, 0x0f, 0, 0, 0, 0, 0x81 };
	/* clang-format off */
	static const struct {
		uint32_t bit, bits;
		uint64_t value;
	} cases[] = {
		{ 0, 1, 1 }, { 1, 1, 0 }, { 15, 1, 1 }, { 0, 16, 0x8001 }, { 15, 9, 0x1ff },
		{ 20, 8, 0xf0 }, { 0, 64, 0x8001ff0f00000000 }, { 64, 8, 0x81 },
	};
	/* clang-format on */
	struct cursor c = cursor_over(bytes, sizeof bytes, sizeof bytes);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_true(cursor_bits(&c, cases[i].bit, cases[i].bits) == cases[i].value);
	assert_ptr_equal(c.next, bytes);
	assert_int_equal(cursor_bits(&c, 71, 2), 0);
	assert_int_equal(c.status, DECODE_MALFORMED);
}

static void
digests_differ(void **state)
{
	uint8_t *bytes = make_bytes(LEN);
	struct cursor c = cursor_over(bytes, LEN, LEN);
	struct cursor shorter = cursor_over(bytes, LEN - 1, LEN - 1);
	uint64_t digest = cursor_digest(&c, 7);

	(void)state;
	assert_true(digest == cursor_digest(&c, 7));
	assert_true(digest != cursor_digest(&c, 8));
	assert_true(digest != cursor_digest(&shorter, 7));
	bytes[LEN - 1] ^= 1;
	assert_true(digest != cursor_digest(&c, 7));
	free(bytes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_in_network_order),
		cmocka_unit_test(tells_whose_fault),
		cmocka_unit_test(keeps_the_first_failure),
		cmocka_unit_test(cuts_pieces),
		cmocka_unit_test(limits_both_lengths),
		cmocka_unit_test(reads_bits),
		cmocka_unit_test(digests_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
