/*
 * Outputs that would destroy an input or each other are refused by whatever
 * name they are called; nothing is opened to find out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/outputs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char directory[] = "/tmp/test_outputs.XXXXXX";

/* A folder with in.pcap, its links soft.pcap and hard.pcap, and an older "out". */
static int
make_directory(void **state)
{
	int fd;

	(void)state;
	if (mkdtemp(directory) == NULL || chdir(directory) != 0)
		return -1;
	fd = open("in.pcap", O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1 || close(fd) != 0)
		return -1;
	fd = open("out", O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || close(fd) != 0)
		return -1;
	return symlink("in.pcap", "soft.pcap") != 0 || link("in.pcap", "hard.pcap") != 0 ? -1 : 0;
}

static int
remove_directory(void **state)
{
	static const char *const names[] = { "in.pcap", "soft.pcap", "hard.pcap", "out" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		unlink(names[i]);
	return rmdir(directory);
}

struct outputs_case {
	const char *packets;    /* -w, or NULL */
	const char *events[3];  /* -o */
	const char *report;     /* --report text:, or NULL */
	const char *err;        /* what it says; NULL: nothing to object to */
};

static const struct outputs_case cases[] = {
	{ "new", { "a", "b" }, "c", NULL },
	{ NULL, { "a", "a" }, "a", NULL }, /* one output */
	{ NULL, { "out", "out" }, "out", NULL },
	{ "/dev/null", { "/dev/null", "/dev/./null" }, "/dev/full", NULL },
	{ NULL, { "a", "/nowhere/a" }, NULL, NULL }, /* opening it will tell */
	{ NULL, { "in.pcap" }, NULL, "in.pcap: an output that would destroy the input in.pcap" },
	{ "in.pcap", { NULL }, NULL, "in.pcap: an output that" },
	{ NULL, { NULL }, "in.pcap", "in.pcap: an output that" },
	{ NULL, { "a", "./in.pcap" }, NULL, "./in.pcap: an output that" },
	{ "soft.pcap", { NULL }, NULL, "soft.pcap: an output that" },
	{ "hard.pcap", { NULL }, NULL, "hard.pcap: an output that" },
	{ NULL, { "a", "./a" }, NULL, "a and ./a are one file" },
	{ NULL, { "out", "./out" }, NULL, "out and ./out are one file" },
	{ NULL, { "a" }, "./a", "a and ./a are one file" },
	{ "a", { "a" }, NULL, "a and a are one file" },
	{ "out", { NULL }, "out", "out and out are one file" },
};

static void
test_outputs(void **state)
{
	struct options_report report = { .kind = "text" };
	struct inputs_file files[] = { { .name = (char[]){ "/dev/null" } },
		{ .name = (char[]){ "in.pcap" } } };
	const struct inputs inputs = { .files = files, .file_count = COUNT(files) };
	struct options options = { .reports = &report };
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const struct outputs_case *c = &cases[i];
		const char *events[] = { c->events[0], c->events[1], c->events[2] };

		options.write_path = c->packets;
		options.outputs = (struct options_list){ .items = events };
		while (options.outputs.count < COUNT(events) &&
		    events[options.outputs.count] != NULL)
			options.outputs.count++;
		report.path = c->report;
		options.report_count = c->report != NULL;
		*err = '\0';
		assert_int_equal(outputs_check(&options, &inputs, err), c->err == NULL ? 0 : -1);
		if (c->err != NULL)
			assert_memory_equal(err, c->err, strlen(c->err));
	}
	assert_int_equal(access("a", F_OK), -1);
}

/* A live capture has outputs alone. */
static void
test_no_inputs(void **state)
{
	const char *events[] = { "in.pcap", "./in.pcap" };
	struct options options = { .outputs = { .items = events, .count = 1 } };
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(outputs_check(&options, NULL, err), 0);
	options.outputs.count = 2;
	assert_int_equal(outputs_check(&options, NULL, err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_no_inputs),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
