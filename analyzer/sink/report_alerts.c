/*
 * Each incident: how bad it is and one sentence, for who reads no further; then
 * by which rule, when, under which id; then why, the weightiest reason first.
 */
#include "analyzer/sink/report_alerts.h"

#include <inttypes.h>

#include "analyzer/sink/report_rows.h"

#define NS_PER_DAY UINT64_C(86400000000000)
#define WEIGHT_WIDTH 4                                   /* "+100" */
#define REASON_INDENT (COUNT_INDENT + WEIGHT_WIDTH + 2)  /* behind it and two blanks */
#define REASONS_MAX 32

static void
write_reason(struct text_page *page, const struct alert_reason *reason)
{
	text_start(page, TEXT_PLAIN, REASON_INDENT);
	text_add(page, "%*s+%-*" PRId64, COUNT_INDENT, "", WEIGHT_WIDTH, reason->weight);
	text_name(page, reason->name);
	text_add(page, ":");
	text_outside(page, reason->evidence);
	text_end(page);
}

/* The weightiest first, then as the detector gave them. */
static void
write_reasons(struct text_page *page, const struct fact_list *reasons)
{
	const struct alert_reason *items = reasons->items;
	struct alert_reason sorted[REASONS_MAX] = { { NULL, NULL, 0 } };
	uint32_t count = reasons->count < REASONS_MAX ? reasons->count : REASONS_MAX, i, j;

	for (i = 0; i < count; i++) {
		for (j = i; j > 0 && sorted[j - 1].weight < items[i].weight; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = items[i];
	}
	for (i = 0; i < count; i++)
		write_reason(page, &sorted[i]);
}

/* From when to when, as far as it is known; the date of the end only if it is another. */
static void
write_times(struct text_page *page, const struct alert_facts *alert)
{
	uint64_t first_ns = (uint64_t)alert->first_ns, last_ns = (uint64_t)alert->last_ns;

	row_continue(page, TEXT_PLAIN);
	text_time(page, first_ns, true);
	if (last_ns > first_ns) {
		text_add(page, " to");
		text_time(page, last_ns, last_ns / NS_PER_DAY != first_ns / NS_PER_DAY);
	}
	text_add(page, " UTC");
	text_end(page);
}

static void
write_alert(struct text_page *page, const struct alert_facts *alert)
{
	row_word(page, alert->severity > 1 ? TEXT_BAD : TEXT_PLAIN, alert->severity_name);
	text_outside(page, alert->message);
	text_end(page);
	row_continue(page, TEXT_PLAIN);
	text_add(page, " %s %s,", alert->rule->name, alert->id);
	text_add(page, " score %" PRId64 ",", alert->risk_score);
	text_add(page, " confidence %s", alert->confidence);
	if (alert->reopened != EVENT_UNKNOWN)
		text_add(page, ", came back %" PRId64 " time%s", alert->reopened,
		    plural((uint64_t)alert->reopened));
	text_end(page);
	write_times(page, alert);
	write_reasons(page, &alert->reasons);
}

void
report_alerts(struct text_page *page, const struct report *report)
{
	uint32_t shown = rows_shown(report, report->alert_count), i;

	if (report->alert_count == 0)
		return;
	text_section(page, "INCIDENTS, the worst first");
	for (i = 0; i < shown; i++)
		write_alert(page, &report->alerts[i]);
	row_more(page, report->alert_total, shown, "incident");
	row_words(page, TEXT_BAD, report->alerts_suppressed,
	    "more were held back, for there were too many at once");
}
