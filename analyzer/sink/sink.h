/*
 * What a sink is: a place where events or the report go. A sink that fails
 * says so once and is not called again; the run ends with exit status 4.
 */
#ifndef ANALYZER_SINK_SINK_H
#define ANALYZER_SINK_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/report.h"

#define SINKS_MAX 16

/* What the writers of events need to know of the run. */
struct sink_context {
	const char *observer_name; /* or NULL */
	const char *version;
	uint16_t community_id_seed;
	bool is_live;
	/* The file's path (-r) or interface's name (-i) of a frame; NULL frame:
	 * of the latest one. */
	const char *(*source_name)(void *owner, const struct frame *frame);
	void *owner;
};

struct output;
struct sink;

struct sink_ops {
	const char *name;
	/* Takes an event of a dataset in `sink->wanted`. 0, or -1 and `err`.
	 * NULL for sinks that want none. */
	int (*event)(struct sink *sink, const struct event *event, char *err);
	/* Takes the report at the end. 0, or -1 and `err`. May be NULL. */
	int (*report)(struct sink *sink, const struct report *report, char *err);
	/* Writes out what is buffered; called when the input is idle. */
	int (*flush)(struct sink *sink, char *err);
	void (*destroy)(struct sink *sink);
};

struct sink {
	const struct sink_ops *ops;
	uint32_t wanted; /* bit per dataset */
	struct output *output; /* where it writes; sinks of one path share it */
	bool failed;
	void *state;
};

/* The sinks of a run. */
struct sinks {
	struct sink all[SINKS_MAX];
	uint32_t count;
	uint32_t wanted;         /* bits of all of them */
	uint64_t sequence;       /* events written: event.sequence */
	uint64_t by_dataset[DATASETS];
	struct sink_context context;
	struct output *outputs[SINKS_MAX]; /* one for each path, shared by its sinks */
	uint32_t output_count;
};

/* Starts with no sink. `context` is copied; `sinks` must not move after that. */
void sinks_init(struct sinks *sinks, const struct sink_context *context);

/*
 * Adds a sink of NDJSON events at `url` ("-" or a path), taking the datasets
 * of the mask `wanted`. 0, or -1 and `err`.
 */
int sinks_add_events(struct sinks *sinks, const char *url, uint32_t wanted, char *err);

/* Adds the lines that -i prints on a terminal, one per event worth reading. */
int sinks_add_lines(struct sinks *sinks, uint32_t wanted, char *err);

/* Adds a report: `kind` "text" or "json", to `path` ("-" or a path). */
int sinks_add_report(struct sinks *sinks, const char *kind, const char *path, char *err);

/* Hands an event to every sink that wants it. 0, or -1 and `err` when one failed. */
int sinks_event(struct sinks *sinks, const struct event *event, char *err);
int sinks_report(struct sinks *sinks, const struct report *report, char *err);
int sinks_flush(struct sinks *sinks, char *err);

/* Whether a sink is left that has not failed. */
bool sinks_any(const struct sinks *sinks);

/* Flushes and closes all. 0, or -1 and `err` when something was lost. */
int sinks_close(struct sinks *sinks, char *err);

#endif
