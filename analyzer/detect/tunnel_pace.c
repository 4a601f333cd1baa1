/*
 * Channels in time: requests that look ordinary, sent after a short or a long
 * wait, of which the order is the message. Pollers wait in turns as well, but in
 * turns that come again, and who is short of answers waits for them. Such
 * signs are weak. And beats: programs that call home do it by the clock.
 */
#include "analyzer/detect/tunnel.h"

#include <inttypes.h>

#define NS_PER_US 1000
#define MODE_LEAST (TUNNEL_GAPS / 5) /* gaps of one length that are no exception */
#define APART 5             /* times as far from each other as each is wide */
#define SHORT_LEAST_US 5000 /* nobody tells shorter waits apart on a network */
#define LAGS 16             /* gaps after which a poller comes back to its order */
#define ORDER_PERCENT 85    /* that are then as they were */
#define BEATS 8
#define BEAT_LEAST_US 5000000 /* faster ones are people's */
#define BEAT_SPREAD 10   /* a tenth of it */

enum {
	WEIGHT_WAITS = 35,
	WEIGHT_BEAT = 10,
};

/* Gaps of about one length. */
struct mode {
	uint32_t count, least_us, most_us;
	uint64_t sum_us;
};

static void
mode_add(struct mode *mode, uint32_t gap_us)
{
	if (mode->count == 0 || gap_us < mode->least_us)
		mode->least_us = gap_us;
	if (gap_us > mode->most_us)
		mode->most_us = gap_us;
	mode->sum_us += gap_us;
	mode->count++;
}

/* Of the latest `count` gaps, if there were so many. */
static struct mode
mode_of_latest(const struct tunnel_pace *pace, uint32_t count)
{
	struct mode mode = { 0 };
	uint32_t i;

	for (i = 1; i <= count && i <= pace->count; i++)
		mode_add(&mode, pace->gaps_us[(pace->count - i) % TUNNEL_GAPS]);
	return mode;
}

/* Whether the gaps are of two lengths and no other, well apart; `*bound_us` parts them. */
static bool
has_two_lengths(struct tunnel_pace *pace, uint32_t *bound_us)
{
	const struct mode all = mode_of_latest(pace, TUNNEL_GAPS);
	struct mode modes[2] = { { 0 }, { 0 } };
	uint32_t apart, i;

	*bound_us = (uint32_t)(all.sum_us / all.count) + 1;
	if (all.least_us < SHORT_LEAST_US)
		return false;
	for (i = 0; i < TUNNEL_GAPS; i++)
		mode_add(&modes[pace->gaps_us[i] >= *bound_us], pace->gaps_us[i]);
	if (modes[0].count < MODE_LEAST || modes[1].count < MODE_LEAST)
		return false;
	pace->short_us = (uint32_t)(modes[0].sum_us / modes[0].count);
	pace->long_us = (uint32_t)(modes[1].sum_us / modes[1].count);
	apart = (modes[1].least_us - modes[0].most_us) / APART;
	return apart > modes[0].most_us - modes[0].least_us &&
	       apart > modes[1].most_us - modes[1].least_us;
}

/* Whether the order of long and short ones comes again, or hardly changes. */
static bool
has_order(const struct tunnel_pace *pace, uint32_t bound_us)
{
	uint32_t lag, same, i;

	for (lag = 1; lag <= LAGS; lag++) {
		same = 0;
		for (i = lag; i < TUNNEL_GAPS; i++)
			same += (pace->gaps_us[i] >= bound_us) ==
			    (pace->gaps_us[i - lag] >= bound_us);
		if (same * 100 >= (TUNNEL_GAPS - lag) * ORDER_PERCENT)
			return true;
	}
	return false;
}

/* Whether the next request waited for the answer of this one, and got none. */
static bool
was_lost(struct tunnel *tunnel)
{
	const struct tunnel_request *request = tunnel_asked(tunnel, 1);

	return tunnel->answered > 0 && request->is_known && !request->is_answered;
}

bool
tunnel_pace_look(struct tunnel *tunnel, uint64_t when_ns)
{
	struct tunnel_pace *pace = &tunnel->pace;
	uint64_t gap_us = (when_ns - pace->when_ns) / NS_PER_US;
	bool is_first = pace->when_ns == 0 || when_ns < pace->when_ns;
	uint32_t bound_us;

	pace->when_ns = when_ns;
	if (is_first || was_lost(tunnel))
		return false;
	pace->gaps_us[pace->count++ % TUNNEL_GAPS] = gap_us < UINT32_MAX ? (uint32_t)gap_us :
	    UINT32_MAX;
	if (pace->count % TUNNEL_GAPS != 0 || !has_two_lengths(pace, &bound_us) ||
	    has_order(pace, bound_us))
		return false;
	pace->told += TUNNEL_GAPS;
	return true;
}

bool
tunnel_pace_is_slow_beat(const struct tunnel *tunnel)
{
	const struct mode beat = mode_of_latest(&tunnel->pace, BEATS);

	return beat.count == BEATS && beat.least_us >= BEAT_LEAST_US &&
	       beat.most_us - beat.least_us <= beat.least_us / BEAT_SPREAD;
}

void
tunnel_pace_reasons(const struct tunnel *tunnel, struct finding *out)
{
	const struct tunnel_pace *pace = &tunnel->pace;

	if (pace->told > 0)
		finding_reason(out, "two_waits", REASON_TIMING, WEIGHT_WAITS,
		    "%" PRIu32 " waits of %" PRIu32 " or %" PRIu32
		    " ms, in no order that comes again", pace->told, (pace->short_us + 500) / 1000, (pace->long_us + 500) / 1000);
	if (tunnel_pace_is_slow_beat(tunnel))
		finding_reason(out, "regular_beat", REASON_TIMING, WEIGHT_BEAT,
		    "the latest %d waits, all of about %" PRIu32 " s", BEATS,
		    mode_of_latest(pace, BEATS).least_us / 1000000);
}
