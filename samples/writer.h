/*
 * Writes capture files byte by byte: pcap in its variants and pcapng, in both
 * byte orders. It writes what it is told, also what no capture program would,
 * and keeps the file in memory so that a scenario can damage it.
 */
#ifndef SAMPLES_WRITER_H
#define SAMPLES_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A record to be: its bytes are the caller's. */
struct writer_frame {
	uint64_t when_ns;
	const uint8_t *bytes;
	uint32_t captured, length;
	uint32_t interface; /* pcapng: of its section */
};

enum writer_pcap_kind {
	WRITER_US,
	WRITER_NS,
	WRITER_KUZNETZOV, /* with interface, protocol and packet type */
};

struct writer_interface {
	uint32_t link_type, snap_len;
	uint8_t resolution; /* if_tsresol: 6, 9, or 0x80 | power of two; 0: no option */
	const char *name;   /* or NULL */
};

struct writer {
	uint8_t *bytes;
	size_t len, size;
	bool is_big_endian;
	bool failed; /* no memory */
};

void writer_free(struct writer *w);

/* Appends. Numbers are in the file's byte order. */
void writer_bytes(struct writer *w, const void *bytes, size_t len);
void writer_uint(struct writer *w, uint64_t number, unsigned int octets);

/* Overwrites what is there. */
void writer_patch(struct writer *w, size_t at, uint64_t number, unsigned int octets);

void writer_pcap_header(struct writer *w, enum writer_pcap_kind kind, uint32_t snap_len,
    uint32_t link_type);
void writer_pcap_record(struct writer *w, enum writer_pcap_kind kind,
    const struct writer_frame *frame);

/* Any pcapng block; the body is padded to 32 bits. */
void writer_block(struct writer *w, uint32_t type, const struct writer *body);
void writer_section(struct writer *w);
void writer_interface(struct writer *w, const struct writer_interface *interface);
void writer_packet(struct writer *w, const struct writer_interface *interface,
    const struct writer_frame *frame);
/* Without a time and an interface: it is the section's first. */
void writer_simple_packet(struct writer *w, const struct writer_frame *frame);

/* Writes the file. 0, or -1 with errno set. */
int writer_save(const struct writer *w, const char *path);

#endif
