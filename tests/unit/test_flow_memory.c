/*
 * The memory of flows: what was seen, what was not, and what cannot be known,
 * by scripts of packets on a set clock.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/core/flow_memory.h"
#include "analyzer/log.h"

#define MS UINT64_C(1000000)
#define S (1000 * MS)
#define START (UINT64_C(1700000000) * S)
#define SLACK 65536

/* Whether steps are packets or questions. */
enum act {
	SEND,
	SEND_IN_TUNNEL,
	ASK,
};

struct step {
	enum act act;
	uint64_t at_ms;
	uint8_t source, destination; /* last octets */
	struct transport transport;
	enum flow_verdict verdict; /* what ASK gives */
	int excluded;              /* 1 or 0: whether the TCP sequence number is */
};

/* clang-format off */
#define TCP(from, to, seq) { .protocol = IP_PROTO_TCP, .has_ports = true, .source_port = (from), \
	.destination_port = (to), .has_tcp_sequence = true, .tcp_sequence = (seq) }
#define UDP(from, to) { .protocol = IP_PROTO_UDP, .has_ports = true, .source_port = (from), \
	.destination_port = (to) }
#define ECHO(type, number) { .protocol = IP_PROTO_ICMP, .has_icmp = true, .icmp_type = (type), \
	.has_id = true, .id = (number) }
#define ESP(index) { .protocol = IP_PROTO_ESP, .has_spi = true, .spi = (index) }
#define CUT_ECHO { .protocol = IP_PROTO_ICMP, .has_icmp = true, .icmp_type = 8 }
#define CUT(number) { .protocol = (number) }

static const struct step presence[] = {
	{ SEND, 0, 1, 2, UDP(1000, 53), 0, 0 },
	{ ASK, 1, 1, 2, UDP(1000, 53), FLOW_SEEN, 0 },
	{ ASK, 2, 2, 1, UDP(53, 1000), FLOW_SEEN, 0 },    /* as its answer */
	{ ASK, 3, 1, 2, UDP(1000, 54), FLOW_UNKNOWN, 0 }, /* the memory is too young */
	{ ASK, 5000, 1, 2, UDP(1000, 54), FLOW_NOT_SEEN, 0 },
	{ ASK, 5000, 1, 3, UDP(1000, 53), FLOW_NOT_SEEN, 0 },
	{ ASK, 5000, 1, 2, TCP(1000, 53, 7), FLOW_UNKNOWN, 0 }, /* no TCP of his was seen */
	{ ASK, 5000, 3, 2, UDP(1000, 53), FLOW_UNKNOWN, 0 },    /* nor any UDP of that one */
	{ ASK, 5000, 1, 2, CUT(IP_PROTO_UDP), FLOW_UNKNOWN, 0 }, /* no ports were quoted */
	{ ASK, 119000, 1, 2, UDP(1000, 53), FLOW_SEEN, 0 },
	{ ASK, 125000, 1, 2, UDP(1000, 53), FLOW_UNKNOWN, 0 }, /* idle, and so is its sender */
	{ SEND, 126000, 1, 2, UDP(1001, 53), 0, 0 },
	{ ASK, 126001, 1, 2, UDP(1000, 53), FLOW_NOT_SEEN, 0 },
	{ ASK, 126002, 1, 2, UDP(1001, 53), FLOW_SEEN, 0 },
};

static const struct step kinds[] = {
	{ SEND, 0, 1, 2, ECHO(8, 77), 0, 0 },
	{ SEND, 0, 1, 2, ESP(5), 0, 0 },
	{ ASK, 5000, 1, 2, ECHO(8, 77), FLOW_SEEN, 0 },
	{ ASK, 5000, 2, 1, ECHO(0, 77), FLOW_SEEN, 0 },    /* the reply */
	{ ASK, 5000, 1, 2, ECHO(8, 78), FLOW_NOT_SEEN, 0 },
	{ ASK, 5000, 1, 2, ECHO(0, 78), FLOW_UNKNOWN, 0 }, /* replies are not remembered */
	{ ASK, 5000, 1, 2, CUT_ECHO, FLOW_UNKNOWN, 0 },    /* its identifier was cut off */
	{ ASK, 5000, 1, 2, ESP(5), FLOW_SEEN, 0 },
	{ ASK, 5000, 2, 1, ESP(5), FLOW_UNKNOWN, 0 },      /* an index is one way */
	{ ASK, 5000, 1, 2, ESP(6), FLOW_NOT_SEEN, 0 },
};

