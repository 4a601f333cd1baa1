/*
 * Exchanges of every family, as scripts of whole packets on a set clock: one
 * row a step, with the events expected at it. And the table of families
 * against the tables of messages.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/track/pairing.h"
#include "analyzer/track/trackers.h"
#include "decoders/frame.h"
#include "tests/tracked.h"
#include "tests/wire.h"

#define LINKTYPE_RAW 101
#define VALUES_MAX 4

struct step {
	uint64_t at_ms;
	uint8_t type;               /* 0 and no source: time goes by */
	const char *source, *destination;
	const char *values;         /* "id=7 target=2001:db8::1 about=eth0 data=abcd", or
	                               "quote=LEN" of the request before */
	const char *events;         /* as `collect` writes them */
};

/* "action source>destination rtt_ms,repliers about interface; ...", what there is of it. */
static void
collect(void *owner, const struct event *event)
{
	struct tracked *fixture = owner;
	const struct exchange_facts *facts = event->facts;
	char source[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE];

	addr_text(&event->source, source);
	addr_text(&event->destination, destination);
	tracked_say(fixture, "; ", "%s %s>%s", event_type(event->id)->action, source, destination);
	if (facts->rtt_ns != EVENT_UNKNOWN)
		tracked_say(fixture, "", " %d", (int)(facts->rtt_ns / (int64_t)MS));
	if (facts->repliers != EVENT_UNKNOWN)
		tracked_say(fixture, "", ",%d", (int)facts->repliers);
	if (facts->probe.interface.name != NULL)
		tracked_say(fixture, "", " about %s", facts->probe.interface.name);
}

/* What follows the fields of a message, besides them. */
struct content {
	struct wire_value values[VALUES_MAX + 1];
	const char *data;
	const char *about; /* the object of an extended echo */
	uint32_t quoted;   /* octets of the message before */
};

/* Splits "name=value ..." in place; a value with a dot or colon is an address. */
static void
parse_values(char *text, struct content *out)
{
	struct wire_value *next = out->values;
	char *name, *value;

	memset(out, 0, sizeof(*out));
	for (name = strtok(text, " "); name != NULL; name = strtok(NULL, " ")) {
		value = strchr(name, '=');
		*value++ = '\0';
		if (strcmp(name, "data") == 0)
			out->data = value;
		else if (strcmp(name, "about") == 0)
			out->about = value;
		else if (strcmp(name, "quote") == 0)
			out->quoted = (uint32_t)strtoul(value, NULL, 10);
		else if (strpbrk(value, ".:") != NULL)
			*next++ = (struct wire_value){ .name = name, .text = value };
		else if (strcmp(name, "nonce") == 0)
			*next++ = (struct wire_value){ .name = name, .bytes = value, .len = 8 };
		else
			*next++ = (struct wire_value){ .name = name,
				.number = strtoul(value, NULL, 10) };
	}
}

/* The object that asks about the interface of that name (RFC 8335 2.1). */
static void
append_object(struct wire *w, const char *name)
{
	uint8_t buffer[128];
	struct wire objects = wire_over(buffer, sizeof(buffer));

	wire_record(&objects, &extension_objects, 0x0301, (struct wire_value[]){
	    { "interface_name", .text = name }, WIRE_END });
	wire_extension(w, &objects);
}

/* The message of a step. */
static void
append_message(struct tracked *fixture, const struct step *step, uint8_t version, struct wire *w)
{
	struct wire sent = { .bytes = fixture->sent, .len = fixture->sent_len };
	struct content content;
	char text[256];

	snprintf(text, sizeof(text), "%s", step->values);
	parse_values(text, &content);
	wire_icmp(w, version, step->type, 0, content.values);
	if (content.data != NULL)
		wire_bytes(w, content.data, (uint32_t)strlen(content.data));
	if (content.about != NULL)
		append_object(w, content.about);
	if (content.quoted > 0)
		wire_quote(w, &sent, content.quoted);
	if (strstr(step->values, "record_count") != NULL)
		wire_record(w, &mld_records, 2, (struct wire_value[]){
		    { "group", .text = "ff02::1:3" }, WIRE_END });
}

