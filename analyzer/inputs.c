/*
 * Turns what was given with -r into a list of files, and reads them one after
 * the other. Damage in one file does not keep the next from being read.
 */
#include "analyzer/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
no_memory(char *err)
{
	snprintf(err, ERR_SIZE, "no memory for the list of files");
	return -1;
}

/* Appends a file; `name` belongs to the list from now on, also on failure. */
static int
add_file(struct inputs *in, char *name, uint64_t size, char *err)
{
	struct inputs_file *files;

	files = realloc(in->files, (in->file_count + 1) * sizeof *files);
	if (files == NULL) {
		free(name);
		return no_memory(err);
	}
	in->files = files;
	files += in->file_count++;
	memset(files, 0, sizeof *files);
	files->name = name;
	files->size = size;
	return 0;
}

static char *
join(const char *directory, const char *name)
{
	size_t len = strlen(directory), size = len + strlen(name) + 2;
	const char *slash = len > 0 && directory[len - 1] == '/' ? "" : "/";
	char *path = malloc(size);

	if (path != NULL)
		snprintf(path, size, "%s%s%s", directory, slash, name);
	return path;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* What is in a directory: in the list if it is a capture, else counted. */
static int
add_entry(struct inputs *in, const char *directory, const char *name, char *err)
{
	char *path = join(directory, name);
	struct stat status;
	bool is_file;

	if (path == NULL)
		return no_memory(err);
	is_file = stat(path, &status) == 0 && S_ISREG(status.st_mode);
	if (is_file && access(path, R_OK) != 0) {
		snprintf(err, ERR_SIZE, "cannot open %s: %s", path, strerror(errno));
		free(path);
		return -1;
	}
	if (!is_file || !reader_is_capture(path)) {
		in->skipped_files++;
		free(path);
		return 0;
	}
	return add_file(in, path, (uint64_t)status.st_size, err);
}

static int
add_directory(struct inputs *in, const char *path, char *err)
{
	size_t before = in->file_count;
	struct dirent **entries;
	int count, i, result = 0;
	char *name;

	count = scandir(path, &entries, is_entry, by_name);
	if (count < 0) {
		snprintf(err, ERR_SIZE, "cannot read directory %s: %s", path, strerror(errno));
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (result == 0)
			result = add_entry(in, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	if (result != 0 || in->file_count > before)
		return result;
	name = strdup(path);
	if (name == NULL || add_file(in, name, 0, err) != 0)
		return no_memory(err);
	in->files[before].is_bare_directory = true;
	return 0;
}

static bool
has_stdin(const struct inputs *in)
{
	size_t i;

	for (i = 0; i < in->file_count; i++) {
		if (strcmp(in->files[i].name, "-") == 0)
			return true;
	}
	return false;
}

static int
add_path(struct inputs *in, const char *path, char *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct stat status;
	uint64_t size = 0;
	char *name;
	int result;

	if (is_stdin && has_stdin(in)) {
		snprintf(err, ERR_SIZE, "standard input can be read only once");
		return -1;
	}
	result = is_stdin ? fstat(STDIN_FILENO, &status) : stat(path, &status);
	if (result == 0 && !is_stdin)
		result = access(path, R_OK);
	if (result != 0) {
		snprintf(err, ERR_SIZE, "cannot open %s: %s", path, strerror(errno));
		return -1;
	}
	if (S_ISDIR(status.st_mode) && !is_stdin)
		return add_directory(in, path, err);
	if (S_ISREG(status.st_mode))
		size = (uint64_t)status.st_size;
	name = strdup(path);
	return name == NULL ? no_memory(err) : add_file(in, name, size, err);
}

int
inputs_open(struct inputs *in, const struct inputs_options *options, char *err)
{
	bool is_known = true;
	size_t i;

	memset(in, 0, sizeof *in);
	in->is_resync = options->is_resync;
	in->stop = options->stop;
	for (i = 0; i < options->path_count; i++) {
		if (add_path(in, options->paths[i], err) != 0) {
			inputs_close(in);
			return -1;
		}
	}
	for (i = 0; i < in->file_count; i++) {
		in->total += in->files[i].size;
		is_known = is_known && (in->files[i].size > 0 || in->files[i].is_bare_directory);
	}
	if (!is_known)
		in->total = 0;
	return 0;
}

void
inputs_close(struct inputs *in)
{
	size_t i;

	if (in->is_open)
		reader_close(&in->reader);
	for (i = 0; i < in->file_count; i++)
		free(in->files[i].name);
	free(in->files);
	memset(in, 0, sizeof *in);
}

static void
add_link_type(struct inputs *in, uint32_t link_type)
{
	uint32_t i;

	for (i = 0; i < in->link_type_count; i++) {
		if (in->link_types[i] == link_type)
			return;
	}
	if (in->link_type_count < READER_LINK_TYPES_MAX)
		in->link_types[in->link_type_count++] = link_type;
}

static void
note_format(const struct inputs *in, struct inputs_file *file)
{
	const struct stream_ops *ops = in->reader.stream.ops;

	if (in->reader.format == NULL)
		return;
	snprintf(file->format, sizeof file->format, "%s%s%s", in->reader.format,
	    ops != NULL ? "." : "", ops != NULL ? ops->name : "");
}

/* Keeps what the current file has told, and closes it. */
static void
end_file(struct inputs *in)
{
	struct inputs_file *file = &in->files[in->begun - 1];
	uint32_t i;

	file->counts = in->reader.counts;
	note_format(in, file);
	for (i = 0; i < in->reader.link_type_count; i++)
		add_link_type(in, in->reader.link_types[i]);
	in->ended_size += file->size;
	reader_close(&in->reader);
	in->is_open = false;
}

/* The next file's turn: READER_FRAME when it can be read. */
static enum reader_status
begin_file(struct inputs *in)
{
	struct inputs_file *file = &in->files[in->begun++];

	file->frames_before = in->frames;
	if (file->is_bare_directory) {
		snprintf(in->problem, sizeof in->problem, "no capture in this directory");
		file->counts.damages = 1;
		return READER_DAMAGED;
	}
	if (reader_open(&in->reader, file->name, in->stop, in->problem) != 0)
		return READER_FAILED;
	reader_set_resync(&in->reader, in->is_resync);
	in->is_open = true;
	return READER_FRAME;
}

enum reader_status
inputs_next(struct inputs *in, struct frame *out)
{
	enum reader_status status;

	for (;;) {
		if (in->is_open) {
			status = reader_next(&in->reader, out);
			if (status == READER_FRAME)
				out->ordinal = ++in->frames;
			if (status != READER_END)
				return status;
			end_file(in);
		}
		if (in->begun == in->file_count || (in->stop != NULL && *in->stop != 0))
			return READER_END;
		status = begin_file(in);
		if (status != READER_FRAME)
			return status;
	}
}

const char *
inputs_file(const struct inputs *in)
{
	return in->begun == 0 ? "" : in->files[in->begun - 1].name;
}

const char *
inputs_file_of(const struct inputs *in, uint64_t ordinal)
{
	size_t i = in->begun;

	while (i > 1 && in->files[i - 1].frames_before >= ordinal)
		i--;
	return i == 0 ? "" : in->files[i - 1].name;
}

const char *
inputs_problem(const struct inputs *in)
{
	return in->is_open ? reader_problem(&in->reader) : in->problem;
}

void
inputs_describe(struct inputs *in)
{
	if (in->is_open)
		note_format(in, &in->files[in->begun - 1]);
}

void
inputs_count(const struct inputs *in, struct reader_counts *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < in->file_count; i++)
		reader_counts_add(out, &in->files[i].counts);
	if (in->is_open)
		reader_counts_add(out, &in->reader.counts);
}

uint64_t
inputs_position(const struct inputs *in)
{
	return in->ended_size + (in->is_open ? stream_position(&in->reader.stream) : 0);
}

uint64_t
inputs_total(const struct inputs *in)
{
	return in->total;
}
