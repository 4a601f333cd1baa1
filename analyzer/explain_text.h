/*
 * How the reference looks: paragraphs, headings, lists with sections, on a
 * terminal and as Markdown.
 */
#ifndef ANALYZER_EXPLAIN_TEXT_H
#define ANALYZER_EXPLAIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

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

/* Words in lines of a terminal, each behind `indent` blanks. */
void page_indented(const struct page *page, unsigned indent, const char *text);

#endif
