/*
 * One run of the analysis, from files (run_files.c) or interfaces
 * (run_live.c): both open their source, shut the door behind them and feed
 * the pipeline.
 */
#ifndef ANALYZER_RUN_H
#define ANALYZER_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyzer/capture_dump.h"
#include "analyzer/inputs.h"
#include "analyzer/options.h"
#include "analyzer/pipeline.h"
#include "analyzer/sandbox.h"

/* Exit statuses, as users rely on them. */
enum run_status {
	RUN_DONE = 0,
	RUN_FAILED = 1,       /* a file that does not exist, no memory, ... */
	RUN_USAGE = 2,        /* an option, a filter expression */
	RUN_DAMAGED = 3,      /* input damaged, cut short, empty or no capture */
	RUN_OUTPUT_LOST = 4,
	RUN_SOURCE_LOST = 5,
	RUN_ALERT = 10,       /* an alert as severe as --fail-on */
};

struct run {
	const struct options *options;
	const struct settings *settings;
	const volatile sig_atomic_t *stop; /* set by SIGINT and SIGTERM */
	struct sinks sinks;
	struct analyzer analyzer;
	struct capture_dump *dump; /* -w, or NULL */
	struct evidence *evidence; /* --evidence, or NULL */
	uint64_t taken;            /* frames analyzed, for -c */
	enum run_status status;    /* the worst so far */
};

/* Analyzes the files of -r, or the interfaces of -i, to their end. */
enum run_status run_files(struct run *run);
enum run_status run_live(struct run *run);

/*
 * Whether opening the outputs would destroy an input (NULL: there are none) or
 * each other, or an option waits for what the settings turn off. 0, or -1 with
 * the status set and the reason told.
 */
int run_check(struct run *run, const struct inputs *inputs);

/*
 * Opens outputs, takes the memory and shuts the door. The source is open by
 * then. `context` tells the sinks of it. 0, or -1 with the status set and the
 * reason told; then nothing is held.
 */
int run_open(struct run *run, const struct sink_context *context);

/* Analyzes a frame and writes it to -w. False when -c packets are through. */
bool run_frame(struct run *run, const struct frame *frame);

/* Hands what -w has buffered to the system, when there is time. */
void run_flush(struct run *run);

/* Whether all outputs are lost: nobody would see what follows. */
bool run_is_vain(const struct run *run);

/* The last events and reports; closes outputs and frees the memory. */
void run_close(struct run *run, const struct pipeline_source *source);

/* Notes a status and says why on standard error. The most severe one stays. */
void run_fail(struct run *run, enum run_status status, const char *reason);

#endif
