/*
 * The sections of the report. Counts stand in a column on the left, words on
 * the right, so that the eye runs down the numbers and stops at what is large.
 */
#include "analyzer/sink/report_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/event.h"
#include "analyzer/sink/format.h"
#include "analyzer/sink/report_alerts.h"
#include "analyzer/sink/report_availability.h"
#include "analyzer/sink/report_errors.h"
#include "analyzer/sink/report_neighbors.h"
#include "analyzer/sink/report_pairs.h"
#include "analyzer/sink/report_paths.h"
#include "analyzer/sink/report_rows.h"
#include "analyzer/sink/text_page.h"

#define HEADLINE_CLAUSES 7
#define HEADLINE_SIZE 48
#define NS_PER_DAY UINT64_C(86400000000000)

/* "22.8 kB" and what follows it. */
static void
add_size(struct text_page *page, uint64_t bytes, const char *close)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t tenths = bytes / 100;
	int unit = 0;

	if (bytes < 1000) {
		text_add(page, " %" PRIu64 " bytes%s", bytes, close);
		return;
	}
	for (; tenths >= 10000; tenths /= 1000)
		unit++;
	text_add(page, " %" PRIu64 ".%" PRIu64 " %s%s", tenths / 10, tenths % 10, units[unit],
	    close);
}

static uint64_t
sum_losses(const struct report *report)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < report->input_count; i++)
		sum += report->inputs[i].dropped;
	for (i = 0; i < report->skip_count; i++)
		if (report->skips[i].kind == REPORT_LOST)
			sum += report->skips[i].count;
	return sum;
}

/* The clauses of the headline, each a piece that is not split. */
struct headline {
	char clauses[HEADLINE_CLAUSES][HEADLINE_SIZE];
	uint32_t count;
};

/*
 * Pairs that lose packets, as echoes show: of other requests many are not
 * meant to be answered by everybody who is asked.
 */
static uint32_t
count_lossy(const struct report *report)
{
	const char *echo = exchange_family_name(FAMILY_ECHO);
	uint32_t i;

	for (i = 0; i < report->family_count; i++)
		if (strcmp(report->families[i].name, echo) == 0)
			return report->families[i].pair_lossy;
	return 0;
}

/* "3 errors", unless there are none. */
static void
add_clause(struct headline *headline, uint64_t count, const char *one, const char *many)
{
	if (count > 0)
		snprintf(headline->clauses[headline->count++], HEADLINE_SIZE, "%" PRIu64 " %s",
		    count, count == 1 ? one : many);
}

/* "3 incidents, the worst critical", when anybody looked for them. */
static void
add_incidents(struct headline *headline, const struct report *report)
{
	if (report->alert_total > 0)
		snprintf(headline->clauses[headline->count++], HEADLINE_SIZE,
		    "%" PRIu32 " incident%s, %s%s", report->alert_total,
		    plural(report->alert_total), report->alert_total > 1 ? "the worst " : "",
		    report->alerts[0].severity_name);
	else if (report->is_detecting)
		snprintf(headline->clauses[headline->count++], HEADLINE_SIZE, "no incident");
}

static void
fill_headline(struct headline *headline, const struct report *report)
{
	headline->count = 0;
	snprintf(headline->clauses[headline->count++], HEADLINE_SIZE, "%" PRIu64 " ICMP message%s",
	    report->messages, plural(report->messages));
	add_incidents(headline, report);
	add_clause(headline, count_lossy(report), "pair loses packets", "pairs lose packets");
	add_clause(headline, report->target_down, "target is down", "targets are down");
	add_clause(headline, report->errors, "error", "errors");
	add_clause(headline, sum_losses(report), "lost or not read", "lost or not read");
	if (!report->is_complete)
		snprintf(headline->clauses[headline->count++], HEADLINE_SIZE, "INCOMPLETE");
}

/* The essence in one sentence. */
static void
write_headline(struct text_page *page, const struct report *report)
{
	struct headline headline;
	uint32_t i;

	text_start(page, TEXT_TITLE, 0);
	if (report->packets > 0) {
		text_duration(page, report->last_ns - report->first_ns);
		text_add(page, ", ");
	}
	text_add(page, "%" PRIu64 " packet%s,", report->packets, plural(report->packets));
	fill_headline(&headline, report);
	for (i = 0; i < headline.count; i++)
		text_add(page, " %s%s", headline.clauses[i], i + 1 < headline.count ? ";" : "");
	text_end(page);
	if (report->messages > 0)
		return;
	text_start(page, TEXT_PLAIN, 0);
	if (report->fragments > 0)
		text_add(page, "Fragments of ICMP, and no whole message.");
	else
		text_add(page, report->is_live ? "No ICMP was seen." : "No ICMP in this capture.");
	text_end(page);
}

static void
write_input(struct text_page *page, const struct report_input *input)
{
	row_start(page, TEXT_PLAIN, input->packets);
	text_add(page, " packet%s", plural(input->packets));
	text_add(page, strcmp(input->format, "live") == 0 ? " on" : " in");
	text_name(page, input->name);
	if (input->bytes > 0) {
		text_add(page, " (%s%s", input->format, input->format[0] != '\0' ? "," : "");
		add_size(page, input->bytes, ")");
	}
	text_end(page);
	if (input->damage != NULL) {
		text_start(page, TEXT_BAD, COUNT_INDENT);
		text_add(page, "%*sdamage:", COUNT_INDENT, "");
		text_outside(page, input->damage);
		text_end(page);
	}
	row_words(page, TEXT_BAD, input->skipped_bytes, "bytes of it passed over (--resync)");
	row_words(page, TEXT_BAD, input->dropped, "packets of it dropped before they got here");
}

static bool
is_remarkable(const struct report_input *input)
{
	return input->damage != NULL || input->dropped > 0 || input->skipped_bytes > 0;
}

