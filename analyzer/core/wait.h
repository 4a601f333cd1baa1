/*
 * When somebody wants to be called next, among others who do: each has a wait
 * of its own, and all know the earliest of them.
 */
#ifndef ANALYZER_CORE_WAIT_H
#define ANALYZER_CORE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#define WAIT_NEVER UINT64_MAX

struct wait {
	uint64_t due_ns;
	uint64_t *earliest_ns; /* of all; borrowed */
};

/* Asks to be called at `when_ns`, unless it was asked for earlier. */
static inline void
wait_until(struct wait *wait, uint64_t when_ns)
{
	if (when_ns < wait->due_ns)
		wait->due_ns = when_ns;
	if (when_ns < *wait->earliest_ns)
		*wait->earliest_ns = when_ns;
}

/*
 * Whether it is over at `now_ns`: then its owner is to be called, and asks
 * again. If not it counts among the earliest, which start anew for each round.
 */
static inline bool
wait_is_over(struct wait *wait, uint64_t now_ns)
{
	if (wait->due_ns > now_ns) {
		wait_until(wait, wait->due_ns);
		return false;
	}
	wait->due_ns = WAIT_NEVER;
	return true;
}

#endif