static void
send_step(struct tracked *fixture, const struct step *step)
{
	const struct wire_ip ip = { .source = step->source, .destination = step->destination };
	uint8_t version = strchr(step->source, ':') != NULL ? 6 : 4;
	uint8_t buffer[sizeof(fixture->sent)];
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct frame frame = { .link_type = LINKTYPE_RAW,
		.when_ns = START_NS + step->at_ms * MS };
	struct packet packet;
	struct icmp_msg msg;

	append_message(fixture, step, version, &w);
	if (version == 4)
		wire_ip4(&w, &ip);
	else
		wire_ip6(&w, &ip);
	assert_false(w.failed);
	frame.bytes = w.bytes;
	frame.captured = frame.length = w.len;
	frame.number = frame.ordinal = ++fixture->number;
	assert_int_equal(packet_walk(&frame, &packet), PACKET_ICMP);
	assert_int_equal(icmp_decode(&packet, &msg), DECODE_OK);
	msg.payload = payload_read(msg.tail, 1);
	tracker_exchange.message(fixture->state, &packet, &msg, frame.when_ns);
	memcpy(fixture->sent, w.bytes, w.len);
	fixture->sent_len = w.len;
}

static void
run_steps(struct tracked *fixture, const struct step *steps, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		fixture->events[0] = '\0';
		tracker_exchange.tick(fixture->state, START_NS + steps[i].at_ms * MS);
		if (steps[i].source != NULL)
			send_step(fixture, &steps[i]);
		tracked_expect(fixture, i, steps[i].events);
	}
}

#define RUN(fixture, steps) run_steps(fixture, steps, sizeof(steps) / sizeof((steps)[0]))
#define PASS(at, events) { at, 0, NULL, NULL, "", events }

static int
setup(void **state)
{
	(void)tracked_setup(state, &tracker_exchange);
	((struct tracked *)*state)->settings.exchange_probed = 16;
	tracked_start(*state, DATASET_EXCHANGE, collect);
	return 0;
}

/* clang-format off */

static void
by_id_and_sequence_number(void **state)
{
	static const struct step steps[] = {
		{ 0, 13, "192.0.2.1", "192.0.2.2", "id=7 seq=1", "" },
		{ 3, 14, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "timestamp_answered 192.0.2.1>192.0.2.2 3" },
		/* the same numbers in another family are another exchange */
		{ 4, 16, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "information_unsolicited 192.0.2.1>192.0.2.2" },
		{ 5, 15, "192.0.2.1", "192.0.2.2", "id=7 seq=1", "" },
		{ 6, 16, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "information_answered 192.0.2.1>192.0.2.2 1" },
		{ 7, 37, "192.0.2.1", "192.0.2.2", "id=7 seq=2", "" },
		{ 8, 38, "192.0.2.2", "192.0.2.1", "id=7 seq=2",
		  "domain_name_answered 192.0.2.1>192.0.2.2 1" },
		{ 10, 42, "192.0.2.1", "192.0.2.2", "id=7 seq=1", "" },
		{ 12, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "extended_echo_answered 192.0.2.1>192.0.2.2 2" },
		{ 20, 160, "2001:db8::1", "2001:db8::2", "id=7 seq=1", "" },
		{ 29, 161, "2001:db8::2", "2001:db8::1", "id=7 seq=1",
		  "extended_echo_answered 2001:db8::1>2001:db8::2 9" },
		{ 30, 13, "192.0.2.1", "192.0.2.2", "id=7 seq=2", "" },
		PASS(10030, "timestamp_lost 192.0.2.1>192.0.2.2"),
		{ 11030, 14, "192.0.2.2", "192.0.2.1", "id=7 seq=2",
		  "timestamp_late 192.0.2.1>192.0.2.2 11000" },
	};

	RUN(*state, steps);
}

