/*
 * What is said of a flood: how many, how fast, from whom, and what of.
 */
#include "analyzer/detect/flood.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "decoders/names.h"

#define NS_PER_MS 1000000
#define FAR 4       /* times the rate is high, */
#define VERY_FAR 40 /* and so many are critical */
#define SPOOFED_LEAST 64       /* senders, of whom */
#define SPOOFED_SHARE 2        /* one for so many packets is not a sender of its own */
#define LABEL_SIZE 64

enum {
	WEIGHT_RATE = 50,
	WEIGHT_FAR = 25,
	WEIGHT_VERY_FAR = 40,
	WEIGHT_STEADY = 50,
	WEIGHT_OCTETS = 50,
	WEIGHT_SPOOFED = 20,
	WEIGHT_SENDERS = 10,
	WEIGHT_UNASKED = 20,
};

/* The settings of a class. */
struct class_row {
	size_t offset;
	const char *setting;
};

#define RATE(member) \
	{ offsetof(struct settings, detect_icmp_flood.member), "detect.icmp_flood." #member }

static const struct class_row classes[FLOOD_CLASSES] = {
	[FLOOD_REQUEST] = RATE(request_rate),
	[FLOOD_ANSWER] = RATE(answer_rate),
	[FLOOD_NEIGHBOR] = RATE(neighbor_rate),
	[FLOOD_LISTENER] = RATE(listener_rate),
	[FLOOD_OTHER] = RATE(other_rate),
};

uint64_t
flood_rate(const struct settings *settings, enum flood_class class)
{
	return *(const uint64_t *)((const char *)settings + classes[class].offset);
}

/* Only a stream, below the rate. */
static bool
is_stream(const struct flood *flood)
{
	return (flood->episode.evidence & (FLOOD_STEADY | FLOOD_SUDDEN | FLOOD_LASTING)) ==
	       FLOOD_STEADY;
}

/* What the flood is over. */
static void
set_threshold(struct finding *finding, const struct flood *flood, const struct settings *settings)
{
	enum flood_class class = (enum flood_class)flood->subject.key.kind;

	if (is_stream(flood)) {
		finding->threshold = "detect.icmp_flood.steady_rate";
		finding->threshold_value = (int64_t)settings->detect_icmp_flood.steady_rate;
	} else if (flood->episode.evidence == FLOOD_HEAVY) {
		finding->threshold = "detect.icmp_flood.octets";
		finding->threshold_value = (int64_t)settings->detect_icmp_flood.octets;
	} else {
		finding->threshold = classes[class].setting;
		finding->threshold_value = (int64_t)flood_rate(settings, class);
	}
}

/* Times as fast as the threshold. */
static void
add_rate(struct finding *finding, const struct flood *flood, uint64_t rate)
{
	unsigned weight = WEIGHT_RATE;

	if (flood->episode.peak > VERY_FAR * rate)
		weight += WEIGHT_VERY_FAR;
	else if (flood->episode.peak > FAR * rate)
		weight += WEIGHT_FAR;
	finding_reason(finding, "rate", REASON_RATE, weight,
	    "%" PRIu32 " in one second, where %" PRIu64 " are usual at most", flood->episode.peak, rate);
}

static void
add_senders(struct finding *finding, const struct flood *flood, uint32_t sources)
{
	if (sources == 1)
		finding_reason(finding, "single_sender", REASON_TARGETS, WEIGHT_SENDERS,
		    "all from one address");
	else if (sources >= SPOOFED_LEAST && sources > flood->episode.packets / SPOOFED_SHARE)
		finding_reason(finding, "spoofed_senders", REASON_TARGETS, WEIGHT_SPOOFED,
		    "%" PRIu32 " addresses in %" PRIu64 " packets", sources, flood->episode.packets);
	else
		finding_reason(finding, "many_senders", REASON_TARGETS, WEIGHT_SENDERS,
		    "%" PRIu32 " addresses", sources);
}

static void
add_reasons(struct finding *finding, const struct flood *flood, const struct settings *settings)
{
	enum flood_class class = (enum flood_class)flood->subject.key.kind;
	uint64_t rate = flood_rate(settings, class);

	if ((flood->episode.evidence & (FLOOD_SUDDEN | FLOOD_LASTING)) != 0)
		add_rate(finding, flood, rate);
	if (is_stream(flood))
		finding_reason(finding, "steady_stream", REASON_RATE, WEIGHT_STEADY,
		    "%" PRIu64 " a second and more from one sender for %" PRIu32 " s",
		    settings->detect_icmp_flood.steady_rate, flood->episode.longest);
	if ((flood->episode.evidence & FLOOD_HEAVY) != 0)
		finding_reason(finding, "octets", REASON_CONTENT, WEIGHT_OCTETS,
		    "%" PRIu64 " octets, %" PRIu64 " a second are usual at most", flood->episode.bytes,
		    settings->detect_icmp_flood.octets);
	if (class == FLOOD_ANSWER)
		finding_reason(finding, "unasked", REASON_ANSWERS, WEIGHT_UNASKED,
		    "the host did not send the requests");
	add_senders(finding, flood, distinct_count(&flood->episode.sources));
}

/* "10.0.0.9" or "60 senders". */
static void
name_senders(const struct flood *flood, uint32_t sources, char out[LABEL_SIZE])
{
	if (sources == 1)
		addr_text(&flood->episode.source, out);
	else
		snprintf(out, LABEL_SIZE, "%" PRIu32 " senders", sources);
}

/* "echo request" */
static void
name_messages(const struct flood *flood, char out[LABEL_SIZE])
{
	const char *name = icmp_lookup(flood->episode.version, flood->episode.type,
	    flood->episode.code, UINT32_MAX)->name;
	char *p;

	snprintf(out, LABEL_SIZE, "%s", name);
	for (p = out; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
}

void
flood_report(struct subjects *subjects, struct flood *flood, const struct packet *packet,
    uint64_t now_ns)
{
	uint32_t sources = distinct_count(&flood->episode.sources);
	uint64_t last_ns = flood->episode.last_ns, ms = 0;
	char senders[LABEL_SIZE], victim[ADDR_TEXT_SIZE], what[LABEL_SIZE];
	struct finding finding;

	subjects_finding(subjects, &flood->subject, &finding);
	finding.first_ns = flood->episode.first_ns;
	finding.last_ns = last_ns;
	finding.quiet_ns = subjects->settings->detect_icmp_flood.quiet_ns;
	set_threshold(&finding, flood, subjects->settings);
	finding.counts.packets = (int64_t)flood->episode.packets;
	finding.counts.bytes = (int64_t)flood->episode.bytes;
	finding.counts.sources = sources;
	if (sources == 1)
		finding.actor = flood->episode.source;
	else
		finding_relate(&finding, &flood->episode.source);
	add_reasons(&finding, flood, subjects->settings);
	if (last_ns > flood->episode.first_ns)
		ms = (last_ns - flood->episode.first_ns) / NS_PER_MS;
	name_senders(flood, sources, senders);
	addr_text(&flood->subject.key.victim, victim);
	name_messages(flood, what);
	snprintf(finding.message, sizeof(finding.message),
	    "%s flooded %s with %" PRIu64 " %s packets in %" PRIu64 ".%" PRIu64
	    " s, up to %" PRIu32 " a second", senders, victim, flood->episode.packets, what, ms / 1000,
	    ms % 1000 / 100, flood->episode.peak);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}