/* Ends that a tunnel was seen between: what it carries has other names. */
static const struct step tunnels[] = {
	{ SEND, 0, 1, 2, UDP(1000, 53), 0, 0 },
	{ SEND, 0, 1, 9, UDP(1000, 53), 0, 0 },
	{ SEND_IN_TUNNEL, 10, 21, 22, UDP(5000, 53), 0, 0 }, /* tests put it between 1 and 9 */
	{ ASK, 5000, 21, 22, UDP(5000, 53), FLOW_SEEN, 0 },
	{ ASK, 5000, 1, 9, UDP(40000, 4789), FLOW_UNKNOWN, 0 },
	{ ASK, 5000, 1, 2, UDP(40000, 4789), FLOW_NOT_SEEN, 0 },
};

static const struct step sequences[] = {
	{ SEND, 0, 1, 2, TCP(40000, 80, 1000), 0, 0 },
	{ ASK, 1, 1, 2, TCP(40000, 80, 1000), FLOW_SEEN, 0 },
	{ ASK, 1, 1, 2, TCP(40000, 80, 1000 + SLACK), FLOW_SEEN, 0 },
	{ ASK, 1, 1, 2, TCP(40000, 80, 1001 + SLACK), FLOW_SEEN, 1 },
	{ ASK, 1, 1, 2, TCP(40000, 80, 0xc0000000), FLOW_SEEN, 1 },
	{ SEND, 100, 1, 2, TCP(40000, 80, 20000000), 0, 0 }, /* 20 MB within a second */
	{ ASK, 101, 1, 2, TCP(40000, 80, 1000), FLOW_SEEN, 0 },
	{ ASK, 101, 1, 2, TCP(40000, 80, 10000000), FLOW_SEEN, 0 },
	{ SEND, 4000, 1, 2, TCP(40000, 80, 20000100), 0, 0 },
	{ ASK, 4001, 1, 2, TCP(40000, 80, 10000000), FLOW_SEEN, 0 },
	{ SEND, 20000, 1, 2, TCP(40000, 80, 20000200), 0, 0 },
	{ SEND, 29000, 1, 2, TCP(40000, 80, 20000300), 0, 0 },
	{ ASK, 29001, 1, 2, TCP(40000, 80, 10000000), FLOW_SEEN, 1 }, /* long ago */
	{ ASK, 29001, 1, 2, TCP(40000, 80, 20000000), FLOW_SEEN, 0 },
	{ SEND, 29002, 1, 2, TCP(40000, 80, 10000000), 0, 0 },        /* sent again */
	{ ASK, 29003, 1, 2, TCP(40000, 80, 10000000), FLOW_SEEN, 0 },
	{ ASK, 29003, 2, 1, TCP(80, 40000, 5), FLOW_SEEN, 0 },        /* of that way none is known */
};

/* Sequence numbers go round. */
static const struct step wrap[] = {
	{ SEND, 0, 1, 2, TCP(40000, 80, 0xffffff00), 0, 0 },
	{ SEND, 10, 1, 2, TCP(40000, 80, 0x00000100), 0, 0 },
	{ ASK, 11, 1, 2, TCP(40000, 80, 0xffffff00), FLOW_SEEN, 0 },
	{ ASK, 11, 1, 2, TCP(40000, 80, 0x00000080), FLOW_SEEN, 0 },
	{ ASK, 11, 1, 2, TCP(40000, 80, 0x00010100), FLOW_SEEN, 0 },
	{ ASK, 11, 1, 2, TCP(40000, 80, 0x00020101), FLOW_SEEN, 1 },
	{ ASK, 11, 1, 2, TCP(40000, 80, 0xfff00000), FLOW_SEEN, 1 },
};

static const struct {
	const struct step *steps;
	size_t count;
} scripts[] = {
	{ presence, sizeof(presence) / sizeof(presence[0]) },
	{ kinds, sizeof(kinds) / sizeof(kinds[0]) },
	{ tunnels, sizeof(tunnels) / sizeof(tunnels[0]) },
	{ sequences, sizeof(sequences) / sizeof(sequences[0]) },
	{ wrap, sizeof(wrap) / sizeof(wrap[0]) },
};
/* clang-format on */

static struct addr
address(uint8_t version, uint8_t last)
{
	if (version == 6)
		return (struct addr){ { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
			last }, 6 };
	return (struct addr){ { 192, 0, 2, last }, 4 };
}

