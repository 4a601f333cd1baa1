/*
 * The state of the detector of spoofed neighbors, shared by its files:
 * neighbor_spoof.c keeps, neighbor_spoof_finding.c judges and tells. Nobody else
 * includes this.
 */
#ifndef ANALYZER_DETECT_NEIGHBOR_SPOOF_H
#define ANALYZER_DETECT_NEIGHBOR_SPOOF_H

#include "analyzer/core/distinct.h"
#include "analyzer/detect/subject.h"

#define SPOOF_TAKEN_MAX 8 /* addresses that a station took, remembered */

/* What happened to an address that was taken. */
struct taken_tally {
	uint64_t last_ns;   /* analysis time: taken the last time */
	uint64_t again_ns;  /* the shortest time in which it was taken twice; 0: it was not */
	uint64_t return_ns; /* the shortest after which the owner claimed it; 0: it did not */
	uint64_t frame;     /* the latest that took it */
	uint32_t times;     /* it was taken */
	uint32_t unasked;   /* advertisements of it that answer nothing */
	bool is_to_one;     /* such, to one host instead of all */
};

/* An address that a station claims and another had: that is remembered longer. */
struct taken {
	struct addr address;
	struct mac owner;   /* zero: nobody is known to have it */
	bool was_router;
	struct taken_tally tally;
};

/* Addresses that hosts wanted, and were told that they are in use. */
struct refusals {
	uint64_t passed;             /* how many they got */
	struct distinct identifiers; /* of the refused ones: one host has one for all prefixes */
	struct distinct objectors;   /* MACs of who said so */
	struct addr some[FINDING_RELATED_MAX];
};

/* A station that takes addresses; or all who refuse some on a link. */
struct spoof {
	struct subject subject; /* actor: of the station's MAC; kind: the link */
	uint64_t begun_ns;      /* analysis time: of what is counted */
	struct mac mac;
	uint8_t zero[2];
	struct addr own;        /* an address that the station had before, if any */
	uint8_t zero_too[3];
	uint32_t taken_next;    /* of `taken`, taken in turn */
	struct taken taken[SPOOF_TAKEN_MAX];
	struct refusals refusals;
};

/* A MAC and the first address that it had. Key: no implicit padding. */
struct station_key {
	struct mac mac;
	uint16_t link;
};

struct station {
	struct entry entry;
	struct station_key key;
	struct addr own;
	uint8_t zero[7];
};

/* The detector's state. */
struct spoofs {
	struct subjects *subjects;
	struct table stations;
};

/* Whether a subject is the refusals on a link, by its kind. */
bool spoof_is_refusals(const struct spoof *spoof);

/* Judges a subject and tells of it: for struct subjects. */
void spoof_tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns);

#endif
