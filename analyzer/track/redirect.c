/*
 * A host knows its first hop by an address, which is easily forged; who listens
 * sees the stations.
 */
#include "analyzer/track/redirect.h"

#define ALONE_MS 100 /* a datagram before which none came for so long is the one that prompts */
#define SEARCH_NS UINT64_C(1000000) /* between searches of all first hops, for what they cost */

/* Whether datagrams such as the one quoted are all noted among the first hops. */
static bool
is_noted(const struct redirects *redirects, const struct quote *quote)
{
	uint8_t request = quote->ip.version == 6 ? ICMP6_ECHO_REQUEST : ICMP4_ECHO;

	if (quote->ip.protocol == IP_PROTO_ICMP || quote->ip.protocol == IP_PROTO_ICMPV6)
		return quote->transport.has_seq && quote->transport.icmp_type == request;
	return redirects->has_datagrams && quote->present;
}

/*
 * Whether a datagram is the one quoted. Some quote a length or an identification
 * in another octet order, or what is left of it: one of the two has to fit.
 */
static bool
is_quoted(const struct first_hop *hop, const struct ip_header *quoted)
{
	uint16_t swapped = (uint16_t)(hop->id << 8 | hop->id >> 8);

	return hop->length == quoted->length ||
	       (hop->id != 0 && (hop->id == quoted->id || swapped == quoted->id));
}

/* What the host sent last there, held against the redirect. */
static void
judge_prompt(const struct first_hop *hop, const struct quote *quote, uint64_t now_ns,
    struct path_facts *out)
{
	out->delay_ns = (int64_t)first_hop_age_ns(hop, now_ns);
	if (hop->gap_ms >= ALONE_MS && quote->ip.length != 0)
		out->is_quote_sent = is_quoted(hop, &quote->ip);
}

/*
 * Whether the sender is where the host sends what the redirect is about, as it
 * must be (RFC 1122 3.2.2.2, RFC 4861 8.1). A virtual router has two MACs.
 */
static void
judge_sender(const struct redirects *redirects, const struct redirect *redirect, uint64_t now_ns,
    struct path_facts *out)
{
	const struct packet *packet = redirect->packet;
	const struct first_hops *hops = &redirects->first_hops;
	const struct first_hop *hop = first_hops_find(hops, redirect->host, redirect->destination,
	    &packet->destination_mac);

	if (hop != NULL) {
		out->first_hop = hop->mac;
		if (is_noted(redirects, &redirect->msg->quote))
			judge_prompt(hop, &redirect->msg->quote, now_ns, out);
	}
	if (mac_virtual_kind(&packet->source_mac) != NULL ||
	    (hop != NULL && mac_virtual_kind(&hop->mac) != NULL))
		return;
	if (first_hops_find(hops, redirect->host, redirect->destination, &packet->source_mac) != NULL)
		out->is_from_first_hop = 1; /* it passes on what the host sends */
	else if (hop != NULL)
		out->is_from_first_hop = mac_equal(&hop->mac, &packet->source_mac);
}

/* The station that sends from an address, if it is one. */
static void
name_station(const struct first_hops *hops, const struct addr *address, struct mac *out)
{
	const struct mac none = { { 0 } };
	struct first_hop_host host = first_hops_host(hops, address, &none);

	if (host.is_known && host.is_one)
		*out = host.owner;
}

/* What else frames tell of those that a redirect names; at most so often. */
static void
search_stations(struct redirects *redirects, const struct redirect *redirect, uint64_t now_ns,
    struct path_facts *out)
{
	const struct first_hops *hops = &redirects->first_hops;
	const struct mac *sender = &redirect->packet->source_mac;
	struct first_hop_host host;

	if (now_ns - redirects->searched_ns < SEARCH_NS)
		return;
	redirects->searched_ns = now_ns;
	name_station(hops, &out->reporter, &out->reporter_mac);
	name_station(hops, &out->gateway, &out->gateway_mac);
	if (out->is_from_first_hop != EVENT_UNKNOWN || mac_virtual_kind(sender) != NULL ||
	    mac_virtual_kind(&out->first_hop) != NULL)
		return;
	host = first_hops_host(hops, redirect->host, sender);
	if (host.is_known && !host.uses_station)
		out->is_from_first_hop = 0;
}

void
redirects_judge(struct redirects *redirects, const struct redirect *redirect, uint64_t now_ns,
    struct path_facts *out)
{
	const struct packet *packet = redirect->packet;

	if (!packet->has_source_mac || !packet->has_destination_mac || packet->outer_count != 0)
		return;
	judge_sender(redirects, redirect, now_ns, out);
	search_stations(redirects, redirect, now_ns, out);
}
