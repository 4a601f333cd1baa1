/*
 * What the path tracker tells: traceroutes, and notes on paths.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/track/path_state.h"

static void
emit_traceroute(struct path *path, const struct trace *trace, uint64_t when_ns)
{
	const struct event event = {
		.id = EVENT_TRACEROUTE,
		.when_ns = when_ns,
		.start_ns = trace->first_ns,
		.end_ns = trace->last_ns,
		.ordinal = trace->ordinal,
		.index = trace->sent,
		.source = trace->key.source,
		.destination = trace->key.destination,
		.packet = path->packet,
		.facts = &path->view.facts,
	};

	if (emitter_wants(path->emitter, DATASET_PATH))
		path->emitter->emit(path->emitter->owner, &event);
}

/* The note on one router of a trace, or on none. */
static struct path_note *
note_of(struct path *path, const struct trace *trace, enum event_id id,
    const struct addr *router, uint64_t when_ns, bool *is_news)
{
	struct path_note_key key = {
		.source = trace->key.source,
		.destination = trace->key.destination,
		.event = (uint8_t)id,
	};

	if (router != NULL)
		key.about = *router;
	return path_note_find(&path->notes, &key, when_ns, path->now_ns, is_news);
}

/* The hops that limit their answers, each a note. */
static void
tell_limits(struct path *path, const struct trace *trace, uint64_t when_ns)
{
	const struct path_view *view = &path->view;
	struct path_note *note;
	bool is_news;
	uint32_t i;

	for (i = 0; i < view->facts.hops.count; i++) {
		const struct path_hop *hop = &view->hops[i];

		if (hop->is_rate_limited != 1 || hop->address.version == 0)
			continue;
		note = note_of(path, trace, EVENT_RATE_LIMITED, &hop->address, when_ns, &is_news);
		note->facts.router = hop->address;
		note->facts.ttl = hop->ttl;
		note->facts.sent = hop->sent;
		note->facts.loss = hop->loss;
		note->facts.path_loss = hop->path_loss;
		if (is_news)
			path_note_emit(&path->notes, note, path->packet, when_ns);
	}
}

void
path_finish_trace(struct path *path, const struct trace *trace, uint64_t when_ns)
{
	struct finished *finished;

	if (!path_is_traceroute(path, trace))
		return;
	path->traceroutes++;
	path_view_fill(path, trace, false, &path->view);
	tell_limits(path, trace, when_ns);
	emit_traceroute(path, trace, when_ns);
	finished = (struct finished *)table_add(&path->finished, &trace->serial, path->now_ns);
	finished->trace = *trace;
}

void
path_tell_ongoing(struct path *path, const struct trace *trace, uint64_t when_ns)
{
	if (!path_is_traceroute(path, trace))
		return;
	path_view_fill(path, trace, true, &path->view);
	emit_traceroute(path, trace, when_ns);
}

void
path_tell_loop(struct path *path, struct trace *trace, const char *evidence,
    const struct addr *routers, uint32_t count)
{
	struct path_note *note;
	bool is_news;

	if (trace->is_looping)
		return;
	trace->is_looping = true;
	note = note_of(path, trace, EVENT_ROUTING_LOOP, NULL, path->when_ns, &is_news);
	/* Who knows more of the loop tells it again. */
	if (!is_news && count <= note->facts.routers.count)
		return;
	note->facts.evidence = evidence;
	note->facts.routers.count = count;
	if (count > 0)
		memcpy(note->routers, routers, count * sizeof(*routers));
	path_note_emit(&path->notes, note, path->packet, path->when_ns);
}

void
path_tell_change(struct path *path, struct trace *trace, const struct hop *hop,
    const struct hop_router *before, const struct hop_router *after)
{
	struct path_note *note;
	bool is_news;

	note = note_of(path, trace, EVENT_PATH_CHANGED, &after->address, path->when_ns, &is_news);
	note->facts.ttl = (int64_t)hop->key.ttl;
	note->facts.router = after->address;
	note->facts.previous_router = before->address;
	path_note_emit(&path->notes, note, path->packet, path->when_ns);
}

/* Where people look first: not reached, then what is lost, then the latest. */
static int
compare(const void *left, const void *right)
{
	const struct report_traceroute *a = left, *b = right;
	uint64_t sent_a = (uint64_t)a->facts.sent, sent_b = (uint64_t)b->facts.sent;
	uint64_t lost_a, lost_b;

	if (a->facts.is_reached != b->facts.is_reached)
		return a->facts.is_reached < b->facts.is_reached ? -1 : 1;
	lost_a = a->facts.sent > 0 ? (sent_a - (uint64_t)a->facts.received) * 1000 / sent_a : 0;
	lost_b = b->facts.sent > 0 ? (sent_b - (uint64_t)b->facts.received) * 1000 / sent_b : 0;
	if (lost_a != lost_b)
		return lost_a > lost_b ? -1 : 1;
	if (a->last_ns != b->last_ns)
		return a->last_ns > b->last_ns ? -1 : 1;
	return a->first_ns > b->first_ns ? -1 : a->first_ns < b->first_ns;
}

int
path_report(void *state, struct report *out)
{
	struct path *path = state;
	const struct trace *trace;
	struct entry *entry;
	uint32_t n = 0;

	free(path->views);
	free(path->rows);
	path->views = calloc((size_t)path->finished.count + 1, sizeof(*path->views));
	path->rows = calloc((size_t)path->finished.count + 1, sizeof(*path->rows));
	if (path->views == NULL || path->rows == NULL)
		return -1;
	for (entry = table_oldest(&path->finished); entry != NULL;
	    entry = table_newer(&path->finished, entry), n++) {
		trace = &((const struct finished *)entry)->trace;
		path_view_fill(path, trace, false, &path->views[n]);
		path->rows[n] = (struct report_traceroute){
			.source = trace->key.source,
			.destination = trace->key.destination,
			.first_ns = trace->first_ns,
			.last_ns = trace->last_ns,
			.facts = path->views[n].facts,
		};
	}
	qsort(path->rows, n, sizeof(*path->rows), compare);
	out->traceroutes = path->rows;
	out->traceroute_count = n;
	out->traceroute_total = path->traceroutes;
	out->path_notes = path_notes_report(&path->notes, &out->path_note_count);
	return out->path_notes != NULL ? 0 : -1;
}
