/*
 * Blocks of pcapng, in the octet order of the machine, as its magic number says.
 */
#include "analyzer/evidence_file.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/sandbox.h"

/* Block types, option codes: draft-ietf-opsawg-pcapng 4, 3.5. */
#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET 6u
#define OPTION_END 0
#define OPTION_COMMENT 1
#define OPTION_NAME 2        /* of an interface */
#define OPTION_APPLICATION 4 /* that wrote the section */
#define OPTION_RESOLUTION 9
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define NANOSECONDS 9        /* a power of ten */

#define FILE_MODE 0640
#define HEAD_SIZE 28         /* the longest, of a packet */
#define OPTIONS_SIZE 1024
#define OPTION_MAX 480       /* octets of one, the rest is cut */

/* Options that are put together. */
struct options_block {
	uint8_t bytes[OPTIONS_SIZE];
	size_t len;
};

static size_t
padding(size_t len)
{
	return (4 - len % 4) % 4;
}

static void
add_option(struct options_block *options, uint16_t code, const void *value, size_t len)
{
	uint16_t head[2] = { code, (uint16_t)(len < OPTION_MAX ? len : OPTION_MAX) };

	if (options->len + sizeof(head) + head[1] + padding(head[1]) > sizeof(options->bytes))
		return;
	memcpy(options->bytes + options->len, head, sizeof(head));
	options->len += sizeof(head);
	if (head[1] > 0)
		memcpy(options->bytes + options->len, value, head[1]);
	memset(options->bytes + options->len + head[1], 0, padding(head[1]));
	options->len += head[1] + padding(head[1]);
}

static void
add_text(struct options_block *options, uint16_t code, const char *text)
{
	if (text != NULL)
		add_option(options, code, text, strlen(text));
}

/* Takes what may have been written of a block out of the file, and closes it. */
static enum evidence_status
fail(struct evidence_file *file)
{
	int reason = errno;

	if (ftruncate(file->fd, file->end) == 0)
		(void)lseek(file->fd, file->end, SEEK_SET);
	(void)close(file->fd);
	file->fd = -1;
	errno = reason;
	return EVIDENCE_FAILED;
}

static bool
put(const struct evidence_file *file, const void *bytes, size_t len)
{
	ssize_t written = len > 0 ? write(file->fd, bytes, len) : 0;

	if (written >= 0 && (size_t)written < len)
		errno = ENOSPC; /* the rest would be told so */
	return written >= 0 && (size_t)written == len;
}

/*
 * Writes a block: `head`, whose second word is for the length; then data and
 * options, and the length again.
 */
static enum evidence_status
write_block(struct evidence_file *file, uint32_t *head, size_t head_len, const void *data,
    uint32_t data_len, const struct options_block *options)
{
	uint8_t tail[OPTIONS_SIZE + 2 * sizeof(uint32_t)] = { 0 }; /* begins with padding */
	size_t options_at = padding(data_len), length_at = options_at + options->len;
	size_t tail_len = length_at + sizeof(head[1]);

	head[1] = (uint32_t)(head_len + data_len + tail_len);
	memcpy(tail + options_at, options->bytes, options->len);
	memcpy(tail + length_at, &head[1], sizeof(head[1]));
	if (!put(file, head, head_len) || !put(file, data, data_len) ||
	    !put(file, tail, tail_len))
		return fail(file);
	file->end += (off_t)head[1];
	return EVIDENCE_OK;
}

static enum evidence_status
write_section(struct evidence_file *file, const char *comment, const char *application)
{
	/* Version 1.0, a section of unknown length. */
	const uint16_t version[2] = { 1, 0 };
	uint32_t head[6] = { BLOCK_SECTION, 0, BYTE_ORDER_MAGIC, 0, UINT32_MAX, UINT32_MAX };
	struct options_block options = { .len = 0 };

	memcpy(&head[3], version, sizeof(version));
	add_text(&options, OPTION_COMMENT, comment);
	add_text(&options, OPTION_APPLICATION, application);
	add_option(&options, OPTION_END, NULL, 0);
	return write_block(file, head, sizeof(head), NULL, 0, &options);
}

static enum evidence_status
write_interface(struct evidence_file *file, uint32_t link_type, const char *name)
{
	const uint16_t link[2] = { (uint16_t)link_type, 0 };
	const uint8_t resolution = NANOSECONDS;
	uint32_t head[4] = { BLOCK_INTERFACE, 0, 0, 0 }; /* no snap length */
	struct options_block options = { .len = 0 };

	memcpy(&head[2], link, sizeof(link));
	add_text(&options, OPTION_NAME, name);
	add_option(&options, OPTION_RESOLUTION, &resolution, sizeof(resolution));
	add_option(&options, OPTION_END, NULL, 0);
	return write_block(file, head, sizeof(head), NULL, 0, &options);
}

/*
 * The interface of that link type and name, made if need be. Without room for
 * more, another of the same link type stands for it; -1 when there is none.
 */
static int
find_interface(struct evidence_file *file, uint32_t link_type, const char *name)
{
	struct evidence_interface *interface = file->interfaces;
	int similar = -1;
	uint32_t i;

	for (i = 0; i < file->interface_count; i++, interface++) {
		if (interface->link_type != link_type)
			continue;
		if (interface->name == name || (interface->name != NULL && name != NULL &&
		    strcmp(interface->name, name) == 0))
			return (int)i;
		similar = (int)i;
	}
	if (i == EVIDENCE_INTERFACES_MAX)
		return similar;
	if (write_interface(file, link_type, name) != EVIDENCE_OK)
		return -1;
	*interface = (struct evidence_interface){ link_type, name };
	file->interface_count++;
	return (int)i;
}

enum evidence_status
evidence_file_create(struct evidence_file *file, int directory, const char *name,
    const char *comment, const char *application)
{
	*file = (struct evidence_file){ .fd = openat(directory, name, SANDBOX_CREATE,
	    FILE_MODE) };
	if (file->fd == -1)
		return errno == EEXIST ? EVIDENCE_EXISTS : EVIDENCE_FAILED;
	return write_section(file, comment, application);
}

enum evidence_status
evidence_file_write(struct evidence_file *file, const struct frame *frame, const char *source,
    const char *comment)
{
	int interface = find_interface(file, frame->link_type, source);
	uint32_t head[HEAD_SIZE / 4] = { BLOCK_PACKET, 0, (uint32_t)interface,
		(uint32_t)(frame->when_ns >> 32), (uint32_t)frame->when_ns, frame->captured,
		frame->length };
	struct options_block options = { .len = 0 };

	if (interface == -1)
		return file->fd == -1 ? EVIDENCE_FAILED : EVIDENCE_OK;
	if (comment != NULL) {
		add_text(&options, OPTION_COMMENT, comment);
		add_option(&options, OPTION_END, NULL, 0);
	}
	return write_block(file, head, sizeof(head), frame->bytes, frame->captured, &options);
}

enum evidence_status
evidence_file_close(struct evidence_file *file)
{
	int fd = file->fd;

	file->fd = -1;
	return fd == -1 || close(fd) == 0 ? EVIDENCE_OK : EVIDENCE_FAILED;
}
