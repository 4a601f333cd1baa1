/*
 * Whose ping it is: senders of echo requests told by the shape of their
 * payload, at any size and as far as it was captured, and by how they number
 * their requests. A shape is easily copied: it says what a ping looks like.
 */
#ifndef DECODERS_SENDER_H
#define DECODERS_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/cursor.h"

/* How the sequence numbers of a session go. */
enum seq_mode {
	SEQ_UNKNOWN,        /* one request tells nothing */
	SEQ_BE_INC,         /* by one, in network order */
	SEQ_LE_INC,         /* by one, in the other order */
	SEQ_SHARED_COUNTER, /* ahead by more: one counter for several destinations */
	SEQ_CONST_ZERO,
	SEQ_CONST_NONZERO,
	SEQ_FROM_33000,     /* ahead, from there on */
	SEQ_RANDOM,
};

/* "be_inc", ...; NULL when it is not known. */
const char *seq_mode_name(enum seq_mode mode);

/* The step from one sequence number to the next. */
enum seq_step {
	SEQ_STEP_NONE,
	SEQ_STEP_ONE,
	SEQ_STEP_SWAPPED, /* one, in the other order of octets */
	SEQ_STEP_FEW,
	SEQ_STEP_ANY,
	SEQ_STEPS,
	SEQ_STEP_BACK = SEQ_STEPS, /* a little: the network changed the order; no step */
};

enum seq_step seq_step(uint16_t last, uint16_t seq);

/* What so many of each step come to, with the first sequence number. */
enum seq_mode seq_mode(const uint32_t steps[SEQ_STEPS], uint16_t first);

/* What is known of a request and its session. */
struct sender_clues {
	struct cursor payload;
	uint64_t when_ns; /* capture's clock */
	uint16_t id, seq;
	uint8_t code, ttl;
	enum seq_mode mode;
};

/* The tool that sends such requests, a slug; NULL when none is known to. */
const char *sender_tool(const struct sender_clues *clues);

#endif
