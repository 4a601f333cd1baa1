/*
 * The state of incidents, shared by their files: incident.c is their life,
 * incident_facts.c what is told of them. Nobody else includes this.
 */
#ifndef ANALYZER_DETECT_INCIDENT_STATE_H
#define ANALYZER_DETECT_INCIDENT_STATE_H

#include "analyzer/detect/incident.h"
#include "analyzer/detect/suppressed.h"

#define INCIDENT_ID_SIZE 17

/* Key of the table: no implicit padding. */
struct incident_key {
	uint64_t past; /* id of one that is over for good; 0: the subject's latest */
	struct subject_key subject;
	uint8_t rule; /* index of the detector */
	uint8_t zero[7];
};

struct incident {
	struct entry entry; /* touched by each finding */
	struct incident_key key;
	struct finding finding; /* the latest */
	uint64_t id;
	uint64_t due_ns;        /* analysis time at which it closes, or did */
	uint64_t told_ns;       /* analysis time of its latest event */
	int64_t told_packets;
	uint32_t reopened;
	uint8_t severity, score;
	bool is_open;
	bool is_from_outside; /* and that is less */
};

/* So many in a second of analysis time. */
struct budget {
	uint64_t second, used, most;
};

struct incidents {
	const struct emitter *emitter;
	const struct settings *settings;
	struct table table;
	uint32_t open_count;
	struct wait *wait;   /* for the first to close */
	uint64_t known_ns;   /* capture's clock, as far as it has come */
	uint64_t reopen_ns;
	struct budget opens, updates;
	struct suppressed suppressed; /* not opened, for there were too many */
	unsigned worst;      /* severity so far */
	uint32_t off;        /* a bit for each detector that may not open any */
	/* of the latest report */
	struct alert_facts *rows;
	struct alert_reason (*reasons)[FINDING_REASONS_MAX];
	char (*ids)[INCIDENT_ID_SIZE];
};

_Static_assert(sizeof(struct subject_key) == 2 * sizeof(struct addr) + sizeof(uint16_t) + 4 &&
    sizeof(struct incident_key) == sizeof(uint64_t) + sizeof(struct subject_key) + 8,
    "padding in the key of incidents");

/* What is told of an incident; valid as long as it, `reasons` and `id` are. */
void incident_facts(const struct incident *incident, struct alert_reason *reasons, char *id,
    struct alert_facts *out);

#endif
