/*
 * The life of an incident on a set clock: opened once, updated when it grows
 * worse, closed after silence, the same again when it comes back; too many at
 * once are counted.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/incident.h"
#include "analyzer/log.h"

#define S UINT64_C(1000000000)
#define START_NS (UINT64_C(1700000000) * S)
#define QUIET_S 300
#define REOPEN_S 600
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	struct settings settings;
	struct emitter emitter;
	struct incidents *incidents;
	struct wait wait;
	uint64_t next_ns;
	char events[4096];
	char id[32]; /* of the latest alert */
	char technique[16];
};

/* "suppressed:80 of 4, icmp_flood:80, 192.0.2.7:20 ..." */
static void
collect_suppressed(struct fixture *fixture, const struct suppressed_facts *facts)
{
	const struct suppressed_facts_item *rules = facts->rules.items, *worst = facts->worst.items;
	char victim[ADDR_TEXT_SIZE];
	size_t used;
	uint32_t i;

	used = (size_t)snprintf(fixture->events, sizeof(fixture->events), "suppressed:%d of %d",
	    (int)facts->findings, (int)facts->subjects);
	for (i = 0; i < facts->rules.count; i++)
		used += (size_t)snprintf(fixture->events + used, sizeof(fixture->events) - used,
		    ", %s:%d", rules[i].rule, (int)rules[i].findings);
	for (i = 0; i < facts->worst.count; i++) {
		addr_text(&worst[i].victim, victim);
		used += (size_t)snprintf(fixture->events + used, sizeof(fixture->events) - used,
		    " %s:%d", victim, (int)worst[i].findings);
	}
}

static void
collect(void *owner, const struct event *event)
{
	struct fixture *fixture = owner;
	const struct alert_facts *facts = event->facts;
	size_t used = strlen(fixture->events);

	assert_int_equal(event_type(event->id)->dataset, DATASET_ALERT);
	if (event->id == EVENT_ALERTS_SUPPRESSED) {
		collect_suppressed(fixture, event->facts);
		return;
	}
	snprintf(fixture->events + used, sizeof(fixture->events) - used, "%s%s:%s:%d",
	    used > 0 ? " " : "", event_type(event->id)->action + strlen("alert_"),
	    facts->severity_name, (int)facts->counts.packets);
	snprintf(fixture->id, sizeof(fixture->id), "%s", facts->id);
	snprintf(fixture->technique, sizeof(fixture->technique), "%s", facts->rule->technique_id);
}

static void
make_incidents(struct fixture *fixture)
{
	const struct hash_key key = hash_key_fixed();
	char err[ERR_SIZE];

	fixture->incidents = incidents_create(&fixture->settings, &fixture->emitter,
	    &fixture->wait, &key, err);
	assert_non_null(fixture->incidents);
}

static void
start(struct fixture *fixture, uint64_t incidents, uint64_t opens)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->wait.earliest_ns = &fixture->next_ns;
	settings_defaults(&fixture->settings);
	fixture->settings.detect_incidents = incidents;
	fixture->settings.detect_opens = opens;
	fixture->emitter = (struct emitter){ UINT32_C(1) << DATASET_ALERT, collect, fixture };
	make_incidents(fixture);
}

/* A finding about 192.0.2.`victim` at a second of the script. */
static void
make_finding(struct finding *finding, uint64_t at_s, uint8_t victim, unsigned weight,
    int64_t packets)
{
	finding_init(finding, detectors[0]);
	finding->actor = (struct addr){ .version = 4, .bytes = { 192, 0, 2, 1 } };
	finding->victim = (struct addr){ .version = 4, .bytes = { 192, 0, 2, victim } };
	finding->key.victim = finding->victim;
	finding->first_ns = finding->last_ns = START_NS + at_s * S;
	finding->quiet_ns = QUIET_S * S;
	finding->counts.packets = packets;
	finding_reason(finding, "reason", REASON_RATE, weight, "%d", 1);
}

