/*
 * The report of a run made by hand: its text to the letter, its JSON through
 * json-c, and what must hold for any of it: 80 columns, no control bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <json-c/json.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/sink/report_json.h"
#include "analyzer/sink/report_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define V4(a, b, c, d) { { a, b, c, d }, 4 }
#define V6(last) \
	{ { 0x20, 1, 0x0d, 0xb8, 17, 17, 34, 34, 51, 51, 68, 68, 85, 85, 102, last }, 6 }
#define MS(n) ((uint64_t)(n) * 1000000)

/* clang-format off */
static const struct report_input inputs[] = {
	{ .name = "captures/monday.pcapng", .format = "pcapng", .packets = 48213, .bytes = 9123456 },
	{ .name = "t\033[31m\n\xc2\x9b\xff.pcap", .format = "pcap.gz", .packets = 1234, .bytes = 999,
	  .damage = "packet 1235 at byte 99012: a record of 2147483647 bytes is longer than any",
	  .skipped_bytes = 88 },
	{ .name = "eth0", .format = "live", .packets = 1, .dropped = 12 },
};

static const struct report_link links[] = {
	{ .link_type = 1, .name = "EN10MB", .packets = 49436, .known = true },
	{ .link_type = 147, .name = "USER0", .packets = 12 },
};

static const struct report_type types[] = {
	{ 4, 8, 0, "echo_request", "no_code", 1100, 92400 },
	{ 4, 0, 0, "echo_reply", NULL, 1050, 88200 },
	{ 4, 3, 10, "destination_unreachable",
	  "communication_with_destination_host_is_administratively_prohibited", 12, 900 },
	{ 6, 135, 0, "neighbor_solicitation", NULL, 1, 32 },
};

static struct report_pair pairs[] = {
	{ .source = V4(10, 10, 0, 10), .destination = V4(198, 51, 100, 10),
	  .sessions = 2, .sent = 200, .answered = 180, .late = 5, .lost = 12, .unreachable = 2,
	  .open = 1, .duplicates = 3, .reordered = 4, .rtt_count = 185, .rtt_min_ns = 4339123,
	  .rtt_median_ns = 4405000, .rtt_avg_ns = 45000000, .rtt_p95_ns = MS(999),
	  .rtt_p99_ns = MS(1234), .rtt_max_ns = MS(120345), .jitter_ns = 49000,
	  .has_jitter = true },
	{ .source = V6(1), .destination = V6(2), .sessions = 1, .sent = 12345678,
	  .answered = 12345677, .lost = 1, .rtt_count = 12345677, .rtt_min_ns = 39000,
	  .rtt_avg_ns = 45000, .rtt_max_ns = 222000, .quantiles_missing = 12345677 },
	{ .source = V4(255, 255, 255, 255), .destination = V4(10, 20, 0, 1),
	  .sessions = 1, .unsolicited = 40 },
};

static struct report_pair discovery_pairs[] = {
	{ .source = V4(10, 10, 0, 67), .destination = V4(10, 20, 0, 1), .sessions = 1, .sent = 2,
	  .lost = 1, .unanswered = 1 },
};

static const struct report_family families[] = {
	{ .name = "echo", .pairs = pairs, .pair_count = COUNT(pairs),
	  .pair_total = COUNT(pairs) + 2, .pair_lossy = COUNT(pairs) + 1,
	  .sum = { .sessions = 7, .sent = 200, .answered = 180, .late = 5, .lost = 12,
	    .unreachable = 2, .open = 1, .duplicates = 3, .reordered = 4, .repliers = 10,
	    .rtt_count = 185, .rtt_min_ns = 4339123, .rtt_median_ns = 4405000,
	    .rtt_avg_ns = 45000000, .rtt_p95_ns = MS(999), .rtt_p99_ns = MS(1234),
	    .rtt_max_ns = MS(120345) } },
	{ .name = "home_agent_discovery", .pairs = discovery_pairs,
	  .pair_count = COUNT(discovery_pairs), .pair_total = COUNT(discovery_pairs),
	  .pair_lossy = 1 },
};

