/*
 * Looking a host or a network over, other than by a sweep: a scan of UDP ports,
 * which shows in the errors about it; the echoes by which nmap tells operating
 * systems apart; the rare requests of old; and paths traced to many hosts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"

#define SERVICE_PORTS 1024  /* below are servers, whose answers come too late for some */
#define TRACED_FIRST 33000  /* ports that traceroutes probe, mtr's first */
#define TRACED_LAST 33999
#define PORT_UNREACHABLE_4 3
#define PORT_UNREACHABLE_6 4
#define FIRST_PROBE_LEN 120 /* of the two echoes that nmap -O sends */
#define SECOND_PROBE_LEN 150
#define FIRST_PROBE_CODE 9
#define FIRST_PROBE_SEQ 295
#define SECOND_PROBE_SEQ 296
#define BOTH_PROBES 3

enum {
	WEIGHT_PORTS = 30,
	WEIGHT_CLOSED = 25,
	WEIGHT_ONE_PROBE = 35,
	WEIGHT_BOTH_PROBES = 65,
	WEIGHT_KINDS = 35,
	WEIGHT_DESTINATIONS = 30,
	WEIGHT_PATHS = 25,
};

/* What is looked for; the kind of a subject. */
enum recon_kind {
	RECON_PORTS,    /* of the victim */
	RECON_SYSTEM,   /* of the victim */
	RECON_RARE,     /* several of the requests that nobody needs */
	RECON_TOPOLOGY, /* no one victim */
};

struct recon {
	struct subject subject;
	uint64_t begun_ns;      /* analysis time: of what is counted */
	struct distinct things; /* ports, types or destinations */
	uint8_t probes;         /* of nmap's: 1 the first, 2 the second */
	bool is_told;
	uint8_t zero[6];
};

/* The setting that says how many things are too many, if there is one. */
struct recon_bound {
	size_t offset;
	const char *setting;
};

