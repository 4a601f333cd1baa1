/*
 * One captured frame as a capture source hands it on: borrowed bytes, and
 * what the source knows about them.
 */
#ifndef DECODERS_FRAME_H
#define DECODERS_FRAME_H

#include <stdint.h>

struct frame {
	const uint8_t *bytes; /* borrowed until the next frame is read */
	uint32_t captured;    /* bytes held */
	uint32_t length;      /* bytes on the wire; at least `captured` */
	uint32_t link_type;   /* LINKTYPE_ number, as in capture files */
	uint32_t interface;   /* index of the source's interface, from 0 */
	uint64_t when_ns;     /* capture's clock, ns since 1970 UTC */
	uint64_t number;      /* in its file (or live source), from 1 */
	uint64_t ordinal;     /* in the whole run, from 1, across files */
};

#endif
