/*
 * The command line and the settings: what is accepted, what it becomes, and
 * the words of every refusal.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/options.h"
#include "analyzer/settings.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define ARGS_MAX 40
#define NS_SECOND UINT64_C(1000000000)

/* Splits `line` at blanks and parses it behind a program name. */
static int
parse(const char *line, struct options *out, char *err)
{
	static char copy[512];
	static char name[] = "icmpscope";
	char *argv[ARGS_MAX + 1] = { name };
	char *word, *rest = copy;
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	while ((word = strtok_r(rest, " ", &rest)) != NULL && argc < ARGS_MAX)
		argv[argc++] = word;
	argv[argc] = NULL;
	err[0] = '\0';
	return options_parse(argc, argv, out, err);
}

static void
options_accepted(void **state)
{
	struct options o;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(parse("-r a.pcap -r - -o - -o x.ndjson -c 5 -vv -q --resync "
	    "--set report.rows=3 --config c.yaml --fail-on high -w out.pcap host 10.0.0.1",
	    &o, err), 0);
	assert_int_equal(o.command, OPTIONS_ANALYZE);
	assert_int_equal(o.reads.count, 2);
	assert_string_equal(o.reads.items[1], "-");
	assert_int_equal(o.outputs.count, 2);
	assert_string_equal(o.outputs.items[1], "x.ndjson");
	assert_int_equal(o.count, 5);
	assert_int_equal(o.verbosity, 2);
	assert_true(o.is_quiet && o.resync && !o.promiscuous_off);
	assert_string_equal(o.sets.items[0], "report.rows=3");
	assert_string_equal(o.config_path, "c.yaml");
	assert_string_equal(o.write_path, "out.pcap");
	assert_int_equal(o.fail_on, OPTIONS_HIGH);
	assert_string_equal(o.filter, "host 10.0.0.1");
	assert_int_equal(o.report_count, 0); /* events are on standard output */
	options_free(&o);

	assert_int_equal(parse("-i eth0 --interface any -s 96 -B 4096 -p -Z tcpdump", &o, err), 0);
	assert_int_equal(o.interfaces.count, 2);
	assert_int_equal(o.snaplen, 96);
	assert_int_equal(o.buffer_kib, 4096);
	assert_true(o.promiscuous_off);
	assert_string_equal(o.user, "tcpdump");
	assert_null(o.filter);
	assert_int_equal(o.report_count, 1);
	assert_string_equal(o.reports[0].kind, "text");
	assert_string_equal(o.reports[0].path, "-");
	options_free(&o);

	assert_int_equal(parse("-i eth0 -s 0", &o, err), 0);
	assert_int_equal(o.snaplen, OPTIONS_SNAPLEN_MAX);
	options_free(&o);
}

static void
options_reports(void **state)
{
	static const struct {
		const char *line;
		size_t count;
		const char *kind, *path; /* of the last */
	} cases[] = {
		{ "-r a", 1, "text", "-" },
		{ "-r a -o x", 1, "text", "-" },
		{ "-r a -o -", 0, NULL, NULL },
		{ "-r a -w -", 0, NULL, NULL },
		{ "-r a --report none", 0, NULL, NULL },
		{ "-r a --report json", 1, "json", "-" },
		{ "-r a --report text --report json:out.json", 2, "json", "out.json" },
		{ "-r a -o - --report json:a:b", 1, "json", "a:b" },
		{ "-r a -w - --report text:x", 1, "text", "x" },
	};
	struct options o;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(parse(cases[i].line, &o, err), 0);
		assert_int_equal(o.report_count, cases[i].count);
		if (cases[i].count > 0) {
			assert_string_equal(o.reports[o.report_count - 1].kind, cases[i].kind);
			assert_string_equal(o.reports[o.report_count - 1].path, cases[i].path);
		}
		options_free(&o);
	}
}

