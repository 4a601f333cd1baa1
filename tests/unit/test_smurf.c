/*
 * The detector of smurfs on a set clock: who asks a group how often, from which
 * station, and how many answer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "tests/judged.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct addr victim = { { 192, 0, 2, 20 }, 4 };
static const struct addr group = { { 192, 0, 2, 255 }, 4 };
static const struct addr multicast = { { 224, 0, 0, 1 }, 4 };
static const struct mac everybody = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
static const struct mac station = { { 0, 0, 0x5e, 0, 0x53, 20 } };
static const struct mac forger = { { 0, 0, 0x5e, 0, 0x53, 0x66 } };

static struct judged judged;

/* One message, with the stations it goes between; NULL where they are not known. */
static void
send_message(void *state, uint8_t type, const struct addr *from, const struct addr *to,
    const struct mac *source, const struct mac *destination, uint64_t now_ns)
{
	const struct frame frame = { .when_ns = now_ns };
	struct packet packet = { .frame = &frame, .verdict = PACKET_ICMP };
	struct icmp_msg msg = { .version = 4, .type_number = type, .length = 64 };

	packet.ip = (struct ip_header){ .version = 4, .source = *from, .destination = *to,
		.final_destination = *to };
	packet.has_source_mac = source != NULL;
	packet.has_destination_mac = destination != NULL;
	if (source != NULL)
		packet.source_mac = *source;
	if (destination != NULL)
		packet.destination_mac = *destination;
	msg.type = icmp_lookup(4, type, 0, 64);
	detector_smurf.message(state, &packet, &msg, now_ns);
}

/* Requests in the name of the victim, so many in all, and who answers each. */
struct smurf_case {
	const char *name;
	const struct addr *group;
	const struct mac *asker; /* NULL: no Ethernet */
	uint32_t requests, per_second, repliers, copies;
	const char *severity; /* "": none */
};

static const struct smurf_case cases[] = {
	{ "in the name of another station", &group, &forger, 120, 20, 7, 1, "high" },
	{ "not so many", &group, &forger, 20, 4, 7, 1, "medium" },
	{ "of many, stations unknown", &multicast, NULL, 120, 20, 7, 1, "medium" },
	{ "that forges the station too", &group, &station, 120, 20, 7, 1, "medium" },
	{ "replies by the thousand", &group, &station, 8, 1, 7, 100, "medium" },
	{ "a person", &group, &station, 10, 1, 7, 1, "" },
	{ "a person in a hurry", &group, &station, 100, 5, 7, 1, "" },
	{ "a person, by way of two routers", &group, &forger, 6, 1, 7, 1, "" },
	{ "a monitor of many hosts", &group, &station, 10, 1, 250, 1, "" },
	{ "nobody answers", &group, &forger, 60, 20, 0, 1, "" },
	{ "one host answers", &group, &forger, 60, 20, 1, 1, "" },
};

static void
play(void *state, const struct smurf_case *row)
{
	uint64_t now_ns = UINT64_C(1700000000) * S;
	struct addr replier;
	uint32_t i, n, k;

	for (i = 0; i < row->requests; i++, now_ns += S / row->per_second) {
		send_message(state, ICMP4_ECHO, &victim, row->group, row->asker,
		    row->asker != NULL ? &everybody : NULL, now_ns);
		for (n = 0; n < row->repliers * row->copies; n++) {
			k = n % row->repliers;
			replier = (struct addr){ .version = 4, .bytes = { 192, 0, 2, (uint8_t)k } };
			send_message(state, ICMP4_ECHO_REPLY, &replier, &victim, NULL,
			    row->asker != NULL ? &station : NULL, now_ns);
		}
	}
	detector_smurf.finish(state, now_ns);
}

/* Runs `how` on a new detector. */
static void
run(void (*how)(void *state, const struct smurf_case *row), const struct smurf_case *row)
{
	judged_start(&judged, &detector_smurf);
	how(judged.state, row);
	incidents_finish(judged.incidents);
	judged_stop(&judged);
}

static void
test_cases(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		run(play, &cases[i]);
		if (strcmp(judged.severity, cases[i].severity) != 0)
			print_error("%s: %s\n", cases[i].name, judged.severity);
		assert_string_equal(judged.severity, cases[i].severity);
		assert_int_equal(judged.opened, cases[i].severity[0] != '\0');
		assert_int_equal(judged.closed, judged.opened);
	}
}

static void
test_message(void **unused)
{
	(void)unused;
	run(play, &cases[0]);
	assert_string_equal(judged.message,
	    "7 hosts sent 192.0.2.20 840 echo replies in 5.9 s, for 120 requests "
	    "to 192.0.2.255 were sent in its name by 00:00:5e:00:53:66");
}

/* Whoever answers a group's request answers the group; of many, sources are drawn. */
static void
play_group_source(void *state, const struct smurf_case *row)
{
	struct addr source = multicast;
	uint32_t i;

	for (i = 0; i < row->requests; i++) {
		if (row->group == NULL)
			source.bytes[3] = (uint8_t)i;
		send_message(state, ICMP4_ECHO, &source, &victim, NULL, NULL,
		    (UINT64_C(1700000000) + i) * S);
	}
}

static void
test_group_source(void **unused)
{
	struct smurf_case row = { .group = &multicast, .requests = 2 };

	(void)unused;
	run(play_group_source, &row);
	assert_int_equal(judged.opened, 0);
	row.requests = 3;
	run(play_group_source, &row);
	assert_int_equal(judged.opened, 1);
	assert_string_equal(judged.severity, "high");
	row = (struct smurf_case){ .group = NULL, .requests = 100 };
	run(play_group_source, &row);
	assert_int_equal(judged.opened, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_group_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
