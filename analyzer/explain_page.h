/*
 * The page of a message, a record or an anomaly in the reference. Numbers and
 * names come from the tables of decoders/.
 */
#ifndef ANALYZER_EXPLAIN_PAGE_H
#define ANALYZER_EXPLAIN_PAGE_H

#include "analyzer/explain_text.h"
#include "decoders/icmp.h"

/* `code` is the one that was asked about, or -1 for all of the row. */
void page_message(const struct page *page, unsigned version, const struct icmp_type *row, int code);
void page_record(
    const struct page *page, const struct list_type *list, const struct record_type *row);
void page_anomaly(const struct page *page, const struct anomaly_type *row);

/* "request", "reply", "error", "information" */
const char *page_role_name(enum icmp_role role);

/* What one of `fields` is: "number, octets", "IPv4 address", ..., and when it is there. */
void page_add_kind(
    struct page_text *text, const struct field *fields, const struct field *field);

/* A message or record by number and name, behind a blank. */
void page_add_message(struct page_text *text, unsigned version, const struct icmp_type *row);
void page_add_record(
    struct page_text *text, const struct list_type *list, const struct record_type *row);

/* The number of a record in its list, behind a blank; nothing where there is none. */
void page_add_number(struct page_text *text, const struct list_type *list, unsigned type);

#endif
