/*
 * The event table: one row for each thing that can be said, and the facts of
 * each by offset. Adding a fact is a line here and a member in its struct.
 */
#include "analyzer/core/event.h"

#include <stddef.h>

/* clang-format off */
#define EXCHANGE(member) offsetof(struct exchange_facts, member)

#define SIDE(at, member) ((at) + offsetof(struct exchange_side, member))

#define EXCHANGE_SIDE(key, at, whose) \
	{ (key), FACT_GROUP, 0, (whose) }, \
	{ "ip", FACT_ADDR, SIDE(at, address), "who sent it, when not who was asked" }, \
	{ "type", FACT_NUMBER, SIDE(at, type), "ICMP type" }, \
	{ "code", FACT_NUMBER, SIDE(at, code), "ICMP code" }, \
	{ "frame", FACT_NUMBER, SIDE(at, frame), "number of the frame in its file" }, \
	{ "ttl", FACT_NUMBER, SIDE(at, ttl), "TTL or hop limit on arrival here" }, \
	{ "payload_bytes", FACT_NUMBER, SIDE(at, payload_bytes), "octets of data" }, \
	{ (key), FACT_GROUP_END, 0, NULL }

#define REPORTED(at, member) ((at) + offsetof(struct reporter_facts, member))

#define REPORTER(at, meaning) \
	{ "reporter", FACT_GROUP, 0, (meaning) }, \
	{ "ip", FACT_ADDR, REPORTED(at, address), "who sent it" }, \
	{ "type", FACT_NUMBER, REPORTED(at, type), "ICMP type" }, \
	{ "code", FACT_NUMBER, REPORTED(at, code), "ICMP code" }, \
	{ "name", FACT_TEXT, REPORTED(at, name), "of the type" }, \
	{ "code_name", FACT_TEXT, REPORTED(at, code_name), "of the code" }, \
	{ "frame", FACT_NUMBER, REPORTED(at, frame), "number of the frame in its file" }, \
	{ "reporter", FACT_GROUP_END, 0, NULL }

#define MICROSECONDS(key, at, meaning) \
	{ (key), FACT_GROUP, 0, (meaning) }, \
	{ "us", FACT_MICROSECONDS, (at), "in microseconds" }, \
	{ (key), FACT_GROUP_END, 0, NULL }

