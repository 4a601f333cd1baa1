/*
 * Capture files as they are, as they were, and as they should not be: every
 * variant, every cut, the kinds of damage and how the reader gets behind them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "analyzer/reader.h"
#include "tests/capture_bytes.h"

#define FIRST_S 1700000001
#define S_NS UINT64_C(1000000000)
#define HEADER_LEN 24
#define RECORD_LEN 98
#define RECORD_AT(n) (HEADER_LEN + ((n) - 1) * (16 + RECORD_LEN)) /* from 1 */

/* All that a file gave. */
struct outcome {
	uint64_t frames, damages;
	uint64_t numbers[16]; /* of the first frames */
	struct frame last;    /* its bytes are stale */
	char problem[ERR_SIZE]; /* the first */
	struct reader_counts counts;
	uint32_t link_types[4];
	uint32_t link_type_count;
};

/* Reads a file to its end; every frame's bytes must be those of its number. */
static void
read_path(const char *path, bool is_resync, struct outcome *out)
{
	enum reader_status status;
	struct frame frame;
	struct reader r;
	char err[ERR_SIZE];
	uint32_t i;

	memset(out, 0, sizeof *out);
	assert_int_equal(reader_open(&r, path, NULL, err), 0);
	reader_set_resync(&r, is_resync);
	while ((status = reader_next(&r, &frame)) != READER_END) {
		if (status != READER_FRAME) {
			if (out->damages++ == 0)
				snprintf(out->problem, ERR_SIZE, "%s", reader_problem(&r));
			continue;
		}
		assert_true(frame.captured <= frame.length);
		for (i = 0; i < frame.captured; i++)
			assert_int_equal(frame.bytes[i], (uint8_t)frame.number);
		if (out->frames < 16)
			out->numbers[out->frames] = frame.number;
		out->frames++;
		out->last = frame;
	}
	assert_int_equal(reader_next(&r, &frame), READER_END);
	out->counts = r.counts;
	assert_int_equal(out->counts.frames, out->frames);
	assert_int_equal(out->counts.damages, out->damages);
	out->link_type_count = r.link_type_count;
	memcpy(out->link_types, r.link_types, sizeof out->link_types);
	reader_close(&r);
}

static void
read_bytes(const struct capture_bytes *bytes, bool is_resync, struct outcome *out)
{
	const char *path = capture_file(bytes->at, bytes->len);

	read_path(path, is_resync, out);
	capture_forget(path);
}

static void
overwrite_u32(struct capture_bytes *bytes, size_t at, uint32_t value)
{
	assert_true(at + 4 <= bytes->len);
	memcpy(bytes->at + at, &value, 4);
}

static void
test_variants(void **state)
{
	static const struct {
		uint32_t magic;
		uint32_t header_extra, record_extra;
		uint32_t fraction, expected_ns;
	} cases[] = {
		{ 0xa1b2c3d4, 0, 0, 999999, 999999000 },
		{ 0xa1b23c4d, 0, 0, 999999999, 999999999 },
		{ 0xa1b2cd34, 0, 8, 500001, 500001000 },
		{ 0xa1e2cb12, 0, 8, 999999998, 999999998 },
		{ 0x1c0001ab, 4, 0, 123456, 123456000 },
		{ 0x1c0001ac, 4, 0, 123456, 123456000 },
		{ 0x1c0001ac, 4, 0, 123456789, 123456789 },
	};
	struct capture_bytes b;
	struct outcome out;
	size_t i, n;

	(void)state;
	for (i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		capture_init(&b);
		b.is_swapped = i % 2 != 0;
		capture_pcap(&b, cases[i / 2].magic, 1);
		capture_fill(&b, 0, cases[i / 2].header_extra);
		for (n = 1; n <= 3; n++) {
			capture_u32(&b, FIRST_S);
			capture_u32(&b, cases[i / 2].fraction);
			capture_u32(&b, 40);
			capture_u32(&b, 60);
			capture_fill(&b, 0xee, cases[i / 2].record_extra);
			capture_fill(&b, (uint8_t)n, 40);
		}
		read_bytes(&b, false, &out);
		assert_int_equal(out.frames, 3);
		assert_int_equal(out.damages, 0);
		assert_int_equal(out.last.number, 3);
		assert_int_equal(out.last.captured, 40);
		assert_int_equal(out.last.length, 60);
		assert_int_equal(out.last.link_type, 1);
		assert_int_equal(out.last.when_ns, FIRST_S * S_NS + cases[i / 2].expected_ns);
		assert_int_equal(out.counts.odd_times, 0);
		capture_free(&b);
	}
}

