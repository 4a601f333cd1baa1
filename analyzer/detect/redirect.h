/*
 * The state of the detector of forged redirects, shared by its files:
 * redirect_abuse.c judges, redirect_finding.c tells. Nobody else includes this.
 */
#ifndef ANALYZER_DETECT_REDIRECT_H
#define ANALYZER_DETECT_REDIRECT_H

#include "analyzer/core/distinct.h"
#include "analyzer/detect/station.h"
#include "analyzer/detect/subject.h"

/* What speaks against the redirects of a sender. */
enum redirect_evidence {
	REDIRECT_NOT_FIRST_HOP, /* the host sends to another station what goes there */
	REDIRECT_NOT_A_HOP,     /* it sends nothing to that station */
	REDIRECT_OTHERS_ADDRESS,/* another station sends from the address */
	REDIRECT_FROM_HOST,     /* the station says that it is no router */
	REDIRECT_UNLISTED,
	REDIRECT_TO_ITSELF,
	REDIRECT_TO_HOST,       /* the gateway's station says that it is no router */
	REDIRECT_TO_UNLISTED,
	REDIRECT_DROPPED,       /* by a rule */
	REDIRECT_OTHERS_QUOTE,  /* of a datagram that the host did not send */
	REDIRECT_NOT_SEEN,      /* nor anybody */
	REDIRECT_OF_REPLY,
	REDIRECT_UNPROMPTED,
	REDIRECT_NOT_SENT,      /* another datagram than the host sent last */
	REDIRECT_CROWD,
	REDIRECT_TOOL,
	REDIRECT_EVIDENCE
};

/* Who says to send redirects; or all of too many who do at once. */
struct redirector {
	struct subject subject;      /* actor, link */
	uint64_t begun_ns, told_ns;  /* analysis time */
	uint64_t evidence_ns;        /* when there was more of it */
	uint32_t evidence;           /* a bit of enum redirect_evidence each */
	uint32_t redirects, octets;
	enum anomaly rule;
	struct mac station, first_hop; /* that sent the latest of doubt, and that should have */
	struct mac owner;            /* of its address */
	int64_t delay_ns;
	struct addr victim, destination, gateway; /* of the latest */
	struct addr victims[FINDING_RELATED_MAX];
	struct distinct victim_count;
};

static inline bool
redirect_has(const struct redirector *redirector, enum redirect_evidence evidence)
{
	return redirector->evidence >> evidence & 1;
}

/* For struct subjects: tells what is known of a sender, if it is worth it. */
void redirect_tell(struct subjects *subjects, struct subject *subject,
    const struct packet *packet, uint64_t now_ns);

#endif
