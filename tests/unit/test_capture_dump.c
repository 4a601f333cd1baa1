/*
 * -w to a file that may not grow past a limit: what is left is a capture of
 * whole records, as many as fit.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/capture_dump.h"
#include "analyzer/log.h"

#define HEADER_LEN 24
#define RECORD_LEN (16 + FRAME_LEN)
#define FRAME_LEN 84
#define FRAMES 5000

static char path[] = "/tmp/test_capture_dump.XXXXXX";

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static off_t
file_size(void)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

/* Writes all frames; returns how often that failed. */
static uint32_t
write_frames(struct capture_dump *dump, char *err)
{
	static const uint8_t bytes[FRAME_LEN];
	const struct frame frame = { .bytes = bytes, .captured = FRAME_LEN, .length = FRAME_LEN,
		.link_type = 101 };
	uint32_t i, failed = 0;

	for (i = 0; i < FRAMES; i++)
		failed += capture_dump_write(dump, &frame, err) != 0;
	return failed;
}

static void
test_whole(void **state)
{
	struct capture_dump *dump;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(capture_dump_open(path, true, &dump, err), 0);
	assert_int_equal(write_frames(dump, err), 0);
	assert_int_equal(capture_dump_close(dump, err), 0);
	assert_int_equal(file_size(), HEADER_LEN + FRAMES * RECORD_LEN);
}

static void
test_cut_back(void **state)
{
	static const struct {
		off_t limit, size;
	} cases[] = {
		{ 0, 0 },
		{ 10, 0 },
		{ 24, 24 },
		{ 25, 24 },
		{ 123, 24 },
		{ 124, 124 },
		{ 4096, 4024 },
		{ 65536, 65524 },
		{ 99999, 99924 },
		{ HEADER_LEN + FRAMES * RECORD_LEN - 1, HEADER_LEN + (FRAMES - 1) * RECORD_LEN },
	};
	struct rlimit before, limit;
	struct capture_dump *dump;
	uint32_t failed;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		limit = before;
		limit.rlim_cur = (rlim_t)cases[i].limit;
		*err = '\0';
		assert_int_equal(capture_dump_open(path, true, &dump, err), 0);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		failed = write_frames(dump, err);
		failed += capture_dump_close(dump, err) != 0;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(failed, 1); /* told once */
		assert_non_null(strstr(err, path));
		assert_int_equal(file_size(), cases[i].size);
	}
}

/* Room that comes back is not used for the rest of a record. */
static void
test_stays_cut(void **state)
{
	struct rlimit before, limit;
	struct capture_dump *dump;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 10000;
	assert_int_equal(capture_dump_open(path, true, &dump, err), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(write_frames(dump, err), 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(write_frames(dump, err), 0);
	assert_int_equal(capture_dump_close(dump, err), 0);
	assert_int_equal(file_size(), 9924);
}

static void
test_full_device(void **state)
{
	struct capture_dump *dump;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(capture_dump_open("/dev/full", true, &dump, err), 0);
	assert_int_equal(write_frames(dump, err), 1);
	assert_int_equal(capture_dump_close(dump, err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut_back),
		cmocka_unit_test(test_stays_cut),
		cmocka_unit_test(test_full_device),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