/* Old files have the two lengths in the other order: always, or perhaps. */
static void
test_length_order(void **state)
{
	static const struct {
		uint16_t major, minor;
		uint32_t first, second;
		uint64_t overlong;
	} cases[] = {
		{ 2, 4, 40, 60, 0 },
		{ 2, 3, 40, 60, 0 },
		{ 2, 3, 60, 40, 0 },
		{ 2, 2, 60, 40, 0 },
		{ 543, 0, 60, 40, 0 },
	};
	struct capture_bytes b;
	struct outcome out;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		capture_init(&b);
		capture_pcap(&b, 0xa1b2c3d4, 1);
		memcpy(b.at + 4, &cases[i].major, 2);
		memcpy(b.at + 6, &cases[i].minor, 2);
		for (n = 1; n <= 3; n++) {
			capture_u32(&b, FIRST_S);
			capture_u32(&b, 0);
			capture_u32(&b, cases[i].first);
			capture_u32(&b, cases[i].second);
			capture_fill(&b, (uint8_t)n, 40);
		}
		read_bytes(&b, false, &out);
		assert_int_equal(out.frames, 3);
		assert_int_equal(out.damages, 0);
		assert_int_equal(out.last.captured, 40);
		assert_int_equal(out.last.length, 60);
		assert_int_equal(out.counts.overlong, cases[i].overlong);
		capture_free(&b);
	}
}

static void
test_link_field(void **state)
{
	static const struct {
		uint32_t field, link_type, captured;
	} cases[] = {
		{ 1, 1, 98 },
		{ 12, 101, 98 },
		{ 14, 101, 98 },
		{ 9999, 9999, 98 },
		{ 0x24000001, 1, 94 }, /* an FCS of two words */
		{ 0x20000001, 1, 98 }, /* the length without the bit that says so */
	};
	struct capture_bytes b;
	struct outcome out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		capture_init(&b);
		capture_usual(&b, 3, RECORD_LEN);
		overwrite_u32(&b, 20, cases[i].field);
		read_bytes(&b, false, &out);
		assert_int_equal(out.frames, 3);
		assert_int_equal(out.damages, 0);
		assert_int_equal(out.last.link_type, cases[i].link_type);
		assert_int_equal(out.last.captured, cases[i].captured);
		assert_int_equal(out.last.length, cases[i].captured);
		assert_int_equal(out.link_type_count, 1);
		assert_int_equal(out.link_types[0], cases[i].link_type);
		capture_free(&b);
	}
}

/*
 * One change to a usual file of ten records: 32 bits written somewhere, or
 * the file cut (`cut_to`), and what is then to be had of it.
 */
struct damage {
	const char *name;
	size_t at;
	uint32_t value;
	size_t cut_to;
	uint64_t frames, damages, resync_frames;
	const char *text;
};

#define UNCHANGED 0, 0xa1b2c3d4

