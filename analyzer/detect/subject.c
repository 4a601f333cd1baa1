/*
 * Subjects: made, counted, and turned into findings.
 */
#include "analyzer/detect/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define TOUCH_NS UINT64_C(1000000000) /* subjects are in order of use to within it */
#define TELL_NS UINT64_C(1000000000)  /* news wait for more of them */
#define NEWCOMERS_NS UINT64_C(10000000000) /* in which so many new subjects are too many */
#define NEWCOMERS 8

struct subjects *
subjects_create(const struct detector *detector, const struct detector_context *context,
    uint32_t entry_size, uint64_t capacity, uint64_t idle_ns, char *err)
{
	struct subjects *subjects = calloc(1, sizeof(*subjects));
	struct table_config config = {
		.entry_size = entry_size,
		.key_size = sizeof(struct subject_key),
		.capacity = (uint32_t)capacity,
		.idle_ns = idle_ns,
		.hash_key = context->key,
	};

	if (subjects == NULL) {
		snprintf(err, ERR_SIZE, "no memory for %s", detector->rule.name);
		return NULL;
	}
	snprintf(subjects->name, sizeof(subjects->name), "detect.%s", detector->rule.name);
	config.name = subjects->name;
	subjects->incidents = context->incidents;
	subjects->settings = context->settings;
	subjects->detector = detector;
	subjects->wait = context->wait;
	subjects->pairs = context->pairs;
	recent_init(&subjects->recent);
	if (table_init(&subjects->table, &config, err) != 0) {
		free(subjects);
		return NULL;
	}
	return subjects;
}

void
subjects_destroy(void *state)
{
	struct subjects *subjects = state;

	if (subjects == NULL)
		return;
	table_free(&subjects->table);
	free(subjects);
}

uint32_t
subjects_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct subjects *subjects = state;

	if (max < 1)
		return 0;
	report_table_row(&subjects->table, out);
	return 1;
}

/* The entry that was used lately at the place of a key, or NULL. */
static struct subject *
recent_subject(const struct subjects *subjects, const uint32_t *place,
    const struct subject_key *key)
{
	struct subject *subject;

	if (*place == TABLE_NONE)
		return NULL;
	subject = (struct subject *)table_at(&subjects->table, *place);
	return subject_key_equal(&subject->key, key) ? subject : NULL;
}

struct subject *
subjects_find(struct subjects *subjects, const struct subject_key *key)
{
	uint32_t *place = recent_place(&subjects->recent, &key->actor, &key->victim, key->kind);
	struct subject *subject = recent_subject(subjects, place, key);

	if (subject != NULL)
		return subject;
	subject = (struct subject *)table_find(&subjects->table, key);
	if (subject != NULL)
		*place = table_index(&subjects->table, &subject->entry);
	return subject;
}

struct subject *
subjects_guess(struct subjects *subjects, const struct subject_key *key, enum pair_slot slot)
{
	struct entry **guess = pairs_guess(subjects->pairs, slot);
	struct subject *subject = (struct subject *)*guess;

	if (subject != NULL && subject_key_equal(&subject->key, key) &&
	    table_is_entry(&subject->entry))
		return subject;
	subject = (struct subject *)table_find(&subjects->table, key);
	if (subject != NULL)
		*guess = &subject->entry;
	return subject;
}

bool
subjects_admits(struct subjects *subjects, const struct subject_key *key, uint32_t times)
{
	if (subjects->table.count < subjects->table.config.capacity ||
	    subjects_find(subjects, key) != NULL)
		return true;
	return frequent_note(&subjects->frequent, recent_mix(&key->actor, &key->victim,
	    key->kind)) >= times;
}

