/*
 * Alerts are taken where the pipeline hands events out.
 */
#include "tests/stage.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/log.h"

#define NS_PER_MS UINT64_C(1000000)
#define START_NS (UINT64_C(1700000000) * 1000 * NS_PER_MS)
#define MAC_LEN 6
#define ASSIGNMENT_SIZE 128

static const char *
source_name(void *owner, const struct frame *frame)
{
	(void)owner;
	(void)frame;
	return NULL;
}

static void
count_opened(struct stage *stage, const struct alert_rule *rule)
{
	uint32_t i;

	stage->opened++;
	for (i = 0; detectors[i] != NULL; i++)
		stage->opened_by[i] += strcmp(detectors[i]->rule.name, rule->name) == 0;
}

static void
note_alert(struct stage *stage, const struct event *event)
{
	const struct alert_facts *facts = event->facts;
	const struct alert_reason *reasons = facts->reasons.items;
	uint32_t i;

	if (event->id == EVENT_ALERT_OPENED)
		count_opened(stage, facts->rule);
	snprintf(stage->severity, sizeof(stage->severity), "%s", facts->severity_name);
	snprintf(stage->message, sizeof(stage->message), "%s", facts->message);
	stage->actor = facts->actor;
	stage->victim = facts->victim;
	stage->reasons[0] = '\0';
	for (i = 0; i < facts->reasons.count; i++)
		snprintf(stage->reasons + strlen(stage->reasons),
		    sizeof(stage->reasons) - strlen(stage->reasons), "%s%s", i > 0 ? " " : "",
		    reasons[i].name);
}

static void
emit(void *owner, const struct event *event)
{
	struct stage *stage = owner;

	if (event_type(event->id)->dataset == DATASET_ALERT &&
	    event->id != EVENT_ALERTS_SUPPRESSED)
		note_alert(stage, event);
	stage->emitter.emit(stage->emitter.owner, event);
}

/* Settings under which no other detector looks. */
static void
set_up(struct stage *stage, const struct detector *detector, const char *assignment)
{
	char text[ASSIGNMENT_SIZE], err[ERR_SIZE];
	int i, status = 0;

	settings_defaults(&stage->settings);
	stage->settings.detect_enabled = SWITCH_ON;
	for (i = 0; detectors[i] != NULL; i++) {
		snprintf(text, sizeof(text), "detect.%s.enabled=%s", detectors[i]->rule.name,
		    detector == NULL || detectors[i] == detector ? "on" : "off");
		status |= settings_set(&stage->settings, text, err);
	}
	if (assignment != NULL)
		status |= settings_set(&stage->settings, assignment, err);
	assert(status == 0);
	(void)status;
}

void
stage_open(struct stage *stage, const struct detector *detector, const char *assignment)
{
	const struct sink_context context = { .version = "0", .source_name = source_name };
	const struct hash_key key = hash_key_fixed();
	char err[ERR_SIZE];
	int status;

	memset(stage, 0, sizeof(*stage));
	set_up(stage, detector, assignment);
	sinks_init(&stage->sinks, &context);
	status = pipeline_init(&stage->analyzer, &stage->settings, &stage->sinks, &key, err);
	assert(status == 0);
	(void)status;
	stage->emitter = stage->analyzer.emitter;
	stage->analyzer.emitter = (struct emitter){
		.wanted = stage->emitter.wanted | UINT32_C(1) << DATASET_ALERT,
		.emit = emit, .owner = stage };
}

void
stage_send(struct stage *stage, uint64_t at_ms, const struct wire *w)
{
	struct frame frame = { .link_type = 1, .bytes = w->bytes, .captured = w->len,
		.length = w->len, .when_ns = START_NS + at_ms * NS_PER_MS };

	assert(!w->failed);
	frame.number = frame.ordinal = ++stage->number;
	pipeline_frame(&stage->analyzer, &frame);
}

void
stage_end(struct stage *stage)
{
	const struct pipeline_source source = { .input_count = 0 };

	pipeline_finish(&stage->analyzer, &source);
}

void
stage_close(struct stage *stage)
{
	char err[ERR_SIZE];

	pipeline_free(&stage->analyzer);
	(void)sinks_close(&stage->sinks, err);
}

static void
put_mac(uint8_t *out, uint8_t station)
{
	memset(out, 0, MAC_LEN);
	out[0] = 2;
	out[MAC_LEN - 1] = station;
}

void
stage_source(struct wire *w, uint8_t station)
{
	if (!w->failed)
		put_mac(w->bytes + MAC_LEN, station);
}

void
stage_destination(struct wire *w, uint8_t station)
{
	if (!w->failed)
		put_mac(w->bytes, station);
}
