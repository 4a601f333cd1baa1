/*
 * Domain names as DNS writes them (RFC 1035 3.1): in Neighbor Discovery
 * options, Node Information and Domain Name messages.
 */
#ifndef DECODERS_DNS_NAME_H
#define DECODERS_DNS_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/cursor.h"

#define DNS_NAME_TEXT_SIZE 1024 /* any name as text, all escaped, and its NUL */

/*
 * Takes the next name off `c` as text with dots into `out` of `size` octets
 * (DNS_NAME_TEXT_SIZE holds any name), NUL terminated; octets that are not
 * printable ASCII come as \DDD, a dot or backslash inside a label behind a
 * backslash (RFC 1035 5.1). A name of one label may have a second empty label
 * behind it (RFC 4620 6.2). Compression pointers count from the start of
 * `whole`, which must end where `c` does; an empty cursor when compression is
 * not allowed. False at the end, at padding, or at a name that is broken or
 * does not fit (then `c` has failed).
 */
bool dns_name_next(struct cursor *c, struct cursor whole, char *out, uint32_t size);

/* Cuts one uncompressed name off `c`, its last empty label included. */
struct cursor dns_name_cut(struct cursor *c);

#endif