static void
options_datasets(void **state)
{
	static const struct {
		const char *line;
		uint32_t mask; /* bits in the order message ... summary */
	} cases[] = {
		{ "-r a", 0x1fe },
		{ "-r a -t exchange,error", 0x006 },
		{ "-r a -t all", 0x1ff },
		{ "-r a -t all,-stats", 0x17f },
		{ "-r a -t -exchange", 0x1fc },
		{ "-r a -t -exchange,message", 0x1fd },
		{ "-r a --datasets message", 0x001 },
		{ "-r a -t summary,alert,path,neighbor,availability", 0x178 },
	};
	struct options o;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(parse(cases[i].line, &o, err), 0);
		assert_int_equal(o.datasets, cases[i].mask);
		options_free(&o);
	}
}

/* Words after -r FILE are captures when they look it, else the filter. */
static void
options_words(void **state)
{
	static const struct {
		const char *line;
		size_t reads;
		const char *filter;
	} cases[] = {
		{ "-r a.pcap b.pcap c.pcapng.gz icmp and ip", 3, "icmp and ip" },
		{ "-r a.pcap icmp b.pcap", 1, "icmp b.pcap" },
		{ "-r a.pcap -c 2 b.pcap", 1, "b.pcap" },
		{ "-r a.pcap /etc/passwd", 2, NULL },
		{ "-r a.pcap -- /etc/passwd", 1, "/etc/passwd" },
		{ "icmp6 -r a.pcap", 1, "icmp6" },
		{ "-r a.pcap explain", 1, "explain" },
		{ "-r a.pcap -- -r x", 1, "-r x" },
	};
	struct options o;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(parse(cases[i].line, &o, err), 0);
		assert_int_equal(o.reads.count, cases[i].reads);
		if (cases[i].filter == NULL)
			assert_null(o.filter);
		else
			assert_string_equal(o.filter, cases[i].filter);
		options_free(&o);
	}
}

static void
options_commands(void **state)
{
	static const struct {
		const char *line;
		enum options_command command;
		size_t words;
	} cases[] = {
		{ "explain", OPTIONS_EXPLAIN, 0 },
		{ "explain echo_request icmp.rtt.us", OPTIONS_EXPLAIN, 2 },
		{ "-h", OPTIONS_HELP, 0 },
		{ "--help --version -D", OPTIONS_HELP, 0 },
		{ "-D --vers", OPTIONS_VERSION, 0 },
		{ "-D", OPTIONS_LIST, 0 },
		{ "--check --config x", OPTIONS_CHECK, 0 },
		{ "--check -r a", OPTIONS_CHECK, 0 },
	};
	struct options o;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(parse(cases[i].line, &o, err), 0);
		assert_int_equal(o.command, cases[i].command);
		assert_int_equal(o.words.count, cases[i].words);
		options_free(&o);
	}
}

#define HINT "; icmpscope -h lists the options"

static void
options_refused(void **state)
{
	static const struct {
		const char *line, *err;
	} cases[] = {
		{ "", "nothing to analyze: give -r FILE or -i IFACE" HINT },
		{ "icmp", "nothing to analyze: give -r FILE or -i IFACE" HINT },
		{ "-r a -i b", "-r and -i exclude each other" HINT },
		{ "merge x", "merge is not available in this version" HINT },
		{ "--interfcae eth0", "no option is called --interfcae; the nearest is --interface"
		  HINT },
		{ "--zzz", "no option is called --zzz" HINT },
		{ "--re x", "several options begin with --re" HINT },
		{ "-r a -x", "no option is called -x" HINT },
		{ "-r", "--read needs a value: FILE" HINT },
		{ "-r a -c", "-c needs a value: COUNT" HINT },
		{ "-r a --set", "--set needs a value: KEY=VALUE" HINT },
		{ "--check=1", "--check takes no value" HINT },
		{ "-r a -c 0", "-c 0 is not between 1 and 9223372036854775807" HINT },
		{ "-r a -c 5x", "-c \"5x\" is not a number" HINT },
		{ "-r a -c -5", "-c \"-5\" is not a number" HINT },
		{ "-r a -c 99999999999999999999",
		  "-c 99999999999999999999 is not between 1 and 9223372036854775807" HINT },
		{ "-i a -s 262145", "--snapshot-length 262145 is not between 0 and 262144" HINT },
		{ "-r a -t exchnge", "--datasets knows no dataset called \"exchnge\"; "
		  "the nearest is \"exchange\"" HINT },
		{ "-r a -t error,", "--datasets knows no dataset called \"\"" HINT },
		{ "-r a --schema eve", "--schema \"eve\" is not available in this version, "
		  "only ecs is" HINT },
		{ "-r a --schema esc", "--schema knows no schema called \"esc\"; "
		  "the nearest is \"ecs\"" HINT },
		{ "-r a --report html:x", "--report \"html:x\" is not available in this version"
		  HINT },
		{ "-r a --report txt", "--report knows no report called \"txt\"; "
		  "the nearest is \"text\"" HINT },
		{ "-r a --report json:", "--report \"json:\" names no file to write" HINT },
		{ "-r a --report none:x", "--report \"none:x\" names no file to write" HINT },
		{ "-r a --fail-on hihg", "--fail-on knows no severity called \"hihg\"; "
		  "the nearest is \"high\"" HINT },
		{ "-r a -o kafka://b/t", "--output \"kafka://b/t\" is not available in this "
		  "version: give a path, or - for standard output" HINT },
		{ "-r a --state-out f", "--state-out not available in this version" HINT },
		{ "-r a -w - -o -", "-w - sends packets to standard output, where text goes "
		  "already" HINT },
		{ "-r a -w - --report text", "-w - sends packets to standard output, where text "
		  "goes already" HINT },
	};
	struct options o;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(parse(cases[i].line, &o, err), -1);
		assert_string_equal(err, cases[i].err);
		options_free(&o);
	}
}

