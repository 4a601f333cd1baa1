/*
 * A stage for a detector: a whole analysis in which it is the only one, or all of
 * them are, a clock that the test sets, frames in and alerts out.
 *
 *	static struct stage stage;
 *
 *	stage_open(&stage, &detector_rogue_router, "detect.routers=fe80::1");
 *	stage_send(&stage, at_ms, &w);		an Ethernet frame
 *	stage_end(&stage);			the capture ends
 *	assert_string_equal(stage.message, "...");
 *	stage_close(&stage);
 */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include <stdint.h>

#include "analyzer/detect/incident.h"
#include "analyzer/pipeline.h"
#include "tests/wire.h"

struct stage {
	struct settings settings;
	struct sinks sinks;
	struct analyzer analyzer;
	struct emitter emitter; /* the analyzer's own */
	uint64_t number;
	/* of the alerts */
	uint32_t opened, opened_by[DETECTORS_MAX]; /* of each, as in detectors[] */
	char severity[16], message[MESSAGE_SIZE]; /* the latest */
	char reasons[1024];                       /* its reasons' names, parted by blanks */
	struct addr actor, victim;
};

/* `detector` NULL: all of them. `assignment` is a setting as in --set, or NULL. */
void stage_open(struct stage *stage, const struct detector *detector, const char *assignment);

/* Sends what is in `w` so many milliseconds after the start. */
void stage_send(struct stage *stage, uint64_t at_ms, const struct wire *w);

void stage_end(struct stage *stage);
void stage_close(struct stage *stage);

/* Gives the frame in `w` the MAC 02:00:00:00:00:xx as its source or destination. */
void stage_source(struct wire *w, uint8_t station);
void stage_destination(struct wire *w, uint8_t station);

#endif
