/*
 * Addresses as values: reading, comparing, scope and text. Text is written
 * here rather than by inet_ntop, whose form of IPv6 differs between systems.
 */
#include "decoders/addr.h"

#include <string.h>

#define IP6_GROUPS 8

static const char hex_digits[] = "0123456789abcdef";

struct addr
addr_read(struct cursor *c, uint8_t version)
{
	struct addr a = { 0 };

	a.version = version;
	if (version == 6)
		cursor_copy(c, a.bytes, 16);
	else
		cursor_copy(c, a.bytes, 4);
	return a;
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	int order;

	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	order = memcmp(a->bytes, b->bytes, sizeof a->bytes);
	return (order > 0) - (order < 0);
}

bool
addr_is_unspecified(const struct addr *a)
{
	static const uint8_t zero[16];

	return a->version != 0 && memcmp(a->bytes, zero, sizeof zero) == 0;
}

bool
addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (a->version == 4)
		return a->bytes[0] == 127; /* RFC 1122 3.2.1.3 (g) */
	return a->version == 6 && memcmp(a->bytes, one, sizeof one) == 0;
}

bool
addr_is_link_local(const struct addr *a)
{
	if (a->version == 4)
		return a->bytes[0] == 169 && a->bytes[1] == 254; /* RFC 3927 2.1 */
	return a->version == 6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

bool
addr_is_reserved(const struct addr *a)
{
	return a->version == 4 && a->bytes[0] >= 240 && !addr_is_limited_broadcast(a);
}

bool
addr_is_solicited_node(const struct addr *a)
{
	static const uint8_t prefix[13] = { 0xff, 0x02, [11] = 1, [12] = 0xff };

	return a->version == 6 && memcmp(a->bytes, prefix, sizeof prefix) == 0;
}

bool
addr_is_single_host(const struct addr *a)
{
	if (a->version == 4) /* neither 0/8 nor 127/8, and no class D or E */
		return a->bytes[0] != 0 && a->bytes[0] != 127 && a->bytes[0] < 224;
	return !addr_is_unspecified(a) && !addr_is_loopback(a) && !addr_is_multicast(a);
}

static char *
write_decimal(char *p, uint8_t value)
{
	if (value >= 100)
		*p++ = (char)('0' + value / 100);
	if (value >= 10)
		*p++ = (char)('0' + value / 10 % 10);
	*p++ = (char)('0' + value % 10);
	return p;
}

static char *
write_dotted(char *p, const uint8_t *bytes)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i > 0)
			*p++ = '.';
		p = write_decimal(p, bytes[i]);
	}
	return p;
}

/* A group in hex without leading zeros (RFC 5952 4.1). */
static char *
write_group(char *p, uint16_t group)
{
	int shift = 12;

	while (shift > 0 && group >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*p++ = hex_digits[group >> shift & 15];
	return p;
}

/*
 * The run of zero groups that "::" stands for: the longest, the first of
 * equals, and never a single group (RFC 5952 4.2). Returns its length.
 */
static int
find_zero_run(const uint16_t *groups, int count, int *first)
{
	int best = 1, i, run = 0;

	*first = count;
	for (i = 0; i < count; i++) {
		run = groups[i] == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*first = i + 1 - run;
		}
	}
	return best > 1 ? best : 0;
}

/* IPv4-mapped addresses end in dotted decimal (RFC 5952 5). */
static bool
is_mapped(const struct addr *a)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(a->bytes, prefix, sizeof prefix) == 0;
}

static void
read_groups(const struct addr *a, uint16_t *groups)
{
	size_t i;

	for (i = 0; i < IP6_GROUPS; i++)
		groups[i] = (uint16_t)(a->bytes[2 * i] << 8 | a->bytes[2 * i + 1]);
}

static char *
write_colons(char *p, const struct addr *a)
{
	uint16_t groups[IP6_GROUPS];
	int count = is_mapped(a) ? IP6_GROUPS - 2 : IP6_GROUPS;
	int first, i, run;

	read_groups(a, groups);
	run = find_zero_run(groups, count, &first);
	for (i = 0; i < count; i++) {
		if (i == first) {
			*p++ = ':';
			i += run - 1;
			if (i == IP6_GROUPS - 1)
				*p++ = ':';
			continue;
		}
		if (i > 0)
			*p++ = ':';
		p = write_group(p, groups[i]);
	}
	if (count < IP6_GROUPS) {
		*p++ = ':';
		p = write_dotted(p, a->bytes + 12);
	}
	return p;
}

size_t
addr_text(const struct addr *a, char *out)
{
	char *end = out;

	if (a->version == 4)
		end = write_dotted(out, a->bytes);
	else if (a->version == 6)
		end = write_colons(out, a);
	*end = '\0';
	return (size_t)(end - out);
}

bool
mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool
mac_is_broadcast(const struct mac *m)
{
	static const struct mac broadcast = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };

	return memcmp(m, &broadcast, sizeof broadcast) == 0;
}

size_t
mac_text(const struct mac *m, char *out)
{
	char *p = out;
	size_t i;

	for (i = 0; i < sizeof m->bytes; i++) {
		if (i > 0)
			*p++ = ':';
		*p++ = hex_digits[m->bytes[i] >> 4];
		*p++ = hex_digits[m->bytes[i] & 15];
	}
	*p = '\0';
	return (size_t)(p - out);
}

/* MACs of virtual routers: the first `bits` of them. */
struct mac_kind {
	uint8_t bytes[6];
	uint8_t bits;
	const char *name;
};

static const struct mac_kind mac_kinds[] = {
	{ { 0x00, 0x00, 0x5e, 0x00, 0x01 }, 40, "vrrp" }, /* RFC 9568 7.3, IPv4; CARP too */
	{ { 0x00, 0x00, 0x5e, 0x00, 0x02 }, 40, "vrrp" }, /* IPv6 */
	{ { 0x00, 0x00, 0x0c, 0x07, 0xac }, 40, "hsrp" }, /* RFC 2281 */
	{ { 0x00, 0x00, 0x0c, 0x9f, 0xf0 }, 36, "hsrp" }, /* version 2 */
	{ { 0x00, 0x05, 0x73, 0xa0, 0x00 }, 36, "hsrp" }, /* version 2, IPv6 */
	{ { 0x00, 0x07, 0xb4, 0x00 }, 32, "glbp" },
};

static bool
begins_as(const struct mac *mac, const struct mac_kind *kind)
{
	uint32_t octets = kind->bits / 8, rest = kind->bits % 8;

	if (memcmp(mac->bytes, kind->bytes, octets) != 0)
		return false;
	return rest == 0 || (mac->bytes[octets] ^ kind->bytes[octets]) >> (8 - rest) == 0;
}

const char *
mac_virtual_kind(const struct mac *m)
{
	size_t i;

	for (i = 0; i < sizeof(mac_kinds) / sizeof(mac_kinds[0]); i++)
		if (begins_as(m, &mac_kinds[i]))
			return mac_kinds[i].name;
	return NULL;
}
