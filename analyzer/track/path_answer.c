/*
 * What answers probes: hops that let them expire, the destination, who refuses
 * them; and what that tells of the path: loops, changes.
 */
#include "analyzer/track/path_state.h"

enum answer {
	ANSWER_NONE,
	ANSWER_EXPIRED,   /* the TTL ran out at a router */
	ANSWER_FINAL,     /* the destination has it */
	ANSWER_REFUSED,   /* somebody will not have it */
	ANSWER_TOO_LARGE, /* says nothing of the hop that was asked */
};

/* What the types and codes of errors say of a probe; the first row that fits. */
static const struct answer_type {
	uint8_t version, type;
	int16_t code;
	enum answer answer;
} answer_types[] = {
	{ 4, ICMP4_TIME_EXCEEDED, 0, ANSWER_EXPIRED },
	{ 4, ICMP4_DESTINATION_UNREACHABLE, 2, ANSWER_FINAL }, /* protocol */
	{ 4, ICMP4_DESTINATION_UNREACHABLE, 3, ANSWER_FINAL }, /* port */
	{ 4, ICMP4_DESTINATION_UNREACHABLE, 4, ANSWER_TOO_LARGE },
	{ 4, ICMP4_DESTINATION_UNREACHABLE, ICMP_ANY_CODE, ANSWER_REFUSED },
	{ 6, ICMP6_TIME_EXCEEDED, 0, ANSWER_EXPIRED },
	{ 6, ICMP6_DESTINATION_UNREACHABLE, 4, ANSWER_FINAL }, /* port */
	{ 6, ICMP6_DESTINATION_UNREACHABLE, ICMP_ANY_CODE, ANSWER_REFUSED },
	{ 6, ICMP6_PARAMETER_PROBLEM, 1, ANSWER_FINAL }, /* next header: RFC 4443 3.4 */
	{ 6, ICMP6_PACKET_TOO_BIG, ICMP_ANY_CODE, ANSWER_TOO_LARGE },
	{ 0, 0, 0, ANSWER_NONE },
};

static enum answer
answer_of(const struct icmp_msg *msg)
{
	const struct answer_type *row = answer_types;

	while (row->answer != ANSWER_NONE &&
	    (row->version != msg->version || row->type != msg->type_number ||
	    (row->code != ICMP_ANY_CODE && row->code != msg->code)))
		row++;
	return row->answer;
}

/* How long ago the probe was sent; UINT64_MAX when the clock was set in between. */
static uint64_t
waited(const struct path *path, const struct probe *probe)
{
	uint64_t rtt_ns = path->when_ns - probe->when_ns;

	if (path->when_ns < probe->when_ns || rtt_ns > path->settings->path_idle_ns)
		return UINT64_MAX;
	return rtt_ns;
}

/*
 * Whether `router` answered at every k-th TTL up to this one, k at least 2 and
 * somebody else in between: load balancing over paths of different lengths
 * shows a router twice at most (Viger et al., "Detection, understanding, and
 * prevention of traceroute measurement artifacts").
 */
static bool
returns_every(const struct path *path, const struct trace *trace, const struct addr *router,
    uint32_t ttl, uint32_t k)
{
	uint32_t visits = (uint32_t)path->settings->path_loop_visits, i;
	struct hop *hop;

	for (i = 1; i < visits; i++) {
		if (ttl <= i * k)
			return false;
		hop = path_find_hop(path, trace, ttl - i * k);
		if (hop == NULL || path_hop_router(hop, router) == NULL)
			return false;
	}
	hop = path_find_hop(path, trace, ttl - 1);
	return hop != NULL && hop->router_count > 0 && path_hop_router(hop, router) == NULL;
}

static void
look_for_loop(struct path *path, struct trace *trace, const struct addr *router, uint32_t ttl)
{
	struct addr routers[PATH_ROUTERS_MAX];
	uint32_t k, i, count = 0;
	const struct hop *hop;

	if (trace->is_looping || trace->reached_ttl != 0)
		return;
	for (k = 2; k < ttl; k++)
		if (returns_every(path, trace, router, ttl, k))
			break;
	if (k >= ttl)
		return;
	for (i = k; i > 0 && count < PATH_ROUTERS_MAX; i--) {
		hop = path_find_hop(path, trace, ttl - i);
		if (hop != NULL && hop->router_count > 0)
			routers[count++] = hop->routers[0].address;
	}
	path_tell_loop(path, trace, "routers_return", routers, count);
}