void
subjects_expire(struct subjects *subjects, uint64_t now_ns)
{
	const struct subject_key *key;
	struct entry *entry;

	if (now_ns < subjects->expire_ns || subjects->table.config.idle_ns == 0)
		return;
	subjects->expire_ns = now_ns + TOUCH_NS;
	while ((entry = table_expire_next(&subjects->table, now_ns)) != NULL) {
		key = &((const struct subject *)entry)->key;
		recent_forget(recent_place(&subjects->recent, &key->actor, &key->victim, key->kind),
		    table_index(&subjects->table, entry));
	}
}

void
subjects_count(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t bytes, uint64_t now_ns)
{
	if (now_ns - subject->entry.seen_ns >= TOUCH_NS)
		table_touch(&subjects->table, &subject->entry, now_ns);
	if (subject->packets == 0)
		subject->first_ns = packet->frame->when_ns;
	subject->last_ns = packet->frame->when_ns;
	subject->packets++;
	subject->bytes += bytes;
}

struct subject *
subjects_note(struct subjects *subjects, const struct subject_key *key,
    const struct packet *packet, uint64_t bytes, uint64_t now_ns)
{
	struct subject *subject;

	subjects_expire(subjects, now_ns);
	subject = subjects_find(subjects, key);
	if (subject == NULL)
		subject = (struct subject *)table_add(&subjects->table, key, now_ns);
	subjects_count(subjects, subject, packet, bytes, now_ns);
	return subject;
}

bool
subjects_may_add(struct subjects *subjects, const struct subject_key *key, uint64_t now_ns)
{
	if (subjects_find(subjects, key) != NULL)
		return true;
	if (now_ns - subjects->span_ns > NEWCOMERS_NS) {
		subjects->span_ns = now_ns;
		subjects->newcomers = 0;
	}
	return ++subjects->newcomers <= NEWCOMERS;
}

bool
subjects_is_crowd(const struct subjects *subjects, uint64_t begun_ns, uint64_t now_ns)
{
	return subjects->newcomers > NEWCOMERS && begun_ns >= subjects->span_ns &&
	       now_ns - subjects->span_ns <= NEWCOMERS_NS;
}

bool
subjects_is_over(const struct subjects *subjects, uint64_t told_ns, uint64_t quiet_ns,
    uint64_t now_ns)
{
	return now_ns - told_ns >= quiet_ns + subjects->settings->detect_reopen_ns;
}

void
subject_restart(struct subject *subject)
{
	subject->first_ns = 0;
	subject->packets = subject->bytes = 0;
	subject->is_told = false;
}

void
subjects_news(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	if (!subject->is_told)
		subjects->tell(subjects, subject, packet, now_ns);
	else
		subjects_tell_at(subjects, subject, now_ns + TELL_NS);
}

void
subjects_tell_at(struct subjects *subjects, struct subject *subject, uint64_t when_ns)
{
	if (subject->is_news)
		return;
	subject->is_news = true;
	subjects->active++;
	wait_until(subjects->wait, when_ns);
}

uint64_t
subjects_tick(void *state, uint64_t now_ns)
{
	struct subjects *subjects = state;
	struct subject *subject;
	struct entry *entry;

	if (subjects->active == 0)
		return WAIT_NEVER;
	subjects->active = 0;
	for (entry = table_oldest(&subjects->table); entry != NULL;
	    entry = table_newer(&subjects->table, entry)) {
		subject = (struct subject *)entry;
		if (!subject->is_news)
			continue;
		subject->is_news = false; /* unless it asks for more time */
		subjects->tell(subjects, subject, NULL, now_ns);
	}
	return WAIT_NEVER;
}

void
subjects_finish(void *state, uint64_t now_ns)
{
	(void)subjects_tick(state, now_ns + TELL_NS);
}

void
subjects_finding(const struct subjects *subjects, const struct subject *subject,
    struct finding *out)
{
	finding_init(out, subjects->detector);
	out->actor = subject->key.actor;
	out->victim = subject->key.victim;
	out->key = subject->key;
	out->first_ns = subject->first_ns;
	out->last_ns = subject->last_ns;
	out->counts.packets = (int64_t)subject->packets;
	out->counts.bytes = (int64_t)subject->bytes;
}
