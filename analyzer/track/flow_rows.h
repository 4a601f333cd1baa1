/*
 * The report's rows of quoted flows: those that differ in no more than ports
 * are one, as the probes of a traceroute are; the doubtful come first.
 */
#ifndef ANALYZER_TRACK_FLOW_ROWS_H
#define ANALYZER_TRACK_FLOW_ROWS_H

#include <stdint.h>

#include "analyzer/core/report.h"

/* Folds and sorts rows of one flow each; returns how many there are then. */
uint32_t flow_rows_fold(struct report_flow *rows, uint32_t count);

#endif
