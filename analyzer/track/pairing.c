/*
 * The table of families, and the reading of questions by it.
 */
#include "analyzer/track/pairing.h"

#include <string.h>

/* clang-format off */
static const struct pairing pairings[EXCHANGE_FAMILY_COUNT] = {
	[FAMILY_ECHO] = { .id = "id", .seq = "seq", .flags = PAIRING_RETURNS_DATA },
	[FAMILY_EXTENDED_ECHO] = { .id = "id", .seq = "seq" },
	[FAMILY_TIMESTAMP] = { .id = "id", .seq = "seq" },
	/* RFC 792, RFC 950: who does not know its address yet is answered by broadcast. */
	[FAMILY_INFORMATION] = { .id = "id", .seq = "seq", .flags = PAIRING_TO_ALL },
	[FAMILY_ADDRESS_MASK] = { .id = "id", .seq = "seq",
	    .flags = PAIRING_TO_ALL | PAIRING_UNASKED }, /* RFC 1122 3.2.2.9 */
	[FAMILY_DOMAIN_NAME] = { .id = "id", .seq = "seq" },
	/* RFC 1256 4.2, RFC 4861 6.2.6: to all, and now and then to nobody's question. */
	[FAMILY_ROUTER] = { .flags = PAIRING_TO_ALL | PAIRING_UNASKED },
	/* RFC 4861 7.2.4, 7.2.6; RFC 4862 5.4: that nobody has an address is good news. */
	[FAMILY_NEIGHBOR] = { .asked = "target",
	    .flags = PAIRING_TO_ALL | PAIRING_SILENCE_TO_NOBODY },
	[FAMILY_INVERSE_NEIGHBOR] = { .id = NULL },
	[FAMILY_DUPLICATE_ADDRESS] = {
	    .same = { "registration_ownership_verifier", "registered_address" } },
	[FAMILY_NODE_INFORMATION] = { .same = { "nonce" } },
	/* RFC 2710 4, RFC 3810 6: reports tell of changes too, and not everybody listens. */
	[FAMILY_MULTICAST_LISTENER] = { .asked = "group",
	    .flags = PAIRING_TO_ALL | PAIRING_UNASKED | PAIRING_SILENCE },
	[FAMILY_MULTICAST_ROUTER] = { .flags = PAIRING_TO_ALL | PAIRING_UNASKED }, /* RFC 4286 3 */
	[FAMILY_HOME_AGENT_DISCOVERY] = { .id = "id" },
	[FAMILY_MOBILE_PREFIX] = { .id = "id", .flags = PAIRING_UNASKED }, /* RFC 6275 10.6 */
	/* RFC 3971 6.4.2: to all nodes without an id, or to a group of the asker's. */
	[FAMILY_CERTIFICATION_PATH] = { .id = "id", .flags = PAIRING_TO_ALL | PAIRING_UNASKED },
};
/* clang-format on */

const struct pairing *
pairing_of(enum exchange_family family)
{
	return &pairings[family];
}

bool
pairing_is_exact(const struct pairing *pairing)
{
	return pairing->id != NULL || pairing->same[0] != NULL;
}

/* The place of a field in a row, or -1. */
static int8_t
place_of(const struct icmp_type *row, const char *name, struct pairing_type *out)
{
	int8_t i;

	if (name == NULL || row->fields == NULL)
		return -1;
	for (i = 0; row->fields[i].name != NULL; i++) {
		if (strcmp(row->fields[i].name, name) != 0)
			continue;
		if (i >= out->fields)
			out->fields = (uint8_t)(i + 1);
		return i;
	}
	return -1;
}

static void
place_fields(const struct icmp_type *row, enum exchange_family family, struct pairing_type *out)
{
	const struct pairing *pairing = &pairings[family];
	int i;

	*out = (struct pairing_type){ .pairing = pairing, .family = family };
	out->id = place_of(row, pairing->id, out);
	out->seq = place_of(row, pairing->seq, out);
	out->asked = place_of(row, pairing->asked, out);
	for (i = 0; i < PAIRING_SAME_MAX; i++)
		out->same[i] = place_of(row, pairing->same[i], out);
}

void
pairing_types(struct pairing_type out[2][256])
{
	const struct icmp_type *row;
	int is_6, family;

	memset(out, 0, 2 * sizeof(out[0]));
	for (is_6 = 0; is_6 < 2; is_6++)
		for (row = icmp_types(is_6 ? 6 : 4); row->name != NULL; row++)
			for (family = 0; family < EXCHANGE_FAMILY_COUNT; family++)
				if (row->family != NULL && strcmp(row->family,
				    exchange_family_name((enum exchange_family)family)) == 0)
					place_fields(row, (enum exchange_family)family,
					    &out[is_6][row->type]);
}

/* A digest of the fields that are the same in request and reply. */
static void
digest_same(const struct pairing_type *type, const struct icmp_msg *msg, uint64_t seed,
    struct question *out)
{
	const union value *value;
	struct cursor bytes;
	int i;

	for (i = 0; i < PAIRING_SAME_MAX && type->same[i] >= 0; i++) {
		value = &msg->values[type->same[i]];
		bytes = value->bytes;
		if (msg->type->fields[type->same[i]].kind == FIELD_IP6)
			bytes = cursor_over(value->address.bytes, 16, 16);
		seed = cursor_digest(&bytes, seed);
	}
	out->payload.rest = seed;
	out->seq = (uint16_t)seed;
}

bool
pairing_read(const struct pairing_type *type, const struct icmp_msg *msg, uint64_t seed,
    struct question *out)
{
	const union value *values = msg->values;

	if (msg->value_count < type->fields)
		return false;
	memset(out, 0, sizeof(*out));
	if (type->id >= 0)
		out->id = (uint16_t)values[type->id].number;
	if (type->seq >= 0)
		out->seq = (uint16_t)values[type->seq].number;
	if ((type->pairing->flags & PAIRING_RETURNS_DATA) != 0)
		out->payload = msg->payload;
	else if (type->same[0] >= 0)
		digest_same(type, msg, seed, out);
	if (type->asked >= 0 && !addr_is_unspecified(&values[type->asked].address))
		out->asked = values[type->asked].address;
	return true;
}

/* RFC 3810 5.2.12: the kinds of record that answer a query. */
#define MODE_IS_INCLUDE 1
#define MODE_IS_EXCLUDE 2

/* Whether a report has an answer for that group, or for any when it is none. */
static bool
answers_query(const struct icmp_msg *msg, const struct addr *group)
{
	struct record record;
	struct list list;
	uint8_t i;

	if (!icmp_list(msg, 0, msg->tail, &list))
		return false;
	while (list_next(&list, &record)) {
		if (record.type != MODE_IS_INCLUDE && record.type != MODE_IS_EXCLUDE)
			continue;
		if (group->version == 0)
			return true;
		for (i = 0; i < record.value_count; i++)
			if (record.row->fields[i].kind == FIELD_IP6 &&
			    addr_equal(&record.values[i].address, group))
				return true;
	}
	return false;
}

bool
pairing_speaks_of(const struct pairing_type *type, const struct icmp_msg *msg,
    const struct addr *asked)
{
	if (type->pairing->asked == NULL)
		return true;
	if (type->asked < 0)
		return answers_query(msg, asked);
	return asked->version == 0 || addr_equal(&msg->values[type->asked].address, asked);
}
