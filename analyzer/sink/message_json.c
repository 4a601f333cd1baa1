/*
 * The walk over a message's header, lists, quote and extension, into JSON.
 */
#include "analyzer/sink/message_json.h"

#include <stdio.h>

#include "analyzer/sink/field_json.h"

#define KEY_MAX 64

static void
write_lists(struct json_writer *w, const struct icmp_msg *msg)
{
	struct cursor rest = msg->tail;
	struct list list;
	unsigned n;

	for (n = 0; icmp_list(msg, n, rest, &list); n++) {
		list_json(w, &list);
		rest = list.rest;
	}
}

/* The message inside one that is secured, and what it is secured with. */
static void
write_secured(struct json_writer *w, const struct icmp_msg *msg)
{
	if (msg->secured_count == 0)
		return;
	field_json(w, msg->type->secured, msg->secured_values, msg->secured_count,
	    msg->secured_bytes);
	json_hex(w, msg->seal->name, msg->seal_bytes);
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
	if (transport->has_ipsec_sequence)
		json_uint(w, "ipsec_sequence", transport->ipsec_sequence);
	if (transport->has_key)
		json_uint(w, "key", transport->key);
	if (!transport->has_icmp)
		return;
	json_open_object(w, "icmp");
	json_uint(w, "type", transport->icmp_type);
	json_uint(w, "code", transport->icmp_code);
	if (transport->has_id)
		json_uint(w, "id", transport->id);
	if (transport->has_seq)
		json_uint(w, "seq", transport->seq);
	json_close(w);
}

/* A flag that may not be known. */
static void
write_known(struct json_writer *w, const char *key, int64_t flag)
{
	if (flag != EVENT_UNKNOWN)
		json_flag(w, key, flag != 0);
}

static void
write_quote(struct json_writer *w, struct community_ids *ids, const struct quote *quote,
    const struct quote_facts *facts)
{
	const struct transport *transport = &quote->transport;
	const struct ip_header *ip = &quote->ip;

	if (!quote->is_expected || !quote->has_length)
		return;
	json_open_object(w, "quoted");
	write_end(w, "source", &ip->source, transport->has_ports, transport->source_port);
	write_end(w, "destination", &ip->destination, transport->has_ports,
	    transport->destination_port);
	if (quote->has_protocol) {
		json_uint(w, "protocol", ip->protocol);
		json_text(w, "transport", transport_name(ip->protocol));
	}
	if (quote->has_ttl)
		json_uint(w, "ttl", ip->ttl);
	if (ip->has_id)
		json_uint(w, "ip_id", ip->id);
	json_uint(w, "length", ip->length);
	if (ip->is_fragment)
		json_uint(w, "fragment_offset", ip->fragment_offset);
	write_transport(w, transport);
	json_uint(w, "bytes", quote->bytes);
	json_text(w, "community_id", community_id_quote(ids, quote));
	if (facts != NULL) {
		write_known(w, "seen", facts->seen);
		write_known(w, "translated", facts->translated);
	}
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
	objects = extension_open(extension);
	json_open_object(w, "extension");
	json_uint(w, "version", extension->version);
	write_checksum(w, extension->checksum);
	json_text(w, "placement", extension_placement_name(extension->placement));
	list_json(w, &objects);
	json_close(w);
}

void
anomalies_json(struct json_writer *w, const struct anomalies *anomalies)
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

/* "vlan:10", "mpls:16" and such carry their number, the others are names alone. */
static void
write_layer(struct json_writer *w, const struct layer *layer)
{
	const char *name = layer_name(layer->kind);
	char text[KEY_MAX];

	if (!layer_has_tag(layer->kind)) {
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

/* How much data without a layout the message has, if its type has any. */
static bool
payload_octets(const struct icmp_msg *msg, uint32_t *out)
{
	bool has_structure = msg->type->tail == ICMP_TAIL_EXTENSION;
	bool is_opaque = msg->type->tail == ICMP_TAIL_SECURED && msg->secured_count == 0;

	*out = msg->tail.claimed;
	if (has_structure && msg->extension.present)
		*out = msg->extension.payload.claimed;
	return (has_structure || is_opaque || msg->type->tail == ICMP_TAIL_DATA) &&
	       msg->tail.status == DECODE_OK;
}

/* What the first four octets and the IP header say, as far as they are there. */
static void
write_header(struct json_writer *w, const struct packet *packet, const struct icmp_msg *msg)
{
	bool has_code = cursor_peek(&msg->bytes, 1) >= 0;
	uint32_t payload;

	json_uint(w, "version", msg->version);
	if (cursor_peek(&msg->bytes, 0) >= 0) {
		json_uint(w, "type", msg->type_number);
		if (has_code)
			json_uint(w, "code", msg->code);
		json_text(w, "name", msg->type->name);
		if (msg->type->flags & ICMP_NO_LAYOUT)
			json_text(w, "layout", "unpublished");
		else if (msg->seal != NULL && msg->seal->is_encrypted)
			json_text(w, "layout", "encrypted");
	}
	if (has_code && (msg->type->flags & ICMP_CODE_IS_DATA) == 0)
		json_text(w, "code_name", name_of(msg->type->codes, msg->code));
	json_open_object(w, "checksum");
	json_text(w, "status", checksum_name(msg->checksum));
	if (msg->checksum == CHECKSUM_BAD)
		json_uint(w, "expected", msg->checksum_expected);
	json_close(w);
	if (!packet->is_partial)
		json_uint(w, "bytes", msg->length);
	if (!packet->is_partial && payload_octets(msg, &payload))
		json_uint(w, "payload_bytes", payload);
	json_uint(w, "ttl", packet->ip.ttl);
}

void
message_json(struct json_writer *w, struct community_ids *ids, const struct event *event)
{
	const struct packet *packet = event->packet;
	const struct icmp_msg *msg = event->msg;
	struct anomalies anomalies = msg->anomalies;

	if (event->quote != NULL)
		anomalies_merge(&anomalies, &event->quote->anomalies);
	json_uint(w, "frame", packet->frame->number);
	json_uint(w, "index", event->index);
	write_header(w, packet, msg);
	write_path(w, packet);
	field_json(w, msg->type->fields, msg->values, msg->value_count, msg->bytes);
	write_secured(w, msg);
	write_lists(w, msg);
	write_quote(w, ids, &msg->quote, event->quote);
	write_extension(w, &msg->extension);
	anomalies_json(w, &anomalies);
}
