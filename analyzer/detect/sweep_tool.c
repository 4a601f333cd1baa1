/*
 * Whose probes these are, as far as what they carry tells. Where one echo alone
 * tells too little, that it is one of a sweep does.
 */
#include "analyzer/detect/sweep.h"

#include <string.h>

#include "decoders/sender.h"

#define ALIVE6_LEN 8 /* with a time in it */
#define ALIVE6_ID 0xface
#define ALIVE6_SEQ 0xbabe

static uint16_t
number(const struct icmp_msg *msg, const char *name)
{
	const union value *value = icmp_value(msg, name);

	return value != NULL ? (uint16_t)value->number : UINT16_MAX;
}

/* Nobody but nmap leaves the time out that it asks to be sent back. */
static bool
is_timeless(const struct icmp_msg *msg)
{
	const union value *value = icmp_value(msg, "originate_timestamp");

	return value != NULL && value->number == 0;
}

const char *
sweep_tool_of(const struct sweep_probe_seen *seen)
{
	const struct icmp_msg *msg = seen->msg;
	const struct sender_clues clues = {
		.payload = msg->tail,
		.when_ns = seen->packet->frame->when_ns,
		.id = number(msg, "id"),
		.seq = number(msg, "seq"),
		.code = msg->code,
		.ttl = seen->packet->ip.ttl,
		.mode = SEQ_UNKNOWN,
	};
	const char *tool;

	if (msg->type->role != ICMP_REQUEST || msg->type->tail != ICMP_TAIL_DATA)
		return is_timeless(msg) ? "nmap" : NULL;
	if (msg->tail.claimed == ALIVE6_LEN && clues.id == ALIVE6_ID && clues.seq == ALIVE6_SEQ)
		return "thc_ipv6";
	tool = sender_tool(&clues);
	/* Both send nothing, to each target as number 0; in IPv4 nmap draws its TTL. */
	if (tool == NULL && msg->tail.claimed == 0 && clues.seq == 0 && clues.id != 0)
		return msg->version == 6 ? "nmap" : "hping3";
	return tool;
}

void
sweep_tool_vote(struct sweep_tally *tally, const char *tool)
{
	if (tool == NULL)
		return;
	if (tally->tool_votes == 0)
		tally->tool = tool;
	if (strcmp(tally->tool, tool) == 0)
		tally->tool_votes++;
	else
		tally->tool_votes--;
}

const char *
sweep_tool_name(const struct sweep_tally *tally, bool *is_scanner)
{
	static const char *const scanners[] = { "hping3", "masscan", "nmap", "thc_ipv6", "zmap" };
	size_t i;

	*is_scanner = false;
	if (tally->tool_votes <= tally->targets / 2)
		return NULL;
	for (i = 0; i < sizeof(scanners) / sizeof(scanners[0]); i++)
		if (strcmp(scanners[i], tally->tool) == 0)
			*is_scanner = true;
	return tally->tool;
}