/* Long words in every place do not overrun `err`. */
static void
options_long_words(void **state)
{
	static const char *const lines[] = { "--%s", "-r a -t %s", "-r a --report %s", "-r a -c %s",
		"-r a -o ://%s", "-r a --schema %s" };
	char word[400], line[480], err[ERR_SIZE];
	struct options o;
	size_t i;

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	for (i = 0; i < COUNT_OF(lines); i++) {
		char *place = strstr(strcpy(line, lines[i]), "%s");

		memcpy(place, word, sizeof(word));
		assert_int_equal(parse(line, &o, err), -1);
		assert_true(strlen(err) < ERR_SIZE);
		options_free(&o);
	}
}

/* Every option has a row in the usage text, and no line is over 80 columns. */
static void
options_usage_text(void **state)
{
	const struct option_row *rows;
	size_t count, i, size, longest = 0, len;
	char *text, *line, *rest, name[64];
	FILE *out = open_memstream(&text, &size);

	(void)state;
	options_usage(out);
	fclose(out);
	rows = options_rows(&count);
	for (i = 0; i < count; i++) {
		if (rows[i].name == NULL)
			continue;
		snprintf(name, sizeof(name), " --%s", rows[i].name);
		assert_non_null(strstr(text, name));
	}
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;) {
		len = strlen(line);
		longest = len > longest ? len : longest;
	}
	assert_in_range(longest, 60, 80);
	free(text);
}

static void
settings_accepted(void **state)
{
	static const struct {
		const char *assignment;
		size_t offset;
		uint64_t value;
	} cases[] = {
		{ "exchange.timeout=500ms", offsetof(struct settings, exchange_timeout_ns),
		  NS_SECOND / 2 },
		{ "exchange.timeout=2m", offsetof(struct settings, exchange_timeout_ns),
		  120 * NS_SECOND },
		{ "exchange.timeout=1500000ns", offsetof(struct settings, exchange_timeout_ns),
		  1500000 },
		{ "exchange.timeout=20000us", offsetof(struct settings, exchange_timeout_ns),
		  20000000 },
		{ "exchange.late=0", offsetof(struct settings, exchange_late_ns), 0 },
		{ "clock.jump=3 h", offsetof(struct settings, clock_jump_ns), 10800 * NS_SECOND },
		{ "reassembly.memory=1GiB", offsetof(struct settings, reassembly_memory_bytes),
		  UINT64_C(1) << 30 },
		{ "reassembly.memory=100 KiB", offsetof(struct settings, reassembly_memory_bytes),
		  102400 },
		{ "reassembly.memory=70000B", offsetof(struct settings, reassembly_memory_bytes),
		  70000 },
		{ "correlate.flows=off", offsetof(struct settings, correlate_flows), SWITCH_OFF },
		{ "report.rows=25", offsetof(struct settings, report_rows), 25 },
	};
	struct settings s;
	char err[ERR_SIZE];
	uint64_t value;
	size_t i;

	(void)state;
	settings_defaults(&s);
	assert_int_equal(s.exchange_timeout_ns, 10 * NS_SECOND);
	assert_int_equal(s.reassembly_memory_bytes, 16 << 20);
	assert_int_equal(s.exchange_requests, 262144);
	assert_string_equal(s.observer_name, "");
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(settings_set(&s, cases[i].assignment, err), 0);
		memcpy(&value, (char *)&s + cases[i].offset, sizeof(value));
		assert_int_equal(value, cases[i].value);
	}
	assert_int_equal(settings_set(&s, "observer.name=lab = 1", err), 0);
	assert_string_equal(s.observer_name, "lab = 1");
}