/* RFC 8335 2.1: the interface belongs to the request, whatever becomes of it. */
static void
interfaces_that_are_asked_about(void **state)
{
	static const struct step steps[] = {
		{ 0, 42, "192.0.2.1", "192.0.2.2", "id=7 seq=1 about=eth0", "" },
		{ 1, 42, "192.0.2.1", "192.0.2.2", "id=7 seq=2 about=eth1", "" },
		{ 2, 42, "192.0.2.1", "192.0.2.2", "id=7 seq=3", "" },
		{ 3, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=3",
		  "extended_echo_answered 192.0.2.1>192.0.2.2 1" },
		{ 4, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "extended_echo_answered 192.0.2.1>192.0.2.2 4 about eth0" },
		{ 5, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "extended_echo_duplicate 192.0.2.1>192.0.2.2 5 about eth0" },
		/* the same numbers again, about another */
		{ 6, 42, "192.0.2.1", "192.0.2.2", "id=7 seq=1 about=eth2", "" },
		{ 7, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=1",
		  "extended_echo_answered 192.0.2.1>192.0.2.2 1 about eth2" },
		PASS(10001, "extended_echo_lost 192.0.2.1>192.0.2.2 about eth1"),
		{ 15001, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=2",
		  "extended_echo_late 192.0.2.1>192.0.2.2 15000 about eth1" },
	};

	RUN(*state, steps);
}

/* A full table forgets the oldest: its request is told without. */
static void
interfaces_forgotten(void **state)
{
	struct tracked *fixture = *state;
	struct report_table tables[8];
	struct step step = { 0, 42, "192.0.2.1", "192.0.2.2", NULL, "" };
	char values[64];
	uint32_t i;

	for (i = 0; i <= fixture->settings.exchange_probed; i++) {
		snprintf(values, sizeof(values), "id=7 seq=%u about=eth%05u", i % 256, i);
		step.values = values;
		run_steps(fixture, &step, 1);
	}
	step = (struct step){ 1, 43, "192.0.2.2", "192.0.2.1", "id=7 seq=0",
		"extended_echo_answered 192.0.2.1>192.0.2.2 1" };
	run_steps(fixture, &step, 1);
	step.values = "id=7 seq=1";
	step.events = "extended_echo_answered 192.0.2.1>192.0.2.2 1 about eth00001";
	run_steps(fixture, &step, 1);
	assert_int_equal(tracker_exchange.tables(fixture->state, tables, 8), 8);
	assert_string_equal(tables[3].name, "exchange.probed");
	assert_int_equal(tables[3].evicted, 1);
}

/* RFC 950, RFC 1122 3.2.2.9: a host without an address is answered by broadcast. */
static void
masks_for_who_knows_no_address(void **state)
{
	static const struct step steps[] = {
		{ 0, 17, "0.0.0.0", "255.255.255.255", "id=9 seq=0", "" },
		{ 2, 18, "192.0.2.2", "255.255.255.255", "id=9 seq=0 address_mask=255.255.255.0",
		  "address_mask_answered 0.0.0.0>255.255.255.255 2,1" },
		/* an agent that starts tells everybody */
		{ 5, 18, "192.0.2.3", "255.255.255.255", "id=8 address_mask=255.255.255.0", "" },
		{ 100, 17, "192.0.2.1", "192.0.2.2", "id=9 seq=1", "" },
		{ 101, 18, "192.0.2.2", "192.0.2.1", "id=9 seq=1 address_mask=255.255.255.0",
		  "address_mask_answered 192.0.2.1>192.0.2.2 1" },
	};

	RUN(*state, steps);
}

/* RFC 4861 6.2.6: one advertisement to all answers everybody; nobody's is none. */
static void
routers(void **state)
{
	static const struct step steps[] = {
		{ 0, 134, "fe80::9", "ff02::1", "", "" },
		{ 1000, 133, "fe80::1", "ff02::2", "", "" },
		{ 1100, 133, "::", "ff02::2", "", "" },
		{ 1300, 134, "fe80::9", "ff02::1", "",
		  "router_answered ::>ff02::2 200,1; router_answered fe80::1>ff02::2 300,1" },
		{ 1400, 134, "fe80::9", "ff02::1", "", "" },
		{ 1500, 134, "fe80::8", "ff02::1", "",
		  "router_duplicate ::>ff02::2 400,2; router_duplicate fe80::1>ff02::2 500,2" },
		{ 2000, 133, "fe80::1", "ff02::2", "", "" },
		{ 2001, 134, "fe80::9", "fe80::1", "", "router_answered fe80::1>ff02::2 1,1" },
		{ 3000, 133, "fe80::1", "ff02::2", "", "" },
		PASS(13000, "router_lost fe80::1>ff02::2"),
		{ 14000, 10, "192.0.2.1", "224.0.0.2", "", "" },
		{ 14100, 9, "192.0.2.9", "224.0.0.1", "", "router_answered 192.0.2.1>224.0.0.2 100,1" },
		{ 15000, 152, "fe80::1", "ff02::2", "", "" },
		{ 15005, 151, "fe80::9", "ff02::6a", "query_interval=125",
		  "multicast_router_answered fe80::1>ff02::2 5,1" },
		{ 16005, 151, "fe80::9", "ff02::6a", "query_interval=125", "" },
	};

	RUN(*state, steps);
}

