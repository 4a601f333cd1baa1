/*
 * gzip (RFC 1952) by zlib: the only file that knows it.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

#include "analyzer/stream.h"

#define GZIP_ONLY 16 /* inflateInit2: expect gzip's header, not zlib's */

static void *
gzip_open(void)
{
	z_stream *z = calloc(1, sizeof *z);

	if (z != NULL && inflateInit2(z, MAX_WBITS + GZIP_ONLY) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static uInt
at_most(size_t len)
{
	return len > UINT_MAX ? UINT_MAX : (uInt)len;
}

static enum stream_state
gzip_read(void *codec, struct stream_step *step, char *reason)
{
	z_stream *z = codec;
	uInt in_len = at_most(step->in_len), out_len = at_most(step->out_len);
	int result;

	z->next_in = step->in;
	z->avail_in = in_len;
	z->next_out = step->out;
	z->avail_out = out_len;
	result = inflate(z, Z_NO_FLUSH);
	step->in += in_len - z->avail_in;
	step->in_len -= in_len - z->avail_in;
	step->out += out_len - z->avail_out;
	step->out_len -= out_len - z->avail_out;
	if (result == Z_STREAM_END && inflateReset(z) == Z_OK)
		return STREAM_BETWEEN;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return STREAM_INSIDE;
	snprintf(reason, STREAM_REASON_SIZE, "%s", z->msg != NULL ? z->msg : zError(result));
	return STREAM_BROKEN;
}

static void
gzip_close(void *codec)
{
	inflateEnd(codec);
	free(codec);
}

const struct stream_ops stream_gzip = {
	.name = "gzip",
	.magic = { 0x1f, 0x8b },
	.magic_len = 2,
	.open = gzip_open,
	.read = gzip_read,
	.close = gzip_close,
};