static void
settings_refused(void **state)
{
	static const struct {
		const char *assignment, *err;
	} cases[] = {
		{ "exchange.timout=1s", "no setting is called \"exchange.timout\"; "
		  "the nearest is \"exchange.timeout\"" },
		{ "zzzzzzzzzzzz=1", "no setting is called \"zzzzzzzzzzzz\"" },
		{ "=1", "no setting is called \"\"" },
		{ "report.rows", "\"report.rows\" is not of the form KEY=VALUE" },
		{ "correlate.flows=yes", "correlate.flows: \"yes\" is not auto, on or off" },
		{ "detect.ping_sweep.enabled=maybe", "detect.ping_sweep.enabled: \"maybe\" is not "
		  "on or off" },
		{ "detect.pingsweep.targets=5", "no setting is called \"detect.pingsweep.targets\"; "
		  "the nearest is \"detect.ping_sweep.targets\"" },
		{ "report.rows=", "report.rows: \"\" is not a whole number" },
		{ "report.rows=-1", "report.rows: \"-1\" is not a whole number" },
		{ "report.rows=1s", "report.rows: \"1s\" is not a whole number" },
		{ "report.rows=0", "report.rows: \"0\" is not between 1 and 1000" },
		{ "report.rows=1001", "report.rows: \"1001\" is not between 1 and 1000" },
		{ "exchange.timeout=10", "exchange.timeout: \"10\" is not a whole number with "
		  "ns, us, ms, s, m or h" },
		{ "exchange.timeout=10KiB", "exchange.timeout: \"10KiB\" is not a whole number "
		  "with ns, us, ms, s, m or h" },
		{ "exchange.timeout=2h", "exchange.timeout: \"2h\" is not between 1ms and 1h" },
		{ "exchange.timeout=99999999999999999999999h", "exchange.timeout: "
		  "\"99999999999999999999999h\" is not between 1ms and 1h" },
		{ "reassembly.memory=1KiB", "reassembly.memory: \"1KiB\" is not between 64KiB "
		  "and 4GiB" },
		{ "reassembly.memory=65536", "reassembly.memory: \"65536\" is not a whole number "
		  "with B, KiB, MiB or GiB" },
		{ "detect.routers=192.0.2.1,10.0.0.300", "detect.routers: \"10.0.0.300\" is no "
		  "address and no prefix, as 192.0.2.0/24 or 2001:db8::/32" },
		{ "detect.routers=192.0.2.0/", "detect.routers: \"192.0.2.0/\" is no "
		  "address and no prefix, as 192.0.2.0/24 or 2001:db8::/32" },
		{ "detect.routers=192.0.2.0/+8", "detect.routers: \"192.0.2.0/+8\" is no "
		  "address and no prefix, as 192.0.2.0/24 or 2001:db8::/32" },
		{ "detect.routers=router", "detect.routers: \"router\" is no "
		  "address and no prefix, as 192.0.2.0/24 or 2001:db8::/32" },
		{ "detect.routers=192.0.2.0/33", "detect.routers: \"192.0.2.0/33\": IPv4 addresses "
		  "have 32 bits" },
		{ "detect.routers=2001:db8::/129", "detect.routers: \"2001:db8::/129\": IPv6 "
		  "addresses have 128 bits" },
		{ "detect.routers=192.0.2.7/24", "detect.routers: \"192.0.2.7/24\" has bits behind "
		  "its prefix; did you mean 192.0.2.0/24?" },
	};
	struct settings s, before;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	settings_defaults(&s);
	before = s;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(settings_set(&s, cases[i].assignment, err), -1);
		assert_string_equal(err, cases[i].err);
	}
	assert_memory_equal(&s, &before, sizeof(s));
}

