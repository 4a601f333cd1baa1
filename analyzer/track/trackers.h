/*
 * The trackers there are, each defined in the file of its name.
 */
#ifndef ANALYZER_TRACK_TRACKERS_H
#define ANALYZER_TRACK_TRACKERS_H

#include "analyzer/track/tracker.h"

extern const struct tracker tracker_census;
extern const struct tracker tracker_exchange;
extern const struct tracker tracker_quoted_flow;
extern const struct tracker tracker_path;
extern const struct tracker tracker_pmtu;
extern const struct tracker tracker_neighbor;
extern const struct tracker tracker_availability;

#endif
