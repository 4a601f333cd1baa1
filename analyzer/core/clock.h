/*
 * The analysis clock: follows the capture's timestamps but never goes back,
 * so state ages evenly whatever the timestamps do. What they do is counted.
 */
#ifndef ANALYZER_CORE_CLOCK_H
#define ANALYZER_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	uint64_t now_ns;    /* analysis time; starts at the first timestamp */
	uint64_t last_ns;   /* the timestamp that analysis time followed last */
	uint64_t idle_ns;   /* how far an idle source is known to have come */
	uint64_t offset_ns; /* analysis time less capture's time, from steps back */
	uint64_t held_ns;   /* a far jump that the next frame must confirm */
	bool is_held;
	uint64_t jump_ns;   /* how far ahead or back is far */
	uint64_t first_ns, latest_ns; /* least and greatest timestamp believed */
	uint64_t back_count; /* timestamps before their predecessor */
	uint64_t jump_count; /* far jumps that no later frame confirmed */
	bool is_started;
};

/* A clock that holds jumps of more than `jump_ns` until they are confirmed. */
void clock_init(struct clock *clock, uint64_t jump_ns);

/* Follows a frame's timestamp; returns the analysis time. */
uint64_t clock_follow(struct clock *clock, uint64_t when_ns);

/*
 * A live source that is idle has come to `when_ns`: waits may end. Frames that
 * were under way and are a little older are no steps back.
 */
uint64_t clock_idle(struct clock *clock, uint64_t when_ns);

/* How far the capture is known to have come, by its own clock. */
uint64_t clock_known(const struct clock *clock);

/* The same when analysis time was `now_ns`, in the silence before the latest frame. */
uint64_t clock_known_at(const struct clock *clock, uint64_t now_ns);

#endif