static const struct damage damages[] = {
	{ "good", UNCHANGED, 0, 10, 0, 10, "" },
	{ "last payload cut", UNCHANGED, RECORD_AT(11) - 20, 10, 1, 10,
	    "truncated file: record 10 at byte 1050 claims 98 bytes, 78 are there" },
	{ "last record header cut", UNCHANGED, RECORD_AT(10) + 8, 9, 1, 9,
	    "record 10 at byte 1050: its header has 8 of 16 bytes" },
	{ "file header cut", UNCHANGED, 10, 0, 1, 0, "the file header has 10 of 24 bytes" },
	{ "magic cut", UNCHANGED, 3, 0, 1, 0, "the file header has 3 bytes" },
	{ "header only", UNCHANGED, HEADER_LEN, 0, 0, 0, "" },
	{ "huge captured length", RECORD_AT(6) + 8, 0x7fffffff, 0, 5, 1, 9,
	    "record 6 at byte 594: captured length 2147483647 is not plausible" },
	{ "captured length + 8", RECORD_AT(6) + 8, RECORD_LEN + 8, 0, 5, 1, 9,
	    "record 6 at byte 594: no record follows its captured length 106" },
	{ "captured length + 300, past the end", RECORD_AT(9) + 8, RECORD_LEN + 300, 0, 8, 1, 9,
	    "record 9 at byte 936: no record follows its captured length 398" },
	{ "captured length - 8", RECORD_AT(6) + 8, RECORD_LEN - 8, 0, 5, 1, 9,
	    "record 6 at byte 594: no record follows its captured length 90" },
	{ "first captured length + 8", RECORD_AT(1) + 8, RECORD_LEN + 8, 0, 0, 1, 9,
	    "record 1 at byte 24: no record follows" },
	{ "last captured length + 8", RECORD_AT(10) + 8, RECORD_LEN + 8, 0, 10, 1, 10,
	    "record 10 at byte 1050 claims 106 bytes, 98 are there" },
	{ "bad magic", 0, 0x12345678, 0, 0, 1, 0, "not a capture that icmpscope can read" },
	{ "version 1", 4, 1, 0, 0, 1, 0, "pcap version 1.0" },
	{ "unknown link type", 20, 9999, 0, 10, 0, 10, "" },
	{ "fraction of 5 s", RECORD_AT(6) + 4, 5000000, 0, 10, 0, 10, "" },
	{ "captured more than was sent", RECORD_AT(6) + 12, 60, 0, 10, 0, 10, "" },
	{ "time 0xffffffff", RECORD_AT(6), 0xffffffff, 0, 10, 0, 10, "" },
	{ "time 0", RECORD_AT(6), 0, 0, 10, 0, 10, "" },
	{ "first time 0", RECORD_AT(1), 0, 0, 10, 0, 10, "" },
	{ "last time 0", RECORD_AT(10), 0, 0, 10, 0, 10, "" },
	{ "captured nothing", RECORD_AT(10) + 8, 0, RECORD_AT(11) - 98, 10, 0, 10, "" },
	{ "snap length 0", 16, 0, 0, 10, 0, 10, "" },
	{ "snap length below all", 16, 10, 0, 10, 0, 10, "" },
	{ "snap length beyond all", 16, 0xffffffff, 0, 10, 0, 10, "" },
};

static void
test_damage(void **state)
{
	const struct damage *d;
	struct capture_bytes b;
	struct outcome out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		d = &damages[i];
		capture_init(&b);
		capture_usual(&b, 10, RECORD_LEN);
		overwrite_u32(&b, d->at, d->value);
		if (d->cut_to > 0)
			b.len = d->cut_to;
		read_bytes(&b, false, &out);
		if (out.frames != d->frames || out.damages != d->damages ||
		    strstr(out.problem, d->text) == NULL)
			fail_msg("%s: %" PRIu64 " frames, %" PRIu64 " damages: %s", d->name,
			    out.frames, out.damages, out.problem);
		read_bytes(&b, true, &out);
		if (out.frames != d->resync_frames || out.damages != d->damages)
			fail_msg("%s, resync: %" PRIu64 " frames, %" PRIu64 " damages", d->name,
			    out.frames, out.damages);
		capture_free(&b);
	}
}

static void
test_empty(void **state)
{
	struct capture_bytes b;
	struct outcome out;

	(void)state;
	capture_init(&b);
	read_bytes(&b, false, &out);
	assert_int_equal(out.frames, 0);
	assert_int_equal(out.damages, 1);
	assert_string_equal(out.problem, "empty file");
}

/* Oddities are put right and counted, not taken for damage. */
static void
test_oddities(void **state)
{
	struct capture_bytes b;
	struct outcome out;

	(void)state;
	capture_init(&b);
	capture_usual(&b, 10, RECORD_LEN);
	overwrite_u32(&b, RECORD_AT(10) + 4, 5000000);
	overwrite_u32(&b, RECORD_AT(10) + 12, 60);
	read_bytes(&b, false, &out);
	assert_int_equal(out.damages, 0);
	assert_int_equal(out.counts.odd_times, 1);
	assert_int_equal(out.counts.overlong, 1);
	assert_int_equal(out.last.when_ns, (FIRST_S + 9 + 5) * S_NS);
	assert_int_equal(out.last.captured, RECORD_LEN);
	assert_int_equal(out.last.length, RECORD_LEN);
	capture_free(&b);
}

