/*
 * Where the extension structure of an error is found, what of it is believed,
 * and how one without a quote in front ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "decoders/extension.h"
#include "tests/wire.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define BODY_MAX 2048

enum checksum_given { SUM_GOOD, SUM_BAD, SUM_ABSENT };

struct find_case {
	const char *what;
	uint32_t length, unit; /* the attribute */
	uint32_t quote_len;    /* where the structure is */
	enum checksum_given sum;
	uint8_t object_len; /* what the object says; it has 8 octets */
	bool present;
	enum extension_placement placement;
};

/* clang-format off */
static const struct find_case find_cases[] = {
	{ "ICMPv4, compliant", 32, 4, 128, SUM_GOOD, 8, true, EXTENSION_COMPLIANT },
	{ "ICMPv4, long quote", 40, 4, 160, SUM_GOOD, 8, true, EXTENSION_COMPLIANT },
	{ "ICMPv4, no attribute", 0, 4, 128, SUM_GOOD, 8, true, EXTENSION_LEGACY_128 },
	{ "ICMPv4, unpadded length", 17, 4, 128, SUM_GOOD, 8, true,
	  EXTENSION_BAD_LENGTH_ATTRIBUTE },
	{ "ICMPv4, length in octets", 128, 4, 128, SUM_ABSENT, 8, true,
	  EXTENSION_LENGTH_IN_OCTETS },
	{ "ICMPv6, compliant", 16, 8, 128, SUM_GOOD, 8, true, EXTENSION_COMPLIANT },
	{ "ICMPv6, no attribute", 0, 8, 128, SUM_GOOD, 8, true, EXTENSION_LEGACY_128 },
	{ "ICMPv6, length above 127", 140, 8, 1120, SUM_GOOD, 8, true, EXTENSION_COMPLIANT },
	{ "compliant without checksum", 32, 4, 128, SUM_ABSENT, 8, true, EXTENSION_COMPLIANT },
	{ "compliant with a wrong checksum", 32, 4, 128, SUM_BAD, 8, true, EXTENSION_COMPLIANT },
	{ "compliant with a broken object", 32, 4, 128, SUM_ABSENT, 3, true,
	  EXTENSION_COMPLIANT },
	{ "object longer than the message", 32, 4, 128, SUM_ABSENT, 80, true,
	  EXTENSION_COMPLIANT },
	{ "no attribute, broken object", 0, 4, 128, SUM_ABSENT, 3, false, 0 },
	{ "no attribute, wrong checksum", 0, 4, 128, SUM_BAD, 8, false, 0 },
	{ "elsewhere", 20, 4, 132, SUM_GOOD, 8, false, 0 },
};
/* clang-format on */

/* A structure of one object behind `quote_len` octets. */
static void
build(struct wire *w, uint32_t quote_len, enum checksum_given sum, uint8_t object_len)
{
	uint8_t buffer[8];
	struct wire object = wire_over(buffer, sizeof(buffer));

	wire_zero(w, quote_len);
	wire_uint(&object, object_len, 2);
	wire_uint(&object, 0x0401, 2); /* RFC 8883: a pointer */
	wire_uint(&object, 40, 4);
	wire_extension(w, &object);
	if (sum == SUM_ABSENT)
		wire_put(w, quote_len + 2, 0, 2);
	else if (sum == SUM_BAD)
		wire_put(w, quote_len + 2, 0x1234, 2);
	assert_false(w->failed);
}

static void
test_find(void **state)
{
	uint8_t buffer[BODY_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(find_cases); i++) {
		const struct find_case *row = &find_cases[i];
		struct wire w = wire_over(buffer, sizeof(buffer));
		struct extension found;

		build(&w, row->quote_len, row->sum, row->object_len);
		extension_find(cursor_over(w.bytes, w.len, w.len), row->length, row->unit, &found);
		if (found.present != row->present ||
		    (found.present &&
			(found.placement != row->placement || found.quote_len != row->quote_len)))
			fail_msg("%s: present %d, %s at %u", row->what, found.present,
			    found.present ? extension_placement_name(found.placement) : "",
			    (unsigned)(found.present ? found.quote_len : 0));
	}
}

static void
test_checksums(void **state)
{
	static const enum checksum_verdict verdicts[] = {
		[SUM_GOOD] = CHECKSUM_GOOD,
		[SUM_BAD] = CHECKSUM_BAD,
		[SUM_ABSENT] = CHECKSUM_ABSENT,
	};
	uint8_t buffer[BODY_MAX];
	unsigned sum;

	(void)state;
	for (sum = SUM_GOOD; sum <= SUM_ABSENT; sum++) {
		struct wire w = wire_over(buffer, sizeof(buffer));
		struct extension found;

		build(&w, 128, (enum checksum_given)sum, 8);
		extension_find(cursor_over(w.bytes, w.len, w.len), 32, 4, &found);
		assert_int_equal(found.checksum, verdicts[sum]);
		if (sum == SUM_ABSENT)
			continue;
		extension_find(cursor_over(w.bytes, w.len - 2, w.len), 32, 4, &found);
		assert_true(found.present);
		assert_int_equal(found.checksum, CHECKSUM_UNVERIFIED);
	}
}

/* An extended echo: the structure, then octets that belong to nothing. */
static void
test_echo(void **state)
{
	uint8_t buffer[BODY_MAX];
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct extension found;
	uint32_t len;

	(void)state;
	build(&w, 0, SUM_GOOD, 8);
	len = w.len;
	extension_read(cursor_over(w.bytes, w.len, w.len), &found);
	assert_true(found.present);
	assert_int_equal(found.checksum, CHECKSUM_GOOD);
	assert_int_equal(found.objects.claimed, 8);
	assert_int_equal(found.payload.claimed, 0);
	/* data that looks like an object is told from one by the checksum */
	wire_uint(&w, 0x00080301, 4);
	wire_uint(&w, 1, 4);
	extension_read(cursor_over(w.bytes, w.len, w.len), &found);
	assert_int_equal(found.checksum, CHECKSUM_GOOD);
	assert_int_equal(found.objects.claimed, 8);
	assert_int_equal(found.payload.claimed, 8);
	/* without one, the first object is the structure unless all is objects */
	wire_put(&w, 2, 0, 2);
	extension_read(cursor_over(w.bytes, w.len, w.len), &found);
	assert_int_equal(found.checksum, CHECKSUM_ABSENT);
	assert_int_equal(found.objects.claimed, 16);
	wire_uint(&w, 7, 1);
	extension_read(cursor_over(w.bytes, w.len, w.len), &found);
	assert_int_equal(found.objects.claimed, 8);
	assert_int_equal(found.payload.claimed, 9);
	wire_put(&w, 2, 0x1234, 2);
	extension_read(cursor_over(w.bytes, w.len, w.len), &found);
	assert_int_equal(found.checksum, CHECKSUM_BAD);
	extension_read(cursor_over(w.bytes, len, w.len), &found);
	assert_int_equal(found.checksum, CHECKSUM_UNVERIFIED);
}

/* Data that is no structure is none, whatever its length. */
static void
test_no_echo(void **state)
{
	static const uint8_t data[12] = { 0x10, 0, 0, 0, 0, 8, 3, 1, 0, 0, 0, 1 };
	static const uint8_t empty[4] = { 0x20 };
	struct extension found;
	uint32_t len;

	(void)state;
	for (len = 0; len <= sizeof(data); len++) {
		extension_read(cursor_over(data, len, len), &found);
		assert_false(found.present);
	}
	extension_read(cursor_over(empty, sizeof(empty), sizeof(empty)), &found);
	assert_false(found.present);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_no_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
