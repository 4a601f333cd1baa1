/*
 * A value for every field of a row, so that a row without a sample cannot exist.
 */
#ifndef SAMPLES_ROW_VALUES_H
#define SAMPLES_ROW_VALUES_H

#include <stdint.h>

#include "tests/wire.h"

#define RECORDS_OCTETS 2048 /* all records in the fields of one message or record */

/* Values for one message or record, and the records that are inside them. */
struct row_values {
	const struct list_type *list; /* that the record is in; NULL for a message */
	uint32_t rest_len;            /* octets for the last field */
	unsigned int variant;
	struct wire_value given[FIELD_VALUES_MAX + 1];
	union value numbers[FIELD_VALUES_MAX]; /* by field */
	uint8_t records[RECORDS_OCTETS];
	uint32_t records_len;
};

/* How often the fields must be given so that each of them was there once. */
unsigned int row_values_variants(const struct field *fields);

/* A value for every field of a message that is there in this variant. */
void row_values_give(const struct field *fields, unsigned int variant, struct row_values *out);

/*
 * Appends a record of the row in all variants, or of every row of the list.
 * Lists inside records are as complete, but for one inside itself.
 */
void row_values_put(struct wire *w, const struct list_type *list, const struct record_type *row);
void row_values_put_all(struct wire *w, const struct list_type *list);

#endif
