/*
 * The state of the path tracker, shared by its files: path.c decides,
 * path_state.c keeps, path_trace.c reads a trace, path_event.c tells. Nobody
 * else includes this.
 *
 * A trace is what one source sends to one destination by one protocol with low
 * TTLs; whether it is a traceroute shows later. Its probes are remembered by
 * what an error quotes of them, its hops by TTL. A new run of the same tool
 * gets a new serial number, so that what was kept of the old one is not found.
 */
#ifndef ANALYZER_TRACK_PATH_STATE_H
#define ANALYZER_TRACK_PATH_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/table.h"
#include "analyzer/track/path_note.h"
#include "analyzer/track/tracker.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"

#define PATH_LABELS_MAX 8   /* of a stack */
#define PATH_HOPS_MAX 64    /* of a traceroute that are told */
#define PATH_TURNS_MAX 96   /* probes alike that are looked at for an answer */
#define PATH_UNPLACED_MAX 32 /* routers whose TTL is not known, of one trace */
#define PATH_UNPLACED 256   /* the "TTL" of the first of them: beyond all TTLs */
#define PATH_FILTER_BITS 4096

/* Key of the table of traces: no implicit padding. */
struct trace_key {
	struct addr source, destination; /* of the probes */
	uint8_t protocol;
	uint8_t zero[5];
};

/* What an error, or an answer, says of the probe it is about. */
struct probe_mark {
	uint32_t ports;    /* both, or the type and identifier of ICMP */
	uint32_t number;   /* sequence number of TCP or ICMP */
	uint32_t ip_tag;   /* the IP header's: the identification, in IPv6 the flow label */
	uint16_t checksum;
	bool has_ip_tag, has_checksum;
};

/* How the probes of a trace differ: by that its method is known. */
struct trace_shape {
	struct probe_mark first, last;
	uint16_t length;            /* of the first datagram */
	bool dont_fragment;
	bool source_varies, destination_varies; /* ports; destination: or ICMP sequence */
	bool checksum_varies, flow_label_varies;
	bool destination_returns;   /* a lower destination port at a higher TTL */
	bool ttl_returns;           /* the lowest TTL again after higher ones */
	bool ttl_repeats;           /* several probes of one TTL in a row */
};

struct trace {
	struct entry entry;
	struct trace_key key;
	uint64_t serial;
	uint64_t first_ns, last_ns; /* capture's clock */
	uint64_t told_ns;           /* analysis time of the first probe or latest event */
	uint64_t ordinal;           /* of its first frame */
	uint32_t sent;
	uint32_t placed;            /* hops whose TTL is known, with a router or silent */
	uint32_t answered_ttls;     /* of them answered */
	uint32_t unplaced;          /* routers whose TTL is not */
	uint32_t large;             /* probes too large for the path */
	uint32_t expired;           /* probes that died on the way, and were captured */
	uint32_t expired_high;      /* the same of TTLs that no path is as long as */
	uint8_t lowest_ttl, highest_ttl, last_ttl;
	uint8_t reached_ttl;        /* the lowest that the destination answered, or 0 */
	bool is_watched;            /* all its datagrams are remembered, for one expired */
	bool is_looping;
	struct trace_shape shape;
};

/* A finished traceroute. Its hops are still in the table of hops. */
struct finished {
	struct entry entry;
	uint64_t serial;
	struct trace trace;
};

struct probe_key {
	uint64_t serial; /* of its trace */
	uint32_t ports, number;
	uint32_t turn;   /* 0, and for those alike after it 1, 2, ... */
	uint32_t zero;
};

struct probe {
	struct entry entry;
	struct probe_key key;
	uint64_t when_ns;
	uint32_t alike;    /* of turn 0: turns after it */
	uint32_t order;    /* which of its trace */
	uint32_t ip_tag;
	uint16_t checksum;
	bool has_ip_tag, has_checksum;
	bool is_answered;
	uint8_t ttl;       /* when first captured */
	uint8_t round_ttl; /* when last counted as coming round again */
	uint8_t rounds;
	uint8_t fall;      /* of the TTL in one round */
};

struct hop_key {
	uint64_t serial;
	uint32_t ttl; /* or PATH_UNPLACED and up */
	uint32_t zero;
};

struct hop_router {
	struct addr address;
	uint32_t count;
	uint32_t first, last; /* orders of the probes answered */
};

/* Where the probes of a hop stand among the others of the trace. */
struct hop_order {
	uint16_t first, last; /* port or sequence number */
	uint16_t run, longest; /* answers about numbers in a row */
};

struct hop {
	struct entry entry;
	struct hop_key key;
	uint32_t sent, answered;
	uint32_t timed;    /* answers with an RTT */
	uint64_t sent_ns;  /* the latest probe, if it is not answered; else 0 */
	uint64_t last_ns, best_ns, worst_ns, sum_ns; /* RTT */
	struct hop_router routers[PATH_ROUTERS_MAX];
	uint8_t router_count;
	uint8_t label_count;
	uint8_t error_type, error_code;
	bool has_error, is_final, has_changed;
	struct path_label labels[PATH_LABELS_MAX];
	struct addr interface_address;
	int64_t interface_index; /* 0: none */
	struct hop_order order;
};