struct step {
	uint64_t at_s;
	unsigned weight; /* 0: time passes */
	int64_t packets;
	const char *events;
};

static void
run_steps(struct fixture *fixture, const struct step *steps, size_t count)
{
	struct finding finding;
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t now_ns = START_NS + steps[i].at_s * S;

		fixture->events[0] = '\0';
		incidents_follow(fixture->incidents, now_ns);
		incidents_tick(fixture->incidents, now_ns);
		if (steps[i].weight > 0) {
			make_finding(&finding, steps[i].at_s, 2, steps[i].weight, steps[i].packets);
			incidents_report(fixture->incidents, &finding, NULL, now_ns);
		}
		if (strcmp(fixture->events, steps[i].events) != 0)
			print_error("step %u: expected \"%s\", got \"%s\"\n", (unsigned)i,
			    steps[i].events, fixture->events);
		assert_string_equal(fixture->events, steps[i].events);
	}
}

static void
test_life(void **state)
{
	static const struct step steps[] = {
		{ 0, 20, 1, "" },                          /* not worth it */
		{ 1, 50, 10, "opened:medium:10" },
		{ 2, 50, 11, "" },
		{ 3, 76, 12, "updated:high:12" },          /* rose */
		{ 4, 50, 13, "" },                         /* and does not fall */
		{ 5, 50, 48, "updated:high:48" },          /* four times as many */
		{ 64, 50, 49, "" },
		{ 65, 50, 50, "updated:high:50" },         /* a minute since it was told */
		{ 66, 20, 51, "" },
		{ 67, 10, 51, "" },                        /* too little to go on for */
		{ 66 + QUIET_S - 1, 0, 0, "" },
		{ 66 + QUIET_S, 0, 0, "closed:high:51" },
		{ 66 + 2 * QUIET_S, 0, 0, "" },
	};
	struct fixture fixture;

	(void)state;
	start(&fixture, 16, 20);
	run_steps(&fixture, steps, COUNT(steps));
	incidents_free(fixture.incidents);
}

static void
test_again(void **state)
{
	static const struct step first[] = {
		{ 0, 50, 1, "opened:medium:1" },
		{ QUIET_S, 0, 0, "closed:medium:1" },
	};
	static const struct step again[] = {
		{ QUIET_S + REOPEN_S - 1, 60, 2, "opened:medium:2" },
		{ 2 * QUIET_S + REOPEN_S - 1, 0, 0, "closed:medium:2" },
	};
	static const struct step later[] = {
		{ 2 * (QUIET_S + REOPEN_S), 30, 3, "opened:low:3" },
	};
	struct report report = { .alert_total = 0 };
	struct fixture fixture;
	char id[sizeof(fixture.id)];

	(void)state;
	start(&fixture, 16, 20);
	run_steps(&fixture, first, COUNT(first));
	memcpy(id, fixture.id, sizeof(id));
	run_steps(&fixture, again, COUNT(again));
	assert_string_equal(fixture.id, id);
	run_steps(&fixture, later, COUNT(later));
	assert_string_not_equal(fixture.id, id);
	assert_int_equal(incidents_rows(fixture.incidents, &report), 0);
	assert_int_equal(report.alert_total, 2);
	assert_string_equal(report.alerts[0].id, id);
	assert_int_equal(report.alerts[0].reopened, 1);
	assert_int_equal(report.alerts[1].reopened, EVENT_UNKNOWN);
	assert_int_equal(incidents_worst(fixture.incidents), SEVERITY_MEDIUM);
	incidents_free(fixture.incidents);
}

