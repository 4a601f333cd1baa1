/*
 * A traceroute as it is told: its hops up to where it ended, with what they
 * lose and what that means; and the TTLs of those that had to be inferred.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/track/path_state.h"

#define PPM INT64_C(1000000)

static int64_t
flag(bool is_set)
{
	return is_set ? 1 : EVENT_UNKNOWN;
}

static void
fill_rtt(const struct hop *hop, struct path_hop *out)
{
	out->last_ns = out->best_ns = out->avg_ns = out->worst_ns = EVENT_UNKNOWN;
	if (hop == NULL || hop->timed == 0)
		return;
	out->last_ns = (int64_t)hop->last_ns;
	out->best_ns = (int64_t)hop->best_ns;
	out->avg_ns = (int64_t)(hop->sum_ns / hop->timed);
	out->worst_ns = (int64_t)hop->worst_ns;
}

static const char *
error_name(uint8_t version, const struct hop *hop)
{
	if (!hop->has_error)
		return NULL;
	return name_of(icmp_lookup(version, hop->error_type, hop->error_code, UINT32_MAX)->codes,
	    hop->error_code);
}

/* The routers, those first that were asked first. */
static void
fill_routers(const struct hop *hop, struct path_hop *out, struct addr *addresses)
{
	int i;

	if (hop->router_count == 1) {
		out->address = hop->routers[0].address;
		return;
	}
	for (i = 0; i < hop->router_count; i++)
		addresses[i] = hop->routers[i].address;
	out->addresses = (struct fact_list){ addresses, hop->router_count, sizeof(*addresses) };
}

static void
fill_labels(const struct hop *hop, struct path_hop *out, struct path_label *labels)
{
	memcpy(labels, hop->labels, hop->label_count * sizeof(*labels));
	out->labels = (struct fact_list){ labels, hop->label_count, sizeof(*labels) };
}

/* One hop; `hop` is NULL when nothing was kept of it, `waiting` its probes under way. */
static void
fill_hop(const struct trace *trace, const struct hop *hop, uint32_t waiting,
    struct path_view *view, uint32_t n)
{
	struct path_hop *out = &view->hops[n];

	*out = (struct path_hop){ .interface_index = EVENT_UNKNOWN, .segment_ns = EVENT_UNKNOWN,
		.is_inferred = EVENT_UNKNOWN, .is_rate_limited = EVENT_UNKNOWN,
		.has_changed = EVENT_UNKNOWN, .loss = EVENT_UNKNOWN };
	fill_rtt(hop, out);
	if (hop == NULL)
		return;
	out->sent = hop->sent - waiting;
	out->received = hop->answered;
	if (out->sent > 0)
		out->loss = out->received < out->sent ?
		    (out->sent - out->received) * PPM / out->sent : 0;
	out->error = error_name(trace->key.source.version, hop);
	out->has_changed = flag(hop->has_changed);
	out->interface_address = hop->interface_address;
	if (hop->interface_index > 0)
		out->interface_index = hop->interface_index;
	fill_routers(hop, out, view->addresses[n]);
	fill_labels(hop, out, view->labels[n]);
}

/*
 * The last TTL worth telling: the destination's; else that of who refused the
 * probes, unless somebody beyond let theirs expire; else the highest probed.
 */
static uint32_t
last_ttl(const struct path *path, const struct trace *trace)
{
	uint32_t ttl, refused = 0;
	const struct hop *hop;

	if (trace->reached_ttl != 0)
		return trace->reached_ttl;
	for (ttl = trace->lowest_ttl; ttl <= trace->highest_ttl; ttl++) {
		hop = path_find_hop(path, trace, ttl);
		if (hop == NULL || hop->answered == 0)
			continue;
		if (!hop->has_error)
			refused = 0;
		else if (refused == 0)
			refused = ttl;
	}
	return refused != 0 ? refused : trace->highest_ttl;
}

/* A probe sent just now, while the trace goes on, is not lost yet. */
static uint32_t
waiting_of(const struct trace *trace, const struct hop *hop, bool is_ongoing)
{
	return is_ongoing && hop != NULL && hop->sent_ns != 0 && hop->sent > hop->answered &&
	    trace->last_ns - hop->sent_ns < UINT64_C(1000000000);
}

