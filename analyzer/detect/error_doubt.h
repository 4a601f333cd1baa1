/*
 * What speaks against an error: facts that it cannot have, or hardly, if it came
 * about as it says. One alone may be the fault of a router or of NAT. Shared by
 * the detectors of forged errors: of those about the size of a datagram
 * (pmtu_attack.c), and of those that end or slow a flow (forged_error.c).
 */
#ifndef ANALYZER_DETECT_ERROR_DOUBT_H
#define ANALYZER_DETECT_ERROR_DOUBT_H

#include "analyzer/core/distinct.h"
#include "analyzer/detect/subject.h"

#define DOUBTS_MAX 16

/* Which errors a doubt is about, and who weighs it. */
enum doubt_scope {
	DOUBT_OF_SIZE = 1, /* errors that name an MTU */
	DOUBT_OF_END = 2,  /* errors that end or slow a flow */
	DOUBT_OF_BOTH = 3,
};

/* Errors to one victim that are doubted. */
struct doubted {
	struct subject subject;  /* counts the errors; its key has the victim alone */
	uint64_t told_ns, told;  /* errors when last told */
	struct distinct flows;   /* that the errors are about */
	struct distinct peers;   /* to which those go */
	struct addr reporter;    /* of the latest, like the next */
	struct addr peer;        /* that the flow goes to */
	uint32_t counts[DOUBTS_MAX];
	uint32_t firm;           /* of the errors, doubted for facts of several kinds */
	uint32_t hits;           /* of the errors, about flows that there are */
	uint32_t least_mtu;
	bool has_more_reporters, has_more_peers;
};

/* What a detector of such errors is made with. */
struct doubt_settings {
	enum doubt_scope scope;
	uint64_t least;   /* weight of what speaks against one error, or it is believed */
	uint64_t guesses; /* flows to one peer that are many */
};

/*
 * Counts an error that is doubted enough, if its victim would believe it.
 * Returns its subject when that is to be told of now, else NULL.
 */
struct doubted *doubted_note(struct subjects *subjects, const struct doubt_settings *settings,
    const struct event *event, uint64_t now_ns);

/* The finding of a victim: addresses, counts, and what speaks against its errors. */
void doubted_finding(const struct subjects *subjects, const struct doubt_settings *settings,
    const struct doubted *doubted, struct finding *out);

/* Whether that is enough for a finding. */
bool doubted_stands(const struct doubted *doubted, const struct doubt_settings *settings,
    const struct finding *finding);

/* Whether flows to one peer are many, as when ports are guessed. */
bool doubted_has_guesses(const struct doubted *doubted, const struct doubt_settings *settings);

/* The next subject of which not all was told, from `entry` on; NULL at the end. */
struct doubted *doubted_untold(const struct subjects *subjects, struct entry *entry);

#endif
