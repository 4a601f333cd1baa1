/*
 * What a trace is: whose probes they look like, where one run ends and the
 * next begins, whether it is a traceroute at all. Methods are rows.
 */
#include <string.h>

#include "analyzer/track/path_state.h"

#define NEAR_PORTS 16 /* source ports so far on still are those of the same run */

static uint16_t
source_of(const struct probe_mark *mark)
{
	return (uint16_t)(mark->ports >> 16);
}

/* The port probed; of ICMP the sequence number. */
static uint16_t
destination_of(const struct trace *trace, const struct probe_mark *mark)
{
	bool is_icmp = trace->key.protocol == IP_PROTO_ICMP ||
	    trace->key.protocol == IP_PROTO_ICMPV6;

	return (uint16_t)(is_icmp ? mark->number : mark->ports);
}

/* The port probed from; of ICMP the identifier. */
static uint16_t
handle_of(const struct trace *trace, const struct probe_mark *mark)
{
	bool is_icmp = trace->key.protocol == IP_PROTO_ICMP ||
	    trace->key.protocol == IP_PROTO_ICMPV6;

	return is_icmp ? (uint16_t)mark->ports : source_of(mark);
}

uint16_t
path_number(const struct trace *trace, const struct probe_mark *mark)
{
	if (trace->key.protocol == IP_PROTO_TCP)
		return (uint16_t)mark->ip_tag;
	return destination_of(trace, mark);
}

static void
first_probe(struct trace *trace, const struct probe_mark *mark, const struct packet *packet)
{
	trace->shape.first = trace->shape.last = *mark;
	trace->shape.length = (uint16_t)packet->ip.length;
	trace->shape.dont_fragment = packet->ip.dont_fragment;
	trace->lowest_ttl = trace->highest_ttl = trace->last_ttl = packet->ip.ttl;
}

void
path_shape_add(struct trace *trace, const struct probe_mark *mark, const struct packet *packet)
{
	struct trace_shape *shape = &trace->shape;
	uint8_t ttl = packet->ip.ttl;

	if (trace->lowest_ttl == 0) {
		first_probe(trace, mark, packet);
		return;
	}
	if (handle_of(trace, mark) != handle_of(trace, &shape->first))
		shape->source_varies = true;
	if (destination_of(trace, mark) != destination_of(trace, &shape->first))
		shape->destination_varies = true;
	if (mark->checksum != shape->first.checksum)
		shape->checksum_varies = true;
	if (packet->ip.version == 6 && mark->ip_tag != shape->first.ip_tag)
		shape->flow_label_varies = true;
	if (ttl > trace->last_ttl && mark->ports < shape->last.ports)
		shape->destination_returns = true;
	if (ttl <= trace->lowest_ttl && trace->highest_ttl > trace->lowest_ttl)
		shape->ttl_returns = true;
	if (ttl == trace->last_ttl)
		shape->ttl_repeats = true;
	if (ttl < trace->lowest_ttl)
		trace->lowest_ttl = ttl;
	if (ttl > trace->highest_ttl)
		trace->highest_ttl = ttl;
	trace->last_ttl = ttl;
	shape->last = *mark;
}

/*
 * Whether a probe that starts at the bottom again is another tool's: mtr goes
 * round with its handles and counts on, what probes a TTL several times in a
 * row goes up once.
 */
bool
path_starts_anew(const struct trace *trace, const struct probe_mark *mark, uint8_t ttl)
{
	const struct trace_shape *shape = &trace->shape;
	bool has_handle = handle_of(trace, mark) == handle_of(trace, &shape->last);
	uint16_t step = (uint16_t)(handle_of(trace, mark) - handle_of(trace, &shape->last));

	if (trace->lowest_ttl == 0 || ttl > trace->lowest_ttl ||
	    trace->highest_ttl == trace->lowest_ttl || ttl == trace->last_ttl)
		return false;
	if (shape->ttl_repeats && !shape->ttl_returns)
		return true;
	if (trace->key.protocol == IP_PROTO_TCP)
		return step > NEAR_PORTS;
	return !has_handle;
}

/* What the shape of a method must have, and must not. */
enum feature {
	SOURCE_FIXED = 1,       /* port or identifier */
	DESTINATION_FIXED = 2,  /* port or sequence number */
	CHECKSUM_FIXED = 4,
	PORTS_RETURN = 8,       /* the same flows again at the next TTL */
	TTL_RETURNS = 16,
	DONT_FRAGMENT = 32,
	PORTS_IN_ORDER = 64,
	FLOW_LABEL_FIXED = 128, /* IPv4 has none */
	FLOW_LABEL_VARIES = 256,
};

