/*
 * What a Timestamp Reply (RFC 792) says of its sender's clock, as far as its
 * milliseconds since midnight UT go.
 */
#ifndef ANALYZER_TRACK_CLOCK_OFFSET_H
#define ANALYZER_TRACK_CLOCK_OFFSET_H

#include <stdbool.h>
#include <stdint.h>

/* As they stand in a reply. */
struct timestamps {
	uint32_t originate, receive, transmit;
};

enum clock_form {
	CLOCK_STANDARD,
	CLOCK_BYTE_SWAPPED, /* Windows writes its host's order */
	CLOCK_NONSTANDARD,  /* "any time" (RFC 792): it tells nothing */
};

/* How far the responder's clock is ahead of others; negative when it is behind. */
struct clock_offset {
	enum clock_form form;
	bool has_requester; /* its clock was told, and the request's time is known */
	int64_t requester_ns;
	int64_t capture_ns; /* of the capture's clock */
};

/*
 * Taken half way between request and reply, both ways being as long as each
 * other. `request_ns` is 0 when the request's time is not known.
 */
struct clock_offset clock_offset(const struct timestamps *stamps, uint64_t request_ns,
    uint64_t reply_ns);

/* "standard", "byte_swapped", "nonstandard" */
const char *clock_form_name(enum clock_form form);

#endif
