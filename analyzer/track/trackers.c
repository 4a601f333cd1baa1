/*
 * The list of trackers, in running order: a new tracker is a row here.
 */
#include "analyzer/track/trackers.h"

#include <stddef.h>

const struct tracker *const trackers[] = {
	&tracker_census,
	&tracker_exchange,
	&tracker_quoted_flow,
	&tracker_path,
	&tracker_pmtu,
	&tracker_neighbor,
	&tracker_availability,
	NULL,
};