static void
init(struct flow_memory *memory, uint32_t flows)
{
	const struct flow_memory_config config = {
		.flows = flows,
		.idle_ns = 120 * S,
		.age_ns = 4 * S,
		.hash_key = hash_key_fixed(),
	};
	char err[ERR_SIZE];

	assert_int_equal(flow_memory_init(memory, &config, err), 0);
}

static void
send(struct flow_memory *memory, uint8_t version, const struct step *step)
{
	struct packet *packet = calloc(1, sizeof(*packet));

	assert_non_null(packet);
	packet->ip.source = address(version, step->source);
	packet->ip.final_destination = address(version, step->destination);
	packet->ip.ttl = 60;
	if (step->act == SEND_IN_TUNNEL) {
		packet->outer_count = 1;
		packet->outer[0].source = address(version, 1);
		packet->outer[0].destination = address(version, 9);
	}
	flow_memory_note(memory, packet, &step->transport, START + step->at_ms * MS);
	free(packet);
}

static struct flow_recall
ask(struct flow_memory *memory, uint8_t version, const struct step *step)
{
	const struct addr source = address(version, step->source);
	const struct addr destination = address(version, step->destination);
	const struct flow_claim claim = { &source, &destination, &step->transport, 0 };

	return flow_memory_recall(memory, &claim, START + step->at_ms * MS);
}

static void
play(uint8_t version, const struct step *steps, size_t count)
{
	struct flow_memory memory;
	struct flow_recall recall;
	size_t i;

	init(&memory, 1024);
	for (i = 0; i < count; i++) {
		if (steps[i].act != ASK) {
			send(&memory, version, &steps[i]);
			continue;
		}
		recall = ask(&memory, version, &steps[i]);
		if (recall.verdict != steps[i].verdict)
			print_error("step %zu\n", i);
		assert_int_equal(recall.verdict, steps[i].verdict);
		assert_int_equal(flow_recall_excludes(&recall,
		    steps[i].transport.tcp_sequence, SLACK), steps[i].excluded);
	}
	flow_memory_free(&memory);
}

static void
test_scripts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		play(4, scripts[i].steps, scripts[i].count);
		play(6, scripts[i].steps, scripts[i].count);
	}
}

/* Where something was given up, nothing is said not to have been there. */
static void
test_full(void **state)
{
	const struct step known = { ASK, 6000, 1, 2, UDP(1, 1), 0, 0 };
	struct flow_memory memory;
	uint16_t port;

	(void)state;
	init(&memory, 3);
	assert_int_equal(flow_memory_capacity(&memory), 3);
	for (port = 1; port <= 100; port++) {
		const struct step step = { SEND, port, 1, 2, UDP(port, 53), 0, 0 };

		send(&memory, 4, &step);
	}
	assert_int_equal(ask(&memory, 4, &known).verdict, FLOW_UNKNOWN);
	assert_int_equal(flow_memory_count(&memory), 3);
	assert_int_equal(memory.added, memory.evicted + 3);
	flow_memory_free(&memory);
}

/* Many flows are all found again, with the TTL of their latest. */
static void
test_many(void **state)
{
	struct flow_memory memory;
	struct flow_recall recall;
	uint16_t port;

	(void)state;
	init(&memory, 16384);
	for (port = 1; port <= 1000; port++) {
		const struct step step = { SEND, port, 1, 2, UDP(port, 53), 0, 0 };

		send(&memory, 4, &step);
	}
	for (port = 1; port <= 1000; port++) {
		const struct step step = { ASK, 2000, 2, 1, UDP(53, port), 0, 0 };

		recall = ask(&memory, 4, &step);
		assert_int_equal(recall.verdict, FLOW_SEEN);
		assert_true(recall.has_answer);
		assert_int_equal(recall.answer_ttl, 60);
	}
	assert_int_equal(memory.evicted, 0);
	assert_int_equal(flow_memory_count(&memory), 1001); /* and the one who sent them */
	flow_memory_free(&memory);
}

/* Without memory nothing is known. */
static void
test_none(void **state)
{
	const struct step step = { ASK, 0, 1, 2, UDP(1, 1), 0, 0 };
	struct flow_memory memory = { 0 };

	(void)state;
	assert_int_equal(ask(&memory, 4, &step).verdict, FLOW_UNKNOWN);
	assert_int_equal(flow_memory_capacity(&memory), 0);
	flow_memory_free(&memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
