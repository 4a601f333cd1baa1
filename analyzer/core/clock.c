/*
 * The analysis clock. A step back leaves it where it is; one lone timestamp
 * far in the future (a damaged record) must not end every wait at once, so a
 * far jump counts only when the next frame is there too.
 */
#include "analyzer/core/clock.h"

#define REBASE_NS UINT64_C(1000000000) /* a step back beyond it is no reordering */

void
clock_init(struct clock *clock, uint64_t jump_ns)
{
	*clock = (struct clock){ .jump_ns = jump_ns };
}

static void
believe(struct clock *clock, uint64_t when_ns)
{
	if (when_ns < clock->first_ns)
		clock->first_ns = when_ns;
	if (when_ns > clock->latest_ns)
		clock->latest_ns = when_ns;
}

/* Whether `when_ns` lies beyond `from_ns` by more than a believable gap. */
static bool
is_far(const struct clock *clock, uint64_t from_ns, uint64_t when_ns)
{
	return when_ns > from_ns && when_ns - from_ns > clock->jump_ns;
}

static uint64_t
start(struct clock *clock, uint64_t when_ns)
{
	clock->is_started = true;
	clock->now_ns = clock->last_ns = when_ns;
	clock->first_ns = clock->latest_ns = when_ns;
	return when_ns;
}

static void
step_back(struct clock *clock, uint64_t when_ns)
{
	clock->back_count++;
	believe(clock, when_ns);
	if (clock->last_ns - when_ns > REBASE_NS)
		clock->last_ns = when_ns;
}

uint64_t
clock_follow(struct clock *clock, uint64_t when_ns)
{
	if (!clock->is_started)
		return start(clock, when_ns);
	if (clock->held_ns != 0) {
		uint64_t held_ns = clock->held_ns;

		clock->held_ns = 0;
		if (is_far(clock, clock->last_ns, when_ns)) {
			/* Confirmed: both are in the new age. */
			if (held_ns > when_ns)
				held_ns = when_ns;
			clock->now_ns += held_ns - clock->last_ns;
			clock->last_ns = held_ns;
			believe(clock, held_ns);
		} else {
			clock->jump_count++;
		}
	}
	if (when_ns < clock->last_ns) {
		step_back(clock, when_ns);
	} else if (is_far(clock, clock->last_ns, when_ns)) {
		clock->held_ns = when_ns;
	} else {
		clock->now_ns += when_ns - clock->last_ns;
		clock->last_ns = when_ns;
		believe(clock, when_ns);
	}
	return clock->now_ns;
}
