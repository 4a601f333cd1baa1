/*
 * The whole analysis over frames built here: what goes beyond a list is
 * counted all the same, and what several outputs lose is told of each.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/pipeline.h"
#include "decoders/link.h"
#include "tests/wire.h"

#define ALL_DATASETS ((UINT32_C(1) << DATASETS) - 1)
#define LINKTYPE_RAW 101
#define LINKTYPE_USER0 147
#define START_NS UINT64_C(1700000000000000000)
#define PAIRS (REPORT_LIST_MAX + 1)

struct fixture {
	struct settings settings;
	struct sinks sinks;
	struct analyzer analyzer;
	struct frame frame;
};

static const struct pipeline_source no_source;

static const char *
source_name(void *owner, const struct frame *frame)
{
	(void)owner;
	(void)frame;
	return "test";
}

/* Events and the report as JSON to two outputs. */
static int
start(void **state)
{
	static struct fixture fixture;
	const struct sink_context context = { .version = "0", .source_name = source_name };
	const struct hash_key key = hash_key_fixed();
	char err[ERR_SIZE];

	memset(&fixture, 0, sizeof(fixture));
	*state = &fixture;
	settings_defaults(&fixture.settings);
	sinks_init(&fixture.sinks, &context);
	fixture.frame.when_ns = START_NS;
	return pipeline_init(&fixture.analyzer, &fixture.settings, &fixture.sinks, &key, err);
}

static int
stop(void **state)
{
	struct fixture *fixture = *state;
	char ignored[ERR_SIZE];

	(void)sinks_close(&fixture->sinks, ignored);
	pipeline_free(&fixture->analyzer);
	return 0;
}

static void
feed(struct fixture *fixture, uint32_t link_type, const uint8_t *bytes, uint32_t len)
{
	fixture->frame.link_type = link_type;
	fixture->frame.bytes = bytes;
	fixture->frame.captured = fixture->frame.length = len;
	fixture->frame.ordinal = ++fixture->frame.number;
	(void)pipeline_frame(&fixture->analyzer, &fixture->frame);
}

/* A request that is never answered, to one of 65536 hosts. */
static void
feed_request(struct fixture *fixture, uint32_t host)
{
	uint8_t bytes[64];
	struct wire w = wire_over(bytes, sizeof(bytes));
	char destination[16];
	const struct wire_ip ip = { .source = "192.0.2.1", .destination = destination };

	snprintf(destination, sizeof(destination), "10.0.%u.%u", host >> 8 & 255, host & 255);
	wire_icmp(&w, 4, ICMP4_ECHO, 0, (struct wire_value[]){
	    { "id", .number = 7 }, { "seq", .number = 1 }, WIRE_END });
	wire_ip4(&w, &ip);
	assert_false(w.failed);
	feed(fixture, LINKTYPE_RAW, bytes, w.len);
}

static void
test_links(void **state)
{
	struct fixture *fixture = *state;
	struct report report;
	uint32_t i;

	for (i = 0; i < PIPELINE_LINKS_MAX + 3; i++)
		feed(fixture, LINKTYPE_USER0 + i, (const uint8_t *)"", 0);
	feed(fixture, LINKTYPE_USER0, (const uint8_t *)"", 0);
	assert_int_equal(pipeline_report(&fixture->analyzer, &no_source, &report), 0);
	assert_int_equal(report.link_count, PIPELINE_LINKS_MAX);
	assert_int_equal(report.links[0].packets, 2);
	assert_int_equal(report.links[PIPELINE_LINKS_MAX - 1].packets, 1);
	assert_int_equal(report.other_links, 3);
}

/* Pairs that the list does not hold are in the sums. */
static void
test_lossy_pairs(void **state)
{
	struct fixture *fixture = *state;
	struct report report;
	uint32_t i;

	for (i = 0; i < PAIRS; i++)
		feed_request(fixture, i);
	assert_int_equal(pipeline_report(&fixture->analyzer, &no_source, &report), 0);
	assert_int_equal(report.family_count, 1);
	assert_int_equal(report.families[0].pair_count, REPORT_LIST_MAX);
	assert_int_equal(report.families[0].pair_total, PAIRS);
	assert_int_equal(report.families[0].pair_lossy, PAIRS);
}

/* One output is lost on the way, the other at the end. */
static void
test_failures_add_up(void **state)
{
	struct fixture *fixture = *state;
	struct analyzer *analyzer = &fixture->analyzer;
	char err[ERR_SIZE];
	uint32_t i;

	assert_int_equal(sinks_add_events(&fixture->sinks, "/dev/full", ALL_DATASETS, err), 0);
	assert_int_equal(sinks_add_report(&fixture->sinks, "json", "/dev/./full", err), 0);
	analyzer->emitter.wanted = fixture->sinks.wanted;
	for (i = 0; i < PAIRS; i++)
		feed_request(fixture, i);
	assert_true(analyzer->has_failed);
	assert_null(strstr(analyzer->err, "/dev/./full: "));
	pipeline_finish(analyzer, &no_source);
	assert_non_null(strstr(analyzer->err, "/dev/full: "));
	assert_non_null(strstr(analyzer->err, "; /dev/./full: "));
	assert_false(sinks_any(&fixture->sinks));
	assert_int_equal(sinks_close(&fixture->sinks, err), 0); /* all is told by now */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_links, start, stop),
		cmocka_unit_test_setup_teardown(test_lossy_pairs, start, stop),
		cmocka_unit_test_setup_teardown(test_failures_add_up, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
