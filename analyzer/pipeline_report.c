/*
 * The pipeline's own part of the report: inputs, link types, what was skipped
 * and why, tables; the trackers add theirs.
 */
#include <string.h>

#include "analyzer/capture_filter.h"
#include "analyzer/pipeline.h"

/* Frames by verdict that gave no message. PACKET_FRAGMENT is told by its fate. */
static const struct {
	enum packet_verdict verdict;
	const char *meaning;
	enum report_skip_kind kind;
} verdict_rows[] = {
	{ PACKET_OTHER, "frames that carry no ICMP", REPORT_SKIPPED },
	{ PACKET_OPAQUE, "frames encrypted inside, or with what nothing names", REPORT_SKIPPED },
	{ PACKET_LINK_FRAGMENT, "fragments made by a link, not put together", REPORT_LOST },
	{ PACKET_UNKNOWN_LINK, "frames of a link type that is not decoded", REPORT_LOST },
	{ PACKET_TOO_DEEP, "frames with more headers than are followed", REPORT_LOST },
	{ PACKET_TRUNCATED, "frames with a header cut by the snap length", REPORT_LOST },
	{ PACKET_MALFORMED, "frames with a header that contradicts itself", REPORT_SKIPPED },
};

static void
add_skip(struct analyzer *analyzer, struct report *out, struct report_skip skip)
{
	if (skip.count > 0 && out->skip_count < PIPELINE_SKIPS_MAX)
		analyzer->report_skips[out->skip_count++] = skip;
}

