/*
 * Rows that sections of the report share: a count on the left, words behind it.
 */
#ifndef ANALYZER_SINK_REPORT_ROWS_H
#define ANALYZER_SINK_REPORT_ROWS_H

#include <stdint.h>

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

#define COUNT_INDENT 11 /* where words start: behind a count and two blanks */

/* "" or "s" */
const char *plural(uint64_t count);

/* Starts a row with its count. */
void row_start(struct text_page *page, enum text_style style, uint64_t count);

/* Starts a row with a word of at most nine letters in the place of its count. */
void row_word(struct text_page *page, enum text_style style, const char *word);

/* Starts a line of the row above. */
void row_continue(struct text_page *page, enum text_style style);

/* A row that is a count and a text of our own; none when the count is 0. */
void row_words(struct text_page *page, enum text_style style, uint64_t count, const char *words);

/* "... and 5 more" below a list that was cut. */
void row_more(struct text_page *page, uint64_t total, uint64_t shown, const char *what);

/* Adds "time_exceeded: ttl_exceeded_in_transit", or the type alone. */
void row_names(struct text_page *page, const char *name, const char *code_name);

/* How many rows of a list are shown. */
uint32_t rows_shown(const struct report *report, uint32_t count);

#endif
