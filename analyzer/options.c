/*
 * Reading the command line into struct options. What each option does with its
 * value is in options_table.c, the usage text in options_help.c.
 */
#include "analyzer/options.h"

#include <getopt.h>
#include <json-c/json_c_version.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/capture.h"
#include "analyzer/log.h"
#include "analyzer/nearest.h"

/* Appends where to read more; an error of the command line ends with it. */
static int
fail_hint(char *err)
{
	size_t len = strlen(err);

	snprintf(err + len, ERR_SIZE - len, "; icmpscope -h lists the options");
	return -1;
}

#define ROWS_MAX 64
#define LONG_VALUE 0x100 /* plus the index of the row: what getopt_long returns */

/* The table as getopt_long wants it. */
struct getopt_tables {
	const struct option_row *rows;
	size_t count;
	struct option longs[ROWS_MAX + 1];
	char letters[3 + 2 * ROWS_MAX];
};

static void
make_tables(struct getopt_tables *tables)
{
	struct option *next = tables->longs;
	char *letter = tables->letters;
	size_t i;

	tables->rows = options_rows(&tables->count);
	*letter++ = '-'; /* words come in their place, as the value of option 1 */
	*letter++ = ':'; /* a missing value is ':', not '?' */
	for (i = 0; i < tables->count && i < ROWS_MAX; i++) {
		const struct option_row *row = &tables->rows[i];
		bool takes_value = row->argument != NULL;

		if (row->name != NULL)
			*next++ = (struct option){ row->name, takes_value, NULL,
				LONG_VALUE + (int)i };
		if (row->letter != 0)
			*letter++ = row->letter;
		if (row->letter != 0 && takes_value)
			*letter++ = ':';
	}
	*letter = '\0';
	*next = (struct option){ NULL, 0, NULL, 0 };
}

/* The row of what getopt_long returned, or NULL. */
static const struct option_row *
row_of(const struct getopt_tables *tables, int value)
{
	size_t i;

	if (value >= LONG_VALUE)
		return &tables->rows[value - LONG_VALUE];
	for (i = 0; i < tables->count; i++)
		if (value != 0 && tables->rows[i].letter == value)
			return &tables->rows[i];
	return NULL;
}

static int
fail_option(const struct option_row *row, const char *why, char *err)
{
	if (row->name != NULL)
		snprintf(err, ERR_SIZE, "--%s %.400s", row->name, why);
	else
		snprintf(err, ERR_SIZE, "-%c %.400s", row->letter, why);
	return -1;
}

static int
unknown_long(const struct getopt_tables *tables, const char *word, char *err)
{
	size_t len = strcspn(word + 2, "="), beginning = 0, i;
	struct nearest nearest;
	int shown = (int)(len < 64 ? len : 64);

	nearest_init(&nearest, word + 2, len);
	for (i = 0; i < tables->count; i++) {
		if (tables->rows[i].name == NULL)
			continue;
		beginning += strncmp(tables->rows[i].name, word + 2, len) == 0;
		nearest_try(&nearest, tables->rows[i].name);
	}
	if (beginning > 1)
		snprintf(err, ERR_SIZE, "several options begin with --%.*s", shown, word + 2);
	else
		snprintf(err, ERR_SIZE, "no option is called --%.*s", shown, word + 2);
	if (beginning <= 1 && nearest.name != NULL)
		snprintf(err + strlen(err), ERR_SIZE - strlen(err), "; the nearest is --%s",
		    nearest.name);
	return -1;
}

/* Says what getopt_long did not like: `optopt`, or the word before `optind`. */
static int
wrong_option(const struct getopt_tables *tables, int result, char **argv, char *err)
{
	const struct option_row *row = row_of(tables, optopt);
	char why[64];

	if (row == NULL && optopt == 0)
		return unknown_long(tables, argv[optind - 1], err);
	if (row == NULL) {
		snprintf(err, ERR_SIZE, "no option is called -%c", optopt);
		return -1;
	}
	if (result == ':')
		snprintf(why, sizeof(why), "needs a value: %s", row->argument);
	else
		snprintf(why, sizeof(why), "takes no value");
	return fail_option(row, why, err);
}

/*
 * Whether a word right after -r FILE is one more capture, as "-r *.pcap" gives
 * them: it is called so, or it is a path that exists. What a filter expression
 * begins with has neither dot nor slash, unless it is an address.
 */
static bool
is_capture(const char *word)
{
	return strstr(word, ".pcap") != NULL ||
	    (strpbrk(word, "./") != NULL && access(word, F_OK) == 0);
}

static int
parse_option(const struct option_row *row, struct options *out, char *err)
{
	char why[ERR_SIZE];

	if (row->take(out, row, optarg, why) == -1)
		return fail_option(row, why, err);
	return 0;
}

