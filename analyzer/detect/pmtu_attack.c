/*
 * Attacks on Path MTU Discovery (RFC 5927 7): forged errors that make a host send
 * small datagrams, or cut them. A router that cannot forward a datagram says so once, of
 * one that was sent and was too large; every other such error raises doubts,
 * and several of them are no accident.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/error_doubt.h"

#define FRAGMENTATION_NEEDED 4

static struct doubt_settings
settings_of(const struct subjects *subjects)
{
	const struct settings *settings = subjects->settings;

	return (struct doubt_settings){ DOUBT_OF_SIZE, settings->detect_pmtu_attack.doubt,
		settings->detect_pmtu_attack.flows };
}

static bool
is_too_large(const struct icmp_msg *msg)
{
	return msg->version == 6 ? msg->type_number == ICMP6_PACKET_TOO_BIG :
	    msg->type_number == ICMP4_DESTINATION_UNREACHABLE &&
	    msg->code == FRAGMENTATION_NEEDED;
}

static void
write_message(const struct doubted *doubted, struct finding *finding)
{
	char reporter[ADDR_TEXT_SIZE] = "several hosts", victim[ADDR_TEXT_SIZE];
	char peer[ADDR_TEXT_SIZE], mtu[16] = "less";

	if (finding->actor.version != 0)
		addr_text(&finding->actor, reporter);
	addr_text(&finding->victim, victim);
	addr_text(&doubted->peer, peer);
	if (doubted->least_mtu != 0)
		snprintf(mtu, sizeof(mtu), "%" PRIu32, doubted->least_mtu);
	snprintf(finding->message, sizeof(finding->message),
	    "%s told %s that no more than %s octets at a time get through to %s%s: %" PRIu64
	    " error%s that no router sends like that", reporter, victim, mtu, peer,
	    doubted->has_more_peers ? " and others" : "", doubted->subject.packets,
	    doubted->subject.packets == 1 ? "" : "s");
}

static void
report(struct subjects *subjects, const struct doubted *doubted, const struct packet *packet,
    uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	const struct doubt_settings weighing = settings_of(subjects);
	struct finding finding;

	doubted_finding(subjects, &weighing, doubted, &finding);
	if (!doubted_stands(doubted, &weighing, &finding))
		return;
	finding.quiet_ns = settings->detect_pmtu_attack.quiet_ns;
	finding.threshold = "detect.pmtu_attack.doubt";
	finding.threshold_value = (int64_t)settings->detect_pmtu_attack.doubt;
	finding.ceiling = doubted->least_mtu > settings->detect_pmtu_attack.mtu ? SEVERITY_LOW :
	    SEVERITY_HIGH;
	write_message(doubted, &finding);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	const struct doubt_settings weighing = settings_of(state);
	const struct doubted *doubted;

	if (!is_too_large(event->msg))
		return;
	doubted = doubted_note(state, &weighing, event, now_ns);
	if (doubted != NULL)
		report(state, doubted, event->packet, now_ns);
}

static void
finish(void *state, uint64_t now_ns)
{
	struct subjects *subjects = state;
	struct doubted *doubted = doubted_untold(subjects, table_oldest(&subjects->table));

	while (doubted != NULL) {
		report(subjects, doubted, NULL, now_ns);
		doubted = doubted_untold(subjects,
		    table_newer(&subjects->table, &doubted->subject.entry));
	}
}

static void *
create(const struct detector_context *context, char *err)
{
	const struct settings *settings = context->settings;

	return subjects_create(&detector_pmtu_attack, context, sizeof(struct doubted),
	    settings->detect_pmtu_attack.hosts, settings->detect_pmtu_attack.quiet_ns, err);
}

const struct detector detector_pmtu_attack = {
	.rule = {
		.name = "pmtu_attack",
		.id = "icmpscope-1101",
		.title = "Attack on Path MTU Discovery",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1498",
		.technique = "Network Denial of Service",
	},
	.meaning = "errors that make a host send small datagrams and cannot be true: MTUs that no "
	    "link has, datagrams that were not sent or would have fitted, senders that forward nothing",
	.observes = UINT32_C(1) << DATASET_ERROR,
	.create = create,
	.event = event,
	.finish = finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
