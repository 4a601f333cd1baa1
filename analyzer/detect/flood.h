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
	FLOOD_NONE, /* not judged here */
	FLOOD_REQUEST,
	FLOOD_REPLY,
	FLOOD_ERROR,
	FLOOD_NEIGHBOR,
	FLOOD_LISTENER,
	FLOOD_OTHER,
	FLOOD_CLASSES
};

/* What made a second, or several, a flood. */
enum flood_evidence {
	FLOOD_SUDDEN = 1, /* the cumulative sum */
	FLOOD_LASTING = 2, /* seconds over the rate */
	FLOOD_HEAVY = 4,  /* octets */
	FLOOD_STEADY = 8, /* not so many, but on and on */
};

/* Messages of a class to a host, and since when there are too many. */
struct flood {
	struct subject subject; /* victim; kind: the class */
	uint64_t second;        /* of analysis time, that is counted now */
	uint32_t count, limit;  /* messages in it; how many are worth a report at once */
	uint64_t octets;
	uint32_t credit;        /* messages that the host has asked for */
	uint32_t over_rate, over_octets, steady, calm; /* seconds */
	double sum;             /* the cumulative sum, in messages */
	double mean, variance;  /* of a second, when there is no flood */
	uint32_t learned;       /* seconds they are made of */
	/* Of the flood, from its first second on that was out of the ordinary. */
	uint64_t first_ns, last_ns;
	uint64_t packets, bytes, unasked;
	uint32_t peak;          /* messages in a second */
	uint8_t evidence;       /* of enum flood_evidence */
	uint8_t version, type, code; /* of the latest message */
	struct addr source;     /* of the first message */
	struct distinct sources;
};

/* Tells of a flood, by what its evidence says. */
void flood_report(struct subjects *subjects, struct flood *flood, const struct packet *packet,
    uint64_t now_ns);

/* The rate a second above which a class is a flood, and its setting. */
uint64_t flood_rate(const struct settings *settings, enum flood_class class);
const char *flood_rate_name(enum flood_class class);

#endif
