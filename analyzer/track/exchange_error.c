/*
 * Errors that quote a request: it was not delivered, or not answered.
 */
#include "analyzer/track/exchange_state.h"

/* Whether this error means that the datagram it quotes was not delivered. */
static bool
is_undelivered(const struct icmp_msg *msg)
{
	if (msg->version == 4)
		return msg->type_number == ICMP4_DESTINATION_UNREACHABLE ||
		    msg->type_number == ICMP4_TIME_EXCEEDED ||
		    msg->type_number == ICMP4_PARAMETER_PROBLEM;
	return msg->type_number <= ICMP6_PARAMETER_PROBLEM;
}

static bool
is_expired(const struct icmp_msg *msg)
{
	return msg->type_number ==
	    (msg->version == 4 ? ICMP4_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED);
}

void
exchange_on_error(struct exchange *exchange, const struct icmp_msg *msg)
{
	const struct pairing_type *type =
	    &exchange->types[msg->version == 6][msg->quote.transport.icmp_type];
	struct exchange_match match;
	struct session_key key;

	if (type->pairing == NULL || !is_undelivered(msg) ||
	    (type->pairing->seq != NULL && !msg->quote.transport.has_seq))
		return;
	session_key_of_quote(&msg->quote, msg->version, type->family, &key);
	match = exchange_match_quote(exchange, &key, &msg->quote);
	if (match.request == NULL)
		return;
	if (match.request->state == REQUEST_LOST)
		UNCOUNT(exchange, match.session, lost);
	else
		series_lost(&exchange->series, match.session, match.request->when_ns);
	match.request->state = REQUEST_UNREACHABLE;
	match.session->expired += is_expired(msg);
	COUNT(exchange, match.session, unreachable);
	exchange_emit_unreachable(exchange, match.session, match.request, msg);
}
