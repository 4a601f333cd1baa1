/*
 * Who is shown messages. Echoes come by the million and most trackers and
 * detectors have no use for them, so who ignores a kind is not even asked.
 */
#ifndef ANALYZER_CORE_LISTENER_H
#define ANALYZER_CORE_LISTENER_H

#include <stdint.h>

#include "decoders/icmp.h"
#include "decoders/packet.h"

enum message_kind {
	MESSAGE_ECHO_REQUEST,
	MESSAGE_ECHO_REPLY,
	MESSAGE_OTHER,
	MESSAGE_KINDS
};

/* Kinds as a set, to be ignored. */
enum {
	IGNORE_ECHO_REQUESTS = 1 << MESSAGE_ECHO_REQUEST,
	IGNORE_ECHO_REPLIES = 1 << MESSAGE_ECHO_REPLY,
	IGNORE_ECHOES = IGNORE_ECHO_REQUESTS | IGNORE_ECHO_REPLIES,
	IGNORE_OTHERS = 1 << MESSAGE_OTHER,
};

/*
 * One message, with its packet; both are borrowed for the call. `now_ns` never
 * goes back; the frame's own time may.
 */
typedef void message_function(void *state, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns);

struct listener {
	message_function *message;
	void *state;
	unsigned hush; /* its bit among those that may be spared messages (pairs.h), or 0 */
};

static inline enum message_kind
message_kind(const struct icmp_msg *msg)
{
	if (icmp_is_echo_request(msg))
		return MESSAGE_ECHO_REQUEST;
	return icmp_is_echo_reply(msg) ? MESSAGE_ECHO_REPLY : MESSAGE_OTHER;
}

#endif
