/*
 * Each incident: how bad it is, one sentence, then why, the weightiest reason
 * first, so that a reader can stop early.
 */
#include "analyzer/sink/report_alerts.h"

#include <inttypes.h>
#include <stdio.h>

#define WORDS_INDENT 10 /* behind the severity */

static void
write_reason(struct text_page *page, const struct alert_reason *reason)
{
	text_start(page, TEXT_PLAIN, WORDS_INDENT + 2);
	text_add(page, "%*s", WORDS_INDENT - 1, "");
	text_name(page, reason->name);
	text_add(page, " (%" PRId64 "):", reason->weight);
	text_outside(page, reason->evidence);
	text_end(page);
}

static void
write_alert(struct text_page *page, const struct alert_facts *alert)
{
	const struct alert_reason *reasons = alert->reasons.items;
	uint32_t i;

	text_start(page, alert->severity > 1 ? TEXT_BAD : TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%-*s", WORDS_INDENT - 1, alert->severity_name);
	text_outside(page, alert->message);
	text_end(page);
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%*s", WORDS_INDENT - 1, "");
	text_add(page, " %s:", alert->rule->name);
	text_add(page, " score %" PRId64 ",", alert->risk_score);
	text_add(page, " confidence %s", alert->confidence);
	text_end(page);
	for (i = 0; i < alert->reasons.count; i++)
		write_reason(page, &reasons[i]);
}

void
report_alerts(struct text_page *page, const struct report *report)
{
	uint32_t shown = report->alert_count < report->rows ? report->alert_count : report->rows;
	uint32_t i;

	if (report->alert_count == 0)
		return;
	text_section(page, "INCIDENTS, the worst first");
	for (i = 0; i < shown; i++)
		write_alert(page, &report->alerts[i]);
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	if (report->alert_total > shown) {
		text_add(page, "... and %" PRIu32 " more", report->alert_total - shown);
		text_end(page);
	}
	if (report->alerts_suppressed > 0) {
		text_start(page, TEXT_BAD, WORDS_INDENT);
		text_add(page, "%" PRIu64 " more were not opened, for there were too many at once",
		    report->alerts_suppressed);
		text_end(page);
	}
}
