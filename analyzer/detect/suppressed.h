/*
 * What was found and not told, because too many incidents would have been
 * opened at once: how much, by which detectors, and on whom the most.
 */
#ifndef ANALYZER_DETECT_SUPPRESSED_H
#define ANALYZER_DETECT_SUPPRESSED_H

#include <stdint.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detector.h"
#include "analyzer/detect/incident.h"

#define SUPPRESSED_WORST_MAX 10

/* A subject among those with the most findings. */
struct suppressed_subject {
	struct subject_key key;
	uint8_t rule; /* index of the detector */
	struct addr actor, victim;
	uint64_t findings; /* at most as many */
};

/* Empty when zero. */
struct suppressed {
	uint64_t due_ns;            /* analysis time at which it is told */
	uint64_t first_ns, last_ns; /* capture's clock */
	uint64_t findings;
	uint64_t by_rule[DETECTORS_MAX];
	struct distinct subjects;
	struct suppressed_subject worst[SUPPRESSED_WORST_MAX];
	struct distinct ever;       /* subjects of the whole run */
};

/* Counts a finding of detectors[rule] of which no incident was made. */
void suppressed_note(struct suppressed *suppressed, uint8_t rule, const struct finding *finding,
    uint64_t now_ns);

/*
 * Tells of it once a minute, with the capture at `known_ns` by its own clock, and
 * begins afresh, but for the subjects of the whole run. Returns the analysis time
 * at which to be called next, or WAIT_NEVER.
 */
uint64_t suppressed_tell(struct suppressed *suppressed, const struct emitter *emitter,
    uint64_t known_ns, uint64_t now_ns);

#endif
