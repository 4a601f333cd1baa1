/*
 * The state of the detector of sweeps, shared by its files: sweep.c judges,
 * sweep_contact.c keeps, sweep_tool.c knows tools, sweep_finding.c tells.
 * Nobody else includes this.
 */
#ifndef ANALYZER_DETECT_SWEEP_H
#define ANALYZER_DETECT_SWEEP_H

#include "analyzer/detect/subject.h"

#define SWEEP_NEWCOMER_BITS 13
#define SWEEP_NEWCOMERS (1U << SWEEP_NEWCOMER_BITS)
#define SWEEP_CROWD_BITS 8
#define SWEEP_CROWDS (1U << SWEEP_CROWD_BITS)
#define SWEEP_NETWORKS 4
#define SWEEP_WINDOWS 4

/* What looks for hosts. */
enum sweep_probe {
	SWEEP_ECHO,
	SWEEP_TIMESTAMP,
	SWEEP_MASK,
	SWEEP_INFORMATION,
	SWEEP_REPLY, /* that nobody asked for: a router tells which hosts are not there */
	SWEEP_PROBES,
	SWEEP_NO_PROBE = SWEEP_PROBES,
};

/* What became of a first contact. */
enum sweep_outcome {
	SWEEP_WAITING,
	SWEEP_ANSWERED,
	SWEEP_FAILED, /* nothing came, or an error that says that nobody is there */
	SWEEP_UNJUDGED, /* an error that says something else; or nothing can come */
};

/* Key: no implicit padding. */
struct contact_key {
	struct addr source, target;
	uint8_t zero[6];
};

/* That a source spoke to a target; touched when it does so again. */
struct contact {
	struct entry entry;
	struct contact_key key;
	uint64_t begun_ns; /* analysis time */
	uint8_t outcome;
	uint8_t measured; /* requests after it was answered */
	bool is_again;    /* it came back, as monitors do */
	uint8_t zero[5];
};

/*
 * A source that has one target so far, as nearly all have that are spoofed. It
 * gets no more than this place, which another may take.
 */
struct newcomer {
	struct addr source, target;
	uint8_t probe, outcome;
	bool is_sweeper; /* it has had two, and is in the table */
	uint32_t length; /* of the message */
	uint64_t now_ns, when_ns;
};

/* A target that many newcomers speak to, as in a flood with spoofed senders. */
struct crowd {
	struct addr target;
	uint32_t count;
	uint64_t second; /* of analysis time, in which so many came */
};

/* A network and how many targets are in it: at least (Misra and Gries 1982). */
struct sweep_network {
	struct addr prefix;
	uint32_t count;
};

/* First contacts of a source, and what became of them. */
struct sweep_tally {
	uint64_t first_ns, last_ns; /* capture's clock */
	uint64_t packets, bytes;
	uint32_t targets, answered, failed, again;
	uint32_t in_order;          /* as far from the one before as that from its own */
	uint32_t probes[SWEEP_PROBES];
	const char *tool;           /* of most, if any */
	uint32_t tool_votes;        /* for it, less those against it (Boyer and Moore) */
	struct addr common;         /* what all targets begin with */
	uint8_t common_bits;
	int64_t step;               /* between the latest two */
	struct addr latest;
	struct sweep_network networks[SWEEP_NETWORKS];
};

/* Targets within a span of time, counted in halves of it. */
struct sweep_window {
	uint64_t begun_ns; /* analysis time */
	uint32_t count, before;
};

/* What was found. */
enum sweep_evidence {
	SWEEP_HITS_NOTHING = 1, /* sequential test on answers */
	SWEEP_IS_WIDE = 2,      /* so many targets in so little time */
	SWEEP_NEVER_RETURNS = 4, /* as a monitor would */
};

/* A source with several targets. */
struct sweeper {
	struct subject subject;   /* actor */
	struct sweep_tally all;   /* since it was found to be no monitor; or ever */
	struct sweep_tally walk;  /* since it was last found to know its targets */
	int32_t excess;           /* of failed contacts over answered ones in `walk` */
	struct sweep_window windows[SWEEP_WINDOWS];
	uint8_t wide;             /* 1 + index of the window that was wide, or 0 */
	uint8_t evidence;         /* of enum sweep_evidence */
	bool is_news;             /* since it was last told */
	uint64_t anew_ns;         /* analysis time: its last sweep was over */
	uint64_t return_ns;       /* when it should have come back; 0: nobody waits */
	uint32_t told;            /* targets when it was last told */
};

