/*
 * The sink of events as lines of JSON, to a file or standard output.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"
#include "analyzer/sink/schema_ecs.h"
#include "analyzer/sink/sink_kinds.h"

struct file_sink {
	struct output *output; /* borrowed */
	struct schema_ecs *ecs;
};

static int
file_event(struct sink *sink, const struct event *event, char *err)
{
	struct file_sink *file = sink->state;
	size_t len;
	const char *line = schema_ecs_line(file->ecs, event, &len);

	if (line == NULL) {
		snprintf(err, ERR_SIZE, "%s: no memory for an event",
		    output_path(file->output));
		return -1;
	}
	return output_write(file->output, line, len, err);
}

static int
file_flush(struct sink *sink, char *err)
{
	struct file_sink *file = sink->state;

	return output_flush(file->output, err);
}

static void
file_destroy(struct sink *sink)
{
	struct file_sink *file = sink->state;

	schema_ecs_free(file->ecs);
	free(file);
}

static const struct sink_ops file_ops = {
	.name = "file",
	.event = file_event,
	.flush = file_flush,
	.destroy = file_destroy,
};

int
file_sink_create(const struct sinks *sinks, struct output *output, struct sink *out, char *err)
{
	struct file_sink *file = calloc(1, sizeof(*file));

	if (file != NULL)
		file->ecs = schema_ecs_new(sinks);
	if (file == NULL || file->ecs == NULL) {
		snprintf(err, ERR_SIZE, "%s: no memory for events", output_path(output));
		free(file);
		return -1;
	}
	file->output = output;
	*out = (struct sink){ .ops = &file_ops, .state = file };
	return 0;
}