static int
parse_words(int argc, char **argv, struct options *out, char *err)
{
	struct getopt_tables tables = { .count = 0 };
	bool after_read = false;
	int result, status = 0;

	make_tables(&tables);
	opterr = 0;
	optind = 0; /* GNU: start afresh, whatever was parsed before */
	while (status == 0 &&
	    (result = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) != -1) {
		const struct option_row *row = row_of(&tables, result);

		if (result == 1 && after_read && is_capture(optarg)) {
			status = options_list_add(&out->reads, optarg, err);
			continue;
		}
		after_read = row != NULL && row->letter == 'r';
		if (result == 1)
			status = options_list_add(&out->words, optarg, err);
		else if (row == NULL)
			status = wrong_option(&tables, result, argv, err);
		else
			status = parse_option(row, out, err);
	}
	for (; status == 0 && optind < argc; optind++)
		status = options_list_add(&out->words, argv[optind], err);
	return status;
}

/* A first word that is a command takes its place. */
static int
settle_command(struct options *out, char *err)
{
	const char *first = out->words.count > 0 ? out->words.items[0] : "";
	bool has_input = out->reads.count > 0 || out->interfaces.count > 0;

	if (out->command != OPTIONS_ANALYZE || has_input)
		return 0;
	if (strcmp(first, "merge") == 0) {
		snprintf(err, ERR_SIZE, "merge is not available in this version");
		return -1;
	}
	if (strcmp(first, "explain") != 0)
		return 0;
	out->command = OPTIONS_EXPLAIN;
	out->words.count--;
	memmove(out->words.items, out->words.items + 1,
	    out->words.count * sizeof(out->words.items[0]));
	return 0;
}

/* The words with blanks between, as libpcap wants an expression. */
static int
join_filter(struct options *out, char *err)
{
	size_t size = 1, len = 0, i;

	if (out->words.count == 0)
		return 0;
	for (i = 0; i < out->words.count; i++)
		size += strlen(out->words.items[i]) + 1;
	out->filter = malloc(size);
	if (out->filter == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return -1;
	}
	for (i = 0; i < out->words.count; i++)
		len += (size_t)snprintf(out->filter + len, size - len, "%s%s", i > 0 ? " " : "",
		    out->words.items[i]);
	return 0;
}

bool
options_list_has(const struct options_list *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

/* Whether some report goes to standard output. */
static bool
reports_on_stdout(const struct options *options)
{
	size_t i;

	for (i = 0; i < options->report_count; i++)
		if (strcmp(options->reports[i].path, "-") == 0)
			return true;
	return false;
}

/* The default report, and what cannot share standard output. */
static int
settle_outputs(struct options *out, char *err)
{
	bool packets = out->write_path != NULL && strcmp(out->write_path, "-") == 0;
	bool events = options_list_has(&out->outputs, "-");

	if (out->report_count == 0 && !out->report_none && !events && !packets)
		return options_add_report(out, "text", "-", err);
	if (packets && (events || reports_on_stdout(out))) {
		snprintf(err, ERR_SIZE,
		    "-w - sends packets to standard output, where text goes already");
		return -1;
	}
	return 0;
}

static int
settle_analysis(struct options *out, char *err)
{
	if (out->reads.count > 0 && out->interfaces.count > 0) {
		snprintf(err, ERR_SIZE, "-r and -i exclude each other");
		return -1;
	}
	if (out->reads.count == 0 && out->interfaces.count == 0) {
		snprintf(err, ERR_SIZE, "nothing to analyze: give -r FILE or -i IFACE");
		return -1;
	}
	if (join_filter(out, err) == -1)
		return -1;
	return settle_outputs(out, err);
}

int
options_parse(int argc, char **argv, struct options *out, char *err)
{
	memset(out, 0, sizeof(*out));
	out->datasets = OPTIONS_DATASETS;
	out->snaplen = OPTIONS_SNAPLEN_MAX;
	out->buffer_kib = OPTIONS_BUFFER_KIB;
	if (parse_words(argc, argv, out, err) == -1 || settle_command(out, err) == -1)
		return fail_hint(err);
	if (out->command == OPTIONS_ANALYZE && settle_analysis(out, err) == -1)
		return fail_hint(err);
	return 0;
}

void
options_free(struct options *options)
{
	free(options->reads.items);
	free(options->interfaces.items);
	free(options->outputs.items);
	free(options->sets.items);
	free(options->words.items);
	free(options->reports);
	free(options->filter);
	memset(options, 0, sizeof(*options));
}

enum settings_status
options_settings(const struct options *options, struct settings *out, char *err)
{
	enum settings_status status = SETTINGS_OK;
	size_t i;

	settings_defaults(out);
	if (options->config_path != NULL)
		status = settings_load(out, options->config_path, err);
	for (i = 0; status == SETTINGS_OK && i < options->sets.count; i++)
		if (settings_set(out, options->sets.items[i], err) == -1)
			status = SETTINGS_WRONG;
	return status;
}

void
options_version(FILE *out)
{
	fprintf(out, "icmpscope %s\n%s\njson-c version %s\n", ICMPSCOPE_VERSION,
	    capture_library(), json_c_version());
}
