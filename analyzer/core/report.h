/*
 * The content of the report: one struct that trackers fill and every look of
 * the report (text, JSON, the summary event) renders. Lists are sorted worst
 * first when they arrive here.
 */
#ifndef ANALYZER_CORE_REPORT_H
#define ANALYZER_CORE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/table.h"
#include "decoders/addr.h"
#include "decoders/anomaly.h"
#include "decoders/icmp.h"
#include "decoders/transport.h"

/* One capture file or interface. */
struct report_input {
	const char *name;      /* path or interface as given */
	const char *format;    /* "pcap", "pcapng", "pcap.gz", "live", ... */
	uint64_t packets;
	uint64_t bytes;        /* of the file, as stored; 0 for live */
	uint64_t dropped;      /* lost before us: kernel, interface, ISB */
	const char *damage;    /* what was wrong, with packet number and offset, or NULL */
	uint64_t skipped_bytes; /* passed over by --resync */
};

struct report_link {
	uint32_t link_type;
	char name[32];         /* libpcap's name of the LINKTYPE */
	uint64_t packets;
	bool known;            /* false: not decoded, counted only */
};

/* A message type and code seen. */
struct report_type {
	uint8_t version, type, code;
	const char *name;      /* of the type; never NULL */
	const char *code_name; /* or NULL */
	uint64_t count;
	uint64_t bytes;        /* ICMP octets */
};

/* A minute of a pair, by when its requests were sent. */
struct report_minute {
	uint64_t start_ns;
	uint64_t sent, received, lost;
	uint64_t rtt_count;    /* those below hold when it is not 0 */
	uint64_t rtt_min_ns, rtt_median_ns, rtt_p95_ns, rtt_max_ns;
};

/* What became of the requests of one requester to one responder. */
struct report_pair {
	struct addr source, destination;
	uint32_t sessions;     /* different ids */
	uint64_t sent, answered, late, lost, unanswered, unreachable, open, evicted;
	uint64_t duplicates, further, reordered, unsolicited, copies, altered;
	uint64_t probes, probes_received, probes_missing; /* of these, those of traceroutes,
	                          most of which are not to arrive */
	uint32_t repliers;     /* the most that one request to a group had */
	uint64_t first_ns, last_ns;
	uint64_t rtt_count;    /* RTTs measured; those below hold when it is not 0 */
	uint64_t rtt_min_ns, rtt_median_ns, rtt_avg_ns, rtt_p95_ns, rtt_p99_ns, rtt_max_ns;
	uint64_t jitter_ns;    /* RFC 3550 6.4.1; of the session with the most RTTs */
	bool has_jitter;       /* which had two at least */
	uint64_t ipdv_avg_ns, ipdv_max_ns; /* RFC 5481 4.1, of the same session: how far an
	                          RTT is from the one before */
	uint64_t quantiles_missing; /* RTTs that no histogram had room for */
	uint32_t ttl_changes;  /* of replies */
	uint8_t ttl_last, ttl_before; /* of replies; 0 is none */
	const char *tool, *seq_mode; /* of the requester, by its largest session; or NULL */
	const struct report_minute *minutes; /* those of which something is kept */
	uint32_t minute_count;
};

/* The exchanges of one family. */
struct report_family {
	const char *name;        /* "echo", "neighbor", ... */
	struct report_pair *pairs; /* the worst first */
	uint32_t pair_count;
	uint32_t pair_total;     /* pairs there are; the list may hold fewer */
	uint32_t pair_lossy;     /* of all pairs, those that lose packets */
	struct report_pair sum;  /* of all, forgotten ones too; addresses and jitter unset */
};

/*
 * Requests that no answer came for, as ping counts its loss: also those whose
 * wait was cut short by the end of the capture.
 */
static inline uint64_t
report_pair_missing(const struct report_pair *pair)
{
	return pair->lost + pair->unreachable + pair->open - pair->probes_missing;
}

static inline uint64_t
report_pair_received(const struct report_pair *pair)
{
	return pair->answered + pair->late;
}

/* The requests by which loss is judged: those that were to arrive, and whose fate is known. */
static inline uint64_t
report_pair_known(const struct report_pair *pair)
{
	return report_pair_received(pair) - pair->probes_received + report_pair_missing(pair);
}

/* Errors that one sender sent. */
struct report_reporter {
	struct addr address;
	uint8_t version, type, code;
	const char *name, *code_name;
	uint64_t count;
	uint64_t first_ns, last_ns;
};

struct report_span {
	uint16_t least, most;
};

