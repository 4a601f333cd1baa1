/*
 * The event vocabulary: what trackers observe and detectors find, as rows of
 * one table. A row names the event and lists its facts by offset; from the
 * row come the JSON keys, the line on the terminal and the docs.
 */
#ifndef ANALYZER_CORE_EVENT_H
#define ANALYZER_CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/addr.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"

/* Numeric facts are int64_t; this value means not known, and is not written. */
#define EVENT_UNKNOWN (-1)

enum dataset {
	DATASET_MESSAGE,
	DATASET_EXCHANGE,
	DATASET_ERROR,
	DATASET_PATH,
	DATASET_NEIGHBOR,
	DATASET_AVAILABILITY,
	DATASET_ALERT,
	DATASET_STATS,
	DATASET_SUMMARY,
	DATASETS
};

enum fact_kind {
	FACT_NUMBER,       /* int64_t; EVENT_UNKNOWN is not written */
	FACT_MICROSECONDS, /* int64_t nanoseconds, written in whole microseconds */
	FACT_FLAG,         /* int64_t 0 or 1; written as false or true */
	FACT_TEXT,         /* const char *; NULL is not written */
	FACT_ADDR,         /* struct addr; version 0 is not written */
	FACT_MAC,          /* struct mac; all zero is not written */
	FACT_SHARE,        /* int64_t parts per million; written as a number from 0 to 1 */
	FACT_TIME,         /* int64_t nanoseconds since 1970; written as RFC 3339 */
	FACT_GROUP,        /* opens an object of that key; not written when empty */
	FACT_GROUP_END,
	FACT_LIST,         /* opens an array of objects: struct fact_list; up to its end
	                      offsets are in the item. A fact of key "" is the item itself */
	FACT_LIST_END,
};

struct fact {
	const char *key; /* under "icmp"; NULL ends the list */
	enum fact_kind kind;
	uint16_t offset; /* in the facts struct of the row */
	const char *meaning;
};

/* The items of a FACT_LIST, borrowed. */
struct fact_list {
	const void *items;
	uint32_t count;
	uint32_t size; /* octets from one item to the next */
};

/* Whether facts of this kind enclose those that follow, and whether one ends that. */
static inline bool
fact_opens(enum fact_kind kind)
{
	return kind == FACT_GROUP || kind == FACT_LIST;
}

static inline bool
fact_closes(enum fact_kind kind)
{
	return kind == FACT_GROUP_END || kind == FACT_LIST_END;
}

/*
 * The families of exchanges, by what is asked. The names are those in the rows
 * of the types of message (decoders/icmp.h).
 */
#define EXCHANGE_FAMILIES(ROW) \
	ROW(ECHO, "echo") \
	ROW(EXTENDED_ECHO, "extended_echo") \
	ROW(TIMESTAMP, "timestamp") \
	ROW(INFORMATION, "information") \
	ROW(ADDRESS_MASK, "address_mask") \
	ROW(DOMAIN_NAME, "domain_name") \
	ROW(ROUTER, "router") \
	ROW(NEIGHBOR, "neighbor") \
	ROW(INVERSE_NEIGHBOR, "inverse_neighbor") \
	ROW(DUPLICATE_ADDRESS, "duplicate_address") \
	ROW(NODE_INFORMATION, "node_information") \
	ROW(MULTICAST_LISTENER, "multicast_listener") \
	ROW(MULTICAST_ROUTER, "multicast_router") \
	ROW(HOME_AGENT_DISCOVERY, "home_agent_discovery") \
	ROW(MOBILE_PREFIX, "mobile_prefix") \
	ROW(CERTIFICATION_PATH, "certification_path")

#define EXCHANGE_FAMILY_VALUE(family, name) FAMILY_##family,
enum exchange_family { EXCHANGE_FAMILIES(EXCHANGE_FAMILY_VALUE) EXCHANGE_FAMILY_COUNT };

/* What became of a request, or what a reply turned out to be. */
enum exchange_status {
	EXCHANGE_ANSWERED,
	EXCHANGE_LATE,
	EXCHANGE_LOST,
	EXCHANGE_UNANSWERED, /* and silence was an answer */
	EXCHANGE_UNREACHABLE,
	EXCHANGE_UNSOLICITED,
	EXCHANGE_DUPLICATE,
	EXCHANGE_OPEN,
	EXCHANGE_STATUS_COUNT
};

