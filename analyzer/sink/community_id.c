/*
 * The hash of seed, addresses, protocol and ports, with the lower end first.
 * ICMP has no ports: type and counterpart stand for them, or type and code.
 */
#include "analyzer/sink/community_id.h"

#include <sha1.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/ip.h"

#define CACHE_SIZE 4096 /* flows; a power of two */
#define TUPLE_MAX 40    /* seed, two IPv6 addresses, protocol, padding, two ports */

struct flow {
	const struct addr *source, *destination;
	uint8_t protocol;
	bool is_one_way, has_ports;
	uint16_t source_port, destination_port;
};

/* What is hashed; the rest of `bytes` is zero, so that it can be compared. */
struct tuple {
	uint8_t bytes[TUPLE_MAX];
	uint64_t len;
};

struct entry {
	struct tuple tuple;
	char text[COMMUNITY_ID_LEN + 1];
};

struct community_ids {
	uint16_t seed;
	struct entry cache[CACHE_SIZE]; /* by hash; a newer flow takes its place */
};

/* Types that ask, and those that answer them. */
struct counterpart {
	uint8_t request, reply;
};

static const struct counterpart counterparts4[] = {
	{ 8, 0 }, { 10, 9 }, { 13, 14 }, { 15, 16 }, { 17, 18 }
};

static const struct counterpart counterparts6[] = {
	{ 128, 129 }, { 130, 131 }, { 133, 134 }, { 135, 136 }, { 139, 140 }, { 144, 145 }
};

struct community_ids *
community_ids_new(uint16_t seed)
{
	struct community_ids *ids = calloc(1, sizeof(*ids));

	if (ids != NULL)
		ids->seed = seed;
	return ids;
}

void
community_ids_free(struct community_ids *ids)
{
	free(ids);
}

static int
find_counterpart(uint8_t version, uint8_t type)
{
	const struct counterpart *rows = counterparts4;
	size_t i, count = sizeof(counterparts4) / sizeof(counterparts4[0]);

	if (version == 6) {
		rows = counterparts6;
		count = sizeof(counterparts6) / sizeof(counterparts6[0]);
	}
	for (i = 0; i < count; i++) {
		if (rows[i].request == type)
			return rows[i].reply;
		if (rows[i].reply == type)
			return rows[i].request;
	}
	return -1;
}

static void
set_icmp_ports(struct flow *flow, uint8_t version, uint8_t type, uint8_t code)
{
	int counterpart = find_counterpart(version, type);

	flow->has_ports = true;
	flow->source_port = type;
	flow->destination_port = code;
	flow->is_one_way = counterpart < 0;
	if (counterpart >= 0)
		flow->destination_port = (uint16_t)counterpart;
}

static uint8_t *
put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
	return p + 2;
}

/* Whether the flow is written with its ends exchanged: the lower one first. */
static bool
is_reversed(const struct flow *flow)
{
	int order = addr_compare(flow->source, flow->destination);

	if (flow->is_one_way)
		return false;
	return order > 0 || (order == 0 && flow->source_port > flow->destination_port);
}

static void
make_tuple(uint16_t seed, const struct flow *flow, struct tuple *out)
{
	size_t addr_len = flow->source->version == 4 ? 4 : 16;
	struct flow f = *flow;
	uint8_t *p;

	if (is_reversed(flow)) {
		f.source = flow->destination;
		f.destination = flow->source;
		f.source_port = flow->destination_port;
		f.destination_port = flow->source_port;
	}
	memset(out, 0, sizeof(*out));
	p = put16(out->bytes, seed);
	memcpy(p, f.source->bytes, addr_len);
	p += addr_len;
	memcpy(p, f.destination->bytes, addr_len);
	p += addr_len;
	*p++ = f.protocol;
	*p++ = 0;
	if (f.has_ports) {
		p = put16(p, f.source_port);
		p = put16(p, f.destination_port);
	}
	out->len = (size_t)(p - out->bytes);
}

static void
put_base64(const uint8_t *bytes, size_t len, char *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t group;
	size_t at, i;

	for (at = 0; at < len; at += 3) {
		group = (uint32_t)bytes[at] << 16;
		if (at + 1 < len)
			group |= (uint32_t)bytes[at + 1] << 8;
		if (at + 2 < len)
			group |= bytes[at + 2];
		for (i = 0; i < 4; i++) {
			*out = digits[group >> (18 - 6 * i) & 63];
			if (at + i > len)
				*out = '=';
			out++;
		}
	}
	*out = '\0';
}

static void
hash_tuple(const struct tuple *tuple, char *out)
{
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX sha;

	SHA1Init(&sha);
	SHA1Update(&sha, tuple->bytes, tuple->len);
	SHA1Final(digest, &sha);
	out[0] = '1';
	out[1] = ':';
	put_base64(digest, sizeof(digest), out + 2);
}

/* Where a tuple is remembered. Steering it gains nothing but work like ours. */
static size_t
cache_index(const struct tuple *tuple)
{
	uint64_t mixed = tuple->len, word;
	size_t at;

	for (at = 0; at < tuple->len; at += sizeof(word)) {
		memcpy(&word, tuple->bytes + at, sizeof(word));
		mixed = (mixed ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		mixed ^= mixed >> 32;
	}
	return mixed % CACHE_SIZE;
}

static const char *
id_of_flow(struct community_ids *ids, const struct flow *flow)
{
	struct tuple tuple;
	struct entry *entry;

	if (flow->source->version == 0 || flow->source->version != flow->destination->version)
		return NULL;
	make_tuple(ids->seed, flow, &tuple);
	entry = &ids->cache[cache_index(&tuple)];
	if (memcmp(&entry->tuple, &tuple, sizeof(tuple)) != 0) {
		entry->tuple = tuple;
		hash_tuple(&tuple, entry->text);
	}
	return entry->text;
}

const char *
community_id_icmp(struct community_ids *ids, const struct addr *source,
    const struct addr *destination, uint8_t version, uint8_t type, uint8_t code)
{
	struct flow flow = { .source = source, .destination = destination,
		.protocol = version == 6 ? IP_PROTO_ICMPV6 : IP_PROTO_ICMP };

	set_icmp_ports(&flow, version, type, code);
	return id_of_flow(ids, &flow);
}

const char *
community_id_quote(struct community_ids *ids, const struct quote *quote)
{
	const struct transport *transport = &quote->transport;
	struct flow flow = { .source = &quote->ip.source, .destination = &quote->ip.destination,
		.protocol = quote->ip.protocol };

	if (!quote->present)
		return NULL;
	switch (flow.protocol) {
	case IP_PROTO_TCP:
	case IP_PROTO_UDP:
	case IP_PROTO_SCTP:
		if (!transport->has_ports)
			return NULL;
		flow.has_ports = true;
		flow.source_port = transport->source_port;
		flow.destination_port = transport->destination_port;
		break;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		if (!transport->has_icmp)
			return NULL;
		set_icmp_ports(&flow, flow.protocol == IP_PROTO_ICMPV6 ? 6 : 4,
		    transport->icmp_type, transport->icmp_code);
		break;
	default:
		break; /* the addresses and the protocol alone */
	}
	return id_of_flow(ids, &flow);
}
