/*
 * Captures built byte by byte, and the files that hold them.
 */
#include "tests/capture_bytes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES 4

static void
give_up(const char *what)
{
	perror(what);
	abort();
}

void
capture_init(struct capture_bytes *bytes)
{
	memset(bytes, 0, sizeof *bytes);
}

void
capture_free(struct capture_bytes *bytes)
{
	free(bytes->at);
	capture_init(bytes);
}

static uint8_t *
grow(struct capture_bytes *bytes, size_t len)
{
	if (bytes->size - bytes->len < len) {
		bytes->size = (bytes->len + len) * 2;
		bytes->at = realloc(bytes->at, bytes->size);
		if (bytes->at == NULL)
			give_up("realloc");
	}
	bytes->len += len;
	return bytes->at + bytes->len - len;
}

void
capture_put(struct capture_bytes *bytes, const void *data, size_t len)
{
	if (len > 0)
		memcpy(grow(bytes, len), data, len);
}

void
capture_fill(struct capture_bytes *bytes, uint8_t value, size_t len)
{
	if (len > 0)
		memset(grow(bytes, len), value, len);
}

void
capture_u16(struct capture_bytes *bytes, uint16_t value)
{
	if (bytes->is_swapped)
		value = (uint16_t)(value << 8 | value >> 8);
	capture_put(bytes, &value, sizeof value);
}

void
capture_u32(struct capture_bytes *bytes, uint32_t value)
{
	if (bytes->is_swapped)
		value = __builtin_bswap32(value);
	capture_put(bytes, &value, sizeof value);
}

void
capture_pcap(struct capture_bytes *bytes, uint32_t magic, uint32_t link_field)
{
	capture_u32(bytes, magic);
	capture_u16(bytes, 2);
	capture_u16(bytes, 4);
	capture_u32(bytes, 0);
	capture_u32(bytes, 0);
	capture_u32(bytes, 65535);
	capture_u32(bytes, link_field);
}

void
capture_record(struct capture_bytes *bytes, uint32_t s, uint32_t fraction, uint32_t len,
    uint32_t number)
{
	capture_u32(bytes, s);
	capture_u32(bytes, fraction);
	capture_u32(bytes, len);
	capture_u32(bytes, len);
	capture_fill(bytes, (uint8_t)number, len);
}

void
capture_usual(struct capture_bytes *bytes, uint32_t count, uint32_t len)
{
	uint32_t i;

	capture_pcap(bytes, 0xa1b2c3d4, 1);
	for (i = 1; i <= count; i++)
		capture_record(bytes, 1700000000 + i, i, len, i);
}

void
capture_block(struct capture_bytes *bytes, uint32_t type, const struct capture_bytes *body)
{
	uint32_t padding = (uint32_t)(4 - body->len % 4) % 4;
	uint32_t len = (uint32_t)body->len + padding + 12;

	capture_u32(bytes, type);
	capture_u32(bytes, len);
	capture_put(bytes, body->at, body->len);
	capture_fill(bytes, 0, padding);
	capture_u32(bytes, len);
}

void
capture_section(struct capture_bytes *bytes)
{
	struct capture_bytes body;

	capture_init(&body);
	body.is_swapped = bytes->is_swapped;
	capture_u32(&body, 0x1a2b3c4d);
	capture_u16(&body, 1);
	capture_u16(&body, 0);
	capture_fill(&body, 0xff, 8); /* section length not known */
	capture_block(bytes, 0x0a0d0d0a, &body);
	capture_free(&body);
}

void
capture_interface(struct capture_bytes *bytes, uint16_t link_type, uint32_t snap_len,
    const struct capture_bytes *options)
{
	struct capture_bytes body;

	capture_init(&body);
	body.is_swapped = bytes->is_swapped;
	capture_u16(&body, link_type);
	capture_u16(&body, 0);
	capture_u32(&body, snap_len);
	if (options != NULL)
		capture_put(&body, options->at, options->len);
	capture_block(bytes, 1, &body);
	capture_free(&body);
}

void
capture_enhanced(struct capture_bytes *bytes, uint32_t interface, uint64_t ticks, uint32_t len,
    uint32_t number)
{
	struct capture_bytes body;

	capture_init(&body);
	body.is_swapped = bytes->is_swapped;
	capture_u32(&body, interface);
	capture_u32(&body, (uint32_t)(ticks >> 32));
	capture_u32(&body, (uint32_t)ticks);
	capture_u32(&body, len);
	capture_u32(&body, len);
	capture_fill(&body, (uint8_t)number, len);
	capture_block(bytes, 6, &body);
	capture_free(&body);
}

void
capture_option(struct capture_bytes *options, uint16_t code, const void *value, uint16_t len)
{
	capture_u16(options, code);
	capture_u16(options, len);
	capture_put(options, value, len);
	capture_fill(options, 0, (4 - len % 4U) % 4);
}

const char *
capture_file(const void *data, size_t len)
{
	static char names[NAMES][64];
	static unsigned int turn;
	char *name = names[turn++ % NAMES];
	int fd;

	snprintf(name, sizeof names[0], "/tmp/icmpscope-test-XXXXXX");
	fd = mkstemp(name);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd) != 0)
		give_up(name);
	return name;
}

void
capture_forget(const char *path)
{
	unlink(path);
}

void
capture_to_stdin(const void *data, size_t len)
{
	int ends[2];

	if (pipe(ends) != 0 || fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0 ||
	    write(ends[1], data, len) != (ssize_t)len || dup2(ends[0], STDIN_FILENO) < 0)
		give_up("pipe");
	close(ends[0]);
	close(ends[1]);
}
