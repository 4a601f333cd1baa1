/*
 * The table of options, and how each takes its value. The errors written here
 * do not name the option: the parser puts it before them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/core/event.h"
#include "analyzer/log.h"
#include "analyzer/nearest.h"
#include "analyzer/options.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static int
fail(char *err, const char *value, const char *why)
{
	snprintf(err, ERR_SIZE, "\"%.128s\" %s", value, why);
	return -1;
}

int
options_list_add(struct options_list *list, const char *item, char *err)
{
	const char **grown = realloc(list->items, (list->count + 1) * sizeof(*grown));

	if (grown == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return -1;
	}
	list->items = grown;
	list->items[list->count++] = item;
	return 0;
}

int
options_add_report(struct options *options, const char *kind, const char *path, char *err)
{
	struct options_report *grown;

	grown = realloc(options->reports, (options->report_count + 1) * sizeof(*grown));
	if (grown == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return -1;
	}
	options->reports = grown;
	grown[options->report_count++] = (struct options_report){ kind, path };
	return 0;
}

static void *
member(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static int
take_flag(struct options *options, const struct option_row *row, const char *value, char *err)
{
	bool *flag = member(options, row);

	(void)value;
	(void)err;
	*flag = true;
	return 0;
}

static int
take_text(struct options *options, const struct option_row *row, const char *value, char *err)
{
	const char **text = member(options, row);

	(void)err;
	*text = value;
	return 0;
}

static int
take_list(struct options *options, const struct option_row *row, const char *value, char *err)
{
	return options_list_add(member(options, row), value, err);
}

static int
take_number(struct options *options, const struct option_row *row, const char *value, char *err)
{
	uint64_t *number = member(options, row);
	char *end;

	if (*value < '0' || *value > '9')
		return fail(err, value, "is not a number");
	*number = strtoull(value, &end, 10);
	if (*end != '\0')
		return fail(err, value, "is not a number");
	if (*number < row->minimum || *number > row->maximum) {
		snprintf(err, ERR_SIZE, "%.32s is not between %" PRIu64 " and %" PRIu64, value,
		    row->minimum, row->maximum);
		return -1;
	}
	return 0;
}

static int
take_verbose(struct options *options, const struct option_row *row, const char *value, char *err)
{
	(void)row;
	(void)value;
	(void)err;
	options->verbosity++;
	return 0;
}

/* The row's minimum is an enum options_command; the highest one given wins. */
static int
take_command(struct options *options, const struct option_row *row, const char *value, char *err)
{
	(void)value;
	(void)err;
	if (row->minimum > options->command)
		options->command = (enum options_command)row->minimum;
	return 0;
}

static int
take_snaplen(struct options *options, const struct option_row *row, const char *value, char *err)
{
	if (take_number(options, row, value, err) == -1)
		return -1;
	if (options->snaplen == 0)
		options->snaplen = OPTIONS_SNAPLEN_MAX;
	return 0;
}

static int
take_output(struct options *options, const struct option_row *row, const char *value, char *err)
{
	if (strstr(value, "://") != NULL)
		return fail(err, value,
		    "is not available in this version: give a path, or - for standard output");
	if (*value == '\0')
		return fail(err, value, "is not a path");
	return take_list(options, row, value, err);
}

/* The dataset called by `len` bytes at `name`, or DATASETS. */
static enum dataset
dataset_of(const char *name, size_t len)
{
	unsigned int d;

	for (d = 0; d < DATASETS; d++) {
		const char *known = dataset_name((enum dataset)d);

		if (strlen(known) == len && memcmp(known, name, len) == 0)
			break;
	}
	return (enum dataset)d;
}

static int
unknown_dataset(const char *name, size_t len, char *err)
{
	struct nearest nearest;
	unsigned int d;

	snprintf(err, ERR_SIZE, "knows no dataset called \"%.*s\"", (int)(len < 64 ? len : 64), name);
	nearest_init(&nearest, name, len);
	for (d = 0; d < DATASETS; d++)
		nearest_try(&nearest, dataset_name((enum dataset)d));
	nearest_try(&nearest, "all");
	nearest_append(&nearest, err);
	return -1;
}

/* A list that begins with "-name" leaves it out of the default. */
static int
take_datasets(struct options *options, const struct option_row *row, const char *value, char *err)
{
	uint32_t mask = *value == '-' ? OPTIONS_DATASETS : 0;
	const char *p = value;

	(void)row;
	for (;;) {
		bool removes = *p == '-';
		const char *name = p + removes;
		size_t len = strcspn(name, ",");
		enum dataset dataset = dataset_of(name, len);
		uint32_t bits = UINT32_C(1) << dataset;

		if (len == 3 && memcmp(name, "all", 3) == 0)
			bits = OPTIONS_DATASETS_ALL;
		else if (dataset == DATASETS)
			return unknown_dataset(name, len, err);
		mask = removes ? mask & ~bits : mask | bits;
		if (name[len] == '\0')
			break;
		p = name + len + 1;
	}
	options->datasets = mask;
	return 0;
}

/* One of a NULL-ended list of words; its index, or -1 and `err`. */
static int
word_of(const char *const *words, const char *what, const char *value, size_t len, char *err)
{
	struct nearest nearest;
	int i;

	nearest_init(&nearest, value, len);
	for (i = 0; words[i] != NULL; i++) {
		if (strlen(words[i]) == len && memcmp(words[i], value, len) == 0)
			return i;
		nearest_try(&nearest, words[i]);
	}
	snprintf(err, ERR_SIZE, "knows no %s called \"%.*s\"", what, (int)(len < 64 ? len : 64), value);
	nearest_append(&nearest, err);
	return -1;
}

