/*
 * The list of trackers, in running order: a new tracker is a row here.
 */
#include "analyzer/track/trackers.h"

#include <stddef.h>

const struct tracker *const trackers[] = {
	&tracker_census,
	&tracker_exchange,
	&tracker_quoted_flow,
	NULL,
};

void
tracker_table_row(const struct table *table, struct report_table *out)
{
	*out = (struct report_table){
		.name = table->config.name,
		.capacity = table->config.capacity,
		.count = table->count,
		.peak = table->peak,
		.added = table->added,
		.evicted = table->evicted,
		.expired = table->expired,
		.memory = table_memory(table),
	};
}
