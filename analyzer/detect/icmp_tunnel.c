/*
 * Tunnels in pings: a reply returns the data of its request (RFC 792, RFC 4443
 * 4.2), and a ping's data is the same each time but for a timestamp and a
 * counter. Who carries data in them breaks one or the other. Followed by pairs
 * of hosts; neither size nor entropy says anything of its own.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/tunnel.h"
#include "analyzer/log.h"

#define USUAL_LEAST 64 /* requests in a row that show that a ping is one */
#define TELL_NS UINT64_C(1000000000) /* between findings on a pair of many signs */
#define TELL_EACH 16                 /* signs up to which each is told at once */

struct tunnels {
	struct subjects *subjects;
	struct strangers strangers;
};

/* An echo at hand, with all that is to be kept of it if it is a request. */
struct echo {
	const struct packet *packet;
	struct cursor payload;
	struct tunnel_request request;
	bool is_new; /* the pair gets its slot for it */
	uint64_t now_ns;
};

static bool
is_echo(const struct icmp_msg *msg, enum tunnel_way *way)
{
	*way = icmp_is_echo_request(msg) ? WAY_OUT : WAY_BACK;
	return (*way == WAY_OUT || icmp_is_echo_reply(msg)) && msg->value_count >= 2;
}

/* The latest request with that identifier and sequence number, or NULL. */
static struct tunnel_request *
find_request(struct tunnel *tunnel, const struct tunnel_request *echo)
{
	struct tunnel_request *request;
	unsigned i;

	for (i = 1; i <= TUNNEL_REQUESTS; i++) {
		request = tunnel_asked(tunnel, i);
		if (request->is_known && request->id == echo->id && request->seq == echo->seq)
			return request;
	}
	return NULL;
}

/* Whether any request returned as this reply would be it; the latest ones are likely. */
static bool
is_returned(struct tunnel *tunnel, const struct tunnel_request *echo)
{
	const struct tunnel_request *request;
	enum payload_match match;
	unsigned i;

	for (i = 1; i <= TUNNEL_REQUESTS; i++) {
		request = tunnel_asked(tunnel, i);
		if (!request->is_known || request->id != echo->id || request->seq != echo->seq)
			continue;
		match = payload_match(&request->payload, &echo->payload);
		if (match != PAYLOAD_DIFFERENT || echo->payload.len == 0)
			return true;
	}
	return false;
}

/* Forgets what was found of a subject, and keeps what its pings look like. */
static void
restart(struct tunnel *tunnel)
{
	unsigned way;

	subject_restart(&tunnel->subject);
	tunnel->requests = tunnel->answered = 0;
	tunnel->target_count = 0;
	tunnel->is_found = tunnel->is_channel = false;
	tunnel->tool = NULL;
	tunnel->fields.lengths = 0;
	tunnel->pace.count = tunnel->pace.told = 0;
	tunnel->fields.length_changes = tunnel->fields.id_jumps = tunnel->fields.head_changes = 0;
	tunnel->told = tunnel->signs = 0;
	tunnel->differing = tunnel->twice = tunnel->unasked = 0;
	tunnel->known = tunnel->inner_count = 0;
	for (way = 0; way < WAYS; way++)
		tunnel_side_restart(&tunnel->sides[way]);
}

/* What a pair turns out to carry is not held against its sender once more. */
static void
clear_sender(struct subjects *subjects, const struct tunnel *pair)
{
	const struct subject_key key = { .actor = pair->subject.key.actor, .kind = TUNNEL_SENDER };
	struct tunnel *sender = (struct tunnel *)subjects_find(subjects, &key);

	if (sender != NULL && !sender->is_found && !sender->is_channel)
		restart(sender);
}

static void
tell(struct subjects *subjects, struct tunnel *tunnel, const struct packet *packet, uint64_t now_ns)
{
	bool was_found = tunnel->is_found;

	tunnel->told = tunnel->signs;
	tunnel->told_ns = now_ns;
	tunnel_report(subjects, tunnel, packet, now_ns);
	if (tunnel->is_found && !was_found && tunnel->subject.key.kind == TUNNEL_PAIR)
		clear_sender(subjects, tunnel);
}

/* The subject of a key, or NULL; afresh if its incident is over for good. */
static struct tunnel *
find_subject(struct subjects *subjects, const struct subject_key *key, uint64_t now_ns)
{
	struct tunnel *tunnel = (struct tunnel *)subjects_guess(subjects, key, PAIR_TUNNEL);

	if (tunnel != NULL && (tunnel->is_found || tunnel->is_channel) &&
	    subjects_is_over(subjects, tunnel->told_ns,
	    subjects->settings->detect_icmp_tunnel.quiet_ns, now_ns))
		restart(tunnel);
	return tunnel;
}

