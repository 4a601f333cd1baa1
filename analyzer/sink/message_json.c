/*
 * The walk over a message's values, lists, quote and extension, into JSON.
 */
#include "analyzer/sink/message_json.h"

#include <stdio.h>
#include <string.h>

#define KEY_MAX 64
#define TEXT_MAX 2048 /* octets; an option of Neighbor Discovery holds 2038 */

/* Writes under the key `name` with `suffix` behind it. */
static const char *
key_with(char key[KEY_MAX], const char *name, const char *suffix)
{
	snprintf(key, KEY_MAX, "%s%s", name, suffix);
	return key;
}

static void
write_enum(struct json_writer *w, const struct field *field, uint64_t number)
{
	const char *name = name_of(field->names, (uint32_t)number);
	char key[KEY_MAX];

	json_uint(w, field->name, number);
	if (name != NULL)
		json_text(w, key_with(key, field->name, "_name"), name);
}

static void
write_addresses(struct json_writer *w, const struct field *field, const union value *value)
{
	struct addr address;
	uint32_t n;

	json_open_array(w, field->name);
	for (n = 0; field_list_address(field, value, n, &address); n++)
		json_addr(w, NULL, &address);
	json_close(w);
}

static void
write_dns_names(struct json_writer *w, const struct field *field, struct cursor names)
{
	char name[FIELD_DNS_NAME_SIZE];

	json_open_array(w, field->name);
	while (field_next_dns_name(&names, name, sizeof(name)))
		json_text(w, NULL, name);
	json_close(w);
}

static void
write_link_address(struct json_writer *w, const struct field *field, struct cursor octets)
{
	struct mac mac;

	if (octets.claimed == sizeof(mac.bytes) && cursor_whole(&octets)) {
		(void)cursor_copy(&octets, mac.bytes, sizeof(mac.bytes));
		json_mac(w, field->name, &mac);
	} else {
		json_hex(w, field->name, octets);
	}
}

/* Text that is no UTF-8, or longer than any text, is shown as octets too. */
static void
write_text(struct json_writer *w, const struct field *field, struct cursor octets)
{
	struct cursor c = octets;
	uint32_t len = octets.captured;
	char text[TEXT_MAX], key[KEY_MAX];

	while (len > 0 && cursor_peek(&octets, len - 1) == 0)
		len--; /* padding */
	if (len == 0)
		return;
	if (len <= sizeof(text) && cursor_copy(&c, text, len) &&
	    json_string(w, field->name, text, len))
		return;
	json_hex(w, key_with(key, field->name, "_hex"), octets);
}

static void
write_field(struct json_writer *w, const struct field *field, const union value *value)
{
	switch (field->kind) {
	case FIELD_UINT:
		json_uint(w, field->name, value->number);
		break;
	case FIELD_INT:
		json_int(w, field->name, value->integer);
		break;
	case FIELD_FLAG:
		json_flag(w, field->name, value->number != 0);
		break;
	case FIELD_ENUM:
		write_enum(w, field, value->number);
		break;
	case FIELD_UNUSED:
		break;
	case FIELD_IP4:
	case FIELD_IP6:
	case FIELD_IP6_PREFIX:
		json_addr(w, field->name, &value->address);
		break;
	case FIELD_BYTES:
		json_hex(w, field->name, value->bytes);
		break;
	case FIELD_IP4_LIST:
	case FIELD_IP6_LIST:
		write_addresses(w, field, value);
		break;
	case FIELD_LINK_ADDRESS:
		write_link_address(w, field, value->bytes);
		break;
	case FIELD_DNS_NAMES:
		write_dns_names(w, field, value->bytes);
		break;
	case FIELD_TEXT:
		write_text(w, field, value->bytes);
		break;
	}
}

static void
write_fields(struct json_writer *w, const struct field *fields, const union value *values,
    uint8_t count)
{
	uint8_t i;

	for (i = 0; i < count; i++)
		write_field(w, &fields[i], &values[i]);
}

