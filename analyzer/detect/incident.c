/*
 * The life of an incident: opened by the first finding that is worth it,
 * updated when severity rises, packets grew fourfold or a minute passed, closed
 * when its detector found nothing new for a while. A closed one stays known, so
 * that the same attack again soon is the same incident.
 */
#include "analyzer/detect/incident.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define NS_PER_S UINT64_C(1000000000)
#define UPDATE_NS (60 * NS_PER_S)
#define GROWTH 4 /* times as many packets are worth an update */
#define INCIDENT_ID_SIZE 17
#define ROWS_MAX REPORT_LIST_MAX

/* Key of the table: no implicit padding. */
struct incident_key {
	struct subject_key subject;
	uint8_t rule; /* index of the detector */
	uint8_t zero;
};

struct incident {
	struct entry entry; /* touched by each finding */
	struct incident_key key;
	struct finding finding; /* the latest */
	uint64_t id;
	uint64_t due_ns;        /* analysis time at which it closes */
	uint64_t told_ns;       /* analysis time of its latest event */
	int64_t told_packets;
	uint8_t severity, score;
	bool is_open;
	bool is_from_outside; /* and that is less */
};

struct incidents {
	const struct emitter *emitter;
	const struct settings *settings;
	struct table table;
	uint32_t open_count;
	struct wait *wait;   /* for the first to close */
	uint64_t known_ns;   /* capture's clock, as far as it has come */
	uint64_t second;     /* of analysis time, in which `opened` were */
	uint64_t opened, opens_max;
	uint64_t suppressed; /* not opened, for there were too many */
	/* of the latest report */
	struct alert_facts *rows;
	struct alert_reason (*reasons)[FINDING_REASONS_MAX];
	char (*ids)[INCIDENT_ID_SIZE];
};

_Static_assert(sizeof(struct subject_key) == 2 * sizeof(struct addr) + sizeof(uint16_t) + 4 &&
    sizeof(struct incident_key) == sizeof(struct subject_key) + 2,
    "padding in the key of incidents");

static struct incident_key
key_of(const struct finding *finding)
{
	struct incident_key key = { .subject = finding->key };

	while (detectors[key.rule] != finding->detector)
		key.rule++;
	return key;
}

/*
 * An incident's name: it differs between captures and repeats with each, however
 * many detectors there are.
 */
static uint64_t
id_of(const struct incident *incident)
{
	const char *rule = incident->finding.detector->rule.name;
	const struct hash_key fixed = hash_key_fixed();
	uint64_t id = hash_bytes(&fixed, &incident->key.subject, sizeof(incident->key.subject));

	id = hash_derive(id, hash_bytes(&fixed, rule, strlen(rule)));
	return hash_derive(id, incident->finding.first_ns);
}

static void
fill_facts(const struct incident *incident, struct alert_reason *reasons, char *id,
    struct alert_facts *out)
{
	static const char *const severities[] = {
		[0] = "none",
		[SEVERITY_LOW] = "low",
		[SEVERITY_MEDIUM] = "medium",
		[SEVERITY_HIGH] = "high",
		[SEVERITY_CRITICAL] = "critical",
	};
	const struct finding *finding = &incident->finding;
	uint32_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < finding->reason_count; i++)
		reasons[i] = (struct alert_reason){ finding->reasons[i].name,
			finding->reasons[i].evidence, finding->reasons[i].weight };
	snprintf(id, INCIDENT_ID_SIZE, "%016" PRIx64, incident->id);
	out->rule = incident->is_from_outside ? finding->detector->from_outside :
	    &finding->detector->rule;
	out->id = id;
	out->severity = incident->severity;
	out->severity_name = severities[incident->severity];
	out->risk_score = incident->score;
	out->confidence = finding_confidence(finding);
	out->reasons = (struct fact_list){ reasons, finding->reason_count, sizeof(*reasons) };
	out->tool = finding->tool;
	out->threshold.name = finding->threshold;
	out->threshold.value = finding->threshold_value;
	out->counts = finding->counts;
	out->related = (struct fact_list){ finding->related, finding->related_count,
		sizeof(finding->related[0]) };
	out->message = finding->message;
	out->actor = finding->actor;
	out->victim = finding->victim;
	out->first_ns = (int64_t)finding->first_ns;
	out->last_ns = (int64_t)finding->last_ns;
}

