/*
 * The list of detectors: a new detector is a row here.
 */
#include "analyzer/detect/detectors.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define KEY_SIZE 64

const struct detector *const detectors[] = {
	&detector_covert_channel,
	&detector_icmp_flood,
	&detector_icmp_tunnel,
	&detector_smurf,
	&detector_ping_of_death,
	&detector_fragment_abuse,
	&detector_ping_sweep,
	&detector_distributed_sweep,
	&detector_pmtu_attack,
	&detector_forged_error,
	&detector_redirect_abuse,
	&detector_rogue_router,
	&detector_router_flood,
	&detector_icmp_recon,
	&detector_neighbor_spoof,
	&detector_neighbor_exhaustion,
	&detector_backscatter,
	NULL,
};

bool
detector_is_on(const struct detector *detector, const struct settings *settings)
{
	const struct settings_row *row;
	char key[KEY_SIZE];

	snprintf(key, sizeof(key), "detect.%s.enabled", detector->rule.name);
	row = settings_find(key, strlen(key));
	return row != NULL && settings_number(settings, row) == SWITCH_ON;
}