/* Whether another router took over at the hop, and did not just take its turn. */
static void
look_for_change(struct path *path, struct trace *trace, struct hop *hop,
    const struct hop_router *now)
{
	uint32_t enough = (uint32_t)path->settings->path_change_answers;
	int i;

	if (now == NULL || now->count != enough || hop->router_count < 2)
		return;
	for (i = 0; i < hop->router_count; i++) {
		const struct hop_router *before = &hop->routers[i];

		if (before == now || before->last > now->first || before->count < enough)
			continue;
		hop->has_changed = true;
		path_tell_change(path, trace, hop, before, now);
		return;
	}
}

static void
note_refusal(struct hop *hop, const struct icmp_msg *msg)
{
	hop->has_error = true;
	hop->error_type = msg->type_number;
	hop->error_code = msg->code;
}

/* Routers whose place on the path is not known. */
static uint32_t
stray_routers(const struct path *path, const struct trace *trace,
    struct addr out[PATH_ROUTERS_MAX])
{
	uint32_t count = 0, i;
	const struct hop *hop;

	for (i = 0; i < trace->unplaced && count < PATH_ROUTERS_MAX; i++) {
		hop = path_find_hop(path, trace, PATH_UNPLACED + i);
		if (hop != NULL && hop->router_count > 0)
			out[count++] = hop->routers[0].address;
	}
	return count;
}

/* The hop without a place of a router, added if need be; NULL when there are too many. */
static struct hop *
stray_hop(struct path *path, struct trace *trace, const struct addr *router)
{
	struct hop *hop;
	uint32_t i;

	for (i = 0; i < trace->unplaced; i++) {
		hop = path_find_hop(path, trace, PATH_UNPLACED + i);
		if (hop != NULL && path_hop_router(hop, router) != NULL)
			return hop;
	}
	if (trace->unplaced == PATH_UNPLACED_MAX)
		return NULL;
	return path_hop(path, trace, PATH_UNPLACED + trace->unplaced++);
}

/* Where the probe that was not captured stood among the others. */
static void
note_order(struct hop *hop, uint16_t number)
{
	struct hop_order *order = &hop->order;
	bool is_next = hop->answered > 0 && number == (uint16_t)(order->last + 1);

	order->run = (uint16_t)(is_next ? order->run + 1 : 1);
	if (order->run > order->longest)
		order->longest = order->run;
	if (hop->answered == 0)
		order->first = number;
	order->last = number;
}

/*
 * An error about a datagram that was not captured as a probe: its sender is on
 * the other side, the capture began later, or it is no probe at all. To know,
 * what its flow sends from now on is remembered, whatever its TTL.
 */
static void
on_stray(struct path *path, struct trace *trace, const struct probe_mark *mark,
    const struct icmp_msg *msg, enum answer answer)
{
	struct hop *hop = stray_hop(path, trace, &path->packet->ip.source);
	uint16_t number = path_number(trace, mark);

	table_touch(&path->traces, &trace->entry, path->now_ns);
	trace->last_ns = path->when_ns;
	if (answer == ANSWER_EXPIRED && !trace->is_watched) {
		trace->is_watched = true;
		path->watched++;
	}
	if (hop == NULL || (hop->answered > 0 && hop->order.last == number))
		return;
	note_order(hop, number);
	(void)path_hop_answer(hop, &path->packet->ip.source, trace->unplaced, UINT64_MAX);
	if (answer == ANSWER_FINAL)
		hop->is_final = true;
	else
		path_read_extension(hop, msg);
}

/* A datagram died that had too long to live for any path: it went in circles. */
static void
on_high_expired(struct path *path, struct trace *trace, uint64_t rtt_ns)
{
	struct hop *hop = stray_hop(path, trace, &path->packet->ip.source);
	struct addr routers[PATH_ROUTERS_MAX];

	if (hop != NULL)
		(void)path_hop_answer(hop, &path->packet->ip.source, trace->unplaced, rtt_ns);
	/* Not so when probes have climbed up to there, one TTL after the other. */
	if (++trace->expired_high < path->settings->path_loop_visits ||
	    trace->highest_ttl == path->settings->path_probe_ttl)
		return;
	path_tell_loop(path, trace, "long_lived_expire", routers,
	    stray_routers(path, trace, routers));
}

