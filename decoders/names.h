/*
 * Lists of number and name. A list ends at a NULL name, never at a zero
 * number: type 0 and code 0 are real.
 */
#ifndef DECODERS_NAMES_H
#define DECODERS_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct name {
	uint32_t number;
	const char *name; /* snake_case of the registry's words */
};

/* The name of `number` in `list` (which may be NULL), or NULL. */
static inline const char *
name_of(const struct name *list, uint32_t number)
{
	if (list == NULL)
		return NULL;
	for (; list->name != NULL; list++)
		if (list->number == number)
			return list->name;
	return NULL;
}

#endif
