/*
 * Which targets are polled, and when they go and come. A target is down when a
 * monitor's rounds stay without any answer, or an error says that it cannot be
 * reached; it is up again at the first answer. A target that never answered is
 * not judged, for its answers may take another way; nor is one whose monitor
 * has gone.
 */
#include "analyzer/track/availability_state.h"
#include "analyzer/track/trackers.h"

#define COPY_NS 1000000        /* requests so close are one, captured twice, or a flood */
#define TOUCH_NS UINT64_C(16000000000) /* polls are in order of use to within it */
#define OTHER_TTL_MAX 4        /* traceroutes send three with the same TTL */
#define GONE_PERIODS 10        /* a monitor that asks nothing for so long has gone */
#define CERTAIN 1000000        /* probability one */
#define USUAL_MAX 1024         /* rounds that say what is usual; then half count */

/* An average in which the latest counts for one in `weight`. */
static uint64_t
smooth(uint64_t average, uint64_t latest, uint64_t weight)
{
	return average - average / weight + latest / weight;
}

/* Starts to learn the period anew. */
static void
forget_period(struct poll *poll, uint64_t period_ns)
{
	poll->period_ns = period_ns;
	poll->cycle_ns = 0;
	poll->in_order = 0;
	poll->is_polled = false;
}

/* A pause much longer than the period. One may be chance, two are the period. */
static void
note_pause(struct poll *poll, uint64_t gap_ns)
{
	bool is_again = poll->pause_ns != 0 && gap_ns / 2 <= poll->pause_ns &&
	    poll->pause_ns / 2 <= gap_ns;

	if (is_again) {
		forget_period(poll, gap_ns);
		poll->pause_ns = 0;
		return;
	}
	poll->pause_ns = gap_ns;
	if (!poll->is_polled)
		poll->in_order = 0;
}

/* Whether a request begins a round. What it teaches about the period is learned. */
static bool
begins_round(struct poll *poll, uint64_t now_ns, uint64_t rounds)
{
	uint64_t gap_ns = now_ns - poll->request.now_ns;

	if (gap_ns < COPY_NS)
		return false;
	if (poll->period_ns == 0) {
		poll->period_ns = gap_ns;
		return true;
	}
	if (gap_ns / 2 > poll->period_ns) {
		note_pause(poll, gap_ns);
		return true;
	}
	if (gap_ns < poll->period_ns / 2) {
		if (now_ns - poll->round_ns < poll->period_ns)
			return false;
		/* No round is longer than its period: that one is over. */
		poll->pause_ns = poll->period_ns;
		forget_period(poll, gap_ns);
		return true;
	}
	poll->period_ns = smooth(poll->period_ns, gap_ns, 8);
	poll->cycle_ns = poll->cycle_ns == 0 ? now_ns - poll->round_ns :
	    smooth(poll->cycle_ns, now_ns - poll->round_ns, 8);
	if (++poll->in_order >= rounds)
		poll->is_polled = true;
	return true;
}

/*
 * Whether a request is a poll, and no probe of the path to the target: those
 * have rising TTLs, and most are not to reach it.
 */
static bool
is_poll(struct availability *state, struct poll *poll, uint8_t ttl)
{
	if (ttl == poll->ttl) {
		poll->other_count = 0;
		return true;
	}
	if (ttl < poll->ttl) {
		if (ttl != poll->other_ttl)
			poll->other_count = 0;
		poll->other_ttl = ttl;
		if (++poll->other_count < OTHER_TTL_MAX)
			return false;
	}
	poll->ttl = ttl;
	poll->other_count = 0;
	forget_period(poll, 0);
	poll->silent = 0;
	availability_clear(state, poll);
	return true;
}

/* How long the latest request is waited for: RFC 6298 2, within bounds. */
static uint64_t
wait_for(const struct availability *state, const struct poll *poll)
{
	uint64_t wait_ns = poll->rtt_ns + 4 * poll->rtt_deviation_ns;

	if (wait_ns < state->wait_ns)
		wait_ns = state->wait_ns;
	return wait_ns < state->timeout_ns ? wait_ns : state->timeout_ns;
}

/*
 * Whether so many rounds without an answer mean that the target is down. One
 * that always loses some may lose several in a row: then it takes as many as
 * chance alone would hardly bring.
 */