struct sweeps {
	struct subjects *subjects;
	struct table contacts;
	struct pairs *pairs;      /* borrowed: which contact is likely */
	uint32_t waiting;         /* index of the oldest that may be waiting */
	bool hears_answers;       /* the capture has answers at all */
	bool has_swept;           /* some sweep is over */
	struct newcomer newcomers[SWEEP_NEWCOMERS];
	struct crowd crowds[SWEEP_CROWDS];
};

/* A first contact as it came. */
struct sweep_probe_seen {
	const struct packet *packet;
	const struct icmp_msg *msg;
	struct addr source, target;
	enum sweep_probe probe;
	uint64_t now_ns;
};

/* Contacts, in sweep_contact.c. */

/* 0, or -1 and `err`. */
int sweep_contacts_init(struct sweeps *sweeps, const struct detector_context *context, char *err);

/* The contact of a source and a target, or NULL. */
struct contact *sweep_find(struct sweeps *sweeps, const struct addr *source,
    const struct addr *target);

/* Adds one that was not there. */
struct contact *sweep_add(struct sweeps *sweeps, const struct addr *source,
    const struct addr *target, enum sweep_outcome outcome, uint64_t now_ns);

/* Forgets a contact. */
void sweep_drop(struct sweeps *sweeps, struct contact *contact);

/* Keeps a contact that was made again. */
void sweep_touch(struct sweeps *sweeps, struct contact *contact, uint64_t now_ns);

/* A contact that has waited long enough, or NULL; call until NULL. */
struct contact *sweep_overdue(struct sweeps *sweeps, uint64_t wait_ns, uint64_t now_ns);

/* Forgets contacts that were not made for long. */
void sweep_expire(struct sweeps *sweeps, uint64_t now_ns);

/* The place of a source among newcomers; somebody else may have it. */
struct newcomer *sweep_newcomer(struct sweeps *sweeps, const struct addr *source);

/* Whether a target has so many newcomers that no more of them are remembered. */
bool sweep_is_crowded(struct sweeps *sweeps, const struct addr *target, uint64_t now_ns);

/* Adds a target to a tally; `seen` is NULL when the packet has gone. */
void sweep_tally_add(struct sweep_tally *tally, const struct addr *target, enum sweep_probe probe,
    uint64_t when_ns, const struct sweep_probe_seen *seen);

/* Tests, in sweep_judge.c. `packet` is the one at hand, or NULL. */

/* Tells, or adds to, what is known of a sweep. */
void sweep_tell(struct sweeps *sweeps, struct sweeper *sweeper, enum sweep_evidence evidence,
    const struct packet *packet, uint64_t now_ns);

/* The sequential test: whether first contacts fail as they do for who guesses. */
void sweep_judge_walk(struct sweeps *sweeps, struct sweeper *sweeper, const struct packet *packet,
    uint64_t now_ns);

/* Notes a target in the windows; the first in which there are too many, or -1. */
int sweep_widest(struct sweeps *sweeps, struct sweeper *sweeper, uint64_t now_ns);

/* The test of width, with a target that is new. */
void sweep_judge_width(struct sweeps *sweeps, struct sweeper *sweeper, const struct packet *packet,
    uint64_t now_ns);

/* Whether a source that was wide came back to its targets, as nobody but a monitor does. */
void sweep_judge_return(struct sweeps *sweeps, struct sweeper *sweeper, uint64_t now_ns);

/* Tools, in sweep_tool.c. */

/* The tool that sends such a probe, or NULL. */
const char *sweep_tool_of(const struct sweep_probe_seen *seen);

/* Counts a probe of a tool, or of NULL, in a tally. */
void sweep_tool_vote(struct sweep_tally *tally, const char *tool);

/* Whose most probes of a tally are, or NULL; whether hardly anybody else sends such. */
const char *sweep_tool_name(const struct sweep_tally *tally, bool *is_scanner);

/* Telling, in sweep_finding.c. */

/* A span of time and how many targets in it are a sweep. */
struct sweep_width {
	uint64_t span_ns;
	size_t offset; /* of the setting */
	const char *setting;
};
extern const struct sweep_width sweep_widths[SWEEP_WINDOWS];
uint64_t sweep_width_targets(const struct settings *settings, unsigned window);

/* Whether targets lie close together; networks of which most are, or all. */
bool sweep_is_local(const struct sweep_tally *tally);

/* Tells of a sweep, by what its evidence says; `packet` as incidents_report. */
void sweep_report(struct subjects *subjects, struct sweeper *sweeper, const struct packet *packet,
    uint64_t now_ns);

#endif
