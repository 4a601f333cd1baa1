/*
 * What rows of the report are made of in more than one place.
 */
#include "analyzer/core/report.h"

void
report_table_row(const struct table *table, struct report_table *out)
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
