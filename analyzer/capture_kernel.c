/*
 * The kernel's filter of a live capture. It is assembled here, not compiled
 * from an expression: libpcap's vlan, mpls and pppoes shift every offset after
 * them, so each way of encapsulation would need all tests again, about 1000
 * instructions, more than a kernel takes by default (net.core.optmem_max).
 * This one walks the headers as packet_walk() does, and is about 150; a test
 * holds it to the tables of decoders/.
 *
 * The user's expression is libpcap's, and comes first. Later fragments of UDP
 * have no ports, so they all pass: they may be a tunnel's.
 */
#include "analyzer/capture_kernel.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define ACCEPT 262144 /* bytes of a frame: all */
#define LEVELS 3      /* VLAN tags and MPLS labels looked behind */

/* Places in the program, in the order in which they come. */
enum label {
	TYPE = 1, /* A is an ethertype, X where its header begins; one a level */
	VLAN = TYPE + LEVELS + 1,
	LLC = VLAN + LEVELS + 1,
	SNAP,
	CARRIER, /* A and X as at TYPE */
	PPPOE,
	MPLS,
	UNDER_MPLS = MPLS + LEVELS + 1,
	RAW,
	IP4,
	IP6,
	PORTS,
	UDP4,
	TCP4,
	TCP_PORT,
	PASS,
	DROP,
	LABELS
};

_Static_assert(LABELS <= PROGRAM_LABELS, "too many labels");

/* clang-format off */

/* Ethertypes by where their headers are read. */
static const uint16_t vlan_types[] = { 0x8100, 0x88a8, 0x9100, 0x9200 };
static const uint16_t mpls_types[] = { 0x8847, 0x8848 };
#define TYPE_IP4 0x0800
#define TYPE_IP6 0x86dd
#define TYPE_PPPOE 0x8864
#define TYPE_MACSEC 0x88e5
#define MACSEC_CONFIDENTIAL 0x0c /* IEEE 802.1AE 9.5 */
#define LENGTH_MAX 1500 /* up to here it is 802.3's length, and LLC follows */

/* Ethertypes whose frames pass as they are, for few networks have them: PBB,
 * VN-Tag, E-Tag, FabricPath, Cisco MetaData, NSH, 6LoWPAN; and what is meant for
 * GRE, but is read on Ethernet too: bridged frames, PPP, ERSPAN. */
static const uint16_t carrier_types[] = {
	0x88e7, 0x8926, 0x893f, 0x8903, 0x8909, 0x894f, 0xa0ed, 0x6558, 0x880b, 0x88be, 0x22eb,
};

/* Protocols of PPP: MPLS; multilink passes as it is. */
static const uint16_t ppp_mpls[] = { 0x0281, 0x0283 };
#define PPP_IP4 0x0021
#define PPP_IP6 0x0057
#define PPP_MULTILINK 0x003d
#define PPP_COMPRESSED 0x0100 /* an odd first octet is all of the protocol */

/* ICMP, ICMPv6, and what carries IP: IP-in-IP, 6in4, GRE, AH, MPLS (RFC 4023),
 * EtherIP, PIM, L2TPv3, Ethernet, mobility headers. */
static const uint16_t protocols[] = { 1, 58, 4, 41, 47, 51, 137, 97, 103, 115, 143, 135 };

/* Behind these headers of IPv6 there may be anything: hop-by-hop, routing,
 * fragment, destination options, HIP, Shim6. */
static const uint16_t extensions[] = { 0, 43, 44, 60, 139, 140 };
/* What errors speak of: TCP, UDP, DCCP, ESP, SCTP, UDP-Lite. */
static const uint16_t flow_protocols[] = { 6, 17, 33, 50, 132, 136 };

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_UDP_LITE 136
#define FRAGMENT_OFFSET 0x1fff

#define TCP_PORT_STT 7471

/* VXLAN and its old port, GENEVE, GTP-U, Teredo, VXLAN-GPE, L2TP, MPLS in UDP
 * (RFC 7510), AYIYA, LISP, GUE, GRE in UDP, GTP of version 0, CAPWAP, LWAPP, TZSP. */
static const uint16_t ports[] = {
	4789, 8472, 6081, 2152, 3544, 4790, 1701, 6635, 5072, 4341, 6080, 4754, 3386, 5247,
	12220, 12222, 12223, 37008,
};