static int
take_schema(struct options *options, const struct option_row *row, const char *value, char *err)
{
	static const char *const schemas[] = { "ecs", "eve", "ocsf", NULL };
	int schema = word_of(schemas, "schema", value, strlen(value), err);

	(void)options;
	(void)row;
	if (schema > 0)
		return fail(err, value, "is not available in this version, only ecs is");
	return schema;
}

static int
take_report(struct options *options, const struct option_row *row, const char *value, char *err)
{
	static const char *const kinds[] = { "text", "json", "none", "html", NULL };
	size_t len = strcspn(value, ":");
	int kind = word_of(kinds, "report", value, len, err);

	(void)row;
	if (kind == -1)
		return -1;
	if (kind == 3)
		return fail(err, value, "is not available in this version");
	if ((kind == 2 && value[len] == ':') || strcmp(value + len, ":") == 0)
		return fail(err, value, "names no file to write");
	if (kind == 2) {
		options->report_none = true;
		return 0;
	}
	return options_add_report(options, kinds[kind],
	    value[len] == ':' ? value + len + 1 : "-", err);
}

static int
take_fail_on(struct options *options, const struct option_row *row, const char *value, char *err)
{
	static const char *const words[] = { "low", "medium", "high", "critical", NULL };
	int severity = word_of(words, "severity", value, strlen(value), err);

	(void)row;
	if (severity == -1)
		return -1;
	options->fail_on = (enum options_severity)(severity + 1);
	return 0;
}

static int
take_later(struct options *options, const struct option_row *row, const char *value, char *err)
{
	(void)options;
	(void)row;
	(void)value;
	snprintf(err, ERR_SIZE, "not available in this version");
	return -1;
}

#define AT(member) offsetof(struct options, member)

/* clang-format off */
static const struct option_row rows[] = {
	{ 0, NULL, NULL, "Input", NULL, 0, 0, 0 },
	{ 'r', "read", "FILE", "analyze a capture: pcap or pcapng, also .gz, .zst, .lz4; - is "
	  "standard input, a directory is every capture in it; repeatable",
	  take_list, AT(reads), 0, 0 },
	{ 'i', "interface", "IFACE", "capture live from an interface, or from any; repeatable",
	  take_list, AT(interfaces), 0, 0 },
	{ 'D', "list-interfaces", NULL, "list the interfaces and stop", take_command, 0, OPTIONS_LIST, 0 },
	{ 'c', NULL, "COUNT", "stop after this many packets",
	  take_number, AT(count), 1, INT64_MAX },
	{ 's', "snapshot-length", "BYTES", "keep at most this much of a packet; 0 is the default, "
	  "262144", take_snaplen, AT(snaplen), 0, OPTIONS_SNAPLEN_MAX },
	{ 'B', "buffer-size", "KIB", "capture buffer of an interface; default 8192",
	  take_number, AT(buffer_kib), 64, 2097151 },
	{ 'p', "no-promiscuous-mode", NULL, "capture only what the interface itself would take",
	  take_flag, AT(promiscuous_off), 0, 0 },
	{ 0, "resync", NULL, "go on after damage in a capture, at the next plausible packet",
	  take_flag, AT(resync), 0, 0 },

	{ 0, NULL, NULL, "Output", NULL, 0, 0, 0 },
	{ 'o', "output", "PATH", "write events, one JSON object a line; - is standard output; "
	  "repeatable", take_output, AT(outputs), 0, 0 },
	{ 't', "datasets", "LIST", "which events: message, exchange, error, path, neighbor, "
	  "availability, alert, stats, summary, with commas between; all; -name leaves one out; "
	  "default all,-message", take_datasets, 0, 0, 0 },
	{ 0, "schema", "NAME", "how an event is written: ecs", take_schema, 0, 0, 0 },
	{ 0, "report", "KIND[:PATH]", "text, json or none; default text, on standard output "
	  "unless events or packets go there; repeatable", take_report, 0, 0, 0 },
	{ 'w', "write", "FILE", "write the ICMP packets seen to a pcap; - is standard output",
	  take_text, AT(write_path), 0, 0 },
	{ 0, "evidence", "DIR", "write a pcapng for each incident, ID.pcapng, with the packets "
	  "before and after it was opened", take_text, AT(evidence_path), 0, 0 },
	{ 0, "state-out", "FILE", "the mergeable state of this run; not available in this version",
	  take_later, 0, 0, 0 },
	{ 0, "fail-on", "SEVERITY", "exit with 10 after an alert that is at least low, "
	  "medium, high or critical", take_fail_on, 0, 0, 0 },

	{ 0, NULL, NULL, "Settings", NULL, 0, 0, 0 },
	{ 0, "config", "FILE", "read settings from a YAML file",
	  take_text, AT(config_path), 0, 0 },
	{ 0, "set", "KEY=VALUE", "one setting, over the file; repeatable",
	  take_list, AT(sets), 0, 0 },
	{ 0, "check", NULL, "check the settings and stop", take_command, 0, OPTIONS_CHECK, 0 },

	{ 0, NULL, NULL, "Running", NULL, 0, 0, 0 },
	{ 'Z', "relinquish-privileges", "USER", "run as this user when started as root; default "
	  "nobody for live captures", take_text, AT(user), 0, 0 },
	{ 'q', "quiet", NULL, "no progress and no notes on standard error",
	  take_flag, AT(is_quiet), 0, 0 },
	{ 'v', "verbose", NULL, "say more on standard error", take_verbose, 0, 0, 0 },
	{ 'h', "help", NULL, "this text", take_command, 0, OPTIONS_HELP, 0 },
	{ 0, "version", NULL, "versions of icmpscope and its libraries",
	  take_command, 0, OPTIONS_VERSION, 0 },
};
/* clang-format on */

const struct option_row *
options_rows(size_t *count)
{
	*count = COUNT_OF(rows);
	return rows;
}