#define BOUND(member) \
	{ offsetof(struct settings, detect_icmp_recon.member), "detect.icmp_recon." #member }

static const struct recon_bound bounds[] = {
	[RECON_PORTS] = BOUND(ports),
	[RECON_SYSTEM] = { 0, NULL }, /* one is enough */
	[RECON_RARE] = BOUND(types),
	[RECON_TOPOLOGY] = BOUND(destinations),
};

static uint64_t
bound_of(const struct subjects *subjects, enum recon_kind kind)
{
	if (bounds[kind].setting == NULL)
		return 1;
	return *(const uint64_t *)((const char *)subjects->settings + bounds[kind].offset);
}

static void
say_ports(struct finding *finding, const struct recon *recon, const char *actor,
    const char *victim)
{
	uint32_t count = distinct_count(&recon->things);
	const char *about = recon->things.is_estimated ? "about " : "";

	finding_reason(finding, "ports", REASON_TARGETS, WEIGHT_PORTS,
	    "%s%" PRIu32 " different UDP ports of one host", about, count);
	finding_reason(finding, "closed", REASON_ANSWERS, WEIGHT_CLOSED,
	    "the host said %" PRId64 " times that nothing listens there", finding->counts.packets);
	snprintf(finding->message, sizeof(finding->message),
	    "%s scanned UDP ports of %s: %s%" PRIu32 " of them are closed, says the host", actor,
	    victim, about, count);
}

static void
say_system(struct finding *finding, const struct recon *recon, const char *actor,
    const char *victim)
{
	bool are_both = recon->probes == BOTH_PROBES;

	finding->tool = "nmap";
	finding_reason(finding, "system_probe", REASON_SIGNATURE,
	    are_both ? WEIGHT_BOTH_PROBES : WEIGHT_ONE_PROBE,
	    "%s of the two echoes that nmap -O sends, %d and %d octets of zero",
	    are_both ? "both" : "one", FIRST_PROBE_LEN, SECOND_PROBE_LEN);
	snprintf(finding->message, sizeof(finding->message),
	    "%s tried to tell the operating system of %s, with the echoes of nmap -O", actor, victim);
}

static void
say_rare(struct finding *finding, uint32_t count, const char *actor, const char *victim)
{
	finding_reason(finding, "rare_requests", REASON_HEADER, WEIGHT_KINDS,
	    "%" PRIu32 " types of request that no host needs today", count);
	snprintf(finding->message, sizeof(finding->message),
	    "%s asked %s in %" PRIu32 " ways for its time, mask or network", actor, victim, count);
}

static void
say_topology(struct finding *finding, uint32_t count, const char *actor)
{
	finding->counts.targets = count;
	finding_reason(finding, "destinations", REASON_TARGETS, WEIGHT_DESTINATIONS,
	    "paths to %" PRIu32 " hosts", count);
	finding_reason(finding, "paths", REASON_FLOW, WEIGHT_PATHS,
	    "%" PRId64 " traceroutes", finding->counts.packets);
	snprintf(finding->message, sizeof(finding->message),
	    "%s traced the paths to %" PRIu32 " hosts, as who maps a network", actor, count);
}

static void
tell(struct subjects *subjects, struct recon *recon, const struct packet *packet, uint64_t now_ns)
{
	const struct subject *subject = &recon->subject;
	enum recon_kind kind = (enum recon_kind)subject->key.kind;
	char actor[ADDR_TEXT_SIZE], victim[ADDR_TEXT_SIZE];
	uint32_t count = distinct_count(&recon->things);
	struct finding finding;

	recon->is_told = true;
	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = subjects->settings->detect_icmp_recon.quiet_ns;
	finding.threshold = bounds[kind].setting;
	if (finding.threshold != NULL)
		finding.threshold_value = (int64_t)bound_of(subjects, kind);
	finding.ceiling = SEVERITY_HIGH;
	addr_text(&subject->key.actor, actor);
	addr_text(&subject->key.victim, victim);
	switch (kind) {
	case RECON_PORTS:
		say_ports(&finding, recon, actor, victim);
		break;
	case RECON_SYSTEM:
		say_system(&finding, recon, actor, victim);
		break;
	case RECON_RARE:
		say_rare(&finding, count, actor, victim);
		break;
	case RECON_TOPOLOGY:
		say_topology(&finding, count, actor);
		break;
	}
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

/* What was counted long ago is no part of what is looked for now. */
static void
forget_old(const struct subjects *subjects, struct recon *recon, uint64_t now_ns)
{
	uint64_t span_ns = recon->is_told ? subjects->settings->detect_icmp_recon.quiet_ns :
	    subjects->settings->detect_icmp_recon.span_ns;
	uint64_t since_ns = recon->is_told ? recon->subject.entry.seen_ns : recon->begun_ns;

	if (now_ns - since_ns <= span_ns)
		return;
	memset(&recon->things, 0, sizeof(recon->things));
	recon->begun_ns = now_ns;
	recon->is_told = false;
	recon->probes = 0;
	recon->subject.packets = recon->subject.bytes = 0;
}

/* One more thing that somebody looked at. */
struct recon_look {
	struct subject_key key;
	uint64_t thing; /* its hash */
	uint8_t probes;
	const struct packet *packet;
	uint32_t length;
	uint64_t now_ns;
};

static void
note(struct subjects *subjects, const struct recon_look *look)
{
	struct recon *recon = (struct recon *)subjects_find(subjects, &look->key);

	if (recon != NULL)
		forget_old(subjects, recon, look->now_ns);
	recon = (struct recon *)subjects_note(subjects, &look->key, look->packet, look->length,
	    look->now_ns);
	if (recon->subject.packets == 1) {
		recon->begun_ns = look->now_ns;
		recon->subject.first_ns = look->packet->frame->when_ns;
	}
	(void)distinct_add(&recon->things, look->thing);
	recon->probes |= look->probes;
	if (distinct_count(&recon->things) >= bound_of(subjects, (enum recon_kind)look->key.kind))
		tell(subjects, recon, look->packet, look->now_ns);
}

/* A host says that nothing listens at a port: somebody tried it. */
static void
note_closed_port(struct subjects *subjects, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct transport *transport = &msg->quote.transport;
	uint16_t port = transport->destination_port;
	const struct recon_look look = {
		.key = { .actor = msg->quote.ip.source, .victim = msg->quote.ip.destination,
		    .kind = RECON_PORTS },
		.thing = distinct_hash(&port, sizeof(port)),
		.packet = packet,
		.length = msg->length,
		.now_ns = now_ns,
	};

	if (!msg->quote.present || !transport->has_ports || transport->protocol != IP_PROTO_UDP)
		return;
	if (transport->source_port < SERVICE_PORTS || (port >= TRACED_FIRST && port <= TRACED_LAST))
		return;
	/* Only the host itself knows its ports. */
	if (addr_equal(&packet->ip.source, &msg->quote.ip.destination))
		note(subjects, &look);
}

/* Which of nmap's two echoes it is, or 0. */
static uint8_t
system_probe(const struct icmp_msg *msg)
{
	const union value *seq;

	if (msg->tail.claimed != FIRST_PROBE_LEN && msg->tail.claimed != SECOND_PROBE_LEN)
		return 0;
	seq = icmp_value(msg, "seq");
	if (seq == NULL)
		return 0;
	if (msg->tail.claimed == FIRST_PROBE_LEN)
		return seq->number == FIRST_PROBE_SEQ && msg->code == FIRST_PROBE_CODE;
	return seq->number == SECOND_PROBE_SEQ ? 2 : 0;
}

static void
note_request(struct subjects *subjects, const struct packet *packet, const struct icmp_msg *msg,
    enum recon_kind kind, uint8_t probes, uint64_t now_ns)
{
	const struct recon_look look = {
		.key = { .actor = packet->ip.source, .victim = packet->ip.destination,
		    .kind = (uint16_t)kind },
		.thing = probes != 0 ? distinct_hash(&probes, sizeof(probes)) :
		    distinct_hash(&msg->type_number, sizeof(msg->type_number)),
		.probes = probes,
		.packet = packet,
		.length = msg->length,
		.now_ns = now_ns,
	};

	note(subjects, &look);
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	bool is_4 = msg->version == 4;
	uint8_t probes;

	switch (msg->type_number) {
	case ICMP4_DESTINATION_UNREACHABLE:
		if (is_4 && msg->code == PORT_UNREACHABLE_4)
			note_closed_port(state, packet, msg, now_ns);
		break;
	case ICMP6_DESTINATION_UNREACHABLE:
		if (!is_4 && msg->code == PORT_UNREACHABLE_6)
			note_closed_port(state, packet, msg, now_ns);
		break;
	case ICMP4_ECHO:
	case ICMP6_ECHO_REQUEST:
		probes = system_probe(msg);
		if (probes != 0)
			note_request(state, packet, msg, RECON_SYSTEM, probes, now_ns);
		else
			pairs_hush(((struct subjects *)state)->pairs, HUSH_RECON,
			    message_kind(msg), now_ns);
		break;
	case 13: /* timestamp, information, address mask */
	case 15:
	case 17:
		if (is_4)
			note_request(state, packet, msg, RECON_RARE, 0, now_ns);
		break;
	default:
		break;
	}
}

/* A path was traced. */
static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	const struct frame frame = { .when_ns = event->when_ns };
	const struct packet packet = { .frame = &frame };
	const struct recon_look look = {
		.key = { .actor = event->source, .kind = RECON_TOPOLOGY },
		.thing = distinct_hash_addr(&event->destination),
		.packet = event->packet != NULL ? event->packet : &packet,
		.now_ns = now_ns,
	};

	if (event->id == EVENT_TRACEROUTE)
		note(state, &look);
}

static void *
create(const struct detector_context *context, char *err)
{
	return subjects_create(&detector_icmp_recon, context,
	    sizeof(struct recon), context->settings->detect_icmp_recon.subjects, 0, err);
}

const struct detector detector_icmp_recon = {
	.rule = {
		.name = "icmp_recon",
		.id = "icmpscope-103",
		.title = "Reconnaissance",
		.tactic_id = "TA0043",
		.tactic = "Reconnaissance",
		.technique_id = "T1595",
		.technique = "Active Scanning",
	},
	.meaning = "a scan of UDP ports by the errors about it, nmap's probes for the operating system, "
	           "several kinds of rare requests, paths traced to many hosts",
	.spares_monitors = true,
	.observes = UINT32_C(1) << DATASET_PATH,
	.create = create,
	.message = message,
	.ignores = IGNORE_ECHO_REPLIES,
	.hush = HUSH_RECON,
	.event = event,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
