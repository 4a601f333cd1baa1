/*
 * Evidence of incidents: which frames stand in the file, how many, from before
 * and after; several link types; what is there already; a disk that is full.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/evidence.h"
#include "analyzer/inputs.h"
#include "analyzer/log.h"

#define START_NS UINT64_C(1700000000123456789)
#define MS UINT64_C(1000000)
#define ETHERNET 1
#define RAW 101
#define FRAME_LEN 60
#define PATH_SIZE 64

static char directory[] = "/tmp/test_evidence.XXXXXX";
static const struct alert_rule rule = { .name = "icmp_flood" };

struct fixture {
	struct settings settings;
	struct evidence *evidence;
	uint64_t ordinal;
	struct addr ends[2]; /* of the latest frame */
	uint8_t bytes[2 * 1024 * 1024];
};

static const char *
source_name(void *owner, const struct frame *frame)
{
	(void)owner;
	return frame->interface == 0 ? "eth0" : "eth1";
}

static void
start(struct fixture *fixture)
{
	static const struct sink_context context = { .version = "0", .source_name = source_name };
	char err[ERR_SIZE];

	assert_int_equal(evidence_open(directory, &fixture->settings, &context,
	    &fixture->evidence, err), 0);
	fixture->ordinal = 0;
}

static struct fixture *
make_fixture(void)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	settings_defaults(&fixture->settings);
	fixture->settings.evidence_memory_bytes = 1024 * 1024;
	start(fixture);
	return fixture;
}

static struct addr
host(uint8_t last)
{
	return (struct addr){ .version = 4, .bytes = { 192, 0, 2, last } };
}

/* A frame, of which the packet given is filled. */
static void
fill_frame(struct fixture *fixture, struct frame *frame, struct packet *packet, uint8_t from,
    uint8_t to)
{
	fixture->ordinal++;
	memcpy(fixture->bytes, &fixture->ordinal, sizeof(fixture->ordinal));
	*frame = (struct frame){ .bytes = fixture->bytes, .captured = FRAME_LEN,
		.length = FRAME_LEN + 10, .link_type = ETHERNET, .ordinal = fixture->ordinal,
		.when_ns = START_NS + fixture->ordinal * MS };
	memset(packet, 0, sizeof(*packet));
	packet->frame = frame;
	fixture->ends[0] = packet->ip.source = host(from);
	fixture->ends[1] = packet->ip.destination = host(to);
}

static void
send_frames(struct fixture *fixture, unsigned count, uint8_t from, uint8_t to)
{
	struct packet packet;
	struct frame frame;

	while (count-- > 0) {
		fill_frame(fixture, &frame, &packet, from, to);
		evidence_packet(fixture->evidence, &packet);
		evidence_packet(fixture->evidence, &packet); /* a second datagram in it */
	}
}

/* An alert of the frame that came last. */
static void
alert(struct fixture *fixture, enum event_id id, const char *name, uint8_t actor, uint8_t victim)
{
	const struct frame frame = { .ordinal = fixture->ordinal };
	const struct packet packet = { .frame = &frame, .ip = { .source = fixture->ends[0],
		.destination = fixture->ends[1] } };
	struct alert_facts facts = { .rule = &rule, .id = name, .severity_name = "high",
		.message = "somebody floods somebody" };
	const struct event event = { .id = id, .packet = &packet, .facts = &facts };

	if (actor != 0)
		facts.actor = host(actor);
	if (victim != 0)
		facts.victim = host(victim);
	evidence_alert(fixture->evidence, &event);
}

static void
file_path(char out[PATH_SIZE], const char *name)
{
	snprintf(out, PATH_SIZE, "%s/%s.pcapng", directory, name);
}

