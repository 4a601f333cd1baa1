/*
 * Channels in fields: data where requests that look ordinary have an
 * identifier, a length or a timestamp (when they are sent: tunnel_pace.c). Of echo requests icmp_tunnel.c keeps what is
 * needed; timestamp requests (RFC 792) are followed here. Such channels are
 * slow and their signs are weak, so they are worth a look and no more.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/tunnel.h"

#define MOST_PERCENT 50    /* of the requests that are odd */
#define LENGTHS_LEAST 8    /* different ones */
#define LENGTHS 61         /* a prime, for lengths are often multiples of something */
#define TIMESTAMP_CHANGES 6 /* octets of seconds and their parts that change at a time */
#define ICMP4_TIMESTAMP 13
#define CLOCK_SLACK_MS 2000
#define NS_PER_MS 1000000

enum {
	WEIGHT_FIELD = 30,
};

/* Whether an identifier or a sequence number goes on from a request remembered. */
static bool
goes_on(struct tunnel *tunnel, uint16_t id, uint16_t seq)
{
	const struct tunnel_request *request;
	unsigned i;

	if (seq <= 1 || tunnel->requests == 0)
		return true;
	for (i = 1; i <= TUNNEL_REQUESTS; i++) {
		request = tunnel_asked(tunnel, i);
		if (request->is_known && (request->id == id || (uint16_t)(seq - request->seq) <= 1 ||
		    (uint16_t)(seq - request->seq) == 0x100))
			return true;
	}
	return false;
}

/* Whether it is as long as none of the requests remembered. */
static bool
is_length_new(struct tunnel *tunnel, uint32_t len)
{
	const struct tunnel_request *request;
	unsigned i;

	for (i = 1; i <= TUNNEL_REQUESTS; i++) {
		request = tunnel_asked(tunnel, i);
		if (request->is_known && request->payload.len == len)
			return false;
	}
	return tunnel->requests > 0;
}

/*
 * Whether more than a timestamp is new in front of what else is as before. A
 * payload that is all head may be anything.
 */
static bool
is_head_new(struct tunnel_fields *fields, const struct payload *digest, struct cursor payload)
{
	uint8_t head[PAYLOAD_HEAD_LEN];
	unsigned changed = 0, i;

	if (!cursor_copy(&payload, head, sizeof(head)))
		return false;
	for (i = 0; i < sizeof(head); i++)
		changed += head[i] != fields->head[i];
	memcpy(fields->head, head, sizeof(head));
	return changed > TIMESTAMP_CHANGES && digest->len > PAYLOAD_HEAD_LEN &&
	       digest->rest == fields->previous.rest;
}

bool
tunnel_fields_look(struct tunnel *tunnel, const struct tunnel_request *request,
    struct cursor payload)
{
	struct tunnel_fields *fields = &tunnel->fields;
	bool is_jump = !goes_on(tunnel, request->id, request->seq);
	bool is_length = is_length_new(tunnel, payload.claimed);
	bool is_head = is_head_new(fields, &request->payload, payload);

	fields->id_jumps += is_jump;
	fields->length_changes += is_length;
	fields->head_changes += is_head;
	fields->previous = request->payload;
	fields->lengths |= UINT64_C(1) << (payload.claimed % LENGTHS);
	return is_jump || is_length || is_head;
}

/* A field that most requests have something odd in. */
static void
add_field(struct finding *finding, const char *name, enum reason_group group, uint32_t count,
    uint32_t of, uint64_t least)
{
	if (count >= least && count * 100ULL >= of * (uint64_t)MOST_PERCENT)
		finding_reason(finding, name, group, WEIGHT_FIELD, "%" PRIu32 " of %" PRIu32
		    " requests", count, of);
}

void
tunnel_fields_reasons(const struct tunnel *tunnel, const struct settings *settings,
    struct finding *out)
{
	const struct tunnel_fields *fields = &tunnel->fields;
	uint64_t least = settings->detect_covert_channel.requests;