/* Link types: where the ethertype is (-1: IP at once), and the header's end. */
static const struct link {
	int dlt;
	int type_at;
	uint32_t header_len;
} links[] = {
	{ DLT_EN10MB, 12, 14 },
	{ DLT_LINUX_SLL, 14, 16 },
	{ DLT_LINUX_SLL2, 0, 20 },
	{ DLT_C_HDLC, 2, 4 },
	{ DLT_RAW, -1, 0 },
	{ DLT_IPV4, -1, 0 },
	{ DLT_IPV6, -1, 0 },
	{ DLT_NULL, -1, 4 },
	{ DLT_LOOP, -1, 4 },
};

/* clang-format on */

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/*
 * X counts from the end of the link header, which is in every load: so libpcap
 * can move the loads where the kernel has no such header (cooked capture).
 */
struct builder {
	struct program *program;
	uint32_t header_len;
	bool with_flows;
};

/* A = the `size` (BPF_B, BPF_H, BPF_W) at X + `offset` */
static void
load(struct builder *b, int size, uint32_t offset)
{
	program_add(b->program, BPF_LD | size | BPF_IND, b->header_len + offset);
}

/* X += `len`, and A is lost */
static void
move(struct builder *b, uint32_t len)
{
	program_add(b->program, BPF_MISC | BPF_TXA, 0);
	/* NOLINTNEXTLINE(misc-redundant-expression): ADD and K are both zero */
	program_add(b->program, BPF_ALU | BPF_ADD | BPF_K, len);
	program_add(b->program, BPF_MISC | BPF_TAX, 0);
}

/* A = the 16 bits at X + `offset`; X += `len` */
static void
load_and_move(struct builder *b, uint32_t offset, uint32_t len)
{
	load(b, BPF_H, offset);
	program_add(b->program, BPF_ST, 0);
	move(b, len);
	program_add(b->program, BPF_LD | BPF_MEM, 0);
}

static void
test(struct builder *b, uint32_t value, unsigned int label)
{
	program_test(b->program, BPF_JEQ, value, label, PROGRAM_NEXT);
}

static void
test_all(struct builder *b, const uint16_t *values, size_t count, unsigned int label)
{
	size_t i;

	for (i = 0; i < count; i++)
		test(b, values[i], label);
}

#define TEST_ALL(b, values, label) test_all(b, values, COUNT_OF(values), label)

/* Ethertypes, and the VLAN tags between them; deeper ones pass as they are. */
static void
add_types(struct builder *b)
{
	unsigned int level;

	for (level = 0; level <= LEVELS; level++) {
		program_label(b->program, TYPE + level);
		test(b, TYPE_IP4, IP4);
		test(b, TYPE_IP6, IP6);
		TEST_ALL(b, vlan_types, level < LEVELS ? VLAN + level : PASS);
		TEST_ALL(b, mpls_types, MPLS);
		test(b, TYPE_PPPOE, PPPOE);
		program_test(b->program, BPF_JGT, LENGTH_MAX, CARRIER, LLC);
		if (level == LEVELS)
			break;
		program_label(b->program, VLAN + level);
		load_and_move(b, 2, 4);
	}
}

/* 802.2: SNAP with an ethertype (RFC 1042), or IP by its own number. */
static void
add_llc(struct builder *b)
{
	program_label(b->program, LLC);
	load(b, BPF_H, 0);
	test(b, 0xaaaa, SNAP);
	program_add(b->program, BPF_ALU | BPF_RSH | BPF_K, 8);
	program_test(b->program, BPF_JEQ, 0x06, PROGRAM_NEXT, DROP);
	move(b, 3);
	program_jump(b->program, IP4);
	program_label(b->program, SNAP);
	load_and_move(b, 6, 8);
	test(b, TYPE_IP4, IP4);
	test(b, TYPE_IP6, IP6);
	TEST_ALL(b, vlan_types, PASS);
	TEST_ALL(b, mpls_types, MPLS);
	test(b, TYPE_PPPOE, PPPOE);
}

/* Rarer ethertypes, with or without SNAP; what MACsec encrypts is no use. */
static void
add_carriers(struct builder *b)
{
	program_label(b->program, CARRIER);
	TEST_ALL(b, carrier_types, PASS);
	program_test(b->program, BPF_JEQ, TYPE_MACSEC, PROGRAM_NEXT, DROP);
	load(b, BPF_B, 0);
	program_test(b->program, BPF_JSET, MACSEC_CONFIDENTIAL, DROP, PASS);
}