static const struct fact exchange_rows[] = {
	{ "version", FACT_NUMBER, EXCHANGE(version), "of ICMP: 4 or 6" },
	{ "family", FACT_TEXT, EXCHANGE(family), "what was asked: echo, timestamp, ..." },
	{ "status", FACT_TEXT, EXCHANGE(status), "what became of the request" },
	{ "id", FACT_NUMBER, EXCHANGE(id), "identifier" },
	{ "seq", FACT_NUMBER, EXCHANGE(seq), "sequence number" },
	MICROSECONDS("rtt", EXCHANGE(rtt_ns), "round-trip time"),
	EXCHANGE_SIDE("request", EXCHANGE(request), "the request, when it was seen"),
	EXCHANGE_SIDE("response", EXCHANGE(response), "the response, when there was one"),
	{ "payload_match", FACT_TEXT, EXCHANGE(payload_match),
	    "the response's data against the request's: same, truncated, different" },
	{ "reordered", FACT_FLAG, EXCHANGE(reordered), "a later request was answered before" },
	{ "duplicates", FACT_NUMBER, EXCHANGE(duplicates), "which duplicate this is, from 1" },
	{ "repliers", FACT_NUMBER, EXCHANGE(repliers),
	    "how many have answered this request to a group so far" },
	{ "clock_offset", FACT_GROUP, 0, "how far the responder's clock is ahead, by timestamps" },
	{ "us", FACT_MICROSECONDS, EXCHANGE(clock_offset.requester_ns),
	    "of the requester's clock, in microseconds" },
	{ "capture_us", FACT_MICROSECONDS, EXCHANGE(clock_offset.capture_ns),
	    "of the capture's clock, in microseconds" },
	{ "form", FACT_TEXT, EXCHANGE(clock_offset.form),
	    "of the responder's timestamps: standard, byte_swapped, nonstandard" },
	{ "clock_offset", FACT_GROUP_END, 0, NULL },
	{ "probe", FACT_GROUP, 0, "what an extended echo found out of an interface" },
	{ "interface", FACT_GROUP, 0, "the interface that it asks about, by one of these" },
	{ "name", FACT_TEXT, EXCHANGE(probe.interface.name), "its name" },
	{ "index", FACT_NUMBER, EXCHANGE(probe.interface.index), "its ifIndex" },
	{ "ip", FACT_ADDR, EXCHANGE(probe.interface.address), "an address of it" },
	{ "mac", FACT_MAC, EXCHANGE(probe.interface.mac), "its MAC address" },
	{ "interface", FACT_GROUP_END, 0, NULL },
	{ "state", FACT_TEXT, EXCHANGE(probe.state), "of its neighbor entry" },
	{ "active", FACT_FLAG, EXCHANGE(probe.active), "whether it is active" },
	{ "ipv4", FACT_FLAG, EXCHANGE(probe.ipv4), "whether IPv4 runs on it" },
	{ "ipv6", FACT_FLAG, EXCHANGE(probe.ipv6), "whether IPv6 runs on it" },
	{ "probe", FACT_GROUP_END, 0, NULL },
	{ "sender", FACT_GROUP, 0, "who sends the requests, by all that were seen so far" },
	{ "tool", FACT_TEXT, EXCHANGE(sender.tool), "the program whose requests look like these" },
	{ "seq_mode", FACT_TEXT, EXCHANGE(sender.seq_mode),
	    "how it numbers them: be_inc, le_inc, shared_counter, ..." },
	{ "sender", FACT_GROUP_END, 0, NULL },
	REPORTER(EXCHANGE(reporter), "the error that quoted the request"),
	{ 0 }
};

static const struct fact error_rows[] = {
	{ "flow_errors", FACT_NUMBER, offsetof(struct error_facts, flow_errors),
	    "errors about the quoted flow so far, this one included" },
	{ 0 }
};

#define HOP(member) offsetof(struct path_hop, member)
#define LABEL(member) offsetof(struct path_label, member)
#define TRACEROUTE(member) offsetof(struct traceroute_facts, member)
#define PATH(member) offsetof(struct path_facts, member)

