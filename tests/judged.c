/*
 * What the tests of detectors do alike.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/log.h"
#include "tests/judged.h"
#include "tests/one_pair.h"

static void
note_reasons(struct judged *judged, const struct fact_list *list)
{
	const struct alert_reason *reasons = list->items;
	size_t used;
	uint32_t i;

	judged->reasons[0] = '\0';
	for (i = 0; i < list->count; i++) {
		used = strlen(judged->reasons);
		snprintf(judged->reasons + used, sizeof(judged->reasons) - used, "%s%s",
		    i > 0 ? " " : "", reasons[i].name);
	}
}

static void
collect(void *owner, const struct event *event)
{
	struct judged *judged = owner;
	const struct alert_facts *facts = event->facts;

	if (event->id == EVENT_ALERT_OPENED && judged->opened++ == 0)
		judged->opened_ns = judged->now_ns;
	judged->closed += event->id == EVENT_ALERT_CLOSED;
	judged->packets = facts->counts.packets;
	judged->targets = facts->counts.targets;
	snprintf(judged->rule, sizeof(judged->rule), "%s", facts->rule->name);
	snprintf(judged->severity, sizeof(judged->severity), "%s", facts->severity_name);
	snprintf(judged->message, sizeof(judged->message), "%s", facts->message);
	note_reasons(judged, &facts->reasons);
}

void
judged_start(struct judged *judged, const struct detector *detector)
{
	char err[ERR_SIZE];

	memset(judged, 0, sizeof(*judged));
	settings_defaults(&judged->settings);
	judged->detector = detector;
	judged->now_ns = START_NS;
	judged->wait.earliest_ns = &judged->next_ns;
	judged->emitter = (struct emitter){ UINT32_C(1) << DATASET_ALERT, collect, judged };
	judged->context = (struct detector_context){ .settings = &judged->settings,
		.pairs = one_pair(), .wait = &judged->wait, .key = hash_key_fixed() };
	judged->incidents = incidents_create(&judged->settings, &judged->emitter, &judged->wait,
	    &judged->context.key, err);
	assert_non_null(judged->incidents);
	judged->context.incidents = judged->incidents;
	judged->state = detector->create(&judged->context, err);
	assert_non_null(judged->state);
}

void
judged_finish(struct judged *judged)
{
	if (judged->detector->finish != NULL)
		judged->detector->finish(judged->state, judged->now_ns);
	incidents_finish(judged->incidents);
}

void
judged_stop(struct judged *judged)
{
	judged->detector->destroy(judged->state);
	incidents_free(judged->incidents);
}

uint64_t
judged_opened_ms(const struct judged *judged)
{
	return judged->opened == 0 ? 0 : (judged->opened_ns - START_NS) / MS;
}
