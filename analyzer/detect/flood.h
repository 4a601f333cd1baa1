/*
 * The state of the detector of floods, shared by its files: flood.c judges,
 * flood_finding.c tells. Nobody else includes this.
 */
#ifndef ANALYZER_DETECT_FLOOD_H
#define ANALYZER_DETECT_FLOOD_H

#include "analyzer/core/distinct.h"
#include "analyzer/detect/subject.h"

/* Classes of messages that are judged together. */
enum flood_class {
	FLOOD_REQUEST,
	FLOOD_ANSWER, /* replies and errors: what a host may have asked for */
	FLOOD_NEIGHBOR,
	FLOOD_LISTENER,
	FLOOD_OTHER,
	FLOOD_CLASSES,
	FLOOD_NONE = FLOOD_CLASSES, /* not judged here */
};

/* What made a second, or several, a flood. */
enum flood_evidence {
	FLOOD_SUDDEN = 1, /* the cumulative sum */
	FLOOD_LASTING = 2, /* seconds over the rate */
	FLOOD_HEAVY = 4,  /* octets */
	FLOOD_STEADY = 8, /* not so many, but on and on */
};

/* A flood, or what may become one, since its first second out of the ordinary. */
struct flood_episode {
	uint64_t first_ns, last_ns;  /* capture's clock */
	uint64_t packets, bytes;
	uint32_t peak;               /* packets in a second */
	uint32_t told;               /* in this second there must be so many to tell again */
	uint32_t over_rate, over_octets, steady, calm; /* seconds */
	uint32_t longest;            /* seconds in a row that were steady */
	uint64_t excess;             /* of these, twice what is over half of the rate */
	uint8_t evidence;            /* of enum flood_evidence */
	uint8_t version, type, code, ttl; /* of the latest message */
	struct addr source, latest;  /* of its first message, and of the latest */
	struct distinct sources;
};

/*
 * Messages of a class to a host. All that an ordinary second needs stands in
 * front, for nearly all are.
 */
struct flood {
	struct subject subject; /* victim; kind: the class */
	uint64_t second;        /* of analysis time, that is counted now */
	uint64_t begun_ns;      /* capture's clock: its first message */
	uint64_t octets;
	uint32_t count;         /* packets in it, fragments each */
	uint32_t messages;      /* in it; of probes of a path only the first */
	uint32_t credit;        /* messages that the host has asked for */
	uint32_t learned;       /* seconds that mean and variance are made of */
	float sum;              /* the cumulative sum, in packets */
	float mean, variance;   /* of a second, when there is no flood */
	struct flood_episode episode; /* packets 0: there is none */
};

/* Tells of a flood, by what its evidence says. */
void flood_report(struct subjects *subjects, struct flood *flood, const struct packet *packet,
    uint64_t now_ns);

/* The rate a second above which a class is a flood. */
uint64_t flood_rate(const struct settings *settings, enum flood_class class);

#endif
