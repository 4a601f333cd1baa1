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
	struct distinct flows;   /* with ports that the errors are about */
	struct distinct peers;   /* to which those go */
	struct addr reporter;    /* of the latest, like the next */
	struct addr peer;        /* that the flow goes to */
	uint32_t counts[DOUBTS_MAX];
	uint32_t firm;           /* of the errors, doubted for facts of several kinds */
	uint32_t hits;           /* of the errors, about flows that there are */
	uint32_t least_mtu;
	bool has_more_reporters, has_more_peers;
};

/* What a detector of such errors weighs with. */
struct doubt_bounds {
	uint64_t doubt; /* weight of what speaks against one error, or it is believed */
	uint64_t flows; /* to one peer that are many */
	uint64_t quiet_ns;
};

/* What makes such errors a detector. */
struct doubt_rule {
	enum doubt_scope scope;
	const char *threshold; /* the setting of bounds.doubt */
	struct doubt_bounds (*bounds)(const struct settings *settings);
	bool (*covers)(const struct icmp_msg *msg);

	/* The most that a finding with all its reasons may be worth. */
	enum severity (*ceiling)(const struct settings *settings, const struct doubted *doubted,
	    const struct finding *finding);

	/* Writes its message; the names of the ends are given. */
	void (*say)(const struct doubted *doubted, const char *reporter, const char *victim,
	    struct finding *finding);
};

/* An error: what is doubted enough is counted, and is news. */
void doubted_event(struct subjects *subjects, const struct doubt_rule *rule,
    const struct event *event, uint64_t now_ns);

/* Tells of a victim, as struct subjects wants it. */
void doubted_tell(struct subjects *subjects, const struct doubt_rule *rule,
    struct subject *subject, const struct packet *packet, uint64_t now_ns);

/* Whether flows to one peer are many, as when ports are guessed. */
bool doubted_has_guesses(const struct doubted *doubted, const struct doubt_bounds *bounds);

#endif
