/*
 * What all fuzz targets share: how they fail, and sinks that name no file.
 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/sink/sink.h"

/* libFuzzer's entry: takes one input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A finding. */
static inline void
fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static inline const char *
source_name(void *owner, const struct frame *frame)
{
	(void)owner;
	(void)frame;
	return "fuzz";
}

static inline void
init_sinks(struct sinks *sinks)
{
	const struct sink_context context = { .version = "0", .source_name = source_name };

	sinks_init(sinks, &context);
}

#endif
