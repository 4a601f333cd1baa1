/*
 * What the availability tracker tells: its events, and its rows of the report,
 * which are made of the same facts.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/track/availability_state.h"

#define CERTAIN 1000000 /* parts per million */

/* A part of a whole in parts per million. */
static int64_t
share_of(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (int64_t)((double)part / (double)whole * CERTAIN + 0.5);
}

static const char *
cause_of(const struct availability *state, const struct poll *poll)
{
	const struct outage *outage =
	    (const struct outage *)table_at(&state->outages, poll->outage);

	return outage != NULL ? outage->cause : NULL;
}

/* Facts that events and report share. */
static void
fill_facts(const struct availability *state, const struct poll *poll,
    struct availability_facts *out)
{
	memset(out, 0, sizeof(*out));
	out->target = poll->key.target;
	out->status = poll->is_down ? "down" : "up";
	out->cause = cause_of(state, poll);
	out->period_ns = poll->cycle_ns > 0 ? (int64_t)poll->cycle_ns : EVENT_UNKNOWN;
	out->rounds = poll->silent > 0 ? (int64_t)poll->silent : EVENT_UNKNOWN;
	out->loss_ppm = share_of(poll->rounds_lost + poll->silent, poll->rounds);
	out->down_ns = out->up_ppm = EVENT_UNKNOWN;
	out->first_ns = out->last_ns = EVENT_UNKNOWN;
	out->outage_count = EVENT_UNKNOWN;
	out->reporter.type = out->reporter.code = out->reporter.frame = EVENT_UNKNOWN;
}

/* An event about what began with the first request that was not answered. */
static void
emit(const struct availability *state, struct event event, const struct poll *poll,
    const struct availability_facts *facts)
{
	event.ordinal = poll->unanswered.ordinal;
	event.source = poll->key.source;
	event.destination = poll->key.target;
	event.facts = facts;
	if (event.when_ns >= poll->unanswered.when_ns) {
		event.start_ns = poll->unanswered.when_ns;
		event.end_ns = event.when_ns;
	}
	state->emitter->emit(state->emitter->owner, &event);
}

void
availability_emit_down(const struct availability *state, const struct poll *poll,
    uint64_t when_ns, const struct packet *packet, const struct icmp_msg *msg)
{
	const struct event event = { .id = EVENT_DOWN, .when_ns = when_ns };
	struct availability_facts facts;

	if (!emitter_wants(state->emitter, DATASET_AVAILABILITY))
		return;
	fill_facts(state, poll, &facts);
	if (msg != NULL) {
		facts.reporter = (struct reporter_facts){
			.address = packet->ip.source,
			.type = msg->type_number,
			.code = msg->code,
			.frame = (int64_t)packet->frame->number,
			.name = msg->type->name,
			.code_name = name_of(msg->type->codes, msg->code),
		};
	}
	emit(state, event, poll, &facts);
}

void
availability_emit_up(const struct availability *state, const struct poll *poll,
    const struct packet *packet)
{
	const struct event event = { .id = EVENT_UP, .when_ns = packet->frame->when_ns,
		.packet = packet };
	struct availability_facts facts;

	if (!emitter_wants(state->emitter, DATASET_AVAILABILITY))
		return;
	fill_facts(state, poll, &facts);
	facts.down_ns = (int64_t)availability_down_for(poll, event.when_ns);
	emit(state, event, poll, &facts);
}

static void
fill_row(const struct availability *state, const struct poll *poll,
    struct availability_facts *out)
{
	uint64_t down_ns = poll->down_ns + (poll->is_down ? availability_down_for(poll, 0) : 0);
	uint64_t watched_ns = poll->last_ns > poll->first_ns ? poll->last_ns - poll->first_ns : 0;

	fill_facts(state, poll, out);
	out->source = poll->key.source;
	out->down_ns = (int64_t)down_ns;
	out->up_ppm = down_ns < watched_ns ? share_of(watched_ns - down_ns, watched_ns) : 0;
	if (down_ns == 0)
		out->up_ppm = CERTAIN;
	out->first_ns = (int64_t)poll->first_ns;
	out->last_ns = (int64_t)poll->last_ns;
	out->outage_count = poll->outages;
}