static void
report_fragments(struct analyzer *analyzer, struct report *out)
{
	const struct reassembly_counts *counts = &analyzer->reassembly.counts;
	const struct report_skip rows[] = {
		{ "fragments_incomplete", "datagrams whose fragments never all came",
		    counts->timed_out + analyzer->reassembly.waiting.count, REPORT_SKIPPED },
		{ "fragments_evicted", "datagrams given up for want of room", counts->evicted,
		    REPORT_LOST },
		{ "fragments_duplicate", "fragments seen before",
		    counts->duplicates + counts->late_duplicates, REPORT_SKIPPED },
		{ "fragments_overlapping", "fragments that overlap others", counts->overlaps,
		    REPORT_ODD },
		{ "fragments_oversized", "fragments past the longest datagram there can be",
		    counts->dropped[REASSEMBLY_OVERSIZED], REPORT_SKIPPED },
		{ "fragments_bad_length", "fragments of a length there cannot be",
		    counts->dropped[REASSEMBLY_BAD_LENGTH], REPORT_SKIPPED },
		{ "fragments_misfit", "fragments past their datagram's end",
		    counts->dropped[REASSEMBLY_MISFIT], REPORT_SKIPPED },
		{ "fragments_given_up", "fragments of datagrams given up for an overlap",
		    counts->dropped[REASSEMBLY_OVERLAP] + counts->dropped[REASSEMBLY_GIVEN_UP],
		    REPORT_SKIPPED },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		add_skip(analyzer, out, rows[i]);
}

static void
report_skips(struct analyzer *analyzer, const struct pipeline_source *source, struct report *out)
{
	const struct report_skip rows[] = {
		{ "filtered", "frames left out by the filter expression", analyzer->filtered, REPORT_SKIPPED },
		{ "filter_not_applicable", "frames of a link type that the filter cannot be used on",
		    analyzer->unfilterable, REPORT_LOST },
		{ "not_written", "ICMP frames of another link type than the file of -w", analyzer->undumped,
		    REPORT_LOST },
		{ "partial_records", "records cut short by damage, analyzed as far as they go",
		    source->partial, REPORT_LOST },
		{ "odd_times", "records with impossible fractions of a second",
		    source->odd_times, REPORT_ODD },
		{ "untimed", "records without a time of their own: the one before's",
		    source->untimed, REPORT_ODD },
		{ "odd_lengths", "records that hold more than was on the wire",
		    source->odd_lengths, REPORT_ODD },
		{ "not_captures", "files in a directory that are no captures",
		    source->not_captures, REPORT_SKIPPED },
	};
	size_t i;

	for (i = 0; i < sizeof(verdict_rows) / sizeof(verdict_rows[0]); i++)
		add_skip(analyzer, out, (struct report_skip){
			.reason = packet_verdict_name(verdict_rows[i].verdict),
			.meaning = verdict_rows[i].meaning,
			.count = analyzer->verdicts[verdict_rows[i].verdict],
			.kind = verdict_rows[i].kind,
		});
	report_fragments(analyzer, out);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		add_skip(analyzer, out, rows[i]);
	out->skips = analyzer->report_skips;
}

static void
report_links(struct analyzer *analyzer, struct report *out)
{
	uint32_t i;

	for (i = 0; i < analyzer->link_count; i++) {
		struct report_link *link = &analyzer->report_links[i];

		link->link_type = analyzer->links[i].link_type;
		link->packets = analyzer->links[i].packets;
		link->known = packet_link_known(link->link_type);
		link_type_name(link->link_type, link->name, sizeof(link->name));
	}
	out->links = analyzer->report_links;
	out->link_count = analyzer->link_count;
	out->other_links = analyzer->other_links;
}

static void
report_reassembly_table(const struct reassembly *reassembly, struct report_table *out)
{
	report_table_row(&reassembly->waiting, out);
	out->evicted = reassembly->counts.evicted;
	out->expired = reassembly->counts.timed_out;
	out->memory = reassembly_memory(reassembly);
}

static void
report_tables(struct analyzer *analyzer, struct report *out)
{
	struct report_table *rows = analyzer->report_tables;
	uint32_t used = 0;
	int i;

	report_reassembly_table(&analyzer->reassembly, &rows[used++]);
	for (i = 0; trackers[i] != NULL; i++)
		if (trackers[i]->tables != NULL)
			used += trackers[i]->tables(analyzer->states[i], rows + used,
			    PIPELINE_TABLES_MAX - used);
	for (i = 0; analyzer->detectors[i] != NULL; i++)
		if (analyzer->detectors[i]->tables != NULL)
			used += analyzer->detectors[i]->tables(analyzer->judges[i], rows + used,
			    PIPELINE_TABLES_MAX - used);
	used += incidents_tables(analyzer->incidents, rows + used, PIPELINE_TABLES_MAX - used);
	if (analyzer->evidence != NULL && used < PIPELINE_TABLES_MAX)
		evidence_table(analyzer->evidence, &rows[used++]);
	out->tables = rows;
	out->table_count = used;
}

int
pipeline_report(struct analyzer *analyzer, const struct pipeline_source *source,
    struct report *out)
{
	uint32_t i;

	memset(out, 0, sizeof(*out));
	out->is_live = analyzer->sinks->context.is_live;
	out->is_complete = !source->is_damaged;
	out->packets = analyzer->frames;
	out->bytes = analyzer->bytes;
	out->fragments = analyzer->fragments;
	out->first_ns = analyzer->clock.first_ns;
	out->last_ns = analyzer->clock.latest_ns;
	out->clock_back = analyzer->clock.back_count;
	out->clock_jumps = analyzer->clock.jump_count;
	out->events = analyzer->sinks->sequence;
	out->rows = (uint32_t)analyzer->settings->report_rows;
	out->inputs = source->inputs;
	out->input_count = source->input_count;
	report_links(analyzer, out);
	report_skips(analyzer, source, out);
	for (i = 0; i < out->skip_count; i++)
		if (out->skips[i].kind == REPORT_LOST)
			out->is_complete = false;
	for (i = 0; trackers[i] != NULL; i++)
		if (trackers[i]->report(analyzer->states[i], out) != 0)
			return -1;
	report_tables(analyzer, out);
	out->is_detecting = analyzer->detectors[0] != NULL;
	return incidents_rows(analyzer->incidents, out);
}