/* Times at random, as in files that were merged or made up. */
static void
test_wild_times(void **state)
{
	struct capture_bytes b;
	struct outcome out;
	uint32_t n, s = 7;

	(void)state;
	capture_init(&b);
	capture_pcap(&b, 0xa1b2c3d4, 1);
	for (n = 1; n <= 1000; n++) {
		s = s * 1103515245 + 12345;
		capture_record(&b, s, n, 60, n);
	}
	read_bytes(&b, false, &out);
	assert_int_equal(out.frames, 1000);
	assert_int_equal(out.damages, 0);
	capture_free(&b);
}

/* After damage a record keeps the number it has in the undamaged file. */
static void
test_resync_numbers(void **state)
{
	static const uint64_t expected[] = { 1, 2, 3, 4, 5, 7, 8, 9, 10 };
	struct capture_bytes b;
	struct outcome out;

	(void)state;
	capture_init(&b);
	capture_usual(&b, 10, RECORD_LEN);
	overwrite_u32(&b, RECORD_AT(6) + 8, 0x7fffffff);
	read_bytes(&b, true, &out);
	assert_memory_equal(out.numbers, expected, sizeof expected);
	assert_int_equal(out.counts.skipped_bytes, 16 + RECORD_LEN);
	capture_free(&b);
}

static void
test_resync_finds_nothing(void **state)
{
	struct capture_bytes b;
	struct outcome out;

	(void)state;
	capture_init(&b);
	capture_usual(&b, 10, RECORD_LEN);
	memset(b.at + RECORD_AT(4), 0xff, b.len - RECORD_AT(4));
	read_bytes(&b, true, &out);
	assert_int_equal(out.frames, 3);
	assert_int_equal(out.damages, 1);
	assert_int_equal(out.counts.skipped_bytes, b.len - RECORD_AT(4));
	capture_free(&b);
}

/* A number of frames that a file of `len` bytes holds, whole and in part. */
struct expected {
	uint64_t whole;
	bool is_part;
	bool is_end; /* between two records */
};

/*
 * Cuts the file at every byte: what is whole is delivered, what is there of
 * a packet too, and the message tells record and byte.
 */
static void
check_cuts(const struct capture_bytes *b, size_t from, struct expected (*expect)(size_t len))
{
	const char *path = capture_file(b->at, b->len);
	struct expected expected;
	struct outcome out;
	size_t len;

	for (len = b->len; len >= from; len--) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		read_path(path, false, &out);
		expected = expect(len);
		assert_int_equal(out.frames, expected.whole + expected.is_part);
		assert_int_equal(out.counts.partial, expected.is_part);
		assert_int_equal(out.damages, !expected.is_end);
		if (expected.is_end)
			continue;
		assert_non_null(strstr(out.problem, "record "));
		assert_non_null(strstr(out.problem, "at byte "));
	}
	capture_forget(path);
}

#define CUT_COUNT 100
#define CUT_LEN 30

static struct expected
expect_pcap(size_t len)
{
	size_t record = 16 + CUT_LEN, rest = (len - HEADER_LEN) % record;
	struct expected expected = { (len - HEADER_LEN) / record, rest > 16, rest == 0 };

	return expected;
}

static void
test_cut_pcap(void **state)
{
	struct capture_bytes b;

	(void)state;
	capture_init(&b);
	capture_usual(&b, CUT_COUNT, CUT_LEN);
	check_cuts(&b, HEADER_LEN, expect_pcap);
	capture_free(&b);
}

#define PNG_HEAD_LEN (28 + 20)

static struct expected
expect_pcapng(size_t len)
{
	size_t block = 32 + CUT_LEN + 2, rest = (len - PNG_HEAD_LEN) % block;
	struct expected expected = { (len - PNG_HEAD_LEN) / block, false, rest == 0 };

	if (rest >= 28 + CUT_LEN)
		expected.whole++; /* only padding and the length are cut off */
	else
		expected.is_part = rest > 28;
	return expected;
}

