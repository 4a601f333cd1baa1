/*
 * Lines for a terminal: what is said of incidents, whole sentences each.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/sink/sink_kinds.h"

#define START_NS UINT64_C(1767258000250000000) /* 09:00:00.250 UTC */
#define LINE_SIZE 256

static const struct alert_rule rule = { .name = "icmp_flood" };
static const struct alert_facts high = { .rule = &rule, .severity_name = "high",
	.message = "192.0.2.66 flooded 192.0.2.1 with 626 echo request packets in 0.4 s" };
static const struct suppressed_facts suppressed = { .subjects = 80 };

static const struct {
	enum event_id id;
	const void *facts;
	const char *line;
} cases[] = {
	{ EVENT_ALERT_OPENED, &high, "09:00:00.250 HIGH icmp_flood: 192.0.2.66 flooded 192.0.2.1 "
	  "with 626 echo request packets in 0.4 s\n" },
	{ EVENT_ALERT_UPDATED, &high, "09:00:00.250 HIGH icmp_flood: goes on: 192.0.2.66 flooded "
	  "192.0.2.1 with 626 echo request packets in 0.4 s\n" },
	{ EVENT_ALERT_CLOSED, &high, "09:00:00.250 HIGH icmp_flood: is over: 192.0.2.66 flooded "
	  "192.0.2.1 with 626 echo request packets in 0.4 s\n" },
	{ EVENT_ALERTS_SUPPRESSED, &suppressed, "09:00:00.250 about 80 more incidents were held "
	  "back, for there were too many at once\n" },
};

static void
test_incidents(void **state)
{
	char path[] = "/tmp/test_line.XXXXXX", line[LINE_SIZE], err[ERR_SIZE];
	struct output *output;
	struct sink sink;
	FILE *file;
	size_t i;

	(void)state;
	close(mkstemp(path));
	output = output_open(path, err);
	assert_non_null(output);
	assert_int_equal(line_sink_create(output, &sink, err), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct event event = { .id = cases[i].id, .when_ns = START_NS,
			.facts = cases[i].facts };

		assert_int_equal(sink.ops->event(&sink, &event, err), 0);
	}
	sink.ops->destroy(&sink);
	assert_int_equal(output_close(output, err), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(fgets(line, sizeof(line), file), cases[i].line);
	fclose(file);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_incidents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