static const struct fact traceroute_rows[] = {
	{ "version", FACT_NUMBER, TRACEROUTE(version), "of IP: 4 or 6" },
	{ "probe", FACT_GROUP, 0, "the probes" },
	{ "transport", FACT_TEXT, TRACEROUTE(transport), "udp, tcp, icmp, ..." },
	{ "method", FACT_TEXT, TRACEROUTE(method),
	    "whose probes they look like: classic, paris, mda, mtr, tracert, tcptraceroute, tracepath" },
	{ "port", FACT_NUMBER, TRACEROUTE(port), "probed, when it is one" },
	{ "probe", FACT_GROUP_END, 0, NULL },
	{ "reached", FACT_FLAG, TRACEROUTE(is_reached), "the destination answered" },
	{ "ongoing", FACT_FLAG, TRACEROUTE(is_ongoing), "more probes are expected" },
	{ "inferred", FACT_FLAG, TRACEROUTE(is_inferred),
	    "the probes were not seen: TTLs are concluded from the order of the answers" },
	{ "sent", FACT_NUMBER, TRACEROUTE(sent), "probes seen" },
	{ "received", FACT_NUMBER, TRACEROUTE(received), "of them answered" },
	{ "hops", FACT_LIST, TRACEROUTE(hops), "by TTL, silent ones too" },
	{ "ttl", FACT_NUMBER, HOP(ttl), "TTL or hop limit of its probes" },
	{ "ip", FACT_ADDR, HOP(address), "of the router" },
	{ "ips", FACT_LIST, HOP(addresses), "of the routers, when there are several" },
	{ "", FACT_ADDR, 0, NULL },
	{ "ips", FACT_LIST_END, 0, NULL },
	{ "sent", FACT_NUMBER, HOP(sent), "probes with this TTL" },
	{ "received", FACT_NUMBER, HOP(received), "of them answered" },
	{ "loss", FACT_SHARE, HOP(loss), "of them not answered, as a share" },
	{ "rtt", FACT_GROUP, 0, "round-trip time" },
	{ "us", FACT_MICROSECONDS, HOP(avg_ns), "on average" },
	{ "min_us", FACT_MICROSECONDS, HOP(best_ns), "at least" },
	{ "max_us", FACT_MICROSECONDS, HOP(worst_ns), "at most" },
	{ "last_us", FACT_MICROSECONDS, HOP(last_ns), "of the latest" },
	{ "segment_us", FACT_MICROSECONDS, HOP(segment_ns),
	    "least RTT beyond that of the hop before, when it is more" },
	{ "rtt", FACT_GROUP_END, 0, NULL },
	{ "mpls", FACT_LIST, HOP(labels), "label stack that the probe came with (RFC 4950)" },
	{ "label", FACT_NUMBER, LABEL(label), "label" },
	{ "tc", FACT_NUMBER, LABEL(tc), "traffic class" },
	{ "s", FACT_NUMBER, LABEL(s), "bottom of the stack" },
	{ "ttl", FACT_NUMBER, LABEL(ttl), "TTL of the label" },
	{ "mpls", FACT_LIST_END, 0, NULL },
	{ "interface", FACT_GROUP, 0, "that the probe came in by (RFC 5837)" },
	{ "ip", FACT_ADDR, HOP(interface_address), "its address" },
	{ "index", FACT_NUMBER, HOP(interface_index), "its ifIndex" },
	{ "interface", FACT_GROUP_END, 0, NULL },
	{ "error", FACT_TEXT, HOP(error), "what else the hop said than that the TTL ran out" },
	{ "inferred", FACT_FLAG, HOP(is_inferred), "the TTL is concluded, not seen" },
	{ "rate_limited", FACT_FLAG, HOP(is_rate_limited),
	    "the hop limits its answers: its loss is no loss of the path" },
	{ "changed", FACT_FLAG, HOP(has_changed), "one router took over from another on the way" },
	{ "hops", FACT_LIST_END, 0, NULL },
	{ 0 }
};

static const struct fact path_rows[] = {
	{ "version", FACT_NUMBER, PATH(version), "of IP: 4 or 6" },
	{ "reporter", FACT_GROUP, 0, "who said so" },
	{ "ip", FACT_ADDR, PATH(reporter), "its address" },
	{ "mac", FACT_MAC, PATH(reporter_mac),
	    "of a redirect: the station that otherwise sends from that address" },
	{ "reporter", FACT_GROUP_END, 0, NULL },
	{ "mtu", FACT_NUMBER, PATH(mtu), "path MTU in octets" },
	{ "previous_mtu", FACT_NUMBER, PATH(previous_mtu), "what it was before" },
	{ "estimated", FACT_FLAG, PATH(is_estimated),
	    "the router named no MTU: the plateau of RFC 1191 7 below the datagram's length" },
	{ "ttl", FACT_NUMBER, PATH(ttl), "of the hop" },
	{ "router", FACT_GROUP, 0, "the hop" },
	{ "ip", FACT_ADDR, PATH(router), "its address" },
	{ "previous_ip", FACT_ADDR, PATH(previous_router), "who was there before" },
	{ "router", FACT_GROUP_END, 0, NULL },
	{ "gateway", FACT_ADDR, PATH(gateway), "the better first hop" },
	{ "gateway_mac", FACT_MAC, PATH(gateway_mac), "the station that sends from that address" },
	{ "first_hop", FACT_GROUP, 0, "to which the host sends what goes there" },
	{ "mac", FACT_MAC, PATH(first_hop), "its station" },
	{ "delay_us", FACT_MICROSECONDS, PATH(delay_ns),
	    "between the latest such datagram and the redirect, to a millisecond" },
	{ "is_quoted", FACT_FLAG, PATH(is_quote_sent),
	    "whether that datagram, which none came close before, is the one that is quoted" },
	{ "is_reporter", FACT_FLAG, PATH(is_from_first_hop),
	    "whether the redirect comes from there, or from where the host sends others" },
	{ "first_hop", FACT_GROUP_END, 0, NULL },
	{ "routers", FACT_LIST, PATH(routers), "those of the loop that are known" },
	{ "", FACT_ADDR, 0, NULL },
	{ "routers", FACT_LIST_END, 0, NULL },
	{ "sent", FACT_NUMBER, PATH(sent), "probes to the hop" },
	{ "loss", FACT_SHARE, PATH(loss), "of them not answered, as a share" },
	{ "path_loss", FACT_SHARE, PATH(path_loss), "the same of the hops behind it, at least" },
	{ "evidence", FACT_TEXT, PATH(evidence), "what it is concluded from" },
	{ "count", FACT_NUMBER, PATH(count), "how often the evidence was seen" },
	{ "bytes", FACT_NUMBER, PATH(bytes), "length of a datagram that does not get through" },
	{ 0 }
};