/* What a record says of itself, without the records inside it. */
static void
write_record(struct json_writer *w, const struct list_type *list, const struct record *record)
{
	if (list->is_classed) {
		json_uint(w, "class", record->type >> 8);
		json_uint(w, "ctype", record->type & 0xff);
	} else if (list->is_typed) {
		json_uint(w, "type", record->type);
	}
	if (record->row != NULL && list->is_typed)
		json_text(w, "name", record->row->name);
	if (list->is_typed)
		json_uint(w, "length", record->length);
	if (record->row != NULL)
		write_fields(w, record->row->fields, record->values, record->value_count);
}

static void
write_inner_list(struct json_writer *w, const struct record *outer)
{
	struct cursor rest = outer->bytes;
	struct record record;
	struct list list;

	if (outer->row == NULL || outer->row->list == NULL)
		return;
	cursor_skip(&rest, outer->row->min_len);
	list = list_open(outer->row->list, rest, UINT32_MAX, 0);
	json_open_array(w, list.type->key);
	while (list_next(&list, &record)) {
		json_open_object(w, NULL);
		write_record(w, list.type, &record);
		json_close(w);
	}
	json_close(w);
}

/* Writes all records of `list`, which is then at its end. */
static void
write_list(struct json_writer *w, struct list *list)
{
	struct record record;

	json_open_array(w, list->type->key);
	while (list_next(list, &record)) {
		json_open_object(w, NULL);
		write_record(w, list->type, &record);
		write_inner_list(w, &record);
		json_close(w);
	}
	json_close(w);
}

static void
write_lists(struct json_writer *w, const struct icmp_msg *msg)
{
	struct cursor rest = msg->tail;
	struct list list;
	unsigned n;

	for (n = 0; icmp_list(msg, n, rest, &list); n++) {
		write_list(w, &list);
		rest = list.rest;
	}
}

static void
write_end(struct json_writer *w, const char *key, const struct addr *address, bool has_port,
    uint16_t port)
{
	json_open_object(w, key);
	json_addr(w, "ip", address);
	if (has_port)
		json_uint(w, "port", port);
	json_close(w);
}

static void
write_transport(struct json_writer *w, const struct transport *transport)
{
	if (transport->has_tcp_sequence)
		json_uint(w, "tcp_sequence", transport->tcp_sequence);
	if (transport->has_verification_tag)
		json_uint(w, "verification_tag", transport->verification_tag);
	if (transport->has_spi)
		json_uint(w, "spi", transport->spi);
	if (transport->has_key)
		json_uint(w, "key", transport->key);
	if (!transport->has_icmp)
		return;
	json_open_object(w, "icmp");
	json_uint(w, "type", transport->icmp_type);
	json_uint(w, "code", transport->icmp_code);
	if (transport->has_echo) {
		json_uint(w, "id", transport->id);
		json_uint(w, "seq", transport->seq);
	}
	json_close(w);
}

static void
write_quote(struct json_writer *w, struct community_ids *ids, const struct quote *quote)
{
	const struct transport *transport = &quote->transport;
	const struct ip_header *ip = &quote->ip;

	if (!quote->present)
		return;
	json_open_object(w, "quoted");
	write_end(w, "source", &ip->source, transport->has_ports, transport->source_port);
	write_end(w, "destination", &ip->destination, transport->has_ports,
	    transport->destination_port);
	json_uint(w, "protocol", ip->protocol);
	json_text(w, "transport", transport_name(ip->protocol));
	json_uint(w, "ttl", ip->ttl);
	if (ip->has_id)
		json_uint(w, "ip_id", ip->id);
	json_uint(w, "length", ip->length);
	if (ip->is_fragment)
		json_uint(w, "fragment_offset", ip->fragment_offset);
	write_transport(w, transport);
	json_uint(w, "bytes", quote->bytes);
	json_text(w, "community_id", community_id_quote(ids, quote));
	json_close(w);
}

static void
write_checksum(struct json_writer *w, enum checksum_verdict verdict)
{
	json_open_object(w, "checksum");
	json_text(w, "status", checksum_name(verdict));
	json_close(w);
}