/* Worst first: down now, then up for the least of the time, then who. */
static int
compare_rows(const void *left, const void *right)
{
	const struct availability_facts *a = left, *b = right;
	bool is_down_a = strcmp(a->status, "down") == 0, is_down_b = strcmp(b->status, "down") == 0;
	int order;

	if (is_down_a != is_down_b)
		return is_down_a ? -1 : 1;
	if (a->up_ppm != b->up_ppm)
		return a->up_ppm < b->up_ppm ? -1 : 1;
	order = addr_compare(&a->source, &b->source);
	return order != 0 ? order : addr_compare(&a->target, &b->target);
}

static int
compare_ends(const struct addr *source, const struct addr *target, const struct outage *outage)
{
	int order = addr_compare(source, &outage->source);

	return order != 0 ? order : addr_compare(target, &outage->target);
}

/* By who and whom, then in the order in which they were. */
static int
compare_outages(const void *left, const void *right)
{
	const struct outage *a = *(const struct outage *const *)left;
	const struct outage *b = *(const struct outage *const *)right;
	int order = compare_ends(&a->source, &a->target, b);

	if (order != 0)
		return order;
	return a->serial < b->serial ? -1 : a->serial > b->serial;
}

static struct outage_facts
outage_row(const struct availability *state, const struct outage *outage)
{
	const struct poll *poll = availability_poll_at(state, outage->poll);

	return (struct outage_facts){
		.start_ns = (int64_t)outage->start_ns,
		.end_ns = outage->end_ns != 0 ? (int64_t)outage->end_ns : EVENT_UNKNOWN,
		.down_ns = (int64_t)(poll != NULL ? availability_down_for(poll, 0) :
		    outage->down_ns),
		.cause = outage->cause,
	};
}

/* Finds each row its outages, which stand together among the sorted. */
static void
share_outages(struct availability *state, const struct outage *const *sorted, uint32_t count,
    struct availability_facts *row)
{
	uint32_t low = 0, high = count, middle, first;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_ends(&row->source, &row->target, sorted[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	first = low;
	while (low < count && compare_ends(&row->source, &row->target, sorted[low]) == 0) {
		state->row_outages[low] = outage_row(state, sorted[low]);
		low++;
	}
	row->outages = (struct fact_list){ &state->row_outages[first], low - first,
		sizeof(struct outage_facts) };
}

static int
report_outages(struct availability *state, uint32_t row_count)
{
	const struct outage **sorted = calloc((size_t)state->outages.count + 1,
	    sizeof(const struct outage *));
	struct entry *entry;
	uint32_t count = 0, i;

	free(state->row_outages);
	state->row_outages = calloc((size_t)state->outages.count + 1,
	    sizeof(*state->row_outages));
	if (sorted == NULL || state->row_outages == NULL) {
		free(sorted);
		return -1;
	}
	for (entry = table_oldest(&state->outages); entry != NULL;
	    entry = table_newer(&state->outages, entry))
		sorted[count++] = (const struct outage *)entry;
	qsort(sorted, count, sizeof(const struct outage *), compare_outages);
	for (i = 0; i < row_count; i++)
		share_outages(state, sorted, count, &state->rows[i]);
	free(sorted);
	return 0;
}

/* Sorts the rows and keeps the worst REPORT_LIST_MAX of them. */
static uint32_t
keep_worst(struct availability_facts *rows, uint32_t used)
{
	qsort(rows, used, sizeof(*rows), compare_rows);
	return used < REPORT_LIST_MAX ? used : REPORT_LIST_MAX;
}

int
availability_report(struct availability *state, struct report *out)
{
	const struct poll *poll;
	struct entry *entry;
	uint32_t used = 0;

	free(state->rows);
	state->rows = calloc((size_t)2 * REPORT_LIST_MAX, sizeof(*state->rows));
	if (state->rows == NULL)
		return -1;
	for (entry = table_oldest(&state->polls); entry != NULL;
	    entry = table_newer(&state->polls, entry)) {
		poll = (const struct poll *)entry;
		if (!poll->is_polled && poll->outages == 0)
			continue;
		if (!poll->was_answered) {
			out->target_mute++;
			continue;
		}
		if (used == 2 * REPORT_LIST_MAX)
			used = keep_worst(state->rows, used);
		fill_row(state, poll, &state->rows[used++]);
		out->target_total++;
		out->target_troubled += poll->outages > 0;
		out->target_down += poll->is_down;
	}
	out->targets = state->rows;
	out->target_count = keep_worst(state->rows, used);
	return report_outages(state, out->target_count);
}