/* RFC 2516 4; a protocol that PPP compressed passes, for few do that here. */
static void
add_pppoe(struct builder *b)
{
	program_label(b->program, PPPOE);
	load_and_move(b, 6, 8);
	test(b, PPP_IP4, IP4);
	test(b, PPP_IP6, IP6);
	TEST_ALL(b, ppp_mpls, MPLS);
	test(b, PPP_MULTILINK, PASS);
	program_test(b->program, BPF_JSET, PPP_COMPRESSED, PASS, DROP);
}

/* On by the version that IP begins with, or to `other`. */
static void
add_ip_version(struct builder *b, enum label other)
{
	load(b, BPF_B, 0);
	program_add(b->program, BPF_ALU | BPF_AND | BPF_K, 0xf0);
	test(b, 0x40, IP4);
	program_test(b->program, BPF_JEQ, 0x60, IP6, other);
}

/* RFC 3032 2.1; what is not IP may be a pseudowire, and passes. */
static void
add_mpls(struct builder *b)
{
	unsigned int level;

	for (level = 0; level < LEVELS; level++) {
		program_label(b->program, MPLS + level);
		load(b, BPF_B, 2);
		program_test(b->program, BPF_JSET, 1, UNDER_MPLS, PROGRAM_NEXT);
		if (level + 1 == LEVELS)
			program_jump(b->program, PASS);
		else
			move(b, 4);
	}
	program_label(b->program, UNDER_MPLS);
	move(b, 4);
	add_ip_version(b, PASS);
}

/* No ethertype at all, but IP at once. */
static void
add_raw(struct builder *b)
{
	program_label(b->program, RAW);
	add_ip_version(b, DROP);
}

/* X += the length of the IPv4 header there, and A is lost. */
static void
move_over_ip4(struct builder *b)
{
	load(b, BPF_B, 0);
	program_add(b->program, BPF_ALU | BPF_AND | BPF_K, 0x0f);
	program_add(b->program, BPF_ALU | BPF_LSH | BPF_K, 2);
	program_add(b->program, BPF_ALU | BPF_ADD | BPF_X, 0);
	program_add(b->program, BPF_MISC | BPF_TAX, 0);
}

static void
add_ip4(struct builder *b)
{
	program_label(b->program, IP4);
	load(b, BPF_B, 9);
	TEST_ALL(b, protocols, PASS);
	if (b->with_flows)
		TEST_ALL(b, flow_protocols, PASS);
	test(b, PROTOCOL_TCP, TCP4);
	test(b, PROTOCOL_UDP_LITE, UDP4);
	program_test(b->program, BPF_JEQ, PROTOCOL_UDP, PROGRAM_NEXT, DROP);
	program_label(b->program, UDP4);
	load(b, BPF_H, 6);
	program_test(b->program, BPF_JSET, FRAGMENT_OFFSET, PASS, PROGRAM_NEXT);
	move_over_ip4(b);
	program_jump(b->program, PORTS);
}

static void
add_ip6(struct builder *b)
{
	program_label(b->program, IP6);
	load(b, BPF_B, 6);
	TEST_ALL(b, protocols, PASS);
	TEST_ALL(b, extensions, PASS);
	if (b->with_flows)
		TEST_ALL(b, flow_protocols, PASS);
	program_add(b->program, BPF_ST, 0);
	move(b, 40);
	program_add(b->program, BPF_LD | BPF_MEM, 0);
	test(b, PROTOCOL_TCP, TCP_PORT);
	test(b, PROTOCOL_UDP_LITE, PORTS);
	program_test(b->program, BPF_JEQ, PROTOCOL_UDP, PORTS, DROP);
}

/* UDP's tunnels by either port, TCP's one by where it is sent to. */
static void
add_ports(struct builder *b)
{
	program_label(b->program, PORTS);
	load(b, BPF_H, 0);
	TEST_ALL(b, ports, PASS);
	load(b, BPF_H, 2);
	TEST_ALL(b, ports, PASS);
	program_jump(b->program, DROP);
	program_label(b->program, TCP4);
	load(b, BPF_H, 6);
	program_test(b->program, BPF_JSET, FRAGMENT_OFFSET, DROP, PROGRAM_NEXT);
	move_over_ip4(b);
	program_label(b->program, TCP_PORT);
	load(b, BPF_H, 2);
	program_test(b->program, BPF_JEQ, TCP_PORT_STT, PASS, DROP);
}

