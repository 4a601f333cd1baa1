/*
 * What runs from files and from interfaces have in common: outputs, memory,
 * the door, frames, the end.
 */
#include "analyzer/run.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/outputs.h"

/* What -i prints a line of. */
#define LINE_DATASETS \
	(UINT32_C(1) << DATASET_EXCHANGE | UINT32_C(1) << DATASET_ERROR | \
	    UINT32_C(1) << DATASET_PATH | UINT32_C(1) << DATASET_NEIGHBOR | \
	    UINT32_C(1) << DATASET_AVAILABILITY | UINT32_C(1) << DATASET_ALERT)

/* Takes over a status unless there is a more severe one. */
static void
note_status(struct run *run, enum run_status status)
{
	/* From the mildest to the most severe. An alert was found whatever else is missing. */
	static const int severity[] = {
		[RUN_DONE] = 0,
		[RUN_DAMAGED] = 1,
		[RUN_SOURCE_LOST] = 2,
		[RUN_ALERT] = 3,
		[RUN_FAILED] = 4,
		[RUN_OUTPUT_LOST] = 5,
		[RUN_USAGE] = 6,
	};

	if (severity[status] > severity[run->status])
		run->status = status;
}

void
run_fail(struct run *run, enum run_status status, const char *reason)
{
	log_error("%s", reason);
	note_status(run, status);
}

static bool
writes_standard_output(const struct options *options)
{
	return options_list_has(&options->outputs, "-") ||
	    (options->write_path != NULL && strcmp(options->write_path, "-") == 0);
}

static int
open_outputs(struct run *run, char *err)
{
	const struct options *options = run->options;
	size_t i;

	for (i = 0; i < options->outputs.count; i++)
		if (sinks_add_events(&run->sinks, options->outputs.items[i], options->datasets,
		    err) != 0)
			return -1;
	if (run->sinks.context.is_live && !writes_standard_output(options) &&
	    sinks_add_lines(&run->sinks, options->datasets & LINE_DATASETS, err) != 0)
		return -1;
	for (i = 0; i < options->report_count; i++)
		if (sinks_add_report(&run->sinks, options->reports[i].kind,
		    options->reports[i].path, err) != 0)
			return -1;
	if (options->evidence_path != NULL && evidence_open(options->evidence_path, run->settings,
	    &run->sinks.context, &run->evidence, err) != 0)
		return -1;
	if (options->write_path != NULL)
		return capture_dump_open(options->write_path, true, &run->dump, err);
	return 0;
}

static int
shut_door(struct run *run, char *err)
{
	struct sandbox_config config = {
		.user = run->options->user,
		.is_live = run->sinks.context.is_live,
		.has_directory = run->evidence != NULL,
		.directory_name = run->options->evidence_path,
	};
	int result;

	if (run->evidence != NULL)
		config.directory = evidence_directory(run->evidence, &config.is_new_directory);
	result = sandbox_close(&config, err);
	if (result == SANDBOX_PARTIAL && run->options->verbosity > 0)
		log_note(run->options->is_quiet, "%s", err);
	return result < 0 ? -1 : 0;
}

/* The option that means nothing without alerts, or NULL. */
static const char *
option_waiting(const struct options *options)
{
	if (options->evidence_path != NULL)
		return "--evidence";
	return options->fail_on != OPTIONS_NEVER ? "--fail-on" : NULL;
}

int
run_check(struct run *run, const struct inputs *inputs)
{
	const char *waiting = option_waiting(run->options);
	char err[ERR_SIZE];

	if (waiting != NULL && run->settings->detect_enabled == SWITCH_OFF)
		snprintf(err, sizeof(err), "%s waits for alerts, and detect.enabled is off", waiting);
	else if (outputs_check(run->options, inputs, err) == 0)
		return 0;
	run_fail(run, RUN_USAGE, err);
	return -1;
}

int
run_open(struct run *run, const struct sink_context *context)
{
	struct hash_key key;
	char err[ERR_SIZE], ignored[ERR_SIZE];
	bool has_pipeline = false;

	sinks_init(&run->sinks, context);
	if (open_outputs(run, err) != 0 || hash_key_random(&key, err) != 0)
		goto out;
	if (pipeline_init(&run->analyzer, run->settings, &run->sinks, &key, err) != 0)
		goto out;
	has_pipeline = true;
	if (run->evidence != NULL)
		pipeline_keep_evidence(&run->analyzer, run->evidence);
	if (shut_door(run, err) != 0)
		goto out;
	return 0;
out:
	run_fail(run, RUN_FAILED, err);
	if (has_pipeline)
		pipeline_free(&run->analyzer);
	(void)evidence_close(run->evidence, ignored);
	(void)capture_dump_close(run->dump, ignored);
	(void)sinks_close(&run->sinks, ignored);
	return -1;
}

static void
check_evidence(struct run *run)
{
	char err[ERR_SIZE];

	if (run->evidence != NULL && evidence_trouble(run->evidence, err) != 0)
		run_fail(run, RUN_OUTPUT_LOST, err);
}

bool
run_frame(struct run *run, const struct frame *frame)
{
	char err[ERR_SIZE];

	if (pipeline_frame(&run->analyzer, frame) && run->dump != NULL &&
	    capture_dump_write(run->dump, frame, err) != 0)
		run_fail(run, RUN_OUTPUT_LOST, err);
	check_evidence(run);
	run->taken++;
	return run->options->count == 0 || run->taken < run->options->count;
}

void
run_flush(struct run *run)
{
	char err[ERR_SIZE];

	if (run->dump != NULL && capture_dump_flush(run->dump, err) != 0)
		run_fail(run, RUN_OUTPUT_LOST, err);
	check_evidence(run);
}

bool
run_is_vain(const struct run *run)
{
	return run->analyzer.has_failed && !sinks_any(&run->sinks) && run->dump == NULL &&
	    run->evidence == NULL;
}

void
run_close(struct run *run, const struct pipeline_source *source)
{
	char err[ERR_SIZE];

	if (run->dump != NULL)
		run->analyzer.undumped = capture_dump_skipped(run->dump);
	pipeline_finish(&run->analyzer, source);
	if (run->options->fail_on != OPTIONS_NEVER &&
	    incidents_worst(run->analyzer.incidents) >= (unsigned)run->options->fail_on)
		note_status(run, RUN_ALERT);
	if (run->analyzer.has_failed)
		run_fail(run, RUN_OUTPUT_LOST, run->analyzer.err);
	if (sinks_close(&run->sinks, err) != 0)
		run_fail(run, RUN_OUTPUT_LOST, err);
	if (capture_dump_close(run->dump, err) != 0)
		run_fail(run, RUN_OUTPUT_LOST, err);
	if (evidence_close(run->evidence, err) != 0)
		run_fail(run, RUN_OUTPUT_LOST, err);
	pipeline_free(&run->analyzer);
}
