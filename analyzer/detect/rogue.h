/*
 * The state of the detector of rogue routers, shared by its files:
 * rogue_router.c judges, rogue_finding.c tells. Nobody else includes this.
 */
#ifndef ANALYZER_DETECT_ROGUE_H
#define ANALYZER_DETECT_ROGUE_H

#include "analyzer/core/prefix.h"
#include "analyzer/detect/station.h"
#include "analyzer/detect/subject.h"

#define ROGUE_PREFIXES 8 /* of a router, remembered */
#define ROGUE_SERVERS 4

/* What speaks against a router, or against what is said in its name. */
enum rogue_evidence {
	ROGUE_BESIDE,      /* it appeared beside one that goes on */
	ROGUE_BESIDE_LATE, /* and that after all routers had time to be heard */
	ROGUE_PREFERRED,   /* over that one */
	ROGUE_OTHER_PREFIX,
	ROGUE_OTHER_SERVER,
	ROGUE_HIGHEST,     /* preference there can be, in IPv4 */
	ROGUE_OTHER_MAC,   /* advertisements in its name from another station */
	ROGUE_BOTH_MACS,   /* while it goes on */
	ROGUE_WITHDRAWN,   /* by that station */
	ROGUE_UNLIKELY_END,/* a withdrawal that is none of its own */
	ROGUE_ODD_END,     /* one that may be */
	ROGUE_TWO_FACES,   /* it says this, then that, then this */
	ROGUE_FLAPS,
	ROGUE_HOST,        /* its station says that it is no router */
	ROGUE_UNLISTED,
	ROGUE_BROKEN,      /* what a host drops */
	ROGUE_EVADES,      /* filters of switches */
	ROGUE_HASTY,
	ROGUE_TOOL,
	ROGUE_EVIDENCE
};

/* A router by its address. */
struct rogue {
	struct subject subject;     /* actor, link */
	uint64_t heard_ns;          /* analysis time of its latest valid advertisement */
	uint64_t begun_ns, told_ns; /* when met, and told last */
	uint32_t evidence;          /* a bit of enum rogue_evidence each */
	uint64_t evidence_ns;       /* when there was more of it */
	uint32_t advertisements, octets;
	struct mac mac, other_mac;  /* its own, and of who else speaks in its name */
	uint64_t mac_ns, other_ns;  /* when heard last */
	uint32_t by_other;          /* advertisements */
	bool has_mac, is_news;
	uint8_t marks;              /* of a tool */
	uint32_t lifetime;          /* s */
	int64_t level;              /* of its preference, higher is better */
	uint64_t faces[2];          /* its header, the latest and before */
	uint64_t face_ns;
	uint32_t returns, hasty;
	uint64_t returned_ns;
	enum anomaly broken;        /* rule */
	struct addr rival;          /* whom it appeared beside */
	struct prefix prefixes[ROGUE_PREFIXES];
	uint32_t prefix_count, other_prefix; /* which of them its rivals do not have */
	struct addr servers[ROGUE_SERVERS];
	uint32_t server_count, other_server;
};

static inline bool
rogue_has(const struct rogue *rogue, enum rogue_evidence evidence)
{
	return rogue->evidence >> evidence & 1;
}

static inline void
rogue_suspect(struct rogue *rogue, enum rogue_evidence evidence)
{
	rogue->evidence |= UINT32_C(1) << evidence;
}

/* A number of a message by its field's name; 0 when it is not there. */
uint64_t rogue_number(const struct icmp_msg *msg, const char *name);

/* The preference in an advertisement of IPv6: -1, 0 or 1. */
int64_t rogue_level(const struct icmp_msg *msg);

/* Takes over what a router advertises, as the tracker tells it. */
void rogue_take_content(struct rogue *rogue, const struct router_facts *facts);

/*
 * Judges a router just met by those that are there; `is_late`: all of them had
 * time to be heard.
 */
void rogue_judge_new(const struct subjects *subjects, struct rogue *rogue, bool is_late,
    uint64_t now_ns);

/* Judges what the router has advertised, and does now, by what tools do. */
void rogue_judge_marks(struct rogue *rogue, const struct icmp_msg *msg);

/* For struct subjects: tells what is known of a router, if it is worth it. */
void rogue_tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns);

#endif