/* Lists of prefixes: what is set takes the place of what was there. */
static void
settings_prefixes(void **state)
{
	const struct addr host = { .version = 4, .bytes = { 192, 0, 2, 10 } };
	struct settings s;
	char err[ERR_SIZE], many[4096] = "detect.monitors=";
	int i;

	(void)state;
	settings_defaults(&s);
	assert_int_equal(s.detect_monitors.count, 0);
	assert_int_equal(settings_set(&s, "detect.monitors=198.51.100.0/24,192.0.2.10, fe80::/10",
	    err), 0);
	assert_int_equal(s.detect_monitors.count, 3);
	assert_true(prefix_list_has(&s.detect_monitors, &host));
	assert_int_equal(settings_set(&s, "detect.monitors=2001:db8::/32", err), 0);
	assert_int_equal(s.detect_monitors.count, 1);
	assert_false(prefix_list_has(&s.detect_monitors, &host));
	assert_int_equal(settings_set(&s, "detect.monitors=", err), 0);
	assert_int_equal(s.detect_monitors.count, 0);
	for (i = 0; i < PREFIX_LIST_MAX; i++)
		strcat(many, "192.0.2.1 ");
	assert_int_equal(settings_set(&s, many, err), 0);
	strcat(many, "192.0.2.1");
	assert_int_equal(settings_set(&s, many, err), -1);
	assert_string_equal(err, "detect.monitors: more than 64 prefixes");
}

/* Every row's default is in its bounds and survives being written and read. */
static void
settings_table(void **state)
{
	const struct settings_row *rows;
	struct settings s;
	char err[ERR_SIZE], text[64];
	size_t count, i;
	uint64_t value;

	(void)state;
	settings_defaults(&s);
	rows = settings_rows(&count);
	for (i = 0; i < count; i++) {
		assert_ptr_equal(settings_find(rows[i].key, strlen(rows[i].key)), &rows[i]);
		if (!settings_has_number(&rows[i]))
			continue;
		settings_format(&rows[i], rows[i].standard, text, sizeof(text));
		assert_int_equal(settings_put(&s, rows[i].key, strlen(rows[i].key), text, err), 0);
		memcpy(&value, (char *)&s + rows[i].offset, sizeof(value));
		assert_int_equal(value, rows[i].standard);
	}
}

/* Loads a file of `text`; `err` is left without the file's name. */
static enum settings_status
load(const char *text, struct settings *out, char *err)
{
	char path[] = "/tmp/test_options.XXXXXX";
	int fd = mkstemp(path);
	enum settings_status status;

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	settings_defaults(out);
	err[0] = '\0';
	status = settings_load(out, path, err);
	unlink(path);
	if (strncmp(err, path, strlen(path)) == 0)
		memmove(err, err + strlen(path), strlen(err) - strlen(path) + 1);
	return status;
}

