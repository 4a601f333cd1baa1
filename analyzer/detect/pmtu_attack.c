/*
 * Attacks on Path MTU Discovery (RFC 5927 7): forged errors that make a host send
 * small datagrams, or cut them. A router that cannot forward a datagram says so
 * of one that was sent and was too large; every other such error raises doubts,
 * and several of them are no accident.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/error_doubt.h"

#define FRAGMENTATION_NEEDED 4

static struct doubt_bounds
bounds_of(const struct settings *settings)
{
	return (struct doubt_bounds){ settings->detect_pmtu_attack.doubt,
		settings->detect_pmtu_attack.flows, settings->detect_pmtu_attack.quiet_ns };
}

static bool
is_too_large(const struct icmp_msg *msg)
{
	return msg->version == 6 ? msg->type_number == ICMP6_PACKET_TOO_BIG :
	    msg->type_number == ICMP4_DESTINATION_UNREACHABLE &&
	    msg->code == FRAGMENTATION_NEEDED;
}

/* A path MTU of usual size is no harm, unless it was meant as one. */
static enum severity
ceiling_of(const struct settings *settings, const struct doubted *doubted,
    const struct finding *finding)
{
	if (doubted->least_mtu > settings->detect_pmtu_attack.mtu && finding->tool == NULL)
		return SEVERITY_LOW;
	return SEVERITY_HIGH;
}

static void
say(const struct doubted *doubted, const char *reporter, const char *victim,
    struct finding *finding)
{
	char peer[ADDR_TEXT_SIZE], mtu[16] = "less";

	addr_text(&doubted->peer, peer);
	if (doubted->least_mtu != 0)
		snprintf(mtu, sizeof(mtu), "%" PRIu32, doubted->least_mtu);
	snprintf(finding->message, sizeof(finding->message),
	    "%s told %s that no more than %s octets at a time get through to %s%s: %" PRIu64
	    " error%s that no router sends like that", reporter, victim, mtu, peer,
	    doubted->has_more_peers ? " and others" : "", doubted->subject.packets,
	    doubted->subject.packets == 1 ? "" : "s");
}

static const struct doubt_rule rule = {
	.scope = DOUBT_OF_SIZE,
	.threshold = "detect.pmtu_attack.doubt",
	.bounds = bounds_of,
	.covers = is_too_large,
	.ceiling = ceiling_of,
	.say = say,
};

static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	doubted_event(state, &rule, event, now_ns);
}

static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	doubted_tell(subjects, &rule, subject, packet, now_ns);
}

static void *
create(const struct detector_context *context, char *err)
{
	const struct settings *settings = context->settings;
	struct subjects *subjects = subjects_create(&detector_pmtu_attack, context,
	    sizeof(struct doubted), settings->detect_pmtu_attack.hosts,
	    settings->detect_pmtu_attack.quiet_ns, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
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
	    "link has, datagrams that were not sent or would have fitted, senders that forward "
	    "nothing",
	.observes = UINT32_C(1) << DATASET_ERROR,
	.create = create,
	.event = event,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
