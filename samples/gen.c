/*
 * Writes every synthetic capture of this folder, byte-identical each time.
 *
 * usage: gen DIR       writes the captures into DIR
 *        gen --rows    prints the rows of README.md
 */
#include <stdio.h>
#include <string.h>

#include "samples/scenarios.h"

static void
write_pcap(const struct scene *s, struct writer *w)
{
	uint32_t snap_len = s->scenario->snap_len;
	size_t i;

	writer_pcap_header(w, WRITER_US, snap_len > 0 ? snap_len : SCENE_SNAP_LEN,
	    s->scenario->link_type);
	for (i = 0; i < s->frame_count; i++)
		writer_pcap_record(w, WRITER_US, &s->frames[i]);
}

static int
write_file(const struct scene *s, const char *directory)
{
	const struct scenario *scenario = s->scenario;
	struct writer w = { 0 };
	char path[1024];
	int result;

	if (scenario->write != NULL)
		scenario->write(s, &w);
	else
		write_pcap(s, &w);
	if (scenario->damage != NULL)
		scenario->damage(&w);
	snprintf(path, sizeof(path), "%s/%s", directory, scenario->file);
	result = writer_save(&w, path);
	if (result != 0)
		perror(path);
	writer_free(&w);
	return result;
}

static int
generate(const struct scenario *scenario, const char *directory)
{
	struct scene scene;
	int result = scene_init(&scene, scenario);

	if (result == 0) {
		scenario->play(&scene);
		if (scene.failed) {
			fprintf(stderr, "%s: cannot be encoded\n", scenario->file);
			result = -1;
		} else {
			result = write_file(&scene, directory);
		}
	}
	scene_free(&scene);
	return result;
}

int
main(int argc, char **argv)
{
	const struct scenario *const *table, *scenario;
	bool is_listing = argc == 2 && strcmp(argv[1], "--rows") == 0;

	if (argc != 2) {
		fprintf(stderr, "usage: gen DIR | --rows\n");
		return 2;
	}
	for (table = scenario_tables; *table != NULL; table++) {
		for (scenario = *table; scenario->file != NULL; scenario++) {
			if (is_listing)
				printf("| `%s` | %s |\n", scenario->file, scenario->shows);
			else if (generate(scenario, argv[1]) != 0)
				return 1;
		}
	}
	return 0;
}
