/*
 * The analysis clock. A step back leaves it where it is; one lone timestamp
 * far in the future (a damaged record) must not end every wait at once, nor one
 * in the far past date the capture, so a far jump counts only when the next
 * frame is there too.
 */
#include "analyzer/core/clock.h"

#define REBASE_NS UINT64_C(1000000000) /* a step back beyond it is no reordering */

void
clock_init(struct clock *clock, uint64_t jump_ns)
{
	*clock = (struct clock){ .jump_ns = jump_ns };
}

/* Analysis time reaches the capture's time `when_ns`, or is past it. */
static void
reach(struct clock *clock, uint64_t when_ns)
{
	if (when_ns + clock->offset_ns > clock->now_ns)
		clock->now_ns = when_ns + clock->offset_ns;
}

static void
believe(struct clock *clock, uint64_t when_ns)
{
	if (when_ns < clock->first_ns)
		clock->first_ns = when_ns;
	if (when_ns > clock->latest_ns)
		clock->latest_ns = when_ns;
}

static void
step_ahead(struct clock *clock, uint64_t when_ns)
{
	clock->last_ns = when_ns;
	believe(clock, when_ns);
	reach(clock, when_ns);
}

static void
step_back(struct clock *clock, uint64_t when_ns)
{
	clock->back_count++;
	believe(clock, when_ns);
	if (clock->last_ns - when_ns <= REBASE_NS)
		return;
	clock->last_ns = when_ns;
	clock->idle_ns = 0;
	clock->offset_ns = clock->now_ns - when_ns;
}

static void
step(struct clock *clock, uint64_t when_ns)
{
	if (when_ns < clock->last_ns)
		step_back(clock, when_ns);
	else
		step_ahead(clock, when_ns);
}

/* Whether `when_ns` is further away than a believable silence or disorder. */
static bool
is_far(const struct clock *clock, uint64_t when_ns)
{
	uint64_t from_ns = clock->last_ns > clock->idle_ns ? clock->last_ns : clock->idle_ns;

	if (when_ns < clock->last_ns)
		return clock->last_ns - when_ns > clock->jump_ns;
	return when_ns > from_ns && when_ns - from_ns > clock->jump_ns;
}

/* The frame behind a far jump tells whether it was one. */
static void
settle_jump(struct clock *clock, uint64_t when_ns)
{
	bool is_same_way = (when_ns < clock->last_ns) == (clock->held_ns < clock->last_ns);

	clock->is_held = false;
	if (!is_far(clock, when_ns) || !is_same_way)
		clock->jump_count++;
	else if (clock->held_ns < when_ns)
		step(clock, clock->held_ns);
	else
		step(clock, when_ns);
}

uint64_t
clock_follow(struct clock *clock, uint64_t when_ns)
{
	if (!clock->is_started) {
		clock->is_started = true;
		clock->first_ns = when_ns;
		step_ahead(clock, when_ns);
		return clock->now_ns;
	}
	if (clock->is_held)
		settle_jump(clock, when_ns);
	if (is_far(clock, when_ns)) {
		clock->held_ns = when_ns;
		clock->is_held = true;
	} else {
		step(clock, when_ns);
	}
	return clock->now_ns;
}

uint64_t
clock_idle(struct clock *clock, uint64_t when_ns)
{
	if (clock->is_started && when_ns > clock->last_ns) {
		clock->idle_ns = when_ns;
		reach(clock, when_ns);
	}
	return clock->now_ns;
}

uint64_t
clock_known(const struct clock *clock)
{
	return clock->idle_ns > clock->latest_ns ? clock->idle_ns : clock->latest_ns;
}

uint64_t
clock_known_at(const struct clock *clock, uint64_t now_ns)
{
	uint64_t known_ns = clock_known(clock), since_ns = clock->now_ns - now_ns;

	return known_ns > since_ns ? known_ns - since_ns : 0;
}
