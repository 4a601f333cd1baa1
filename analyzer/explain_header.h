/*
 * The reference of encapsulations: what icmp.encapsulation names, and by which
 * numbers each is found.
 */
#ifndef ANALYZER_EXPLAIN_HEADER_H
#define ANALYZER_EXPLAIN_HEADER_H

#include "analyzer/explain_page.h"

/* One after the other, then what ends the walk because it cannot be looked into. */
void explain_headers_all(const struct page *page);

/* The list of their names. */
void explain_headers(struct page *page);

/*
 * Prints what the encapsulation of that name is; returns 1, or 0 when there is
 * none. A blank line parts it from what was `found` before.
 */
unsigned explain_header(const struct page *page, const char *name, unsigned found);

#endif
