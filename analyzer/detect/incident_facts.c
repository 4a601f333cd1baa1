/*
 * What is told of incidents: the facts of an alert, and the rows of the report.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/detect/incident_state.h"

#define ROWS_MAX REPORT_LIST_MAX

void
incident_facts(const struct incident *incident, struct alert_reason *reasons, char *id,
    struct alert_facts *out)
{
	static const char *const severities[] = {
		[0] = "none",
		[SEVERITY_LOW] = "low",
		[SEVERITY_MEDIUM] = "medium",
		[SEVERITY_HIGH] = "high",
		[SEVERITY_CRITICAL] = "critical",
	};
	const struct finding *finding = &incident->finding;
	uint32_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < finding->reason_count; i++)
		reasons[i] = (struct alert_reason){ finding->reasons[i].name,
			finding->reasons[i].evidence, finding->reasons[i].weight };
	snprintf(id, INCIDENT_ID_SIZE, "%016" PRIx64, incident->id);
	out->rule = incident->is_from_outside ? finding->detector->from_outside :
	    &finding->detector->rule;
	out->id = id;
	out->severity = incident->severity;
	out->severity_name = severities[incident->severity];
	out->risk_score = incident->score;
	out->confidence = finding_confidence(finding);
	out->reasons = (struct fact_list){ reasons, finding->reason_count, sizeof(*reasons) };
	out->tool = finding->tool;
	out->threshold.name = finding->threshold;
	out->threshold.value = finding->threshold_value;
	out->counts = finding->counts;
	out->reopened = incident->reopened > 0 ? (int64_t)incident->reopened : EVENT_UNKNOWN;
	out->related = (struct fact_list){ finding->related, finding->related_count,
		sizeof(finding->related[0]) };
	out->message = finding->message;
	out->actor = finding->actor;
	out->victim = finding->victim;
	out->first_ns = (int64_t)finding->first_ns;
	out->last_ns = (int64_t)finding->last_ns;
}

/* Worst first, then by age. */
static int
compare_rows(const void *left, const void *right)
{
	const struct alert_facts *a = left, *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->risk_score != b->risk_score)
		return a->risk_score > b->risk_score ? -1 : 1;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	return strcmp(a->id, b->id);
}

int
incidents_rows(struct incidents *incidents, struct report *out)
{
	uint32_t count = incidents->table.count, i = 0;
	struct entry *entry;

	free(incidents->rows);
	free(incidents->reasons);
	free(incidents->ids);
	incidents->rows = calloc((size_t)count + 1, sizeof(*incidents->rows));
	incidents->reasons = calloc((size_t)count + 1, sizeof(*incidents->reasons));
	incidents->ids = calloc((size_t)count + 1, sizeof(*incidents->ids));
	if (incidents->rows == NULL || incidents->reasons == NULL || incidents->ids == NULL)
		return -1;
	for (entry = table_oldest(&incidents->table); entry != NULL;
	    entry = table_newer(&incidents->table, entry), i++)
		incident_facts((const struct incident *)entry, incidents->reasons[i],
		    incidents->ids[i], &incidents->rows[i]);
	qsort(incidents->rows, count, sizeof(*incidents->rows), compare_rows);
	out->alerts = incidents->rows;
	out->alert_total = count;
	out->alert_count = count < ROWS_MAX ? count : ROWS_MAX;
	out->alerts_suppressed = distinct_count(&incidents->suppressed.ever);
	return 0;
}
