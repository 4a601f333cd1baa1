/*
 * Files, directories and standard input as one stream: order, numbers, what
 * is skipped, and that damage in one file does not hide the next.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/inputs.h"
#include "analyzer/log.h"
#include "tests/capture_bytes.h"

#define RECORD_LEN 40
#define PATH_SIZE 256

/* A usual capture of `count` records, the last `cut` bytes missing. */
static void
usual(struct capture_bytes *bytes, uint32_t count, size_t cut)
{
	capture_init(bytes);
	capture_usual(bytes, count, RECORD_LEN);
	bytes->len -= cut;
}

static const char *
usual_file(uint32_t count, size_t cut)
{
	struct capture_bytes bytes;
	const char *path;

	usual(&bytes, count, cut);
	path = capture_file(bytes.at, bytes.len);
	capture_free(&bytes);
	return path;
}

static void
open_all(struct inputs *in, const char *const *paths, size_t count)
{
	struct inputs_options options = { paths, count, false, NULL };
	char err[ERR_SIZE];

	if (inputs_open(in, &options, err) != 0)
		fail_msg("%s", err);
}

/* The next `count` frames, ordinals from `ordinal`, numbers in the file from 1. */
static void
expect_frames(struct inputs *in, const char *file, uint64_t ordinal, uint64_t count)
{
	struct frame frame;
	uint64_t i;

	for (i = 0; i < count; i++) {
		assert_int_equal(inputs_next(in, &frame), READER_FRAME);
		assert_int_equal(frame.ordinal, ordinal + i);
		assert_int_equal(frame.number, 1 + i);
		assert_string_equal(inputs_file(in), file);
	}
}

static void
test_files_in_order(void **state)
{
	const char *const paths[] = { usual_file(3, 0), usual_file(0, 0), usual_file(2, 0) };
	struct reader_counts counts;
	struct frame frame;
	struct inputs in;

	(void)state;
	open_all(&in, paths, 3);
	assert_int_equal(inputs_total(&in), 3 * 24 + 5 * (16 + RECORD_LEN));
	expect_frames(&in, paths[0], 1, 3);
	expect_frames(&in, paths[2], 4, 2);
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	assert_string_equal(inputs_file_of(&in, 1), paths[0]);
	assert_string_equal(inputs_file_of(&in, 3), paths[0]);
	assert_string_equal(inputs_file_of(&in, 4), paths[2]);
	assert_string_equal(inputs_file_of(&in, 5), paths[2]);
	assert_int_equal(inputs_position(&in), inputs_total(&in));
	inputs_count(&in, &counts);
	assert_int_equal(counts.frames, 5);
	assert_int_equal(counts.damages, 0);
	assert_int_equal(in.files[0].counts.frames, 3);
	assert_int_equal(in.files[2].counts.frames, 2);
	assert_int_equal(in.link_type_count, 1);
	assert_int_equal(in.link_types[0], 1);
	inputs_close(&in);
	capture_forget(paths[0]);
	capture_forget(paths[1]);
	capture_forget(paths[2]);
}

static void
test_damage_goes_on(void **state)
{
	const char *const paths[] = { usual_file(3, 10), capture_file("", 0), usual_file(2, 0) };
	struct reader_counts counts;
	struct frame frame;
	struct inputs in;

	(void)state;
	open_all(&in, paths, 3);
	expect_frames(&in, paths[0], 1, 3);
	assert_int_equal(inputs_next(&in, &frame), READER_DAMAGED);
	assert_string_equal(inputs_file(&in), paths[0]);
	assert_non_null(strstr(inputs_problem(&in), "record 3 at byte 136 claims 40 bytes"));
	assert_int_equal(inputs_next(&in, &frame), READER_DAMAGED);
	assert_string_equal(inputs_file(&in), paths[1]);
	assert_string_equal(inputs_problem(&in), "empty file");
	expect_frames(&in, paths[2], 4, 2);
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	inputs_count(&in, &counts);
	assert_int_equal(counts.damages, 2);
	assert_int_equal(counts.partial, 1);
	inputs_close(&in);
	capture_forget(paths[0]);
	capture_forget(paths[1]);
	capture_forget(paths[2]);
}

/* A file that is gone when its turn comes. */
static void
test_vanished(void **state)
{
	const char *const paths[] = { usual_file(1, 0), usual_file(2, 0) };
	struct frame frame;
	struct inputs in;

	(void)state;
	open_all(&in, paths, 2);
	capture_forget(paths[0]);
	assert_int_equal(inputs_next(&in, &frame), READER_FAILED);
	assert_string_equal(inputs_file(&in), paths[0]);
	assert_non_null(strstr(inputs_problem(&in), "No such file"));
	expect_frames(&in, paths[1], 1, 2);
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	inputs_close(&in);
	capture_forget(paths[1]);
}