/* The ordinals in the file, "1 3 4", by runs: "1-5 9"; and that all else is as it was. */
static void
read_back(const char *name, char *out, size_t size)
{
	char path[PATH_SIZE], err[ERR_SIZE];
	const char *paths[] = { path };
	const struct inputs_options options = { .paths = paths, .path_count = 1 };
	uint64_t ordinal, first = 0, last = 0;
	enum reader_status status;
	struct inputs inputs;
	struct frame frame;
	size_t used = 0;

	file_path(path, name);
	*out = '\0';
	assert_int_equal(inputs_open(&inputs, &options, err), 0);
	do {
		status = inputs_next(&inputs, &frame);
		ordinal = 0;
		if (status == READER_FRAME) {
			memcpy(&ordinal, frame.bytes, sizeof(ordinal));
			assert_int_equal(frame.length, frame.captured + 10);
			assert_true(frame.when_ns == START_NS + ordinal * MS);
		}
		if (last != 0 && ordinal != last + 1) {
			used += (size_t)snprintf(out + used, size - used, "%s%u-%u",
			    used > 0 ? " " : "", (unsigned)first, (unsigned)last);
			first = 0;
		}
		first = first == 0 ? ordinal : first;
		last = ordinal;
	} while (status == READER_FRAME);
	assert_int_equal(status, READER_END);
	inputs_close(&inputs);
}

static void
stop(struct fixture *fixture)
{
	char err[ERR_SIZE];

	assert_int_equal(evidence_close(fixture->evidence, err), 0);
	free(fixture);
}

static void
assert_frames(const char *name, const char *expected)
{
	char frames[256];

	read_back(name, frames, sizeof(frames));
	assert_string_equal(frames, expected);
}

/* Half from before, the one that opened it being the last of them; half from after. */
static void
test_before_and_after(void **state)
{
	struct fixture *fixture = make_fixture();

	(void)state;
	send_frames(fixture, 200, 1, 2);
	send_frames(fixture, 10, 3, 4);
	send_frames(fixture, 90, 2, 1);
	alert(fixture, EVENT_ALERT_OPENED, "both", 1, 2);
	send_frames(fixture, 20, 1, 4); /* one of them is not enough */
	send_frames(fixture, 200, 1, 2);
	stop(fixture);
	assert_frames("both", "163-200 211-300 321-448");
}

/* Who names one side alone gets all of it; it ends with the incident. */
static void
test_one_side(void **state)
{
	struct fixture *fixture = make_fixture();

	(void)state;
	send_frames(fixture, 5, 1, 2);
	send_frames(fixture, 5, 3, 1);
	send_frames(fixture, 5, 3, 4);
	alert(fixture, EVENT_ALERT_OPENED, "one", 1, 0);
	send_frames(fixture, 5, 4, 1);
	alert(fixture, EVENT_ALERT_UPDATED, "one", 1, 4);
	send_frames(fixture, 5, 2, 1);
	alert(fixture, EVENT_ALERT_CLOSED, "one", 1, 0);
	send_frames(fixture, 5, 1, 4);
	stop(fixture);
	assert_frames("one", "1-10 15-20");
}

/* What names are not those of its packets is known by the one that opened it. */
static void
test_other_names(void **state)
{
	struct fixture *fixture = make_fixture();

	(void)state;
	send_frames(fixture, 5, 8, 9);
	send_frames(fixture, 5, 3, 4);
	alert(fixture, EVENT_ALERT_OPENED, "other", 1, 2);
	send_frames(fixture, 5, 3, 4);
	send_frames(fixture, 5, 3, 8);
	send_frames(fixture, 5, 1, 4);
	stop(fixture);
	assert_frames("other", "6-15 21-25");
}

/* Several at once, as many as there are places; the oldest then ends. */
static void
test_many(void **state)
{
	struct fixture *fixture = make_fixture();
	char name[16];
	unsigned i;

	(void)state;
	send_frames(fixture, 1, 1, 2);
	for (i = 0; i < 65; i++) {
		snprintf(name, sizeof(name), "many%u", i);
		alert(fixture, EVENT_ALERT_OPENED, name, 1, 2);
	}
	send_frames(fixture, 1, 1, 2);
	stop(fixture);
	assert_frames("many0", "1-1");
	assert_frames("many1", "1-2");
	assert_frames("many64", "1-2");
}