#define ALERT(member) offsetof(struct alert_facts, member)
#define REASON(member) offsetof(struct alert_reason, member)

const struct fact alert_rows[] = {
	{ "alert", FACT_GROUP, 0, "the incident" },
	{ "id", FACT_TEXT, ALERT(id), "of the incident, the same in all its alerts" },
	{ "severity", FACT_TEXT, ALERT(severity_name), "low, medium, high or critical" },
	{ "confidence", FACT_TEXT, ALERT(confidence),
	    "low, medium or high: by how many independent kinds of evidence" },
	{ "reasons", FACT_LIST, ALERT(reasons), "what speaks for it" },
	{ "name", FACT_TEXT, REASON(name), "of the reason" },
	{ "weight", FACT_NUMBER, REASON(weight), "what it adds to the risk score" },
	{ "evidence", FACT_TEXT, REASON(evidence), "what was seen, in numbers" },
	{ "reasons", FACT_LIST_END, 0, NULL },
	{ "tool", FACT_TEXT, ALERT(tool), "the tool that it looks like" },
	{ "threshold", FACT_GROUP, 0, "what was exceeded" },
	{ "name", FACT_TEXT, ALERT(threshold.name), "of the setting" },
	{ "value", FACT_NUMBER, ALERT(threshold.value), "of the setting" },
	{ "threshold", FACT_GROUP_END, 0, NULL },
	{ "counts", FACT_GROUP, 0, "of the incident so far" },
	{ "packets", FACT_NUMBER, ALERT(counts.packets), "packets" },
	{ "bytes", FACT_NUMBER, ALERT(counts.bytes), "octets of ICMP" },
	{ "targets", FACT_NUMBER, ALERT(counts.targets), "different targets" },
	{ "sources", FACT_NUMBER, ALERT(counts.sources), "different sources" },
	{ "answered", FACT_NUMBER, ALERT(counts.answered), "targets or requests that answered" },
	{ "unanswered", FACT_NUMBER, ALERT(counts.unanswered), "those that did not" },
	{ "counts", FACT_GROUP_END, 0, NULL },
	{ "reopened", FACT_NUMBER, ALERT(reopened), "times it came back after it was closed" },
	{ "alert", FACT_GROUP_END, 0, NULL },
	{ 0 }
};

#define SUPPRESSED(member) offsetof(struct suppressed_facts, member)
#define ITEM(member) offsetof(struct suppressed_facts_item, member)

