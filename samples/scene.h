/*
 * A scenario and the scene it is played in: frames with their times, sent with
 * few words. Everything follows from the scenario alone, so a sample is the
 * same bytes on every machine.
 */
#ifndef SAMPLES_SCENE_H
#define SAMPLES_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples/writer.h"
#include "tests/wire.h"

#define SCENE_START_S UINT64_C(1767258000) /* 2026-01-01 09:00:00 UTC */
#define SCENE_BUFFERS 32
#define SCENE_BUFFER_SIZE 70000
#define SCENE_SNAP_LEN 262144
#define MS 1000 /* in the microseconds of scene_wait */
#define SECOND 1000000

/* LINKTYPE_ numbers. */
enum {
	LINK_TYPE_NULL = 0,
	LINK_TYPE_ETHERNET = 1,
	LINK_TYPE_PPP = 9,
	LINK_TYPE_RAW = 101,
	LINK_TYPE_CISCO_HDLC = 104,
	LINK_TYPE_LOOP = 108,
	LINK_TYPE_SLL = 113,
	LINK_TYPE_RAW_IPV4 = 228,
	LINK_TYPE_RAW_IPV6 = 229,
	LINK_TYPE_SLL2 = 276,
};

struct scene;

struct scenario {
	const char *file;   /* NULL ends a table */
	const char *shows;
	void (*play)(struct scene *s);
	uint32_t link_type; /* of the file */
	uint32_t snap_len;  /* 0: whole frames */
	/* Puts the headers in front of an IP packet of `version`; NULL: Ethernet. */
	void (*wrap)(struct wire *w, uint8_t version);
	/* Writes the file; NULL: pcap, microseconds, lowest octet first. */
	void (*write)(const struct scene *s, struct writer *w);
	/* What happens to the file afterwards, or NULL. */
	void (*damage)(struct writer *w);
};

struct scene {
	const struct scenario *scenario;
	uint64_t now_ns; /* of the next frame */
	uint64_t random;
	uint16_t ip_id;
	struct writer_frame *frames;
	size_t frame_count, frame_size;
	uint8_t *buffers[SCENE_BUFFERS];
	unsigned int next_buffer;
	bool failed;
};

/* 0, or -1 when there is no memory; scene_free in both cases. */
int scene_init(struct scene *s, const struct scenario *scenario);
void scene_free(struct scene *s);

/* Puts the frames in the order of their times; equal times keep theirs. */
void scene_sort(struct scene *s);

/* An empty buffer, the scene's; good until SCENE_BUFFERS more were asked for. */
struct wire scene_wire(struct scene *s);

/* Moves the clock on, or to so many microseconds after the start. */
void scene_wait(struct scene *s, uint64_t us);
void scene_at(struct scene *s, uint64_t us);

/* A number below `below`; always the same sequence. */
uint32_t scene_random(struct scene *s, uint32_t below);

/* Adds what is in `w` as a frame. */
void scene_frame(struct scene *s, const struct wire *w);

/* Adds the `back`-th last frame again, now. */
void scene_again(struct scene *s, size_t back);

/* The IP header that `ip` asks for, then the scenario's link headers; a frame. */
void scene_send(struct scene *s, struct wire *w, const struct wire_ip *ip);

/* The header alone; the version is that of the addresses. */
void scene_ip(struct wire *w, const struct wire_ip *ip);

/* Octets that are written as two hexadecimal digits each. */
void scene_hex(struct wire *w, const char *hex);

/* Octets 0x10, 0x11, ... as ping sends them. */
void scene_pattern(struct wire *w, uint32_t len);

/* An echo or its reply, with a payload as Linux ping's. */
struct scene_echo {
	const char *source, *destination; /* of the request, also for its reply */
	uint16_t id, seq;
	uint16_t payload_len; /* 0: 56 */
	uint8_t ttl;          /* 0: 64; a reply's: 57 */
};

void scene_echo(struct scene *s, const struct scene_echo *echo);
void scene_reply(struct scene *s, const struct scene_echo *echo);

/* The datagrams themselves, IP header included and no link header. */
struct wire scene_echo_datagram(struct scene *s, const struct scene_echo *echo, bool is_reply);
struct wire scene_udp_datagram(struct scene *s, const struct wire_ip *ip, uint16_t source,
    uint16_t destination, uint32_t payload_len);
struct wire scene_tcp_datagram(struct scene *s, const struct wire_ip *ip, uint16_t source,
    uint16_t destination, uint32_t sequence);

/* Adds a datagram in the scenario's link headers. */
void scene_datagram(struct scene *s, const struct wire *datagram);

/* An error from `from` to `to` about the first `len` octets of `about`. */
struct scene_error {
	const char *from, *to;
	uint8_t type, code, ttl;
	const struct wire_value *values; /* or NULL */
	const struct wire *about;
	uint32_t len;
	uint8_t hops;                    /* that `about` had gone when it was quoted */
	const struct wire *objects;      /* of an extension structure, or NULL */
};

void scene_error(struct scene *s, const struct scene_error *error);

#endif
