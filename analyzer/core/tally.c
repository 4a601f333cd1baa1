/*
 * Anomalies are few, so that a counter for each is all it takes.
 */
#include "analyzer/core/tally.h"

#include <stdlib.h>

void
tally_add(struct tally *tally, const struct anomalies *set, uint64_t frame)
{
	int i;

	if (!anomalies_any(set))
		return;
	for (i = 0; i < ANOMALY_COUNT; i++)
		if (anomalies_has(set, (enum anomaly)i) && tally->counts[i]++ == 0)
			tally->frames[i] = frame;
}

static int
compare_rows(const void *left, const void *right)
{
	const struct report_anomaly *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return (int)a->anomaly - (int)b->anomaly;
}

uint32_t
tally_rows(const struct tally *tally, struct report_anomaly *rows)
{
	uint32_t used = 0;
	int i;

	for (i = 0; i < ANOMALY_COUNT; i++)
		if (tally->counts[i] > 0)
			rows[used++] = (struct report_anomaly){
				.anomaly = (enum anomaly)i,
				.count = tally->counts[i],
				.first_frame = tally->frames[i],
			};
	qsort(rows, used, sizeof(*rows), compare_rows);
	return used;
}
