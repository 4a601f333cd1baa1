/*
 * The usage text: the tables of options and settings, set in 80 columns.
 */
#include <stdio.h>
#include <string.h>

#include "analyzer/options.h"
#include "analyzer/settings.h"

#define HELP_COLUMN 28 /* where the explanations begin */
#define HELP_WIDTH 80

/* Prints `text` from HELP_COLUMN on, broken at blanks; the cursor is at `column`. */
static void
print_help(FILE *out, size_t column, const char *text)
{
	if (column + 1 > HELP_COLUMN) {
		fputc('\n', out);
		column = 0;
	}
	while (*text != '\0') {
		size_t len = strlen(text), room = HELP_WIDTH - HELP_COLUMN;

		if (len > room) {
			len = room;
			while (len > 0 && text[len] != ' ')
				len--;
			if (len == 0)
				len = room;
		}
		fprintf(out, "%*s%.*s\n", (int)(HELP_COLUMN - column), "", (int)len, text);
		column = 0;
		text += len + (text[len] == ' ');
	}
}

static void
print_option(FILE *out, const struct option_row *row)
{
	int column;

	if (row->letter != 0)
		column = fprintf(out, "  -%c", row->letter);
	else
		column = fprintf(out, "    ");
	if (row->name != NULL)
		column += fprintf(out, "%s --%s", row->letter != 0 ? "," : " ", row->name);
	if (row->argument != NULL)
		column += fprintf(out, " %s", row->argument);
	print_help(out, (size_t)column, row->help);
}

static void
print_setting(FILE *out, const struct settings_row *row)
{
	char standard[32] = "";
	int column;

	if (settings_has_number(row))
		settings_format(row, row->standard, standard, sizeof(standard));
	column = fprintf(out, "  %s=%s", row->key, standard);
	print_help(out, (size_t)column, row->help);
}

void
options_usage(FILE *out)
{
	const struct settings_row *settings;
	const struct option_row *rows;
	size_t count, i;

	fprintf(out, "usage: icmpscope -r FILE... [options] [filter expression]\n"
		     "       icmpscope -i IFACE   [options] [filter expression]\n"
		     "       icmpscope explain [TYPE | DETECTOR | FIELD]\n");
	rows = options_rows(&count);
	for (i = 0; i < count; i++) {
		if (rows[i].take == NULL)
			fprintf(out, "\n%s\n", rows[i].help);
		else
			print_option(out, &rows[i]);
	}
	fprintf(out, "\nKeys of --set and --config, with their defaults\n");
	settings = settings_rows(&count);
	for (i = 0; i < count; i++)
		print_setting(out, &settings[i]);
	fprintf(out, "\nExit: 0 done, 1 run-time error, 2 usage, 3 damaged input, 4 output lost,\n"
		     "5 capture source lost, 10 --fail-on.\n");
}
