/*
 * Prefixes: read from a user's text, compared bit by bit with addresses.
 */
#include "analyzer/core/prefix.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/log.h"

#define BLANKS " \t"

static uint8_t
bits_of(const struct addr *addr)
{
	return addr->version == 4 ? 32 : 128;
}

/* An address without what is behind its first `length` bits. */
static struct addr
cut(const struct addr *addr, uint8_t length)
{
	struct addr network = *addr;
	uint8_t whole = length / 8;

	if (length >= bits_of(addr))
		return network;
	network.bytes[whole] &= (uint8_t)(0xff00 >> length % 8);
	memset(network.bytes + whole + 1, 0, sizeof(network.bytes) - whole - 1);
	return network;
}

bool
prefix_has(const struct prefix *prefix, const struct addr *addr)
{
	struct addr network;

	if (addr->version != prefix->address.version)
		return false;
	network = cut(addr, prefix->length);
	return addr_equal(&network, &prefix->address);
}

void
prefix_text(const struct prefix *prefix, char *out)
{
	size_t len = addr_text(&prefix->address, out);

	snprintf(out + len, PREFIX_TEXT_SIZE - len, "/%u", prefix->length);
}

bool
prefix_list_has(const struct prefix_list *list, const struct addr *addr)
{
	uint32_t i;

	for (i = 0; i < list->count; i++)
		if (prefix_has(&list->items[i], addr))
			return true;
	return false;
}

static bool
read_address(const char *text, struct addr *out)
{
	memset(out, 0, sizeof(*out));
	out->version = strchr(text, ':') != NULL ? 6 : 4;
	return inet_pton(out->version == 4 ? AF_INET : AF_INET6, text, out->bytes) == 1;
}

/* One to three digits and no more; -1 for anything else. */
static int
read_length(const char *text)
{
	int length = 0, digits = 0;

	for (; text[digits] >= '0' && text[digits] <= '9' && digits < 3; digits++)
		length = 10 * length + (text[digits] - '0');
	return digits > 0 && text[digits] == '\0' ? length : -1;
}

/* Reads "192.0.2.0/24", or an address alone; `text` is cut at the slash. */
static int
read_prefix(char *text, struct prefix *out, char *err)
{
	char meant[PREFIX_TEXT_SIZE];
	char *slash = strchr(text, '/');
	struct addr address;
	int length = 0;

	if (slash != NULL) {
		length = read_length(slash + 1);
		*slash = '\0';
	}
	if (length == -1 || !read_address(text, &address)) {
		snprintf(err, ERR_SIZE, "\"%.64s%s%.16s\" is no address and no prefix, as "
		    "192.0.2.0/24 or 2001:db8::/32", text, slash != NULL ? "/" : "",
		    slash != NULL ? slash + 1 : "");
		return -1;
	}
	if (length > bits_of(&address)) {
		snprintf(err, ERR_SIZE, "\"%s/%d\": IPv%u addresses have %u bits", text, length,
		    address.version, bits_of(&address));
		return -1;
	}
	out->length = slash != NULL ? (uint8_t)length : bits_of(&address);
	out->address = cut(&address, out->length);
	if (!addr_equal(&out->address, &address)) {
		prefix_text(out, meant);
		snprintf(err, ERR_SIZE, "\"%s/%d\" has bits behind its prefix; did you mean %s?",
		    text, length, meant);
		return -1;
	}
	return 0;
}

int
prefix_list_add(struct prefix_list *list, const char *text, char *err)
{
	char item[128];
	size_t len;

	while (*(text += strspn(text, BLANKS ",")) != '\0') {
		len = strcspn(text, BLANKS ",");
		snprintf(item, sizeof(item), "%.*s", len < sizeof(item) ? (int)len :
		    (int)sizeof(item), text);
		if (list->count == PREFIX_LIST_MAX) {
			snprintf(err, ERR_SIZE, "more than %d prefixes", PREFIX_LIST_MAX);
			return -1;
		}
		if (read_prefix(item, &list->items[list->count], err) != 0)
			return -1;
		list->count++;
		text += len;
	}
	return 0;
}
