/*
 * The two tests on the first contacts of a source: whether they fail as they do
 * for who guesses (threshold random walk, Jung et al. 2004), and how many of them
 * are new in a minute, in five, in an hour and in a day.
 */
#include "analyzer/detect/sweep.h"

#include <string.h>

#define CERTAIN_TARGETS 2          /* times as many need not lie close together */
#define INVERSE_LEAST 4            /* errors about unsolicited replies, or */
#define INVERSE_ORDER 8            /* addresses in order, that make them a sweep */

/* Whether most of a tally are replies that nobody asked for. */
static bool
is_inverse(const struct sweep_tally *tally)
{
	return tally->probes[SWEEP_REPLY] > tally->targets / 2;
}

/* Those have something to tell only where routers answer, or one after the other is sent. */
static bool
is_believable(const struct sweep_tally *tally)
{
	return !is_inverse(tally) || tally->failed >= INVERSE_LEAST ||
	       tally->in_order >= INVERSE_ORDER;
}

void
sweep_tell(struct sweeps *sweeps, struct sweeper *sweeper, enum sweep_evidence evidence,
    const struct packet *packet, uint64_t now_ns)
{
	sweeper->evidence |= (uint8_t)evidence;
	sweeper->return_ns = 0;
	sweeper->is_news = false;
	sweeper->told = sweeper->all.targets;
	sweeps->subjects->active++;
	sweep_report(sweeps->subjects, sweeper, packet, now_ns);
}

/*
 * It knows its targets so far, and the test begins anew; but answers are there
 * before what stays away can be missed.
 */
static void
restart_walk(struct sweeper *sweeper, int32_t excess)
{
	const struct sweep_tally *walk = &sweeper->walk;

	if (walk->answered + walk->failed > walk->targets / 2) {
		memset(&sweeper->walk, 0, sizeof(sweeper->walk));
		sweeper->excess = 0;
	} else {
		sweeper->excess = -excess;
	}
}

void
sweep_judge_walk(struct sweeps *sweeps, struct sweeper *sweeper, const struct packet *packet,
    uint64_t now_ns)
{
	const struct settings *settings = sweeps->subjects->settings;
	int32_t excess = (int32_t)settings->detect_ping_sweep.excess;
	const struct sweep_tally *walk = &sweeper->walk;
	uint64_t least = settings->detect_ping_sweep.targets;

	if (sweeper->evidence != 0)
		return;
	if (sweeper->excess <= -excess) {
		restart_walk(sweeper, excess);
		return;
	}
	/* Where no answer ever comes by, one that is missing says nothing. */
	if (sweeper->excess < excess || walk->targets < least || !sweeps->hears_answers)
		return;
	if (sweep_is_local(walk) || (walk->targets >= CERTAIN_TARGETS * least && !is_inverse(walk)))
		sweep_tell(sweeps, sweeper, SWEEP_HITS_NOTHING, packet, now_ns);
}

/* How many targets a window counts, the last half of it and the one before. */
static void
count_window(struct sweep_window *window, uint64_t span_ns, uint64_t now_ns)
{
	uint64_t passed_ns = now_ns - window->begun_ns;

	if (passed_ns >= span_ns / 2) {
		window->before = passed_ns < span_ns ? window->count : 0;
		window->count = 0;
		window->begun_ns = now_ns;
	}
	window->count++;
}

int
sweep_widest(struct sweeps *sweeps, struct sweeper *sweeper, uint64_t now_ns)
{
	int found = -1;
	unsigned i;

	for (i = 0; i < SWEEP_WINDOWS; i++) {
		struct sweep_window *window = &sweeper->windows[i];

		count_window(window, sweep_widths[i].span_ns, now_ns);
		if (found < 0 && window->count + window->before >=
		    sweep_width_targets(sweeps->subjects->settings, i))
			found = (int)i;
	}
	return found;
}

void
sweep_judge_width(struct sweeps *sweeps, struct sweeper *sweeper, const struct packet *packet,
    uint64_t now_ns)
{
	int window = sweep_widest(sweeps, sweeper, now_ns);
	bool is_scanner;

	if (window < 0 || sweeper->evidence != 0)
		return;
	if (!sweep_is_local(&sweeper->all) || !is_believable(&sweeper->all))
		return;
	sweeper->wide = (uint8_t)(1 + window);
	(void)sweep_tool_name(&sweeper->all, &is_scanner);
	if (is_scanner || is_inverse(&sweeper->all)) {
		sweep_tell(sweeps, sweeper, SWEEP_IS_WIDE, packet, now_ns);
	} else if (sweeper->return_ns == 0) {
		sweeper->return_ns = now_ns + sweeps->subjects->settings->detect_ping_sweep.return_ns;
		sweeps->subjects->active++;
	}
}

void
sweep_judge_return(struct sweeps *sweeps, struct sweeper *sweeper, uint64_t now_ns)
{
	sweeper->return_ns = 0;
	if (sweeper->all.again <= sweeper->all.targets / 2) {
		sweep_tell(sweeps, sweeper, SWEEP_IS_WIDE | SWEEP_NEVER_RETURNS, NULL, now_ns);
		return;
	}
	memset(&sweeper->all, 0, sizeof(sweeper->all));
	memset(sweeper->windows, 0, sizeof(sweeper->windows));
	sweeper->wide = 0;
}