static void
note_sign(struct subjects *subjects, struct tunnel *tunnel, const struct packet *packet,
    uint64_t now_ns)
{
	tunnel->signs++;
	if (tunnel->signs <= TELL_EACH || now_ns - tunnel->told_ns >= TELL_NS)
		tell(subjects, tunnel, packet, now_ns);
}

/* Whether the request at hand is the one before once more. */
static bool
is_repeated(struct tunnel *tunnel, const struct tunnel_request *echo)
{
	const struct tunnel_request *request = tunnel_asked(tunnel, 1);

	return request->is_known && request->id == echo->id && request->seq == echo->seq &&
	       payload_equal(&request->payload, &echo->payload);
}

/* Notes a payload of a sender, whomever it is sent to. */
static void
note_sender(struct subjects *subjects, const struct echo *echo)
{
	const struct packet *packet = echo->packet;
	const struct payload *digest = &echo->request.payload;
	const struct subject_key key = { .actor = packet->ip.source, .kind = TUNNEL_SENDER };
	struct tunnel *sender;
	uint8_t i;

	(void)find_subject(subjects, &key, echo->now_ns);
	sender = (struct tunnel *)subjects_note(subjects, &key, packet, digest->len, echo->now_ns);
	sender->requests++;
	for (i = 0; i < sender->target_count; i++)
		if (addr_equal(&sender->targets[i], &packet->ip.destination))
			break;
	if (i == sender->target_count && i < TUNNEL_TARGETS)
		sender->targets[sender->target_count++] = packet->ip.destination;
	(void)tunnel_pace_look(sender, packet->frame->when_ns);
	if (tunnel_payload_look(sender, WAY_OUT, echo->payload, digest) == LOOK_SIGN)
		note_sign(subjects, sender, packet, echo->now_ns);
}

/*
 * A ping that was as before for so long need be looked at only now and then, as
 * long as it is. What began meanwhile in its times or numbers is seen then.
 */
static void
spare(struct subjects *subjects, struct tunnel *tunnel, enum message_kind kind, uint64_t now_ns)
{
	if (tunnel->usual < USUAL_LEAST || tunnel->signs > 0)
		return;
	tunnel->pace.when_ns = 0; /* the next gap is not the sender's */
	pairs_hush(subjects->pairs, HUSH_TUNNEL, kind, now_ns);
}

static void
note_request(struct subjects *subjects, struct tunnel *tunnel, const struct echo *echo)
{
	const struct tunnel_request *request = &echo->request;
	enum tunnel_look look = tunnel_payload_look(tunnel, WAY_OUT, echo->payload,
	    &request->payload);
	bool is_sign = look == LOOK_SIGN;

	tunnel->usual = look == LOOK_ORDINARY ? tunnel->usual + 1 : 0;
	if (!is_repeated(tunnel, request)) {
		is_sign = is_sign || tunnel_fields_look(tunnel, request, echo->payload);
		is_sign |= tunnel_pace_look(tunnel, echo->packet->frame->when_ns);
		tunnel->asked[tunnel->next++ % TUNNEL_REQUESTS] = *request;
		tunnel->requests++;
	}
	if (is_sign) {
		tunnel->usual = 0;
		note_sign(subjects, tunnel, echo->packet, echo->now_ns);
	}
	/* Adding a sender may take the place of the pair, which is done with. */
	if ((look == LOOK_SIGN || echo->is_new) && !tunnel->is_found &&
	    2 * tunnel->sides[WAY_OUT].payloads >= tunnel->requests)
		note_sender(subjects, echo);
	else
		spare(subjects, tunnel, MESSAGE_ECHO_REQUEST, echo->now_ns);
}

/* Notes what answers a request; whether it is not what was sent. */
static bool
note_answer(struct tunnel *tunnel, struct tunnel_request *request, const struct tunnel_request *echo,
    bool is_differing)
{
	uint64_t answer = echo->payload.head ^ echo->payload.rest;
	bool is_second = request->is_answered && request->answer != answer;

	tunnel->answered += !request->is_answered;
	tunnel->differing += is_differing && (!request->is_answered || is_second);
	tunnel->twice += is_second;
	request->is_answered = true;
	request->answer = answer;
	return is_differing || is_second;
}