static void
settings_file(void **state)
{
	struct settings s;
	char err[ERR_SIZE];

	(void)state;
	assert_int_equal(load("# lab\nobserver:\n  name: \"north: 1\"\nexchange:\n"
	    "  timeout: 2s\n  requests: 1000\nreport.rows: 7\nerrors:\n"
	    "  # nothing yet\nclock: {jump: 2h}\n", &s, err), SETTINGS_OK);
	assert_string_equal(s.observer_name, "north: 1");
	assert_int_equal(s.exchange_timeout_ns, 2 * NS_SECOND);
	assert_int_equal(s.exchange_requests, 1000);
	assert_int_equal(s.report_rows, 7);
	assert_int_equal(s.clock_jump_ns, 7200 * NS_SECOND);
	assert_int_equal(s.errors_flows, 16384);
	assert_int_equal(load("detect:\n  monitors: 192.0.2.10, 192.0.2.11\n  routers:\n"
	    "    - 192.0.2.1\n    - fe80::/64, 192.0.2.2\n  home_networks: []\nreport.rows: 3\n",
	    &s, err), SETTINGS_OK);
	assert_int_equal(s.detect_monitors.count, 2);
	assert_int_equal(s.detect_routers.count, 3);
	assert_int_equal(s.detect_home_networks.count, 0);
	assert_int_equal(s.report_rows, 3);
	assert_int_equal(load("", &s, err), SETTINGS_OK);
	assert_int_equal(load("# only\n---\n", &s, err), SETTINGS_OK);
}

static void
settings_file_refused(void **state)
{
	static const struct {
		const char *text, *err;
	} cases[] = {
		{ "exchange:\n  timout: 1s\n", ":2: no setting is called \"exchange.timout\"; "
		  "the nearest is \"exchange.timeout\"" },
		{ "report:\n\n  rows: many\n", ":3: report.rows: \"many\" is not a whole number" },
		{ "report:\n  rows: [1, 2]\n", ":2: a list, where a value is expected" },
		{ "report.rows: 1\nreport:\n  rows: 2\n", ":3: this setting was given before" },
		{ "just words\n", ":1: settings are lines of \"key: value\"" },
		{ "- a\n", ":1: a list, where a value is expected" },
		{ "report: &x\n  rows: 1\nclock: *x\n", ":3: aliases are not supported" },
		{ "report.rows: 1\n---\nreport.rows: 2\n", ":2: a second document" },
		{ "report: {rows: 1\n", ":2: did not find expected ',' or '}'" },
		{ "? {a: b}\n: c\n", ":1: a map cannot be a key" },
		{ "a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}\n", ":1: maps nested too deep" },
		{ "report.rows: \"1\\0\"\n", ":1: a value with a NUL in it" },
		{ "report.rows:\n", ":1: report.rows: \"\" is not a whole number" },
		{ "detect.routers:\n  - 192.0.2.1\n  - 192.0.2.x\n", ":3: detect.routers: "
		  "\"192.0.2.x\" is no address and no prefix, as 192.0.2.0/24 or 2001:db8::/32" },
		{ "detect.routers: [[192.0.2.1]]\n", ":1: a list, where a value is expected" },
		{ "detect.routers: [{a: b}]\n", ":1: a map, where a value is expected" },
		{ "detect.routers: [192.0.2.1]\ndetect.routers: [192.0.2.2]\n",
		  ":2: this setting was given before" },
		{ "detect:\n  enabled: on\n  icmp_flood:\n    request_rat: 5\n", ":4: no setting is "
		  "called \"detect.icmp_flood.request_rat\"; the nearest is "
		  "\"detect.icmp_flood.request_rate\"" },
		{ "detect:\n  icmp_flood: off\n", ":2: no setting is called \"detect.icmp_flood\"; "
		  "the nearest is \"detect.icmp_flood.enabled\"" },
		{ "nothing:\n", ":1: no setting is called \"nothing\"" },
	};
	struct settings s;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(load(cases[i].text, &s, err), SETTINGS_WRONG);
		assert_string_equal(err, cases[i].err);
	}
	assert_int_equal(settings_load(&s, "/nonexistent/x", err), SETTINGS_UNREADABLE);
	assert_string_equal(err, "/nonexistent/x: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_accepted),
		cmocka_unit_test(options_reports),
		cmocka_unit_test(options_datasets),
		cmocka_unit_test(options_words),
		cmocka_unit_test(options_commands),
		cmocka_unit_test(options_refused),
		cmocka_unit_test(options_long_words),
		cmocka_unit_test(options_usage_text),
		cmocka_unit_test(settings_accepted),
		cmocka_unit_test(settings_refused),
		cmocka_unit_test(settings_prefixes),
		cmocka_unit_test(settings_table),
		cmocka_unit_test(settings_file),
		cmocka_unit_test(settings_file_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