static const struct report_reporter reporters[] = {
	{ .address = V4(10, 10, 0, 1), .version = 4, .type = 11, .name = "time_exceeded",
	  .code_name = "ttl_exceeded_in_transit", .count = 31 },
	{ .address = V6(254), .version = 6, .type = 1, .code = 1, .name = "destination_unreachable",
	  .code_name = "communication_with_destination_administratively_prohibited", .count = 1 },
};

static const struct report_flow flows[] = {
	{ .flows = 25, .source = V4(10, 10, 0, 10), .destination = V4(198, 51, 100, 10),
	  .sources = { 40123, 40123 }, .destinations = { 33434, 33458 }, .reporters = 3,
	  .transport = { .protocol = 17, .has_ports = true, .source_port = 40123,
	    .destination_port = 33434 },
	  .version = 4, .type = 11, .name = "time_exceeded",
	  .code_name = "ttl_exceeded_in_transit", .reporter = V4(10, 10, 0, 1), .count = 30,
	  .mtu = -1 },
	{ .flows = 1, .source = V6(1), .destination = V6(2), .reporters = 1,
	  .sources = { 40123, 40123 }, .destinations = { 443, 443 },
	  .transport = { .protocol = 6, .has_ports = true, .source_port = 40123,
	    .destination_port = 443 },
	  .version = 6, .type = 2, .name = "packet_too_big", .reporter = V6(254), .count = 2,
	  .mtu = 1400 },
	{ .flows = 1, .source = V4(10, 10, 0, 10), .destination = V4(192, 0, 2, 1),
	  .sources = { 4711, 4711 }, .reporters = 1,
	  .transport = { .protocol = 1, .has_icmp = true, .has_id = true, .id = 4711 },
	  .version = 4, .type = 3, .code = 1, .name = "destination_unreachable",
	  .code_name = "host_unreachable", .reporter = V4(10, 10, 0, 1), .count = 1, .mtu = -1 },
};

static const struct report_anomaly anomalies[] = {
	{ ANOMALY_BAD_CHECKSUM, 12, 4 },
};

static const struct report_skip skips[] = {
	{ "other_protocol", "carries no ICMP", 47000, REPORT_SKIPPED },
	{ "unknown_link_type", "a link type that is not decoded", 12, REPORT_LOST },
	{ "opaque", "encrypted", 0, REPORT_ODD },
};

static const struct report_table tables[] = {
	{ .name = "exchange.sessions", .capacity = 65536, .count = 65536, .peak = 65536,
	  .added = 70000, .evicted = 4464, .memory = 1000000 },
	{ .name = "errors.flows", .capacity = 4096 },
};
/* clang-format on */

static struct report
full_report(void)
{
	struct report report = {
		.packets = 49448, .bytes = 5000000,
		.first_ns = UINT64_C(1700000000123456789),
		.last_ns = UINT64_C(1700000123456789000),
		.messages = 2163, .message_bytes = 181532, .clock_back = 2, .errors = 33,
		.events = UINT64_C(1) << 60,
		.inputs = inputs, .input_count = COUNT(inputs),
		.links = links, .link_count = COUNT(links), .other_links = 7,
		.types = types, .type_count = COUNT(types),
		.families = families, .family_count = COUNT(families),
		.reporters = reporters, .reporter_count = COUNT(reporters),
		.reporter_total = COUNT(reporters),
		.flows = flows, .flow_count = COUNT(flows), .flow_total = COUNT(flows) + 24,
		.anomalies = anomalies, .anomaly_count = COUNT(anomalies),
		.skips = skips, .skip_count = COUNT(skips),
		.tables = tables, .table_count = COUNT(tables),
		.rows = 20,
	};

	return report;
}

/* What a look of the report writes, NUL-terminated. The caller frees it. */
static char *
render(int (*write_report)(struct output *, const struct report *, char *),
    const struct report *report)
{
	char path[] = "/tmp/test_report.XXXXXX", err[ERR_SIZE], *text = calloc(1, 1 << 16);
	int fd = mkstemp(path);
	struct output *output = output_open(path, err);

	assert_true(fd >= 0);
	assert_non_null(text);
	assert_non_null(output);
	assert_int_equal(write_report(output, report, err), 0);
	assert_int_equal(output_close(output, err), 0);
	assert_true(read(fd, text, (1 << 16) - 1) > 0);
	close(fd);
	unlink(path);
	return text;
}