static void
test_cut_pcapng(void **state)
{
	struct capture_bytes b;
	uint32_t n;

	(void)state;
	capture_init(&b);
	capture_section(&b);
	capture_interface(&b, 1, 0, NULL);
	for (n = 1; n <= CUT_COUNT; n++)
		capture_enhanced(&b, 0, n, CUT_LEN, n);
	check_cuts(&b, PNG_HEAD_LEN, expect_pcapng);
	capture_free(&b);
}

/* Records across the ends of blocks, and one that is longer than a block. */
static void
test_blocks(void **state)
{
	struct capture_bytes b;
	struct outcome out;
	uint32_t n;

	(void)state;
	capture_init(&b);
	capture_pcap(&b, 0xa1b2c3d4, 231);
	for (n = 1; n <= 5000; n++)
		capture_record(&b, FIRST_S + n / 100, n, n * 7 % 1500, n);
	capture_record(&b, FIRST_S + n / 100, n, 3000000, n);
	for (n++; n <= 6000; n++)
		capture_record(&b, FIRST_S + n / 100, n, 400, n);
	read_bytes(&b, false, &out);
	assert_int_equal(out.frames, 6000);
	assert_int_equal(out.damages, 0);
	capture_free(&b);
}

/* Through a pipe the same frames come out. */
static void
test_stdin(void **state)
{
	struct capture_bytes b;
	struct outcome out;

	(void)state;
	capture_init(&b);
	capture_usual(&b, 100, RECORD_LEN);
	overwrite_u32(&b, RECORD_AT(50) + 8, RECORD_LEN + 8);
	capture_to_stdin(b.at, b.len);
	read_path("-", true, &out);
	assert_int_equal(out.frames, 99);
	assert_int_equal(out.damages, 1);
	capture_free(&b);
}

/* Packed, the same frames; cut, all that comes out, and both are told of. */
static void
test_compressed(void **state)
{
	struct capture_bytes b, packed;
	struct outcome out;
	size_t len;

	(void)state;
	capture_init(&b);
	capture_init(&packed);
	capture_usual(&b, 10, RECORD_LEN);
	capture_fill(&packed, 0, ZSTD_compressBound(b.len));
	len = ZSTD_compress(packed.at, packed.len, b.at, b.len, 1);
	assert_false(ZSTD_isError(len));
	packed.len = len;
	read_bytes(&packed, false, &out);
	assert_int_equal(out.frames, 10);
	assert_int_equal(out.damages, 0);
	packed.len = len - 1;
	read_bytes(&packed, false, &out);
	assert_int_equal(out.damages, 1);
	assert_non_null(strstr(out.problem, "at byte "));
	assert_non_null(strstr(out.problem, "(in the unpacked data); zstd data"));
	assert_non_null(strstr(out.problem, "cut short"));

	packed.len = ZSTD_compress(packed.at, packed.size, b.at, b.len - 20, 1);
	read_bytes(&packed, false, &out);
	assert_int_equal(out.frames, 10);
	assert_string_equal(out.problem, "truncated file: record 10 at byte 1050 claims 98 bytes,"
	    " 78 are there (in the unpacked data)");
	capture_free(&b);
	capture_free(&packed);
}

