/*
 * The samples that gen writes, by subject. Each table ends at a NULL file.
 */
#ifndef SAMPLES_SCENARIOS_H
#define SAMPLES_SCENARIOS_H

#include "samples/scene.h"

extern const struct scenario message_scenarios[];
extern const struct scenario low_power_scenarios[];
extern const struct scenario error_scenarios[];
extern const struct scenario flow_scenarios[];
extern const struct scenario anomaly_scenarios[];
extern const struct scenario rule_scenarios[];
extern const struct scenario link_scenarios[];
extern const struct scenario frame_scenarios[];
extern const struct scenario tunnel_scenarios[];
extern const struct scenario fragment_scenarios[];
extern const struct scenario exchange_scenarios[];
extern const struct scenario family_scenarios[];
extern const struct scenario availability_scenarios[];
extern const struct scenario path_scenarios[];
extern const struct scenario neighbor_scenarios[];
extern const struct scenario redirect_scenarios[];
extern const struct scenario sweep_scenarios[];
extern const struct scenario flood_scenarios[];
extern const struct scenario reflection_scenarios[];
extern const struct scenario channel_scenarios[];
extern const struct scenario forged_scenarios[];
extern const struct scenario file_scenarios[];
extern const struct scenario tour_scenarios[];

/* All of the above; ended by NULL. */
extern const struct scenario *const scenario_tables[];

#endif
