/*
 * The settings file: the one place that knows libyaml. It follows the parser's
 * events with the dotted key of the map it is in; lists where one value is
 * expected, anchors, a second document and a key given twice are errors, with
 * the file and the line.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "analyzer/log.h"
#include "analyzer/settings.h"

#define DEPTH_MAX 8 /* nested maps */
#define KEY_MAX 128 /* bytes of a dotted key */

struct loader {
	struct settings *settings;
	const char *path;
	char *err;
	char key[KEY_MAX]; /* dotted, of the map or the value we are at */
	size_t key_len;
	size_t map_len[DEPTH_MAX]; /* key_len of each map we are in */
	size_t depth;
	bool has_key; /* a key was read, its value comes next */
	const struct settings_row *list; /* whose items come, or NULL */
	bool seen[SETTINGS_ROWS_MAX];
};

static int
fail(struct loader *loader, const yaml_mark_t *mark, const char *why)
{
	snprintf(loader->err, ERR_SIZE, "%.150s:%zu: %.320s", loader->path, mark->line + 1, why);
	return -1;
}

/* Lengthens the key by one part, which becomes the key whose value comes. */
static int
enter_key(struct loader *loader, const yaml_event_t *event)
{
	const char *part = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	size_t dot = loader->key_len > 0;

	if (len == 0 || loader->key_len + dot + len > KEY_MAX || strlen(part) != len)
		return fail(loader, &event->start_mark, "no setting has such a key");
	if (dot)
		loader->key[loader->key_len++] = '.';
	memcpy(loader->key + loader->key_len, part, len);
	loader->key_len += len;
	loader->has_key = true;
	return 0;
}

/* Cuts the key back to the map we are in, now that its value is done. */
static void
leave_key(struct loader *loader)
{
	loader->key_len = loader->depth > 0 ? loader->map_len[loader->depth - 1] : 0;
	loader->has_key = false;
}

/* Whether settings begin with the key: then an empty value is an empty map. */
static bool
is_group(const struct loader *loader)
{
	const struct settings_row *rows;
	size_t count, i;

	rows = settings_rows(&count);
	for (i = 0; i < count; i++)
		if (strncmp(rows[i].key, loader->key, loader->key_len) == 0 &&
		    rows[i].key[loader->key_len] == '.')
			return true;
	return false;
}

/* Puts a value where the key says, which may be once. */
static int
put_value(struct loader *loader, const yaml_mark_t *mark, const char *value)
{
	const struct settings_row *row, *rows;
	char why[ERR_SIZE];
	size_t count;

	rows = settings_rows(&count);
	row = settings_find(loader->key, loader->key_len);
	if (row != NULL && loader->seen[row - rows])
		return fail(loader, mark, "this setting was given before");
	if (row != NULL)
		loader->seen[row - rows] = true;
	if (settings_put(loader->settings, loader->key, loader->key_len, value, why) == -1)
		return fail(loader, mark, why);
	return 0;
}

static int
take_value(struct loader *loader, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	char why[ERR_SIZE];

	if (strlen(value) != event->data.scalar.length)
		return fail(loader, &event->start_mark, "a value with a NUL in it");
	if (loader->list != NULL) {
		if (settings_add(loader->settings, loader->list, value, why) == -1)
			return fail(loader, &event->start_mark, why);
		return 0;
	}
	if ((value[0] != '\0' || !is_group(loader)) &&
	    put_value(loader, &event->start_mark, value) == -1)
		return -1;
	leave_key(loader);
	return 0;
}

/* A list takes the place of what the setting was, item by item. */
static int
enter_list(struct loader *loader, const yaml_event_t *event)
{
	const struct settings_row *row = loader->has_key ?
	    settings_find(loader->key, loader->key_len) : NULL;

	if (row == NULL || row->kind != SETTINGS_PREFIXES || loader->list != NULL)
		return fail(loader, &event->start_mark, "a list, where a value is expected");
	loader->list = row;
	return put_value(loader, &event->start_mark, "");
}

static void
leave_list(struct loader *loader)
{
	loader->list = NULL;
	leave_key(loader);
}

static int
enter_map(struct loader *loader, const yaml_event_t *event)
{
	if (loader->depth > 0 && !loader->has_key)
		return fail(loader, &event->start_mark, "a map cannot be a key");
	if (loader->list != NULL)
		return fail(loader, &event->start_mark, "a map, where a value is expected");
	if (loader->depth == DEPTH_MAX)
		return fail(loader, &event->start_mark, "maps nested too deep");
	loader->map_len[loader->depth++] = loader->key_len;
	loader->has_key = false;
	return 0;
}

static int
take_event(struct loader *loader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		if (loader->has_key)
			return take_value(loader, event);
		if (loader->depth > 0)
			return enter_key(loader, event);
		if (event->data.scalar.length == 0)
			return 0;
		return fail(loader, &event->start_mark, "settings are lines of \"key: value\"");
	case YAML_MAPPING_START_EVENT:
		return enter_map(loader, event);
	case YAML_MAPPING_END_EVENT:
		loader->depth--;
		leave_key(loader);
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		return enter_list(loader, event);
	case YAML_SEQUENCE_END_EVENT:
		leave_list(loader);
		return 0;
	case YAML_ALIAS_EVENT:
		return fail(loader, &event->start_mark, "aliases are not supported");
	default:
		return 0;
	}
}

static enum settings_status
load_events(struct loader *loader, yaml_parser_t *parser)
{
	yaml_event_t event;
	bool is_last = false;
	int documents = 0;
	int status = 0;

	while (status == 0 && !is_last) {
		if (!yaml_parser_parse(parser, &event)) {
			fail(loader, &parser->problem_mark,
			    parser->problem != NULL ? parser->problem : "not YAML");
			return SETTINGS_WRONG;
		}
		is_last = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT && ++documents > 1)
			status = fail(loader, &event.start_mark, "a second document");
		else
			status = take_event(loader, &event);
		yaml_event_delete(&event);
	}
	return status == 0 ? SETTINGS_OK : SETTINGS_WRONG;
}

enum settings_status
settings_load(struct settings *settings, const char *path, char *err)
{
	struct loader loader = { .settings = settings, .path = path, .err = err };
	enum settings_status status;
	yaml_parser_t parser;
	FILE *file;

	file = fopen(path, "rb");
	if (file == NULL) {
		snprintf(err, ERR_SIZE, "%.300s: %s", path, strerror(errno));
		return SETTINGS_UNREADABLE;
	}
	if (!yaml_parser_initialize(&parser)) {
		snprintf(err, ERR_SIZE, "%.300s: out of memory", path);
		fclose(file);
		return SETTINGS_UNREADABLE;
	}
	yaml_parser_set_input_file(&parser, file);
	status = load_events(&loader, &parser);
	yaml_parser_delete(&parser);
	fclose(file);
	return status;
}
