/*
 * Zstandard (RFC 8878) by libzstd: the only file that knows it. Windows above
 * 128 MiB (zstd --long=28 and more) are refused, as zstd itself does.
 */
#include <stdio.h>
#include <zstd.h>

#include "analyzer/stream.h"

static void *
zstd_open(void)
{
	return ZSTD_createDStream();
}

static enum stream_state
zstd_read(void *codec, struct stream_step *step, char *reason)
{
	ZSTD_inBuffer in = { step->in, step->in_len, 0 };
	ZSTD_outBuffer out = { step->out, step->out_len, 0 };
	size_t hint = ZSTD_decompressStream(codec, &out, &in);

	step->in += in.pos;
	step->in_len -= in.pos;
	step->out += out.pos;
	step->out_len -= out.pos;
	if (ZSTD_isError(hint)) {
		snprintf(reason, STREAM_REASON_SIZE, "%s", ZSTD_getErrorName(hint));
		return STREAM_BROKEN;
	}
	if (hint == 0)
		return STREAM_BETWEEN;
	return STREAM_INSIDE;
}

static void
zstd_close(void *codec)
{
	ZSTD_freeDStream(codec);
}

const struct stream_ops stream_zstd = {
	.name = "zstd",
	.magic = { 0x28, 0xb5, 0x2f, 0xfd },
	.magic_len = 4,
	.open = zstd_open,
	.read = zstd_read,
	.close = zstd_close,
};
