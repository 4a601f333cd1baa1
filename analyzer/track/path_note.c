/*
 * Notes: one table, told when new.
 */
#include "analyzer/track/path_note.h"

#include <stdlib.h>
#include <string.h>

int
path_notes_init(struct path_notes *notes, const struct tracker_context *context,
    const char *name, uint64_t capacity, char *err)
{
	const struct table_config config = {
		.name = name,
		.entry_size = sizeof(struct path_note),
		.key_size = sizeof(struct path_note_key),
		.capacity = (uint32_t)capacity,
		.hash_key = context->key,
	};

	notes->emitter = context->emitter;
	notes->repeat_ns = context->settings->path_repeat_ns;
	return table_init(&notes->table, &config, err);
}

void
path_notes_free(struct path_notes *notes)
{
	table_free(&notes->table);
	free(notes->rows);
}

struct path_facts
path_facts_unknown(uint8_t version)
{
	return (struct path_facts){
		.version = version,
		.mtu = EVENT_UNKNOWN,
		.previous_mtu = EVENT_UNKNOWN,
		.is_estimated = EVENT_UNKNOWN,
		.ttl = EVENT_UNKNOWN,
		.sent = EVENT_UNKNOWN,
		.loss = EVENT_UNKNOWN,
		.path_loss = EVENT_UNKNOWN,
		.count = EVENT_UNKNOWN,
		.bytes = EVENT_UNKNOWN,
		.delay_ns = EVENT_UNKNOWN,
		.is_quote_sent = EVENT_UNKNOWN,
		.is_from_first_hop = EVENT_UNKNOWN,
	};
}

struct path_note *
path_note_find(struct path_notes *notes, const struct path_note_key *key, uint64_t when_ns,
    uint64_t now_ns, bool *is_news)
{
	struct path_note *note;
	bool added;

	note = (struct path_note *)table_find_or_add(&notes->table, key, now_ns, &added);
	*is_news = added || now_ns - note->entry.seen_ns >= notes->repeat_ns;
	if (added) {
		note->first_ns = when_ns;
		note->facts = path_facts_unknown(key->source.version);
	}
	table_touch(&notes->table, &note->entry, now_ns);
	note->last_ns = when_ns;
	note->count++;
	return note;
}

void
path_note_emit(struct path_notes *notes, struct path_note *note, const struct packet *packet,
    uint64_t when_ns)
{
	const struct event event = {
		.id = (enum event_id)note->key.event,
		.when_ns = when_ns,
		.ordinal = packet != NULL ? packet->frame->ordinal : notes->table.added,
		.index = packet != NULL ? packet->index : 0,
		.source = note->key.source,
		.destination = note->key.destination,
		.packet = packet,
		.facts = &note->facts,
	};

	note->facts.routers.items = note->routers;
	note->facts.routers.size = sizeof(note->routers[0]);
	if (emitter_wants(notes->emitter, DATASET_PATH))
		notes->emitter->emit(notes->emitter->owner, &event);
}

static int
compare(const void *left, const void *right)
{
	const struct report_path_note *a = left, *b = right;
	int order = (int)a->event - (int)b->event;

	if (order == 0)
		order = addr_compare(&a->source, &b->source);
	if (order == 0)
		order = addr_compare(&a->destination, &b->destination);
	return order != 0 ? order : addr_compare(&a->about, &b->about);
}

const struct report_path_note *
path_notes_report(struct path_notes *notes, uint32_t *count)
{
	const struct path_note *note;
	struct report_path_note *row;
	struct entry *entry;

	free(notes->rows);
	notes->rows = row = calloc((size_t)notes->table.count + 1, sizeof(*row));
	if (row == NULL)
		return NULL;
	for (entry = table_oldest(&notes->table); entry != NULL;
	    entry = table_newer(&notes->table, entry)) {
		note = (const struct path_note *)entry;
		*row++ = (struct report_path_note){
			.event = (enum event_id)note->key.event,
			.source = note->key.source,
			.destination = note->key.destination,
			.about = note->key.about,
			.first_ns = note->first_ns,
			.last_ns = note->last_ns,
			.count = note->count,
			.facts = &note->facts,
		};
	}
	*count = notes->table.count;
	qsort(notes->rows, *count, sizeof(*row), compare);
	return notes->rows;
}
