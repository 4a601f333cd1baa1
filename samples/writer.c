/*
 * Capture files, byte by byte.
 */
#include "samples/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S_NS UINT64_C(1000000000)

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_ENHANCED_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
};

enum { OPTION_END = 0, OPTION_IF_NAME = 2, OPTION_IF_TSRESOL = 9 };

void
writer_free(struct writer *w)
{
	free(w->bytes);
	*w = (struct writer){ 0 };
}

static bool
make_room(struct writer *w, size_t len)
{
	size_t size = w->size > 0 ? w->size : 4096;
	uint8_t *bytes;

	while (size < w->len + len)
		size *= 2;
	if (w->failed || size == w->size)
		return !w->failed;
	bytes = realloc(w->bytes, size);
	if (bytes == NULL) {
		w->failed = true;
		return false;
	}
	w->bytes = bytes;
	w->size = size;
	return true;
}

void
writer_bytes(struct writer *w, const void *bytes, size_t len)
{
	if (len == 0 || !make_room(w, len))
		return;
	memcpy(w->bytes + w->len, bytes, len);
	w->len += len;
}

void
writer_patch(struct writer *w, size_t at, uint64_t number, unsigned int octets)
{
	unsigned int i, shift;

	if (w->failed || at + octets > w->len) {
		w->failed = true;
		return;
	}
	for (i = 0; i < octets; i++) {
		shift = 8 * (w->is_big_endian ? octets - 1 - i : i);
		w->bytes[at + i] = (uint8_t)(number >> shift);
	}
}

void
writer_uint(struct writer *w, uint64_t number, unsigned int octets)
{
	static const uint8_t zeros[8];

	writer_bytes(w, zeros, octets);
	if (!w->failed)
		writer_patch(w, w->len - octets, number, octets);
}

void
writer_pcap_header(struct writer *w, enum writer_pcap_kind kind, uint32_t snap_len,
    uint32_t link_type)
{
	static const uint32_t magics[] = {
		[WRITER_US] = 0xa1b2c3d4,
		[WRITER_NS] = 0xa1b23c4d,
		[WRITER_KUZNETZOV] = 0xa1b2cd34,
	};

	writer_uint(w, magics[kind], 4);
	writer_uint(w, 2, 2); /* version 2.4 */
	writer_uint(w, 4, 2);
	writer_uint(w, 0, 4);
	writer_uint(w, 0, 4);
	writer_uint(w, snap_len, 4);
	writer_uint(w, link_type, 4);
}

void
writer_pcap_record(struct writer *w, enum writer_pcap_kind kind, const struct writer_frame *frame)
{
	uint64_t fraction = frame->when_ns % S_NS;

	writer_uint(w, frame->when_ns / S_NS, 4);
	writer_uint(w, kind == WRITER_NS ? fraction : fraction / 1000, 4);
	writer_uint(w, frame->captured, 4);
	writer_uint(w, frame->length, 4);
	if (kind == WRITER_KUZNETZOV) {
		writer_uint(w, 2, 4); /* interface index, protocol, packet type, filler */
		writer_uint(w, 0x0800, 2);
		writer_uint(w, 0, 2);
	}
	writer_bytes(w, frame->bytes, frame->captured);
}

static void
pad(struct writer *w)
{
	while (!w->failed && w->len % 4 != 0)
		writer_uint(w, 0, 1);
}

void
writer_block(struct writer *w, uint32_t type, const struct writer *body)
{
	size_t len = 12 + (body->len + 3) / 4 * 4;

	writer_uint(w, type, 4);
	writer_uint(w, len, 4);
	writer_bytes(w, body->bytes, body->len);
	pad(w);
	writer_uint(w, len, 4);
	w->failed |= body->failed;
}

void
writer_section(struct writer *w)
{
	struct writer body = { .is_big_endian = w->is_big_endian };

	writer_uint(&body, 0x1a2b3c4d, 4);
	writer_uint(&body, 1, 2); /* version 1.0 */
	writer_uint(&body, 0, 2);
	writer_uint(&body, UINT64_MAX, 8); /* length not told */
	writer_block(w, BLOCK_SECTION, &body);
	writer_free(&body);
}

static void
put_option(struct writer *body, uint16_t code, const void *value, size_t len)
{
	writer_uint(body, code, 2);
	writer_uint(body, len, 2);
	writer_bytes(body, value, len);
	pad(body);
}

void
writer_interface(struct writer *w, const struct writer_interface *interface)
{
	struct writer body = { .is_big_endian = w->is_big_endian };

	writer_uint(&body, interface->link_type, 2);
	writer_uint(&body, 0, 2);
	writer_uint(&body, interface->snap_len, 4);
	if (interface->name != NULL)
		put_option(&body, OPTION_IF_NAME, interface->name, strlen(interface->name));
	if (interface->resolution != 0)
		put_option(&body, OPTION_IF_TSRESOL, &interface->resolution, 1);
	if (interface->name != NULL || interface->resolution != 0)
		put_option(&body, OPTION_END, NULL, 0);
	writer_block(w, BLOCK_INTERFACE, &body);
	writer_free(&body);
}

/* A time in the ticks of an interface. */
static uint64_t
ticks_of(uint64_t when_ns, uint8_t resolution)
{
	uint64_t ticks_per_s = 1;
	uint8_t digits = resolution == 0 ? 6 : resolution;

	if (resolution & 0x80)
		return when_ns / S_NS << (resolution & 0x7f) |
		    (when_ns % S_NS << (resolution & 0x7f)) / S_NS;
	for (; digits > 0; digits--)
		ticks_per_s *= 10;
	return when_ns / S_NS * ticks_per_s + when_ns % S_NS / (S_NS / ticks_per_s);
}

void
writer_packet(struct writer *w, const struct writer_interface *interface,
    const struct writer_frame *frame)
{
	struct writer body = { .is_big_endian = w->is_big_endian };
	uint64_t ticks = ticks_of(frame->when_ns, interface->resolution);

	writer_uint(&body, frame->interface, 4);
	writer_uint(&body, ticks >> 32, 4);
	writer_uint(&body, ticks & UINT32_MAX, 4);
	writer_uint(&body, frame->captured, 4);
	writer_uint(&body, frame->length, 4);
	writer_bytes(&body, frame->bytes, frame->captured);
	writer_block(w, BLOCK_ENHANCED_PACKET, &body);
	writer_free(&body);
}

void
writer_simple_packet(struct writer *w, const struct writer_frame *frame)
{
	struct writer body = { .is_big_endian = w->is_big_endian };

	writer_uint(&body, frame->length, 4);
	writer_bytes(&body, frame->bytes, frame->captured);
	writer_block(w, BLOCK_SIMPLE_PACKET, &body);
	writer_free(&body);
}

int
writer_save(const struct writer *w, const char *path)
{
	FILE *file;
	int result = 0;

	if (w->failed) {
		errno = ENOMEM;
		return -1;
	}
	file = fopen(path, "wb");
	if (file == NULL)
		return -1;
	if (w->len > 0 && fwrite(w->bytes, 1, w->len, file) != w->len)
		result = -1;
	if (fclose(file) != 0)
		result = -1;
	return result;
}
