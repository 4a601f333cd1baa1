/*
 * Ping of death: a fragment that ends past the longest datagram there can be
 * (RFC 791 3.1, RFC 8200 4.5: 65535 octets), which once crashed what put it together. No
 * sender makes one by mistake, so the first is enough.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/core/reassembly.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"

#define DATAGRAM_MAX 65535
#define IP6_UNCOUNTED (40 + 8) /* IPv6 and Fragment headers */
#define WEIGHT_TOO_LONG 90

struct oversized {
	struct subject subject;
	uint32_t end; /* the farthest, in octets from the datagram's start */
};

static void *
create(const struct detector_context *context, char *err)
{
	return subjects_create(&detector_ping_of_death, context,
	    sizeof(struct oversized), context->settings->detect_ping_of_death.pairs, 0, err);
}

static void
report(struct subjects *subjects, const struct oversized *oversized, const struct packet *packet,
    uint64_t now_ns)
{
	const struct subject *subject = &oversized->subject;
	char source[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE];
	struct finding finding;

	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = subjects->settings->detect_ping_of_death.quiet_ns;
	finding_reason(&finding, "datagram_too_long", REASON_SIGNATURE, WEIGHT_TOO_LONG,
	    "%" PRIu64 " fragment%s, as far as octet %" PRIu32 " of a datagram of at most %d",
	    subject->packets, subject->packets == 1 ? "" : "s", oversized->end, DATAGRAM_MAX);
	addr_text(&subject->key.actor, source);
	addr_text(&subject->key.victim, destination);
	snprintf(finding.message, sizeof(finding.message),
	    "%s sent %s a ping of death: fragments of a datagram of %" PRIu32
	    " octets, where %d is the most there can be", source, destination, oversized->end,
	    DATAGRAM_MAX);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

static void
fragment(void *state, const struct packet *packet, const struct datagram *datagram,
    uint64_t now_ns)
{
	const struct ip_header *ip = &packet->ip;
	const struct subject_key key = { .actor = ip->source, .victim = ip->destination };
	uint32_t length = packet->payload.claimed;
	uint32_t end = ip->fragment_offset + length;
	struct oversized *oversized;

	if (datagram->verdict != REASSEMBLY_DROPPED ||
	    !anomalies_has(&datagram->anomalies, ANOMALY_OVERSIZED_DATAGRAM))
		return;
	/* IPv4 counts its header, IPv6 those that stay when the fragments are one (RFC 8200 4.5). */
	end += ip->version == 6 ? ip->header_length - IP6_UNCOUNTED : ip->header_length;
	oversized = (struct oversized *)subjects_note(state, &key, packet, length, now_ns);
	if (end > oversized->end)
		oversized->end = end;
	report(state, oversized, packet, now_ns);
}

const struct detector detector_ping_of_death = {
	.rule = {
		.name = "ping_of_death",
		.id = "icmpscope-501",
		.title = "Ping of death",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1499.004",
		.technique = "Endpoint Denial of Service: Application or System Exploitation",
	},
	.meaning = "fragments that end past the longest datagram there can be",
	.create = create,
	.fragment = fragment,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