/* Link types and interfaces stand in one file side by side. */
static void
test_interfaces(void **state)
{
	static const struct { uint32_t link_type, interface; } frames[] = {
		{ ETHERNET, 0 }, { RAW, 0 }, { ETHERNET, 1 }, { RAW, 0 }, { ETHERNET, 0 },
	};
	char path[PATH_SIZE], err[ERR_SIZE];
	const char *paths[] = { path };
	const struct inputs_options options = { .paths = paths, .path_count = 1 };
	struct fixture *fixture = make_fixture();
	struct packet packet;
	struct inputs inputs;
	struct frame frame;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		fill_frame(fixture, &frame, &packet, 1, 2);
		frame.link_type = frames[i].link_type;
		frame.interface = frames[i].interface;
		evidence_packet(fixture->evidence, &packet);
	}
	alert(fixture, EVENT_ALERT_OPENED, "links", 0, 2);
	stop(fixture);
	file_path(path, "links");
	assert_int_equal(inputs_open(&inputs, &options, err), 0);
	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		assert_int_equal(inputs_next(&inputs, &frame), READER_FRAME);
		assert_int_equal(frame.link_type, frames[i].link_type);
	}
	assert_int_equal(inputs_next(&inputs, &frame), READER_END);
	inputs_close(&inputs);
}

/* More than fits in memory: the latest are held, whatever their lengths. */
static void
test_ring(void **state)
{
	struct fixture *fixture = make_fixture();
	struct packet packet;
	struct frame frame;
	char frames[256];
	struct report_table table;
	unsigned i, first, last;

	(void)state;
	for (i = 0; i < 20000; i++) {
		fill_frame(fixture, &frame, &packet, 1, 2);
		frame.captured = 20 + (uint32_t)(i * 7919 % 3000);
		frame.length = frame.captured + 10;
		if (i == 10000) /* longer than all there is */
			frame.captured = sizeof(fixture->bytes);
		evidence_packet(fixture->evidence, &packet);
	}
	alert(fixture, EVENT_ALERT_OPENED, "ring", 1, 2);
	evidence_table(fixture->evidence, &table);
	assert_int_equal(table.memory, fixture->settings.evidence_memory_bytes);
	assert_int_equal(table.added, 19999);
	assert_int_equal(table.added - table.expired, table.count);
	stop(fixture);
	read_back("ring", frames, sizeof(frames));
	assert_int_equal(sscanf(frames, "%u-%u", &first, &last), 2);
	assert_int_equal(last, 20000);
	assert_int_equal(last - first, 127);
}

/* The file of the same incident is left as it is. */
static void
test_exists(void **state)
{
	struct fixture *fixture = make_fixture();

	(void)state;
	send_frames(fixture, 3, 1, 2);
	alert(fixture, EVENT_ALERT_OPENED, "exists", 1, 2);
	stop(fixture);
	fixture = make_fixture();
	send_frames(fixture, 9, 1, 2);
	alert(fixture, EVENT_ALERT_OPENED, "exists", 1, 2);
	stop(fixture);
	assert_frames("exists", "1-3");
}

/* What does not fit on the disk is told once, and leaves whole frames. */
static void
test_full(void **state)
{
	struct fixture *fixture = make_fixture();
	struct rlimit before, limit;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 1000;
	send_frames(fixture, 100, 1, 2);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	alert(fixture, EVENT_ALERT_OPENED, "full", 1, 2);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(evidence_trouble(fixture->evidence, err), -1);
	assert_non_null(strstr(err, "cannot write evidence"));
	assert_int_equal(evidence_trouble(fixture->evidence, err), 0);
	assert_int_equal(evidence_close(fixture->evidence, err), -1);
	assert_non_null(strstr(err, "evidence of 1 incident is missing or cut"));
	free(fixture);
	assert_frames("full", "1-9");
}

static int
make_directory(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
remove_directory(void **state)
{
	char path[sizeof(directory) + sizeof(((struct dirent *)0)->d_name) + 1];
	DIR *listing = opendir(directory);
	const struct dirent *entry;

	(void)state;
	while ((entry = readdir(listing)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		unlink(path);
	}
	closedir(listing);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before_and_after),
		cmocka_unit_test(test_one_side),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_exists),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
