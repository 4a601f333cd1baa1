/*
 * The envelope that all events share, and the facts of each by its row. The
 * message itself is message_json.c's, the report's content report_json.c's.
 */
#include "analyzer/sink/schema_ecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/sink/alert_json.h"
#include "analyzer/sink/community_id.h"
#include "analyzer/sink/fact_json.h"
#include "analyzer/sink/json_writer.h"
#include "analyzer/sink/message_json.h"
#include "analyzer/sink/report_json.h"

#define NAME_MAX_LEN 64

/* Members that never change, as JSON. */
struct members {
	char *text;
	size_t len;
};

struct schema_ecs {
	const struct sinks *sinks;
	struct json_writer *w;
	struct community_ids *ids;
	struct members event[EVENTS]; /* of "event", by the row */
	uint64_t seeds[EVENTS];       /* where event.id begins, by the row */
	struct members observer;      /* of "observer" */
};

/* Ids must differ and repeat; they need not be hard to guess, so the key is fixed. */
static uint64_t
mix(uint64_t id, uint64_t part)
{
	id = (id ^ part) * UINT64_C(0x9e3779b97f4a7c15);
	id = (id ^ id >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	id = (id ^ id >> 27) * UINT64_C(0x94d049bb133111eb);
	return id ^ id >> 31;
}

/* From the words of a row, not its place: the ids stay when rows are added. */
static uint64_t
row_hash(const char *words)
{
	uint64_t id = 0;

	for (; *words != '\0'; words++)
		id = mix(id, (uint8_t)*words);
	return id;
}

static uint64_t
event_hash(const struct schema_ecs *ecs, const struct event *event)
{
	uint64_t id = mix(ecs->seeds[event->id], event->ordinal);

	id = mix(id, event->index);
	return mix(id, event->when_ns);
}

/* Whether it is about an incident, and not about those there might be. */
static bool
is_incident(const struct event_type *type)
{
	return type->facts == alert_rows;
}

static const char *
event_kind(const struct event_type *type)
{
	if (is_incident(type))
		return "alert";
	return type->dataset == DATASET_STATS ? "metric" : "event";
}

/* What took time. A clock that stepped back leaves the end unknown. */
static void
write_times(struct json_writer *w, const struct event *event)
{
	if (event->start_ns == 0 && event->end_ns == 0)
		return;
	json_time(w, "start", event->start_ns);
	if (event->end_ns < event->start_ns)
		return;
	json_time(w, "end", event->end_ns);
	json_uint(w, "duration", event->end_ns - event->start_ns);
}

static void
write_event_row(struct json_writer *w, const struct event_type *type)
{
	char dataset[NAME_MAX_LEN];

	snprintf(dataset, sizeof(dataset), "icmp.%s", dataset_name(type->dataset));
	json_text(w, "kind", event_kind(type));
	json_text(w, "dataset", dataset);
	json_open_array(w, "category");
	if (type->dataset == DATASET_ALERT)
		json_text(w, NULL, "intrusion_detection");
	json_text(w, NULL, "network");
	json_close(w);
	json_open_array(w, "type");
	json_text(w, NULL, type->ecs_type);
	json_text(w, NULL, "protocol");
	json_close(w);
	json_text(w, "action", type->action);
	json_text(w, "outcome", type->outcome);
}

static void
write_observer_name(struct json_writer *w, const struct sink_context *context)
{
	json_text(w, "name", context->observer_name);
	json_text(w, "type", "sensor");
	json_text(w, "version", context->version);
}

/* Keeps the members of the text just written. 0, or -1 when memory ran out. */
static int
keep_members(struct json_writer *w, struct members *out)
{
	size_t len;
	const char *text = json_end(w, &len);

	if (text == NULL)
		return -1;
	out->len = len - strlen("{}\n");
	out->text = strndup(text + 1, out->len);
	return out->text == NULL ? -1 : 0;
}

/* Writes what never changes, once. */
static int
prepare(struct schema_ecs *ecs)
{
	int i;

	for (i = 0; i < EVENTS; i++) {
		ecs->seeds[i] = row_hash(event_type((enum event_id)i)->action);
		json_begin(ecs->w);
		write_event_row(ecs->w, event_type((enum event_id)i));
		if (keep_members(ecs->w, &ecs->event[i]) != 0)
			return -1;
	}
	json_begin(ecs->w);
	write_observer_name(ecs->w, &ecs->sinks->context);
	return keep_members(ecs->w, &ecs->observer);
}

struct schema_ecs *
schema_ecs_new(const struct sinks *sinks)
{
	struct schema_ecs *ecs = calloc(1, sizeof(*ecs));

	if (ecs == NULL)
		return NULL;
	ecs->sinks = sinks;
	ecs->w = json_writer_new(false);
	ecs->ids = community_ids_new(sinks->context.community_id_seed);
	if (ecs->w == NULL || ecs->ids == NULL || prepare(ecs) != 0) {
		schema_ecs_free(ecs);
		return NULL;
	}
	return ecs;
}

void
schema_ecs_free(struct schema_ecs *ecs)
{
	int i;

	if (ecs == NULL)
		return;
	for (i = 0; i < EVENTS; i++)
		free(ecs->event[i].text);
	free(ecs->observer.text);
	json_writer_free(ecs->w);
	community_ids_free(ecs->ids);
	free(ecs);
}

static void
write_event(struct schema_ecs *ecs, const struct event *event)
{
	const struct members *members = &ecs->event[event->id];
	struct json_writer *w = ecs->w;

	json_open_object(w, "event");
	json_members(w, members->text, members->len);
	json_hex64(w, "id", event_hash(ecs, event));
	json_uint(w, "sequence", ecs->sinks->sequence);
	write_times(w, event);
	if (is_incident(event_type(event->id)))
		alert_json_event(w, event->facts);
	json_close(w);
}

static void
write_observer(struct schema_ecs *ecs, const struct event *event)
{
	const struct sink_context *context = &ecs->sinks->context;
	const struct frame *frame = event->packet != NULL ? event->packet->frame : NULL;
	const char *source = context->source_name(context->owner, frame);
	struct json_writer *w = ecs->w;

	json_open_object(w, "observer");
	json_members(w, ecs->observer.text, ecs->observer.len);
	if (context->is_live) {
		json_open_object(w, "ingress");
		json_open_object(w, "interface");
		json_text(w, "name", source);
		json_close(w);
		json_close(w);
	}
	json_close(w);
	if (context->is_live)
		return;
	json_open_object(w, "log");
	json_open_object(w, "file");
	json_text(w, "path", source);
	json_close(w);
	json_close(w);
}

static void
write_end(struct json_writer *w, const char *key, const struct addr *address,
    const struct mac *mac)
{
	json_open_object(w, key);
	json_addr(w, "ip", address);
	if (mac != NULL)
		json_mac(w, "mac", mac);
	json_close(w);
}

/*
 * The MAC of one end, as far as the packet at hand is from or to it: an answer
 * goes the other way, and an error may come from anybody.
 */
static const struct mac *
mac_of(const struct packet *packet, const struct addr *end)
{
	if (packet == NULL)
		return NULL;
	if (packet->has_source_mac && addr_equal(end, &packet->ip.source))
		return &packet->source_mac;
	if (packet->has_destination_mac && addr_equal(end, &packet->ip.destination))
		return &packet->destination_mac;
	return NULL;
}

static void
write_ends(struct json_writer *w, const struct event *event)
{
	write_end(w, "source", &event->source, mac_of(event->packet, &event->source));
	write_end(w, "destination", &event->destination,
	    mac_of(event->packet, &event->destination));
}

static void
write_vlans(struct json_writer *w, const struct packet *packet)
{
	uint32_t count = packet->vlan_count;

	if (count == 0)
		return;
	if (count > PACKET_VLANS_MAX)
		count = PACKET_VLANS_MAX;
	json_open_object(w, "vlan");
	json_uint(w, "id", packet->vlans[0]);
	json_close(w);
	if (count == 1)
		return;
	json_open_object(w, "inner");
	json_open_object(w, "vlan");
	json_uint(w, "id", packet->vlans[count - 1]);
	json_close(w);
	json_close(w);
}

/* The flow of an exchange, named after whichever side of it was seen. */
static const char *
exchange_community_id(struct schema_ecs *ecs, const struct event *event)
{
	const struct exchange_facts *facts = event->facts;
	const struct exchange_side *request = &facts->request, *response = &facts->response;
	uint8_t version = (uint8_t)facts->version;

	if (request->type != EVENT_UNKNOWN)
		return community_id_icmp(ecs->ids, &event->source, &event->destination, version,
		    (uint8_t)request->type, (uint8_t)request->code);
	if (response->type != EVENT_UNKNOWN)
		return community_id_icmp(ecs->ids, &event->destination, &event->source, version,
		    (uint8_t)response->type, (uint8_t)response->code);
	return NULL;
}

static void
write_network(struct schema_ecs *ecs, const struct event *event, const struct event_type *type)
{
	const struct icmp_msg *msg = event->msg;
	struct json_writer *w = ecs->w;
	const char *id = NULL;
	int64_t version = 0;

	if (type->dataset == DATASET_EXCHANGE && event->facts != NULL) {
		version = ((const struct exchange_facts *)event->facts)->version;
		id = exchange_community_id(ecs, event);
	} else if (msg != NULL) {
		version = msg->version;
		if (cursor_peek(&msg->bytes, 1) >= 0)
			id = community_id_icmp(ecs->ids, &event->source, &event->destination,
			    msg->version, msg->type_number, msg->code);
	}
	json_open_object(w, "network");
	if (event->source.version != 0)
		json_text(w, "type", event->source.version == 6 ? "ipv6" : "ipv4");
	if (version != 0)
		json_text(w, "transport", version == 6 ? "ipv6-icmp" : "icmp");
	if (event->packet != NULL)
		write_vlans(w, event->packet);
	json_text(w, "community_id", id);
	json_close(w);
}

static void
write_icmp(struct schema_ecs *ecs, const struct event *event, const struct event_type *type)
{
	struct json_writer *w = ecs->w;

	json_open_object(w, "icmp");
	switch (type->dataset) {
	case DATASET_STATS:
		json_open_object(w, "stats");
		report_json_stats(w, event->facts, ecs->sinks->by_dataset);
		json_close(w);
		break;
	case DATASET_SUMMARY:
		json_open_object(w, "summary");
		report_json_members(w, event->facts);
		json_close(w);
		break;
	default:
		if (event->packet != NULL && event->msg != NULL)
			message_json(w, ecs->ids, event);
		fact_json(w, type->facts, event->facts);
		break;
	}
	json_close(w);
}

const char *
schema_ecs_line(struct schema_ecs *ecs, const struct event *event, size_t *len)
{
	const struct event_type *type = event_type(event->id);
	struct json_writer *w = ecs->w;

	json_begin(w);
	json_time(w, "@timestamp", event->when_ns);
	write_event(ecs, event);
	write_observer(ecs, event);
	write_ends(w, event);
	write_network(ecs, event, type);
	if (is_incident(type))
		alert_json(w, event->facts);
	write_icmp(ecs, event, type);
	return json_end(w, len);
}
