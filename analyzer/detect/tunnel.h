/*
 * The state of the detector of tunnels, shared by its files: icmp_tunnel.c
 * follows pairs of hosts, tunnel_payload.c reads what they send, tunnel_pace.c
 * when, tunnel_tool.c knows tools, tunnel_finding.c tells. Nobody else includes this.
 */
#ifndef ANALYZER_DETECT_TUNNEL_H
#define ANALYZER_DETECT_TUNNEL_H

#include "analyzer/detect/subject.h"
#include "decoders/payload.h"

#define TUNNEL_REQUESTS 8 /* of a pair, remembered for their replies */
#define TUNNEL_SEEN 4     /* payloads of a side, remembered */
#define TUNNEL_SAMPLE 64  /* octets of a payload that are looked at */
#define TUNNEL_TARGETS 8  /* of one sender, remembered by name */
#define TUNNEL_GAPS 64    /* between requests of a pair, remembered */

struct tunnel_tool;

enum tunnel_way {
	WAY_OUT, /* in requests */
	WAY_BACK,
	WAYS
};

/* What one side sends that does not just return what it got. */
struct tunnel_side {
	uint64_t sizes;             /* a bit for each length, some share one */
	uint64_t octets;            /* of payloads that are signs */
	uint32_t payloads;
	uint32_t fresh;             /* unlike those before; of them: */
	uint32_t text, base64, random;
	uint32_t largest;
	uint8_t sample_len;         /* of the one before */
	uint8_t sample[TUNNEL_SAMPLE];
};

struct tunnel_request {
	uint16_t id, seq;
	bool is_known, is_answered;
	uint64_t answer; /* digest of the latest reply */
	struct payload payload;
};

/* A flow inside, by the latest IP header that was found in a payload. */
struct tunnel_inner {
	struct addr source, destination;
	uint16_t source_port, destination_port;
	uint8_t protocol;
	bool has_ports;
};

/* What stands in fields that are no place for data, in requests that look ordinary. */
struct tunnel_fields {
	uint64_t lengths;        /* a bit for each, some share one */
	uint32_t length_changes;
	uint32_t id_jumps;       /* identifier and sequence number that nothing led to */
	uint32_t head_changes;   /* of more octets than a timestamp changes */
	struct payload previous; /* payload, of a request that looked ordinary */
	uint8_t head[PAYLOAD_HEAD_LEN];
};

/* When requests come that do not wait for lost ones. */
struct tunnel_pace {
	uint64_t when_ns;             /* capture's clock: of the one before */
	uint32_t count;               /* of gaps */
	uint32_t told;                /* of these, in which two lengths carry data: */
	uint32_t short_us, long_us;   /* on average, when last told */
	uint32_t gaps_us[TUNNEL_GAPS];
};

/* What a subject is. */
enum tunnel_kind {
	TUNNEL_PAIR,   /* hosts, of which the actor asks and the victim answers */
	TUNNEL_SENDER, /* one that asks several, by what it sends to all of them */
};

/* All that an ordinary ping needs stands in front, for nearly all are. */
struct tunnel {
	struct subject subject; /* kind: an enum tunnel_kind */
	uint32_t requests;      /* frames captured twice count once */
	uint32_t answered;
	uint32_t usual;         /* requests in a row that spoke for nothing */
	uint8_t next;           /* of `asked` */
	uint8_t target_count;
	bool is_found;          /* it is a tunnel, */
	bool is_channel;        /* or was told of as a channel */
	const struct tunnel_tool *tool;
	uint64_t seen[WAYS][TUNNEL_SEEN]; /* digests of payloads, of what follows the head */
	struct tunnel_fields fields;
	struct tunnel_request asked[TUNNEL_REQUESTS];
	uint64_t told_ns;
	uint32_t told;      /* signs when last told */
	uint32_t signs;     /* messages that speak for a tunnel */
	uint32_t differing; /* replies with other data than their request's */
	uint32_t twice;     /* second replies, with other data than the first */
	uint32_t unasked;   /* replies with new data to no request */
	uint32_t known;     /* messages of `tool` */
	uint32_t inner_count;
	struct addr targets[TUNNEL_TARGETS]; /* of a TUNNEL_SENDER */
	struct tunnel_inner inner;
	struct tunnel_side sides[WAYS];
	struct tunnel_pace pace;
};

/*
 * Pairs that have no slot yet. They get one when they send what was not seen
 * of others lately, else with their second message: so addresses that are made
 * up by the million take none.
 */
#define STRANGERS_PAIRS 4096 /* a power of two */
#define STRANGERS_PAYLOADS 16

struct strangers {
	uint64_t payloads[STRANGERS_PAYLOADS]; /* digests, of what follows the head */
	uint32_t next;
	uint32_t pairs[STRANGERS_PAIRS];
};

enum admission {
	ADMIT_NOT_YET,
	ADMIT_KNOWN, /* sends what others send too */
	ADMIT_NEW,
};

enum admission strangers_admit(struct strangers *strangers, const struct subject_key *key,
    const struct payload *payload);

/* A tool that is known by what it sends. */
struct tunnel_tool {
	const char *name;
	const char *sign; /* what it is known by, for a person */
	bool (*fits)(struct cursor payload);
};

/* The tool that sends such payloads, or NULL. */
const struct tunnel_tool *tunnel_tool_of(struct cursor payload);

/* Whether there is an IP header in a payload, with the datagram it speaks of. */
bool tunnel_inner_find(struct cursor payload, struct tunnel_inner *out);

/* What a payload was. */
enum tunnel_look {
	LOOK_ORDINARY, /* one as before */
	LOOK_OTHER,    /* another, which may be so once */
	LOOK_SIGN,     /* it speaks for a tunnel */
};

/* The digest by which payloads that differ in their timestamp are the same. */
static inline uint64_t
tunnel_digest(const struct payload *payload)
{
	return payload->len > PAYLOAD_HEAD_LEN ? payload->rest : payload->head;
}

/* The `n`-th last request, from 1. */
static inline struct tunnel_request *
tunnel_asked(struct tunnel *tunnel, unsigned n)
{
	return &tunnel->asked[(tunnel->next - n) % TUNNEL_REQUESTS];
}

/* Looks at a payload. */
enum tunnel_look tunnel_payload_look(struct tunnel *tunnel, enum tunnel_way way,
    struct cursor payload, const struct payload *digest);

/* Forgets what was counted of a side, and keeps what its payloads look like. */
void tunnel_side_restart(struct tunnel_side *side);

/*
 * Looks at the fields of a request whose payload is no sign, before it is
 * among `asked`; whether they speak for a channel.
 */
bool tunnel_fields_look(struct tunnel *tunnel, const struct tunnel_request *request,
    struct cursor payload);

/*
 * Notes when a request was sent, before it is among `asked`; whether the gaps
 * between the latest ones are of two lengths whose order carries something.
 */
bool tunnel_pace_look(struct tunnel *tunnel, uint64_t when_ns);

/* Whether requests come as regularly as those of a program that calls home now and then. */
bool tunnel_pace_is_slow_beat(const struct tunnel *tunnel);

/* Adds what the times of its requests say of a pair. */
void tunnel_pace_reasons(const struct tunnel *tunnel, struct finding *out);

/* Adds what the fields of its requests say of a pair. */
void tunnel_fields_reasons(const struct tunnel *tunnel, const struct settings *settings,
    struct finding *out);

/* Tells of a subject if its signs are enough. */
void tunnel_report(struct subjects *subjects, struct tunnel *tunnel, const struct packet *packet,
    uint64_t now_ns);

#endif
