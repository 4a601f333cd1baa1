/*
 * Runs a fuzz target over files, so that its corpus is an ordinary test under
 * any compiler.
 *
 * usage: replay_TARGET FILE|DIRECTORY...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Runs one file; false when it cannot be read. */
static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat stat_buffer;
	uint8_t *data = NULL;
	size_t size = 0;
	int result = -1;

	if (file == NULL || fstat(fileno(file), &stat_buffer) != 0)
		goto out;
	size = (size_t)stat_buffer.st_size;
	data = malloc(size > 0 ? size : 1);
	if (data == NULL || fread(data, 1, size, file) != size)
		goto out;
	LLVMFuzzerTestOneInput(data, size);
	result = 0;
out:
	if (result != 0)
		perror(path);
	free(data);
	if (file != NULL)
		fclose(file);
	return result;
}

/* Runs all of a directory; how many, or -1. */
static int
replay_directory(const char *directory)
{
	DIR *handle = opendir(directory);
	const struct dirent *entry;
	char path[PATH_SIZE];
	int count = 0;

	if (handle == NULL) {
		perror(directory);
		return -1;
	}
	while ((entry = readdir(handle)) != NULL && count >= 0) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		count = replay_file(path) == 0 ? count + 1 : -1;
	}
	closedir(handle);
	return count;
}

int
main(int argc, char **argv)
{
	struct stat stat_buffer;
	int i, count, total = 0;

	for (i = 1; i < argc; i++) {
		if (stat(argv[i], &stat_buffer) == 0 && S_ISDIR(stat_buffer.st_mode))
			count = replay_directory(argv[i]);
		else
			count = replay_file(argv[i]) == 0 ? 1 : -1;
		if (count < 0)
			return 1;
		total += count;
	}
	printf("%s: %d inputs passed\n", argv[0], total);
	return total > 0 ? 0 : 1;
}
