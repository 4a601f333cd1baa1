/*
 * The reference by questions: each row is what was asked, and words that the
 * answer must have; or that nothing is known.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/explain.h"
#include "analyzer/log.h"
#include "decoders/icmp.h"

#define WORDS_MAX 4

struct question {
	const char *words[2];
	const char *has[WORDS_MAX]; /* all of them; none: the question fails */
};

/* clang-format off */
static const struct question questions[] = {
	{ { NULL }, { "ICMPv6 messages", "hop_limit_not_255", "icmp.quoted.tcp_sequence",
	  "Detectors" } },
	{ { "3/4" }, { "ICMPv4 3/4 destination_unreachable", "mtu", "`mtu_missing`",
	  "`mtu_not_exceeded`" } },
	{ { "icmpv6", "135" }, { "neighbor_solicitation", "`not_solicited_node`" } },
	{ { "nd", "25" }, { "recursive_dns_server", "8106" } },
	{ { "hop_limit_not_255" }, { "off the link", "Sent by", "RFC 4861" } },
	{ { "icmp.quoted.tcp_sequence" }, { "icmp.quoted.tcp_sequence  number", "RFC 5927" } },
	{ { "quoted.tcp_sequence" }, { "icmp.quoted.tcp_sequence  number" } },
	{ { "icmp.mtu" }, { "ICMPv4 3/4", "ICMPv6 2 packet_too_big", "octets" } },
	{ { "icmp.options.mtu" }, { "option 5 mtu", "RFC 4861 4.6.4" } },
	{ { "icmp.preference_name" }, { "ICMPv6 134" } },
	{ { "icmp.rtt.us" }, { "icmp.exchange", "round-trip time" } },
	{ { "vxlan" }, { "UDP port 4789", "UDP port 8472", "vxlan:10" } },
	{ { "erspan" }, { "ethertype 0x88be (ERSPAN II)", "0x22eb" } },
	{ { "amsdu" }, { "the header in front" } },
	{ { "source.ip" }, { "who sent the message" } },
	{ { "cur_hop_limit" }, { "router_advertisement" } },
	{ { "icmp.no_such_field" }, { NULL } },
	{ { "icmp.options.no_such_field" }, { NULL } },
	{ { "3/400" }, { NULL } },
	{ { "3/4" }, { "Code 4: fragmentation_needed", "least that every link must" } },
	{ { "3/99" }, { "Code 99: not assigned" } },
	{ { "icmp6", "1/7" }, { "Code 7: error_in_source_routing_header" } },
	{ { "ICMPv6", "134" }, { "answers 133 router_solicitation" } },
	{ { "type", "11" }, { "ICMPv4 11 time_exceeded" } },
	{ { "155" }, { "155/0, 155/1,", "155/138" } },
	{ { "155/129" }, { "`key_identifier_mode` is 0 to 2", "What is secured", "rank" } },
	{ { "option", "25" }, { "option 25 recursive_dns_server" } },
	{ { "PORT_UNREACHABLE" }, { "Code 3: port_unreachable" } },
	{ { "echo" }, { "  8  echo_request", "129  echo_reply" } },
	{ { "fragmentation" }, { "3/4  fragmentation_needed" } },
	{ { "tcp_sequence" }, { "icmp.quoted.tcp_sequence" } },
	{ { "rpl" }, { "RPL option (rpl)", "dodag_configuration" } },
	{ { "icmp.exchange" }, { "icmp.rtt.us" } },
	{ { "ping_of_death" }, { "Ping of death", "T1499", "detect.ping_of_death.pairs",
	  "default 5m, from 1s to 24h" } },
	{ { "exchange.timeout" }, { "(duration): default 10s" } },
	{ { "detect.icmp_flood.octets" }, { "(size): default" } },
	{ { "detectors" }, { "All detectors", "detect.enabled (auto, on or off)",
	  "detect.monitors (prefixes", "detect.icmp_recon.enabled (on or off): default on" } },
	{ { "detector", "icmp_recon" }, { "detect.icmp_recon.ports (number)" } },
	{ { "detector", "nonsense" }, { NULL } },
	{ { "nonsense" }, { NULL } },
	{ { "nonsense", "25" }, { NULL } },
	{ { "icmpv4", "135" }, { NULL } },
	{ { "nd", "mtu_missing" }, { "next hop's MTU" } },
};
/* clang-format on */

static char *
ask(const struct question *question, int *result)
{
	size_t size, count = 0;
	char *answer = NULL, err[ERR_SIZE];
	FILE *out = open_memstream(&answer, &size);

	assert_non_null(out);
	while (count < 2 && question->words[count] != NULL)
		count++;
	*result = explain_run(count, question->words, out, err);
	fclose(out);
	return answer;
}

static void
answers_questions(void **state)
{
	size_t i, j;
	int result;

	(void)state;
	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct question *question = &questions[i];
		char *answer = ask(question, &result);

		if ((result == 0) != (question->has[0] != NULL))
			fail_msg("question %zu: %d", i, result);
		if (result != 0)
			assert_string_equal(answer, "");
		for (j = 0; j < WORDS_MAX && question->has[j] != NULL; j++)
			if (strstr(answer, question->has[j]) == NULL)
				fail_msg("question %zu: no \"%s\"", i, question->has[j]);
		free(answer);
	}
}

static void
assert_narrow(const struct question *question)
{
	int result;
	char *answer = ask(question, &result), *line = answer;

	for (; *line != '\0'; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 80)
			fail_msg("%s %s: wider than a terminal", question->words[0],
			    question->words[1] != NULL ? question->words[1] : "");
	free(answer);
}

/* No line of an answer is wider than a terminal. */
static void
fits_the_terminal(void **state)
{
	static const struct question narrow[] = {
		{ { NULL }, { NULL } },
		{ { "icmp.mtu" }, { NULL } },
		{ { "icmp.frame" }, { NULL } },
		{ { "icmp.key_index" }, { NULL } },
		{ { "ping_of_death" }, { NULL } },
		{ { "ethernet" }, { NULL } },
	};
	const struct list_type *const *list;
	char number[16];
	unsigned n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		assert_narrow(&narrow[i]);
	for (i = 0; i < ANOMALY_COUNT; i++)
		assert_narrow(&(struct question){
		    { anomaly_type((enum anomaly)i)->slug }, { NULL } });
	for (n = 0; n <= UINT8_MAX; n++) {
		snprintf(number, sizeof(number), "%u", n);
		assert_narrow(&(struct question){ { number }, { NULL } });
		assert_narrow(&(struct question){ { "option", number }, { NULL } });
	}
	for (list = list_types; *list != NULL; list++)
		assert_narrow(&(struct question){ { (*list)->word }, { NULL } });
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_questions),
		cmocka_unit_test(fits_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
