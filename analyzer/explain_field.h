/*
 * The reference of event fields: those that all events have, the facts of each
 * event's row, and the fields of messages and records.
 */
#ifndef ANALYZER_EXPLAIN_FIELD_H
#define ANALYZER_EXPLAIN_FIELD_H

#include "analyzer/explain_page.h"

/*
 * Prints what the field at `path` in events means: "icmp.quoted.ttl", also
 * without "icmp."; of a plain name, only what is no field of a message or
 * record, for these are found with those. Returns how many meanings it has;
 * `found` before it are parted by blank lines.
 */
unsigned explain_field(const struct page *page, const char *path, unsigned found);

/* The list of all fields that are not a message's or a record's own. */
void explain_fields(struct page *page);

#endif
