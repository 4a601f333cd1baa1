/*
 * A tracker under test: its settings and all it is made with, a clock that the
 * test sets, and what it tells as text.
 *
 *	static int
 *	setup(void **state)
 *	{
 *		return tracked_setup(state, &tracker_path);
 *	}
 *
 *	tracked_start(tracked, DATASET_PATH, collect);	after changes of settings
 *	tracked->events[0] = '\0';
 *	tracker_path.message(tracked->state, ...);	collect calls tracked_say
 *	tracked_expect(tracked, step, "traceroute");
 *
 * and `tracked_teardown` at the end.
 */
#ifndef TESTS_TRACKED_H
#define TESTS_TRACKED_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/track/tracker.h"

#define MS UINT64_C(1000000)
#define START_NS (UINT64_C(1700000000) * 1000 * MS)

struct tracked {
	const struct tracker *tracker;
	void *state; /* the tracker's */
	struct settings settings;
	struct emitter emitter;
	struct tracker_context context;
	struct wait wait;
	uint64_t next_ns, heard_ns; /* behind the context's pointers */
	uint64_t number;            /* of the latest frame */
	uint8_t sent[512];          /* the latest, where whole ones are built */
	uint32_t sent_len;
	char events[4096];          /* since the test emptied it */
};

/* Makes `*state` the one there is, with default settings. Returns 0. */
int tracked_setup(void **state, const struct tracker *tracker);
int tracked_teardown(void **state);

/* Creates the tracker; `collect` is called with `tracked` and what it tells of `dataset`. */
void tracked_start(struct tracked *tracked, enum dataset dataset,
    void (*collect)(void *tracked, const struct event *event));

/* Adds to the events, behind `separator` unless it is the first. */
void tracked_say(struct tracked *tracked, const char *separator, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Ends the waits up to so many milliseconds after the start, and returns when that is. */
uint64_t tracked_pass(struct tracked *tracked, uint64_t at_ms);

/* Fails unless these were the events of the step. */
void tracked_expect(const struct tracked *tracked, size_t step, const char *events);

/* 192.0.2.last */
struct addr tracked_host(uint8_t last);

struct report tracked_report(const struct tracked *tracked);

#endif