/* RFC 4861 7.2, RFC 4862 5.4: the target is asked; to nobody's question silence is good. */
static void
neighbors(void **state)
{
	static const struct step steps[] = {
		{ 0, 135, "fe80::1", "ff02::1:ff00:2", "target=fe80::2", "" },
		{ 1, 136, "fe80::2", "fe80::1", "target=fe80::2 solicited=1",
		  "neighbor_answered fe80::1>fe80::2 1" },
		{ 10, 135, "::", "ff02::1:ff00:1", "target=2001:db8::1", "" },
		PASS(10010, "neighbor_unanswered ::>2001:db8::1"),
		{ 10020, 135, "::", "ff02::1:ff00:2", "target=2001:db8::2", "" },
		{ 10021, 136, "2001:db8::2", "ff02::1", "target=2001:db8::2",
		  "neighbor_answered ::>2001:db8::2 1" },
		/* an advertisement to all is no reply to nobody, one to me is */
		{ 10030, 136, "2001:db8::2", "ff02::1", "target=2001:db8::2", "" },
		{ 10040, 136, "2001:db8::9", "2001:db8::1", "target=2001:db8::9 solicited=1",
		  "neighbor_unsolicited 2001:db8::1>2001:db8::9" },
		{ 10050, 135, "fe80::1", "ff02::1:ff00:3", "target=fe80::3", "" },
		PASS(20050, "neighbor_lost fe80::1>fe80::3"),
		{ 21000, 141, "fe80::1", "ff02::1", "", "" },
		{ 21002, 142, "fe80::2", "fe80::1", "", "inverse_neighbor_answered fe80::1>ff02::1 2,1" },
	};

	RUN(*state, steps);
}

static void
listeners(void **state)
{
	static const struct step steps[] = {
		{ 0, 130, "fe80::9", "ff02::1", "", "" },
		{ 100, 143, "fe80::1", "ff02::16", "record_count=1",
		  "multicast_listener_answered fe80::9>ff02::1 100,1" },
		{ 200, 131, "fe80::2", "ff02::1:3", "group=ff02::1:3",
		  "multicast_listener_duplicate fe80::9>ff02::1 200,2" },
		{ 300, 131, "fe80::2", "ff02::1:3", "group=ff02::1:3", "" },
		{ 400, 130, "fe80::9", "ff02::fb", "group=ff02::fb", "" },
		{ 500, 131, "fe80::3", "ff02::1:3", "group=ff02::1:3",
		  "multicast_listener_duplicate fe80::9>ff02::1 500,3" },
		PASS(10400, "multicast_listener_unanswered fe80::9>ff02::fb"),
	};

	RUN(*state, steps);
}

/* Windows has one id for all it pings, and counts through them. */
static void
one_id_for_all(void **state)
{
	static const struct step steps[] = {
		{ 0, 8, "192.0.2.1", "192.0.2.2", "id=1 seq=10 data=abcdefgh", "" },
		{ 1, 8, "192.0.2.1", "192.0.2.3", "id=1 seq=11 data=abcdefgh", "" },
		{ 2, 8, "192.0.2.1", "192.0.2.4", "id=1 seq=12 data=abcdefgh", "" },
		{ 3, 0, "192.0.2.3", "192.0.2.1", "id=1 seq=11 data=abcdefgh",
		  "echo_answered 192.0.2.1>192.0.2.3 2" },
		{ 5, 0, "192.0.2.2", "192.0.2.1", "id=1 seq=10 data=abcdefgh",
		  "echo_answered 192.0.2.1>192.0.2.2 5" },
		{ 6, 8, "192.0.2.1", "192.0.2.255", "id=1 seq=13 data=abcdefgh", "" },
		PASS(10002, "echo_lost 192.0.2.1>192.0.2.4"),
		PASS(10006, "echo_lost 192.0.2.1>192.0.2.255"),
	};

	RUN(*state, steps);
}

