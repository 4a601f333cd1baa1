/*
 * Live capture with libpcap, whose types stay in capture*.c. Several
 * interfaces are one stream; the kernel lets through only what can be ICMP or
 * carry it (analyzer/capture_kernel.c).
 */
#ifndef ANALYZER_CAPTURE_H
#define ANALYZER_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "decoders/frame.h"

#define CAPTURE_INTERFACES_MAX 64

struct capture;

struct capture_config {
	const char *const *interfaces; /* names, borrowed until capture_close */
	size_t interface_count;        /* 1 to CAPTURE_INTERFACES_MAX */
	uint32_t snaplen;              /* bytes, 1 to 262144 */
	uint32_t buffer_kib;           /* of each interface */
	bool promiscuous;              /* does nothing on "any" */
	const char *filter;            /* the user's expression; NULL or "": none */
	bool with_flows;               /* let through what errors may speak of */
};

enum capture_status {
	CAPTURE_OK = 0,
	CAPTURE_FAILED = -1,     /* no such interface, no permission, ... */
	CAPTURE_BAD_FILTER = -2, /* the user's expression: a usage error */
};

/*
 * Opens all interfaces; to be called while there are privileges, and nothing
 * later needs them. What is not CAPTURE_OK fills `err` and leaves `*out` NULL.
 */
enum capture_status capture_open(const struct capture_config *config, struct capture **out,
    char *err);
void capture_close(struct capture *capture);

enum capture_result {
	CAPTURE_FRAME,   /* `out` is a frame */
	CAPTURE_IDLE,    /* nothing came for 100 ms; only `out->when_ns` is set */
	CAPTURE_STOPPED, /* after capture_stop: all that had arrived was given */
	CAPTURE_LOST,    /* a source is gone: `err` says which and why */
};

/*
 * Waits for the next frame. Its bytes are ours and valid until the next call;
 * `number` and `ordinal` count all interfaces together. Frames of several
 * interfaces come in the order of their times; to that end a frame waits for
 * silent interfaces as long as the kernel may hold back theirs, 60 ms, and the
 * buffer must have room for that. An idle `when_ns` is the system's clock less
 * what the kernel may hold back, so that it is not ahead of a frame to come.
 */
enum capture_result capture_next(struct capture *capture, struct frame *out, char *err);

/*
 * Ends the capture: frames that have arrived by now are still given, then
 * CAPTURE_STOPPED. Only sets a flag, so a signal handler may call it.
 */
void capture_stop(struct capture *capture);

size_t capture_interface_count(const struct capture *capture);

/* The name of interface `index`, as given; NULL beyond the last. */
const char *capture_interface_name(const struct capture *capture, uint32_t index);

/* Since the opening. */
struct capture_stats {
	uint64_t received;        /* passed the filter, kernel_drops included */
	uint64_t kernel_drops;    /* passed the filter and found the buffer full */
	uint64_t interface_drops; /* lost by the interface before any filter */
};

/*
 * Reads the counters of the kernel for an interface of an `index` that there
 * is. They are of 32 bits: to be called at least once a minute, so that no
 * wrap goes unseen.
 */
void capture_stats_of(struct capture *capture, uint32_t index, struct capture_stats *out);

/* For -v: link type, filter and its compromises, one interface a paragraph. */
void capture_describe(const struct capture *capture, FILE *out);

/* For -D: the interfaces, as tcpdump lists them. 0, or -1 and `err`. */
int capture_list(FILE *out, char *err);

/* libpcap's own version text. */
const char *capture_library(void);

#endif
