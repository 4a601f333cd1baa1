/*
 * What replies of some families say beyond that they came: how far clocks are
 * apart (RFC 792), and how an interface is (RFC 8335 3).
 */
#include <string.h>

#include "analyzer/track/exchange_state.h"

static uint64_t
value_of(const struct icmp_msg *msg, const char *name)
{
	const union value *value = icmp_value(msg, name);

	return value != NULL ? value->number : 0;
}

/* The name of the number in a field, or NULL. */
static const char *
value_name(const struct icmp_msg *msg, const char *name)
{
	const struct field *field;

	for (field = msg->type->fields; field->name != NULL; field++)
		if (strcmp(field->name, name) == 0)
			return name_of(field->names, (uint32_t)value_of(msg, name));
	return NULL;
}

void
exchange_read_answer(enum exchange_family family, const struct icmp_msg *msg, struct answer *out)
{
	if (family == FAMILY_TIMESTAMP) {
		out->stamps.originate = (uint32_t)value_of(msg, "originate_timestamp");
		out->stamps.receive = (uint32_t)value_of(msg, "receive_timestamp");
		out->stamps.transmit = (uint32_t)value_of(msg, "transmit_timestamp");
	} else if (family == FAMILY_EXTENDED_ECHO) {
		/* Zero is reserved: nobody asked for the state of a neighbor (RFC 8335 3). */
		out->state = value_of(msg, "state") != 0 ? value_name(msg, "state") : NULL;
		out->is_active = value_of(msg, "active") != 0;
		out->has_ipv4 = value_of(msg, "ipv4") != 0;
		out->has_ipv6 = value_of(msg, "ipv6") != 0;
	}
}

/* Clocks of milliseconds are never so near; the value has another meaning. */
static int64_t
known_ns(int64_t ns)
{
	return ns == EVENT_UNKNOWN ? 0 : ns;
}

static void
fill_clock_offset(const struct request *request, const struct reply *reply,
    struct exchange_facts *out)
{
	struct clock_offset offset = clock_offset(&reply->answer.stamps,
	    request != NULL ? request->when_ns : 0, reply->when_ns);

	out->clock_offset.form = clock_form_name(offset.form);
	if (offset.form == CLOCK_NONSTANDARD)
		return;
	out->clock_offset.capture_ns = known_ns(offset.capture_ns);
	if (offset.has_requester)
		out->clock_offset.requester_ns = known_ns(offset.requester_ns);
}

void
exchange_fill_answer(const struct session *session, const struct request *request,
    const struct reply *reply, struct exchange_facts *out)
{
	if (family_of(session) == FAMILY_TIMESTAMP) {
		fill_clock_offset(request, reply, out);
	} else if (family_of(session) == FAMILY_EXTENDED_ECHO && reply->code == 0) {
		/* One with an error code found nothing. */
		out->probe.state = reply->answer.state;
		out->probe.active = reply->answer.is_active;
		out->probe.ipv4 = reply->answer.has_ipv4;
		out->probe.ipv6 = reply->answer.has_ipv6;
	}
}