static void
note_reply(struct subjects *subjects, struct tunnel *tunnel, const struct echo *echo)
{
	struct tunnel_request *request = find_request(tunnel, &echo->request);
	bool is_same = request != NULL && payload_equal(&request->payload, &echo->request.payload);
	bool is_differing = !is_same && !is_returned(tunnel, &echo->request);
	bool is_sign = request != NULL;

	if (request != NULL && !note_answer(tunnel, request, &echo->request, is_differing)) {
		spare(subjects, tunnel, MESSAGE_ECHO_REPLY, echo->now_ns);
		return;
	}
	if (is_differing && tunnel_payload_look(tunnel, WAY_BACK, echo->payload,
	    &echo->request.payload) == LOOK_SIGN) {
		tunnel->unasked += request == NULL;
		is_sign = true;
	}
	if (is_sign) {
		tunnel->usual = 0;
		note_sign(subjects, tunnel, echo->packet, echo->now_ns);
	}
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct subject_key key = { .kind = TUNNEL_PAIR };
	struct tunnels *tunnels = state;
	struct subjects *subjects = tunnels->subjects;
	enum admission admission = ADMIT_KNOWN;
	struct echo echo = { .packet = packet, .payload = msg->tail, .now_ns = now_ns };
	struct subject *subject;
	enum tunnel_way way;

	if (!is_echo(msg, &way) || packet->is_partial || addr_is_multicast(&packet->ip.destination))
		return;
	key.actor = way == WAY_OUT ? packet->ip.source : packet->ip.destination;
	key.victim = way == WAY_OUT ? packet->ip.destination : packet->ip.source;
	echo.request = (struct tunnel_request){ .id = (uint16_t)msg->values[0].number,
		.seq = (uint16_t)msg->values[1].number, .is_known = true,
		.payload = msg->payload };
	subjects_expire(subjects, now_ns);
	subject = (struct subject *)find_subject(subjects, &key, now_ns);
	if (subject != NULL) {
		subjects_count(subjects, subject, packet, msg->length, now_ns);
	} else {
		admission = strangers_admit(&tunnels->strangers, &key, &echo.request.payload);
		if (admission == ADMIT_NOT_YET)
			return;
		subject = subjects_note(subjects, &key, packet, msg->length, now_ns);
	}
	echo.is_new = admission == ADMIT_NEW;
	if (way == WAY_OUT)
		note_request(subjects, (struct tunnel *)subject, &echo);
	else
		note_reply(subjects, (struct tunnel *)subject, &echo);
}

/* What was not told for lack of time. */
static void
finish(void *state, uint64_t now_ns)
{
	struct subjects *subjects = ((struct tunnels *)state)->subjects;
	struct tunnel *tunnel;
	struct entry *entry;

	for (entry = table_oldest(&subjects->table); entry != NULL;
	    entry = table_newer(&subjects->table, entry)) {
		tunnel = (struct tunnel *)entry;
		if (tunnel->signs > tunnel->told)
			tell(subjects, tunnel, NULL, now_ns);
	}
}

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	return subjects_tables(((const struct tunnels *)state)->subjects, out, max);
}

static void
destroy(void *state)
{
	struct tunnels *tunnels = state;

	if (tunnels == NULL)
		return;
	subjects_destroy(tunnels->subjects);
	free(tunnels);
}

static void *
create(const struct detector_context *context, char *err)
{
	const struct settings *settings = context->settings;
	struct tunnels *tunnels = calloc(1, sizeof(*tunnels));

	if (tunnels == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.icmp_tunnel");
		return NULL;
	}
	tunnels->subjects = subjects_create(&detector_icmp_tunnel, context,
	    sizeof(struct tunnel), settings->detect_icmp_tunnel.pairs,
	    settings->detect_icmp_tunnel.idle_ns, err);
	if (tunnels->subjects == NULL) {
		destroy(tunnels);
		return NULL;
	}
	return tunnels;
}

const struct detector detector_icmp_tunnel = {
	.rule = {
		.name = "icmp_tunnel",
		.id = "icmpscope-601",
		.title = "Data carried in pings",
		.tactic_id = "TA0011",
		.tactic = "Command and Control",
		.technique_id = "T1095",
		.technique = "Non-Application Layer Protocol",
	},
	.meaning = "pings that carry data: replies that are not what was asked, payloads new each "
	    "time, IP headers inside, or what only a tunnel sends",
	.create = create,
	.message = message,
	.ignores = IGNORE_OTHERS,
	.hush = HUSH_TUNNEL,
	.finish = finish,
	.tables = tables,
	.destroy = destroy,
};
