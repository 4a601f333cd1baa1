/*
 * The command line: one table of options, which is also the usage text. Values
 * are checked here as far as they can be without opening anything.
 */
#ifndef ANALYZER_OPTIONS_H
#define ANALYZER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "analyzer/core/event.h"
#include "analyzer/settings.h"

#define OPTIONS_SNAPLEN_MAX 262144
#define OPTIONS_BUFFER_KIB 8192
#define OPTIONS_DATASETS_ALL ((UINT32_C(1) << DATASETS) - 1)
#define OPTIONS_DATASETS (OPTIONS_DATASETS_ALL & ~(UINT32_C(1) << DATASET_MESSAGE))

/* The later one wins when several are asked for. */
enum options_command {
	OPTIONS_ANALYZE, /* -r or -i */
	OPTIONS_EXPLAIN, /* the words are what to explain */
	OPTIONS_CHECK,   /* read the settings and stop */
	OPTIONS_LIST,    /* list the interfaces and stop */
	OPTIONS_VERSION,
	OPTIONS_HELP,
};

/* Values of --fail-on; as event.severity has them. */
enum options_severity {
	OPTIONS_NEVER,
	OPTIONS_LOW,
	OPTIONS_MEDIUM,
	OPTIONS_HIGH,
	OPTIONS_CRITICAL,
};

/* Texts in order; the texts are argv's, the array is ours. */
struct options_list {
	const char **items;
	size_t count;
};

struct options_report {
	const char *kind; /* "text" or "json" */
	const char *path; /* "-" is standard output */
};

struct options {
	enum options_command command;
	struct options_list reads;      /* -r: files and directories, "-" is stdin */
	struct options_list interfaces; /* -i; never with reads */
	struct options_list outputs;    /* -o: paths, "-" is stdout */
	struct options_list sets;       /* --set */
	struct options_list words;      /* after the options: a filter, or a question */
	struct options_report *reports;
	size_t report_count;      /* with the default report, without "none" */
	char *filter;             /* the words with blanks between; NULL: none */
	uint32_t datasets;        /* bit per enum dataset */
	const char *write_path;   /* -w; NULL: none */
	const char *evidence_path; /* --evidence; NULL: none */
	const char *config_path;  /* NULL: none */
	const char *user;         /* -Z; NULL: the default */
	uint64_t count;           /* -c packets; 0: all */
	uint64_t snaplen;         /* bytes */
	uint64_t buffer_kib;
	bool promiscuous_off;
	bool is_quiet;
	bool resync;
	enum options_severity fail_on;
	unsigned int verbosity; /* how often -v was given */

	bool report_none;  /* while parsing: --report was given as none */
};

/*
 * A row of the table. `take` stores the value (NULL for an option that takes
 * none): 0, or -1 and `err`, which does not name the option.
 */
struct option_row {
	char letter;          /* 0: none */
	const char *name;     /* long; NULL: none. Neither: `help` is a heading */
	const char *argument; /* what its value is called; NULL: takes none */
	const char *help;
	int (*take)(struct options *options, const struct option_row *row, const char *value,
	    char *err);
	size_t offset;      /* of the member that `take` fills, if it is generic */
	uint64_t minimum, maximum; /* of a number */
};

/* Appends, borrowing the texts. 0, or -1 and `err` when there is no memory. */
int options_list_add(struct options_list *list, const char *item, char *err);
int options_add_report(struct options *options, const char *kind, const char *path, char *err);

bool options_list_has(const struct options_list *list, const char *item);

/* The table, `*count` rows in the order of the usage text. */
const struct option_row *options_rows(size_t *count);

/*
 * Reads the command line. 0, or -1 and `err`: a usage error, with the nearest
 * right name where there is one. `out` is to be freed in both cases.
 */
int options_parse(int argc, char **argv, struct options *out, char *err);
void options_free(struct options *options);

/* Defaults, then the settings file, then --set in order. */
enum settings_status options_settings(const struct options *options, struct settings *out,
    char *err);

/* What -h and --version print. */
void options_usage(FILE *out);
void options_version(FILE *out);

#endif
