/*
 * The fields of ILNP's Locator Update (RFC 6743 for ICMPv6, RFC 6745 for
 * ICMPv4). The latter has no type of its own: it uses an experimental one,
 * so it is recognised only when all of it fits.
 */
#ifndef DECODERS_LOCATOR_H
#define DECODERS_LOCATOR_H

#include <stdbool.h>

#include "decoders/cursor.h"
#include "decoders/field.h"

extern const struct field locator_update_4_fields[];
extern const struct field locator_update_6_fields[];

/* Whether the message is as long as its number of locators says (RFC 6745 2). */
bool locator_is_update_4(struct cursor message);

#endif
