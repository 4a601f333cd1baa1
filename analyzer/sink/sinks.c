/*
 * The sinks of a run: adding them, handing events to those that want them,
 * and keeping count of what was written. An output that fails ends the sinks
 * that write to it, never the others.
 */
#include "analyzer/sink/sink.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/output.h"
#include "analyzer/sink/sink_kinds.h"

void
sinks_init(struct sinks *sinks, const struct sink_context *context)
{
	memset(sinks, 0, sizeof(*sinks));
	sinks->context = *context;
}

/* The output for a path, opened when no other sink writes to it yet. */
static struct output *
find_output(struct sinks *sinks, const char *path, char *err)
{
	struct output *output;
	uint32_t i;

	for (i = 0; i < sinks->output_count; i++)
		if (strcmp(output_path(sinks->outputs[i]), path) == 0)
			return sinks->outputs[i];
	output = output_open(path, err);
	if (output != NULL)
		sinks->outputs[sinks->output_count++] = output;
	return output;
}

/* The place for one more sink and its output; NULL and `err` when there is none. */
static struct sink *
next_sink(struct sinks *sinks, const char *path, struct output **output, char *err)
{
	if (sinks->count == SINKS_MAX) {
		snprintf(err, ERR_SIZE, "%s: more than %d outputs and reports", path, SINKS_MAX);
		return NULL;
	}
	*output = find_output(sinks, path, err);
	return *output != NULL ? &sinks->all[sinks->count] : NULL;
}

static void
add(struct sinks *sinks, struct sink *sink, struct output *output, uint32_t wanted)
{
	sink->output = output;
	sink->wanted = wanted;
	sinks->wanted |= wanted;
	sinks->count++;
}

int
sinks_add_events(struct sinks *sinks, const char *url, uint32_t wanted, char *err)
{
	struct output *output;
	struct sink *sink;

	if (strstr(url, "://") != NULL) {
		snprintf(err, ERR_SIZE, "%s: no such kind of output; \"-\" or a path is", url);
		return -1;
	}
	sink = next_sink(sinks, url, &output, err);
	if (sink == NULL || file_sink_create(sinks, output, sink, err) != 0)
		return -1;
	add(sinks, sink, output, wanted);
	return 0;
}

int
sinks_add_lines(struct sinks *sinks, uint32_t wanted, char *err)
{
	struct output *output;
	struct sink *sink = next_sink(sinks, "-", &output, err);

	if (sink == NULL || line_sink_create(output, sink, err) != 0)
		return -1;
	add(sinks, sink, output, wanted);
	return 0;
}

int
sinks_add_report(struct sinks *sinks, const char *kind, const char *path, char *err)
{
	struct output *output;
	struct sink *sink = next_sink(sinks, path, &output, err);

	if (sink == NULL || report_sink_create(kind, output, sink, err) != 0)
		return -1;
	add(sinks, sink, output, 0);
	return 0;
}

/* Whether nothing can be written any more: said once for all sinks of an output. */
static bool
is_lost(const struct sink *sink)
{
	return sink->failed || output_has_failed(sink->output);
}

/* Adds what one sink or output says to what others said before it. */
static void
append_reason(char *err, bool is_first, const char *reason)
{
	size_t len = is_first ? 0 : strlen(err);

	snprintf(err + len, ERR_SIZE - len, "%s%s", is_first ? "" : "; ", reason);
}

/* Notes how a sink's call ended, in `result` and `err` of the whole. */
static void
note_result(struct sink *sink, int outcome, const char *reason, int *result, char *err)
{
	if (outcome == 0)
		return;
	sink->failed = true;
	append_reason(err, *result == 0, reason);
	*result = -1;
}

int
sinks_event(struct sinks *sinks, const struct event *event, char *err)
{
	enum dataset dataset = event_type(event->id)->dataset;
	char reason[ERR_SIZE];
	bool is_counted = false;
	int result = 0;
	uint32_t i;

	for (i = 0; i < sinks->count; i++) {
		struct sink *sink = &sinks->all[i];

		if (is_lost(sink) || (sink->wanted >> dataset & 1) == 0)
			continue;
		if (!is_counted) {
			sinks->sequence++;
			sinks->by_dataset[dataset]++;
			is_counted = true;
		}
		note_result(sink, sink->ops->event(sink, event, reason), reason, &result, err);
	}
	return result;
}

int
sinks_report(struct sinks *sinks, const struct report *report, char *err)
{
	char reason[ERR_SIZE];
	int result = 0;
	uint32_t i;

	for (i = 0; i < sinks->count; i++) {
		struct sink *sink = &sinks->all[i];

		if (is_lost(sink) || sink->ops->report == NULL)
			continue;
		note_result(sink, sink->ops->report(sink, report, reason), reason, &result,
		    err);
	}
	return result;
}

bool
sinks_any(const struct sinks *sinks)
{
	uint32_t i;

	for (i = 0; i < sinks->count; i++)
		if (!is_lost(&sinks->all[i]))
			return true;
	return false;
}

int
sinks_flush(struct sinks *sinks, char *err)
{
	char reason[ERR_SIZE];
	int result = 0;
	uint32_t i;

	for (i = 0; i < sinks->count; i++) {
		struct sink *sink = &sinks->all[i];

		if (!is_lost(sink))
			note_result(sink, sink->ops->flush(sink, reason), reason, &result, err);
	}
	return result;
}

int
sinks_close(struct sinks *sinks, char *err)
{
	char reason[ERR_SIZE];
	int result = sinks_flush(sinks, err);
	uint32_t i;

	for (i = 0; i < sinks->count; i++)
		sinks->all[i].ops->destroy(&sinks->all[i]);
	for (i = 0; i < sinks->output_count; i++) {
		bool had_failed = output_has_failed(sinks->outputs[i]);

		if (output_close(sinks->outputs[i], reason) == 0 || had_failed)
			continue; /* a failure is told once */
		append_reason(err, result == 0, reason);
		result = -1;
	}
	sinks->count = sinks->output_count = 0;
	return result;
}
