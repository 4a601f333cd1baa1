/*
 * The reference of detectors and settings: what each finds, and the numbers
 * that it goes by.
 */
#ifndef ANALYZER_EXPLAIN_DETECTOR_H
#define ANALYZER_EXPLAIN_DETECTOR_H

#include "analyzer/explain_page.h"

/* The list of detectors, then that of settings. */
void explain_detectors(struct page *page);

/* Every detector with all its settings, behind those that all share. */
void explain_detectors_all(const struct page *page);

/*
 * Prints the detector or the setting of that name; returns 1, or 0 when there
 * is none. A blank line parts it from what was `found` before.
 */
unsigned explain_detector(const struct page *page, const char *name, unsigned found);

#endif
