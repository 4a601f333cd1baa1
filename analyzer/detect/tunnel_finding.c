/*
 * What is said of a tunnel: by which tool, what for, and what is inside.
 */
#include "analyzer/detect/tunnel.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "decoders/transport.h"

#define DIFFERING_PERCENT 20 /* of the replies */
#define FRESH_PERCENT 50     /* of the messages of a side */
#define MOST_PERCENT 80      /* of new payloads that are of a kind */
#define LARGE 1000           /* octets */
#define ONE_SIDED 4          /* times as much one way as the other */
#define KIND_LEAST 3         /* payloads of a kind */
#define FLOW_SIZE (2 * ADDR_TEXT_SIZE + 48)

enum {
	WEIGHT_TOOL = 60,
	WEIGHT_INNER = 45,
	WEIGHT_DIFFERING = 35,
	WEIGHT_TWICE = 25,
	WEIGHT_UNASKED = 20,
	WEIGHT_FRESH = 35,
	WEIGHT_FRESH_FEW = 15,
	WEIGHT_SIZES = 10,
	WEIGHT_TEXT = 15,
	WEIGHT_RANDOM = 10,
	WEIGHT_OCTETS = 10,
	WEIGHT_LARGE = 5,
};

/* What is known by nothing but the payloads, and when they come. */
static const unsigned payload_groups = 1U << REASON_CHANGE | 1U << REASON_CONTENT |
    1U << REASON_SHAPE | 1U << REASON_TIMING;

static uint32_t
fresh(const struct tunnel *tunnel)
{
	return tunnel->sides[WAY_OUT].fresh + tunnel->sides[WAY_BACK].fresh;
}

/* What the flow inside is: "tcp 10.1.2.2:22 > 10.1.2.1:40000". */
static void
name_inner(const struct tunnel_inner *inner, char out[FLOW_SIZE])
{
	const char *name = transport_name(inner->protocol);
	char source[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE], protocol[16];

	addr_text(&inner->source, source);
	addr_text(&inner->destination, destination);
	snprintf(protocol, sizeof(protocol), "protocol %u", inner->protocol);
	if (inner->has_ports)
		snprintf(out, FLOW_SIZE, "%s %s port %u to %s port %u",
		    name != NULL ? name : protocol, source, inner->source_port, destination,
		    inner->destination_port);
	else
		snprintf(out, FLOW_SIZE, "%s %s to %s", name != NULL ? name : protocol, source,
		    destination);
}

/* What only a tunnel has. */
static void
add_signatures(struct finding *finding, const struct tunnel *tunnel, const struct settings *settings)
{
	char inner[FLOW_SIZE];

	if (tunnel->tool != NULL)
		finding_reason(finding, "tool_magic", REASON_SIGNATURE, WEIGHT_TOOL,
		    "%" PRIu32 " messages of %s: %s", tunnel->known, tunnel->tool->name,
		    tunnel->tool->sign);
	if (tunnel->inner_count >= settings->detect_icmp_tunnel.inner) {
		name_inner(&tunnel->inner, inner);
		finding_reason(finding, "embedded_ip_header", REASON_CONTENT, WEIGHT_INNER,
		    "%" PRIu32 " IP headers, as %s", tunnel->inner_count, inner);
	}
}

static void
add_answers(struct finding *finding, const struct tunnel *tunnel, const struct settings *settings)
{
	if (tunnel->differing >= settings->detect_icmp_tunnel.differing &&
	    tunnel->differing * 100ULL >= tunnel->answered * (uint64_t)DIFFERING_PERCENT)
		finding_reason(finding, "reply_payload_differs", REASON_ANSWERS, WEIGHT_DIFFERING,
		    "%" PRIu32 " replies, to %" PRIu32 " answered requests", tunnel->differing,
		    tunnel->answered);
	if (tunnel->twice >= 2)
		finding_reason(finding, "two_replies_per_request", REASON_ANSWERS, WEIGHT_TWICE,
		    "%" PRIu32 " second replies, not the same as the first", tunnel->twice);
	if (tunnel->unasked >= settings->detect_icmp_tunnel.unasked)
		finding_reason(finding, "unsolicited_replies", REASON_ANSWERS, WEIGHT_UNASKED,
		    "%" PRIu32 " replies with new data and no request", tunnel->unasked);
}

