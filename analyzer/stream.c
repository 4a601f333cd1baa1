/*
 * Where a capture's bytes come from. The decompressors are told apart by
 * magic bytes, never by a file's name, and share one loop here: it feeds them,
 * reads on through concatenated members and frames, and bounds what comes out.
 */
#include "analyzer/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_SIZE ((size_t)256 << 10) /* compressed bytes held at a time */
#define MAGIC_SIZE 4                   /* the longest magic */

static const struct stream_ops *const codecs[] = {
	&stream_gzip,
	&stream_zstd,
	&stream_lz4,
};

int
stream_open(struct stream *s, const char *path, const volatile sig_atomic_t *stop, char *err)
{
	struct stat status;

	memset(s, 0, sizeof *s);
	s->stop = stop;
	if (strcmp(path, "-") == 0)
		s->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0 || fstat(s->fd, &status) != 0) {
		snprintf(err, ERR_SIZE, "cannot open %s: %s", path, strerror(errno));
		goto fail;
	}
	if (S_ISDIR(status.st_mode)) {
		snprintf(err, ERR_SIZE, "cannot read %s: it is a directory", path);
		goto fail;
	}
	if (S_ISREG(status.st_mode) && status.st_size > 0)
		s->total = (uint64_t)status.st_size;
	return 0;
fail:
	stream_close(s);
	return -1;
}

void
stream_close(struct stream *s)
{
	if (s->codec != NULL)
		s->ops->close(s->codec);
	free(s->input);
	if (s->fd >= 0)
		close(s->fd);
	s->codec = NULL;
	s->input = NULL;
	s->fd = -1;
	s->is_ended = true;
}

static bool
should_stop(struct stream *s)
{
	if (s->stop == NULL || *s->stop == 0)
		return false;
	s->is_stopped = true;
	return true;
}

/* Bytes as they are in the file, or 0 at its end, on `stop` or on an error. */
static size_t
read_file(struct stream *s, uint8_t *out, size_t len)
{
	ssize_t got;

	for (;;) {
		if (should_stop(s))
			return 0;
		got = read(s->fd, out, len);
		if (got >= 0)
			break;
		if (errno == EINTR)
			continue;
		snprintf(s->problem, sizeof s->problem, "read error at byte %" PRIu64 ": %s",
		    s->position, strerror(errno));
		return 0;
	}
	s->position += (uint64_t)got;
	return (size_t)got;
}

/* Refills the compressed bytes, which must have been used up. */
static bool
refill(struct stream *s)
{
	s->input_next = 0;
	s->input_end = read_file(s, s->input, INPUT_SIZE);
	return s->input_end > 0;
}

/* Compressed bytes that the codec has taken. */
static uint64_t
used_bytes(const struct stream *s)
{
	return s->position - (s->input_end - s->input_next);
}

static void
start_codec(struct stream *s, const uint8_t *head, size_t len)
{
	s->input = malloc(INPUT_SIZE);
	s->codec = s->ops->open();
	if (s->input == NULL || s->codec == NULL) {
		snprintf(s->problem, sizeof s->problem, "no memory to decompress %s data",
		    s->ops->name);
		s->is_ended = true;
		return;
	}
	memcpy(s->input, head, len);
	s->input_end = len;
}

/*
 * Looks at the first bytes and decides how the rest is read. Those of a plain
 * file are the caller's already; their number is returned.
 */
static size_t
start(struct stream *s, uint8_t *out)
{
	size_t len = 0, i;

	s->is_started = true;
	while (len < MAGIC_SIZE) {
		size_t got = read_file(s, out + len, MAGIC_SIZE - len);

		if (got == 0)
			break;
		len += got;
	}
	for (i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
		if (len < codecs[i]->magic_len ||
		    memcmp(out, codecs[i]->magic, codecs[i]->magic_len) != 0)
			continue;
		s->ops = codecs[i];
		start_codec(s, out, len);
		return 0;
	}
	s->is_ended = len < MAGIC_SIZE;
	return len;
}

static void
damaged(struct stream *s, const char *reason)
{
	snprintf(s->problem, sizeof s->problem, "%s data near compressed byte %" PRIu64 ": %s",
	    s->ops->name, used_bytes(s), reason);
	s->is_damaged = true;
	s->is_ended = true;
}

/* The compressed file is at its end: was that a good place? */
static void
finish(struct stream *s)
{
	s->is_ended = true;
	if (s->state != STREAM_BETWEEN && !s->is_stopped && s->problem[0] == '\0')
		damaged(s, "cut short");
}

static bool
is_bomb(const struct stream *s, size_t made)
{
	uint64_t produced = s->produced + made;

	return produced > STREAM_RATIO_FROM && produced / STREAM_RATIO_MAX > used_bytes(s);
}

/*
 * A codec may hold finished bytes back for which there was no room, so it is
 * asked once more after the last of its input.
 */
static void
decompress(struct stream *s, struct stream_step *step)
{
	char reason[STREAM_REASON_SIZE] = "";
	const size_t room = step->out_len;
	bool is_last = false;

	while (step->out_len == room) {
		if (s->input_next == s->input_end && !refill(s)) {
			if (is_last || s->is_stopped || s->state == STREAM_BETWEEN) {
				finish(s);
				return;
			}
			is_last = true;
		}
		step->in = s->input + s->input_next;
		step->in_len = s->input_end - s->input_next;
		s->state = s->ops->read(s->codec, step, reason);
		s->input_next = s->input_end - step->in_len;
		if (s->state == STREAM_BROKEN) {
			damaged(s, reason);
			break;
		}
	}
	if (is_bomb(s, room - step->out_len))
		damaged(s, "it unpacks to more than 1000 times its size: a decompression bomb?");
}

size_t
stream_read(struct stream *s, uint8_t *out, size_t len)
{
	struct stream_step step = { .out = out, .out_len = len };
	size_t got = 0;

	if (!s->is_started)
		got = start(s, out);
	if (got == 0 && !s->is_ended) {
		if (s->codec != NULL) {
			decompress(s, &step);
			got = len - step.out_len;
		} else {
			got = read_file(s, out, len);
		}
	}
	if (got == 0)
		s->is_ended = true;
	s->produced += got;
	return got;
}
