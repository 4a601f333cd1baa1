/*
 * The memory of the path tracker: traces, their probes and hops. Nothing is
 * decided here.
 */
#include "analyzer/track/path_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

/* How well an answer's account of a probe fits it; the sum decides. */
enum {
	FIT_UNANSWERED = 1,
	FIT_CHECKSUM = 2,
	FIT_SWAPPED_TAG = 4, /* hosts that quote the identification in their own order */
	FIT_TAG = 8,
	FIT_BEST = FIT_TAG + FIT_CHECKSUM + FIT_UNANSWERED,
};

void
path_destroy(void *state)
{
	struct path *path = state;

	if (path == NULL)
		return;
	table_free(&path->traces);
	table_free(&path->probes);
	table_free(&path->hops);
	table_free(&path->finished);
	path_notes_free(&path->notes);
	free(path->views);
	free(path->rows);
	free(path);
}

/* A trace that must make room is told as far as it went. */
static void
recycle_trace(void *owner, struct entry *entry)
{
	struct path *path = owner;

	path_finish_trace(path, (struct trace *)entry, path->when_ns);
	path->traces_evicted++;
}

static int
init_tables(struct path *path, const struct tracker_context *context, char *err)
{
	const struct settings *settings = context->settings;
	const struct table_config traces = {
		.name = "path.traces",
		.entry_size = sizeof(struct trace),
		.key_size = sizeof(struct trace_key),
		.capacity = (uint32_t)settings->path_traces,
		.idle_ns = settings->path_idle_ns,
		.hash_key = context->key,
		.recycle = recycle_trace,
		.owner = path,
	};
	const struct table_config probes = {
		.name = "path.probes",
		.entry_size = sizeof(struct probe),
		.key_size = sizeof(struct probe_key),
		.capacity = (uint32_t)settings->path_probes,
		.hash_key = context->key,
	};
	const struct table_config hops = {
		.name = "path.hops",
		.entry_size = sizeof(struct hop),
		.key_size = sizeof(struct hop_key),
		.capacity = (uint32_t)settings->path_hops,
		.hash_key = context->key,
	};
	const struct table_config finished = {
		.name = "path.traceroutes",
		.entry_size = sizeof(struct finished),
		.key_size = sizeof(uint64_t),
		.capacity = (uint32_t)settings->path_traceroutes,
		.hash_key = context->key,
	};

	if (table_init(&path->traces, &traces, err) != 0 ||
	    table_init(&path->probes, &probes, err) != 0 ||
	    table_init(&path->hops, &hops, err) != 0 ||
	    table_init(&path->finished, &finished, err) != 0)
		return -1;
	return path_notes_init(&path->notes, context, "path.notes", settings->path_notes, err);
}

struct path *
path_create(const struct tracker_context *context, char *err)
{
	struct path *path = calloc(1, sizeof(*path));

	if (path == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the tracker of paths");
		return NULL;
	}
	path->emitter = context->emitter;
	path->settings = context->settings;
	path->pairs = context->pairs;
	if (init_tables(path, context, err) != 0) {
		path_destroy(path);
		return NULL;
	}
	return path;
}

/* A router may set a flow label that its sender left 0 (RFC 6437 3). */
static void
tag_of(const struct ip_header *ip, struct probe_mark *out)
{
	out->ip_tag = ip->version == 4 ? ip->id : ip->flow_label;
	out->has_ip_tag = ip->version == 4 ? ip->has_id : ip->flow_label != 0;
}

bool
path_mark(const struct ip_header *ip, const struct transport *transport, struct probe_mark *out)
{
	*out = (struct probe_mark){
		.checksum = transport->checksum,
		.has_checksum = transport->has_checksum,
	};
	tag_of(ip, out);
	if (transport->has_ports) {
		out->ports = (uint32_t)transport->source_port << 16 | transport->destination_port;
		if (transport->has_tcp_sequence)
			out->number = transport->tcp_sequence;
		return true;
	}
	if (transport->has_seq) {
		out->ports = (uint32_t)transport->icmp_type << 16 | transport->id;
		out->number = transport->seq;
		return true;
	}
	return ip->version == 4 && out->has_ip_tag && !transport->has_icmp;
}

