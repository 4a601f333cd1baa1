/*
 * A value for every field of a row, so that a row without a sample cannot exist.
 */
#ifndef SAMPLES_ROW_VALUES_H
#define SAMPLES_ROW_VALUES_H

#include <stdint.h>

#include "tests/wire.h"

#define RECORD_OCTETS 64 /* the longest first record of a list inside a field */

/* Values for one message or record, and the records that are inside them. */
struct row_values {
	struct wire_value given[FIELD_VALUES_MAX + 1];
	union value numbers[FIELD_VALUES_MAX]; /* by field */
	uint8_t records[FIELD_VALUES_MAX][RECORD_OCTETS];
};

/* A value for every field that is there; `rest_len` octets for the last of them. */
void row_values_give(const struct field *fields, uint32_t rest_len, struct row_values *out);

#endif
