/*
 * Encapsulations by name, from the tables of headers: one header may be found
 * by several numbers, and in several tables.
 */
#include "analyzer/explain_header.h"

#include <string.h>

#include "decoders/header_table.h"

/* A number as people know it: ethertypes and the like are hexadecimal. */
static void
add_number(struct page_text *text, const struct header_table *table, uint32_t number)
{
	if (table->rows == link_ethertypes || table->rows == link_ppp_protocols)
		page_text_add(text, "%s 0x%04x", table->word, (unsigned)number);
	else if (table->rows == link_nlpids)
		page_text_add(text, "%s 0x%02x", table->word, (unsigned)number);
	else
		page_text_add(text, "%s %u", table->word, (unsigned)number);
}

/* Appends the rows of a kind that end the walk, or those that do not. */
static unsigned
add_rows(struct page_text *text, enum layer_kind kind, bool is_opaque)
{
	const struct header_table *table;
	const struct header_type *row;
	unsigned count = 0;

	for (table = header_tables; table->word != NULL; table++) {
		for (row = header_next(table, NULL); row != NULL; row = header_next(table, row)) {
			if (row->kind != kind || header_is_opaque(row) != is_opaque)
				continue;
			page_text_add(text, "%s", count++ > 0 ? ", " : " ");
			add_number(text, table, row->number);
			page_text_add(text, " (%s)", row->name);
		}
	}
	return count;
}

static void
print_header(const struct page *page, enum layer_kind kind)
{
	struct page_text text = { .len = 0 };

	page_heading(page, 3, layer_name(kind));
	page_text_add(&text, "Found by");
	if (add_rows(&text, kind, false) == 0)
		page_text_add(&text, " the header in front of it alone");
	page_text_add(&text, ".");
	if (layer_has_tag(kind))
		page_text_add(&text, " Its number is shown behind the name, as in %s:10.",
		    layer_name(kind));
	page_paragraph(page, text.bytes);
}

void
explain_headers_all(const struct page *page)
{
	struct page_text text = { .len = 0 };
	unsigned kind;

	for (kind = 0; kind < LAYER_KINDS; kind++)
		print_header(page, (enum layer_kind)kind);
	page_heading(page, 3, "without a name");
	page_text_add(&text, "Read on:");
	add_rows(&text, LAYER_KINDS, false);
	page_text_add(&text, ". Counted, but not looked into:");
	add_rows(&text, LAYER_KINDS, true);
	page_text_add(&text, ", MACsec and 802.11 that are encrypted.");
	page_paragraph(page, text.bytes);
}

void
explain_headers(struct page *page)
{
	unsigned kind;

	for (kind = 0; kind < LAYER_KINDS; kind++)
		page_line(page, "Encapsulations", "%s", layer_name((enum layer_kind)kind));
}

unsigned
explain_header(const struct page *page, const char *name, unsigned found)
{
	unsigned kind = 0;

	while (kind < LAYER_KINDS && strcmp(layer_name((enum layer_kind)kind), name) != 0)
		kind++;
	if (kind == LAYER_KINDS)
		return 0;
	fputs(found > 0 ? "\n" : "", page->out);
	print_header(page, (enum layer_kind)kind);
	return 1;
}
