/*
 * The interface that an extended echo asks about (RFC 8335 2.1): kept from the
 * request, told with whatever becomes of it.
 */
#include "analyzer/track/exchange_state.h"

#define CLASS_IDENTIFICATION 3
#define AFI_IPV4 1 /* IANA, Address Family Numbers */
#define AFI_IPV6 2
#define AFI_MAC_48 16389

/* Who names an interface may write what they like: it ends at the first NUL, or as room does. */
static void
read_name(const struct record *object, struct probed *probed)
{
	const union value *value = record_value(object, "interface_name");
	struct cursor octets;
	uint32_t len;

	if (value == NULL)
		return;
	octets = value->bytes;
	len = octets.captured;
	if (len >= sizeof(probed->name))
		len = sizeof(probed->name) - 1;
	(void)cursor_copy(&octets, probed->name, len);
}

static void
read_address(const struct record *object, struct probed *probed)
{
	const union value *value = record_value(object, "interface_address");
	int64_t afi = record_number(object, "afi");

	if (value != NULL && (afi == AFI_IPV4 || afi == AFI_IPV6))
		probed->address = value->address;
	else if (afi == AFI_MAC_48)
		(void)record_mac(object, "interface_address", &probed->mac);
}

/* RFC 8335 2: there is one such object; of more, the first counts. */
static bool
find_identification(const struct icmp_msg *msg, struct record *out)
{
	struct list objects;

	if (!msg->extension.present)
		return false;
	objects = extension_open(&msg->extension);
	while (list_next(&objects, out))
		if (out->type >> 8 == CLASS_IDENTIFICATION)
			return true;
	return false;
}

static struct probed_key
key_of(const struct exchange *exchange, const struct request *request)
{
	return (struct probed_key){
		.request = table_index(&exchange->requests, &request->entry),
	};
}

static void
forget_old(struct exchange *exchange)
{
	while (table_expire_next(&exchange->probed, exchange->now_ns) != NULL)
		continue;
}

void
exchange_note_probed(struct exchange *exchange, const struct request *request,
    const struct icmp_msg *msg)
{
	const struct probed_key key = key_of(exchange, request);
	struct entry *old;
	struct probed *probed;
	struct record object;

	forget_old(exchange);
	old = table_find(&exchange->probed, &key); /* of the request that was here before */
	if (old != NULL)
		table_remove(&exchange->probed, old);
	if (!find_identification(msg, &object))
		return;
	probed = (struct probed *)table_add(&exchange->probed, &key, exchange->now_ns);
	probed->index = record_number(&object, "interface_index");
	read_name(&object, probed);
	read_address(&object, probed);
}

void
exchange_fill_probed(const struct exchange *exchange, const struct request *request,
    struct exchange_facts *out)
{
	const struct probed_key key = key_of(exchange, request);
	const struct probed *probed = (const struct probed *)table_find(&exchange->probed, &key);

	if (probed == NULL)
		return;
	out->probe.interface.name = probed->name;
	out->probe.interface.index = probed->index;
	out->probe.interface.address = probed->address;
	out->probe.interface.mac = probed->mac;
}