static void
write_file(const char *directory, const char *name, const void *data, size_t len)
{
	char path[PATH_SIZE];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
remove_file(const char *directory, const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/%s", directory, name);
	assert_int_equal(remove(path), 0);
}

static void
test_directory(void **state)
{
	char directory[] = "/tmp/icmpscope-test-XXXXXX", path[PATH_SIZE];
	const char *const paths[] = { directory };
	struct capture_bytes one, two;
	struct frame frame;
	struct inputs in;

	(void)state;
	assert_non_null(mkdtemp(directory));
	usual(&one, 1, 0);
	usual(&two, 2, 0);
	write_file(directory, "b.pcap", one.at, one.len);
	write_file(directory, "a", two.at, two.len);
	write_file(directory, "B", one.at, one.len);
	write_file(directory, "notes.txt", "nothing\n", 8);
	write_file(directory, "empty.pcap", "", 0);
	snprintf(path, sizeof path, "%s/sub", directory);
	assert_int_equal(mkdir(path, 0700), 0);

	open_all(&in, paths, 1);
	assert_int_equal(in.file_count, 3);
	assert_int_equal(in.skipped_files, 3);
	snprintf(path, sizeof path, "%s/B", directory);
	expect_frames(&in, path, 1, 1);
	snprintf(path, sizeof path, "%s/a", directory);
	expect_frames(&in, path, 2, 2);
	snprintf(path, sizeof path, "%s/b.pcap", directory);
	expect_frames(&in, path, 4, 1);
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	inputs_close(&in);

	remove_file(directory, "B");
	remove_file(directory, "a");
	remove_file(directory, "b.pcap");
	open_all(&in, paths, 1);
	assert_int_equal(inputs_next(&in, &frame), READER_DAMAGED);
	assert_string_equal(inputs_file(&in), directory);
	assert_string_equal(inputs_problem(&in), "no capture in this directory");
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	inputs_close(&in);

	remove_file(directory, "notes.txt");
	remove_file(directory, "empty.pcap");
	remove_file(directory, "sub");
	remove(directory);
	capture_free(&one);
	capture_free(&two);
}

static void
test_stdin_and_file(void **state)
{
	const char *const paths[] = { "-", usual_file(2, 0) };
	struct capture_bytes bytes;
	struct frame frame;
	struct inputs in;

	(void)state;
	usual(&bytes, 3, 0);
	capture_to_stdin(bytes.at, bytes.len);
	open_all(&in, paths, 2);
	assert_int_equal(inputs_total(&in), 0);
	expect_frames(&in, "-", 1, 3);
	expect_frames(&in, paths[1], 4, 2);
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	inputs_close(&in);
	capture_forget(paths[1]);
	capture_free(&bytes);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *paths[2];
		size_t count;
		const char *text;
	} cases[] = {
		{ { "/nonexistent.pcap", NULL }, 1, "/nonexistent.pcap: No such file" },
		{ { "-", "-" }, 2, "only once" },
	};
	struct inputs_options options = { 0 };
	char err[ERR_SIZE];
	struct inputs in;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		options.paths = cases[i].paths;
		options.path_count = cases[i].count;
		assert_int_equal(inputs_open(&in, &options, err), -1);
		assert_non_null(strstr(err, cases[i].text));
	}
}

static void
test_stop(void **state)
{
	const char *const paths[] = { usual_file(2, 0), usual_file(2, 0) };
	volatile sig_atomic_t stop = 0;
	struct inputs_options options = { paths, 2, false, &stop };
	char err[ERR_SIZE];
	struct frame frame;
	struct inputs in;

	(void)state;
	assert_int_equal(inputs_open(&in, &options, err), 0);
	assert_int_equal(inputs_next(&in, &frame), READER_FRAME);
	stop = 1;
	while (inputs_next(&in, &frame) == READER_FRAME)
		;
	assert_int_equal(inputs_next(&in, &frame), READER_END);
	assert_true(in.frames <= 2);
	assert_string_equal(inputs_file(&in), paths[0]);
	inputs_close(&in);
	capture_forget(paths[0]);
	capture_forget(paths[1]);
}

/* What diagnostics make of a file name from a stranger. */
static void
test_escape(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "plain name.pcap", "plain name.pcap" },
		{ "\x1b[31mred\n\x7f", "\\x1b[31mred\\x0a\\x7f" },
		{ "\xc3\xaf \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xaf \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\xc2\x9b""31m", "\\xc2\\x9b31m" },
		{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8" },
		{ "a\xe2\x80\xae""pcap.b", "a\\xe2\\x80\\xaepcap.b" }, /* right to left */
		{ "\xe2\x81\xa6\xe2\x80\x8f", "\\xe2\\x81\\xa6\\xe2\\x80\\x8f" },
		{ "\xd8\x9c", "\\xd8\\x9c" },
		{ "\xe2\x80\x8d\xe2\x81\xa5", "\xe2\x80\x8d\xe2\x81\xa5" },
		{ "\xff\xc0\x80\xed\xa0\x80", "\\xff\\xc0\\x80\\xed\\xa0\\x80" },
		{ "\xe2\x82", "\\xe2\\x82" },
	};
	char out[64], small[6];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(log_escape(cases[i].text, out, sizeof out),
		    strlen(cases[i].expected));
		assert_string_equal(out, cases[i].expected);
	}
	assert_int_equal(log_escape("ab\nc", small, sizeof small), 2);
	assert_string_equal(small, "ab");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_in_order),
		cmocka_unit_test(test_damage_goes_on),
		cmocka_unit_test(test_vanished),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_stdin_and_file),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