const struct fact suppressed_rows[] = {
	{ "suppressed", FACT_GROUP, 0, "incidents that were not opened" },
	{ "subjects", FACT_NUMBER, SUPPRESSED(subjects), "about how many they would be" },
	{ "findings", FACT_NUMBER, SUPPRESSED(findings), "what was found on them, each time counted" },
	{ "rules", FACT_LIST, SUPPRESSED(rules), "by whom" },
	{ "name", FACT_TEXT, ITEM(rule), "of the detector" },
	{ "findings", FACT_NUMBER, ITEM(findings), "findings" },
	{ "rules", FACT_LIST_END, 0, NULL },
	{ "worst", FACT_LIST, SUPPRESSED(worst), "those with the most findings, about" },
	{ "rule", FACT_TEXT, ITEM(rule), "of the detector" },
	{ "actor", FACT_ADDR, ITEM(actor), "who did it, where there is one" },
	{ "victim", FACT_ADDR, ITEM(victim), "to whom, where there is one" },
	{ "findings", FACT_NUMBER, ITEM(findings), "findings" },
	{ "worst", FACT_LIST_END, 0, NULL },
	{ "suppressed", FACT_GROUP_END, 0, NULL },
	{ 0 }
};

#define NEIGHBOR(member) offsetof(struct neighbor_facts, member)
#define ROUTER(member) offsetof(struct router_facts, member)
#define PREFIX(member) offsetof(struct prefix_facts, member)
#define CHANGE(member) offsetof(struct change_facts, member)

#define VLAN_FACT(at) { "vlan", FACT_NUMBER, (at), "the innermost VLAN that it is on" }

const struct fact neighbor_rows[] = {
	{ "address", FACT_ADDR, NEIGHBOR(address), "the address" },
	{ "mac", FACT_MAC, NEIGHBOR(mac), "that it belongs to now; of a duplicate, who has it" },
	{ "mac_kind", FACT_TEXT, NEIGHBOR(mac_kind),
	    "vrrp, hsrp or glbp for the MAC of a virtual router" },
	{ "old_mac", FACT_MAC, NEIGHBOR(old_mac), "that it belonged to before" },
	{ "old_mac_kind", FACT_TEXT, NEIGHBOR(old_mac_kind), "the same of the old MAC" },
	MICROSECONDS("old_age", NEIGHBOR(old_age_ns), "since it was last claimed for the old MAC"),
	{ "old_router", FACT_FLAG, NEIGHBOR(old_router), "it was known as a router's" },
	{ "prober_mac", FACT_MAC, NEIGHBOR(prober_mac), "who wanted the address" },
	VLAN_FACT(NEIGHBOR(vlan)),
	{ "claim", FACT_TEXT, NEIGHBOR(claim), "the message, or the lack of one, that says so" },
	{ "router", FACT_FLAG, NEIGHBOR(router), "it says to be a router" },
	{ "override", FACT_FLAG, NEIGHBOR(override), "the advertisement's override flag" },
	{ "solicited", FACT_FLAG, NEIGHBOR(solicited), "the advertisement's solicited flag" },
	{ "change_count", FACT_NUMBER, NEIGHBOR(change_count), "how often it changed so far" },
	{ "cause", FACT_TEXT, NEIGHBOR(cause),
	    "failover of a virtual router, or contested: it went back to the MAC it had" },
	{ "first", FACT_TIME, NEIGHBOR(first_ns), "first claimed" },
	{ "last", FACT_TIME, NEIGHBOR(last_ns), "last claimed" },
	{ 0 }
};

