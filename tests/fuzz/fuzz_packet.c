/*
 * Fuzzes one frame: the walk, the decoders, every list in the message, texts of
 * addresses, and the JSON of its event, which must parse.
 *
 * Input: the link type's index, how much the frame was longer on the wire (two
 * octets, highest first), the frame.
 */
#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/schema_ecs.h"
#include "analyzer/sink/sink.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"

#define HEADER_LEN 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t link_types[] = { 1, 0, 9, 12, 14, 50, 51, 101, 104, 108, 113, 228, 229, 276,
	9999 };

static void
fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static const char *
source_name(void *owner, const struct frame *frame)
{
	(void)owner;
	(void)frame;
	return "fuzz";
}

/* One for all inputs: it holds no state but buffers. */
static struct schema_ecs *
event_writer(void)
{
	static struct sinks sinks;
	static struct schema_ecs *ecs;
	const struct sink_context context = { .version = "0", .source_name = source_name };

	if (ecs == NULL) {
		sinks_init(&sinks, &context);
		ecs = schema_ecs_new(&sinks);
	}
	if (ecs == NULL)
		fail("no memory");
	return ecs;
}

/* A line is one JSON object, and no terminal can be steered by it. */
static void
check_line(const char *line, size_t len)
{
	enum json_tokener_error error;
	struct json_object *object;
	char *text;
	size_t i;

	if (len == 0 || line[len - 1] != '\n')
		fail("the line has no end");
	for (i = 0; i < len - 1; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			fail("a control character in a line");
	text = strndup(line, len);
	object = json_tokener_parse_verbose(text, &error);
	if (object == NULL || error != json_tokener_success)
		fail(text);
	json_object_put(object);
	free(text);
}

/* All records, and those inside of them. */
static void
walk_list(struct list *list)
{
	struct record record, part;
	struct list inner;

	while (list_next(list, &record)) {
		if (record.row == NULL || record.row->list == NULL)
			continue;
		cursor_skip(&record.bytes, record.row->min_len);
		inner = list_open(record.row->list, record.bytes, UINT32_MAX, 0);
		while (list_next(&inner, &part))
			continue;
	}
}

static void
walk_message(const struct icmp_msg *msg)
{
	struct cursor rest = msg->tail;
	struct list list;
	unsigned int n;

	for (n = 0; icmp_list(msg, n, rest, &list); n++) {
		walk_list(&list);
		rest = list.rest;
	}
	if (msg->extension.present) {
		list = list_open(&extension_objects, msg->extension.objects, UINT32_MAX, 0);
		walk_list(&list);
	}
}

static void
check_message(const struct packet *packet, const struct icmp_msg *msg)
{
	const struct event event = {
		.id = EVENT_MESSAGE,
		.when_ns = packet->frame->when_ns,
		.ordinal = 1,
		.source = packet->ip.source,
		.destination = packet->ip.destination,
		.packet = packet,
		.msg = msg,
	};
	char text[ADDR_TEXT_SIZE];
	const char *line;
	size_t len;

	walk_message(msg);
	if (addr_text(&packet->ip.source, text) >= sizeof(text) || msg->type == NULL)
		fail("an address without an end");
	line = schema_ecs_line(event_writer(), &event, &len);
	if (line == NULL)
		fail("no memory");
	check_line(line, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame = { .number = 1, .ordinal = 1 };
	struct packet packet;
	struct icmp_msg msg;

	if (size < HEADER_LEN || size > UINT32_MAX)
		return 0;
	frame.link_type = link_types[data[0] % (sizeof(link_types) / sizeof(link_types[0]))];
	frame.bytes = data + HEADER_LEN;
	frame.captured = (uint32_t)(size - HEADER_LEN);
	frame.length = frame.captured + ((uint32_t)data[1] << 8 | data[2]);
	frame.when_ns = UINT64_C(1767258000000000000);
	if (packet_walk(&frame, &packet) == PACKET_FRAGMENT)
		packet_resume(&packet, packet.payload);
	if (packet.verdict != PACKET_ICMP)
		return 0;
	icmp_decode(&packet, &msg);
	check_message(&packet, &msg);
	return 0;
}
