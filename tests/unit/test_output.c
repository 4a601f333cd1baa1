/*
 * Outputs that work and outputs that fail: full devices, full files, closed
 * pipes. A loss must be told, and a file must end with a whole line.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/sink/output.h"

#define LINE_LEN 100
#define MANY_LINES 20000

static char directory[] = "/tmp/test_output.XXXXXX";
static char path[sizeof(directory) + 16];

static int
make_directory(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/out", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

/* Line `n`: as long as the others, and different. */
static void
make_line(uint32_t n, char line[LINE_LEN + 1])
{
	snprintf(line, LINE_LEN + 1, "%*u\n", LINE_LEN - 1, n);
}

/* Writes up to `count` lines; returns how many were taken without an error. */
static uint32_t
write_lines(struct output *output, uint32_t count, char *err)
{
	char line[LINE_LEN + 1];
	uint32_t n;

	for (n = 0; n < count; n++) {
		make_line(n, line);
		if (output_write(output, line, LINE_LEN, err) != 0)
			break;
	}
	return n;
}

/* Checks that the file holds the first lines, whole, and returns how many. */
static uint32_t
check_file(void)
{
	FILE *file = fopen(path, "r");
	char line[LINE_LEN + 1], expected[LINE_LEN + 1];
	uint32_t n = 0;
	size_t len;

	assert_non_null(file);
	while ((len = fread(line, 1, LINE_LEN, file)) > 0) {
		line[len] = '\0';
		make_line(n++, expected);
		assert_string_equal(line, expected);
	}
	fclose(file);
	return n;
}

static void
test_file(void **state)
{
	char err[ERR_SIZE];
	struct output *output = output_open(path, err);

	(void)state;
	assert_non_null(output);
	assert_false(output_is_terminal(output));
	assert_string_equal(output_path(output), path);
	assert_int_equal(write_lines(output, MANY_LINES, err), MANY_LINES);
	assert_int_equal(output_close(output, err), 0);
	assert_int_equal(check_file(), MANY_LINES);
}

/* Opening empties the file. */
static void
test_empties(void **state)
{
	char err[ERR_SIZE];
	struct output *output;

	test_file(state);
	output = output_open(path, err);
	assert_non_null(output);
	assert_int_equal(write_lines(output, 3, err), 3);
	assert_int_equal(output_flush(output, err), 0);
	assert_int_equal(check_file(), 3);
	assert_int_equal(output_close(output, err), 0);
	assert_int_equal(check_file(), 3);
}

/* A line longer than any buffer passes in one piece. */
static void
test_long_line(void **state)
{
	enum { LONG = 300000 };
	char err[ERR_SIZE], *line = malloc(LONG);
	struct output *output = output_open(path, err);
	struct stat status;

	(void)state;
	assert_non_null(line);
	assert_non_null(output);
	memset(line, 'x', LONG - 1);
	line[LONG - 1] = '\n';
	assert_int_equal(output_write(output, "a\n", 2, err), 0);
	assert_int_equal(output_write(output, line, LONG, err), 0);
	assert_int_equal(output_write(output, "b\n", 2, err), 0);
	assert_int_equal(output_close(output, err), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, LONG + 4);
	free(line);
}

static void
test_cannot_open(void **state)
{
	char err[ERR_SIZE] = "";

	(void)state;
	assert_null(output_open("/nonexistent/out", err));
	assert_non_null(strstr(err, "/nonexistent/out"));
	assert_non_null(strstr(err, strerror(ENOENT)));
}

/* One short line to a full device is noticed at the latest when it closes. */
static void
test_full_device(void **state)
{
	static const uint32_t counts[] = { 1, 10, MANY_LINES };
	char err[ERR_SIZE];
	struct output *output;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		*err = '\0';
		output = output_open("/dev/full", err);
		assert_non_null(output);
		(void)write_lines(output, counts[i], err);
		assert_int_equal(output_close(output, err), -1);
		assert_non_null(strstr(err, "/dev/full"));
	}
	output = output_open("/dev/full", err);
	assert_non_null(output);
	assert_int_equal(output_close(output, err), 0); /* nothing written, nothing lost */
}

static void
test_failure_stays(void **state)
{
	char err[ERR_SIZE] = "";
	struct output *output = output_open("/dev/full", err);

	(void)state;
	assert_non_null(output);
	assert_int_equal(write_lines(output, 1, err), 1);
	assert_int_equal(output_flush(output, err), -1);
	assert_non_null(strstr(err, strerror(ENOSPC)));
	assert_true(output_has_failed(output));
	assert_int_equal(write_lines(output, 1, err), 0);
	assert_int_equal(output_flush(output, err), -1);
	assert_int_equal(output_close(output, err), -1);
}

/* The file may not grow past a limit in the middle of a line. */
static void
test_cut_back(void **state)
{
	static const rlim_t limits[] = { 1, 50, 99, 100, 101, 12345, 65536, 65537, 131071, 500050 };
	struct rlimit before, limit;
	char err[ERR_SIZE];
	struct output *output;
	size_t i;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		limit = before;
		limit.rlim_cur = limits[i];
		*err = '\0';
		output = output_open(path, err);
		assert_non_null(output);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		(void)write_lines(output, MANY_LINES, err);
		assert_int_equal(output_close(output, err), -1);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(check_file(), limits[i] / LINE_LEN);
	}
}

/* What stood in a file before our first byte is left alone (">> file"). */
static void
test_cut_back_behind_others(void **state)
{
	static const char before_us[] = "an unfinished line of somebody else";
	struct rlimit before, limit;
	char err[ERR_SIZE] = "", text[200] = "";
	struct output *output;
	int saved = dup(STDOUT_FILENO), fd, closed;

	(void)state;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
	assert_true(fd >= 0 && saved >= 0);
	assert_int_equal(write(fd, before_us, strlen(before_us)), strlen(before_us));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = sizeof(before_us) + 10;
	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	output = output_open("-", err);
	assert_non_null(output);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	(void)write_lines(output, 1, err);
	closed = output_close(output, err);
	setrlimit(RLIMIT_FSIZE, &before);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_int_equal(closed, -1);
	assert_non_null(strstr(err, "standard output"));
	assert_int_equal(pread(fd, text, sizeof(text) - 1, 0), strlen(before_us));
	assert_string_equal(text, before_us);
	close(fd);
}

static void
test_closed_pipe(void **state)
{
	char err[ERR_SIZE] = "", name[64];
	struct output *output;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", ends[1]);
	output = output_open(name, err);
	assert_non_null(output);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(write_lines(output, 1, err), 1);
	assert_int_equal(output_close(output, err), -1);
	assert_non_null(strstr(err, strerror(EPIPE)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_empties),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_cannot_open),
		cmocka_unit_test(test_full_device),
		cmocka_unit_test(test_failure_stays),
		cmocka_unit_test(test_cut_back),
		cmocka_unit_test(test_cut_back_behind_others),
		cmocka_unit_test(test_closed_pipe),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