static void
on_expired(struct path *path, struct trace *trace, struct hop *hop,
    const struct hop_router *router, const struct icmp_msg *msg)
{
	trace->expired++;
	path_read_extension(hop, msg);
	look_for_change(path, trace, hop, router);
	look_for_loop(path, trace, &path->packet->ip.source, hop->key.ttl);
}

/* The probe was too large for the path: it says nothing of its hop. */
static void
uncount_probe(struct path *path, struct trace *trace, const struct probe *probe)
{
	struct hop *hop = path_find_hop(path, trace, probe->ttl);

	if (hop == NULL || hop->sent == 0)
		return;
	hop->sent--;
	trace->large++;
}

/* Something answered the probe, in the packet at hand. `msg` is the error, or NULL. */
static void
on_answer(struct path *path, struct trace *trace, struct probe *probe, enum answer answer,
    const struct icmp_msg *msg)
{
	uint64_t rtt_ns = waited(path, probe);
	const struct hop_router *router;
	struct hop *hop;

	if (probe->is_answered)
		return;
	probe->is_answered = true;
	table_touch(&path->traces, &trace->entry, path->now_ns);
	trace->last_ns = path->when_ns;
	if (answer == ANSWER_TOO_LARGE) {
		uncount_probe(path, trace, probe);
		return;
	}
	if (probe->ttl > path->settings->path_probe_ttl) {
		if (answer == ANSWER_EXPIRED)
			on_high_expired(path, trace, rtt_ns);
		return;
	}
	hop = path_hop(path, trace, probe->ttl);
	trace->answered_ttls += hop->answered == 0;
	router = path_hop_answer(hop, &path->packet->ip.source, probe->order, rtt_ns);
	if (probe->when_ns >= hop->sent_ns)
		hop->sent_ns = 0;
	if (answer == ANSWER_EXPIRED) {
		on_expired(path, trace, hop, router, msg);
	} else if (answer == ANSWER_REFUSED) {
		note_refusal(hop, msg);
	} else {
		hop->is_final = true;
		if (trace->reached_ttl == 0 || probe->ttl < trace->reached_ttl)
			trace->reached_ttl = probe->ttl;
	}
}

void
path_error(struct path *path, const struct icmp_msg *msg)
{
	const struct quote *quote = &msg->quote;
	enum answer answer = answer_of(msg);
	struct probe_mark mark;
	struct trace_key key;
	struct trace *trace;
	struct probe *probe;

	/* What is told to another than the sender is for other trackers to judge. */
	if (answer == ANSWER_NONE || !quote->present ||
	    !addr_equal(&quote->ip.source, &path->packet->ip.destination) ||
	    !path_mark(&quote->ip, &quote->transport, &mark))
		return;
	if (answer == ANSWER_REFUSED &&
	    addr_equal(&path->packet->ip.source, &quote->ip.final_destination))
		answer = ANSWER_FINAL;
	path_key(&quote->ip.source, &quote->ip.final_destination, quote->ip.protocol, &key);
	trace = answer == ANSWER_EXPIRED ? path_trace(path, &key) : path_find_trace(path, &key);
	if (trace == NULL)
		return;
	probe = path_find_probe(path, trace, &mark);
	if (probe != NULL)
		on_answer(path, trace, probe, answer, msg);
	else if (answer == ANSWER_EXPIRED || (answer == ANSWER_FINAL && trace->unplaced > 0))
		on_stray(path, trace, &mark, msg, answer);
}

void
path_final(struct path *path, struct trace *trace, const struct probe_mark *mark)
{
	struct probe *probe = path_find_probe(path, trace, mark);

	if (probe != NULL)
		on_answer(path, trace, probe, ANSWER_FINAL, NULL);
	else if (trace->expired > 0)
		on_stray(path, trace, mark, NULL, ANSWER_FINAL);
}