/* All of our own; nothing for a link type that is not in the table. */
static bool
add_walk(struct program *program, int dlt, bool with_flows)
{
	struct builder b = { .program = program, .with_flows = with_flows };
	const struct link *link = links;
	uint32_t from = program->len;

	while (link < links + COUNT_OF(links) && link->dlt != dlt)
		link++;
	if (link == links + COUNT_OF(links))
		return false;
	b.header_len = link->header_len;
	program_add(program, BPF_LDX | BPF_IMM, 0);
	if (link->type_at >= 0)
		program_add(program, BPF_LD | BPF_H | BPF_ABS, (uint32_t)link->type_at);
	else
		program_jump(program, RAW);
	add_types(&b);
	add_llc(&b);
	add_carriers(&b);
	add_pppoe(&b);
	add_mpls(&b);
	add_raw(&b);
	add_ip4(&b);
	add_ip6(&b);
	add_ports(&b);
	program_label(program, DROP);
	program_add(program, BPF_RET | BPF_K, 0);
	program_label(program, PASS);
	program_resolve(program, from);
	return true;
}

static enum capture_status
add_user(struct program *program, pcap_t *pcap, const char *expression, char *err)
{
	struct bpf_program compiled;

	if (expression == NULL || *expression == '\0')
		return CAPTURE_OK;
	if (pcap_compile(pcap, &compiled, expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		snprintf(err, ERR_SIZE, "filter \"%.200s\": %.200s", expression,
		    pcap_geterr(pcap));
		return CAPTURE_BAD_FILTER;
	}
	program_add_compiled(program, &compiled);
	pcap_freecode(&compiled);
	return CAPTURE_OK;
}

enum capture_status
kernel_filter_make(pcap_t *pcap, const struct kernel_request *request, struct program *program,
    struct kernel_filter *out, char *err)
{
	enum capture_status status;
	uint32_t user_len;

	memset(program, 0, sizeof(*program));
	status = add_user(program, pcap, request->expression, err);
	if (status != CAPTURE_OK)
		return status;
	user_len = program->len;
	out->is_open = !add_walk(program, pcap_datalink(pcap), request->with_flows);
	out->has_flows = request->with_flows;
	program_add(program, BPF_RET | BPF_K, ACCEPT);
	if (program->is_wrong && user_len < PROGRAM_MAX) {
		program->is_wrong = false;
		program->len = user_len;
		program_add(program, BPF_RET | BPF_K, ACCEPT);
		out->is_open = true;
	}
	out->instructions = program->len;
	if (program->is_wrong) {
		snprintf(err, ERR_SIZE, "filter \"%.200s\": too long", request->expression);
		return CAPTURE_BAD_FILTER;
	}
	return CAPTURE_OK;
}

enum capture_status
kernel_filter_set(pcap_t *pcap, const struct kernel_request *request, struct kernel_filter *out,
    char *err)
{
	struct program *program = malloc(sizeof(*program));
	struct bpf_program code;
	enum capture_status status;

	if (program == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return CAPTURE_FAILED;
	}
	status = kernel_filter_make(pcap, request, program, out, err);
	code.bf_len = program->len;
	code.bf_insns = program->code;
	if (status == CAPTURE_OK && pcap_setfilter(pcap, &code) != 0) {
		snprintf(err, ERR_SIZE, "cannot set the filter: %.200s", pcap_geterr(pcap));
		status = CAPTURE_FAILED;
	}
	free(program);
	return status;
}

void
kernel_filter_describe(const struct kernel_filter *filter, FILE *out)
{
	size_t i;

	fprintf(out, "  kernel filter of %u instructions, ",
	    (unsigned int)filter->instructions);
	if (filter->is_open) {
		fprintf(out, "ICMP is not told from the rest\n");
		return;
	}
	fprintf(out, "passes behind VLAN, MPLS, PPPoE, LLC:\n  IP protocols");
	for (i = 0; i < COUNT_OF(protocols); i++)
		fprintf(out, " %u", (unsigned int)protocols[i]);
	fprintf(out, "; of IPv6 also");
	for (i = 0; i < COUNT_OF(extensions); i++)
		fprintf(out, " %u", (unsigned int)extensions[i]);
	if (filter->has_flows)
		fprintf(out, "; of flows");
	for (i = 0; filter->has_flows && i < COUNT_OF(flow_protocols); i++)
		fprintf(out, " %u", (unsigned int)flow_protocols[i]);
	fprintf(out, "\n  UDP ports");
	for (i = 0; i < COUNT_OF(ports); i++)
		fprintf(out, " %u", (unsigned int)ports[i]);
	fprintf(out, "; TCP port %u\n", (unsigned int)TCP_PORT_STT);
}
