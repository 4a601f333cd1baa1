/*
 * Capture files, one after the other as one stream. Damage ends a file, never
 * the run: it is told at once, in the report and by the exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/capture_filter.h"
#include "analyzer/inputs.h"
#include "analyzer/progress.h"
#include "analyzer/run.h"

#define LINK_TYPE_MAX 1023 /* numbers asked for when the decoded ones are listed */
#define DAMAGES_TOLD 5 /* places of one file told one by one */

/* What the report says of one file. */
struct file_note {
	char *damage; /* the first place; ours; NULL when all was well */
	uint64_t damages;
};

struct files {
	struct run *run;
	struct inputs inputs;
	struct filter *filter; /* NULL: none */
	struct progress progress;
	struct file_note *notes;       /* parallel to inputs.files */
	struct report_input *reported; /* likewise */
	bool is_damaged;
};

static const char *
source_name(void *owner, const struct frame *frame)
{
	const struct files *files = owner;

	/* Of a datagram that was waited for the file may have ended. */
	if (frame != NULL)
		return inputs_file_of(&files->inputs, frame->ordinal);
	return inputs_file(&files->inputs);
}

static struct file_note *
current_note(struct files *files)
{
	return &files->notes[files->inputs.begun > 0 ? files->inputs.begun - 1 : 0];
}

/* The first damage of a file is what its line in the report shows. */
static void
note_damage(struct files *files, enum run_status status)
{
	struct file_note *note = current_note(files);
	const char *name = inputs_file(&files->inputs);
	char reason[2 * ERR_SIZE];

	progress_end(&files->progress);
	if (note->damage == NULL)
		note->damage = strdup(inputs_problem(&files->inputs));
	files->is_damaged = true;
	note->damages++;
	if (note->damages > DAMAGES_TOLD)
		return;
	if (note->damages == DAMAGES_TOLD)
		snprintf(reason, sizeof(reason), "%s: damaged in more places", name);
	else
		snprintf(reason, sizeof(reason), "%s: %s", name,
		    inputs_problem(&files->inputs));
	run_fail(files->run, status, reason);
}

static void
read_all(struct files *files)
{
	struct run *run = files->run;
	struct inputs *inputs = &files->inputs;
	struct frame frame;

	for (;;) {
		switch (inputs_next(inputs, &frame)) {
		case READER_FRAME:
			progress_update(&files->progress, inputs_position(inputs),
			    inputs_total(inputs), run->analyzer.frames);
			if (files->filter != NULL && !filter_match(files->filter, &frame)) {
				run->analyzer.filtered++;
				break;
			}
			if (!run_frame(run, &frame))
				return;
			break;
		case READER_END:
			return;
		case READER_DAMAGED:
			note_damage(files, RUN_DAMAGED);
			break;
		case READER_FAILED:
			note_damage(files, RUN_FAILED);
			break;
		}
		if (run_is_vain(run))
			return;
	}
}

/* Nothing could be read for want of a decoder: as bad as no capture at all. */
static void
judge_links(struct files *files)
{
	const struct analyzer *analyzer = &files->run->analyzer;
	char reason[4 * ERR_SIZE], name[LINK_TYPE_NAME_SIZE];
	size_t len;
	uint32_t type;

	if (analyzer->frames == 0 || analyzer->verdicts[PACKET_UNKNOWN_LINK] < analyzer->frames)
		return;
	link_type_name(analyzer->links[0].link_type, name, sizeof(name));
	snprintf(reason, sizeof(reason), "link type %s is not decoded; these are:", name);
	for (type = 0; type <= LINK_TYPE_MAX; type++) {
		if (!packet_link_known(type))
			continue;
		link_type_name(type, name, sizeof(name));
		len = strlen(reason);
		snprintf(reason + len, sizeof(reason) - len, " %s", name);
	}
	files->is_damaged = true;
	run_fail(files->run, RUN_DAMAGED, reason);
}

/* Files whose turn came, for the report. */
static void
describe_source(struct files *files, struct pipeline_source *source)
{
	struct inputs *inputs = &files->inputs;
	struct reader_counts counts;
	size_t i;

	inputs_describe(inputs);
	inputs_count(inputs, &counts);
	for (i = 0; i < inputs->begun; i++) {
		const struct inputs_file *file = &inputs->files[i];
		const struct reader_counts *own = &file->counts;

		if (inputs->is_open && i + 1 == inputs->begun)
			own = &inputs->reader.counts;
		files->reported[i] = (struct report_input){
			.name = file->name,
			.format = file->format,
			.packets = own->frames,
			.bytes = file->size,
			.dropped = own->interface_drops + own->system_drops,
			.damage = files->notes[i].damage,
			.skipped_bytes = own->skipped_bytes,
		};
	}
	if (files->filter != NULL) {
		uint64_t unmatchable = filter_unmatchable(files->filter);

		files->run->analyzer.filtered -= unmatchable;
		files->run->analyzer.unfilterable = unmatchable;
	}
	*source = (struct pipeline_source){
		.inputs = files->reported,
		.input_count = (uint32_t)inputs->begun,
		.partial = counts.partial,
		.odd_times = counts.odd_times + counts.clamped_times,
		.untimed = counts.untimed,
		.odd_lengths = counts.overlong,
		.not_captures = inputs->skipped_files,
		.is_damaged = files->is_damaged,
	};
}

static int
open_source(struct files *files)
{
	const struct options *options = files->run->options;
	const struct inputs_options inputs = {
		.paths = options->reads.items,
		.path_count = options->reads.count,
		.is_resync = options->resync,
		.stop = files->run->stop,
	};
	char err[ERR_SIZE];

	if (options->filter != NULL && filter_open(options->filter, &files->filter, err) != 0) {
		run_fail(files->run, RUN_USAGE, err);
		return -1;
	}
	if (inputs_open(&files->inputs, &inputs, err) != 0) {
		run_fail(files->run, RUN_FAILED, err);
		return -1;
	}
	files->notes = calloc(files->inputs.file_count + 1, sizeof(*files->notes));
	files->reported = calloc(files->inputs.file_count + 1, sizeof(*files->reported));
	if (files->notes == NULL || files->reported == NULL) {
		run_fail(files->run, RUN_FAILED, "no memory for the list of files");
		inputs_close(&files->inputs);
		return -1;
	}
	return 0;
}

static void
close_source(struct files *files)
{
	size_t i;

	for (i = 0; i < files->inputs.file_count; i++)
		free(files->notes[i].damage);
	inputs_close(&files->inputs);
}

enum run_status
run_files(struct run *run)
{
	struct files files = { .run = run };
	const struct sink_context context = {
		.observer_name = run->settings->observer_name,
		.version = ICMPSCOPE_VERSION,
		.community_id_seed = (uint16_t)run->settings->community_id_seed,
		.source_name = source_name,
		.owner = &files,
	};
	struct pipeline_source source;

	if (open_source(&files) == 0) {
		if (run_check(run, &files.inputs) == 0 && run_open(run, &context) == 0) {
			progress_init(&files.progress, run->options->is_quiet);
			read_all(&files);
			progress_end(&files.progress);
			judge_links(&files);
			describe_source(&files, &source);
			run_close(run, &source);
		}
		close_source(&files);
	}
	if (files.filter != NULL)
		filter_close(files.filter);
	free(files.notes);
	free(files.reported);
	return run->status;
}
