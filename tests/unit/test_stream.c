/*
 * The byte source: what goes in comes out, plain or compressed, by file or by
 * pipe; cut and corrupt data end where they must; a bomb does not go off.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <lz4frame.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "analyzer/stream.h"
#include "tests/capture_bytes.h"

#define PLAIN_LEN 100000
#define ROOM (PLAIN_LEN * 3)

/* One way to pack bytes into one member or frame; returns its length. */
struct packer {
	const char *name;
	size_t (*pack)(const uint8_t *in, size_t len, uint8_t *out, size_t size);
};

static size_t
pack_plain(const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	assert_true(len <= size);
	memcpy(out, in, len);
	return len;
}

static size_t
pack_gzip(const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	z_stream z = { 0 };
	uint8_t *copy = malloc(len);

	assert_non_null(copy);
	memcpy(copy, in, len);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = copy;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = (uInt)size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	free(copy);
	return size - z.avail_out;
}

static size_t
pack_zstd(const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t len_out;

	assert_non_null(context);
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	len_out = ZSTD_compress2(context, out, size, in, len);
	assert_false(ZSTD_isError(len_out));
	ZSTD_freeCCtx(context);
	return len_out;
}

static size_t
pack_lz4(const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	LZ4F_preferences_t preferences = { 0 };
	size_t len_out;

	preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
	len_out = LZ4F_compressFrame(out, size, in, len, &preferences);
	assert_false(LZ4F_isError(len_out));
	return len_out;
}

static const struct packer packers[] = {
	{ "plain", pack_plain },
	{ "gzip", pack_gzip },
	{ "zstd", pack_zstd },
	{ "lz4", pack_lz4 },
};

#define PACKER_COUNT (sizeof packers / sizeof packers[0])

static uint8_t plain[PLAIN_LEN], packed[ROOM], unpacked[ROOM];

static int
make_plain(void **state)
{
	uint32_t value = 1;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof plain; i++) {
		value = value * 1103515245 + 12345;
		plain[i] = (uint8_t)(value >> 16 & 0x0f); /* packs to about a half */
	}
	return 0;
}

/* Reads all in pieces of at most `piece` bytes. */
static size_t
drain(struct stream *s, size_t piece)
{
	size_t len = 0, got;

	do {
		assert_true(len + piece <= sizeof unpacked);
		got = stream_read(s, unpacked + len, piece);
		assert_true(got <= piece);
		len += got;
	} while (got > 0);
	return len;
}

static size_t
drain_file(struct stream *s, const void *data, size_t len, size_t piece)
{
	const char *path = capture_file(data, len);
	char err[ERR_SIZE];
	size_t got;

	assert_int_equal(stream_open(s, path, NULL, err), 0);
	got = drain(s, piece);
	stream_close(s);
	capture_forget(path);
	return got;
}

static void
test_same_bytes(void **state)
{
	static const size_t pieces[] = { 4, 7, 4096, PLAIN_LEN };
	struct stream s;
	size_t i, j, len;

	(void)state;
	for (i = 0; i < PACKER_COUNT; i++) {
		len = packers[i].pack(plain, sizeof plain, packed, sizeof packed);
		for (j = 0; j < sizeof pieces / sizeof pieces[0]; j++) {
			assert_int_equal(drain_file(&s, packed, len, pieces[j]), sizeof plain);
			assert_memory_equal(unpacked, plain, sizeof plain);
			assert_string_equal(s.problem, "");
			assert_int_equal(stream_position(&s), len);
			assert_int_equal(stream_total(&s), len);
		}
	}
}

/* Members and frames one behind the other are one stream. */
static void
test_concatenated(void **state)
{
	struct stream s;
	size_t i, len;

	(void)state;
	for (i = 0; i < PACKER_COUNT; i++) {
		len = packers[i].pack(plain, 60000, packed, sizeof packed);
		len += packers[i].pack(plain + 60000, sizeof plain - 60000, packed + len,
		    sizeof packed - len);
		assert_int_equal(drain_file(&s, packed, len, 5000), sizeof plain);
		assert_memory_equal(unpacked, plain, sizeof plain);
		assert_string_equal(s.problem, "");
	}
}

