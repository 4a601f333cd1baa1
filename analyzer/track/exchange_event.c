/*
 * The events of the exchange tracker: facts put together, nothing decided.
 */
#include <string.h>

#include "analyzer/track/exchange_state.h"

static const struct exchange_side unknown_side = { { .version = 0 }, EVENT_UNKNOWN,
	EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN };

/* Facts that every event of an exchange shares. */
static void
fill_facts(const struct exchange *exchange, enum exchange_status status,
    const struct session *session, const struct request *request, struct exchange_facts *out)
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
	out->clock_offset.requester_ns = out->clock_offset.capture_ns = EVENT_UNKNOWN;
	out->probe.active = out->probe.ipv4 = out->probe.ipv6 = EVENT_UNKNOWN;
	out->probe.interface.index = EVENT_UNKNOWN;
	out->sender.tool = session->tool;
	out->sender.seq_mode = seq_mode_name(session_seq_mode(session));
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
	if (family_of(session) == FAMILY_EXTENDED_ECHO)
		exchange_fill_probed(exchange, request, out);
}

static enum event_id
event_of(const struct session *session, enum exchange_status status)
{
	return (enum event_id)EVENT_OF_EXCHANGE(session->key.family, status);
}

/*
 * Sends an event that hangs on the frame at hand, and says what happened at
 * `when_ns`. A reply to all may give several.
 */
static void
emit_now(struct exchange *exchange, enum exchange_status status, const struct session *session,
    const struct request *request, uint64_t when_ns, const struct exchange_facts *facts)
{
	const struct packet *packet = exchange->packet;
	struct event event = {
		.id = event_of(session, status),
		.when_ns = when_ns,
		.ordinal = packet->frame->ordinal,
		.index = packet->index + (exchange->told++ << 16),
		.source = session->key.source,
		.destination = session->destination,
		.packet = packet,
		.facts = facts,
	};
	uint64_t waited_ns;

	/* From frame to frame, as they are named; the RTT is the sender's own. */
	if (request != NULL && exchange_waited(exchange, request, when_ns, &waited_ns)) {
		event.start_ns = request->whole_ns;
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
	fill_facts(exchange, status, session, request, &facts);
	event.when_ns = exchange->end_ns;
	if (status != EXCHANGE_OPEN)
		event.when_ns = request->whole_ns + exchange->timeout_ns;
	if (event.when_ns >= request->whole_ns) {
		event.start_ns = request->whole_ns;
		event.end_ns = event.when_ns;
	}
	exchange->emitter->emit(exchange->emitter->owner, &event);
}

static void
fill_response(const struct session *session, const struct reply *reply,
    struct exchange_side *out)
{
	if (!addr_equal(&reply->source, &session->destination))
		out->address = reply->source;
	out->type = reply->type;
	out->code = reply->code;
	out->frame = (int64_t)reply->frame;
	out->ttl = reply->ttl;
	if ((pairing_of(family_of(session))->flags & PAIRING_RETURNS_DATA) != 0)
		out->payload_bytes = reply->question.payload.len;
}

void
exchange_emit_reply(struct exchange *exchange, const struct session *session,
    const struct request *request, const struct reply *reply, const struct verdict *verdict)
{
	struct exchange_facts facts;
	uint64_t waited_ns;

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(exchange, verdict->status, session, request, &facts);
	if (pairing_of(family_of(session))->seq != NULL)
		facts.seq = reply->question.seq;
	fill_response(session, reply, &facts.response);
	exchange_fill_answer(session, request, reply, &facts);
	facts.payload_match = payload_match_name(verdict->payload_match);
	if (verdict->is_reordered)
		facts.reordered = 1;
	if (verdict->status == EXCHANGE_DUPLICATE)
		facts.duplicates = request->replies - 1;
	if (request != NULL && request->repliers > 0)
		facts.repliers = request->repliers;
	if (request != NULL && exchange_waited(exchange, request, reply->when_ns, &waited_ns))
		facts.rtt_ns = (int64_t)waited_ns;
	emit_now(exchange, verdict->status, session, request, reply->when_ns, &facts);
}

void
exchange_emit_unreachable(struct exchange *exchange, const struct session *session,
    const struct request *request, const struct icmp_msg *msg)
{
	const struct packet *packet = exchange->packet;
	struct exchange_facts facts;

	if (!emitter_wants(exchange->emitter, DATASET_EXCHANGE))
		return;
	fill_facts(exchange, EXCHANGE_UNREACHABLE, session, request, &facts);
	facts.reporter.address = packet->ip.source;
	facts.reporter.type = msg->type_number;
	facts.reporter.code = msg->code;
	facts.reporter.frame = (int64_t)packet->frame->number;
	facts.reporter.name = msg->type->name;
	facts.reporter.code_name = name_of(msg->type->codes, msg->code);
	emit_now(exchange, EXCHANGE_UNREACHABLE, session, request, packet->frame->when_ns, &facts);
}
