/*
 * Verdicts on the datagram that an error quotes which need more than the error:
 * what was on the wire, and what its sender sent before.
 */
#ifndef ANALYZER_TRACK_QUOTE_VERDICT_H
#define ANALYZER_TRACK_QUOTE_VERDICT_H

#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/flow_memory.h"
#include "analyzer/settings.h"

/* An error, and what is known besides. */
struct quote_case {
	const struct settings *settings;
	struct flow_memory *memory;
	const struct packet *packet;
	const struct icmp_msg *msg; /* with its quote present */
	int earlier_ttl;            /* of the sender's last error of that type and code, or -1 */
	uint64_t now_ns;
};

/* Whether the flow was seen, what NAT made of it, and what is wrong with it. */
struct quote_facts quote_verdict(const struct quote_case *quote);

#endif
