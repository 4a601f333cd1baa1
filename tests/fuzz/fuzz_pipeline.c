/*
 * Fuzzes a whole analysis with tables so small that they overflow: clock,
 * reassembly, trackers, events, reports.
 *
 * Input: mode, size of the tables, then either records (mode even) of length
 * (two octets), milliseconds since the one before (four, two's complement),
 * the link type's index and the frame, or a capture file (mode odd).
 */
#include <string.h>
#include <unistd.h>

#include "analyzer/pipeline.h"
#include "analyzer/reader.h"
#include "tests/fuzz/target.h"

#define HEADER_LEN 2
#define RECORD_HEADER_LEN 7
#define FRAME_MAX 65535
#define NS_PER_MS INT64_C(1000000)
#define START_NS INT64_C(1767258000000000000)
#define TABLE_LEAST 4
#define TABLE_SPAN 61
#define ALL_DATASETS ((UINT32_C(1) << DATASETS) - 1)

static const uint32_t link_types[] = { 1, 101, 113, 276, 0, 9, 9999 };

static void
open_sinks(struct sinks *sinks)
{
	char err[ERR_SIZE];

	init_sinks(sinks);
	if (sinks_add_events(sinks, "/dev/null", ALL_DATASETS, err) != 0 ||
	    sinks_add_report(sinks, "text", "/dev/null", err) != 0 ||
	    sinks_add_report(sinks, "json", "/dev/null", err) != 0)
		fail(err);
}

/* Every table gets as few entries, and every rate is as low, whichever it is. */
static void
set_tables(struct settings *settings, uint8_t size)
{
	uint64_t entries = TABLE_LEAST + size % TABLE_SPAN;
	const struct settings_row *rows;
	size_t i, count;

	settings_defaults(settings);
	rows = settings_rows(&count);
	for (i = 0; i < count; i++)
		if (rows[i].kind == SETTINGS_COUNT && rows[i].maximum == SETTINGS_TABLE_MAX)
			memcpy((char *)settings + rows[i].offset, &entries, sizeof(entries));
	settings->exchange_requests = entries;
	settings->exchange_sessions = entries;
	settings->exchange_repliers = entries;
	settings->exchange_probed = entries;
	settings->exchange_orphans = entries;
	settings->exchange_minutes = entries;
	settings->exchange_minute_chunks = entries;
	settings->exchange_histogram_chunks = entries;
	settings->errors_reporters = entries;
	settings->errors_flows = entries;
	settings->path_traces = settings->path_traceroutes = entries;
	settings->path_probes = settings->path_hops = 2 * entries;
	settings->path_notes = settings->pmtu_notes = entries;
	settings->flows_remembered = entries;
	settings->detect_enabled = SWITCH_ON;
	settings->detect_incidents = entries;
	settings->detect_ping_of_death.pairs = settings->detect_fragment_abuse.hosts = entries;
	settings->detect_smurf.victims = entries;
	settings->detect_neighbor_exhaustion.solicitors = entries;
	settings->detect_neighbor_spoof.spoofers = entries;
	settings->detect_neighbor_spoof.stations = entries;
	settings->detect_backscatter.victims = entries;
	settings->detect_covert_channel.pairs = entries;
	settings->detect_icmp_flood.hosts = entries;
	settings->detect_distributed_sweep.networks = entries;
	settings->detect_pmtu_attack.hosts = settings->detect_forged_error.hosts = entries;
	settings->detect_icmp_recon.subjects = entries;
	settings->detect_ping_sweep.sources = settings->detect_ping_sweep.contacts = entries;
	settings->detect_icmp_tunnel.pairs = entries;
	settings->detect_router_flood.links = entries;
	settings->detect_redirect_abuse.senders = entries;
	settings->detect_redirect_abuse.stations = entries;
	settings->detect_rogue_router.routers = settings->detect_rogue_router.stations = entries;
	settings->neighbor_bindings = entries;
	settings->neighbor_probes = entries;
	settings->neighbor_routers = entries;
	settings->availability_polls = entries;
	settings->availability_outages = entries;
	settings->availability_rounds = 2;
	settings->reassembly_datagrams = entries;
	settings->reassembly_memory_bytes = UINT64_C(1) << 16;
}

