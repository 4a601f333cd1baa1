/*
 * Whom redirects come from, and lead to, as far as frames tell: whether the sender
 * is the host's first hop, and which stations have the addresses that it names.
 */
#ifndef ANALYZER_TRACK_REDIRECT_H
#define ANALYZER_TRACK_REDIRECT_H

#include "analyzer/core/event.h"
#include "analyzer/core/first_hop.h"

/* Empty when zero. */
struct redirects {
	bool has_datagrams;           /* not messages alone are noted */
	uint64_t searched_ns;         /* when all first hops were looked at */
	struct first_hops first_hops; /* to be noted for each datagram and request */
};

struct redirect {
	const struct packet *packet;
	const struct icmp_msg *msg;
	const struct addr *host, *destination; /* that is redirected, and for what */
};

/* Fills the facts of a redirect whose gateway and reporter are in them. */
void redirects_judge(struct redirects *redirects, const struct redirect *redirect,
    uint64_t now_ns, struct path_facts *out);

#endif