/* Tells of an incident; `packet` is the one that led to it, or NULL. */
static void
tell(struct incidents *incidents, enum event_id id, struct incident *incident,
    const struct packet *packet, uint64_t now_ns)
{
	struct alert_reason reasons[FINDING_REASONS_MAX];
	char text[INCIDENT_ID_SIZE];
	struct alert_facts facts;
	const struct event event = {
		.id = id,
		.when_ns = packet != NULL ? packet->frame->when_ns : incidents->known_ns,
		.start_ns = incident->finding.first_ns,
		.end_ns = incident->finding.last_ns,
		.ordinal = incident->id,
		.source = incident->finding.actor,
		.destination = incident->finding.victim,
		.packet = packet,
		.facts = &facts,
	};

	incident->told_ns = now_ns;
	incident->told_packets = incident->finding.counts.packets;
	if (!emitter_wants(incidents->emitter, DATASET_ALERT))
		return;
	fill_facts(incident, reasons, text, &facts);
	incidents->emitter->emit(incidents->emitter->owner, &event);
}

static void
close_incident(struct incidents *incidents, struct incident *incident, uint64_t now_ns)
{
	incident->is_open = false;
	incidents->open_count--;
	tell(incidents, EVENT_ALERT_CLOSED, incident, NULL, now_ns);
}

/* The table is full: what is longest without news ends. */
static void
recycle(void *owner, struct entry *entry)
{
	struct incidents *incidents = owner;
	struct incident *incident = (struct incident *)entry;

	if (incident->is_open)
		close_incident(incidents, incident, entry->seen_ns);
}

void
incidents_free(struct incidents *incidents)
{
	if (incidents == NULL)
		return;
	table_free(&incidents->table);
	free(incidents->rows);
	free(incidents->reasons);
	free(incidents->ids);
	free(incidents);
}

struct incidents *
incidents_create(const struct settings *settings, const struct emitter *emitter,
    struct wait *wait, const struct hash_key *key, char *err)
{
	struct incidents *incidents = calloc(1, sizeof(*incidents));
	const struct table_config config = {
		.name = "detect.incidents",
		.entry_size = sizeof(struct incident),
		.key_size = sizeof(struct incident_key),
		.capacity = (uint32_t)settings->detect_incidents,
		.hash_key = *key,
		.recycle = recycle,
		.owner = incidents,
	};

	if (incidents == NULL) {
		snprintf(err, ERR_SIZE, "no memory for incidents");
		return NULL;
	}
	incidents->emitter = emitter;
	incidents->settings = settings;
	incidents->opens_max = settings->detect_opens;
	incidents->wait = wait;
	if (table_init(&incidents->table, &config, err) != 0) {
		incidents_free(incidents);
		return NULL;
	}
	return incidents;
}

/* Whether this second may have one more incident. */
static bool
may_open(struct incidents *incidents, uint64_t now_ns)
{
	uint64_t second = now_ns / NS_PER_S;

	if (second != incidents->second) {
		incidents->second = second;
		incidents->opened = 0;
	}
	if (incidents->opened == incidents->opens_max) {
		incidents->suppressed++;
		return false;
	}
	incidents->opened++;
	return true;
}

/* Whether the user says that the actor may do that. */
static bool
is_spared(const struct incidents *incidents, const struct finding *finding)
{
	return finding->detector->spares_monitors &&
	       prefix_list_has(&incidents->settings->detect_monitors, &finding->actor);
}

/* Whether it is less because the actor is nobody of ours. */
static bool
is_from_outside(const struct incidents *incidents, const struct finding *finding)
{
	const struct prefix_list *home = &incidents->settings->detect_home_networks;

	return finding->detector->from_outside != NULL && home->count > 0 &&
	       finding->actor.version != 0 && !prefix_list_has(home, &finding->actor);
}

/* Takes over what is found now; what was worst stays. */
static bool
take_finding(const struct incidents *incidents, struct incident *incident,
    const struct finding *finding)
{
	uint64_t first_ns = incident->finding.first_ns;
	unsigned score = finding_score(finding), severity = finding_severity(finding);
	bool has_risen;

	incident->is_from_outside = is_from_outside(incidents, finding);
	if (incident->is_from_outside && severity > SEVERITY_MEDIUM)
		severity = SEVERITY_MEDIUM;
	has_risen = severity > incident->severity;
	incident->finding = *finding;
	if (first_ns != 0 && first_ns < finding->first_ns)
		incident->finding.first_ns = first_ns;
	if (score > incident->score)
		incident->score = (uint8_t)score;
	if (has_risen)
		incident->severity = (uint8_t)severity;
	return has_risen;
}

