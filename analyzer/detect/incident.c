/*
 * The life of an incident: opened by the first finding that is worth it,
 * updated when severity rises, packets grew fourfold or a minute passed, closed
 * when its detector found nothing new for a while. A closed one stays known, so
 * that the same attack again soon is the same incident; later it is another.
 */
#include "analyzer/detect/incident_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define NS_PER_S UINT64_C(1000000000)
#define UPDATE_NS (60 * NS_PER_S)
#define GROWTH 4 /* times as many packets are worth an update */

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
	incident_facts(incident, reasons, text, &facts);
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

/* Detectors that are off; another may find what they do. */
static uint32_t
those_off(const struct settings *settings)
{
	uint32_t off = 0, i;

	for (i = 0; detectors[i] != NULL; i++)
		if (!detector_is_on(detectors[i], settings))
			off |= UINT32_C(1) << i;
	return off;
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
	incidents->off = those_off(settings);
	incidents->reopen_ns = settings->detect_reopen_ns;
	incidents->opens.most = settings->detect_opens;
	incidents->updates.most = settings->detect_updates;
	incidents->wait = wait;
	if (table_init(&incidents->table, &config, err) != 0) {
		incidents_free(incidents);
		return NULL;
	}
	return incidents;
}

/* Takes one of this second, unless it has no more. */
static bool
budget_take(struct budget *budget, uint64_t now_ns)
{
	uint64_t second = now_ns / NS_PER_S;

	if (second != budget->second) {
		budget->second = second;
		budget->used = 0;
	}
	if (budget->used == budget->most)
		return false;
	budget->used++;
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
	if (first_ns != 0)
		incident->finding.first_ns = first_ns;
	if (score > incident->score)
		incident->score = (uint8_t)score;
	if (has_risen)
		incident->severity = (uint8_t)severity;
	return has_risen;
}

/*
 * Puts an incident that is over for good aside, for the report; its subject's
 * next begins where this one did not reach.
 */
static void
set_aside(struct incidents *incidents, struct incident *incident, const struct finding *next,
    uint64_t now_ns)
{
	struct incident_key key = incident->key;
	struct incident *past;
	struct entry entry;

	key.past = incident->id;
	past = (struct incident *)table_add(&incidents->table, &key, now_ns);
	entry = past->entry;
	*past = *incident;
	past->entry = entry;
	past->key = key;
	entry = incident->entry;
	key.past = 0;
	memset(incident, 0, sizeof(*incident));
	incident->entry = entry;
	incident->key = key;
	incident->finding.first_ns = next->first_ns > past->finding.last_ns ? next->first_ns :
	    next->last_ns;
}

/* The incident of the key as it is to be opened: a new one, or the same again. */
static struct incident *
prepare(struct incidents *incidents, struct incident *known, const struct incident_key *key,
    const struct finding *finding, uint64_t now_ns)
{
	if (known == NULL)
		return (struct incident *)table_add(&incidents->table, key, now_ns);
	table_touch(&incidents->table, &known->entry, now_ns);
	if (now_ns - known->due_ns < incidents->reopen_ns)
		known->reopened++;
	else
		set_aside(incidents, known, finding, now_ns);
	return known;
}

static void
note_quiet(struct incidents *incidents, struct incident *incident, uint64_t now_ns)
{
	incident->due_ns = now_ns + incident->finding.quiet_ns;
	wait_until(incidents->wait, incident->due_ns);
}

/* Opens the incident of a finding. Returns whether it might. */
static bool
open_incident(struct incidents *incidents, struct incident *known,
    const struct incident_key *key, const struct finding *finding,
    const struct packet *packet, uint64_t now_ns)
{
	struct incident *incident;

	if (!budget_take(&incidents->opens, now_ns)) {
		suppressed_note(&incidents->suppressed, key->rule, finding, now_ns);
		wait_until(incidents->wait, incidents->suppressed.due_ns);
		return false;
	}
	incident = prepare(incidents, known, key, finding, now_ns);
	(void)take_finding(incidents, incident, finding);
	note_quiet(incidents, incident, now_ns);
	incident->is_open = true;
	incidents->open_count++;
	if (incident->id == 0)
		incident->id = id_of(incident);
	if (incident->severity > incidents->worst)
		incidents->worst = incident->severity;
	tell(incidents, EVENT_ALERT_OPENED, incident, packet, now_ns);
	return true;
}

static bool
has_grown(const struct incident *incident)
{
	int64_t packets = incident->finding.counts.packets;

	return packets > 0 && packets >= GROWTH * incident->told_packets;
}

/* What is found of an open incident. What is not told now is with the next or the last. */
static void
update_incident(struct incidents *incidents, struct incident *incident,
    const struct finding *finding, const struct packet *packet, uint64_t now_ns)
{
	bool has_risen = take_finding(incidents, incident, finding);

	table_touch(&incidents->table, &incident->entry, now_ns);
	if (finding_lasts(finding))
		note_quiet(incidents, incident, now_ns);
	if (incident->severity > incidents->worst)
		incidents->worst = incident->severity;
	if (has_risen || ((has_grown(incident) || now_ns - incident->told_ns >= UPDATE_NS) &&
	    budget_take(&incidents->updates, now_ns)))
		tell(incidents, EVENT_ALERT_UPDATED, incident, packet, now_ns);
}

/* Whether a late finding speaks of the time of an incident that was closed since. */
static bool
is_told(const struct incident *incident, const struct finding *finding)
{
	return finding->last_ns < incident->finding.last_ns + incident->finding.quiet_ns;
}

bool
incidents_report(struct incidents *incidents, const struct finding *finding,
    const struct packet *packet, uint64_t now_ns)
{
	const struct incident_key key = key_of(finding);
	struct incident *incident = (struct incident *)table_find(&incidents->table, &key);

	if ((incidents->off >> key.rule & 1) != 0)
		return false;
	if (incident != NULL && incident->is_open) {
		update_incident(incidents, incident, finding, packet, now_ns);
		return true;
	}
	if (incident != NULL && packet == NULL && is_told(incident, finding))
		return false;
	return finding_severity(finding) > 0 && !is_spared(incidents, finding) &&
	    open_incident(incidents, incident, &key, finding, packet, now_ns);
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
	uint64_t closes_ns = close_due(incidents, now_ns);
	uint64_t tells_ns = suppressed_tell(&incidents->suppressed, incidents->emitter,
	    incidents->known_ns, now_ns);

	return closes_ns < tells_ns ? closes_ns : tells_ns;
}

void
incidents_finish(struct incidents *incidents)
{
	(void)close_due(incidents, WAIT_NEVER);
	(void)suppressed_tell(&incidents->suppressed, incidents->emitter, incidents->known_ns,
	    WAIT_NEVER);
}

unsigned
incidents_worst(const struct incidents *incidents)
{
	return incidents->worst;
}

uint32_t
incidents_tables(const struct incidents *incidents, struct report_table *out, uint32_t max)
{
	if (max < 1)
		return 0;
	report_table_row(&incidents->table, out);
	return 1;
}
