/*
 * Settings: every number the analysis depends on, as rows of one table. The
 * same rows serve --set, the settings file and the documentation.
 */
#ifndef ANALYZER_SETTINGS_H
#define ANALYZER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/core/prefix.h"

#define SETTINGS_TEXT_SIZE 256 /* of a text, its NUL included */
#define SETTINGS_ROWS_MAX 256
#define SETTINGS_TABLE_MAX (UINT64_C(1) << 26) /* the most entries of a state table */

/* All values are within the bounds of their rows. */
struct settings {
	char observer_name[SETTINGS_TEXT_SIZE]; /* empty: not set */
	uint64_t exchange_timeout_ns;
	uint64_t exchange_late_ns;
	uint64_t exchange_requests;
	uint64_t exchange_sessions;
	uint64_t exchange_repliers;
	uint64_t exchange_probed;
	uint64_t exchange_orphans;
	uint64_t exchange_minutes;
	uint64_t exchange_minute_chunks;
	uint64_t exchange_histogram_chunks;
	uint64_t reassembly_datagrams;
	uint64_t reassembly_memory_bytes;
	uint64_t reassembly_timeout_ns;
	uint64_t errors_reporters;
	uint64_t errors_flows;
	uint64_t path_probe_ttl;
	uint64_t path_probes;
	uint64_t path_traces;
	uint64_t path_hops;
	uint64_t path_traceroutes;
	uint64_t path_notes;
	uint64_t path_idle_ns;
	uint64_t path_interval_ns;
	uint64_t path_repeat_ns;
	uint64_t path_inferred_routers;
	uint64_t path_silent_ttls;
	uint64_t path_loop_visits;
	uint64_t path_change_answers;
	uint64_t path_limit_probes;
	uint64_t path_limit_percent;
	uint64_t pmtu_notes;
	uint64_t pmtu_settle_ns;
	uint64_t pmtu_age_ns;
	uint64_t pmtu_blackhole_errors;
	uint64_t pmtu_segments;
	uint64_t pmtu_segment_bytes;
	uint64_t pmtu_resent;
	uint64_t pmtu_apart_ns;
	uint64_t errors_quote_age_ns;
	uint64_t errors_tcp_slack;
	uint64_t errors_ttl_slack;
	uint64_t correlate_flows; /* an enum settings_switch */
	uint64_t flows_remembered;
	uint64_t flows_idle_ns;
	uint64_t detect_enabled; /* an enum settings_switch */
	uint64_t detect_incidents;
	uint64_t detect_opens;
	uint64_t detect_updates;
	uint64_t detect_reopen_ns;
	struct prefix_list detect_monitors, detect_routers, detect_home_networks;
	struct {
		uint64_t enabled, hosts, quiet_ns, octets, steady_rate, steady_seconds;
		uint64_t request_rate, answer_rate, neighbor_rate, listener_rate;
		uint64_t other_rate;
	} detect_icmp_flood;
	struct {
		uint64_t enabled, victims, quiet_ns, span_ns;
		uint64_t requests, repliers, forged, unasked, group_sources;
	} detect_smurf;
	struct {
		uint64_t enabled, pairs, quiet_ns, requests, beats;
	} detect_covert_channel;
	struct {
		uint64_t enabled, pairs, quiet_ns, idle_ns;
		uint64_t score, differing, unasked, new_payloads, plain_payloads;
		uint64_t inner, sizes, octets;
	} detect_icmp_tunnel;
	struct {
		uint64_t enabled, pairs, quiet_ns;
	} detect_ping_of_death;
	struct {
		uint64_t enabled, hosts, quiet_ns, tiny, reuse_ns, incomplete, repeated;
	} detect_fragment_abuse;
	struct {
		uint64_t enabled, senders, stations, quiet_ns, delay_ns;
	} detect_redirect_abuse;
	struct {
		uint64_t enabled, routers, stations, quiet_ns, learn_ns;
	} detect_rogue_router;
	struct {
		uint64_t enabled, links, quiet_ns, advertisements, solicitations, routers;
	} detect_router_flood;
	uint64_t neighbor_bindings;
	uint64_t neighbor_probes;
	uint64_t neighbor_routers;
	uint64_t neighbor_dad_wait_ns;
	uint64_t neighbor_contest_ns;
	struct {
		uint64_t enabled, sources, contacts, memory_ns, quiet_ns, wait_ns, return_ns;
		uint64_t targets, excess, minute, five_minutes, hour, day;
	} detect_ping_sweep;
	struct {
		uint64_t enabled, networks, quiet_ns, span_ns, sources, targets;
	} detect_distributed_sweep;
	struct {
		uint64_t enabled, hosts, quiet_ns, doubt, flows, mtu;
	} detect_pmtu_attack;
	struct {
		uint64_t enabled, hosts, quiet_ns, doubt, flows;
	} detect_forged_error;
	struct {
		uint64_t enabled, subjects, quiet_ns, span_ns, ports, types, destinations;
	} detect_icmp_recon;
	struct {
		uint64_t enabled, spoofers, stations, quiet_ns, span_ns, contest_ns, alive_ns;
		uint64_t refused;
	} detect_neighbor_spoof;
	struct {
		uint64_t enabled, solicitors, quiet_ns, span_ns, targets, many;
	} detect_neighbor_exhaustion;
	struct {
		uint64_t enabled, victims, quiet_ns, span_ns, hosts;
	} detect_backscatter;
	uint64_t availability_polls;
	uint64_t availability_outages;
	uint64_t availability_rounds;
	uint64_t availability_losses;
	uint64_t availability_odds;
	uint64_t availability_wait_ns;
	uint64_t evidence_packets;
	uint64_t evidence_memory_bytes;
	uint64_t clock_jump_ns;
	uint64_t report_rows;
	uint64_t stats_interval_ns;
	uint64_t community_id_seed;
};