static const char full_text[] =
    "2 min 3 s, 49448 packets, 2163 ICMP messages; 4 pairs lose packets; 33 errors;\n"
    "24 lost or not read; INCOMPLETE\n"
    "\n"
    "INPUT\n"
    "    48213  packets in captures/monday.pcapng (pcapng, 9.1 MB)\n"
    "     1234  packets in t\\x1b[31m\\x0a\\xc2\\x9b\\xff.pcap (pcap.gz, 999 bytes)\n"
    "           damage: packet 1235 at byte 99012: a record of 2147483647 bytes is\n"
    "           longer than any\n"
    "       88  bytes of it passed over (--resync)\n"
    "        1  packet on eth0\n"
    "       12  packets of it dropped before they got here\n"
    "    49436  frames of link type EN10MB\n"
    "       12  frames of link type USER0: not decoded\n"
    "        7  frames of other link types\n"
    "           2023-11-14 22:13:20.123456 to 22:15:23.456789 UTC\n"
    "\n"
    "MESSAGES\n"
    "     1100   50.9%  ICMP     8/0   echo_request\n"
    "     1050   48.5%  ICMP     0/0   echo_reply\n"
    "       12    0.6%  ICMP     3/10  destination_unreachable:\n"
    "           communication_with_destination_host_is_administratively_prohibited\n"
    "        1   <0.1%  ICMPv6 135/0   neighbor_solicitation\n"
    "\n"
    "ECHO PAIRS, the worst first; times in ms\n"
    "    sent    recv    loss     min     avg     max  median     p95     p99  jitter\n"
    "10.10.0.10 -> 198.51.100.10\n"
    "     200     185    7.5%   4.339  45.000  120345   4.405 999.000  1234.0   0.049\n"
    "        5 late, 2 unreachable, 1 open when the capture ended, 3 duplicate,\n"
    "        4 reordered, 2 sessions\n"
    "2001:db8:1111:2222:3333:4444:5555:6601 -> 2001:db8:1111:2222:3333:4444:5555:6602\n"
    "     12M     12M   <0.1%   0.039   0.045   0.222       -       -       -       -\n"
    "        12345677 not in the quantiles\n"
    "255.255.255.255 -> 10.20.0.1\n"
    "       0       0       -       -       -       -       -       -       -       -\n"
    "        40 unsolicited\n"
    "... and 2 more\n"
    "all 5 pairs\n"
    "     200     185    7.5%   4.339  45.000  120345   4.405 999.000  1234.0       -\n"
    "        5 late, 2 unreachable, 1 open when the capture ended, 3 duplicate,\n"
    "        10 hosts answer one request, 4 reordered, 7 sessions\n"
    "\n"
    "HOME AGENT DISCOVERY PAIRS; times in ms\n"
    "    sent    recv    loss     min     avg     max  median     p95     p99  jitter\n"
    "10.10.0.67 -> 10.20.0.1\n"
    "       2       0    100%       -       -       -       -       -       -       -\n"
    "        1 unanswered, as they may be\n"
    "\n"
    "ERRORS by who sent them\n"
    "       31  10.10.0.1  time_exceeded: ttl_exceeded_in_transit\n"
    "        1  2001:db8:1111:2222:3333:4444:5555:66fe  destination_unreachable:\n"
    "           communication_with_destination_administratively_prohibited\n"
    "\n"
    "ERRORS by the flow they speak of, with the latest error\n"
    "       30  udp 10.10.0.10:40123 -> 198.51.100.10:33434-33458, 25 flows\n"
    "           time_exceeded: ttl_exceeded_in_transit from 10.10.0.1 and 2 others\n"
    "        2  tcp [2001:db8:1111:2222:3333:4444:5555:6601]:40123\n"
    "           -> [2001:db8:1111:2222:3333:4444:5555:6602]:443\n"
    "           packet_too_big with MTU 1400\n"
    "           from 2001:db8:1111:2222:3333:4444:5555:66fe\n"
    "        1  icmp 10.10.0.10 -> 192.0.2.1 id 4711\n"
    "           destination_unreachable: host_unreachable from 10.10.0.1\n"
    "\n"
    "ANOMALIES\n"
    "       12  bad_checksum, first in frame 4\n"
    "           The ICMP checksum does not fit the message.\n"
    "\n"
    "LOST OR NOT READ\n"
    "       12  a link type that is not decoded\n"
    "\n"
    "SKIPPED\n"
    "    47000  carries no ICMP\n"
    "\n"
    "HEALTH\n"
    "     4464  entries of exchange.sessions given up early: it holds 65536\n"
    "        2  steps back of the capture's clock\n";