static uint32_t
fill_placed(const struct path *path, const struct trace *trace, bool is_ongoing,
    struct path_view *view)
{
	uint32_t last = last_ttl(path, trace), ttl, n = 0;
	const struct hop *hop;

	for (ttl = trace->lowest_ttl; ttl <= last && n < PATH_HOPS_MAX; ttl++, n++) {
		hop = path_find_hop(path, trace, ttl);
		fill_hop(trace, hop, waiting_of(trace, hop, is_ongoing), view, n);
		view->hops[n].ttl = ttl;
	}
	return n;
}

/* Where the first probe stands that a tool sends, when it is known to begin there. */
static const uint16_t first_numbers[] = { 1, 33000, 33434, 44444 };
#define FIRST_SPAN 30 /* not more than so many numbers beyond one of them */

static uint16_t
first_number(uint16_t seen)
{
	size_t i;

	for (i = 0; i < sizeof(first_numbers) / sizeof(first_numbers[0]); i++)
		if (seen >= first_numbers[i] && seen - first_numbers[i] < FIRST_SPAN)
			return first_numbers[i];
	return seen;
}

static int
compare_order(const void *left, const void *right)
{
	const struct hop *const *a = left, *const *b = right;

	if ((*a)->order.first != (*b)->order.first)
		return (*a)->order.first < (*b)->order.first ? -1 : 1;
	return (*a)->key.ttl < (*b)->key.ttl ? -1 : 1;
}

/* Routers that answered probes which were not captured, in the order of these. */
struct strays {
	const struct hop *hops[PATH_UNPLACED_MAX];
	uint32_t count;
	uint32_t each; /* probes to a TTL: as many as one router answered in a row */
};

static void
find_strays(const struct path *path, const struct trace *trace, struct strays *out)
{
	const struct hop *hop;
	uint32_t i;

	out->count = 0;
	out->each = 1;
	for (i = 0; i < trace->unplaced; i++) {
		hop = path_find_hop(path, trace, PATH_UNPLACED + i);
		if (hop == NULL)
			continue;
		if (hop->order.longest > out->each)
			out->each = hop->order.longest;
		out->hops[out->count++] = hop;
	}
	qsort(out->hops, out->count, sizeof(const struct hop *), compare_order);
}

static void
fill_stray(const struct trace *trace, const struct hop *hop, int64_t ttl, struct path_view *view,
    uint32_t n)
{
	fill_hop(trace, hop, 0, view, n);
	view->hops[n].sent = EVENT_UNKNOWN;
	view->hops[n].is_inferred = 1;
	view->hops[n].ttl = ttl;
}

/* Numbers count up from probe to probe, so many for each TTL. */
static uint32_t
fill_inferred(const struct path *path, const struct trace *trace, struct path_view *view)
{
	struct strays strays;
	uint32_t i, n = 0;
	uint16_t base;
	int64_t ttl;

	find_strays(path, trace, &strays);
	if (strays.count == 0)
		return 0;
	base = first_number(strays.hops[0]->order.first);
	for (i = 0; i < strays.count && n < PATH_HOPS_MAX; i++) {
		ttl = (uint16_t)(strays.hops[i]->order.first - base) / strays.each + 1;
		while (n + 1 < ttl && n < PATH_HOPS_MAX - 1) {
			fill_stray(trace, NULL, n + 1, view, n);
			n++;
		}
		fill_stray(trace, strays.hops[i], n + 1, view, n);
		n++;
	}
	view->facts.is_reached = strays.hops[strays.count - 1]->is_final;
	return n;
}

/*
 * The TTL of a probe that was not captured among others that were: so many
 * numbers for each TTL as the most that one has, if the two TTLs around it
 * bear that out. 0 when they do not.
 */
static uint32_t
ttl_between(const struct path *path, const struct trace *trace, uint16_t number)
{
	uint32_t ttl, each = 0, found;
	const struct hop *hop, *lowest = path_find_hop(path, trace, trace->lowest_ttl);

	for (ttl = trace->lowest_ttl; ttl <= trace->highest_ttl; ttl++) {
		hop = path_find_hop(path, trace, ttl);
		if (hop != NULL && hop->sent > each)
			each = hop->sent;
	}
	if (lowest == NULL || each == 0 || trace->shape.ttl_returns)
		return 0;
	found = trace->lowest_ttl + (uint16_t)(number - lowest->order.first) / each;
	for (ttl = found > 1 ? found - 1 : 1; ttl <= found + 1; ttl++) {
		hop = path_find_hop(path, trace, ttl);
		if (hop != NULL && hop->sent > 0 && (ttl < found ?
		    hop->order.last >= number : ttl > found && hop->order.first <= number))
			return 0;
	}
	return found < trace->highest_ttl ? found : 0;
}