enum settings_kind {
	SETTINGS_TEXT,     /* char[SETTINGS_TEXT_SIZE]; has no number */
	SETTINGS_COUNT,    /* uint64_t, no unit */
	SETTINGS_SIZE,     /* uint64_t bytes; written with B, KiB, MiB, GiB */
	SETTINGS_DURATION, /* uint64_t ns; written with ns, us, ms, s, m, h */
	SETTINGS_SWITCH,   /* uint64_t of enum settings_switch; written in words */
	SETTINGS_PREFIXES, /* struct prefix_list; has no number */
};

enum settings_switch {
	SWITCH_AUTO, /* as suits the run; the row's help says how */
	SWITCH_ON,
	SWITCH_OFF,
};

struct settings_row {
	const char *key; /* dotted, as --set and the file spell it */
	enum settings_kind kind;
	uint64_t standard, minimum, maximum; /* in ns, bytes or ones */
	size_t offset;                       /* in struct settings */
	const char *help;                    /* one sentence, no full stop */
};

/* Whether the values of a row are numbers, with a standard and bounds. */
static inline bool
settings_has_number(const struct settings_row *row)
{
	return row->kind != SETTINGS_TEXT && row->kind != SETTINGS_PREFIXES;
}

/* The table, `*count` rows in the order of the documentation. */
const struct settings_row *settings_rows(size_t *count);

/* The row of the `len` bytes at `key`, or NULL. */
const struct settings_row *settings_find(const char *key, size_t len);

void settings_defaults(struct settings *settings);

/*
 * Takes one "key=value", as --set has it. 0, or -1 and `err`, which names the
 * key and, when it is unknown, the nearest known one.
 */
int settings_set(struct settings *settings, const char *assignment, char *err);

/* The same with the key's `key_len` bytes and the value apart. */
int settings_put(struct settings *settings, const char *key, size_t key_len, const char *value,
    char *err);

/* Adds one item to a list: of SETTINGS_PREFIXES. 0, or -1 and `err`. */
int settings_add(struct settings *settings, const struct settings_row *row, const char *item,
    char *err);

/*
 * Takes a settings file: YAML, where nested maps and dotted keys are the same.
 * What it does not name stays as it is. `err` names the file and the line.
 */
enum settings_status {
	SETTINGS_OK = 0,
	SETTINGS_WRONG = -1,      /* its content */
	SETTINGS_UNREADABLE = -2, /* the file itself */
};
enum settings_status settings_load(struct settings *settings, const char *path, char *err);

/* Whether flows are remembered: unless set, those of files are. */
static inline bool
settings_flows_on(const struct settings *settings, bool is_live)
{
	return settings->correlate_flows == SWITCH_ON ||
	       (settings->correlate_flows == SWITCH_AUTO && !is_live);
}

/* What a row's value looks like, in a few words: "duration". */
const char *settings_form(const struct settings_row *row);

/* The number of a row, which is none of texts or lists. */
uint64_t settings_number(const struct settings *settings, const struct settings_row *row);

/* A row's number with the largest unit that divides it, "10s" or "16MiB"; or its word. */
void settings_format(const struct settings_row *row, uint64_t value, char *out, size_t size);

#endif
