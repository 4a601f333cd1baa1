/*
 * What a tracker is: a correlator that sees every message and keeps bounded
 * state, emits observations, and fills its part of the report.
 */
#ifndef ANALYZER_TRACK_TRACKER_H
#define ANALYZER_TRACK_TRACKER_H

#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/hash.h"
#include "analyzer/core/listener.h"
#include "analyzer/core/pairs.h"
#include "analyzer/core/report.h"
#include "analyzer/core/table.h"
#include "analyzer/core/wait.h"
#include "analyzer/core/tally.h"
#include "analyzer/settings.h"
#include "decoders/transport.h"

/* What every tracker is made with; outlives it. */
struct tracker_context {
	const struct settings *settings;
	const struct emitter *emitter;
	bool has_datagrams; /* the setting correlate.flows: `datagram` is called */
	struct tally *tally; /* where anomalies are counted */
	struct pairs *pairs; /* guesses for the packet at hand; borrowed */
	const uint64_t *heard_ns; /* when the frame before the one at hand came; borrowed */
	struct hash_key key;
	struct wait *wait; /* for a tick earlier than the last one asked for */
};

struct tracker {
	const char *name;

	/* Allocates all state there will ever be. NULL and `err` on failure. */
	void *(*create)(const struct tracker_context *context, char *err);

	message_function *message; /* may be NULL */
	unsigned ignores; /* kinds of messages that it is not shown: IGNORE_... */
	unsigned hush;    /* its bit if it uses pairs_hush, or 0 */

	/* A datagram that carries no ICMP, but may be what an error quotes: a flow's
	 * packet, a probe of a traceroute. `transport` is what its header says, as
	 * far as it was captured; a later fragment has none and does not come
	 * here. Only when the context has_datagrams. Borrowed as above. May be NULL. */
	void (*datagram)(void *state, const struct packet *packet,
	    const struct transport *transport, uint64_t now_ns);

	/* A fragment that reassembly could not take, for what is wrong with it
	 * (packet->anomalies). May be NULL. */
	void (*dropped)(void *state, const struct packet *packet);

	/* The capture lost packets since it was last called: what was not seen up to
	 * `now_ns` may have been there. May be NULL. */
	void (*lost)(void *state, uint64_t now_ns);

	/* Ends the waits that are over at `now_ns`; returns when to be called
	 * next at the latest, or WAIT_NEVER. May be NULL. */
	uint64_t (*tick)(void *state, uint64_t now_ns);

	/* The capture ended, at the timestamp `end_ns`: what is still open stays
	 * open. May be NULL. */
	void (*finish)(void *state, uint64_t now_ns, uint64_t end_ns);

	/* Fills its part of the report. What it points at stays valid until the
	 * next call or destroy. 0, or -1 when memory ran out. */
	int (*report)(void *state, struct report *out);

	/* Rows about its tables, at most `max`; returns how many. May be NULL. */
	uint32_t (*tables)(const void *state, struct report_table *out, uint32_t max);

	void (*destroy)(void *state);
};

#define TRACKERS_MAX 16

/* All trackers, in running order, ended by NULL. */
extern const struct tracker *const trackers[];

#endif
