/*
 * One interface of a live capture: its opening, the frame that is next, its
 * counters. The order of several interfaces is analyzer/capture.c's matter.
 */
#ifndef ANALYZER_CAPTURE_SOURCE_H
#define ANALYZER_CAPTURE_SOURCE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analyzer/capture.h"
#include "analyzer/capture_kernel.h"

#define SOURCE_LOSS_COUNTERS 2

/* The frame of an interface that is next to be given, or was just given. */
struct source_head {
	bool is_waiting; /* to be given */
	uint64_t when_ns;
	struct pcap_pkthdr header;
	uint8_t *bytes;
	uint32_t size; /* room there */
};

struct source {
	pcap_t *pcap; /* NULL: not opened */
	const char *name;
	uint32_t link_type;
	bool is_nano;
	int fd; /* to poll; -1: lost */
	struct source_head head;
	struct kernel_filter filter;
	struct capture_stats stats;
	uint32_t last_received, last_drops;   /* the kernel's 32 bits */
	int loss_files[SOURCE_LOSS_COUNTERS]; /* -1: not known */
	uint64_t losses;                      /* their sum when last read */
};

/*
 * After how many ms the kernel is to give a frame that it holds: less for one
 * of several interfaces, whose frames wait for each other.
 */
int source_timeout_ms(const struct capture_config *config);

/*
 * Opens interface `name`, which stays the caller's. Also what is not
 * CAPTURE_OK, for which `err` is filled, is to be closed.
 */
enum capture_status source_open(struct source *source, const char *name,
    const struct capture_config *config, char *err);
void source_close(struct source *source);

/*
 * Takes a frame that is there already as the head, unless a head is waiting.
 * 1: a head was taken, 0: none was, -1: the interface failed, of which
 * pcap_geterr() tells more.
 */
int source_ask(struct source *source);

/* Brings `source->stats` up to date. */
void source_count(struct source *source);

/* For -v: link type, filter and its compromises. */
void source_describe(const struct source *source, FILE *out);

#endif
