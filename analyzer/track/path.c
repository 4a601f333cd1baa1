/*
 * Paths: probes with a low TTL and what answers them. The probe that an error
 * quotes tells the hop's TTL and RTT exactly; where it was not captured, the
 * answers' order has to do. Also loops, hops that limit their answers, and
 * changes of the path under way. What it leaves out: path MTU (pmtu.c).
 *
 * This file: which datagrams are probes, which are answers, when a trace is
 * over. What an answer means is in path_answer.c.
 */
#include <stdlib.h>

#include "analyzer/track/path_state.h"
#include "analyzer/track/trackers.h"

#define COPY_NS 100000 /* the same datagram again within it is a copy of a span */

static void
set_now(struct path *path, const struct packet *packet, uint64_t now_ns)
{
	path->packet = packet;
	path->when_ns = packet->frame->when_ns;
	path->now_ns = now_ns;
}

/*
 * A datagram that was captured before: by a span, on both sides of a router,
 * or because it comes round again, its TTL less by the length of the loop each
 * time (Hengartner et al., "Detection and analysis of routing loops").
 */
static void
on_copy(struct path *path, struct trace *trace, struct probe *probe, uint8_t ttl)
{
	uint8_t fall = (uint8_t)(probe->round_ttl - ttl);

	if (ttl >= probe->round_ttl || fall < 2)
		return;
	if (fall != probe->fall)
		probe->rounds = 0;
	probe->fall = fall;
	probe->round_ttl = ttl;
	probe->rounds++;
	if (probe->rounds >= path->settings->path_loop_visits)
		path_tell_loop(path, trace, "datagrams_return", NULL, 0);
}

static bool
is_same(const struct probe *probe, const struct probe_mark *mark)
{
	return probe->has_ip_tag == mark->has_ip_tag && probe->ip_tag == mark->ip_tag &&
	    probe->has_checksum == mark->has_checksum && probe->checksum == mark->checksum;
}

static bool
is_copy(struct path *path, struct trace *trace, const struct probe_mark *mark, uint8_t ttl)
{
	struct probe *probe = path_find_probe(path, trace, mark);

	if (probe == NULL || !is_same(probe, mark) || ttl > probe->ttl)
		return false;
	if (ttl == probe->ttl)
		return path->when_ns - probe->when_ns <= COPY_NS;
	on_copy(path, trace, probe, ttl);
	return true;
}

/* Counts a probe of its TTL. */
static void
count_probe(struct path *path, struct trace *trace, struct probe *probe,
    const struct probe_mark *mark)
{
	struct hop *hop = path_hop(path, trace, probe->ttl);

	path_shape_add(trace, mark, path->packet);
	hop->order.last = path_number(trace, mark);
	if (hop->sent == 0)
		hop->order.first = hop->order.last;
	hop->sent++;
	hop->sent_ns = path->when_ns;
	trace->last_ns = path->when_ns;
}

/* A datagram that may be a probe. */
static void
on_probe(struct path *path, const struct transport *transport)
{
	const struct ip_header *ip = &path->packet->ip;
	bool is_low = ip->ttl <= path->settings->path_probe_ttl;
	struct probe_mark mark;
	struct trace_key key;
	struct trace *trace;
	struct probe *probe;

	if (!path_mark(ip, transport, &mark))
		return;
	path_key(&ip->source, &ip->final_destination, ip->protocol, &key);
	trace = is_low ? path_trace(path, &key) : path_find_trace(path, &key);
	if (trace == NULL || (!is_low && !trace->is_watched))
		return;
	if (is_copy(path, trace, &mark, ip->ttl))
		return;
	if (is_low && path_starts_anew(trace, &mark, ip->ttl)) {
		path_finish_trace(path, trace, path->when_ns);
		path_restart(path, trace);
	}
	probe = path_add_probe(path, trace, &mark);
	probe->ttl = probe->round_ttl = ip->ttl;
	probe->order = ++trace->sent;
	if (!is_low)
		return;
	table_touch(&path->traces, &trace->entry, path->now_ns);
	count_probe(path, trace, probe, &mark);
}

/* Whether the packet at hand may be a probe: low in TTL, or watched; to one host. */
static bool
may_be_probe(const struct path *path, const struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;

	if (ip->ttl > path->settings->path_probe_ttl &&
	    (path->watched == 0 ||
	    !path_may_trace(path, &ip->source, &ip->final_destination)))
		return false;
	return ip->version != 0 && !addr_is_multicast(&ip->final_destination) &&
	    !addr_is_link_local(&ip->final_destination) &&
	    !addr_is_limited_broadcast(&ip->final_destination);
}

/* An answer of the destination itself, whose probe had this mark. */
static void
on_final(struct path *path, uint8_t protocol, const struct probe_mark *mark)
{
	const struct ip_header *ip = &path->packet->ip;
	struct trace_key key;
	struct trace *trace;

	if (!path_may_trace(path, &ip->source, &ip->destination))
		return;
	path_key(&ip->destination, &ip->source, protocol, &key);
	trace = path_find_trace(path, &key);
	if (trace != NULL)
		path_final(path, trace, mark);
}

static void
on_echo_reply(struct path *path, const struct icmp_msg *msg)
{
	const struct probe_mark mark = {
		.ports = (uint32_t)msg->type->counterpart << 16 |
		    (uint16_t)msg->values[0].number,
		.number = (uint32_t)msg->values[1].number,
	};

	if (msg->value_count >= 2)
		on_final(path, path->packet->ip.protocol, &mark);
}

