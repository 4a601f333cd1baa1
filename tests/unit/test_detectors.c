/*
 * What must hold for every detector, and for the settings that are theirs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/log.h"

#define PREFIX "detect."
#define KEY_SIZE 128

static void
test_rows(void **state)
{
	const struct detector *const *detector, *const *other;

	(void)state;
	for (detector = detectors; *detector != NULL; detector++) {
		const struct alert_rule *rule = &(*detector)->rule;

		assert_non_null(rule->title);
		assert_non_null((*detector)->meaning);
		assert_non_null((*detector)->create);
		assert_non_null((*detector)->destroy);
		assert_int_equal((*detector)->observes != 0, (*detector)->event != NULL);
		assert_int_equal(rule->technique_id != NULL, rule->tactic_id != NULL);
		for (other = detectors; other < detector; other++) {
			assert_string_not_equal(rule->name, (*other)->rule.name);
			assert_string_not_equal(rule->id, (*other)->rule.id);
		}
	}
	assert_in_range(detector - detectors, 1, DETECTORS_MAX);
}

/* Each can be turned off, and is on unless that is done. */
static void
test_enabled(void **state)
{
	const struct detector *const *detector;
	char assignment[KEY_SIZE], err[ERR_SIZE];
	struct settings settings;

	(void)state;
	for (detector = detectors; *detector != NULL; detector++) {
		settings_defaults(&settings);
		if (!detector_is_on(*detector, &settings))
			fail_msg("detect.%s.enabled is missing or off", (*detector)->rule.name);
		snprintf(assignment, sizeof(assignment), PREFIX "%s.enabled=off",
		    (*detector)->rule.name);
		assert_int_equal(settings_set(&settings, assignment, err), 0);
		assert_false(detector_is_on(*detector, &settings));
	}
}

/* A setting "detect.<name>.<setting>" is a detector's. */
static void
test_settings(void **state)
{
	const struct detector *const *detector;
	const struct settings_row *rows;
	size_t count, i, len;
	const char *name;

	(void)state;
	rows = settings_rows(&count);
	for (i = 0; i < count; i++) {
		name = rows[i].key + strlen(PREFIX);
		if (strncmp(rows[i].key, PREFIX, strlen(PREFIX)) != 0 || strchr(name, '.') == NULL)
			continue;
		len = strcspn(name, ".");
		for (detector = detectors; *detector != NULL; detector++)
			if (strlen((*detector)->rule.name) == len &&
			    memcmp((*detector)->rule.name, name, len) == 0)
				break;
		if (*detector == NULL)
			fail_msg("%s is a setting of no detector", rows[i].key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_enabled),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