/* "echo", "neighbor", ...; "answered", "lost", ... */
const char *exchange_family_name(enum exchange_family family);
const char *exchange_status_name(enum exchange_status status);

/* The event of a family and status; an integer constant when these are. */
#define EVENT_OF_EXCHANGE(family, status) \
	(EVENT_EXCHANGE + (int)(family) * EXCHANGE_STATUS_COUNT + (int)(status))

enum event_id {
	EVENT_MESSAGE,
	EVENT_EXCHANGE, /* the first of many */
	EVENT_EXCHANGE_LAST = EVENT_EXCHANGE +
	    (int)EXCHANGE_FAMILY_COUNT * EXCHANGE_STATUS_COUNT - 1,
	EVENT_ERROR,
	EVENT_TRACEROUTE,
	EVENT_PATH_CHANGED,
	EVENT_ROUTING_LOOP,
	EVENT_RATE_LIMITED,
	EVENT_PMTU_CHANGED,
	EVENT_PMTU_BLACKHOLE,
	EVENT_REDIRECTED,
	EVENT_ALERT_OPENED,
	EVENT_ALERT_UPDATED,
	EVENT_ALERT_CLOSED,
	EVENT_ALERTS_SUPPRESSED,
	EVENT_BINDING_NEW,
	EVENT_BINDING_CHANGED,
	EVENT_DUPLICATE_ADDRESS,
	EVENT_ROUTER_NEW,
	EVENT_ROUTER_CHANGED,
	EVENT_ROUTER_GONE,
	EVENT_DOWN,
	EVENT_UP,
	EVENT_STATS,
	EVENT_SUMMARY,
	EVENTS
};

struct event_type {
	enum dataset dataset;
	const char *action;   /* event.action */
	const char *outcome;  /* event.outcome, or NULL */
	const char *ecs_type; /* event.type besides "protocol", or NULL */
	const struct fact *facts;
	const char *meaning;
};

/* Facts of alerts, which rows of the report share. */
extern const struct fact alert_rows[], suppressed_rows[];

/* The row of an event; never NULL below EVENTS. */
const struct event_type *event_type(enum event_id id);

/* "message", "exchange", ... as -t takes them. */
const char *dataset_name(enum dataset dataset);

/* Facts of a target's availability: the report's rows are made of them too. */
extern const struct fact availability_rows[];

/* The same of neighbors and of routers. */
extern const struct fact neighbor_rows[];
extern const struct fact router_rows[];

/* One side of an exchange. */
struct exchange_side {
	struct addr address; /* when it is not the event's source or destination */
	int64_t type, code, frame, ttl, payload_bytes;
};

/* The error that told. */
struct reporter_facts {
	struct addr address; /* who sent it */
	int64_t type, code, frame;
	const char *name, *code_name;
};

/* Facts of icmp.exchange. */
struct exchange_facts {
	int64_t version;
	const char *family; /* of the row of the message's type */
	const char *status; /* answered, late, lost, ... */
	int64_t id, seq;
	int64_t rtt_ns;     /* never negative: unknown when the clock stepped back */
	struct exchange_side request, response;
	const char *payload_match; /* same, truncated, different; NULL: cannot tell */
	int64_t reordered;         /* 1: a later request was answered before */
	int64_t duplicates;        /* which duplicate this is, from 1 */
	int64_t repliers;          /* to a request that asked a group, so far */
	struct {
		int64_t requester_ns, capture_ns; /* how far the responder's is ahead of theirs */
		const char *form;
	} clock_offset;            /* from timestamps */
	struct {
		const char *state; /* of the interface that an extended echo asked about */
		int64_t active, ipv4, ipv6;
		struct {
			const char *name; /* one of these tells it */
			int64_t index;
			struct addr address;
			struct mac mac;
		} interface;
	} probe;
	struct {
		const char *tool, *seq_mode; /* of the requester, by the session so far */
	} sender;
	struct reporter_facts reporter; /* of the error that quoted the request */
};

/* Facts of icmp.error beyond the message itself. */
struct error_facts {
	int64_t flow_errors; /* errors about this flow so far, this one included */
};

/* A label stack entry that a router says the probe came with (RFC 4950). */
struct path_label {
	int64_t label, tc, s, ttl;
};

