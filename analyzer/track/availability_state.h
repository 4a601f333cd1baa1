/*
 * The state of the availability tracker. availability.c decides,
 * availability_state.c keeps, availability_event.c tells. Nobody else includes
 * this.
 */
#ifndef ANALYZER_TRACK_AVAILABILITY_STATE_H
#define ANALYZER_TRACK_AVAILABILITY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/table.h"
#include "analyzer/track/tracker.h"

/* Key of the table of polls: no implicit padding. */
struct poll_key {
	struct addr source; /* the monitor */
	struct addr target;
	uint8_t zero[6];
};

/* When an echo request was: on the analysis clock, and by the capture's. */
struct poll_time {
	uint64_t now_ns, when_ns, ordinal;
};

/*
 * One requester's requests to one target. Requests are gathered in rounds, for
 * monitors send one, three or twenty at a time; a round is answered when any
 * of them is. `period_ns` is the pause in front of a round, learned from them.
 */
struct poll {
	struct entry entry;
	struct poll_key key;
	/* what every packet touches stands together */
	struct poll_time request;   /* the latest */
	uint64_t round_ns;          /* when the latest round began */
	uint64_t period_ns;         /* 0: there was one request */
	uint64_t cycle_ns;          /* from one round's begin to the next */
	uint64_t last_ns;           /* capture's clock: watched up to then */
	uint8_t ttl;                /* of what counts as polls */
	uint8_t other_ttl, other_count; /* of what does not, and how many in a row */
	bool is_polled, was_answered, is_suspect, is_down;
	struct poll_time unanswered; /* the first since the latest answer */
	uint64_t rounds, rounds_lost; /* begun, and of these without an answer */
	uint32_t in_order;          /* rounds since the period was learned */
	uint32_t silent;            /* rounds begun since the latest answer */
	uint32_t usual_rounds, usual_lost; /* while it was up: how lossy it always is */
	uint64_t rtt_ns, rtt_deviation_ns; /* smoothed, RFC 6298 2 */
	/* the rest */
	uint64_t pause_ns;          /* a longer one, seen once: not yet believed */
	struct poll_time judged;    /* last request of the round that decides */
	uint64_t first_ns;          /* capture's clock: watched from then */
	uint64_t down_ns;           /* of outages that are over */
	uint32_t outages;
	uint32_t outage;            /* index of the one that lasts, or TABLE_NONE */
	uint32_t older, newer;      /* in the list of suspects */
};

/* One time a target was down. Its key is a serial number. */
struct outage {
	struct entry entry;
	uint64_t serial;
	struct addr source, target;
	uint64_t start_ns, end_ns; /* capture's clock; end 0: nobody saw it */
	uint64_t down_ns;          /* how long, as far as it was watched */
	const char *cause;
	uint32_t poll;             /* index of its poll while it lasts, else TABLE_NONE */
};

struct availability {
	const struct emitter *emitter;
	struct wait *wait;
	struct table polls, outages;
	struct pairs *pairs;       /* borrowed: which poll is likely */
	uint32_t suspects;         /* the newest of those that may be down */
	uint64_t serial;
	uint64_t losses, rounds, odds; /* the settings */
	uint64_t wait_ns, timeout_ns;
	uint64_t deaf_ns;          /* packets were dropped up to then */
	struct availability_facts *rows; /* of the latest report */
	struct outage_facts *row_outages;
};

/* What a target is said to be down for. */
#define CAUSE_NO_ANSWER "no_answer"
#define CAUSE_UNREACHABLE "unreachable"

struct availability *availability_state_create(const struct tracker_context *context, char *err);
void availability_state_free(struct availability *state);

/* The poll of a requester and a target, or NULL; the second adds it if need be. */
struct poll *availability_find(struct availability *state, const struct addr *source,
    const struct addr *target);
struct poll *availability_open(struct availability *state, const struct addr *source,
    const struct addr *target, uint64_t now_ns, bool *added);

/* Puts a poll on the list of those that a tick judges, and takes it off. */
void availability_suspect(struct availability *state, struct poll *poll);
void availability_clear(struct availability *state, struct poll *poll);

/* The list of suspects: the newest, and the next after one; NULL at the end. */
struct poll *availability_poll_at(const struct availability *state, uint32_t index);

/* Begins an outage. */
void availability_begin_outage(struct availability *state, struct poll *poll, const char *cause);

/*
 * Ends it, with an answer at `end_ns`, or 0 when nobody watches any more: then
 * it is known to have lasted until the latest request. Books how long it was.
 */
void availability_end_outage(struct availability *state, struct poll *poll, uint64_t end_ns);

/* How long the target has been down since its outage began. */
uint64_t availability_down_for(const struct poll *poll, uint64_t end_ns);

/*
 * Events. The first is known at `when_ns`; `packet` and `msg`, the error, are
 * NULL when a wait ended. Each checks that somebody wants it.
 */
void availability_emit_down(const struct availability *state, const struct poll *poll,
    uint64_t when_ns, const struct packet *packet, const struct icmp_msg *msg);
void availability_emit_up(const struct availability *state, const struct poll *poll,
    const struct packet *packet);

/* Fills its part of the report. 0, or -1 when memory ran out. */
int availability_report(struct availability *state, struct report *out);

#endif