const struct fact router_rows[] = {
	{ "address", FACT_ADDR, ROUTER(address), "the router's" },
	{ "mac", FACT_MAC, ROUTER(mac), "that it gives, or sends from" },
	{ "mac_kind", FACT_TEXT, ROUTER(mac_kind),
	    "vrrp, hsrp or glbp for the MAC of a virtual router" },
	VLAN_FACT(ROUTER(vlan)),
	{ "status", FACT_TEXT, ROUTER(status), "present or gone" },
	{ "cause", FACT_TEXT, ROUTER(cause),
	    "of being gone: lifetime_zero, expired; of being new: returned" },
	{ "router_lifetime", FACT_NUMBER, ROUTER(router_lifetime),
	    "seconds that it may be used for; 0: not as a default router" },
	{ "preference", FACT_TEXT, ROUTER(preference), "low, medium or high" },
	{ "preference_level", FACT_NUMBER, ROUTER(preference_level),
	    "of an IPv4 router, the highest wins" },
	{ "cur_hop_limit", FACT_NUMBER, ROUTER(cur_hop_limit), "that hosts are to send with" },
	{ "managed", FACT_FLAG, ROUTER(managed), "addresses by DHCPv6" },
	{ "other_config", FACT_FLAG, ROUTER(other_config), "other settings by DHCPv6" },
	{ "reachable_time", FACT_NUMBER, ROUTER(reachable_time), "milliseconds" },
	{ "retrans_timer", FACT_NUMBER, ROUTER(retrans_timer), "milliseconds" },
	{ "mtu", FACT_NUMBER, ROUTER(mtu), "of the link" },
	{ "prefixes", FACT_LIST, ROUTER(prefixes), "that it advertises" },
	{ "prefix", FACT_ADDR, PREFIX(prefix), "the prefix" },
	{ "prefix_length", FACT_NUMBER, PREFIX(length), "bits" },
	{ "on_link", FACT_FLAG, PREFIX(on_link), "its addresses are on the link" },
	{ "autonomous", FACT_FLAG, PREFIX(autonomous), "hosts make addresses of it" },
	{ "valid_lifetime", FACT_NUMBER, PREFIX(valid_lifetime), "seconds" },
	{ "preferred_lifetime", FACT_NUMBER, PREFIX(preferred_lifetime), "seconds" },
	{ "prefixes", FACT_LIST_END, 0, NULL },
	{ "rdnss", FACT_LIST, ROUTER(servers), "DNS servers that it advertises" },
	{ "address", FACT_ADDR, offsetof(struct server_facts, address), "the server's" },
	{ "lifetime", FACT_NUMBER, offsetof(struct server_facts, lifetime), "seconds" },
	{ "rdnss", FACT_LIST_END, 0, NULL },
	{ "dnssl", FACT_TEXT, ROUTER(domains), "domains to search names in" },
	{ "pref64", FACT_TEXT, ROUTER(nat64), "prefix of NAT64" },
	{ "changes", FACT_LIST, ROUTER(changes), "what is different now" },
	{ "field", FACT_TEXT, CHANGE(field), "what" },
	{ "old", FACT_TEXT, CHANGE(old), "as it was; absent when it was not there" },
	{ "new", FACT_TEXT, CHANGE(new), "as it is; absent when it is not there any more" },
	{ "changes", FACT_LIST_END, 0, NULL },
	{ "first", FACT_TIME, ROUTER(first_ns), "first advertised" },
	{ "last", FACT_TIME, ROUTER(last_ns), "last advertised" },
	{ 0 }
};

#define TARGET(member) offsetof(struct availability_facts, member)
#define OUTAGE(member) offsetof(struct outage_facts, member)

#define SOURCE(at) \
	{ "source", FACT_GROUP, 0, "who asks" }, \
	{ "ip", FACT_ADDR, (at), "its address" }, \
	{ "source", FACT_GROUP_END, 0, NULL }