/* Sections of either byte order, interfaces that differ, blocks to pass over. */
static void
test_pcapng_sections(void **state)
{
	struct capture_bytes b, body, options;
	struct frame frame;
	struct reader r;
	const char *path;
	char err[ERR_SIZE];

	(void)state;
	capture_init(&b);
	capture_init(&body);
	capture_init(&options);
	capture_fill(&body, 0xab, 23);
	capture_option(&options, 2, "eth0", 4);
	capture_section(&b);
	capture_interface(&b, 1, 96, &options);
	capture_block(&b, 4, &body);
	capture_interface(&b, 101, 0, NULL);
	capture_enhanced(&b, 1, 1000001, 40, 1);
	capture_block(&b, 0x7777, &body);
	capture_enhanced(&b, 0, 1000002, 41, 2);
	b.is_swapped = true;
	capture_section(&b);
	capture_block(&b, 0x0bad, &body);
	capture_interface(&b, 276, 0, NULL);
	capture_enhanced(&b, 0, UINT64_C(1700000000123456), 42, 3);
	path = capture_file(b.at, b.len);
	assert_int_equal(reader_open(&r, path, NULL, err), 0);

	assert_int_equal(reader_next(&r, &frame), READER_FRAME);
	assert_int_equal(frame.interface, 1);
	assert_int_equal(frame.link_type, 101);
	assert_int_equal(frame.when_ns, 1000001000);
	assert_string_equal(reader_interface_name(&r, frame.interface), "");
	assert_int_equal(reader_next(&r, &frame), READER_FRAME);
	assert_int_equal(frame.interface, 0);
	assert_int_equal(frame.link_type, 1);
	assert_int_equal(frame.captured, 41);
	assert_string_equal(reader_interface_name(&r, frame.interface), "eth0");
	assert_int_equal(reader_next(&r, &frame), READER_FRAME);
	assert_int_equal(frame.interface, 2);
	assert_int_equal(frame.link_type, 276);
	assert_int_equal(frame.when_ns, UINT64_C(1700000000123456000));
	assert_int_equal(frame.number, 3);
	assert_int_equal(frame.bytes[41], 3);
	assert_string_equal(reader_interface_name(&r, 0), "");
	assert_int_equal(reader_next(&r, &frame), READER_END);
	assert_int_equal(r.link_type_count, 3);

	reader_close(&r);
	capture_forget(path);
	capture_free(&b);
	capture_free(&body);
	capture_free(&options);
}

/* The last frame's time, from one packet of an interface with these options. */
static uint64_t
time_with(int resolution, int64_t offset_s, uint64_t ticks, struct outcome *out)
{
	struct capture_bytes b, options;
	uint8_t octet = (uint8_t)resolution;

	capture_init(&b);
	capture_init(&options);
	if (resolution >= 0)
		capture_option(&options, 9, &octet, 1);
	if (offset_s != 0)
		capture_option(&options, 14, &offset_s, 8);
	capture_option(&options, 0, "", 0);
	capture_section(&b);
	capture_interface(&b, 1, 0, &options);
	capture_enhanced(&b, 0, ticks, 20, 1);
	read_bytes(&b, false, out);
	assert_int_equal(out->frames, 1);
	capture_free(&b);
	capture_free(&options);
	return out->last.when_ns;
}

static void
test_pcapng_times(void **state)
{
	static const struct {
		int resolution; /* -1: none */
		int64_t offset_s;
		uint64_t ticks, expected_ns, clamped;
	} cases[] = {
		{ -1, 0, 1700000000123456, 1700000000123456000, 0 },
		{ 0, 0, 1700000000, 1700000000000000000, 0 },
		{ 3, 0, 1700000000123, 1700000000123000000, 0 },
		{ 6, 0, 1700000000123456, 1700000000123456000, 0 },
		{ 9, 0, 1700000000123456789, 1700000000123456789, 0 },
		{ 12, 0, UINT64_C(9876543210987654321), 9876543210987654, 0 },
		{ 19, 0, UINT64_MAX, 1844674407, 0 },
		{ 20, 0, UINT64_MAX, 184467440, 0 },
		{ 127, 0, UINT64_MAX, 0, 0 },
		{ 0x80, 0, 1700000000, 1700000000000000000, 0 },
		{ 0x80 + 10, 0, 1700000000 * UINT64_C(1024) + 512, 1700000000500000000, 0 },
		{ 0x80 + 32, 0, 1700000000 * UINT64_C(0x100000000) + 0xffffffff,
		    1700000000999999999, 0 },
		{ 0x80 + 40, 0, 1000000 * UINT64_C(0x10000000000) + 0xffffffffff,
		    1000000999999999, 0 },
		{ 0x80 + 63, 0, UINT64_MAX, 1999999999, 0 },
		{ 0x80 + 64, 0, UINT64_MAX, 999999999, 0 },
		{ 0xff, 0, UINT64_MAX, 0, 0 },
		{ 6, 1700000000, 123456, 1700000000123456000, 0 },
		{ 6, -5, 6000000, 1000000000, 0 },
		{ 6, -5, 4000000, 0, 1 },
		{ 6, INT64_MIN, 4000000, 0, 1 },
		{ 6, INT64_MAX, 4000000, UINT64_MAX, 1 },
		{ 6, 0, UINT64_MAX, UINT64_MAX, 1 },
		{ 0x80, 0, UINT64_MAX, UINT64_MAX, 1 },
	};
	struct outcome out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(time_with(cases[i].resolution, cases[i].offset_s, cases[i].ticks,
		    &out), cases[i].expected_ns);
		assert_int_equal(out.counts.clamped_times, cases[i].clamped);
	}
}

