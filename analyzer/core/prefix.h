/*
 * Networks by their prefixes (RFC 4632, RFC 4291 2.3), and short lists of them
 * that a user gives: whether an address is in one.
 */
#ifndef ANALYZER_CORE_PREFIX_H
#define ANALYZER_CORE_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/addr.h"

#define PREFIX_LIST_MAX 64
#define PREFIX_TEXT_SIZE (ADDR_TEXT_SIZE + 4)

struct prefix {
	struct addr address; /* zero behind the prefix */
	uint8_t length;
};

/* Empty when zero. */
struct prefix_list {
	uint32_t count;
	struct prefix items[PREFIX_LIST_MAX];
};

bool prefix_has(const struct prefix *prefix, const struct addr *addr);

/* As "192.0.2.0/24" into `out` of PREFIX_TEXT_SIZE. */
void prefix_text(const struct prefix *prefix, char *out);

/* Whether an address is in one of them; in an empty list is none. */
bool prefix_list_has(const struct prefix_list *list, const struct addr *addr);

/*
 * Adds what `text` names: addresses and prefixes of both versions with commas
 * between them; nothing when it is blank. 0, or -1 and `err`, which quotes what
 * is none.
 */
int prefix_list_add(struct prefix_list *list, const char *text, char *err);

#endif