/* RFC 1122 3.2.2.6: a broadcast is answered by many; twice by one is a duplicate. */
static void
ten_answer_a_broadcast(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, 8, "192.0.2.1", "255.255.255.255", "id=1 seq=1 data=abcdefgh", "" };
	char source[16], events[128];
	struct report report;
	uint32_t i;

	run_steps(fixture, &step, 1);
	for (i = 1; i <= 10; i++) {
		snprintf(source, sizeof(source), "192.0.2.%u", 10 + i);
		snprintf(events, sizeof(events), "echo_%s 192.0.2.1>255.255.255.255 %u,%u",
		    i == 1 ? "answered" : "duplicate", i, i);
		step = (struct step){ i, 0, source, "192.0.2.1", "id=1 seq=1 data=abcdefgh", events };
		run_steps(fixture, &step, 1);
	}
	step.events = "echo_duplicate 192.0.2.1>255.255.255.255 10,10";
	run_steps(fixture, &step, 1);
	report = tracked_report(fixture);
	assert_int_equal(report.families[0].pair_total, 1);
	assert_int_equal(report.families[0].pairs[0].answered, 1);
	assert_int_equal(report.families[0].pairs[0].further, 9);
	assert_int_equal(report.families[0].pairs[0].duplicates, 1);
	assert_int_equal(report.families[0].pairs[0].repliers, 10);
}

/* Address translation, anycast: same id, sequence number and data from another. */
static void
answered_by_another(void **state)
{
	static const struct step steps[] = {
		{ 0, 8, "192.0.2.1", "203.0.113.1", "id=5 seq=1 data=abcdefgh", "" },
		{ 4, 0, "192.0.2.99", "192.0.2.1", "id=5 seq=1 data=abcdefgh",
		  "echo_answered 192.0.2.1>203.0.113.1 4" },
		{ 10, 8, "192.0.2.1", "203.0.113.1", "id=5 seq=2 data=abcdefgh", "" },
		{ 14, 0, "192.0.2.99", "192.0.2.1", "id=5 seq=2 data=ABCDEFGH",
		  "echo_unsolicited 192.0.2.1>192.0.2.99" },
		{ 15, 0, "192.0.2.99", "192.0.2.1", "id=6 seq=2 data=abcdefgh",
		  "echo_unsolicited 192.0.2.1>192.0.2.99" },
	};

	RUN(*state, steps);
}

static void
by_what_else_is_the_same(void **state)
{
	static const struct step steps[] = {
		{ 0, 139, "2001:db8::1", "2001:db8::2", "nonce=abcdefgh qtype=2", "" },
		{ 1, 139, "2001:db8::1", "2001:db8::2", "nonce=12345678 qtype=2", "" },
		{ 2, 140, "2001:db8::2", "2001:db8::1", "nonce=abcdefgh",
		  "node_information_answered 2001:db8::1>2001:db8::2 2" },
		{ 3, 140, "2001:db8::2", "2001:db8::1", "nonce=zzzzzzzz",
		  "node_information_unsolicited 2001:db8::1>2001:db8::2" },
		{ 4, 157, "2001:db8::1", "2001:db8::2", "registered_address=2001:db8::77", "" },
		{ 5, 158, "2001:db8::2", "2001:db8::1", "registered_address=2001:db8::78",
		  "duplicate_address_unsolicited 2001:db8::1>2001:db8::2" },
		{ 6, 158, "2001:db8::2", "2001:db8::1", "registered_address=2001:db8::77",
		  "duplicate_address_answered 2001:db8::1>2001:db8::2 2" },
	};

	RUN(*state, steps);
}

/* RFC 6275 6.5: an anycast address is asked, and an agent's own answers. */
static void
others_answer_than_were_asked(void **state)
{
	static const struct step steps[] = {
		{ 0, 144, "2001:db8::1", "2001:db8:5::fe", "id=4", "" },
		{ 7, 145, "2001:db8:5::1", "2001:db8::1", "id=4",
		  "home_agent_discovery_answered 2001:db8::1>2001:db8:5::fe 7" },
		{ 8, 145, "2001:db8:5::1", "2001:db8::1", "id=4",
		  "home_agent_discovery_duplicate 2001:db8::1>2001:db8:5::fe 8" },
		{ 9, 147, "2001:db8:5::1", "2001:db8::1", "id=4", "" },
		{ 10, 146, "2001:db8::1", "2001:db8:5::1", "id=5", "" },
		{ 11, 147, "2001:db8:5::1", "2001:db8::1", "id=5",
		  "mobile_prefix_answered 2001:db8::1>2001:db8:5::1 1" },
		{ 20, 148, "fe80::1", "ff02::2", "id=6", "" },
		{ 21, 149, "fe80::9", "ff02::1:ff00:1", "id=5", "" },
		{ 22, 149, "fe80::9", "ff02::1:ff00:1", "id=6",
		  "certification_path_answered fe80::1>ff02::2 2,1" },
	};

	RUN(*state, steps);
}

