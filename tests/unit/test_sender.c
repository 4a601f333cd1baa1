/*
 * Senders by the shape of their payloads, at several sizes, cut by the capture,
 * and what only looks like one of them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decoders/sender.h"

#define NOW_S UINT64_C(1700000000)
#define SIZE 2048

/* How a test's payload is made. */
enum make { ZEROS, INDEX, ALPHABET, LETTERS, ABCD, AT_SIGN, NOISE };

struct example {
	const char *tool; /* NULL: nobody's */
	enum make make;
	uint32_t len, captured;
	uint32_t stamp_len; /* a timeval of so many octets at its start */
	uint64_t second;    /* in it */
	const char *text;   /* over the start */
	uint16_t id, seq;
	uint8_t code, ttl;
	enum seq_mode mode;
};

/* clang-format off */
static const struct example examples[] = {
	{ "iputils", INDEX, 56, 56, 16, NOW_S, NULL, 9, 1, 0, 64, SEQ_UNKNOWN },
	{ "iputils", INDEX, 1472, 82, 16, NOW_S - 5, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	{ "iputils", INDEX, 2000, 2000, 16, NOW_S, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	{ "iputils", LETTERS, 64, 64, 16, NOW_S, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	{ "iputils", INDEX, 8, 8, 0, 0, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	/* data where the time should be, or behind a good one */
	{ NULL, INDEX, 56, 56, 16, NOW_S * 3, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	{ NULL, NOISE, 56, 56, 16, NOW_S, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	{ NULL, NOISE, 56, 56, 0, 0, NULL, 9, 1, 0, 64, SEQ_BE_INC },
	{ "bsd", INDEX, 56, 56, 8, NOW_S, NULL, 9, 0, 0, 64, SEQ_BE_INC },
	{ "windows", ALPHABET, 32, 32, 0, 0, NULL, 1, 7, 0, 128, SEQ_BE_INC },
	{ "windows", ALPHABET, 1500, 60, 0, 0, NULL, 512, 256, 0, 128, SEQ_LE_INC },
	{ "fping", ZEROS, 56, 56, 0, 0, NULL, 9, 0, 0, 64, SEQ_SHARED_COUNTER },
	{ "mtr", ZEROS, 36, 36, 0, 0, NULL, 9, 33001, 0, 3, SEQ_FROM_33000 },
	{ "windows_tracert", ZEROS, 64, 64, 0, 0, NULL, 1, 44, 0, 3, SEQ_BE_INC },
	{ NULL, ZEROS, 64, 64, 0, 0, NULL, 77, 44, 0, 3, SEQ_BE_INC },
	{ "zmap", ZEROS, 20, 20, 0, 0, NULL, 4444, 5555, 0, 250, SEQ_UNKNOWN },
	{ NULL, ZEROS, 20, 20, 0, 0, NULL, 4444, 0, 0, 64, SEQ_UNKNOWN },
	{ "nmap", ZEROS, 120, 120, 0, 0, NULL, 4444, 295, 9, 50, SEQ_UNKNOWN },
	{ "nmap", ZEROS, 150, 150, 0, 0, NULL, 4445, 296, 0, 50, SEQ_UNKNOWN },
	{ "nmap", ZEROS, 0, 0, 0, 0, NULL, 4445, 0, 0, 41, SEQ_UNKNOWN },
	{ NULL, ZEROS, 0, 0, 0, 0, NULL, 4445, 0, 0, 64, SEQ_UNKNOWN },
	{ "hping3", ZEROS, 0, 0, 0, 0, NULL, 4445, 512, 0, 64, SEQ_LE_INC },
	{ "cisco", ABCD, 72, 72, 0, 0, "\0\0\0\0\0\x1f\xaf\x70", 3, 1, 0, 255, SEQ_BE_INC },
	{ "traceroute", AT_SIGN, 32, 32, 0, 0, NULL, 9, 1, 0, 1, SEQ_BE_INC },
	{ "busybox", ZEROS, 56, 56, 0, 0, "\xa2\x87\x79\xcd", 9, 0, 0, 64, SEQ_BE_INC },
	{ "scamper", ZEROS, 16, 16, 0, 0, "\x01\x36", 9, 0, 0, 1, SEQ_BE_INC },
	{ "hans", NOISE, 100, 100, 0, 0, "hanc", 9, 9, 0, 64, SEQ_CONST_NONZERO },
	/* the capture kept nothing of it */
	{ NULL, ALPHABET, 32, 0, 0, 0, NULL, 1, 7, 0, 128, SEQ_BE_INC },
	{ NULL, INDEX, 56, 16, 16, NOW_S, NULL, 9, 1, 0, 64, SEQ_BE_INC },
};
/* clang-format on */

static uint8_t
octet_of(enum make make, uint32_t at)
{
	switch (make) {
	case INDEX:
		return (uint8_t)at;
	case ALPHABET:
		return (uint8_t)('a' + at % 23);
	case LETTERS:
		return (uint8_t)("\xa5\x5a"[at % 2]);
	case ABCD:
		return at % 2 == 0 ? 0xab : 0xcd;
	case AT_SIGN:
		return (uint8_t)(0x40 + (at + 8) % 64);
	case NOISE:
		return (uint8_t)((at + 1) * 2654435761u >> 13);
	default:
		return 0;
	}
}

static void
put_number(uint8_t *out, uint64_t number, uint32_t octets)
{
	for (; octets > 0; octets--, number >>= 8)
		*out++ = (uint8_t)number;
}

static void
senders(void **state)
{
	uint8_t bytes[SIZE];
	const struct example *t;
	struct sender_clues clues;
	const char *tool;
	uint32_t at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		t = &examples[i];
		for (at = 0; at < t->len; at++)
			bytes[at] = octet_of(t->make, at);
		if (t->stamp_len > 0) {
			put_number(bytes, t->second, t->stamp_len / 2);
			put_number(bytes + t->stamp_len / 2, 123456, t->stamp_len / 2);
		}
		if (t->text != NULL)
			memcpy(bytes, t->text, t->make == ABCD ? 8 : strlen(t->text));
		clues = (struct sender_clues){ .payload = cursor_over(bytes, t->captured, t->len),
			.when_ns = NOW_S * 1000000000, .id = t->id, .seq = t->seq,
			.code = t->code, .ttl = t->ttl, .mode = t->mode };
		tool = sender_tool(&clues);
		if (tool == NULL || t->tool == NULL) {
			if (tool != t->tool)
				fail_msg("example %u: %s", (unsigned)i, tool);
			continue;
		}
		assert_string_equal(tool, t->tool);
	}
}

static void
sequences(void **state)
{
	static const struct {
		enum seq_mode mode;
		uint16_t numbers[6];
	} cases[] = {
		{ SEQ_BE_INC, { 1, 2, 3, 4, 5, 6 } },
		{ SEQ_BE_INC, { 65533, 65534, 65535, 0, 1, 2 } },
		{ SEQ_BE_INC, { 1, 2, 4, 3, 5, 6 } },
		{ SEQ_LE_INC, { 0, 256, 512, 768, 1024, 1280 } },
		{ SEQ_SHARED_COUNTER, { 3, 103, 203, 303, 402, 502 } },
		{ SEQ_CONST_ZERO, { 0, 0, 0, 0, 0, 0 } },
		{ SEQ_CONST_NONZERO, { 9, 9, 9, 9, 9, 9 } },
		{ SEQ_FROM_33000, { 33000, 33001, 33002, 33003, 33004, 33005 } },
		{ SEQ_RANDOM, { 51000, 7, 31000, 60000, 12345, 44444 } },
	};
	uint32_t steps[SEQ_STEPS];
	enum seq_step step;
	uint16_t last;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(steps, 0, sizeof(steps));
		assert_int_equal(seq_mode(steps, cases[i].numbers[0]), SEQ_UNKNOWN);
		last = cases[i].numbers[0];
		for (n = 1; n < 6; n++) {
			step = seq_step(last, cases[i].numbers[n]);
			if (step == SEQ_STEP_BACK)
				continue;
			steps[step]++;
			last = cases[i].numbers[n];
		}
		assert_int_equal(seq_mode(steps, cases[i].numbers[0]), cases[i].mode);
		assert_non_null(seq_mode_name(cases[i].mode));
	}
	assert_null(seq_mode_name(SEQ_UNKNOWN));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(senders),
		cmocka_unit_test(sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