static void
test_finish(void **state)
{
	static const struct step steps[] = { { 0, 95, 1, "opened:critical:1" } };
	struct fixture fixture;

	(void)state;
	start(&fixture, 16, 20);
	run_steps(&fixture, steps, COUNT(steps));
	fixture.events[0] = '\0';
	incidents_finish(fixture.incidents);
	assert_string_equal(fixture.events, "closed:critical:1");
	fixture.events[0] = '\0';
	incidents_finish(fixture.incidents);
	assert_string_equal(fixture.events, "");
	incidents_free(fixture.incidents);
}

/* Of a hundred subjects in one second 20 open; the rest is counted. */
static void
test_too_many(void **state)
{
	struct report report = { .alert_total = 0 };
	struct fixture fixture;
	struct finding finding;
	unsigned i, opened = 0;

	(void)state;
	start(&fixture, 1000, 20);
	for (i = 0; i < 100; i++) {
		make_finding(&finding, 0, (uint8_t)i, 50, 1);
		opened += incidents_report(fixture.incidents, &finding, NULL, START_NS);
	}
	assert_int_equal(opened, 20);
	make_finding(&finding, 1, 99, 50, 1);
	assert_true(incidents_report(fixture.incidents, &finding, NULL, START_NS + S));
	assert_int_equal(incidents_rows(fixture.incidents, &report), 0);
	assert_int_equal(report.alert_total, 21);
	assert_in_range(report.alerts_suppressed, 70, 90);
	incidents_free(fixture.incidents);
}

/* What is held back is told once a minute, those with the most findings by name. */
static void
test_suppressed(void **state)
{
	struct fixture fixture;
	struct finding finding;
	unsigned i;

	(void)state;
	start(&fixture, 16, 1);
	incidents_follow(fixture.incidents, START_NS);
	for (i = 0; i < 12; i++) {
		make_finding(&finding, 0, (uint8_t)(i % 4), 50, 1);
		(void)incidents_report(fixture.incidents, &finding, NULL, START_NS);
	}
	make_finding(&finding, 0, 3, 50, 1);
	(void)incidents_report(fixture.incidents, &finding, NULL, START_NS);
	fixture.events[0] = '\0';
	assert_true(incidents_tick(fixture.incidents, START_NS + 59 * S) == START_NS + 60 * S);
	assert_string_equal(fixture.events, "");
	incidents_tick(fixture.incidents, START_NS + 60 * S);
	assert_string_equal(fixture.events, "suppressed:10 of 3, covert_channel:10 192.0.2.3:4 "
	    "192.0.2.1:3 192.0.2.2:3");
	fixture.events[0] = '\0';
	incidents_tick(fixture.incidents, START_NS + 120 * S);
	assert_string_equal(fixture.events, "");
	incidents_free(fixture.incidents);
}

/* Many incidents that grow at once are told as fast as they may, a worse one always. */
static void
test_updates(void **state)
{
	struct fixture fixture;
	struct finding finding;
	unsigned i;

	(void)state;
	start(&fixture, 16, 20);
	fixture.settings.detect_updates = 2;
	incidents_free(fixture.incidents);
	make_incidents(&fixture);
	for (i = 0; i < 6; i++) {
		make_finding(&finding, 0, (uint8_t)i, 50, 1);
		(void)incidents_report(fixture.incidents, &finding, NULL, START_NS);
	}
	fixture.events[0] = '\0';
	for (i = 0; i < 6; i++) {
		make_finding(&finding, 1, (uint8_t)i, i < 5 ? 50 : 90, 10);
		(void)incidents_report(fixture.incidents, &finding, NULL, START_NS + S);
	}
	assert_string_equal(fixture.events,
	    "updated:medium:10 updated:medium:10 updated:critical:10");
	incidents_free(fixture.incidents);
}

