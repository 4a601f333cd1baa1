/*
 * How the reference looks, on a terminal and as Markdown: paragraphs, and the
 * page of a message, a record or an anomaly. Numbers and names come from the
 * tables of decoders/.
 */
#ifndef ANALYZER_EXPLAIN_PAGE_H
#define ANALYZER_EXPLAIN_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "decoders/icmp.h"

#define PAGE_SECTION_SIZE 64
#define PAGE_TEXT_SIZE 4096 /* the longest paragraph: a list of codes */

struct page {
	FILE *out;
	bool is_markdown;
	const char *part;    /* lists show lines with a word that begins so; NULL: all */
	char section[PAGE_SECTION_SIZE]; /* of the list that is being shown */
};

/* A paragraph that is put together; what does not fit is cut. */
struct page_text {
	char bytes[PAGE_TEXT_SIZE];
	size_t len;
};

void page_text_add(struct page_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of a list, behind the heading of its section when that begins. */
void page_line(struct page *page, const char *section, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A heading of level 1 to 4, and a paragraph, wrapped on a terminal. */
void page_heading(const struct page *page, int level, const char *text);
void page_paragraph(const struct page *page, const char *text);

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
