/*
 * Captures built byte by byte for tests, right or wrong in any place, and the
 * files that hold them. Running out of room or disk fails the test.
 */
#ifndef TESTS_CAPTURE_BYTES_H
#define TESTS_CAPTURE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture_bytes {
	uint8_t *at;
	size_t len, size;
	bool is_swapped; /* numbers are written in the other byte order */
};

void capture_init(struct capture_bytes *bytes);
void capture_free(struct capture_bytes *bytes);

void capture_put(struct capture_bytes *bytes, const void *data, size_t len);
void capture_fill(struct capture_bytes *bytes, uint8_t value, size_t len);
void capture_u16(struct capture_bytes *bytes, uint16_t value);
void capture_u32(struct capture_bytes *bytes, uint32_t value);

/* A pcap file header, version 2.4, snap length 65535. */
void capture_pcap(struct capture_bytes *bytes, uint32_t magic, uint32_t link_field);

/* A usual record of `len` bytes, each the low octet of `number`. */
void capture_record(struct capture_bytes *bytes, uint32_t s, uint32_t fraction, uint32_t len,
    uint32_t number);

/* A whole usual pcap (us, Ethernet) of `count` records a second apart. */
void capture_usual(struct capture_bytes *bytes, uint32_t count, uint32_t len);

/* pcapng: a block around `body`, padded; and the blocks with packets in them. */
void capture_block(struct capture_bytes *bytes, uint32_t type, const struct capture_bytes *body);
void capture_section(struct capture_bytes *bytes);
void capture_interface(struct capture_bytes *bytes, uint16_t link_type, uint32_t snap_len,
    const struct capture_bytes *options);
void capture_enhanced(struct capture_bytes *bytes, uint32_t interface, uint64_t ticks,
    uint32_t len, uint32_t number);

/* An option, padded; call it on the list that becomes a block's options. */
void capture_option(struct capture_bytes *options, uint16_t code, const void *value,
    uint16_t len);

/*
 * Writes the bytes to a new file and returns its name, which the fourth call
 * after this overwrites. capture_forget() removes the file.
 */
const char *capture_file(const void *data, size_t len);
void capture_forget(const char *path);

/* Makes the bytes, at most a pipe's capacity, what standard input gives. */
void capture_to_stdin(const void *data, size_t len);

#endif
