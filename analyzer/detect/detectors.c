/*
 * The list of detectors: a new detector is a row here.
 */
#include "analyzer/detect/detectors.h"

#include <stddef.h>

const struct detector *const detectors[] = {
	&detector_covert_channel,
	&detector_icmp_flood,
	&detector_icmp_tunnel,
	&detector_smurf,
	&detector_ping_of_death,
	&detector_ping_sweep,
	&detector_distributed_sweep,
	&detector_pmtu_attack,
	&detector_icmp_recon,
	&detector_neighbor_exhaustion,
	NULL,
};