static bool
is_too_many(const struct availability *state, const struct poll *poll)
{
	uint64_t chance = CERTAIN;
	uint32_t i;

	if (poll->silent < state->losses)
		return false;
	for (i = 0; i < poll->silent && chance * state->odds > CERTAIN; i++)
		chance = poll->usual_rounds == 0 ? 0 :
		    chance * poll->usual_lost / poll->usual_rounds;
	return chance * state->odds <= CERTAIN;
}

/* Judges the round at hand once its latest request has been waited for. */
static void
suspect(struct availability *state, struct poll *poll)
{
	poll->judged = poll->request;
	availability_suspect(state, poll);
	wait_until(state->wait, poll->judged.now_ns + wait_for(state, poll));
}

/* The monitor comes back: nobody knows how the target was in between. */
static void
start_again(struct availability *state, struct poll *poll)
{
	if (poll->is_down)
		availability_end_outage(state, poll, 0);
	availability_clear(state, poll);
	poll->is_down = false;
	poll->rounds_lost += poll->silent;
	poll->silent = 0;
	forget_period(poll, poll->period_ns);
}

static void
add_request(struct availability *state, struct poll *poll, const struct packet *packet,
    uint64_t now_ns)
{
	bool is_judged = poll->is_suspect, is_new;

	if (poll->silent > 0 && now_ns - poll->request.now_ns > GONE_PERIODS * poll->period_ns)
		start_again(state, poll);
	is_new = poll->rounds == 0 || begins_round(poll, now_ns, state->rounds);
	poll->request = (struct poll_time){ now_ns, packet->begun_ns, packet->frame->ordinal };
	poll->last_ns = packet->frame->when_ns;
	if (is_new) {
		poll->round_ns = now_ns;
		poll->rounds++;
		if (poll->silent++ == 0 && !poll->is_down)
			poll->unanswered = poll->request;
	}
	if (!poll->is_polled || !poll->was_answered || poll->is_down)
		return;
	/* The rest of the round at hand may still be answered; the next need not wait. */
	if (is_judged ? !is_new && poll->judged.now_ns >= poll->round_ns :
	    is_too_many(state, poll))
		suspect(state, poll);
}

static void
on_request(struct availability *state, const struct packet *packet, uint64_t now_ns)
{
	const struct ip_header *ip = &packet->ip;
	struct poll *poll;
	bool added;

	poll = availability_open(state, &ip->source, &ip->final_destination, now_ns, &added);
	if (added) {
		poll->first_ns = packet->frame->when_ns;
		poll->ttl = ip->ttl;
	} else if (now_ns - poll->entry.seen_ns >= TOUCH_NS) {
		table_touch(&state->polls, &poll->entry, now_ns);
	}
	if (is_poll(state, poll, ip->ttl))
		add_request(state, poll, packet, now_ns);
}

/* RFC 6298 2.2 and 2.3, with a gain of 1/8 and 1/4. */
static void
learn_rtt(struct poll *poll, uint64_t rtt_ns)
{
	uint64_t difference = rtt_ns > poll->rtt_ns ? rtt_ns - poll->rtt_ns :
	    poll->rtt_ns - rtt_ns;

	if (poll->rtt_ns == 0) {
		poll->rtt_ns = rtt_ns;
		poll->rtt_deviation_ns = rtt_ns / 2;
		return;
	}
	poll->rtt_deviation_ns = smooth(poll->rtt_deviation_ns, difference, 4);
	poll->rtt_ns = smooth(poll->rtt_ns, rtt_ns, 8);
}

/* Books the rounds before an answer; an outage says nothing of what is usual. */
static void
count_rounds(struct poll *poll)
{
	poll->rounds_lost += poll->silent - 1;
	if (poll->is_down || !poll->was_answered)
		return;
	poll->usual_rounds += poll->silent;
	poll->usual_lost += poll->silent - 1;
	if (poll->usual_rounds < USUAL_MAX)
		return;
	poll->usual_rounds /= 2;
	poll->usual_lost /= 2;
}

