/*
 * Subjects: made, counted, and turned into findings.
 */
#include "analyzer/detect/subject.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"

struct subjects *
subjects_create(const struct detector *detector, const struct detector_context *context,
    const char *name, uint32_t entry_size, uint64_t capacity, uint64_t idle_ns, char *err)
{
	struct subjects *subjects = calloc(1, sizeof(*subjects));
	const struct table_config config = {
		.name = name,
		.entry_size = entry_size,
		.key_size = sizeof(struct subject_key),
		.capacity = (uint32_t)capacity,
		.idle_ns = idle_ns,
		.hash_key = context->key,
	};

	if (subjects == NULL) {
		snprintf(err, ERR_SIZE, "no memory for %s", name);
		return NULL;
	}
	subjects->incidents = context->incidents;
	subjects->settings = context->settings;
	subjects->detector = detector;
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

struct subject *
subjects_find(const struct subjects *subjects, const struct subject_key *key)
{
	return (struct subject *)table_find(&subjects->table, key);
}

struct subject *
subjects_note(struct subjects *subjects, const struct subject_key *key,
    const struct packet *packet, uint64_t bytes, uint64_t now_ns)
{
	struct subject *subject;
	bool added;

	while (table_expire_next(&subjects->table, now_ns) != NULL)
		continue;
	subject = (struct subject *)table_find_or_add(&subjects->table, key, now_ns, &added);
	if (added)
		subject->first_ns = packet->frame->when_ns;
	else
		table_touch(&subjects->table, &subject->entry, now_ns);
	subject->last_ns = packet->frame->when_ns;
	subject->packets++;
	subject->bytes += bytes;
	return subject;
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
