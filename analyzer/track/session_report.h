/*
 * What the report says of sessions: pairs and families, summed up.
 */
#ifndef ANALYZER_TRACK_SESSION_REPORT_H
#define ANALYZER_TRACK_SESSION_REPORT_H

#include "analyzer/track/series.h"
#include "analyzer/track/session.h"

/* All that is known of sessions; borrowed. */
struct session_books {
	const struct table *sessions;
	const struct histogram_pool *histograms;
	const struct session_totals *totals; /* of EXCHANGE_FAMILY_COUNT families */
	const struct series *series;
};

/*
 * Sums the sessions of each pair up into rows, worst first, family by family,
 * in order, of those of which anything was seen. Each has at most
 * REPORT_LIST_MAX rows. `out` holds what was reported before, or zeros; its
 * rows are given back. `minutes` has room for all that the series has, and is
 * what the rows point at. Returns how many families, or -1 when memory ran out.
 */
int session_report(const struct session_books *books, struct report_minute *minutes,
    struct report_family out[EXCHANGE_FAMILY_COUNT]);

/* Gives the rows of all families back. */
void session_report_free(struct report_family families[EXCHANGE_FAMILY_COUNT]);

#endif
