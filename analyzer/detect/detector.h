/*
 * What a detector is: a judge that sees every message and what the trackers
 * observe, keeps bounded state, and reports findings, of which incidents
 * (incident.h) make alerts. A row says what an analyst needs to file it.
 */
#ifndef ANALYZER_DETECT_DETECTOR_H
#define ANALYZER_DETECT_DETECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/hash.h"
#include "analyzer/core/listener.h"
#include "analyzer/core/pairs.h"
#include "analyzer/core/report.h"
#include "analyzer/core/wait.h"
#include "analyzer/settings.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"

#define DETECTORS_MAX 32

struct datagram;
struct incidents;

/* What every detector is made with; outlives it. */
struct detector_context {
	const struct settings *settings;
	struct incidents *incidents;
	struct pairs *pairs; /* guesses for the packet at hand; borrowed */
	struct wait *wait; /* for a tick earlier than the last one asked for */
	struct hash_key key;
};

struct detector {
	struct alert_rule rule; /* its name is that of the settings too: "detect.<name>." */
	const char *meaning;    /* what it finds, and by what evidence */
	bool spares_monitors; /* detect.monitors may do what it finds */
	/* What it is when the actor is outside of detect.home_networks, where that is
	 * less than from inside: of medium severity at most. NULL: the same. */
	const struct alert_rule *from_outside;
	uint32_t observes;   /* datasets whose events it wants, a bit each */

	/* Allocates all state there will ever be. NULL and `err` on failure. */
	void *(*create)(const struct detector_context *context, char *err);

	message_function *message; /* may be NULL */
	unsigned ignores; /* kinds of messages that it is not shown: IGNORE_... */
	unsigned hush;    /* its bit if it uses pairs_hush, or 0 */

	/* A fragment, and what reassembly made of it. May be NULL. */
	void (*fragment)(void *state, const struct packet *packet, const struct datagram *datagram,
	    uint64_t now_ns);

	/* What a tracker observed, of the datasets in `observes`. May be NULL. */
	void (*event)(void *state, const struct event *event, uint64_t now_ns);

	/* Looks at what time has done; returns when to be called next at the
	 * latest, or WAIT_NEVER. May be NULL. */
	uint64_t (*tick)(void *state, uint64_t now_ns);

	/* The capture ended: reports what it has not yet. May be NULL. */
	void (*finish)(void *state, uint64_t now_ns);

	/* Rows about its tables, at most `max`; returns how many. May be NULL. */
	uint32_t (*tables)(const void *state, struct report_table *out, uint32_t max);

	void (*destroy)(void *state);
};

/* All detectors, ended by NULL. */
extern const struct detector *const detectors[];

/* Whether a detector looks for attacks when any does: "detect.<name>.enabled". */
bool detector_is_on(const struct detector *detector, const struct settings *settings);

#endif