static void
write_links(struct text_page *page, const struct report *report)
{
	uint32_t shown = rows_shown(report, report->link_count), i;
	const struct report_link *link;

	for (i = 0; i < shown; i++) {
		link = &report->links[i];
		row_start(page, link->known ? TEXT_PLAIN : TEXT_BAD, link->packets);
		text_add(page, " frame%s of link type %s%s", plural(link->packets), link->name,
		    link->known ? "" : ": not decoded");
		text_end(page);
	}
	row_more(page, report->link_count, shown, "link type");
	row_words(page, TEXT_PLAIN, report->other_links, report->other_links == 1 ?
	    "frame of another link type" : "frames of other link types");
}

static void
write_inputs(struct text_page *page, const struct report *report)
{
	uint32_t i, shown = 0;

	text_section(page, "INPUT");
	for (i = 0; i < report->input_count; i++) {
		if (i >= report->rows && !is_remarkable(&report->inputs[i]))
			continue;
		write_input(page, &report->inputs[i]);
		shown++;
	}
	row_more(page, report->input_count, shown, "file");
	write_links(page, report);
	if (report->packets == 0)
		return;
	row_continue(page, TEXT_PLAIN);
	text_time(page, report->first_ns, true);
	text_add(page, " to");
	text_time(page, report->last_ns,
	    report->first_ns / NS_PER_DAY != report->last_ns / NS_PER_DAY);
	text_add(page, " UTC");
	text_end(page);
}

static void
write_messages(struct text_page *page, const struct report *report)
{
	uint32_t shown = rows_shown(report, report->type_count), i;
	const struct report_type *type;
	char share[SHARE_SIZE];

	text_section(page, "MESSAGES");
	for (i = 0; i < shown; i++) {
		type = &report->types[i];
		row_start(page, TEXT_PLAIN, type->count);
		text_add(page, " %6s", share_text(type->count, report->messages, share));
		text_add(page, "  %-6s %3u/%-3u", type->version == 6 ? "ICMPv6" : "ICMP",
		    type->type, type->code);
		row_names(page, type->name, type->code_name);
		text_end(page);
	}
	row_more(page, report->type_count, shown, "kind");
}

static void
write_anomalies(struct text_page *page, const struct report *report)
{
	const struct report_anomaly *anomaly;
	const struct anomaly_type *type;
	uint32_t i;

	if (report->anomaly_count == 0)
		return;
	text_section(page, "ANOMALIES");
	for (i = 0; i < report->anomaly_count; i++) {
		anomaly = &report->anomalies[i];
		type = anomaly_type(anomaly->anomaly);
		row_start(page, TEXT_PLAIN, anomaly->count);
		text_add(page, " %s, first in frame %" PRIu64, type->slug, anomaly->first_frame);
		text_end(page);
		row_continue(page, TEXT_PLAIN);
		text_words(page, type->meaning);
		text_end(page);
	}
}

/* The rows of one kind under a title, when there are any. */
static void
write_skips(struct text_page *page, const struct report *report, enum report_skip_kind kind,
    const char *title)
{
	const struct report_skip *skip;
	bool is_begun = false;
	uint32_t i;

	for (i = 0; i < report->skip_count; i++) {
		skip = &report->skips[i];
		if (skip->kind != kind || skip->count == 0)
			continue;
		if (!is_begun)
			text_section(page, title);
		is_begun = true;
		row_words(page, kind == REPORT_LOST ? TEXT_BAD : TEXT_PLAIN, skip->count,
		    skip->meaning);
	}
}

static void
write_skipped(struct text_page *page, const struct report *report)
{
	write_skips(page, report, REPORT_LOST, "LOST OR NOT READ");
	write_skips(page, report, REPORT_SKIPPED, "SKIPPED");
	write_skips(page, report, REPORT_ODD, "ODD, and analyzed all the same");
}

static bool
is_healthy(const struct report *report)
{
	uint32_t i;

	for (i = 0; i < report->table_count; i++)
		if (report->tables[i].evicted > 0)
			return false;
	return report->clock_back == 0 && report->clock_jumps == 0;
}

static void
write_health(struct text_page *page, const struct report *report)
{
	const struct report_table *table;
	uint32_t i;

	if (is_healthy(report))
		return;
	text_section(page, "HEALTH");
	for (i = 0; i < report->table_count; i++) {
		table = &report->tables[i];
		if (table->evicted == 0)
			continue;
		row_start(page, TEXT_BAD, table->evicted);
		text_add(page, " entr%s of %s given up early:", table->evicted == 1 ? "y" : "ies",
		    table->name);
		text_add(page, " it holds %" PRIu64, table->capacity);
		text_end(page);
	}
	row_words(page, TEXT_PLAIN, report->clock_back, report->clock_back == 1 ?
	    "step back of the capture's clock" : "steps back of the capture's clock");
	row_words(page, TEXT_PLAIN, report->clock_jumps, report->clock_jumps == 1 ?
	    "leap of the capture's clock, not believed" :
	    "leaps of the capture's clock, not believed");
}

int
report_text(struct output *output, const struct report *report, char *err)
{
	struct text_page page;

	text_init(&page, output, err);
	if (!output_is_empty(output))
		text_end(&page); /* away from the lines before it */
	write_headline(&page, report);
	report_alerts(&page, report);
	write_inputs(&page, report);
	if (report->type_count > 0)
		write_messages(&page, report);
	report_pairs(&page, report);
	report_availability(&page, report);
	report_paths(&page, report);
	report_errors(&page, report);
	report_neighbors(&page, report);
	write_anomalies(&page, report);
	write_skipped(&page, report);
	write_health(&page, report);
	return page.has_failed ? -1 : 0;
}
