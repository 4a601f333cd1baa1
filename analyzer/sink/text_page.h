/*
 * Lines of text for people: pieces are put on a line until one does not fit
 * in 80 columns; the line then goes on below, indented. Bytes from outside
 * pass through text_name or text_outside, which no control byte survives.
 */
#ifndef ANALYZER_SINK_TEXT_PAGE_H
#define ANALYZER_SINK_TEXT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/sink/output.h"

#define TEXT_COLUMNS 80
#define TEXT_LINE_SIZE (4 * TEXT_COLUMNS + 32) /* UTF-8, two colours, a newline */

enum text_style {
	TEXT_PLAIN,
	TEXT_TITLE,
	TEXT_BAD, /* what wants a look */
};

struct text_page {
	struct output *output;   /* borrowed */
	char *err;               /* of ERR_SIZE, the caller's */
	bool has_failed;         /* once set nothing more is written */
	bool has_colour;
	enum text_style style;   /* of the line at hand */
	uint32_t indent;         /* of the lines that continue it */
	uint32_t columns;        /* on it so far */
	size_t len;
	char line[TEXT_LINE_SIZE];
};

/* Starts a page; asks the terminal and NO_COLOR about colours. */
void text_init(struct text_page *page, struct output *output, char *err);

/* Starts a line whose continuations are indented by `indent` columns. */
void text_start(struct text_page *page, enum text_style style, uint32_t indent);

/*
 * Adds a piece that is split only when it is longer than a line; where it
 * starts a line below, its blanks go.
 */
void text_add(struct text_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds a text word by word, each with a blank before it. */
void text_words(struct text_page *page, const char *text);

/*
 * Adds a name from outside, escaped, in one piece with a blank before it. What
 * is longer than a line is broken behind a slash, or else anywhere.
 */
void text_name(struct text_page *page, const char *name);

/* Adds a text from outside, escaped, word by word. */
void text_outside(struct text_page *page, const char *words);

/* Adds a length of time in its two largest units. */
void text_duration(struct text_page *page, uint64_t ns);

/* Adds a blank and "2024-02-29 23:59:59.123456", or the time alone. */
void text_time(struct text_page *page, uint64_t when_ns, bool with_date);

/* Ends the line. */
void text_end(struct text_page *page);

/* An empty line and the title of a section. */
void text_section(struct text_page *page, const char *title);

#endif