static void
write_extension(struct json_writer *w, const struct extension *extension)
{
	struct list objects;

	if (!extension->present)
		return;
	objects = list_open(&extension_objects, extension->objects, UINT32_MAX, 0);
	json_open_object(w, "extension");
	json_uint(w, "version", extension->version);
	write_checksum(w, extension->checksum);
	json_text(w, "placement", extension_placement_name(extension->placement));
	write_list(w, &objects);
	json_close(w);
}

static void
write_anomalies(struct json_writer *w, const struct anomalies *anomalies)
{
	int i;

	if (!anomalies_any(anomalies))
		return;
	json_open_array(w, "anomalies");
	for (i = 0; i < ANOMALY_COUNT; i++)
		if (anomalies_has(anomalies, (enum anomaly)i))
			json_text(w, NULL, anomaly_type((enum anomaly)i)->slug);
	json_close(w);
}

/* "vlan:10" and "mpls:16" carry their number, the others are names alone. */
static void
write_layer(struct json_writer *w, const struct layer *layer)
{
	const char *name = layer_name(layer->kind);
	char text[KEY_MAX];

	if (layer->kind != LAYER_VLAN && layer->kind != LAYER_MPLS) {
		json_text(w, NULL, name);
		return;
	}
	snprintf(text, sizeof(text), "%s:%u", name, layer->tag);
	json_text(w, NULL, text);
}

static void
write_path(struct json_writer *w, const struct packet *packet)
{
	uint32_t i;

	json_open_array(w, "encapsulation");
	for (i = 0; i < packet->layer_count; i++)
		write_layer(w, &packet->layers[i]);
	json_close(w);
	json_open_array(w, "outer");
	for (i = 0; i < packet->outer_count && i < PACKET_OUTER_MAX; i++) {
		json_open_object(w, NULL);
		write_end(w, "source", &packet->outer[i].source, false, 0);
		write_end(w, "destination", &packet->outer[i].destination, false, 0);
		json_close(w);
	}
	json_close(w);
	json_open_array(w, "fragments");
	for (i = 0; i < packet->fragment_count; i++)
		json_uint(w, NULL, packet->fragments[i]);
	json_close(w);
}

/* What the first four octets and the IP header say, as far as they are there. */
static void
write_header(struct json_writer *w, const struct packet *packet, const struct icmp_msg *msg)
{
	bool has_code = cursor_peek(&msg->bytes, 1) >= 0;

	json_uint(w, "version", msg->version);
	if (cursor_peek(&msg->bytes, 0) >= 0) {
		json_uint(w, "type", msg->type_number);
		if (has_code)
			json_uint(w, "code", msg->code);
		json_text(w, "name", msg->type->name);
	}
	if (has_code && (msg->type->flags & ICMP_CODE_IS_DATA) == 0)
		json_text(w, "code_name", name_of(msg->type->codes, msg->code));
	json_open_object(w, "checksum");
	json_text(w, "status", checksum_name(msg->checksum));
	if (msg->checksum == CHECKSUM_BAD)
		json_uint(w, "expected", msg->checksum_expected);
	json_close(w);
	json_uint(w, "bytes", msg->length);
	if (msg->type->tail == ICMP_TAIL_DATA && msg->tail.status == DECODE_OK)
		json_uint(w, "payload_bytes", msg->tail.claimed);
	json_uint(w, "ttl", packet->ip.ttl);
}

void
message_json(struct json_writer *w, struct community_ids *ids, const struct packet *packet,
    const struct icmp_msg *msg, uint32_t index)
{
	json_uint(w, "frame", packet->frame->number);
	json_uint(w, "index", index);
	write_header(w, packet, msg);
	write_path(w, packet);
	write_fields(w, msg->type->fields, msg->values, msg->value_count);
	write_lists(w, msg);
	write_quote(w, ids, &msg->quote);
	write_extension(w, &msg->extension);
	write_anomalies(w, &msg->anomalies);
}
