/*
 * A detector under test: all it is made with, a clock that the test sets, and
 * what its alerts say. What needs a whole analysis uses tests/stage.h.
 *
 *	judged_start(&judged, &detector_smurf);
 *	detector_smurf.message(judged.state, ..., judged.now_ns);
 *	judged_finish(&judged);				the capture ends
 *	assert_int_equal(judged.opened, 1);
 *	judged_stop(&judged);
 */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include <stdint.h>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/incident.h"

#define MS UINT64_C(1000000)
#define S (1000 * MS)
#define START_NS (UINT64_C(1700000000) * S)

struct judged {
	const struct detector *detector;
	void *state; /* the detector's */
	struct settings settings;
	struct emitter emitter;
	struct detector_context context;
	struct incidents *incidents;
	struct wait wait;
	uint64_t next_ns; /* behind `wait` */
	uint64_t now_ns;
	uint32_t opened, closed;
	uint64_t opened_ns; /* when the first was */
	/* of the latest alert */
	int64_t packets, targets;
	char rule[32], severity[16], reasons[256], message[256];
};

/* Creates the detector, with default settings, at START_NS. */
void judged_start(struct judged *judged, const struct detector *detector);

/* Ends the capture now. */
void judged_finish(struct judged *judged);

void judged_stop(struct judged *judged);

/* How long after the start the first incident was opened; 0 when none was. */
uint64_t judged_opened_ms(const struct judged *judged);

#endif