static bool
has_grown(const struct incident *incident)
{
	return incident->finding.counts.packets >= GROWTH * incident->told_packets;
}

bool
incidents_report(struct incidents *incidents, const struct finding *finding,
    const struct packet *packet, uint64_t now_ns)
{
	const struct incident_key key = key_of(finding);
	struct incident *incident = (struct incident *)table_find(&incidents->table, &key);
	bool has_risen;

	if (is_spared(incidents, finding))
		return false;
	if (finding_severity(finding) == 0 && (incident == NULL || !incident->is_open))
		return false;
	if (incident == NULL || !incident->is_open) {
		if (!may_open(incidents, now_ns))
			return false;
	}
	if (incident == NULL)
		incident = (struct incident *)table_add(&incidents->table, &key, now_ns);
	else
		table_touch(&incidents->table, &incident->entry, now_ns);
	has_risen = take_finding(incidents, incident, finding);
	incident->due_ns = now_ns + finding->quiet_ns;
	wait_until(incidents->wait, incident->due_ns);
	if (!incident->is_open) {
		incident->is_open = true;
		incidents->open_count++;
		if (incident->id == 0)
			incident->id = id_of(incident);
		tell(incidents, EVENT_ALERT_OPENED, incident, packet, now_ns);
	} else if (has_risen || has_grown(incident) || now_ns - incident->told_ns >= UPDATE_NS) {
		tell(incidents, EVENT_ALERT_UPDATED, incident, packet, now_ns);
	}
	return true;
}

/* Closes what is due at `now_ns`; returns when the next is. */
static uint64_t
close_due(struct incidents *incidents, uint64_t now_ns)
{
	uint64_t due_ns = WAIT_NEVER;
	struct incident *incident;
	struct entry *entry;

	for (entry = table_oldest(&incidents->table); entry != NULL;
	    entry = table_newer(&incidents->table, entry)) {
		incident = (struct incident *)entry;
		if (!incident->is_open)
			continue;
		if (incident->due_ns <= now_ns)
			close_incident(incidents, incident, now_ns);
		else if (incident->due_ns < due_ns)
			due_ns = incident->due_ns;
	}
	return due_ns;
}

void
incidents_follow(struct incidents *incidents, uint64_t known_ns)
{
	incidents->known_ns = known_ns;
}

uint64_t
incidents_tick(struct incidents *incidents, uint64_t now_ns)
{
	return close_due(incidents, now_ns);
}

void
incidents_finish(struct incidents *incidents)
{
	(void)close_due(incidents, WAIT_NEVER);
}

/* Worst first, then by age. */
static int
compare_rows(const void *left, const void *right)
{
	const struct alert_facts *a = left, *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->risk_score != b->risk_score)
		return a->risk_score > b->risk_score ? -1 : 1;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	return strcmp(a->id, b->id);
}

int
incidents_rows(struct incidents *incidents, struct report *out)
{
	uint32_t count = incidents->table.count, i = 0;
	struct entry *entry;

	free(incidents->rows);
	free(incidents->reasons);
	free(incidents->ids);
	incidents->rows = calloc((size_t)count + 1, sizeof(*incidents->rows));
	incidents->reasons = calloc((size_t)count + 1, sizeof(*incidents->reasons));
	incidents->ids = calloc((size_t)count + 1, sizeof(*incidents->ids));
	if (incidents->rows == NULL || incidents->reasons == NULL || incidents->ids == NULL)
		return -1;
	for (entry = table_oldest(&incidents->table); entry != NULL;
	    entry = table_newer(&incidents->table, entry), i++)
		fill_facts((const struct incident *)entry, incidents->reasons[i],
		    incidents->ids[i], &incidents->rows[i]);
	qsort(incidents->rows, count, sizeof(*incidents->rows), compare_rows);
	out->alerts = incidents->rows;
	out->alert_total = count;
	out->alert_count = count < ROWS_MAX ? count : ROWS_MAX;
	out->alerts_suppressed = incidents->suppressed;
	return 0;
}

uint32_t
incidents_tables(const struct incidents *incidents, struct report_table *out, uint32_t max)
{
	if (max < 1)
		return 0;
	report_table_row(&incidents->table, out);
	return 1;
}