/* A kind of content that most new payloads of both sides have. */
static void
add_kind(struct finding *finding, const char *name, unsigned weight, uint32_t count, uint32_t of)
{
	if (count >= KIND_LEAST && count * 100ULL >= of * (uint64_t)MOST_PERCENT)
		finding_reason(finding, name, REASON_CONTENT, weight,
		    "%" PRIu32 " of %" PRIu32 " new payloads", count, of);
}

static void
add_content(struct finding *finding, const struct tunnel *tunnel)
{
	const struct tunnel_side *out = &tunnel->sides[WAY_OUT], *back = &tunnel->sides[WAY_BACK];
	uint32_t of = fresh(tunnel), base64 = out->base64 + back->base64;

	add_kind(finding, "base64_payload", WEIGHT_TEXT, base64, of);
	add_kind(finding, "text_payload", WEIGHT_TEXT, out->text + back->text - base64, of);
	add_kind(finding, "random_payload", WEIGHT_RANDOM, out->random + back->random, of);
}

/* Lengths and volume. */
static void
add_shape(struct finding *finding, const struct tunnel *tunnel, const struct settings *settings)
{
	const struct tunnel_side *out = &tunnel->sides[WAY_OUT], *back = &tunnel->sides[WAY_BACK];
	unsigned sizes = (unsigned)__builtin_popcountll(out->sizes | back->sizes);
	uint32_t largest = out->largest > back->largest ? out->largest : back->largest;

	if (sizes >= settings->detect_icmp_tunnel.sizes)
		finding_reason(finding, "many_sizes", REASON_SHAPE, WEIGHT_SIZES,
		    "%u lengths and more, up to %" PRIu32 " octets", sizes, largest);
	if (out->octets + back->octets >= settings->detect_icmp_tunnel.octets)
		finding_reason(finding, "volume", REASON_SHAPE, WEIGHT_OCTETS,
		    "%" PRIu64 " octets of data out, %" PRIu64 " back", out->octets, back->octets);
	if (largest >= LARGE)
		finding_reason(finding, "large", REASON_SHAPE, WEIGHT_LARGE, "%" PRIu32 " octets",
		    largest);
}

static void
add_change(struct finding *finding, const struct tunnel *tunnel, const struct settings *settings)
{
	uint64_t messages = tunnel->requests + (uint64_t)tunnel->unasked;
	uint32_t count = fresh(tunnel);

	if (count < KIND_LEAST || count * 100ULL < messages * FRESH_PERCENT)
		return;
	finding_reason(finding, "new_payload_every_time", REASON_CHANGE,
	    count >= settings->detect_icmp_tunnel.new_payloads ? WEIGHT_FRESH : WEIGHT_FRESH_FEW,
	    "%" PRIu32 " payloads unlike those before, in %" PRIu64 " messages", count, messages);
}

/* What it is for, by who sends what. */
static const char *
purpose(const struct tunnel *tunnel)
{
	const struct tunnel_side *out = &tunnel->sides[WAY_OUT], *back = &tunnel->sides[WAY_BACK];
	bool is_text = (out->text + back->text) * 2 > fresh(tunnel);

	if (tunnel->inner_count > 0 || tunnel->tool != NULL)
		return "a tunnel";
	if (tunnel->differing > 0 && is_text)
		return "a shell";
	if (out->octets > ONE_SIDED * back->octets)
		return tunnel->differing > 0 ? "command and control" : "exfiltration";
	if (back->octets > ONE_SIDED * out->octets)
		return tunnel->unasked > tunnel->requests ? "exfiltration" : "a download";
	return "command and control";
}

static void
write_message(const struct tunnel *tunnel, struct finding *finding)
{
	const struct tunnel_side *out = &tunnel->sides[WAY_OUT], *back = &tunnel->sides[WAY_BACK];
	char actor[ADDR_TEXT_SIZE], victim[ADDR_TEXT_SIZE] = "several hosts";

	addr_text(&finding->actor, actor);
	if (finding->victim.version != 0)
		addr_text(&finding->victim, victim);
	if (!tunnel->is_found && tunnel->pace.told > 0)
		snprintf(finding->message, sizeof(finding->message),
		    "pings of %s to %s look ordinary, but may carry data in their times: %" PRIu32
		    " of them waited in one of two ways", actor, victim, tunnel->pace.told);
	else if (!tunnel->is_found && out->octets + back->octets == 0)
		snprintf(finding->message, sizeof(finding->message),
		    "pings of %s to %s look ordinary, but may carry data in their fields: %" PRIu32
		    " messages changed as data does", actor, victim, tunnel->signs);
	else
		snprintf(finding->message, sizeof(finding->message),
		    "pings between %s and %s carry data, by the look of it %s%s%s: %" PRIu64
		    " octets out, %" PRIu64 " back, in %" PRIu64 " messages", actor, victim,
		    purpose(tunnel), tunnel->tool != NULL ? " of " : "",
		    tunnel->tool != NULL ? tunnel->tool->name : "", out->octets, back->octets,
		    tunnel->subject.packets);
}

