/*
 * The sinks that take the report at the end and no events: one for each look.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/report_json.h"
#include "analyzer/sink/report_text.h"
#include "analyzer/sink/sink_kinds.h"

struct look {
	const char *kind;
	int (*write)(struct output *output, const struct report *report, char *err);
};

struct report_sink {
	struct output *output; /* borrowed */
	const struct look *look;
};

static const struct look looks[] = {
	{ "text", report_text },
	{ "json", report_json },
	{ NULL, NULL }
};

static int
report_write(struct sink *sink, const struct report *report, char *err)
{
	struct report_sink *state = sink->state;

	return state->look->write(state->output, report, err);
}

static int
report_flush(struct sink *sink, char *err)
{
	struct report_sink *state = sink->state;

	return output_flush(state->output, err);
}

static void
report_destroy(struct sink *sink)
{
	free(sink->state);
}

static const struct sink_ops report_ops = {
	.name = "report",
	.report = report_write,
	.flush = report_flush,
	.destroy = report_destroy,
};

int
report_sink_create(const char *kind, struct output *output, struct sink *out, char *err)
{
	const struct look *look = looks;
	struct report_sink *state;

	while (look->kind != NULL && strcmp(look->kind, kind) != 0)
		look++;
	if (look->kind == NULL) {
		snprintf(err, ERR_SIZE, "%s: no such kind of report", kind);
		return -1;
	}
	state = calloc(1, sizeof(*state));
	if (state == NULL) {
		snprintf(err, ERR_SIZE, "%s: no memory for a report", output_path(output));
		return -1;
	}
	state->output = output;
	state->look = look;
	*out = (struct sink){ .ops = &report_ops, .state = state };
	return 0;
}
