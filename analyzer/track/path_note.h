/*
 * What is learned of a path besides its hops: loops, rate limits, changes,
 * path MTUs, redirects. Each is remembered, told once, and told again only
 * after a silence. Shared by the trackers path and pmtu.
 */
#ifndef ANALYZER_TRACK_PATH_NOTE_H
#define ANALYZER_TRACK_PATH_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/report.h"
#include "analyzer/core/table.h"
#include "analyzer/track/tracker.h"

/* Key of the table of notes: no implicit padding. */
struct path_note_key {
	struct addr source;      /* of the datagrams on the path */
	struct addr destination;
	struct addr about;       /* the router it concerns, or none */
	uint8_t event;           /* enum event_id */
	uint8_t zero[4];
};

struct path_note {
	struct entry entry;
	struct path_note_key key;
	uint64_t first_ns, last_ns; /* capture's clock */
	uint64_t count;             /* times it was found */
	uint64_t settled_ns;        /* when its MTU was first told, capture's clock */
	uint64_t oversized;         /* datagrams seen since that are larger than its MTU */
	uint64_t unheeded;          /* errors since that told it again */
	struct path_facts facts;
	struct addr routers[PATH_ROUTERS_MAX]; /* those that facts.routers lists */
};

struct path_notes {
	const struct emitter *emitter;
	struct table table;
	uint64_t repeat_ns;
	struct report_path_note *rows; /* of the latest report */
};

int path_notes_init(struct path_notes *notes, const struct tracker_context *context,
    const char *name, uint64_t capacity, char *err);
void path_notes_free(struct path_notes *notes);

/* The facts of a note of this IP version before anything is known. */
struct path_facts path_facts_unknown(uint8_t version);

/*
 * The note of a key, added if need be, as found once more at `when_ns` of the
 * capture's clock. `*is_news` tells whether it is new or has been silent for
 * so long that it is to be told again.
 */
struct path_note *path_note_find(struct path_notes *notes, const struct path_note_key *key,
    uint64_t when_ns, uint64_t now_ns, bool *is_news);

/* Sends the note as an event. `packet` is the frame that tells it, or NULL. */
void path_note_emit(struct path_notes *notes, struct path_note *note,
    const struct packet *packet, uint64_t when_ns);

/*
 * The notes as rows, by event, then by source and destination. NULL when
 * memory ran out; valid until the next call.
 */
const struct report_path_note *path_notes_report(struct path_notes *notes, uint32_t *count);

#endif