/* A full table closes what is longest without news before it forgets it. */
static void
test_full(void **state)
{
	struct fixture fixture;
	struct finding finding;
	unsigned i;

	(void)state;
	start(&fixture, 16, 1000);
	for (i = 0; i < 16; i++) {
		make_finding(&finding, 0, (uint8_t)i, 50, i);
		assert_true(incidents_report(fixture.incidents, &finding, NULL, START_NS));
	}
	fixture.events[0] = '\0';
	make_finding(&finding, 0, 100, 50, 7);
	assert_true(incidents_report(fixture.incidents, &finding, NULL, START_NS));
	assert_string_equal(fixture.events, "closed:medium:0 opened:medium:7");
	incidents_free(fixture.incidents);
}

/* What the user says of monitors and of networks that are theirs. */
static void
test_networks(void **state)
{
	static const struct {
		const char *assignment; /* the actor is 192.0.2.1 */
		const struct detector *detector;
		const char *events, *technique;
	} cases[] = {
		{ "detect.monitors=", &detector_ping_sweep, "opened:high:9", "T1018" },
		{ "detect.monitors=192.0.2.0/30", &detector_ping_sweep, "", "" },
		{ "detect.monitors=192.0.2.2", &detector_ping_sweep, "opened:high:9", "T1018" },
		{ "detect.monitors=192.0.2.1", &detector_icmp_recon, "", "" },
		{ "detect.monitors=192.0.2.1", &detector_icmp_tunnel, "opened:high:9", "T1095" },
		{ "detect.home_networks=192.0.2.0/24", &detector_ping_sweep, "opened:high:9", "T1018" },
		{ "detect.home_networks=10.0.0.0/8", &detector_ping_sweep, "opened:medium:9",
		  "T1595.001" },
		{ "detect.home_networks=10.0.0.0/8", &detector_icmp_tunnel, "opened:high:9", "T1095" },
	};
	struct fixture fixture;
	struct finding finding;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		start(&fixture, 16, 20);
		assert_int_equal(settings_set(&fixture.settings, cases[i].assignment, err), 0);
		make_finding(&finding, 0, 2, 80, 9);
		finding.detector = cases[i].detector;
		assert_int_equal(incidents_report(fixture.incidents, &finding, NULL, START_NS),
		    cases[i].events[0] != '\0');
		assert_string_equal(fixture.events, cases[i].events);
		assert_string_equal(fixture.technique, cases[i].technique);
		incidents_free(fixture.incidents);
	}
}

static void
test_finding(void **state)
{
	struct finding finding;
	const struct addr one = { .version = 4, .bytes = { 192, 0, 2, 1 } };
	unsigned i;

	(void)state;
	finding_init(&finding, detectors[0]);
	assert_int_equal(finding_severity(&finding), 0);
	assert_string_equal(finding_confidence(&finding), "low");
	finding_reason(&finding, "a", REASON_RATE, 30, "x");
	assert_int_equal(finding_severity(&finding), SEVERITY_LOW);
	finding_reason(&finding, "b", REASON_RATE, 20, "x");
	assert_string_equal(finding_confidence(&finding), "low"); /* the same kind */
	assert_int_equal(finding_severity(&finding), SEVERITY_MEDIUM);
	finding_reason(&finding, "c", REASON_CONTENT, 25, "x");
	assert_string_equal(finding_confidence(&finding), "medium");
	assert_int_equal(finding_severity(&finding), SEVERITY_HIGH);
	finding.ceiling = SEVERITY_LOW;
	assert_int_equal(finding_severity(&finding), SEVERITY_LOW);
	finding.ceiling = 0;
	finding.floor = SEVERITY_CRITICAL;
	assert_int_equal(finding_severity(&finding), SEVERITY_CRITICAL);
	for (i = 0; i < 2 * FINDING_REASONS_MAX; i++)
		finding_reason(&finding, "d", REASON_FLOW, 100, "x");
	assert_int_equal(finding.reason_count, FINDING_REASONS_MAX);
	assert_int_equal(finding_score(&finding), 100);
	finding_relate(&finding, &one);
	finding_relate(&finding, &one);
	assert_int_equal(finding.related_count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_finish),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_suppressed),
		cmocka_unit_test(test_updates),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
