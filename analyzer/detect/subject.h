/*
 * Subjects: what most detectors keep, a bounded table of whom they suspect of
 * what, and what they need to report it. A detector's own entry begins with a
 * struct subject.
 *
 *	struct flood {
 *		struct subject subject;
 *		...			zero when added
 *	};
 */
#ifndef ANALYZER_DETECT_SUBJECT_H
#define ANALYZER_DETECT_SUBJECT_H

#include <stdbool.h>

#include "analyzer/core/frequent.h"
#include "analyzer/core/recent.h"
#include "analyzer/core/table.h"
#include "analyzer/detect/incident.h"

#define SUBJECTS_NAME_SIZE 64

struct subject {
	struct entry entry;
	struct subject_key key;
	uint64_t first_ns, last_ns; /* capture's clock */
	uint64_t packets, bytes;    /* of ICMP */
	bool is_told;               /* the detector reported it */
	bool is_news;               /* there is more to tell soon */
	uint8_t zero[6];
};

/* The state of a detector that keeps one table of subjects. */
struct subjects {
	struct incidents *incidents;
	const struct settings *settings;
	const struct detector *detector;
	struct wait *wait;
	char name[SUBJECTS_NAME_SIZE]; /* of the table: "detect." and the rule's */
	struct table table;
	struct recent recent;
	struct pairs *pairs; /* borrowed: which subject is likely */
	struct frequent frequent; /* keys that are no subjects yet */
	uint64_t expire_ns; /* when to look for subjects without news */
	uint32_t active; /* subjects that time must look at, as the detector counts them */
	uint64_t span_ns; /* start of the span in which newcomers are counted */
	uint32_t newcomers;
	/* Reports a subject, if it is worth that, for subjects_news; the detector's,
	 * or NULL. `packet` led to it, or is NULL. */
	void (*tell)(struct subjects *subjects, struct subject *subject,
	    const struct packet *packet, uint64_t now_ns);
};

/*
 * Makes the state: octets of the detector's entry, how many there may be, and
 * how long one is kept without news (0: for ever). NULL and `err` when memory
 * ran out.
 */
struct subjects *subjects_create(const struct detector *detector,
    const struct detector_context *context, uint32_t entry_size, uint64_t capacity,
    uint64_t idle_ns, char *err);

/* For struct detector: `state` is a struct subjects. */
void subjects_destroy(void *state);
uint32_t subjects_tables(const void *state, struct report_table *out, uint32_t max);

/* The subject of a key, or NULL. */
struct subject *subjects_find(struct subjects *subjects, const struct subject_key *key);

/* Forgets subjects that have been without news for too long. */
void subjects_expire(struct subjects *subjects, uint64_t now_ns);

/*
 * The same where nearly every echo has one, with the place of its guess for
 * the packet at hand.
 */
struct subject *subjects_guess(struct subjects *subjects, const struct subject_key *key,
    enum pair_slot slot);

/* Counts a packet of `bytes` octets of ICMP, and touches the subject. */
void subjects_count(struct subjects *subjects, struct subject *subject,
    const struct packet *packet, uint64_t bytes, uint64_t now_ns);

/*
 * Whether a key has a subject or may become one: there is room, or it came so
 * many times among others that came once. To be asked where strangers choose
 * the key.
 */
bool subjects_admits(struct subjects *subjects, const struct subject_key *key, uint32_t times);

/*
 * The subject of a key, added if need be and touched; counts the packet, of
 * `bytes` octets of ICMP.
 */
struct subject *subjects_note(struct subjects *subjects, const struct subject_key *key,
    const struct packet *packet, uint64_t bytes, uint64_t now_ns);

/*
 * Whether a key has a subject, or may get one: of too many new ones at once,
 * which one sender makes up, no more are wanted than the first.
 */
bool subjects_may_add(struct subjects *subjects, const struct subject_key *key, uint64_t now_ns);

/* Whether one that came at `begun_ns` came with too many others. */
bool subjects_is_crowd(const struct subjects *subjects, uint64_t begun_ns, uint64_t now_ns);

/*
 * Whether the incident of a finding that was told at `told_ns` is over for good,
 * `quiet_ns` being that of the finding: what is found now begins another.
 */
bool subjects_is_over(const struct subjects *subjects, uint64_t told_ns, uint64_t quiet_ns,
    uint64_t now_ns);

/* Begins a subject afresh: its times and counts are those of the packets to come. */
void subject_restart(struct subject *subject);

/*
 * There is something new about a subject: judged by `tell` at once as long as it
 * was not told, and told again a second after it came.
 */
void subjects_news(struct subjects *subjects, struct subject *subject,
    const struct packet *packet, uint64_t now_ns);

/* Has a subject told at that time, or with others before. */
void subjects_tell_at(struct subjects *subjects, struct subject *subject, uint64_t when_ns);

/* For struct detector: tells what is new. */
uint64_t subjects_tick(void *state, uint64_t now_ns);
void subjects_finish(void *state, uint64_t now_ns);

/* A finding about a subject, with its ends, times and counts; no reasons yet. */
void subjects_finding(const struct subjects *subjects, const struct subject *subject,
    struct finding *out);

#endif
