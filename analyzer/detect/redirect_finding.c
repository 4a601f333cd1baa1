/*
 * What is said of who sends redirects: what speaks against them, and whom they
 * lead where.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/redirect.h"

#define NS_PER_MS 1000000

static const struct {
	const char *name;
	enum reason_group group;
	uint8_t weight;
	const char *words; /* NULL: it takes numbers */
} rows[REDIRECT_EVIDENCE] = {
	[REDIRECT_NOT_FIRST_HOP] = { "not_first_hop", REASON_ROLE, 40, NULL },
	[REDIRECT_NOT_A_HOP] = { "not_a_first_hop", REASON_ROLE, 25, NULL },
	[REDIRECT_OTHERS_ADDRESS] = { "other_station", REASON_HEADER, 30, NULL },
	[REDIRECT_FROM_HOST] = { "from_a_host", REASON_ROLE, 40,
	    "neighbor advertisements of the sender's station say that it is no router" },
	[REDIRECT_UNLISTED] = { "not_listed", REASON_ROLE, 60, "the sender is not in detect.routers" },
	[REDIRECT_TO_ITSELF] = { "to_itself", REASON_TARGETS, 40,
	    "the station that sends it is the gateway that it names" },
	[REDIRECT_TO_HOST] = { "to_a_host", REASON_TARGETS, 35,
	    "neighbor advertisements of the gateway's station say that it is no router" },
	[REDIRECT_TO_UNLISTED] = { "gateway_not_listed", REASON_TARGETS, 40,
	    "the gateway is not in detect.routers" },
	[REDIRECT_DROPPED] = { "dropped_by_hosts", REASON_HEADER, 30, NULL },
	[REDIRECT_OTHERS_QUOTE] = { "quoted_source_mismatch", REASON_HEADER, 20,
	    "about a datagram that another host sent" },
	[REDIRECT_NOT_SEEN] = { "flow_not_seen", REASON_FLOW, 30, "about a flow that was not seen here" },
	[REDIRECT_OF_REPLY] = { "quotes_reply", REASON_FLOW, 15,
	    "about a reply that anybody may have asked for" },
	[REDIRECT_UNPROMPTED] = { "unprompted", REASON_TIMING, 15, NULL },
	[REDIRECT_NOT_SENT] = { "quotes_nothing_sent", REASON_FLOW, 25,
	    "about another datagram than the one that the host had sent there" },
	[REDIRECT_CROWD] = { "many_senders", REASON_CHANGE, 50, NULL },
	[REDIRECT_TOOL] = { "tool_values", REASON_SIGNATURE, 60,
	    "about the ping that atk6-redir6 of THC-IPv6 sends first" },
};

/* The evidence that takes numbers. */
static void
add_numbers(struct finding *finding, const struct redirector *redirector,
    enum redirect_evidence evidence)
{
	char station[MAC_TEXT_SIZE], first_hop[MAC_TEXT_SIZE], owner[MAC_TEXT_SIZE];
	const char *name = rows[evidence].name;
	enum reason_group group = rows[evidence].group;
	unsigned weight = rows[evidence].weight;

	mac_text(&redirector->station, station);
	mac_text(&redirector->first_hop, first_hop);
	mac_text(&redirector->owner, owner);
	switch (evidence) {
	case REDIRECT_NOT_FIRST_HOP:
		finding_reason(finding, name, group, weight,
		    "from %s; the host sends what goes there to %s", station, first_hop);
		break;
	case REDIRECT_NOT_A_HOP:
		finding_reason(finding, name, group, weight,
		    "from %s, to which the host sends nothing", station);
		break;
	case REDIRECT_OTHERS_ADDRESS:
		finding_reason(finding, name, group, weight,
		    "from %s; the sender's address is that of %s", station, owner);
		break;
	case REDIRECT_UNPROMPTED:
		finding_reason(finding, name, group, weight,
		    "%" PRId64 " ms after the host sent anything there",
		    redirector->delay_ns / NS_PER_MS);
		break;
	case REDIRECT_CROWD:
		finding_reason(finding, name, group, weight,
		    "%" PRIu32 " redirects, each from another sender or nearly so",
		    redirector->redirects);
		break;
	default: /* REDIRECT_DROPPED */
		finding_reason(finding, name, group, weight, "%s",
		    anomaly_type(redirector->rule)->meaning);
		break;
	}
}

static void
add_reasons(struct finding *finding, const struct redirector *redirector)
{
	enum redirect_evidence evidence;

	for (evidence = 0; evidence < REDIRECT_EVIDENCE; evidence++) {
		if (!redirect_has(redirector, evidence))
			continue;
		if (rows[evidence].words == NULL)
			add_numbers(finding, redirector, evidence);
		else
			finding_reason(finding, rows[evidence].name, rows[evidence].group,
			    rows[evidence].weight, "%s", rows[evidence].words);
	}
	if (redirect_has(redirector, REDIRECT_TOOL))
		finding->tool = "THC-IPv6";
}

/* Names whom it concerns: one host or several. */
static void
name_ends(struct finding *finding, const struct redirector *redirector)
{
	uint32_t i;

	for (i = 0; i < FINDING_RELATED_MAX && redirector->victims[i].version != 0; i++)
		finding_relate(finding, &redirector->victims[i]);
	finding_relate(finding, &redirector->gateway);
	if (distinct_count(&redirector->victim_count) == 1)
		finding->victim = redirector->victim;
}

static void
say(struct finding *finding, const struct redirector *redirector)
{
	char sender[ADDR_TEXT_SIZE] = "", victim[ADDR_TEXT_SIZE], station[MAC_TEXT_SIZE];
	char gateway[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE];
	uint32_t victims = distinct_count(&redirector->victim_count), count = redirector->redirects;
	bool is_forged = redirect_has(redirector, REDIRECT_NOT_FIRST_HOP) ||
	    redirect_has(redirector, REDIRECT_NOT_A_HOP) ||
	    redirect_has(redirector, REDIRECT_OTHERS_ADDRESS);

	addr_text(&redirector->subject.key.actor, sender);
	addr_text(&redirector->victim, victim);
	addr_text(&redirector->gateway, gateway);
	addr_text(&redirector->destination, destination);
	mac_text(&redirector->station, station);
	if (victims > 1)
		snprintf(victim, sizeof(victim), "%" PRIu32 " hosts", victims);
	snprintf(finding->message, sizeof(finding->message),
	    "%s sent %" PRIu32 " redirect%s to %s%s%s, the latest to reach %s through %s",
	    is_forged ? station : *sender != '\0' ? sender : "Many senders", count,
	    count == 1 ? "" : "s", victim, is_forged && *sender != '\0' ? " in the name of " : "",
	    is_forged ? sender : "", destination, gateway);
}

void
redirect_tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	struct redirector *redirector = (struct redirector *)subject;
	struct finding finding;

	if (subject->key.actor.version != 0 &&
	    subjects_is_crowd(subjects, redirector->begun_ns, now_ns))
		return;
	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = subjects->settings->detect_redirect_abuse.quiet_ns;
	finding.counts.packets = redirector->redirects;
	finding.counts.bytes = redirector->octets;
	finding.counts.targets = distinct_count(&redirector->victim_count);
	name_ends(&finding, redirector);
	add_reasons(&finding, redirector);
	say(&finding, redirector);
	subject->is_told |= incidents_report(subjects->incidents, &finding, packet, now_ns);
	redirector->told_ns = now_ns;
}
