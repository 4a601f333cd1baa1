/*
 * Incidents: one for each attack, however many packets it has. A detector
 * reports what it finds on a subject as often as it likes; the incident of
 * that subject is opened once, updated when it grew worse, and closed with its
 * totals when nothing was found for a while.
 */
#ifndef ANALYZER_DETECT_INCIDENT_H
#define ANALYZER_DETECT_INCIDENT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "analyzer/core/event.h"
#include "analyzer/core/report.h"
#include "analyzer/core/table.h"
#include "analyzer/detect/detector.h"

#define FINDING_REASONS_MAX 12
#define FINDING_RELATED_MAX 16
#define EVIDENCE_SIZE 96
#define MESSAGE_SIZE 384

enum severity {
	SEVERITY_LOW = 1, /* worth a look; nobody is woken */
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
};

/*
 * Reasons of one group rest on the same observation: several of them make a
 * finding no more certain than one.
 */
enum reason_group {
	REASON_SIGNATURE, /* what only a certain tool sends, or no one by mistake */
	REASON_RATE,
	REASON_TARGETS,   /* whom it speaks to */
	REASON_ANSWERS,   /* what comes back */
	REASON_CONTENT,
	REASON_CHANGE,    /* that it is new each time */
	REASON_SHAPE,     /* how long, how much */
	REASON_HEADER,
	REASON_FLOW,      /* the flows that an error speaks of */
	REASON_ROLE,      /* who may send such messages */
	REASON_TIMING,
};

struct reason {
	const char *name; /* a slug */
	enum reason_group group;
	uint8_t weight;
	char evidence[EVIDENCE_SIZE]; /* in numbers, for a person */
};

/* What an incident of a detector is about. No implicit padding. */
struct subject_key {
	struct addr actor, victim; /* version 0 where it is not what tells subjects apart */
	uint16_t kind;             /* the detector's own */
	uint16_t link;             /* of packet_link, folded: that link-local addresses mean */
	uint8_t zero[2];
};

/* Member by member: a key just built is compared sooner than its octets in one. */
static inline bool
subject_key_equal(const struct subject_key *a, const struct subject_key *b)
{
	return a->kind == b->kind && a->link == b->link && addr_equal(&a->victim, &b->victim) &&
	    addr_equal(&a->actor, &b->actor);
}

/* What a detector says of one subject: all of it, each time. */
struct finding {
	const struct detector *detector;
	struct subject_key key;
	struct addr actor, victim; /* to be named; version 0: not known, or several */
	uint64_t first_ns, last_ns; /* capture's clock: of what it rests on */
	enum severity floor, ceiling; /* bounds of what the score makes of it; 0: none */
	struct reason reasons[FINDING_REASONS_MAX];
	uint32_t reason_count;
	struct addr related[FINDING_RELATED_MAX];
	uint32_t related_count;
	const char *tool;          /* or NULL */
	const char *threshold;     /* the setting that fired */
	int64_t threshold_value;
	struct alert_counts counts;
	uint64_t quiet_ns;         /* nothing new for so long ends the incident */
	char message[MESSAGE_SIZE]; /* one sentence */
};

struct incidents;

/* NULL and `err` when memory ran out. */
struct incidents *incidents_create(const struct settings *settings, const struct emitter *emitter,
    struct wait *wait, const struct hash_key *key, char *err);
void incidents_free(struct incidents *incidents);

/* A finding of `detector` with nothing in it yet. */
void finding_init(struct finding *finding, const struct detector *detector);

/* Adds a reason; `format` makes its evidence. Past the most there can be, it is left out. */
void finding_reason(struct finding *finding, const char *name, enum reason_group group,
    unsigned weight, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds an address that has part in it, unless it is there. */
void finding_relate(struct finding *finding, const struct addr *address);

/*
 * What its reasons add up to: the sum of their weights, at most 100; the
 * severity of that, 0 when it is not worth an incident; and how many kinds of
 * evidence agree, as "low", "medium" or "high" (finding.c).
 */
unsigned finding_score(const struct finding *finding);
unsigned finding_severity(const struct finding *finding);
const char *finding_confidence(const struct finding *finding);

/* Whether it keeps an open incident open: half of what opens one does. */
bool finding_lasts(const struct finding *finding);

/* The kinds of evidence there are, a bit each; and whether there are enough of them. */
unsigned finding_groups(const struct finding *finding);
bool finding_stands(const struct finding *finding);

/*
 * Reports a finding at analysis time `now_ns`, with the packet that led to it
 * or NULL. Returns whether an incident is open for its subject now.
 */
bool incidents_report(struct incidents *incidents, const struct finding *finding,
    const struct packet *packet, uint64_t now_ns);

/* The capture has come to `known_ns` by its own clock. */
void incidents_follow(struct incidents *incidents, uint64_t known_ns);

/* Closes what has been quiet; returns when to be called next. */
uint64_t incidents_tick(struct incidents *incidents, uint64_t now_ns);

/* Closes all, for the capture ended. */
void incidents_finish(struct incidents *incidents);

/* The worst severity of any incident so far; 0 when there was none. */
unsigned incidents_worst(const struct incidents *incidents);

/*
 * The incidents of the run for the report, worst first, valid until the next
 * call. 0, or -1 when memory ran out.
 */
int incidents_rows(struct incidents *incidents, struct report *out);

/* Rows about its tables, at most `max`; returns how many. */
uint32_t incidents_tables(const struct incidents *incidents, struct report_table *out,
    uint32_t max);

#endif