static void
test_full_text(void **state)
{
	const struct report report = full_report();
	char *text = render(report_text, &report);

	(void)state;
	assert_string_equal(text, full_text);
	free(text);
}

/* With few rows the lists say how much more there is. */
static void
test_cut_lists(void **state)
{
	struct report report = full_report();
	char *text;

	(void)state;
	report.rows = 1;
	text = render(report_text, &report);
	assert_non_null(strstr(text, "           ... and 1 more link type\n"));
	assert_non_null(strstr(text, "           ... and 3 more kinds\n"));
	assert_non_null(strstr(text, "\n... and 4 more\nall 5 pairs\n"));
	assert_non_null(strstr(text, "           ... and 1 more sender\n"));
	assert_non_null(strstr(text, "           ... and 2 more flows\n"));
	assert_non_null(strstr(text, "dropped before")); /* what is wrong is always shown */
	assert_null(strstr(text, "255.255.255.255"));
	free(text);
}

static void
test_empty(void **state)
{
	struct report report = { .is_complete = true, .inputs = inputs, .input_count = 1,
		.rows = 20 };
	struct report_input input = { .name = "empty.pcap", .format = "pcap", .bytes = 24 };
	char *text;

	(void)state;
	report.inputs = &input;
	text = render(report_text, &report);
	assert_string_equal(text,
	    "0 packets, 0 ICMP messages\n"
	    "No ICMP in this capture.\n"
	    "\n"
	    "INPUT\n"
	    "        0  packets in empty.pcap (pcap, 24 bytes)\n");
	free(text);
}

/* Whatever is in it: 80 columns, no trailing blanks, no control bytes. */
static void
check_form(char *text)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")) != NULL) {
		size_t len = strlen(line), i;

		assert_true(len <= 80);
		assert_true(len == 0 || line[len - 1] != ' ');
		for (i = 0; i < len; i++)
			assert_true(line[i] >= ' ' && line[i] < 0x7f);
	}
}

static void
test_form(void **state)
{
	struct report report = full_report();
	char *text = render(report_text, &report);

	(void)state;
	check_form(text);
	free(text);
}

/* A path of 300 characters with these between slashes, in the report. */
static char *
render_path(const char *part)
{
	static char path[301];
	struct report_input input = { .name = path, .format = "pcap", .packets = 2, .bytes = 24,
		.damage = path };
	struct report report = { .inputs = &input, .input_count = 1, .rows = 20 };
	size_t i;

	for (i = 0; i < sizeof(path) - 1; i++)
		path[i] = part[i % strlen(part)];
	return render(report_text, &report);
}

/* What no line holds goes on below: behind a slash, or where the line ends. */
static void
test_long_path(void **state)
{
	static const char slashes[] = "INPUT\n"
	    "        2  packets in\n"
	    "           /captures/of_monday/captures/of_monday/captures/of_monday/captures/\n"
	    "           of_monday/captures/of_monday/captures/of_monday/captures/of_monday/\n"
	    "           captures/of_monday/captures/of_monday/captures/of_monday/captures/\n"
	    "           of_monday/captures/of_monday/captures/of_monday/captures/of_monday/\n"
	    "           captures/of_monday/captures/of_mo (pcap, 24 bytes)\n";
	char *text = render_path("/captures/of_monday");

	(void)state;
	assert_non_null(strstr(text, slashes));
	check_form(text);
	free(text);
	text = render_path("x");
	assert_non_null(strstr(text, "        2  packets in\n           xxx"));
	check_form(text);
	free(text);
	text = render_path("\x1b");
	check_form(text);
	free(text);
}