/* Old and simple packet blocks, check sequences, and the losses told. */
static void
test_pcapng_packets(void **state)
{
	const uint64_t dropped[] = { 5, 3, 9, 4 }, noted = 7;
	const uint32_t flags = 2 << 5;
	struct capture_bytes b, body, options;
	struct outcome out;
	uint8_t fcs = 32;
	size_t i;

	(void)state;
	capture_init(&b);
	capture_init(&options);
	capture_option(&options, 13, &fcs, 1);
	capture_section(&b);
	capture_interface(&b, 1, 30, &options);
	capture_init(&body); /* obsolete, 2 dropped before it */
	capture_u16(&body, 0);
	capture_u16(&body, 2);
	capture_u32(&body, 0);
	capture_u32(&body, 77);
	capture_u32(&body, 28);
	capture_u32(&body, 64);
	capture_fill(&body, 1, 28);
	capture_block(&b, 2, &body);
	capture_free(&body);
	capture_u32(&body, 64); /* simple, cut to the snap length */
	capture_fill(&body, 2, 30);
	capture_block(&b, 3, &body);
	capture_free(&body);
	capture_u32(&body, 0); /* with an FCS of its own, and losses */
	capture_u32(&body, 0);
	capture_u32(&body, 78);
	capture_u32(&body, 22);
	capture_u32(&body, 22);
	capture_fill(&body, 3, 22);
	capture_fill(&body, 0, 2);
	capture_option(&body, 2, &flags, 4);
	capture_option(&body, 4, &noted, 8);
	capture_block(&b, 6, &body);
	capture_free(&body);
	for (i = 0; i < 4; i += 2) { /* counters since the start, twice */
		capture_u32(&body, 0);
		capture_fill(&body, 0, 8);
		capture_option(&body, 5, &dropped[i], 8);
		capture_option(&body, 7, &dropped[i + 1], 8);
		capture_block(&b, 5, &body);
		capture_free(&body);
	}
	read_bytes(&b, false, &out);
	assert_int_equal(out.frames, 3);
	assert_int_equal(out.damages, 0);
	assert_int_equal(out.last.captured, 20);
	assert_int_equal(out.last.length, 20);
	assert_int_equal(out.counts.untimed, 1);
	assert_int_equal(out.counts.noted_drops, 9);
	assert_int_equal(out.counts.interface_drops, 9);
	assert_int_equal(out.counts.system_drops, 4);
	capture_free(&b);
	capture_free(&options);
}

#define PNG_BLOCK_LEN 132
#define PNG_AT(n) (PNG_HEAD_LEN + ((n) - 1) * PNG_BLOCK_LEN)

static const struct damage png_damages[] = {
	{ "good", 0, 0x0a0d0d0a, 0, 10, 0, 10, "" },
	{ "huge block", PNG_AT(6) + 4, 0x7ffffff0, 0, 5, 1, 9,
	    "record 6 at byte 708: block length 2147483632 is not plausible" },
	{ "tiny block", PNG_AT(6) + 4, 8, 0, 5, 1, 9, "block length 8 is not plausible" },
	{ "block + 8", PNG_AT(6) + 4, PNG_BLOCK_LEN + 8, 0, 5, 1, 9,
	    "block length 140 at its start, " },
	{ "block past the end", PNG_AT(9) + 4, PNG_BLOCK_LEN + 800, 0, 8, 1, 9,
	    "record 9 at byte 1104: no block follows its length 932" },
	{ "captured length + 8", PNG_AT(6) + 20, RECORD_LEN + 8, 0, 5, 1, 9,
	    "record 6 at byte 708: 106 captured bytes in a block of 132" },
	{ "unknown interface", PNG_AT(6) + 8, 3, 0, 5, 1, 9, "interface 3 of 1" },
	{ "no byte order", 8, 0, 0, 0, 1, 10, "no byte-order magic" },
	{ "version 2", 12, 2, 0, 0, 1, 10, "pcapng version 2.0" },
};

