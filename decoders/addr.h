/*
 * An IP or MAC address as a value: comparing, scope, text (RFC 5952).
 */
#ifndef DECODERS_ADDR_H
#define DECODERS_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "decoders/cursor.h"

#define ADDR_TEXT_SIZE 46 /* longest text and its NUL */
#define MAC_TEXT_SIZE 18

struct addr {
	uint8_t bytes[16]; /* IPv4 in the first four, the rest zero */
	uint8_t version;   /* 4, 6, or 0 for none */
};

struct mac {
	uint8_t bytes[6];
};

/* Reads an address of `version` 4 or 6 (network order). */
struct addr addr_read(struct cursor *c, uint8_t version);

/* -1, 0, 1: by version, then octets. */
int addr_compare(const struct addr *a, const struct addr *b);

static inline bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0 && a->version == b->version;
}

/*
 * Whether it can be told at a glance that an address is unicast, and neither
 * unspecified, reserved, loopback nor link-local. False proves nothing.
 */
static inline bool
addr_is_ordinary(const struct addr *a)
{
	if (a->version == 4)
		return a->bytes[0] - 1u < 126 || (a->bytes[0] - 128u < 96 && a->bytes[0] != 169);
	return a->version == 6 && (a->bytes[0] & 0xe0) == 0x20; /* RFC 4291 4 */
}

/* Scope questions; RFC 1122 3.2.1.3, RFC 4291 2.4 to 2.7. */
static inline bool
addr_is_multicast(const struct addr *a)
{
	if (a->version == 4)
		return (a->bytes[0] & 0xf0) == 0xe0; /* RFC 1112 4 */
	return a->version == 6 && a->bytes[0] == 0xff;
}

static inline bool
addr_is_limited_broadcast(const struct addr *a)
{
	static const uint8_t ones[4] = { 255, 255, 255, 255 };

	return a->version == 4 && memcmp(a->bytes, ones, sizeof(ones)) == 0;
}

bool addr_is_unspecified(const struct addr *a);
bool addr_is_loopback(const struct addr *a);
bool addr_is_link_local(const struct addr *a);
bool addr_is_reserved(const struct addr *a);       /* class E without the broadcast */
bool addr_is_solicited_node(const struct addr *a); /* RFC 4291 2.7.1 */

/* Whether it can be the one host that sent a datagram (RFC 1122 3.2.2, RFC 4443 2.4). */
bool addr_is_single_host(const struct addr *a);

/*
 * Writes the text form (RFC 5952 4 and 5 for IPv6), NUL-terminated, into
 * `out` of ADDR_TEXT_SIZE; returns its length. Version 0 gives "".
 */
size_t addr_text(const struct addr *a, char *out);

bool mac_equal(const struct mac *a, const struct mac *b);
bool mac_is_broadcast(const struct mac *m);

/* Whether it is of more than one station: the individual/group bit of IEEE 802. */
static inline bool
mac_is_group(const struct mac *m)
{
	return (m->bytes[0] & 1) != 0;
}

/* "vrrp", "hsrp" or "glbp" for the MAC of a virtual router, else NULL. */
const char *mac_virtual_kind(const struct mac *m);

/* As "00:00:5e:00:53:01" into `out` of MAC_TEXT_SIZE; returns 17. */
size_t mac_text(const struct mac *m, char *out);

#endif