/* A hop of a traceroute: what the probes of one TTL found. */
struct path_hop {
	int64_t ttl;
	struct addr address;          /* of the router, when there is one; or */
	struct fact_list addresses;   /* struct addr: several share the load, or took over */
	int64_t sent, received, loss; /* loss in ppm */
	int64_t last_ns, best_ns, avg_ns, worst_ns;
	int64_t segment_ns;           /* best_ns less that of the hop before */
	struct fact_list labels;      /* struct path_label, of the latest answer */
	struct addr interface_address; /* RFC 5837 */
	int64_t interface_index;
	const char *error;            /* the code, when it was not that the TTL ran out */
	int64_t is_inferred, is_rate_limited, has_changed; /* 1 or EVENT_UNKNOWN */
	int64_t path_loss;            /* of a hop that limits its answers: what is no fault of it */
};

/* Facts of a traceroute. */
struct traceroute_facts {
	int64_t version; /* of IP */
	const char *transport, *method; /* of the probes */
	int64_t port;                   /* probed, when it is one */
	int64_t is_reached, is_ongoing, is_inferred;
	int64_t sent, received;
	struct fact_list hops;          /* struct path_hop, by TTL */
};

#define PATH_ROUTERS_MAX 8 /* at one hop, or in a loop */

/* Facts of what else is learned of a path; which of them, depends on the event. */
struct path_facts {
	int64_t version;         /* of IP */
	struct addr reporter;    /* who said so */
	int64_t mtu, previous_mtu;
	int64_t is_estimated;    /* 1: the router named no MTU (RFC 1191 5) */
	int64_t ttl;             /* of the hop */
	struct addr router, previous_router;
	struct addr gateway;     /* the better first hop */
	struct mac reporter_mac, gateway_mac; /* of the stations that have these addresses */
	struct mac first_hop;    /* that the host uses so far */
	int64_t delay_ns;        /* since it last did, to the redirect */
	int64_t is_quote_sent;   /* 0: that was another datagram than the redirect quotes */
	int64_t is_from_first_hop; /* 0: of a station that the host does not use as one */
	struct fact_list routers; /* struct addr: those of a loop */
	int64_t sent, loss, path_loss;
	const char *evidence;    /* what it was concluded from */
	int64_t count;           /* of what was counted as evidence */
	int64_t bytes;           /* of a datagram that does not get through */
};

/* One reason of an alert. */
struct alert_reason {
	const char *name, *evidence;
	int64_t weight;
};

/* How large an incident is; EVENT_UNKNOWN where that means nothing. */
struct alert_counts {
	int64_t packets, bytes, targets, sources, answered, unanswered;
};

/* What an alert says of its rule: the same for all alerts of a detector. */
struct alert_rule {
	const char *name, *id, *title;
	const char *tactic_id, *tactic, *technique_id, *technique; /* of ATT&CK */
};

/* Facts of icmp.alert: an incident as far as it is known. */
struct alert_facts {
	const struct alert_rule *rule;
	const char *id;         /* of the incident */
	int64_t severity;       /* 1 low, 2 medium, 3 high, 4 critical */
	const char *severity_name;
	int64_t risk_score;     /* 0 to 100 */
	const char *confidence; /* low, medium, high */
	struct fact_list reasons; /* of struct alert_reason */
	const char *tool;
	struct {
		const char *name; /* of the setting */
		int64_t value;
	} threshold;
	struct alert_counts counts;
	int64_t reopened;       /* how often it came back after it was closed */
	struct fact_list related; /* of struct addr */
	const char *message;
	struct addr actor, victim;
	int64_t first_ns, last_ns; /* capture's clock */
};

/* Findings of one rule, or on one subject, of which no incident was made. */
struct suppressed_facts_item {
	const char *rule;
	struct addr actor, victim;
	int64_t findings;
};

/* Facts of incidents that were not opened, for there were too many at once. */
struct suppressed_facts {
	int64_t subjects; /* about how many different ones */
	int64_t findings;
	struct fact_list rules, worst; /* of struct suppressed_facts_item, the most first */
};

