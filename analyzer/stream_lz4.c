/*
 * LZ4 frames by liblz4: the only file that knows it. The legacy format
 * (lz4 -l) is not read.
 */
#include <lz4frame.h>
#include <stdio.h>

#include "analyzer/stream.h"

static void *
lz4_open(void)
{
	LZ4F_dctx *context = NULL;

	if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
		return NULL;
	return context;
}

static enum stream_state
lz4_read(void *codec, struct stream_step *step, char *reason)
{
	size_t in_len = step->in_len, out_len = step->out_len;
	size_t hint = LZ4F_decompress(codec, step->out, &out_len, step->in, &in_len, NULL);

	if (LZ4F_isError(hint)) {
		snprintf(reason, STREAM_REASON_SIZE, "%s", LZ4F_getErrorName(hint));
		return STREAM_BROKEN;
	}
	step->in += in_len;
	step->in_len -= in_len;
	step->out += out_len;
	step->out_len -= out_len;
	if (hint == 0)
		return STREAM_BETWEEN;
	return STREAM_INSIDE;
}

static void
lz4_close(void *codec)
{
	LZ4F_freeDecompressionContext(codec);
}

const struct stream_ops stream_lz4 = {
	.name = "lz4",
	.magic = { 0x04, 0x22, 0x4d, 0x18 },
	.magic_len = 4,
	.open = lz4_open,
	.read = lz4_read,
	.close = lz4_close,
};