static void
on_answer(struct availability *state, const struct packet *packet, uint64_t now_ns)
{
	struct poll *poll = availability_find(state, &packet->ip.final_destination,
	    &packet->ip.source);

	if (poll == NULL)
		return;
	poll->last_ns = packet->frame->when_ns;
	if (poll->silent > 0) {
		learn_rtt(poll, now_ns - poll->request.now_ns);
		count_rounds(poll);
		poll->silent = 0;
		availability_clear(state, poll);
	}
	poll->was_answered = true;
	if (!poll->is_down)
		return;
	poll->is_down = false;
	availability_end_outage(state, poll, packet->frame->when_ns);
	availability_emit_up(state, poll, packet);
}

static void
go_down(struct availability *state, struct poll *poll, const char *cause)
{
	availability_clear(state, poll);
	poll->is_down = true;
	availability_begin_outage(state, poll, cause);
}

static void
on_unreachable(struct availability *state, const struct packet *packet, const struct icmp_msg *msg)
{
	const struct ip_header *quoted = &msg->quote.ip;
	struct poll *poll = availability_find(state, &quoted->source, &quoted->final_destination);

	/* What it speaks of may be older than an answer, or a probe of the path. */
	if (poll == NULL || !poll->is_polled || !poll->was_answered || poll->is_down ||
	    poll->silent == 0)
		return;
	go_down(state, poll, CAUSE_UNREACHABLE);
	availability_emit_down(state, poll, packet->frame->when_ns, packet, msg);
}

/* Whether this error means that the target cannot be reached at all. */
static bool
is_unreachable(const struct icmp_msg *msg)
{
	if (!msg->quote.present || !msg->quote.transport.has_seq)
		return false;
	if (msg->version == 6)
		return msg->type_number == ICMP6_DESTINATION_UNREACHABLE;
	return msg->type_number == ICMP4_DESTINATION_UNREACHABLE &&
	    msg->code != ICMP4_FRAGMENTATION_NEEDED;
}

static void
availability_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	if (packet->is_partial)
		return; /* it did not reach anyone whole */
	if (icmp_is_echo_request(msg))
		on_request(state, packet, now_ns);
	else if (icmp_is_echo_reply(msg))
		on_answer(state, packet, now_ns);
	else if (is_unreachable(msg))
		on_unreachable(state, packet, msg);
}

/* Judges a suspect whose wait is over; otherwise returns when it will be. */
static uint64_t
judge(struct availability *state, struct poll *poll, uint64_t now_ns)
{
	uint64_t wait_ns = wait_for(state, poll);

	if (now_ns - poll->judged.now_ns < wait_ns)
		return poll->judged.now_ns + wait_ns;
	if (poll->unanswered.now_ns <= state->deaf_ns) {
		availability_clear(state, poll);
		poll->silent = 0; /* answers may have been among what was dropped */
		return WAIT_NEVER;
	}
	go_down(state, poll, CAUSE_NO_ANSWER);
	availability_emit_down(state, poll, poll->judged.when_ns + wait_ns, NULL, NULL);
	return WAIT_NEVER;
}

static uint64_t
availability_tick(void *opaque, uint64_t now_ns)
{
	struct availability *state = opaque;
	uint64_t next_ns = WAIT_NEVER, due_ns;
	struct poll *poll, *older;

	for (poll = availability_poll_at(state, state->suspects); poll != NULL; poll = older) {
		older = availability_poll_at(state, poll->older);
		due_ns = judge(state, poll, now_ns);
		if (due_ns < next_ns)
			next_ns = due_ns;
	}
	return next_ns;
}

static void
availability_lost(void *opaque, uint64_t now_ns)
{
	struct availability *state = opaque;

	state->deaf_ns = now_ns;
}

static void *
availability_create(const struct tracker_context *context, char *err)
{
	return availability_state_create(context, err);
}

static void
availability_destroy(void *state)
{
	availability_state_free(state);
}

static int
availability_fill(void *state, struct report *out)
{
	return availability_report(state, out);
}

static uint32_t
availability_tables(const void *opaque, struct report_table *out, uint32_t max)
{
	const struct availability *state = opaque;

	if (max < 2)
		return 0;
	report_table_row(&state->polls, &out[0]);
	report_table_row(&state->outages, &out[1]);
	return 2;
}

const struct tracker tracker_availability = {
	.name = "availability",
	.create = availability_create,
	.message = availability_message,
	.lost = availability_lost,
	.tick = availability_tick,
	.report = availability_fill,
	.tables = availability_tables,
	.destroy = availability_destroy,
};