const struct fact availability_rows[] = {
	SOURCE(TARGET(source)),
	{ "target", FACT_ADDR, TARGET(target), "what is polled" },
	{ "status", FACT_TEXT, TARGET(status), "up or down" },
	{ "cause", FACT_TEXT, TARGET(cause), "why it is held to be down: no_answer, unreachable" },
	MICROSECONDS("period", TARGET(period_ns), "time between rounds of requests, learned"),
	{ "rounds", FACT_NUMBER, TARGET(rounds), "without any answer, in a row" },
	{ "loss", FACT_SHARE, TARGET(loss_ppm), "of all rounds so far, those without any answer" },
	MICROSECONDS("down", TARGET(down_ns),
	    "from the first request without an answer to the first answer"),
	{ "up", FACT_SHARE, TARGET(up_ppm), "of the time it was watched" },
	{ "first", FACT_TIME, TARGET(first_ns), "watched from" },
	{ "last", FACT_TIME, TARGET(last_ns), "watched to" },
	{ "outage_count", FACT_NUMBER, TARGET(outage_count), "how often it was down" },
	{ "outages", FACT_LIST, TARGET(outages), "when it was down" },
	{ "start", FACT_TIME, OUTAGE(start_ns), "the first request without an answer" },
	{ "end", FACT_TIME, OUTAGE(end_ns), "the first answer after it, when it was seen" },
	MICROSECONDS("down", OUTAGE(down_ns), "how long, as far as it was watched"),
	{ "cause", FACT_TEXT, OUTAGE(cause), "no_answer, unreachable" },
	{ "outages", FACT_LIST_END, 0, NULL },
	REPORTER(TARGET(reporter), "the error that says that it is unreachable"),
	{ 0 }
};

static const struct fact no_rows[] = { { 0 } };