/* Facts of icmp.neighbor about a binding, and of a neighbor in the report. */
struct neighbor_facts {
	struct addr address;
	struct mac mac;        /* that it is bound to; of a duplicate, who has it already */
	const char *mac_kind;  /* vrrp, hsrp, glbp: of a virtual router */
	struct mac old_mac;    /* that it was bound to before */
	const char *old_mac_kind;
	int64_t old_age_ns;    /* since it was last claimed for that */
	int64_t old_router;    /* 1: it was known as a router's; or unknown */
	struct mac prober_mac; /* of a duplicate: who wanted it */
	int64_t vlan;
	const char *claim;     /* the message that said so, by its name */
	int64_t router, override, solicited; /* flags */
	int64_t change_count;
	const char *cause;     /* failover, contested */
	int64_t first_ns, last_ns;
};

/* A prefix that a router advertises. */
struct prefix_facts {
	struct addr prefix;
	int64_t length, on_link, autonomous, valid_lifetime, preferred_lifetime;
};

/* A DNS server that a router advertises. */
struct server_facts {
	struct addr address;
	int64_t lifetime;
};

/* What changed about a router: NULL for what was or is not there. */
struct change_facts {
	const char *field, *old, *new;
};

/* Facts of icmp.neighbor about a router, and of a router in the report. */
struct router_facts {
	struct addr address;
	struct mac mac;
	const char *mac_kind;
	int64_t vlan;
	const char *status;       /* present, gone */
	const char *cause;        /* lifetime_zero, expired; returned */
	int64_t router_lifetime;
	const char *preference;   /* IPv6: low, medium, high */
	int64_t preference_level; /* IPv4 */
	int64_t cur_hop_limit, managed, other_config, reachable_time, retrans_timer, mtu;
	struct fact_list prefixes; /* struct prefix_facts in front of each item */
	struct fact_list servers;  /* struct server_facts */
	const char *domains, *nat64;
	struct fact_list changes;  /* struct change_facts */
	int64_t first_ns, last_ns;
};

/* One time a target was down. */
struct outage_facts {
	int64_t start_ns;  /* the first request without an answer */
	int64_t end_ns;    /* the first answer after it, when it was seen */
	int64_t down_ns;   /* as far as it was watched */
	const char *cause; /* no_answer, unreachable */
};

/* Facts of icmp.availability, and of a target in the report. */
struct availability_facts {
	struct addr source;    /* the monitor; none in an event, whose source it is */
	struct addr target;
	const char *status;    /* up, down */
	const char *cause;     /* of being down: no_answer, unreachable */
	int64_t period_ns;     /* between the monitor's rounds of requests */
	int64_t rounds;        /* without any answer, in a row */
	int64_t loss_ppm;      /* of all rounds, those without any answer */
	int64_t down_ns;       /* how long; in the report, in all */
	int64_t up_ppm;        /* of the time it was watched */
	int64_t first_ns, last_ns; /* watched from, to */
	int64_t outage_count;  /* also those that the list no longer holds */
	struct fact_list outages; /* struct outage_facts, in order */
	struct reporter_facts reporter; /* who says that it is unreachable */
};

/* What is known of the datagram that a message quotes, besides the quote. */
struct quote_facts {
	int64_t seen;       /* 0 or 1: whether its flow was seen on the wire */
	int64_t translated; /* 1: its source is what NAT made of the receiver's address */
	struct anomalies anomalies; /* by what is known besides, not the message's own */
};

struct event {
	enum event_id id;
	uint64_t when_ns;            /* when it was known, capture's clock */
	uint64_t start_ns, end_ns;   /* what took time; 0 when nothing did */
	uint64_t ordinal;            /* of the frame that it hangs on; with `index`
	                                and the row it makes event.id */
	uint32_t index;
	struct addr source, destination;
	const struct packet *packet; /* the frame at hand; NULL when a wait ended */
	const struct icmp_msg *msg;  /* the message at hand, or NULL */
	const struct quote_facts *quote; /* of the message's quote, or NULL */
	const void *facts;           /* the row's facts struct, or NULL; for
	                                EVENT_STATS and EVENT_SUMMARY the struct report */
};

/*
 * Where trackers and detectors send events. `wanted` has a bit for each
 * dataset that some sink takes: what nobody wants need not be made.
 */
struct emitter {
	uint32_t wanted;
	void (*emit)(void *owner, const struct event *event);
	void *owner;
};

static inline int
emitter_wants(const struct emitter *emitter, enum dataset dataset)
{
	return (emitter->wanted >> dataset & 1) != 0;
}

#endif
