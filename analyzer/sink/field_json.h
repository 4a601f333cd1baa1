/*
 * How fields and lists of records become JSON members: by their descriptors,
 * so that a new row of a table needs nothing here.
 */
#ifndef ANALYZER_SINK_FIELD_JSON_H
#define ANALYZER_SINK_FIELD_JSON_H

#include <stdint.h>

#include "analyzer/sink/json_writer.h"
#include "decoders/field.h"
#include "decoders/record.h"

/* The first `count` fields of the message or record that starts at `start`. */
void field_json(struct json_writer *w, const struct field *fields, const union value *values,
    uint8_t count, struct cursor start);

/* All records of `list`, which is then at its end, under the list's own key. */
void list_json(struct json_writer *w, struct list *list);

#endif
