/*
 * The state of the neighbor tracker. neighbor.c decides on bindings,
 * neighbor_router.c on routers, neighbor_state.c keeps, neighbor_event.c tells.
 * Nobody else includes this.
 */
#ifndef ANALYZER_TRACK_NEIGHBOR_STATE_H
#define ANALYZER_TRACK_NEIGHBOR_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/table.h"
#include "analyzer/track/tracker.h"
#include "decoders/nd_option.h"

#define NEIGHBOR_SPEAKERS 16 /* routers that speak VRRP, remembered */
#define ROUTER_PREFIXES 16   /* of a router, remembered */
#define ROUTER_SERVERS 8
#define ROUTER_NAMES_SIZE 128
#define CHANGES_MAX 16
#define CHANGE_TEXT_SIZE 144

/* Key of all tables: no implicit padding. Link-local addresses mean one link. */
struct neighbor_key {
	struct addr address;
	uint8_t zero[3];
	uint32_t link; /* the innermost VLAN, VXLAN, ...; 0 for none */
};

/* An address and the link-layer address that it was last claimed for. */
struct binding {
	struct entry entry;
	struct neighbor_key key;
	struct mac mac, before;
	bool is_router;
	int64_t vlan;
	const char *claim;          /* by what message */
	uint64_t first_ns, last_ns; /* capture's clock */
	uint64_t claimed_ns;        /* analysis time: last for this MAC */
	uint64_t changed_ns;
	uint32_t changes;
};

/* A host that asks whether an address is free (RFC 4862 5.4). */
struct probe {
	struct entry entry;
	struct neighbor_key key;
	struct mac mac;
	bool has_mac;
	int64_t vlan;
	uint64_t nonce;   /* RFC 7527; 0 for none */
	uint64_t when_ns; /* of the latest probe, capture's clock */
	uint64_t ordinal;
};

/* A prefix, or a DNS server, that a router told of. */
struct advertised {
	struct prefix_facts facts;
	uint64_t told_ns;   /* analysis time */
	bool counts_down;   /* its lifetimes were seen to run down with time */
};

struct router {
	struct entry entry;
	struct neighbor_key key;
	struct router_facts facts; /* lists unset */
	uint64_t told_ns;          /* analysis time of its latest advertisement */
	uint64_t when_ns, ordinal; /* of that */
	bool is_gone;
	uint32_t prefix_count, server_count;
	struct advertised prefixes[ROUTER_PREFIXES];
	struct server_facts servers[ROUTER_SERVERS];
	char domains[ROUTER_NAMES_SIZE], nat64[ADDR_TEXT_SIZE + 4];
};

struct neighbor {
	const struct emitter *emitter;
	struct wait *wait;
	struct table bindings, probes, routers;
	uint64_t contest_ns; /* the settings */
	uint64_t dad_wait_ns;
	struct mac speakers[NEIGHBOR_SPEAKERS];
	uint32_t speaker_count;
	/* the message at hand */
	const struct packet *packet;
	const struct icmp_msg *msg;
	uint64_t now_ns;
	uint32_t link;
	int64_t vlan;
	uint32_t event_count;
	const uint64_t *heard_ns; /* when anything was captured last */
	uint64_t duplicates; /* addresses that were refused */
	/* of the latest report */
	struct neighbor_facts *binding_rows;
	struct router_facts *router_rows;
};

/* What changed about a router, as texts that hold as long as this. */
struct changes {
	struct change_facts items[CHANGES_MAX];
	char texts[CHANGES_MAX][2][CHANGE_TEXT_SIZE];
	uint32_t count;
};

struct neighbor *neighbor_state_create(const struct tracker_context *context, char *err);
void neighbor_state_free(struct neighbor *neighbor);

/* Takes the message at hand. */
void neighbor_look_at(struct neighbor *neighbor, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns);

/* The key of an address on the link of the message at hand. */
struct neighbor_key neighbor_key_of(const struct neighbor *neighbor, const struct addr *address);

/*
 * The n-th option of that type in the message at hand, from 0; false when there
 * is none.
 */
bool neighbor_option(const struct neighbor *neighbor, uint32_t type, uint32_t n,
    struct record *out);

/* The link-layer address in an option of that type, when it is a MAC. */
bool neighbor_option_mac(const struct neighbor *neighbor, uint32_t type, struct mac *out);

/* An advertisement of routers (ICMPv6 134, ICMPv4 9). */
void neighbor_on_routers6(struct neighbor *neighbor);
void neighbor_on_routers4(struct neighbor *neighbor);

/* Gives up routers whose lifetime is over; returns when to be called next. */
uint64_t neighbor_expire_routers(struct neighbor *neighbor, uint64_t now_ns);

/* Events; each checks that somebody wants it. */
void neighbor_emit_binding(struct neighbor *neighbor, enum event_id id,
    const struct binding *binding, struct neighbor_facts facts);
void neighbor_emit_duplicate(struct neighbor *neighbor, const struct probe *probe,
    const struct mac *holder, bool has_holder);
void neighbor_emit_free(struct neighbor *neighbor, enum event_id id, const struct probe *probe,
    const struct binding *binding, struct neighbor_facts facts);
void neighbor_emit_router(struct neighbor *neighbor, enum event_id id,
    const struct router *router, const struct changes *changes, const char *cause);
void neighbor_emit_expired(struct neighbor *neighbor, const struct router *router);

/* Fills its part of the report. 0, or -1 when memory ran out. */
int neighbor_report(struct neighbor *neighbor, struct report *out);

#endif
