/*
 * The filter that the kernel applies to a live capture: what can be ICMP, or
 * can carry it in a tunnel, a tag or a fragment, and is what the user wants.
 */
#ifndef ANALYZER_CAPTURE_KERNEL_H
#define ANALYZER_CAPTURE_KERNEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analyzer/capture.h"
#include "analyzer/capture_program.h"

/* What is to pass. */
struct kernel_request {
	const char *expression; /* the user's, NULL or "" for none: only what fits it */
	bool with_flows;        /* also the flows that errors speak of */
};

/* What became of the filter, for capture_describe(). */
struct kernel_filter {
	uint32_t instructions;
	bool has_flows;
	bool is_open; /* only the user's expression: the link type is not known, or
	                 that expression leaves no room for more */
};

/* Makes the program for a capture's link type. CAPTURE_OK, or `err`. */
enum capture_status kernel_filter_make(pcap_t *pcap, const struct kernel_request *request,
    struct program *program, struct kernel_filter *out, char *err);

/* The same, and sets it on an activated capture. */
enum capture_status kernel_filter_set(pcap_t *pcap, const struct kernel_request *request,
    struct kernel_filter *out, char *err);

/* Says in words what passes. */
void kernel_filter_describe(const struct kernel_filter *filter, FILE *out);

#endif
