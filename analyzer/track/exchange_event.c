/*
 * The events of the exchange tracker: facts put together, nothing decided.
 */
#include <string.h>

#include "analyzer/track/exchange_state.h"

static const struct exchange_side unknown_side = { { .version = 0 }, EVENT_UNKNOWN,
	EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN };

/* Facts that every event of an exchange shares. */
static void
fill_facts(enum exchange_status status, const struct session *session,
    const struct request *request, struct exchange_facts *out)
{
	const struct pairing *pairing = pairing_of(family_of(session));

	memset(out, 0, sizeof(*out));
	out->version = session->key.version;
	out->family = exchange_family_name(family_of(session));
	out->status = exchange_status_name(status);
	out->id = pairing->id != NULL ? session->key.id : EVENT_UNKNOWN;
	out->seq = EVENT_UNKNOWN;
	out->rtt_ns = EVENT_UNKNOWN;
	out->request = out->response = unknown_side;
	out->reordered = out->duplicates = out->repliers = EVENT_UNKNOWN;
	out->reporter.type = out->reporter.code = out->reporter.frame = EVENT_UNKNOWN;
	if (request == NULL)
		return;
	if (pairing->seq != NULL)
		out->seq = request->key.seq;
	out->request.type = request->type;
	out->request.code = request->code;
	out->request.frame = (int64_t)request->frame;
	out->request.ttl = request->ttl;
	if ((pairing->flags & PAIRING_RETURNS_DATA) != 0)
		out->request.payload_bytes = request->payload.len;
}

static enum event_id
event_of(const struct session *session, enum exchange_status status)
{
	return (enum event_id)EVENT_OF_EXCHANGE(session->key.family, status);
}

/* Sends an event that hangs on the frame at hand. */
static void
emit_now(const struct exchange *exchange, enum exchange_status status,
    const struct session *session, const struct request *request,
    const struct exchange_facts *facts)
{
	const struct packet *packet = exchange->packet;
	struct event event = {
		.id = event_of(session, status),
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
exchange_emit_unanswered(const struct exchange *exchange, enum exchange_status status,
    const struct request *request)
{
	const struct session *session = session_of(exchange, request);
	struct exchange_facts facts;
	struct event event = {
		.id = event_of(session, status),
		.ordinal = request->ordinal,
		.index = request->index,
		.source = session->key.source,
		.destination = session->destination,
		.facts = &facts,
	};

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(status, session, request, &facts);
	event.when_ns = exchange->end_ns;
	if (status != EXCHANGE_OPEN)
		event.when_ns = request->whole_ns + exchange->timeout_ns;
	if (event.when_ns >= request->when_ns) {
		event.start_ns = request->when_ns;
		event.end_ns = event.when_ns;
	}
	exchange->emitter->emit(exchange->emitter->owner, &event);
}

static void
fill_response(const struct exchange *exchange, const struct session *session,
    const struct exchange_reply *reply, struct exchange_side *out)
{
	const struct packet *packet = exchange->packet;

	if (!addr_equal(&packet->ip.source, &session->destination))
		out->address = packet->ip.source;
	out->type = reply->msg->type_number;
	out->code = reply->msg->code;
	out->frame = (int64_t)packet->frame->number;
	out->ttl = packet->ip.ttl;
	if ((pairing_of(family_of(session))->flags & PAIRING_RETURNS_DATA) != 0)
		out->payload_bytes = reply->msg->tail.claimed;
}

void
exchange_emit_reply(const struct exchange *exchange, enum exchange_status status,
    const struct session *session, const struct request *request,
    const struct exchange_reply *reply)
{
	const struct pairing *pairing = pairing_of(family_of(session));
	struct exchange_facts facts;
	uint64_t waited_ns;

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(status, session, request, &facts);
	if (pairing->seq != NULL)
		facts.seq = reply->seq;
	fill_response(exchange, session, reply, &facts.response);
	facts.payload_match = payload_match_name(reply->payload_match);
	if (reply->is_reordered)
		facts.reordered = 1;
	if (status == EXCHANGE_DUPLICATE)
		facts.duplicates = request->replies - 1;
	if (request != NULL && request->repliers > 0)
		facts.repliers = request->repliers;
	if (request != NULL && exchange_waited(exchange, request, &waited_ns))
		facts.rtt_ns = (int64_t)waited_ns;
	emit_now(exchange, status, session, request, &facts);
}

void
exchange_emit_unreachable(const struct exchange *exchange, const struct session *session,
    const struct request *request, const struct icmp_msg *msg)
{
	const struct packet *packet = exchange->packet;
	struct exchange_facts facts;

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(EXCHANGE_UNREACHABLE, session, request, &facts);
	facts.reporter.address = packet->ip.source;
	facts.reporter.type = msg->type_number;
	facts.reporter.code = msg->code;
	facts.reporter.frame = (int64_t)packet->frame->number;
	facts.reporter.name = msg->type->name;
	facts.reporter.code_name = name_of(msg->type->codes, msg->code);
	emit_now(exchange, EXCHANGE_UNREACHABLE, session, request, &facts);
}
