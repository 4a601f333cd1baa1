/*
 * The extension structure behind the quote of an error (RFC 4884), found
 * where real senders put it, which is not always where the RFC says.
 */
#ifndef DECODERS_EXTENSION_H
#define DECODERS_EXTENSION_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/checksum.h"
#include "decoders/cursor.h"
#include "decoders/record.h"

enum extension_placement {
	EXTENSION_COMPLIANT,            /* where the length attribute says */
	EXTENSION_LEGACY_128,           /* no length attribute: at octet 128 (5.5) */
	EXTENSION_BAD_LENGTH_ATTRIBUTE, /* at octet 128, whatever the attribute says */
	EXTENSION_LENGTH_IN_OCTETS,     /* the attribute counts octets */
	EXTENSION_PLACEMENTS
};

struct extension {
	bool present;
	uint8_t version;
	enum extension_placement placement;
	enum checksum_verdict checksum;
	uint32_t quote_len;    /* octets of quote in front of it, padding included */
	struct cursor objects; /* a list of extension_objects */
	struct cursor payload; /* what extension_read found behind it */
};

/*
 * Looks for the structure behind a quote. `body` is the message from octet 8
 * on, `length` the length attribute, `unit` its octets (4 in ICMPv4, 8 in
 * ICMPv6). `out->present` tells whether one was found.
 */
void extension_find(struct cursor body, uint32_t length, uint32_t unit, struct extension *out);

/*
 * Reads a structure that follows no quote, as in an Extended Echo (RFC 8335
 * 2): `body` is the message from octet 8 on. Its length is told nowhere, and
 * octets of payload may follow; so it ends where its checksum says it does.
 */
void extension_read(struct cursor body, struct extension *out);

/* Its objects, from the first; it must be present. */
struct list extension_open(const struct extension *extension);

/* "compliant", "legacy_128", "bad_length_attribute", "length_in_octets" */
const char *extension_placement_name(enum extension_placement placement);

#endif