static void
test_pcapng_damage(void **state)
{
	const struct damage *d;
	struct capture_bytes b;
	struct outcome out;
	size_t i;
	uint32_t n;

	(void)state;
	for (i = 0; i < sizeof png_damages / sizeof png_damages[0]; i++) {
		d = &png_damages[i];
		capture_init(&b);
		capture_section(&b);
		capture_interface(&b, 1, 0, NULL);
		for (n = 1; n <= 10; n++)
			capture_enhanced(&b, 0, n, RECORD_LEN, n);
		overwrite_u32(&b, d->at, d->value);
		read_bytes(&b, false, &out);
		if (out.frames != d->frames || out.damages != d->damages ||
		    strstr(out.problem, d->text) == NULL)
			fail_msg("%s: %" PRIu64 " frames, %" PRIu64 " damages: %s", d->name,
			    out.frames, out.damages, out.problem);
		read_bytes(&b, true, &out);
		if (out.frames != d->resync_frames)
			fail_msg("%s, resync: %" PRIu64 " frames", d->name, out.frames);
		capture_free(&b);
	}
}

static void
test_pcapng_interface_bound(void **state)
{
	struct capture_bytes b;
	struct outcome out;
	int i;

	(void)state;
	capture_init(&b);
	capture_section(&b);
	for (i = 0; i <= READER_INTERFACES_MAX; i++)
		capture_interface(&b, 1, 0, NULL);
	read_bytes(&b, false, &out);
	assert_int_equal(out.damages, 1);
	assert_non_null(strstr(out.problem, "more than 1024 interfaces"));
	capture_free(&b);
}

/* Any single octet of a file set to any of a few values: no crash, an end. */
static void
test_flipped_octets(void **state)
{
	static const uint8_t values[] = { 0x00, 0xff, 0x80 };
	struct capture_bytes b;
	struct outcome out;
	uint8_t was;
	size_t i, j;

	(void)state;
	capture_init(&b);
	capture_section(&b);
	capture_interface(&b, 1, 0, NULL);
	capture_enhanced(&b, 0, 1, 0, 1);
	capture_enhanced(&b, 0, 2, 0, 2);
	for (i = 0; i < b.len; i++) {
		was = b.at[i];
		for (j = 0; j < sizeof values; j++) {
			b.at[i] = values[j];
			read_bytes(&b, true, &out);
			assert_true(out.frames <= 2);
		}
		b.at[i] = was;
	}
	capture_free(&b);
}

static void
test_is_capture(void **state)
{
	struct capture_bytes b;
	const char *path;

	(void)state;
	capture_init(&b);
	capture_usual(&b, 1, 20);
	path = capture_file(b.at, b.len);
	assert_true(reader_is_capture(path));
	capture_forget(path);
	assert_false(reader_is_capture(path));
	path = capture_file("# a text", 8);
	assert_false(reader_is_capture(path));
	capture_forget(path);
	capture_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_length_order),
		cmocka_unit_test(test_link_field),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_oddities),
		cmocka_unit_test(test_wild_times),
		cmocka_unit_test(test_resync_numbers),
		cmocka_unit_test(test_resync_finds_nothing),
		cmocka_unit_test(test_cut_pcap),
		cmocka_unit_test(test_cut_pcapng),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_pcapng_sections),
		cmocka_unit_test(test_pcapng_times),
		cmocka_unit_test(test_pcapng_packets),
		cmocka_unit_test(test_pcapng_damage),
		cmocka_unit_test(test_pcapng_interface_bound),
		cmocka_unit_test(test_flipped_octets),
		cmocka_unit_test(test_is_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