/* Errors about one quoted flow, or several that differ only in ports or identifiers. */
struct report_flow {
	uint32_t flows;
	struct addr source, destination; /* of the quoted datagram */
	struct report_span sources, destinations; /* of ports; an identifier is a source's */
	struct transport transport;      /* the latest quoted */
	uint8_t version, type, code;     /* of the latest error */
	const char *name, *code_name;
	struct addr reporter;            /* of the latest error */
	uint32_t reporters;              /* of the latest errors of all those flows */
	uint64_t last_ns;                /* analysis time of the latest error */
	uint64_t count;
	int64_t mtu;                     /* of the latest error; -1 when it had none */
	uint64_t seen, not_seen;         /* errors by whether it was, as far as it is known */
	bool is_translated;              /* NAT was seen to translate it */
	struct anomalies anomalies;      /* of all its errors */
};

/* A traceroute; its hops and what they list are borrowed. */
struct report_traceroute {
	struct addr source, destination;
	uint64_t first_ns, last_ns;
	struct traceroute_facts facts;
};

/* What else is known of a path: the event that told it, and how often it was found. */
struct report_path_note {
	enum event_id event;
	struct addr source, destination;
	struct addr about;        /* the router concerned, or none */
	uint64_t first_ns, last_ns;
	uint64_t count;
	const struct path_facts *facts;
};

struct report_anomaly {
	enum anomaly anomaly;
	uint64_t count;
	uint64_t first_frame;
};

enum report_skip_kind {
	REPORT_SKIPPED, /* there was nothing to see */
	REPORT_LOST,    /* there was, and it could not be looked at */
	REPORT_ODD,     /* analyzed, though something was odd about it */
};

/* Frames that gave no message, and why; bytes skipped; anything lost. */
struct report_skip {
	const char *reason;  /* a slug: other_protocol, unknown_link_type, ... */
	const char *meaning; /* for a person, behind the count */
	uint64_t count;
	enum report_skip_kind kind;
};

/* A table's use. */
struct report_table {
	const char *name;
	uint64_t capacity, count, peak, added, evicted, expired;
	uint64_t refused; /* things it had no room for, counted without it */
	uint64_t memory; /* octets reserved */
};

/* Fills a row about a table. */
void report_table_row(const struct table *table, struct report_table *out);

#define REPORT_LIST_MAX 1000 /* rows that a list of pairs, reporters or flows holds */

struct report {
	bool is_live;
	bool is_complete;       /* no input was damaged and nothing was lost */
	uint64_t packets, bytes; /* frames read, and their octets on the wire */
	uint64_t first_ns, last_ns;
	uint64_t messages, message_bytes;
	uint64_t fragments;      /* frames of ICMP that completed no message */
	uint64_t clock_back, clock_jumps; /* steps back; jumps ahead not believed */
	uint64_t events;         /* written so far */

	const struct report_input *inputs;
	uint32_t input_count;
	const struct report_link *links;
	uint32_t link_count;
	uint64_t other_links;    /* packets of link types beyond the list */
	const struct report_type *types;
	uint32_t type_count;
	const struct report_family *families;
	uint32_t family_count;
	uint64_t pairs_evicted;  /* sessions whose row was recycled */
	const struct report_reporter *reporters;
	uint32_t reporter_count;
	uint32_t reporter_total;
	const struct report_flow *flows;
	uint32_t flow_count;
	uint32_t flow_total; /* of flows, not of rows */
	uint64_t errors;
	const struct report_traceroute *traceroutes; /* the latest */
	uint32_t traceroute_count;
	uint64_t traceroute_total;
	const struct report_path_note *path_notes;   /* loops, rate limits, changes */
	uint32_t path_note_count;
	const struct report_path_note *pmtu_notes;   /* path MTUs, redirects */
	uint32_t pmtu_note_count;
	bool is_detecting;                /* attacks were looked for */
	const struct alert_facts *alerts; /* an incident each, the worst first */
	uint32_t alert_count;
	uint32_t alert_total;
	uint64_t alerts_suppressed;    /* about how many more were held back, too many at once */
	const struct neighbor_facts *bindings; /* those that changed first */
	uint32_t binding_count;
	uint32_t binding_total;
	uint32_t binding_changed;
	const struct router_facts *routers;
	uint32_t router_count;
	uint32_t router_total;
	uint64_t duplicate_addresses;
	const struct availability_facts *targets; /* polled ones, the worst first */
	uint32_t target_count;
	uint32_t target_total;
	uint32_t target_troubled; /* of all, those that were or are down */
	uint32_t target_down;     /* at the end */
	uint32_t target_mute;     /* polled, and never seen to answer: not judged */
	const struct report_anomaly *anomalies;
	uint32_t anomaly_count;
	const struct report_skip *skips;
	uint32_t skip_count;
	const struct report_table *tables;
	uint32_t table_count;
	uint32_t rows;           /* how many rows of a list the text shows */
};

#endif