static void
test_durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0.000 s, " },
		{ MS(12), "0.012 s, " },
		{ MS(59999), "59.999 s, " },
		{ MS(60000), "1 min 0 s, " },
		{ MS(3600000), "1 h 0 min, " },
		{ MS(86399999), "23 h 59 min, " },
		{ MS(90000000), "1 d 1 h, " },
	};
	struct report report = full_report();
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		report.last_ns = report.first_ns + cases[i].ns;
		text = render(report_text, &report);
		assert_memory_equal(text, cases[i].text, strlen(cases[i].text));
		free(text);
	}
}

/* The member of an object, or of an array by its index, as "pairs.0.rtt.min_ns". */
static struct json_object *
member(struct json_object *object, const char *path)
{
	char copy[128], *part, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", path);
	while (object != NULL && (part = strsep(&rest, ".")) != NULL) {
		if (json_object_is_type(object, json_type_array))
			object = json_object_array_get_idx(object, strtoul(part, NULL, 10));
		else
			object = json_object_object_get(object, part);
	}
	return object;
}

static void
test_json(void **state)
{
	static const struct {
		const char *path, *value;
	} cases[] = {
		{ "packets", "49448" },
		{ "is_complete", "false" },
		{ "first", "2023-11-14T22:13:20.123456789Z" },
		{ "events", "1152921504606846976" },
		{ "inputs.1.name", "t\033[31m\n\xc2\x9b\xef\xbf\xbd.pcap" },
		{ "inputs.1.skipped_bytes", "88" },
		{ "links.2.name", "other" },
		{ "links.2.packets", "7" },
		{ "types.2.code", "10" },
		{ "families.0.rtt.p95_ns", "999000000" },
		{ "families.0.pair_total", "5" },
		{ "pairs.3.loss_ppm", "1000000" },
		{ "pairs.3.family", "home_agent_discovery" },
		{ "pairs.3.unanswered", "1" },
		{ "pairs.0.received", "185" },
		{ "pairs.0.loss_ppm", "75000" },
		{ "pairs.0.rtt.min_ns", "4339123" },
		{ "pairs.0.destination.ip", "198.51.100.10" },
		{ "pairs.2.unsolicited", "40" },
		{ "flows.0.flow_count", "25" },
		{ "flows.0.source.port", "40123" },
		{ "flows.0.destination.port_min", "33434" },
		{ "flows.0.destination.port_max", "33458" },
		{ "flows.0.reporter_count", "3" },
		{ "flows.1.destination.port", "443" },
		{ "flows.1.mtu", "1400" },
		{ "reporters.0.code_name", "ttl_exceeded_in_transit" },
		{ "anomalies.0.name", "bad_checksum" },
		{ "skipped.1.kind", "lost" },
		{ "tables.0.evicted", "4464" },
		{ "clock.back", "2" },
	};
	static const char *const absent[] = { "pairs.3.rtt", "pairs.1.rtt.median_ns",
		"flows.0.mtu", "flows.0.destination.port", "inputs.0.damage", "types.1.code_name",
		"families.0.rtt.jitter_ns", "links.2.type" };
	const struct report report = full_report();
	char *text = render(report_json, &report);
	struct json_object *object = json_tokener_parse(text);
	size_t i;

	(void)state;
	assert_non_null(object);
	for (i = 0; i < COUNT(cases); i++) {
		assert_non_null(member(object, cases[i].path));
		assert_string_equal(json_object_get_string(member(object, cases[i].path)),
		    cases[i].value);
	}
	for (i = 0; i < COUNT(absent); i++)
		assert_null(member(object, absent[i]));
	json_object_put(object);
	free(text);
}

static void
test_full_device(void **state)
{
	const struct report report = full_report();
	char err[ERR_SIZE] = "";
	struct output *output = output_open("/dev/full", err);

	(void)state;
	assert_non_null(output);
	(void)report_text(output, &report, err);
	assert_int_equal(output_close(output, err), -1);
	assert_string_not_equal(err, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_text),
		cmocka_unit_test(test_cut_lists),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_full_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
