/*
 * The analysis of one run: owns all its state, calls the stages in order and
 * keeps the packet clock. Frames go in, events and the report come out of the
 * sinks. There are no globals: tests make as many as they like.
 */
#ifndef ANALYZER_PIPELINE_H
#define ANALYZER_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/clock.h"
#include "analyzer/core/event.h"
#include "analyzer/core/reassembly.h"
#include "analyzer/core/report.h"
#include "analyzer/detect/detector.h"
#include "analyzer/detect/incident.h"
#include "analyzer/evidence.h"
#include "analyzer/log.h"
#include "analyzer/settings.h"
#include "analyzer/sink/sink.h"
#include "analyzer/track/tracker.h"

#define PIPELINE_LINKS_MAX 128 /* link types counted apart: all that are decoded */
#define PIPELINE_TABLES_MAX 64
#define PIPELINE_SKIPS_MAX 32

/* Frames of one link type. */
struct pipeline_link {
	uint32_t link_type;
	uint64_t packets;
};

/* What the capture source lost or left out, for the report. */
struct pipeline_source {
	const struct report_input *inputs;
	uint32_t input_count;
	uint64_t partial;        /* last frames that damage cut short; analyzed */
	uint64_t odd_times;      /* record times that had to be put right */
	uint64_t untimed;        /* records without a time */
	uint64_t odd_lengths;    /* records that captured more than was on the wire */
	uint64_t not_captures;   /* files of a directory that hold no capture */
	bool is_damaged;
};

struct analyzer {
	const struct settings *settings;
	struct sinks *sinks;
	struct emitter emitter;
	struct clock clock;
	struct reassembly reassembly;
	struct packet packet;     /* at hand */
	struct icmp_msg msg;      /* at hand */
	void *states[TRACKERS_MAX]; /* of the trackers, in their order */
	/* who is shown each kind of message, in order, ended by one without a function */
	struct listener listeners[MESSAGE_KINDS][TRACKERS_MAX + DETECTORS_MAX + 1];
	struct pairs pairs;
	uint64_t payload_seed;    /* of the digests of payloads */
	uint64_t heard_ns;        /* when the frame before the one at hand came */
	bool wants_datagrams;     /* trackers are shown what is not ICMP */
	struct incidents *incidents;
	struct evidence *evidence; /* borrowed; NULL: none is kept */
	const struct detector *detectors[DETECTORS_MAX + 1]; /* those that run, ended by NULL */
	void *judges[DETECTORS_MAX]; /* states of the detectors, in their order */
	struct tally tally;
	struct wait tracker_waits[TRACKERS_MAX], detector_waits[DETECTORS_MAX];
	struct wait reassembly_wait, incidents_wait;
	uint64_t next_tick_ns; /* the earliest of them */
	uint64_t frames, bytes;
	uint64_t fragments;       /* frames of ICMP that were part of no message yet */
	uint64_t filtered;        /* frames that the user's expression left out */
	uint64_t unfilterable;    /* frames of a link type it does not compile for */
	uint64_t undumped;        /* ICMP frames that -w could not hold */
	uint64_t verdicts[PACKET_VERDICTS];
	struct pipeline_link links[PIPELINE_LINKS_MAX];
	uint32_t link_count;
	uint64_t other_links;     /* frames of link types there was no row for */
	bool has_failed;          /* sinks lost output; `err` says how */
	char err[ERR_SIZE];
	/* of the latest report */
	struct report_link report_links[PIPELINE_LINKS_MAX];
	struct report_skip report_skips[PIPELINE_SKIPS_MAX];
	struct report_table report_tables[PIPELINE_TABLES_MAX];
};

/*
 * Takes all memory there will ever be on the packet path. `settings` and
 * `sinks` outlive the analyzer. 0, or -1 with `err` filled and nothing held.
 */
int pipeline_init(struct analyzer *analyzer, const struct settings *settings,
    struct sinks *sinks, const struct hash_key *key, char *err);
void pipeline_free(struct analyzer *analyzer);

/* Keeps evidence of incidents from now on; it outlives the analyzer. */
void pipeline_keep_evidence(struct analyzer *analyzer, struct evidence *evidence);

/*
 * Analyzes one frame. Returns whether it was ICMP or a fragment that may be. A sink
 * that fails sets `has_failed`; the analysis goes on for the others.
 */
bool pipeline_frame(struct analyzer *analyzer, const struct frame *frame);

/* Nothing came for a while: moves the clock to `when_ns` and flushes. */
void pipeline_idle(struct analyzer *analyzer, uint64_t when_ns);

/* The source dropped packets since the last call: silence up to now proves nothing. */
void pipeline_lost(struct analyzer *analyzer);

/* Writes an icmp.stats event. */
void pipeline_stats(struct analyzer *analyzer, const struct pipeline_source *source);

/*
 * The capture has ended: reports what is open, writes the last stats, the
 * summary and the reports.
 */
void pipeline_finish(struct analyzer *analyzer, const struct pipeline_source *source);

/*
 * Fills the report (pipeline_report.c). Lists stay valid until the next call.
 * 0, or -1 when memory ran out.
 */
int pipeline_report(struct analyzer *analyzer, const struct pipeline_source *source,
    struct report *out);

#endif
