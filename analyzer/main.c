/*
 * icmpscope: the order of start and stop, nothing else.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/capture.h"
#include "analyzer/explain.h"
#include "analyzer/options.h"
#include "analyzer/run.h"

static volatile sig_atomic_t stop;

/* The first signal ends the capture with its report, the second at once. */
static void
on_signal(int number)
{
	stop = 1;
	signal(number, SIG_DFL);
}

static void
catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A reader that went away or a file at its limit is an error of write. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static enum run_status
analyze(const struct options *options)
{
	struct settings settings;
	struct run *run;
	enum run_status status;
	char err[ERR_SIZE];

	switch (options_settings(options, &settings, err)) {
	case SETTINGS_OK:
		break;
	case SETTINGS_WRONG:
		log_error("%s", err);
		return RUN_USAGE;
	case SETTINGS_UNREADABLE:
		log_error("%s", err);
		return RUN_FAILED;
	}
	if (options->command == OPTIONS_CHECK) {
		printf("settings are right\n");
		return RUN_DONE;
	}
	run = calloc(1, sizeof(*run));
	if (run == NULL) {
		log_error("no memory");
		return RUN_FAILED;
	}
	run->options = options;
	run->settings = &settings;
	run->stop = &stop;
	catch_signals();
	status = options->reads.count > 0 ? run_files(run) : run_live(run);
	free(run);
	return status;
}

static enum run_status
list_interfaces(void)
{
	char err[ERR_SIZE];

	if (capture_list(stdout, err) == 0)
		return RUN_DONE;
	log_error("%s", err);
	return RUN_FAILED;
}

static enum run_status
explain(const struct options *options)
{
	char err[ERR_SIZE];

	if (explain_run(options->words.count, options->words.items, stdout, err) == 0)
		return RUN_DONE;
	log_error("%s", err);
	return RUN_USAGE;
}

static enum run_status
carry_out(const struct options *options)
{
	switch (options->command) {
	case OPTIONS_HELP:
		options_usage(stdout);
		return RUN_DONE;
	case OPTIONS_VERSION:
		options_version(stdout);
		return RUN_DONE;
	case OPTIONS_LIST:
		return list_interfaces();
	case OPTIONS_EXPLAIN:
		return explain(options);
	default:
		return analyze(options);
	}
}

int
main(int argc, char **argv)
{
	struct options options;
	enum run_status status = RUN_USAGE;
	char err[ERR_SIZE];

	if (options_parse(argc, argv, &options, err) != 0)
		log_error("%s", err);
	else
		status = carry_out(&options);
	options_free(&options);
	if (fflush(stdout) != 0 && status == RUN_DONE)
		status = RUN_OUTPUT_LOST;
	return (int)status;
}
