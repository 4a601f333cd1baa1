/*
 * The events of the exchange tracker: facts put together, nothing decided.
 */
#include <string.h>

#include "analyzer/track/exchange_state.h"

static const struct exchange_side unknown_side = { EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN,
	EVENT_UNKNOWN, EVENT_UNKNOWN };

static const char *const status_of[EVENTS] = {
	[EVENT_ECHO_ANSWERED] = "answered",
	[EVENT_ECHO_LATE] = "late",
	[EVENT_ECHO_LOST] = "lost",
	[EVENT_ECHO_UNREACHABLE] = "unreachable",
	[EVENT_ECHO_UNSOLICITED] = "unsolicited",
	[EVENT_ECHO_DUPLICATE] = "duplicate",
	[EVENT_ECHO_OPEN] = "open",
};

/* Facts that every event of an exchange shares. */
static void
fill_facts(enum event_id id, const struct session *session, const struct request *request,
    struct exchange_facts *out)
{
	memset(out, 0, sizeof(*out));
	out->version = session->key.version;
	out->family = "echo";
	out->status = status_of[id];
	out->id = session->key.id;
	out->rtt_ns = EVENT_UNKNOWN;
	out->request = out->response = unknown_side;
	out->reordered = out->duplicates = EVENT_UNKNOWN;
	out->reporter.type = out->reporter.code = out->reporter.frame = EVENT_UNKNOWN;
	if (request == NULL)
		return;
	out->seq = request->key.seq;
	out->request.type = request->type;
	out->request.code = request->code;
	out->request.frame = (int64_t)request->frame;
	out->request.ttl = request->ttl;
	out->request.payload_bytes = request->payload.len;
}

/* Sends an event that hangs on the frame at hand. */
static void
emit_now(const struct exchange *exchange, enum event_id id, const struct session *session,
    const struct request *request, const struct exchange_facts *facts)
{
	const struct packet *packet = exchange->packet;
	struct event event = {
		.id = id,
		.when_ns = packet->frame->when_ns,
		.ordinal = packet->frame->ordinal,
		.index = packet->index,
		.source = session->key.source,
		.destination = session->destination,
		.packet = packet,
		.facts = facts,
	};
	uint64_t waited_ns;

	if (request != NULL && exchange_waited(exchange, request, &waited_ns)) {
		event.start_ns = request->when_ns;
		event.end_ns = event.when_ns;
	}
	exchange->emitter->emit(exchange->emitter->owner, &event);
}

void
exchange_emit_unanswered(const struct exchange *exchange, enum event_id id,
    const struct request *request)
{
	const struct session *session = session_of(exchange, request);
	struct exchange_facts facts;
	struct event event = {
		.id = id,
		.ordinal = request->ordinal,
		.index = request->index,
		.source = session->key.source,
		.destination = session->destination,
		.facts = &facts,
	};

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(id, session, request, &facts);
	event.when_ns = exchange->end_ns;
	if (id == EVENT_ECHO_LOST)
		event.when_ns = request->whole_ns + exchange->timeout_ns;
	if (event.when_ns >= request->when_ns) {
		event.start_ns = request->when_ns;
		event.end_ns = event.when_ns;
	}
	exchange->emitter->emit(exchange->emitter->owner, &event);
}

void
exchange_emit_reply(const struct exchange *exchange, enum event_id id,
    const struct session *session, const struct request *request,
    const struct exchange_reply *reply)
{
	const struct packet *packet = exchange->packet;
	struct exchange_facts facts;
	uint64_t waited_ns;

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(id, session, request, &facts);
	facts.seq = reply->seq;
	facts.response.type = reply->msg->type_number;
	facts.response.code = reply->msg->code;
	facts.response.frame = (int64_t)packet->frame->number;
	facts.response.ttl = packet->ip.ttl;
	facts.response.payload_bytes = reply->msg->tail.claimed;
	facts.payload_match = payload_match_name(reply->payload_match);
	if (reply->is_reordered)
		facts.reordered = 1;
	if (id == EVENT_ECHO_DUPLICATE)
		facts.duplicates = request->replies - 1;
	if (request != NULL && exchange_waited(exchange, request, &waited_ns))
		facts.rtt_ns = (int64_t)waited_ns;
	emit_now(exchange, id, session, request, &facts);
}

void
exchange_emit_unreachable(const struct exchange *exchange, const struct session *session,
    const struct request *request, const struct icmp_msg *msg)
{
	const struct packet *packet = exchange->packet;
	struct exchange_facts facts;

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(EVENT_ECHO_UNREACHABLE, session, request, &facts);
	facts.reporter.address = packet->ip.source;
	facts.reporter.type = msg->type_number;
	facts.reporter.code = msg->code;
	facts.reporter.frame = (int64_t)packet->frame->number;
	facts.reporter.name = msg->type->name;
	facts.reporter.code_name = name_of(msg->type->codes, msg->code);
	emit_now(exchange, EVENT_ECHO_UNREACHABLE, session, request, &facts);
}
