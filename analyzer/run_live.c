/*
 * Live capture: lines as things happen, stats on an interval, the report when
 * it is stopped or the interface is gone.
 */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "analyzer/capture.h"
#include "analyzer/run.h"

#define POLL_NS UINT64_C(30000000000) /* the kernel's counters wrap at 32 bits */

struct live {
	struct run *run;
	struct capture *capture;
	struct report_input inputs[CAPTURE_INTERFACES_MAX]; /* of each interface */
	uint64_t next_stats_ns; /* analysis time */
	uint64_t next_poll_ns;
};

static const char *
source_name(void *owner, const struct frame *frame)
{
	const struct live *live = owner;

	return capture_interface_name(live->capture, frame != NULL ? frame->interface : 0);
}

/* Opens the interfaces; the user's filter is in the kernel's. */
static int
open_capture(struct live *live)
{
	const struct options *options = live->run->options;
	const struct capture_config config = {
		.interfaces = options->interfaces.items,
		.interface_count = options->interfaces.count,
		.snaplen = (uint32_t)options->snaplen,
		.buffer_kib = (uint32_t)options->buffer_kib,
		.promiscuous = !options->promiscuous_off,
		.filter = options->filter,
		.with_flows = settings_flows_on(live->run->settings, true),
	};
	char err[ERR_SIZE];

	switch (capture_open(&config, &live->capture, err)) {
	case CAPTURE_OK:
		if (options->verbosity > 0)
			capture_describe(live->capture, stderr);
		return 0;
	case CAPTURE_BAD_FILTER:
		run_fail(live->run, RUN_USAGE, err);
		return -1;
	default:
		run_fail(live->run, RUN_FAILED, err);
		return -1;
	}
}

static void
name_inputs(struct live *live)
{
	size_t count = capture_interface_count(live->capture), i;

	for (i = 0; i < count; i++) {
		live->inputs[i].name = capture_interface_name(live->capture, (uint32_t)i);
		live->inputs[i].format = "live";
	}
}

/* What the interfaces gave and the kernel lost, an input of the report each. */
static struct pipeline_source
describe_source(struct live *live)
{
	uint32_t count = (uint32_t)capture_interface_count(live->capture), i;
	struct capture_stats stats;

	for (i = 0; i < count; i++) {
		capture_stats_of(live->capture, i, &stats);
		if (stats.kernel_drops + stats.interface_drops > live->inputs[i].dropped)
			pipeline_lost(&live->run->analyzer);
		live->inputs[i].dropped = stats.kernel_drops + stats.interface_drops;
	}
	return (struct pipeline_source){ .inputs = live->inputs, .input_count = count };
}

/* Tells that it has begun, and on what. */
static void
say_listening(const struct live *live)
{
	size_t count = capture_interface_count(live->capture), len = 0, i;
	char names[ERR_SIZE] = "";

	for (i = 0; i < count && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
		    i > 0 ? ", " : "", live->inputs[i].name);
	log_note(live->run->options->is_quiet, "listening on %s; Ctrl-C ends with a report",
	    names);
}

/* What is due by the clock: the kernel's counters, and a stats event. */
static void
keep_up(struct live *live)
{
	struct pipeline_source source;
	uint64_t now_ns = live->run->analyzer.clock.now_ns;

	if (now_ns >= live->next_poll_ns) {
		(void)describe_source(live);
		live->next_poll_ns = now_ns + POLL_NS;
	}
	if (now_ns < live->next_stats_ns)
		return;
	if (live->next_stats_ns > 0) {
		source = describe_source(live);
		pipeline_stats(&live->run->analyzer, &source);
	}
	live->next_stats_ns = now_ns + live->run->settings->stats_interval_ns;
}

static void
capture_all(struct live *live)
{
	struct run *run = live->run;
	struct frame frame;
	char err[ERR_SIZE];

	for (;;) {
		if (*run->stop)
			capture_stop(live->capture);
		switch (capture_next(live->capture, &frame, err)) {
		case CAPTURE_FRAME:
			live->inputs[frame.interface].packets++;
			if (!run_frame(run, &frame))
				return;
			break;
		case CAPTURE_IDLE:
			pipeline_idle(&run->analyzer, frame.when_ns);
			run_flush(run);
			break;
		case CAPTURE_STOPPED:
			return;
		case CAPTURE_LOST:
			run_fail(run, RUN_SOURCE_LOST, err);
			return;
		}
		keep_up(live);
		if (run_is_vain(run))
			return;
	}
}

/* The sensor's name: the setting, else the host's. */
static const char *
observer_name(const struct settings *settings, char *host, size_t size)
{
	if (settings->observer_name[0] != '\0' || gethostname(host, size) != 0)
		return settings->observer_name;
	host[size - 1] = '\0';
	return host;
}

enum run_status
run_live(struct run *run)
{
	struct live live = { .run = run };
	char host[HOST_NAME_MAX + 1];
	const struct sink_context context = {
		.observer_name = observer_name(run->settings, host, sizeof(host)),
		.version = ICMPSCOPE_VERSION,
		.community_id_seed = (uint16_t)run->settings->community_id_seed,
		.is_live = true,
		.source_name = source_name,
		.owner = &live,
	};
	struct pipeline_source source;

	if (open_capture(&live) != 0)
		return run->status;
	name_inputs(&live);
	if (run_check(run, NULL) == 0 && run_open(run, &context) == 0) {
		say_listening(&live);
		capture_all(&live);
		source = describe_source(&live);
		run_close(run, &source);
	}
	capture_close(live.capture);
	return run->status;
}
