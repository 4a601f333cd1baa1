/*
 * Filter expressions over captured frames, in libpcap's language, and the
 * names of link types. Nothing here resolves a name: an expression with a
 * host's name is refused.
 */
#ifndef ANALYZER_CAPTURE_FILTER_H
#define ANALYZER_CAPTURE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/frame.h"

#define LINK_TYPE_NAME_SIZE 32

struct filter;

/*
 * Compiles `expression` for every link type that is decoded, so that nothing
 * is compiled once frames flow. 0, or -1 and `err` when it compiles for none:
 * a usage error.
 */
int filter_open(const char *expression, struct filter **out, char *err);
void filter_close(struct filter *filter);

/*
 * Whether `frame` is let through. A frame whose link type the expression
 * cannot be applied to (an Ethernet address on a raw IP capture) is not, and
 * is counted.
 */
bool filter_match(struct filter *filter, const struct frame *frame);

/* Frames refused since the expression does not apply to their link type. */
uint64_t filter_unmatchable(const struct filter *filter);

/* libpcap's number of a LINKTYPE_, and back; they differ for a few. */
int link_type_to_dlt(uint32_t link_type);
uint32_t link_type_from_dlt(int dlt);

/* libpcap's name, such as "EN10MB"; "LINKTYPE_n" when it has none. */
void link_type_name(uint32_t link_type, char *out, size_t size);

#endif
