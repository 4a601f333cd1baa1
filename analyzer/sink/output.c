/*
 * Buffered lines over write(2). The buffer only ever holds whole lines, so
 * after a failure the last newline that reached the file is where it is cut.
 * No rotation, no fsync: what the kernel took counts as written.
 */
#include "analyzer/sink/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/log.h"

#define BUFFER_SIZE 65536

struct output {
	int fd;
	bool is_regular;  /* can be cut back */
	bool is_terminal;
	bool failed;
	bool has_content;
	char *path;       /* as given, for messages */
	size_t used;      /* bytes in the buffer */
	char buffer[BUFFER_SIZE];
};

/*
 * A copy of standard output's descriptor: it can be closed to learn of a late
 * error (as on NFS) and the number 1 stays taken.
 */
static int
open_fd(const char *path)
{
	if (strcmp(path, "-") == 0)
		return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
}

struct output *
output_open(const char *path, char *err)
{
	struct output *output = calloc(1, sizeof(*output));
	struct stat status;

	if (output == NULL || (output->path = strdup(path)) == NULL) {
		snprintf(err, ERR_SIZE, "no memory for output");
		free(output);
		return NULL;
	}
	output->fd = open_fd(path);
	if (output->fd < 0) {
		snprintf(err, ERR_SIZE, "%s: %s", path, strerror(errno));
		free(output->path);
		free(output);
		return NULL;
	}
	output->is_regular = fstat(output->fd, &status) == 0 && S_ISREG(status.st_mode);
	output->is_terminal = isatty(output->fd) == 1;
	return output;
}

/* Waits until a descriptor that somebody made non-blocking takes more. */
static bool
wait_writable(int fd)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };
	int ready;

	do {
		ready = poll(&writable, 1, -1);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/* How much of `lines` was written; less than `len` leaves the reason in errno. */
static size_t
write_all(int fd, const char *lines, size_t len)
{
	size_t done = 0;
	ssize_t count;

	while (done < len) {
		count = write(fd, lines + done, len - done);
		if (count >= 0)
			done += (size_t)count;
		else if (errno != EINTR && !(errno == EAGAIN && wait_writable(fd)))
			break;
	}
	return done;
}

/* Takes the unfinished line at the end of the `done` bytes out of the file. */
static void
cut_back(const struct output *output, const char *lines, size_t done)
{
	size_t tail = 0;
	off_t end;

	while (tail < done && lines[done - tail - 1] != '\n')
		tail++;
	end = lseek(output->fd, 0, SEEK_CUR);
	if (tail == 0 || end < (off_t)tail)
		return;
	end -= (off_t)tail;
	if (ftruncate(output->fd, end) == 0)
		(void)lseek(output->fd, end, SEEK_SET);
}

static int
report_failure(struct output *output, const char *reason, char *err)
{
	const char *name = strcmp(output->path, "-") == 0 ? "standard output" : output->path;

	output->failed = true;
	output->used = 0;
	snprintf(err, ERR_SIZE, "%s: %s; output was lost", name, reason);
	return -1;
}

static int
write_lines(struct output *output, const char *lines, size_t len, char *err)
{
	size_t done = write_all(output->fd, lines, len);
	int reason = errno;

	if (done == len)
		return 0;
	if (output->is_regular)
		cut_back(output, lines, done);
	return report_failure(output, strerror(reason), err);
}

int
output_flush(struct output *output, char *err)
{
	size_t len = output->used;

	if (output->failed)
		return report_failure(output, "an earlier write failed", err);
	output->used = 0;
	return write_lines(output, output->buffer, len, err);
}

int
output_write(struct output *output, const char *lines, size_t len, char *err)
{
	if (output->failed)
		return report_failure(output, "an earlier write failed", err);
	output->has_content = true;
	if (len > BUFFER_SIZE - output->used && output_flush(output, err) != 0)
		return -1;
	if (len > BUFFER_SIZE)
		return write_lines(output, lines, len, err);
	memcpy(output->buffer + output->used, lines, len);
	output->used += len;
	return 0;
}

int
output_close(struct output *output, char *err)
{
	int result;

	if (output == NULL)
		return 0;
	result = output->failed ? -1 : 0;
	if (result == 0)
		result = output_flush(output, err);
	else
		report_failure(output, "an earlier write failed", err);
	if (close(output->fd) != 0 && result == 0)
		result = report_failure(output, strerror(errno), err);
	free(output->path);
	free(output);
	return result;
}

bool
output_is_terminal(const struct output *output)
{
	return output->is_terminal;
}

bool
output_has_failed(const struct output *output)
{
	return output->failed;
}

bool
output_is_empty(const struct output *output)
{
	return !output->has_content;
}

const char *
output_path(const struct output *output)
{
	return output->path;
}