/* Whether there is nothing but data of no kind: some testers send random data. */
static bool
is_plain(const struct tunnel *tunnel, const struct finding *finding)
{
	const struct tunnel_side *out = &tunnel->sides[WAY_OUT];

	return (finding_groups(finding) & ~payload_groups) == 0 && tunnel->inner_count == 0 &&
	       2 * out->text < out->fresh;
}

/*
 * A tunnel has the sign of a tool, or several kinds of evidence. Plain data is
 * held against its sender, who may use several hosts for it, the rest against
 * the pair.
 */
static bool
is_tunnel(const struct tunnel *tunnel, const struct finding *finding,
    const struct settings *settings)
{
	bool is_sender = tunnel->subject.key.kind == TUNNEL_SENDER;

	if (is_sender != is_plain(tunnel, finding) || (is_sender && (tunnel->is_channel ||
	    fresh(tunnel) < settings->detect_icmp_tunnel.plain_payloads)))
		return false;
	return tunnel->tool != NULL ||
	       (finding_score(finding) >= settings->detect_icmp_tunnel.score &&
	       __builtin_popcount(finding_groups(finding)) >= 2);
}

/* What is not enough for a tunnel may still be a channel, worth a look. */
static bool
weigh_channel(struct tunnel *tunnel, const struct settings *settings, struct finding *finding)
{
	bool is_sender = tunnel->subject.key.kind == TUNNEL_SENDER;
	uint64_t least = settings->detect_covert_channel.requests;

	if (is_plain(tunnel, finding) && least < settings->detect_icmp_tunnel.plain_payloads)
		least = settings->detect_icmp_tunnel.plain_payloads;
	tunnel_fields_reasons(tunnel, settings, finding);
	tunnel_pace_reasons(tunnel, finding);
	if (tunnel_pace_is_slow_beat(tunnel))
		least = settings->detect_covert_channel.beats;
	finding->detector = &detector_covert_channel;
	finding->ceiling = SEVERITY_LOW;
	finding->threshold = "detect.covert_channel.requests";
	finding->threshold_value = (int64_t)settings->detect_covert_channel.requests;
	tunnel->is_channel = finding_severity(finding) != 0 &&
	    (tunnel->signs >= least || tunnel->pace.told > 0) &&
	    is_sender == is_plain(tunnel, finding);
	return tunnel->is_channel;
}

static void
name_targets(const struct tunnel *tunnel, struct finding *finding)
{
	uint8_t i;

	if (tunnel->subject.key.kind != TUNNEL_SENDER)
		return;
	if (tunnel->target_count == 1)
		finding->victim = tunnel->targets[0];
	for (i = 0; i < tunnel->target_count && tunnel->target_count > 1; i++)
		finding_relate(finding, &tunnel->targets[i]);
}

void
tunnel_report(struct subjects *subjects, struct tunnel *tunnel, const struct packet *packet,
    uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	struct finding finding;

	if (tunnel->tool == NULL && tunnel->pace.told == 0 &&
	    tunnel->signs < settings->detect_icmp_tunnel.differing)
		return;
	subjects_finding(subjects, &tunnel->subject, &finding);
	finding.quiet_ns = settings->detect_icmp_tunnel.quiet_ns;
	finding.counts.answered = tunnel->answered;
	add_signatures(&finding, tunnel, settings);
	add_answers(&finding, tunnel, settings);
	add_change(&finding, tunnel, settings);
	add_content(&finding, tunnel);
	add_shape(&finding, tunnel, settings);
	tunnel->is_found = is_tunnel(tunnel, &finding, settings);
	if (tunnel->is_found) {
		finding.threshold = "detect.icmp_tunnel.score";
		finding.threshold_value = (int64_t)settings->detect_icmp_tunnel.score;
		finding.tool = tunnel->tool != NULL ? tunnel->tool->name : NULL;
	} else if (!weigh_channel(tunnel, settings, &finding)) {
		return;
	}
	name_targets(tunnel, &finding);
	write_message(tunnel, &finding);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}