/* What the frames of the input sum up to must be in the books. */
static void
check_books(struct analyzer *analyzer, const struct pipeline_source *source, uint64_t frames)
{
	struct report report;
	uint64_t verdicts = 0;
	int i;

	for (i = 0; i < PACKET_VERDICTS; i++)
		verdicts += analyzer->verdicts[i];
	if (analyzer->frames != frames || verdicts != frames)
		fail("a frame is not in the books");
	if (pipeline_report(analyzer, source, &report) != 0)
		fail("no memory");
	for (i = 0; i < (int)report.family_count; i++)
		if (report.families[i].sum.open > report.families[i].sum.sent ||
		    report_pair_received(&report.families[i].sum) > report.families[i].sum.sent)
			fail("more answers than requests");
}

static uint64_t
run_records(struct analyzer *analyzer, const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(data, (uint32_t)size, (uint32_t)size), piece;
	struct frame frame = { 0 };
	int64_t when_ns = START_NS, step_ms;
	uint8_t *copy;

	while (c.claimed >= RECORD_HEADER_LEN) {
		uint32_t len = cursor_u16(&c);

		step_ms = (int32_t)cursor_u32(&c);
		frame.link_type = link_types[cursor_u8(&c) % (sizeof(link_types) /
		    sizeof(link_types[0]))];
		frame.length = len;
		if (len > c.claimed)
			len = c.claimed;
		piece = cursor_cut(&c, len);
		when_ns += step_ms * NS_PER_MS;
		if (when_ns < 0)
			when_ns = 0;
		/* of its exact size, so that reading past its end is seen */
		copy = malloc(len > 0 ? len : 1);
		if (copy == NULL)
			fail("no memory");
		cursor_copy(&piece, copy, len);
		frame.bytes = copy;
		frame.captured = len;
		frame.when_ns = (uint64_t)when_ns;
		frame.ordinal = ++frame.number;
		pipeline_frame(analyzer, &frame);
		free(copy);
	}
	return frame.number;
}

/* The input as a file without a name; its descriptor's path. */
static const char *
make_file(const uint8_t *data, size_t size)
{
	static char path[64];
	static int fd = -1;
	char name[] = "/tmp/icmpscope-fuzz-XXXXXX";

	if (fd == -1) {
		fd = mkstemp(name);
		if (fd == -1 || unlink(name) != 0)
			fail("no temporary file");
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		fail("no temporary file");
	return path;
}

static uint64_t
run_file(struct analyzer *analyzer, const uint8_t *data, size_t size)
{
	enum reader_status status;
	struct reader reader;
	struct frame frame;
	uint64_t frames = 0;
	char err[ERR_SIZE];

	if (reader_open(&reader, make_file(data, size), NULL, err) != 0)
		fail(err);
	reader_set_resync(&reader, true);
	while ((status = reader_next(&reader, &frame)) != READER_END) {
		if (status == READER_FAILED)
			break;
		if (status != READER_FRAME)
			continue;
		if (frame.captured > frame.length)
			fail("more captured than there was");
		frame.ordinal = ++frames;
		pipeline_frame(analyzer, &frame);
	}
	reader_close(&reader);
	return frames;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct analyzer analyzer; /* large; initialized for each input */
	const struct pipeline_source source = { .inputs = NULL };
	const struct hash_key key = hash_key_fixed();
	struct settings settings;
	struct sinks sinks;
	uint64_t frames;
	char err[ERR_SIZE];

	if (size < HEADER_LEN || size > FRAME_MAX * 16)
		return 0;
	set_tables(&settings, data[1]);
	open_sinks(&sinks);
	if (pipeline_init(&analyzer, &settings, &sinks, &key, err) != 0)
		fail(err);
	if (data[0] % 2 == 0)
		frames = run_records(&analyzer, data + HEADER_LEN, size - HEADER_LEN);
	else
		frames = run_file(&analyzer, data + HEADER_LEN, size - HEADER_LEN);
	pipeline_idle(&analyzer, analyzer.clock.now_ns);
	pipeline_finish(&analyzer, &source);
	check_books(&analyzer, &source, frames);
	pipeline_free(&analyzer);
	if (analyzer.has_failed || sinks_close(&sinks, err) != 0)
		fail("an output failed");
	return 0;
}
