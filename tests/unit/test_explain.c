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

/* No line of an answer is wider than a terminal, but for lists of names. */
static void
fits_the_terminal(void **state)
{
	static const struct question narrow[] = {
		{ { "icmp.mtu" }, { NULL } },
		{ { "bad_ip_checksum" }, { NULL } },
		{ { "icmp.frame" }, { NULL } },
	};
	size_t i;
	int result;

	(void)state;
	for (i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++) {
		char *answer = ask(&narrow[i], &result), *line = answer;

		assert_int_equal(result, 0);
		for (; *line != '\0'; line += strcspn(line, "\n") + 1)
			assert_true(strcspn(line, "\n") <= 80);
		free(answer);
	}
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
