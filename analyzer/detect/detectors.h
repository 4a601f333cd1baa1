/*
 * The detectors there are, each defined in the file of its name.
 */
#ifndef ANALYZER_DETECT_DETECTORS_H
#define ANALYZER_DETECT_DETECTORS_H

#include "analyzer/detect/detector.h"

extern const struct detector detector_covert_channel;
extern const struct detector detector_icmp_flood;
extern const struct detector detector_icmp_tunnel;
extern const struct detector detector_smurf;
extern const struct detector detector_ping_of_death;
extern const struct detector detector_fragment_abuse;
extern const struct detector detector_ping_sweep;
extern const struct detector detector_distributed_sweep;
extern const struct detector detector_pmtu_attack;
extern const struct detector detector_forged_error;
extern const struct detector detector_redirect_abuse;
extern const struct detector detector_rogue_router;
extern const struct detector detector_router_flood;
extern const struct detector detector_icmp_recon;
extern const struct detector detector_neighbor_spoof;
extern const struct detector detector_neighbor_exhaustion;
extern const struct detector detector_backscatter;

#endif
