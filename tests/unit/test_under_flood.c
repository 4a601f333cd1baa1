/*
 * Attacks while a flood of made-up senders runs: the same are found as without
 * it, in the same memory. The attacks are those of the samples, all at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/reader.h"
#include "tests/stage.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FLOOD_FRAMES 2000 /* between two frames of the attacks */
#define FLOODER 0x78      /* the station it comes through */
#define TEXT_SIZE 48

static const char *const files[] = {
	"samples/sweep_echo.pcap",
	"samples/channel_hans.pcap",
	"samples/redirect_forged.pcap",
	"samples/neighbor_rogue.pcap",
};

/* What the samples hold, by detector. */
static const struct {
	const struct detector *detector;
	uint32_t incidents;
} attacks[] = {
	{ &detector_ping_sweep, 1 },
	{ &detector_icmp_tunnel, 1 },
	{ &detector_redirect_abuse, 2 }, /* of each version one */
	{ &detector_rogue_router, 2 },   /* one in its own name, one in the router's */
	{ &detector_neighbor_spoof, 1 }, /* which the second of them is too */
};

/* The frames of all files, by time. */
struct script {
	struct reader readers[COUNT(files)];
	struct frame next[COUNT(files)];
	enum reader_status status[COUNT(files)];
};

static void
open_script(struct script *script)
{
	char err[ERR_SIZE];
	size_t i;

	for (i = 0; i < COUNT(files); i++) {
		assert_int_equal(reader_open(&script->readers[i], files[i], NULL, err), 0);
		script->status[i] = reader_next(&script->readers[i], &script->next[i]);
	}
}

static void
close_script(struct script *script)
{
	size_t i;

	for (i = 0; i < COUNT(files); i++)
		reader_close(&script->readers[i]);
}

/* The file whose turn it is, or COUNT(files). */
static size_t
earliest(const struct script *script)
{
	size_t i, found = COUNT(files);

	for (i = 0; i < COUNT(files); i++)
		if (script->status[i] == READER_FRAME && (found == COUNT(files) ||
		    script->next[i].when_ns < script->next[found].when_ns))
			found = i;
	return found;
}

static void
feed(struct stage *stage, struct frame frame)
{
	frame.number = frame.ordinal = ++stage->number;
	(void)pipeline_frame(&stage->analyzer, &frame);
}

/* An echo request of a sender who is made up, of each version in turn. */
static void
flood_once(struct stage *stage, uint64_t when_ns)
{
	static uint32_t seed = 1;
	uint8_t buffer[128];
	struct wire w = wire_over(buffer, sizeof(buffer));
	uint8_t version = stage->number % 2 == 0 ? 4 : 6;
	char source[TEXT_SIZE];
	const struct wire_ip ip = { .source = source,
		.destination = version == 4 ? "192.0.2.80" : "2001:db8:a::80" };

	seed = seed * 1664525 + 1013904223;
	wire_icmp(&w, version, version == 4 ? 8 : 128, 0, (struct wire_value[]){
	    { "id", .number = seed >> 16 }, { "seq", .number = 1 }, WIRE_END });
	if (version == 4) {
		snprintf(source, sizeof(source), "11.%u.%u.%u", seed >> 8 & 255, seed >> 16 & 255,
		    seed >> 24);
		wire_ip4(&w, &ip);
	} else {
		snprintf(source, sizeof(source), "2001:db8:f::%x:%x", seed >> 20, seed >> 8 & 4095);
		wire_ip6(&w, &ip);
	}
	wire_ethernet(&w, version == 4 ? 0x0800 : 0x86dd);
	stage_source(&w, FLOODER);
	assert_false(w.failed);
	feed(stage, (struct frame){ .link_type = 1, .bytes = w.bytes, .captured = w.len,
	    .length = w.len, .when_ns = when_ns });
}

static void
flood_between(struct stage *stage, uint64_t from_ns, uint64_t to_ns)
{
	uint32_t i;

	for (i = 0; i < FLOOD_FRAMES; i++)
		flood_once(stage, from_ns + (to_ns - from_ns) * i / FLOOD_FRAMES);
}

/* Octets allocated, where the C library tells. */
static size_t
memory_in_use(void)
{
#ifdef __GLIBC__
	return mallinfo2().uordblks + mallinfo2().hblkhd;
#else
	return 0;
#endif
}

/* Runs the script to its end, but not the end of the capture. */
static void
play(struct stage *stage, bool is_flooded)
{
	static struct script script;
	uint64_t before_ns = 0;
	size_t i, memory;

	stage_open(stage, NULL, NULL);
	open_script(&script);
	memory = memory_in_use();
	while ((i = earliest(&script)) < COUNT(files)) {
		if (is_flooded && before_ns > 0)
			flood_between(stage, before_ns, script.next[i].when_ns);
		before_ns = script.next[i].when_ns;
		feed(stage, script.next[i]);
		script.status[i] = reader_next(&script.readers[i], &script.next[i]);
	}
	assert_int_equal(memory_in_use(), memory);
	close_script(&script);
}

static uint32_t
opened_by(const struct stage *stage, const struct detector *detector)
{
	uint32_t i;

	for (i = 0; detectors[i] != detector; i++)
		;
	return stage->opened_by[i];
}

/* Both that the attacks are found, and that nothing else is. */
static void
assert_found(const struct stage *stage, uint32_t floods)
{
	uint32_t i, expected = floods;

	for (i = 0; i < COUNT(attacks); i++) {
		assert_int_equal(opened_by(stage, attacks[i].detector), attacks[i].incidents);
		expected += attacks[i].incidents;
	}
	assert_int_equal(opened_by(stage, &detector_icmp_flood), floods);
	assert_int_equal(stage->opened, expected);
}

static void
test_calm(void **state)
{
	static struct stage stage;

	(void)state;
	play(&stage, false);
	stage_end(&stage);
	assert_found(&stage, 0);
	stage_close(&stage);
}

/* Of tables, those that senders fill are full; what they gave up is counted. */
static void
check_tables(struct stage *stage)
{
	const struct pipeline_source source = { .input_count = 0 };
	const struct report_table *table;
	struct report report;
	uint32_t i, full = 0;

	assert_int_equal(pipeline_report(&stage->analyzer, &source, &report), 0);
	for (i = 0; i < report.table_count; i++) {
		table = &report.tables[i];
		assert_true(table->count <= table->capacity && table->peak <= table->capacity);
		if (strncmp(table->name, "detect.", 7) == 0)
			assert_int_equal(table->evicted, 0);
		if (strcmp(table->name, "exchange.sessions") != 0 &&
		    strcmp(table->name, "availability.polls") != 0)
			continue;
		full++;
		assert_int_equal(table->count, table->capacity);
		assert_true(table->added > 2 * table->capacity);
		assert_int_equal(table->evicted, table->added - table->count - table->expired);
	}
	assert_int_equal(full, 2);
}

static void
test_flooded(void **state)
{
	static struct stage stage;

	(void)state;
	play(&stage, true);
	check_tables(&stage);
	stage_end(&stage);
	assert_found(&stage, 2); /* a victim of each version */
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_flooded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