	add_field(out, "id_and_seq_jump", REASON_HEADER, fields->id_jumps, tunnel->requests, least);
	if (__builtin_popcountll(fields->lengths) >= LENGTHS_LEAST)
		add_field(out, "length_changes", REASON_HEADER, fields->length_changes,
		    tunnel->requests, least);
	add_field(out, "timestamp_is_data", REASON_HEADER, fields->head_changes, tunnel->requests,
	    least);
}

/* Timestamp requests of a pair. */
struct stamps {
	struct subject subject;
	uint64_t when_ns;   /* of the one before, */
	uint32_t originate; /* and what it said */
	uint32_t requests, wild;
};

/* Whether a time went on with the clock; `is_swapped`: it has its lowest octet first. */
static bool
goes_with_clock(uint32_t before, uint32_t now, uint64_t elapsed_ms, bool is_swapped)
{
	uint32_t passed;

	if (is_swapped)
		passed = __builtin_bswap32(now) - __builtin_bswap32(before);
	else
		passed = now - before;
	return passed - (uint32_t)elapsed_ms + CLOCK_SLACK_MS <= 2 * CLOCK_SLACK_MS;
}

static void
report(struct subjects *subjects, const struct stamps *stamps, const struct packet *packet,
    uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	char actor[ADDR_TEXT_SIZE], victim[ADDR_TEXT_SIZE];
	struct finding finding;

	subjects_finding(subjects, &stamps->subject, &finding);
	finding.quiet_ns = settings->detect_covert_channel.quiet_ns;
	finding.ceiling = SEVERITY_LOW;
	finding.threshold = "detect.covert_channel.requests";
	finding.threshold_value = (int64_t)settings->detect_covert_channel.requests;
	add_field(&finding, "originate_is_no_time", REASON_HEADER, stamps->wild, stamps->requests,
	    settings->detect_covert_channel.requests);
	if (finding.reason_count == 0)
		return;
	addr_text(&finding.actor, actor);
	addr_text(&finding.victim, victim);
	snprintf(finding.message, sizeof(finding.message),
	    "timestamp requests of %s to %s may carry data: the times in %" PRIu32 " of %" PRIu32
	    " do not go with the clock", actor, victim, stamps->wild, stamps->requests);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct subject_key key = { .actor = packet->ip.source,
		.victim = packet->ip.destination };
	const union value *originate;
	uint64_t when_ns = packet->begun_ns, elapsed_ns;
	struct stamps *stamps;
	uint32_t time;

	if (msg->version != 4 || msg->type_number != ICMP4_TIMESTAMP)
		return;
	originate = icmp_value(msg, "originate_timestamp");
	if (originate == NULL)
		return;
	time = (uint32_t)originate->number;
	stamps = (struct stamps *)subjects_note(state, &key, packet, msg->length, now_ns);
	elapsed_ns = when_ns > stamps->when_ns ? when_ns - stamps->when_ns : 0;
	/* One that has no clock sends the same each time. */
	if (stamps->requests++ > 0 && time != stamps->originate &&
	    !goes_with_clock(stamps->originate, time, elapsed_ns / NS_PER_MS, false) &&
	    !goes_with_clock(stamps->originate, time, elapsed_ns / NS_PER_MS, true)) {
		stamps->wild++;
		report(state, stamps, packet, now_ns);
	}
	stamps->originate = time;
	stamps->when_ns = when_ns;
}

static void *
create(const struct detector_context *context, char *err)
{
	return subjects_create(&detector_covert_channel, context,
	    sizeof(struct stamps), context->settings->detect_covert_channel.pairs, 0, err);
}

const struct detector detector_covert_channel = {
	.rule = {
		.name = "covert_channel",
		.id = "icmpscope-701",
		.title = "Data hidden in ordinary requests",
		.tactic_id = "TA0011",
		.tactic = "Command and Control",
		.technique_id = "T1095",
		.technique = "Non-Application Layer Protocol",
	},
	.meaning = "requests whose identifier, length, timestamp, payload or time of sending changes as "
	    "data does; weaker signs than those of a tunnel, worth a look",
	.spares_monitors = true,
	.create = create,
	.message = message,
	.ignores = IGNORE_ECHOES,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
