/*
 * What is learned of a path as words for people: for a line on the terminal
 * and for the report.
 */
#ifndef ANALYZER_SINK_PATH_WORDS_H
#define ANALYZER_SINK_PATH_WORDS_H

#include <stddef.h>

#include "analyzer/core/event.h"

#define PATH_WORDS_SIZE 512

/* Writes what an event of the dataset `path` says, in `out` of PATH_WORDS_SIZE. */
void path_words(enum event_id id, const void *facts, char *out);

/* The hop that a traceroute ends at, or NULL when it has none. */
const struct path_hop *path_last_hop(const struct traceroute_facts *facts);

#endif
