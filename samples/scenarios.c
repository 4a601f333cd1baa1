/*
 * The list of the tables of samples.
 */
#include "samples/scenarios.h"

const struct scenario *const scenario_tables[] = {
	message_scenarios,
	low_power_scenarios,
	error_scenarios,
	flow_scenarios,
	anomaly_scenarios,
	rule_scenarios,
	link_scenarios,
	frame_scenarios,
	tunnel_scenarios,
	fragment_scenarios,
	exchange_scenarios,
	family_scenarios,
	availability_scenarios,
	sweep_scenarios,
	flood_scenarios,
	reflection_scenarios,
	channel_scenarios,
	forged_scenarios,
	path_scenarios,
	neighbor_scenarios,
	redirect_scenarios,
	file_scenarios,
	tour_scenarios,
	NULL,
};
