/*
 * Files are told apart by device and inode; one that does not exist yet by
 * those of its directory, and its name there.
 */
#include "analyzer/outputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/sink/sink.h"

/* Beyond as many sinks as there may be nothing is opened; and -w. */
#define PLACES_MAX (SINKS_MAX + 1)

/* A file, which need not exist. */
struct place {
	const char *path; /* as given */
	const char *name; /* in the directory that the numbers are of; "": it exists */
	dev_t device;
	ino_t inode;
};

/* Where the path of a file that does not exist would be; false when nowhere. */
static bool
locate_new(const char *path, struct place *out)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX] = ".";
	struct stat status;

	if (slash != NULL)
		snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path) + 1, path);
	if (stat(directory, &status) != 0)
		return false;
	*out = (struct place){ path, slash != NULL ? slash + 1 : path, status.st_dev,
		status.st_ino };
	return true;
}

/* Which file a path names ("-": `standard`); false when it is no regular one. */
static bool
locate(const char *path, int standard, struct place *out)
{
	struct stat status;
	int result = strcmp(path, "-") == 0 ? fstat(standard, &status) : stat(path, &status);

	if (result != 0)
		return errno == ENOENT && locate_new(path, out);
	*out = (struct place){ path, "", status.st_dev, status.st_ino };
	return S_ISREG(status.st_mode);
}

static bool
is_same(const struct place *a, const struct place *b)
{
	return a->device == b->device && a->inode == b->inode && strcmp(a->name, b->name) == 0;
}

static void
add_place(struct place *places, size_t *count, const char *path)
{
	if (*count < PLACES_MAX && locate(path, STDOUT_FILENO, &places[*count]))
		(*count)++;
}

static const char *
path_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard output" : path;
}

/* Whether two outputs are one file, and yet not one output. */
static bool
do_clash(const struct options *options, const struct place *a, const struct place *b)
{
	bool has_packets = a->path == options->write_path || b->path == options->write_path;

	return is_same(a, b) && (has_packets || strcmp(a->path, b->path) != 0);
}

/* Compares one output with those before it. */
static int
check_others(const struct options *options, const struct place *places, size_t index, char *err)
{
	size_t i;

	for (i = 0; i < index; i++) {
		if (!do_clash(options, &places[i], &places[index]))
			continue;
		snprintf(err, ERR_SIZE, "%.200s and %.200s are one file, for two outputs",
		    path_name(places[i].path), path_name(places[index].path));
		return -1;
	}
	return 0;
}

/* Compares one input with all outputs. */
static int
check_input(const char *path, const struct place *places, size_t count, char *err)
{
	struct place input;
	size_t i;

	if (!locate(path, STDIN_FILENO, &input))
		return 0;
	for (i = 0; i < count; i++) {
		if (!is_same(&input, &places[i]))
			continue;
		snprintf(err, ERR_SIZE, "%.200s: an output that would destroy the input %.200s",
		    path_name(places[i].path),
		    strcmp(path, "-") == 0 ? "standard input" : path);
		return -1;
	}
	return 0;
}

int
outputs_check(const struct options *options, const struct inputs *inputs, char *err)
{
	struct place places[PLACES_MAX];
	size_t count = 0, i;

	if (options->write_path != NULL)
		add_place(places, &count, options->write_path);
	for (i = 0; i < options->outputs.count; i++)
		add_place(places, &count, options->outputs.items[i]);
	for (i = 0; i < options->report_count; i++)
		add_place(places, &count, options->reports[i].path);
	for (i = 1; i < count; i++)
		if (check_others(options, places, i, err) != 0)
			return -1;
	for (i = 0; inputs != NULL && i < inputs->file_count; i++)
		if (check_input(inputs->files[i].name, places, count, err) != 0)
			return -1;
	return 0;
}