/* SYN-ACK or RST acknowledge the probe by its number: RFC 9293 3.5.2, 3.10.7. */
static void
on_tcp(struct path *path, const struct transport *transport)
{
	struct probe_mark mark = {
		.ports = (uint32_t)transport->destination_port << 16 | transport->source_port,
		.number = transport->tcp_acknowledgment - 1,
	};

	if (transport->has_tcp_flags && (transport->tcp_flags & TCP_ACK) != 0 &&
	    (transport->tcp_flags & (TCP_SYN | TCP_RST)) != 0)
		on_final(path, IP_PROTO_TCP, &mark);
}

static void
on_udp(struct path *path, const struct transport *transport)
{
	const struct probe_mark mark = {
		.ports = (uint32_t)transport->destination_port << 16 | transport->source_port,
	};

	if (transport->has_ports)
		on_final(path, IP_PROTO_UDP, &mark);
}

static void
path_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct path *path = state;
	struct transport transport;

	switch (msg->type->role) {
	case ICMP_ERROR:
		set_now(path, packet, now_ns);
		path_error(path, msg);
		break;
	case ICMP_REQUEST:
		if (!may_be_probe(path, packet))
			break;
		set_now(path, packet, now_ns);
		(void)transport_decode(packet->carried, packet->ip.protocol, &transport);
		on_probe(path, &transport);
		break;
	case ICMP_REPLY:
		if (path->traces.count == 0) {
			pairs_hush(path->pairs, HUSH_PATH, message_kind(msg), now_ns);
			break;
		}
		set_now(path, packet, now_ns);
		on_echo_reply(path, msg);
		break;
	case ICMP_INFORMATION:
		break;
	}
}

static void
path_datagram(void *state, const struct packet *packet, const struct transport *transport,
    uint64_t now_ns)
{
	struct path *path = state;

	if (path->traces.count > 0) {
		set_now(path, packet, now_ns);
		if (packet->ip.protocol == IP_PROTO_TCP)
			on_tcp(path, transport);
		else if (packet->ip.protocol == IP_PROTO_UDP)
			on_udp(path, transport);
	}
	if (!may_be_probe(path, packet))
		return;
	set_now(path, packet, now_ns);
	on_probe(path, transport);
}

/* The capture's time now, by the trace's own account: it was last seen so long ago. */
static uint64_t
time_since(const struct path *path, const struct trace *trace)
{
	return trace->last_ns + (path->now_ns - trace->entry.seen_ns);
}

/* Tells the traceroutes that go on; returns when the next of them is due. */
static uint64_t
tell_ongoing(struct path *path)
{
	uint64_t interval_ns = path->settings->path_interval_ns;
	uint64_t due_ns = path->now_ns + interval_ns;
	struct entry *entry;
	struct trace *trace;

	for (entry = table_oldest(&path->traces); entry != NULL;
	    entry = table_newer(&path->traces, entry)) {
		trace = (struct trace *)entry;
		if (path->now_ns - trace->told_ns >= interval_ns) {
			path_tell_ongoing(path, trace, time_since(path, trace));
			trace->told_ns = path->now_ns;
		}
		if (trace->told_ns + interval_ns < due_ns)
			due_ns = trace->told_ns + interval_ns;
	}
	return due_ns;
}

static uint64_t
path_tick(void *state, uint64_t now_ns)
{
	struct path *path = state;
	const struct entry *oldest;
	struct trace *trace;
	uint64_t due_ns = now_ns + path->settings->path_idle_ns, expired;

	path->now_ns = now_ns;
	path->packet = NULL;
	expired = path->traces.expired;
	while ((trace = (struct trace *)table_expire_next(&path->traces, now_ns)) != NULL)
		path_finish_trace(path, trace, trace->last_ns + path->settings->path_idle_ns);
	if (expired != path->traces.expired)
		path_refilter(path);
	if (now_ns >= path->interval_due_ns)
		path->interval_due_ns = tell_ongoing(path);
	oldest = table_oldest(&path->traces);
	if (oldest != NULL && oldest->seen_ns + path->settings->path_idle_ns < due_ns)
		due_ns = oldest->seen_ns + path->settings->path_idle_ns;
	return due_ns < path->interval_due_ns ? due_ns : path->interval_due_ns;
}

static void
path_finish(void *state, uint64_t now_ns, uint64_t end_ns)
{
	struct path *path = state;
	struct entry *entry;

	(void)path_tick(path, now_ns);
	while ((entry = table_oldest(&path->traces)) != NULL) {
		path_finish_trace(path, (struct trace *)entry, end_ns);
		table_remove(&path->traces, entry);
	}
	path_refilter(path);
}

static void *
create(const struct tracker_context *context, char *err)
{
	return path_create(context, err);
}

static uint32_t
path_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct path *path = state;

	if (max < 5)
		return 0;
	report_table_row(&path->traces, &out[0]);
	report_table_row(&path->probes, &out[1]);
	report_table_row(&path->hops, &out[2]);
	report_table_row(&path->finished, &out[3]);
	report_table_row(&path->notes.table, &out[4]);
	return 5;
}

const struct tracker tracker_path = {
	.name = "path",
	.create = create,
	.message = path_message,
	.hush = HUSH_PATH,
	.datagram = path_datagram,
	.tick = path_tick,
	.finish = path_finish,
	.report = path_report,
	.tables = path_tables,
	.destroy = path_destroy,
};
