/*
 * One sentence for each event of a path.
 */
#include "analyzer/sink/path_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/sink/format.h"
#include "analyzer/sink/report_pairs.h"

#define PPM 1000000

const struct path_hop *
path_last_hop(const struct traceroute_facts *facts)
{
	const struct path_hop *hops = facts->hops.items;

	return facts->hops.count > 0 ? &hops[facts->hops.count - 1] : NULL;
}

/* The last hop that somebody answered at, or NULL. */
static const struct path_hop *
last_answered(const struct traceroute_facts *facts)
{
	const struct path_hop *hops = facts->hops.items;
	uint32_t i;

	for (i = facts->hops.count; i > 0; i--)
		if (hops[i - 1].received != 0)
			return &hops[i - 1];
	return NULL;
}

static void
traceroute_words(const struct traceroute_facts *facts, char *out)
{
	const struct path_hop *last = path_last_hop(facts), *answered = last_answered(facts);
	const char *method = facts->method != NULL ? facts->method : "traceroute";
	const char *transport = facts->transport != NULL ? facts->transport : "ip";
	char ms[FORMAT_MS_SIZE];
	int len;

	len = snprintf(out, PATH_WORDS_SIZE, "%s (%s)%s: ", method, transport,
	    facts->is_ongoing == 1 ? " going on" : "");
	out += len;
	if (facts->is_reached == 1 && last != NULL && last->best_ns != EVENT_UNKNOWN)
		snprintf(out, PATH_WORDS_SIZE - (size_t)len, "reached at hop %" PRId64 ", %s ms",
		    last->ttl, format_ms((uint64_t)last->avg_ns, ms));
	else if (facts->is_reached == 1 && last != NULL)
		snprintf(out, PATH_WORDS_SIZE - (size_t)len, "reached at hop %" PRId64, last->ttl);
	else if (answered != NULL)
		snprintf(out, PATH_WORDS_SIZE - (size_t)len, "not reached, no answer beyond hop %"
		    PRId64, answered->ttl);
	else
		snprintf(out, PATH_WORDS_SIZE - (size_t)len, "not reached, no answer at all");
}

static void
change_words(const struct path_facts *facts, char *out)
{
	char router[ADDR_TEXT_SIZE], before[ADDR_TEXT_SIZE];

	addr_text(&facts->router, router);
	addr_text(&facts->previous_router, before);
	snprintf(out, PATH_WORDS_SIZE, "path changed: hop %" PRId64 " is %s, was %s", facts->ttl,
	    router, before);
}

static void
loop_words(const struct path_facts *facts, char *out)
{
	const struct addr *routers = facts->routers.items;
	char router[ADDR_TEXT_SIZE];
	uint32_t i;
	int len;

	len = snprintf(out, PATH_WORDS_SIZE, "routing loop%s",
	    facts->routers.count > 0 ? " through" : ": datagrams pass here again and again");
	for (i = 0; i < facts->routers.count; i++) {
		addr_text(&routers[i], router);
		len += snprintf(out + len, PATH_WORDS_SIZE - (size_t)len, "%s %s",
		    i > 0 ? "," : "", router);
	}
}

static void
limit_words(const struct path_facts *facts, char *out)
{
	char router[ADDR_TEXT_SIZE], loss[SHARE_SIZE], behind[SHARE_SIZE];

	addr_text(&facts->router, router);
	snprintf(out, PATH_WORDS_SIZE, "hop %" PRId64 " %s limits its answers: "
	    "%s of %" PRId64 " missing, behind it %s", facts->ttl, router,
	    share_text((uint64_t)facts->loss, PPM, loss), facts->sent,
	    share_text((uint64_t)facts->path_loss, PPM, behind));
}

static void
mtu_words(const struct path_facts *facts, char *out)
{
	char reporter[ADDR_TEXT_SIZE], before[32] = "";

	addr_text(&facts->reporter, reporter);
	if (facts->previous_mtu != EVENT_UNKNOWN)
		snprintf(before, sizeof(before), ", was %" PRId64, facts->previous_mtu);
	snprintf(out, PATH_WORDS_SIZE, "path MTU %" PRId64 "%s%s, says %s", facts->mtu,
	    facts->is_estimated == 1 ? " estimated" : "", before, reporter);
}

static void
blackhole_words(const struct path_facts *facts, char *out)
{
	int len;

	len = snprintf(out, PATH_WORDS_SIZE, "path MTU black hole suspected: ");
	if (facts->mtu != EVENT_UNKNOWN)
		snprintf(out + len, PATH_WORDS_SIZE - (size_t)len,
		    "the sender goes on beyond MTU %" PRId64, facts->mtu);
	else
		snprintf(out + len, PATH_WORDS_SIZE - (size_t)len,
		    "%" PRId64 " octets were sent %" PRId64 " times more and never arrived",
		    facts->bytes, facts->count);
}

static void
redirect_words(const struct path_facts *facts, char *out)
{
	char gateway[ADDR_TEXT_SIZE], reporter[ADDR_TEXT_SIZE];

	addr_text(&facts->gateway, gateway);
	addr_text(&facts->reporter, reporter);
	snprintf(out, PATH_WORDS_SIZE, "redirected to %s by %s", gateway, reporter);
}

void
path_words(enum event_id id, const void *facts, char *out)
{
	static void (*const words[EVENTS])(const struct path_facts *facts, char *out) = {
		[EVENT_PATH_CHANGED] = change_words,
		[EVENT_ROUTING_LOOP] = loop_words,
		[EVENT_RATE_LIMITED] = limit_words,
		[EVENT_PMTU_CHANGED] = mtu_words,
		[EVENT_PMTU_BLACKHOLE] = blackhole_words,
		[EVENT_REDIRECTED] = redirect_words,
	};

	if (id == EVENT_TRACEROUTE)
		traceroute_words(facts, out);
	else
		words[id](facts, out);
}