#define STATUS_ROW(family, status, action, outcome, meaning) \
	[EVENT_OF_EXCHANGE(FAMILY_##family, EXCHANGE_##status)] = { DATASET_EXCHANGE, action, \
	    outcome, "connection", exchange_rows, meaning },

#define FAMILY_ROWS(family, name) \
	STATUS_ROW(family, ANSWERED, name "_answered", "success", \
	    "a request was answered in time") \
	STATUS_ROW(family, LATE, name "_late", "success", \
	    "the answer came after the wait for it had ended") \
	STATUS_ROW(family, LOST, name "_lost", "failure", \
	    "the wait ended without an answer") \
	STATUS_ROW(family, UNANSWERED, name "_unanswered", "unknown", \
	    "the wait ended without an answer, as it may: nobody was concerned") \
	STATUS_ROW(family, UNREACHABLE, name "_unreachable", "failure", \
	    "an error quoted the request") \
	STATUS_ROW(family, UNSOLICITED, name "_unsolicited", "unknown", \
	    "a reply to no request that was seen") \
	STATUS_ROW(family, DUPLICATE, name "_duplicate", "success", \
	    "a further reply to a request already answered") \
	STATUS_ROW(family, OPEN, name "_open", "unknown", \
	    "the capture ended while the request waited")

#define ALERT_ROW(action, ecs_type, meaning) \
	{ DATASET_ALERT, action, NULL, ecs_type, alert_rows, meaning }

static const struct event_type types[EVENTS] = {
	[EVENT_MESSAGE] = { DATASET_MESSAGE, "message_seen", NULL, NULL, no_rows,
	    "a message was decoded" },
	EXCHANGE_FAMILIES(FAMILY_ROWS)
	[EVENT_ERROR] = { DATASET_ERROR, "error_seen", NULL, "info", error_rows,
	    "an error message, and the flow it speaks of" },
	[EVENT_TRACEROUTE] = { DATASET_PATH, "traceroute", NULL, "info", traceroute_rows,
	    "a traceroute that somebody ran, put together from its probes and their answers" },
	[EVENT_PATH_CHANGED] = { DATASET_PATH, "path_changed", NULL, "change", path_rows,
	    "another router answers at a hop than before" },
	[EVENT_ROUTING_LOOP] = { DATASET_PATH, "routing_loop", NULL, "info", path_rows,
	    "datagrams go round in circles until their TTL runs out" },
	[EVENT_RATE_LIMITED] = { DATASET_PATH, "rate_limited", NULL, "info", path_rows,
	    "a hop limits its answers: its loss is no loss of the path" },
	[EVENT_PMTU_CHANGED] = { DATASET_PATH, "pmtu_changed", NULL, "change", path_rows,
	    "a router told the path MTU to a destination" },
	[EVENT_PMTU_BLACKHOLE] = { DATASET_PATH, "pmtu_blackhole", NULL, "info", path_rows,
	    "large datagrams vanish: suspected, from what the sender does" },
	[EVENT_REDIRECTED] = { DATASET_PATH, "redirected", NULL, "change", path_rows,
	    "a router told a host of a better first hop" },
	[EVENT_ALERT_OPENED] = ALERT_ROW("alert_opened", "start", "an incident began"),
	[EVENT_ALERT_UPDATED] = ALERT_ROW("alert_updated", "change", "an incident grew worse"),
	[EVENT_ALERT_CLOSED] = ALERT_ROW("alert_closed", "end",
	    "nothing new for a while: an incident's totals"),
	[EVENT_ALERTS_SUPPRESSED] = { DATASET_ALERT, "alerts_suppressed", NULL, "info",
	    suppressed_rows, "more incidents at once than are opened: how many, and of what" },
	[EVENT_BINDING_NEW] = { DATASET_NEIGHBOR, "binding_new", NULL, "info", neighbor_rows,
	    "an address was seen with its MAC for the first time" },
	[EVENT_BINDING_CHANGED] = { DATASET_NEIGHBOR, "binding_changed", NULL, "change",
	    neighbor_rows, "an address belongs to another MAC" },
	[EVENT_DUPLICATE_ADDRESS] = { DATASET_NEIGHBOR, "duplicate_address", "failure", "info",
	    neighbor_rows, "a host wanted an address that another has, or wants too" },
	[EVENT_ROUTER_NEW] = { DATASET_NEIGHBOR, "router_new", NULL, "info", router_rows,
	    "a router advertises itself for the first time, or again" },
	[EVENT_ROUTER_CHANGED] = { DATASET_NEIGHBOR, "router_changed", NULL, "change", router_rows,
	    "a router advertises something else" },
	[EVENT_ROUTER_GONE] = { DATASET_NEIGHBOR, "router_gone", NULL, "change", router_rows,
	    "a router takes itself back, or its lifetime is over" },
	[EVENT_DOWN] = { DATASET_AVAILABILITY, "down", "failure", "change", availability_rows,
	    "a polled target no longer answers" },
	[EVENT_UP] = { DATASET_AVAILABILITY, "up", "success", "change", availability_rows,
	    "a target that was down answers again" },
	[EVENT_STATS] = { DATASET_STATS, "stats_reported", NULL, "info", no_rows,
	    "the sensor's own health" },
	[EVENT_SUMMARY] = { DATASET_SUMMARY, "summary_reported", NULL, "info", no_rows,
	    "what the report holds" },
};

#define FAMILY_NAME(family, name) [FAMILY_##family] = (name),
static const char *const family_names[EXCHANGE_FAMILY_COUNT] = {
	EXCHANGE_FAMILIES(FAMILY_NAME)
};

static const char *const status_names[EXCHANGE_STATUS_COUNT] = {
	[EXCHANGE_ANSWERED] = "answered",
	[EXCHANGE_LATE] = "late",
	[EXCHANGE_LOST] = "lost",
	[EXCHANGE_UNANSWERED] = "unanswered",
	[EXCHANGE_UNREACHABLE] = "unreachable",
	[EXCHANGE_UNSOLICITED] = "unsolicited",
	[EXCHANGE_DUPLICATE] = "duplicate",
	[EXCHANGE_OPEN] = "open",
};

static const char *const dataset_names[DATASETS] = {
	[DATASET_MESSAGE] = "message",
	[DATASET_EXCHANGE] = "exchange",
	[DATASET_ERROR] = "error",
	[DATASET_PATH] = "path",
	[DATASET_NEIGHBOR] = "neighbor",
	[DATASET_AVAILABILITY] = "availability",
	[DATASET_ALERT] = "alert",
	[DATASET_STATS] = "stats",
	[DATASET_SUMMARY] = "summary",
};
/* clang-format on */

const struct event_type *
event_type(enum event_id id)
{
	return &types[id];
}

const char *
dataset_name(enum dataset dataset)
{
	return dataset_names[dataset];
}

const char *
exchange_family_name(enum exchange_family family)
{
	return family_names[family];
}

const char *
exchange_status_name(enum exchange_status status)
{
	return status_names[status];
}