/* RFC 6275 6.5, 6.7; RFC 3971 6.4.1: what is quoted has an identifier and no sequence number. */
static void
errors_quote_an_identifier_alone(void **state)
{
	static const struct step steps[] = {
		{ 0, 144, "2001:db8::1", "2001:db8:5::fe", "id=4", "" },
		{ 3, 1, "2001:db8::9", "2001:db8::1", "quote=48",
		  "home_agent_discovery_unreachable 2001:db8::1>2001:db8:5::fe" },
		{ 10, 146, "2001:db8::1", "2001:db8:5::1", "id=5", "" },
		{ 11, 146, "2001:db8::1", "2001:db8:5::1", "id=6", "" },
		{ 14, 1, "2001:db8::9", "2001:db8::1", "quote=46",
		  "mobile_prefix_unreachable 2001:db8::1>2001:db8:5::1" },
		{ 20, 148, "2001:db8::1", "2001:db8::2", "id=6", "" },
		{ 21, 3, "2001:db8::9", "2001:db8::1", "quote=48",
		  "certification_path_unreachable 2001:db8::1>2001:db8::2" },
		PASS(10010, "mobile_prefix_lost 2001:db8::1>2001:db8:5::1"),
		/* an echo needs its sequence number too */
		{ 10020, 128, "2001:db8::1", "2001:db8::2", "id=6 seq=1", "" },
		{ 10021, 1, "2001:db8::9", "2001:db8::1", "quote=46", "" },
	};

	RUN(*state, steps);
}
/* clang-format on */

/* The field's place in the row, or -1. */
static int
place_of(const struct icmp_type *row, const char *name)
{
	int i;

	for (i = 0; name != NULL && row->fields != NULL && row->fields[i].name != NULL; i++)
		if (strcmp(row->fields[i].name, name) == 0)
			return i;
	return -1;
}

/* Every family of the messages is in the table, and its fields where it says. */
static void
rows_agree(void **state)
{
	static struct pairing_type types[2][256];
	const struct pairing_type *type;
	const struct icmp_type *row;
	int is_6;

	(void)state;
	pairing_types(types);
	for (is_6 = 0; is_6 < 2; is_6++) {
		for (row = icmp_types(is_6 ? 6 : 4); row->name != NULL; row++) {
			type = &types[is_6][row->type];
			assert_int_equal(type->pairing != NULL, row->family != NULL);
			if (row->family == NULL || type->pairing == NULL)
				continue;
			assert_string_equal(exchange_family_name(type->family), row->family);
			assert_int_equal(type->id, place_of(row, type->pairing->id));
			assert_int_equal(type->seq, place_of(row, type->pairing->seq));
			assert_int_equal(type->asked, place_of(row, type->pairing->asked));
			assert_int_equal(type->same[0], place_of(row, type->pairing->same[0]));
			assert_int_equal(type->same[1], place_of(row, type->pairing->same[1]));
			if (type->pairing->id != NULL)
				assert_true(type->id >= 0);
		}
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tracked_teardown)
	const struct CMUnitTest tests[] = {
		TEST(by_id_and_sequence_number),
		TEST(interfaces_that_are_asked_about),
		TEST(interfaces_forgotten),
		TEST(masks_for_who_knows_no_address),
		TEST(routers),
		TEST(neighbors),
		TEST(listeners),
		TEST(one_id_for_all),
		TEST(ten_answer_a_broadcast),
		TEST(answered_by_another),
		TEST(by_what_else_is_the_same),
		TEST(others_answer_than_were_asked),
		TEST(errors_quote_an_identifier_alone),
		cmocka_unit_test(rows_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
