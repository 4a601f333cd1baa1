/*
 * Fuzzes one frame: the walk, the decoders, every list in the message, texts of
 * addresses, and the JSON of its event, which must parse.
 *
 * Input: the link type's index, how much the frame was longer on the wire (two
 * octets, highest first), the frame.
 */
#include <json-c/json.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/schema_ecs.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"
#include "tests/fuzz/target.h"

#define HEADER_LEN 3

static const uint32_t link_types[] = { 1, 0, 9, 12, 14, 50, 51, 101, 104, 108, 113, 228, 229, 276,
	9999, 6, 7, 8, 10, 99, 100, 102, 105, 106, 107, 109, 117, 119, 122, 123, 127, 128, 129, 130,
	131, 132, 133, 134, 135, 136, 137, 138, 143, 163, 164, 166, 167, 168, 178, 179, 180, 181, 182,
	183, 192, 195, 197, 204, 205, 206, 215, 226, 230, 233, 239, 240, 241, 242, 258, 271, 274, 281,
	282, 283, 284, 285 };

/* One for all inputs: it holds no state but buffers. */
static struct schema_ecs *
event_writer(void)
{
	static struct sinks sinks;
	static struct schema_ecs *ecs;

	if (ecs == NULL) {
		init_sinks(&sinks);
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

/* Reads all lists, whatever events make of them. */
static void
walk_message(const struct icmp_msg *msg)
{
	struct anomalies anomalies = { { 0 } };
	struct cursor rest = msg->tail;
	struct list list;
	unsigned int n;

	for (n = 0; icmp_list(msg, n, rest, &list); n++) {
		list_check(&list, &anomalies);
		rest = list.rest;
	}
	if (msg->extension.present) {
		list = extension_open(&msg->extension);
		list_check(&list, &anomalies);
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
	packet_walk(&frame, &packet);
	do {
		if (packet.verdict == PACKET_FRAGMENT || packet.verdict == PACKET_LATER_FRAGMENT)
			packet_resume(&packet, packet.payload);
		if (packet.verdict != PACKET_ICMP)
			continue;
		icmp_decode(&packet, &msg);
		check_message(&packet, &msg);
	} while (packet_next(&packet));
	return 0;
}
