/*
 * A value for every field of a row, to encode with tests/wire.h and to compare
 * with what is decoded.
 */
#ifndef TESTS_EXAMPLE_H
#define TESTS_EXAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/wire.h"

/* Values in the order of the fields, as text where that is shorter. */
struct example {
	struct wire_value values[FIELD_VALUES_MAX + 1];
	char text[FIELD_VALUES_MAX][128];
	uint8_t records[FIELD_VALUES_MAX][64];
	union value numbers[FIELD_VALUES_MAX]; /* by field; of those that are numbers */
};

/*
 * Makes the values. `max_len` is that of the record, 0 when it may be as long
 * as it likes. Numbers that tell which fields are there differ with `variant`,
 * of which there are example_variants.
 */
void example_make(
    const struct field *fields, uint32_t max_len, unsigned variant, struct example *out);
unsigned example_variants(const struct field *fields);

/* Whether the field has a value in an example with these numbers. */
bool example_is_given(const struct field *fields, const union value *numbers, uint8_t index);

/* Whether a selector looks at bits of the field, which is then not as given. */
bool example_is_looked_at(const struct field *fields, const struct field *field);

/* Gives the value with that name another number, if there is one. */
void example_change(struct example *example, const char *name, uint64_t number);

#endif