/* A traceroute as it is told: facts, and what their lists list. */
struct path_view {
	struct traceroute_facts facts;
	struct path_hop hops[PATH_HOPS_MAX];
	struct addr addresses[PATH_HOPS_MAX][PATH_ROUTERS_MAX];
	struct path_label labels[PATH_HOPS_MAX][PATH_LABELS_MAX];
};

struct path {
	const struct emitter *emitter;
	const struct settings *settings;
	struct pairs *pairs;     /* borrowed: whose replies answer no probe */
	struct table traces, probes, hops, finished;
	struct path_notes notes;
	uint64_t serials;        /* given out so far */
	uint64_t traceroutes;    /* finished */
	uint64_t traces_evicted; /* before they were finished */
	uint64_t interval_due_ns;
	uint32_t watched;        /* traces with is_watched, at least */
	uint64_t filter[PATH_FILTER_BITS / 64]; /* pairs of addresses that have a trace */
	struct path_view view;   /* at hand */
	struct path_view *views; /* of the latest report */
	struct report_traceroute *rows;
	uint64_t when_ns, now_ns; /* of the packet or tick at hand */
	const struct packet *packet; /* NULL in a tick */
};

struct path *path_create(const struct tracker_context *context, char *err);
void path_destroy(void *state);

/* The mark of a datagram; false when it has none. */
bool path_mark(const struct ip_header *ip, const struct transport *transport,
    struct probe_mark *out);

void path_key(const struct addr *source, const struct addr *destination, uint8_t protocol,
    struct trace_key *out);

/* Whether there may be a trace between two addresses, either way round. Cheap. */
bool path_may_trace(const struct path *path, const struct addr *a, const struct addr *b);

/* The trace of a key, added if need be. */
struct trace *path_trace(struct path *path, const struct trace_key *key);
struct trace *path_find_trace(const struct path *path, const struct trace_key *key);

/* Starts the trace anew, as another run of the tool that sends the probes. */
void path_restart(struct path *path, struct trace *trace);

/* Forgets which pairs have traces that ended. */
void path_refilter(struct path *path);

struct probe *path_add_probe(struct path *path, const struct trace *trace,
    const struct probe_mark *mark);

/* The probe that an answer speaks of: as alike as can be, the latest of those. */
struct probe *path_find_probe(const struct path *path, const struct trace *trace,
    const struct probe_mark *mark);

struct hop *path_hop(struct path *path, struct trace *trace, uint32_t ttl);
struct hop *path_find_hop(const struct path *path, const struct trace *trace, uint32_t ttl);

/* Counts an answer of a router. `rtt_ns` is UINT64_MAX when it is not known. */
struct hop_router *path_hop_answer(struct hop *hop, const struct addr *router, uint32_t order,
    uint64_t rtt_ns);
struct hop_router *path_hop_router(struct hop *hop, const struct addr *router);

/* path_answer.c: an error that quotes what may be a probe, in the packet at hand. */
void path_error(struct path *path, const struct icmp_msg *msg);

/* An answer of a trace's destination, in the packet at hand, to such a probe. */
void path_final(struct path *path, struct trace *trace, const struct probe_mark *mark);

/* What a router tells of itself and of the probe in an extension (path_extension.c). */
void path_read_extension(struct hop *hop, const struct icmp_msg *msg);

/* path_trace.c: what a trace is. */

/* What counts up from probe to probe: a port or a sequence number. */
uint16_t path_number(const struct trace *trace, const struct probe_mark *mark);

/* Notes a probe in the shape. */
void path_shape_add(struct trace *trace, const struct probe_mark *mark,
    const struct packet *packet);

/* Whether a probe with this mark and TTL begins another run. */
bool path_starts_anew(const struct trace *trace, const struct probe_mark *mark, uint8_t ttl);

/* "classic", "paris", ...; NULL when it cannot be told. */
const char *path_method(const struct trace *trace);

bool path_is_traceroute(const struct path *path, const struct trace *trace);

/* Whether its TTLs have to be inferred, because its probes were not captured. */
bool path_is_inferred(const struct path *path, const struct trace *trace);

/* Fills the view of a traceroute: hops up to where it ended, verdicts on each. */
void path_view_fill(const struct path *path, const struct trace *trace, bool is_ongoing,
    struct path_view *out);

/* path_event.c: what is told. */

/* A trace is over: tells it if it is a traceroute, with the limits it ran into. */
void path_finish_trace(struct path *path, const struct trace *trace, uint64_t when_ns);

/* A traceroute that goes on. */
void path_tell_ongoing(struct path *path, const struct trace *trace, uint64_t when_ns);

/* The tracker's part of the report (tracker.h). */
int path_report(void *state, struct report *out);

/* A loop, found by `evidence`; told once for a trace. */
void path_tell_loop(struct path *path, struct trace *trace, const char *evidence,
    const struct addr *routers, uint32_t count);

void path_tell_change(struct path *path, struct trace *trace, const struct hop *hop,
    const struct hop_router *before, const struct hop_router *after);

#endif