struct method {
	const char *name;
	uint8_t protocol;    /* 0: any */
	uint32_t features;   /* all of them */
	uint16_t least, most; /* the first probe's port or sequence number; 0: any */
	uint16_t length;     /* of an IPv4 datagram, or 0 */
};

/*
 * The first that fits. iputils' tracepath counts up from port 44444, mtr's
 * sequence numbers start at 33000, Windows' tracert sends 64 octets.
 */
static const struct method methods[] = {
	{ "tracert", IP_PROTO_ICMP, SOURCE_FIXED, 0, 0, 92 },
	{ "mtr", 0, SOURCE_FIXED, 33000, 33099, 0 },
	{ "mtr", 0, SOURCE_FIXED | TTL_RETURNS, 0, 0, 0 },
	{ "mtr", IP_PROTO_TCP, TTL_RETURNS, 0, 0, 0 },
	{ "tcptraceroute", IP_PROTO_TCP, 0, 0, 0, 0 },
	{ "tracepath", IP_PROTO_UDP, SOURCE_FIXED, 44444, 44699, 0 },
	{ "paris", IP_PROTO_UDP, SOURCE_FIXED | DESTINATION_FIXED | FLOW_LABEL_FIXED, 0, 0, 0 },
	{ "paris", IP_PROTO_ICMP, SOURCE_FIXED | CHECKSUM_FIXED, 0, 0, 0 },
	{ "paris", IP_PROTO_ICMPV6, SOURCE_FIXED | CHECKSUM_FIXED | FLOW_LABEL_FIXED, 0, 0, 0 },
	{ "mda", IP_PROTO_UDP, SOURCE_FIXED | PORTS_RETURN, 0, 0, 0 },
	{ "mda", IP_PROTO_UDP, SOURCE_FIXED | DESTINATION_FIXED | FLOW_LABEL_VARIES, 0, 0, 0 },
	{ "mda", IP_PROTO_ICMPV6, SOURCE_FIXED | CHECKSUM_FIXED | FLOW_LABEL_VARIES, 0, 0, 0 },
	{ "classic", 0, 0, 0, 0, 0 },
};

static uint32_t
features_of(const struct trace *trace)
{
	const struct trace_shape *shape = &trace->shape;

	return (shape->source_varies ? 0 : SOURCE_FIXED) |
	    (shape->destination_varies ? 0 : DESTINATION_FIXED) |
	    (shape->checksum_varies ? 0 : CHECKSUM_FIXED) |
	    (shape->destination_returns ? PORTS_RETURN : PORTS_IN_ORDER) |
	    (shape->ttl_returns ? TTL_RETURNS : 0) |
	    (shape->flow_label_varies ? FLOW_LABEL_VARIES : FLOW_LABEL_FIXED) |
	    (shape->dont_fragment ? DONT_FRAGMENT : 0);
}

const char *
path_method(const struct trace *trace)
{
	uint16_t destination = destination_of(trace, &trace->shape.first);
	uint32_t features = features_of(trace);
	const struct method *method;

	if (trace->lowest_ttl == 0)
		return NULL;
	for (method = methods;; method++) {
		if (method->protocol != 0 && method->protocol != trace->key.protocol)
			continue;
		if ((features & method->features) != method->features)
			continue;
		if (method->least > 0 &&
		    (destination < method->least || destination > method->most))
			continue;
		if (method->length == 0 || method->length == trace->shape.length)
			return method->name;
	}
}

bool
path_is_inferred(const struct path *path, const struct trace *trace)
{
	return trace->placed == 0 && !trace->is_looping &&
	    trace->unplaced >= path->settings->path_inferred_routers;
}

/*
 * Probes of several TTLs, one of which ran out. A destination on the link has
 * nobody's TTL run out, and a path that is silent nobody's at all: then the
 * TTLs count up from 1.
 */
bool
path_is_traceroute(const struct path *path, const struct trace *trace)
{
	uint32_t steps = (uint32_t)(trace->highest_ttl - trace->lowest_ttl + 1);

	if (trace->placed == 0)
		return path_is_inferred(path, trace);
	if (trace->lowest_ttl > path->settings->path_probe_ttl / 2)
		return false;
	if (trace->expired > 0 && trace->placed >= 2)
		return trace->answered_ttls >= 2 || trace->placed >= 3;
	if (trace->lowest_ttl != 1 || trace->placed != steps)
		return false;
	return trace->placed >= path->settings->path_silent_ttls ||
	    (trace->answered_ttls > 0 && trace->placed >= 3);
}
