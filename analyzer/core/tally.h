/*
 * How often each anomaly was seen, and where first: by the message alone, or by
 * what trackers know besides.
 */
#ifndef ANALYZER_CORE_TALLY_H
#define ANALYZER_CORE_TALLY_H

#include <stdint.h>

#include "analyzer/core/report.h"
#include "decoders/anomaly.h"

struct tally {
	uint64_t counts[ANOMALY_COUNT];
	uint64_t frames[ANOMALY_COUNT]; /* the first frame of each */
};

/* Counts the anomalies of `set`, seen in the frame of that number. */
void tally_add(struct tally *tally, const struct anomalies *set, uint64_t frame);

/* A row for each that was seen, the most frequent first, in ANOMALY_COUNT `rows`. */
uint32_t tally_rows(const struct tally *tally, struct report_anomaly *rows);

#endif