static void
test_stdin(void **state)
{
	char err[ERR_SIZE];
	struct stream s;
	size_t i, len;

	(void)state;
	for (i = 0; i < PACKER_COUNT; i++) {
		len = packers[i].pack(plain, 30000, packed, sizeof packed);
		capture_to_stdin(packed, len);
		assert_int_equal(stream_open(&s, "-", NULL, err), 0);
		assert_int_equal(drain(&s, 1000), 30000);
		assert_memory_equal(unpacked, plain, 30000);
		assert_string_equal(s.problem, "");
		assert_int_equal(stream_total(&s), 0);
		stream_close(&s);
	}
}

/* Whatever is there comes out; that the rest is missing is said. */
static void
test_cut(void **state)
{
	struct stream s;
	size_t i, len, cut, got;

	(void)state;
	for (i = 1; i < PACKER_COUNT; i++) {
		len = packers[i].pack(plain, 3000, packed, sizeof packed);
		for (cut = 4; cut < len; cut += 13) {
			got = drain_file(&s, packed, cut, 512);
			assert_true(got <= 3000);
			assert_memory_equal(unpacked, plain, got);
			assert_true(s.is_damaged);
			assert_non_null(strstr(s.problem, packers[i].name));
			assert_non_null(strstr(s.problem, "cut short"));
		}
		drain_file(&s, packed, len - 1, 512);
		assert_true(s.is_damaged);
	}
}

static void
test_corrupt(void **state)
{
	struct stream s;
	size_t i, len;

	(void)state;
	for (i = 1; i < PACKER_COUNT; i++) {
		len = packers[i].pack(plain, sizeof plain, packed, sizeof packed);
		memset(packed + len / 2, 0x5a, 32);
		drain_file(&s, packed, len, 4096);
		assert_true(s.is_damaged);
		assert_non_null(strstr(s.problem, packers[i].name));
	}
}

static void
test_bomb(void **state)
{
	const size_t size = (size_t)100 << 20;
	uint8_t *zeros = calloc(1, size), *bomb = malloc(size / 100);
	const char *path;
	char err[ERR_SIZE];
	uint64_t total = 0;
	struct stream s;
	size_t len, got;

	(void)state;
	assert_true(zeros != NULL && bomb != NULL);
	len = pack_zstd(zeros, size, bomb, size / 100);
	path = capture_file(bomb, len);
	assert_int_equal(stream_open(&s, path, NULL, err), 0);
	while ((got = stream_read(&s, zeros, (size_t)1 << 20)) > 0)
		total += got;
	assert_true(total >= STREAM_RATIO_FROM && total < STREAM_RATIO_FROM + ((size_t)2 << 20));
	assert_true(s.is_damaged);
	assert_non_null(strstr(s.problem, "bomb"));
	stream_close(&s);
	capture_forget(path);
	free(zeros);
	free(bomb);
}

static void
test_short_files(void **state)
{
	struct stream s;
	size_t len;

	(void)state;
	for (len = 0; len < 6; len++) {
		assert_int_equal(drain_file(&s, "abcdef", len, 16), len);
		assert_memory_equal(unpacked, "abcdef", len);
		assert_string_equal(s.problem, "");
	}
	assert_int_equal(drain_file(&s, "\x1f\x8b", 2, 16), 0);
	assert_true(s.is_damaged);
}

static void
test_cannot_open(void **state)
{
	char err[ERR_SIZE];
	struct stream s;

	(void)state;
	assert_int_equal(stream_open(&s, "/nonexistent/x.pcap", NULL, err), -1);
	assert_non_null(strstr(err, "/nonexistent/x.pcap: No such file"));
	assert_int_equal(stream_open(&s, "/tmp", NULL, err), -1);
	assert_non_null(strstr(err, "directory"));
}

static void
test_stop(void **state)
{
	const char *path = capture_file(plain, sizeof plain);
	volatile sig_atomic_t stop = 0;
	char err[ERR_SIZE];
	struct stream s;

	(void)state;
	assert_int_equal(stream_open(&s, path, &stop, err), 0);
	assert_true(stream_read(&s, unpacked, 1000) > 0);
	stop = 1;
	while (stream_read(&s, unpacked, 1000) > 0)
		;
	assert_true(s.is_stopped);
	assert_string_equal(s.problem, "");
	assert_true(stream_position(&s) < sizeof plain);
	stream_close(&s);
	capture_forget(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_concatenated),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_corrupt),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_short_files),
		cmocka_unit_test(test_cannot_open),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, make_plain, NULL);
}