void
path_key(const struct addr *source, const struct addr *destination, uint8_t protocol,
    struct trace_key *out)
{
	*out = (struct trace_key){
		.source = *source,
		.destination = *destination,
		.protocol = protocol,
	};
}

/* A few bits of two addresses, the same either way round. */
static uint32_t
pair_bit(const struct addr *a, const struct addr *b)
{
	uint64_t high_a, low_a, high_b, low_b;

	memcpy(&high_a, a->bytes, 8);
	memcpy(&low_a, a->bytes + 8, 8);
	memcpy(&high_b, b->bytes, 8);
	memcpy(&low_b, b->bytes + 8, 8);
	return (uint32_t)(hash_derive(high_a ^ high_b, low_a ^ low_b) % PATH_FILTER_BITS);
}

static void
filter_add(struct path *path, const struct trace_key *key)
{
	uint32_t bit = pair_bit(&key->source, &key->destination);

	path->filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

bool
path_may_trace(const struct path *path, const struct addr *a, const struct addr *b)
{
	uint32_t bit;

	if (path->traces.count == 0)
		return false;
	bit = pair_bit(a, b);
	return (path->filter[bit / 64] >> bit % 64 & 1) != 0;
}

void
path_refilter(struct path *path)
{
	const struct trace *trace;
	struct entry *entry;

	memset(path->filter, 0, sizeof(path->filter));
	path->watched = 0;
	for (entry = table_oldest(&path->traces); entry != NULL;
	    entry = table_newer(&path->traces, entry)) {
		trace = (const struct trace *)entry;
		filter_add(path, &trace->key);
		path->watched += trace->is_watched;
	}
}

static void
begin(struct path *path, struct trace *trace)
{
	trace->serial = ++path->serials;
	trace->first_ns = trace->last_ns = path->when_ns;
	trace->told_ns = path->now_ns;
	trace->ordinal = path->packet->frame->ordinal;
}

struct trace *
path_find_trace(const struct path *path, const struct trace_key *key)
{
	return (struct trace *)table_find(&path->traces, key);
}

struct trace *
path_trace(struct path *path, const struct trace_key *key)
{
	struct trace *trace;
	bool added;

	trace = (struct trace *)table_find_or_add(&path->traces, key, path->now_ns, &added);
	if (added) {
		if (path->traces.count == 1)
			pairs_wake(path->pairs);
		begin(path, trace);
		filter_add(path, key);
	}
	return trace;
}

void
path_restart(struct path *path, struct trace *trace)
{
	struct trace fresh = { .entry = trace->entry, .key = trace->key };

	if (trace->is_watched)
		path->watched--;
	*trace = fresh;
	begin(path, trace);
}

static struct probe *
probe_at(const struct path *path, const struct trace *trace, const struct probe_mark *mark,
    uint32_t turn)
{
	const struct probe_key key = {
		.serial = trace->serial,
		.ports = mark->ports,
		.number = mark->number,
		.turn = turn,
	};

	return (struct probe *)table_find(&path->probes, &key);
}

struct probe *
path_add_probe(struct path *path, const struct trace *trace, const struct probe_mark *mark)
{
	struct probe *head = probe_at(path, trace, mark, 0), *probe;
	struct probe_key key = {
		.serial = trace->serial,
		.ports = mark->ports,
		.number = mark->number,
	};

	/* The first is what the others are found by: it is kept as long as they. */
	if (head != NULL) {
		table_touch(&path->probes, &head->entry, path->now_ns);
		key.turn = ++head->alike;
	}
	probe = (struct probe *)table_add(&path->probes, &key, path->now_ns);
	probe->when_ns = path->when_ns;
	probe->ip_tag = mark->ip_tag;
	probe->has_ip_tag = mark->has_ip_tag;
	probe->checksum = mark->checksum;
	probe->has_checksum = mark->has_checksum;
	return probe;
}

static uint32_t
fit(const struct probe *probe, const struct probe_mark *mark)
{
	uint16_t swapped = (uint16_t)(mark->ip_tag << 8 | mark->ip_tag >> 8);
	uint32_t sum = probe->is_answered ? 0 : FIT_UNANSWERED;

	if (probe->has_ip_tag && mark->has_ip_tag && probe->ip_tag == mark->ip_tag)
		sum += FIT_TAG;
	else if (probe->has_ip_tag && mark->has_ip_tag && probe->ip_tag == swapped)
		sum += FIT_SWAPPED_TAG;
	if (probe->has_checksum && mark->has_checksum && probe->checksum == mark->checksum)
		sum += FIT_CHECKSUM;
	return sum;
}

struct probe *
path_find_probe(const struct path *path, const struct trace *trace,
    const struct probe_mark *mark)
{
	struct probe *head = probe_at(path, trace, mark, 0), *best = NULL, *probe;
	uint32_t best_fit = 0, turn, left = PATH_TURNS_MAX, sum;

	if (head == NULL)
		return NULL;
	for (turn = head->alike; left > 0 && best_fit != FIT_BEST; turn--, left--) {
		probe = turn == 0 ? head : probe_at(path, trace, mark, turn);
		sum = probe != NULL ? fit(probe, mark) : 0;
		if (probe != NULL && (best == NULL || sum > best_fit)) {
			best = probe;
			best_fit = sum;
		}
		if (turn == 0)
			break;
	}
	return best;
}

struct hop *
path_hop(struct path *path, struct trace *trace, uint32_t ttl)
{
	const struct hop_key key = { .serial = trace->serial, .ttl = ttl };
	struct hop *hop;
	bool added;

	hop = (struct hop *)table_find_or_add(&path->hops, &key, path->now_ns, &added);
	if (!added)
		table_touch(&path->hops, &hop->entry, path->now_ns);
	else if (ttl < PATH_UNPLACED)
		trace->placed++;
	return hop;
}

struct hop *
path_find_hop(const struct path *path, const struct trace *trace, uint32_t ttl)
{
	const struct hop_key key = { .serial = trace->serial, .ttl = ttl };

	return (struct hop *)table_find(&path->hops, &key);
}

struct hop_router *
path_hop_router(struct hop *hop, const struct addr *router)
{
	int i;

	for (i = 0; i < hop->router_count; i++)
		if (addr_equal(&hop->routers[i].address, router))
			return &hop->routers[i];
	return NULL;
}

static void
add_rtt(struct hop *hop, uint64_t rtt_ns)
{
	if (hop->timed == 0 || rtt_ns < hop->best_ns)
		hop->best_ns = rtt_ns;
	if (rtt_ns > hop->worst_ns)
		hop->worst_ns = rtt_ns;
	hop->last_ns = rtt_ns;
	hop->sum_ns += rtt_ns;
	hop->timed++;
}

struct hop_router *
path_hop_answer(struct hop *hop, const struct addr *router, uint32_t order, uint64_t rtt_ns)
{
	struct hop_router *found = path_hop_router(hop, router);

	hop->answered++;
	hop->sent_ns = 0;
	if (rtt_ns != UINT64_MAX)
		add_rtt(hop, rtt_ns);
	if (found == NULL && hop->router_count == PATH_ROUTERS_MAX)
		return NULL;
	if (found == NULL) {
		found = &hop->routers[hop->router_count++];
		found->address = *router;
		found->first = order;
	}
	if (order > found->last)
		found->last = order;
	if (order < found->first)
		found->first = order;
	found->count++;
	return found;
}