/* Puts who answered probes that were not captured where nobody else is known. */
static uint32_t
place_strays(const struct path *path, const struct trace *trace, struct path_view *view,
    uint32_t count)
{
	struct strays strays;
	uint32_t i, n, ttl;

	find_strays(path, trace, &strays);
	for (i = 0; i < strays.count; i++) {
		ttl = ttl_between(path, trace, strays.hops[i]->order.first);
		n = ttl - trace->lowest_ttl;
		if (ttl < trace->lowest_ttl || n >= count || view->hops[n].received > 0)
			continue;
		fill_stray(trace, strays.hops[i], ttl, view, n);
		view->hops[n].received = EVENT_UNKNOWN; /* of other TTLs too */
		if (strays.hops[i]->is_final) {
			view->facts.is_reached = 1;
			count = n + 1;
		}
	}
	return count;
}

static void
fill_segments(struct path_view *view, uint32_t count)
{
	int64_t before = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct path_hop *hop = &view->hops[i];

		if (hop->best_ns == EVENT_UNKNOWN)
			continue;
		if (hop->best_ns >= before)
			hop->segment_ns = hop->best_ns - before;
		before = hop->best_ns;
	}
}

/*
 * What is lost on the way to a hop is lost to all behind it: what a hop loses
 * more than the best of them is answers that it did not give.
 */
static void
judge_loss(const struct path *path, struct path_view *view, uint32_t count)
{
	int64_t margin = (int64_t)path->settings->path_limit_percent * (PPM / 100);
	int64_t least = EVENT_UNKNOWN;
	uint32_t i;

	for (i = count; i > 0; i--) {
		struct path_hop *hop = &view->hops[i - 1];

		if (hop->sent < (int64_t)path->settings->path_limit_probes ||
		    hop->received == 0)
			continue;
		if (least != EVENT_UNKNOWN && hop->loss >= least + margin) {
			hop->is_rate_limited = 1;
			hop->path_loss = least;
		}
		if (least == EVENT_UNKNOWN || hop->loss < least)
			least = hop->loss;
	}
}

/* The port that is probed, when all probes go to one. */
static int64_t
port_of(const struct trace *trace)
{
	bool has_ports = trace->key.protocol == IP_PROTO_UDP ||
	    trace->key.protocol == IP_PROTO_TCP;

	if (!has_ports || trace->lowest_ttl == 0 || trace->shape.destination_varies)
		return EVENT_UNKNOWN;
	return trace->shape.first.ports & UINT16_MAX;
}

void
path_view_fill(const struct path *path, const struct trace *trace, bool is_ongoing,
    struct path_view *out)
{
	struct traceroute_facts *facts = &out->facts;
	bool is_inferred = path_is_inferred(path, trace);
	uint32_t count, i;

	*facts = (struct traceroute_facts){
		.version = trace->key.source.version,
		.transport = transport_name(trace->key.protocol),
		.method = path_method(trace),
		.port = port_of(trace),
		.is_reached = trace->reached_ttl != 0,
		.is_ongoing = flag(is_ongoing),
		.is_inferred = flag(is_inferred),
	};
	if (is_inferred)
		count = fill_inferred(path, trace, out);
	else
		count = place_strays(path, trace, out,
		    fill_placed(path, trace, is_ongoing, out));
	fill_segments(out, count);
	judge_loss(path, out, count);
	for (i = 0; i < count; i++) {
		if (out->hops[i].sent > 0)
			facts->sent += out->hops[i].sent;
		if (out->hops[i].received > 0)
			facts->received += out->hops[i].received;
	}
	if (is_inferred)
		facts->sent = EVENT_UNKNOWN;
	facts->hops = (struct fact_list){ out->hops, count, sizeof(out->hops[0]) };
}
