/*
 * The table of settings, and how a value is read and written. The settings
 * file's syntax is in settings_yaml.c.
 */
#include "analyzer/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/report.h"
#include "analyzer/log.h"
#include "analyzer/nearest.h"

#define NS_SECOND UINT64_C(1000000000)
#define NS_HOUR (3600 * NS_SECOND)
#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

#define AT(member) offsetof(struct settings, member)
#define TABLE_MAX SETTINGS_TABLE_MAX

/* The switch of a detector. */
#define ENABLED(detector) \
	{ "detect." #detector ".enabled", SETTINGS_SWITCH, SWITCH_ON, SWITCH_ON, SWITCH_OFF, \
	  AT(detect_##detector.enabled), "off: it does not look, whatever detect.enabled says" }

/* clang-format off */
static const struct settings_row rows[] = {
	{ "observer.name", SETTINGS_TEXT, 0, 0, 0, AT(observer_name),
	  "the sensor's name in every event; live captures use the host's when empty" },
	{ "exchange.timeout", SETTINGS_DURATION, 10 * NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(exchange_timeout_ns), "wait for a reply before its request counts as lost" },
	{ "exchange.late", SETTINGS_DURATION, 60 * NS_SECOND, 0, 24 * NS_HOUR,
	  AT(exchange_late_ns),
	  "how long a lost request is remembered, so that its reply counts as late" },
	{ "exchange.requests", SETTINGS_COUNT, 262144, 16, TABLE_MAX,
	  AT(exchange_requests), "requests remembered at once" },
	{ "exchange.sessions", SETTINGS_COUNT, 131072, 16, TABLE_MAX,
	  AT(exchange_sessions), "sessions (requester, responder, id) remembered at once" },
	{ "exchange.repliers", SETTINGS_COUNT, 16384, 16, TABLE_MAX,
	  AT(exchange_repliers), "who answered which request to a group, remembered at once" },
	{ "exchange.probed", SETTINGS_COUNT, 4096, 16, TABLE_MAX,
	  AT(exchange_probed), "interfaces that extended echoes ask about, remembered at once" },
	{ "exchange.orphans", SETTINGS_COUNT, 4096, 16, TABLE_MAX,
	  AT(exchange_orphans),
	  "replies without a request remembered at once, should it come later in the file" },
	{ "exchange.minutes", SETTINGS_COUNT, 16384, 16, TABLE_MAX,
	  AT(exchange_minutes), "minutes of sessions remembered at once, for their series" },
	{ "exchange.minute_chunks", SETTINGS_COUNT, 16384, 0, TABLE_MAX,
	  AT(exchange_minute_chunks), "pieces of round-trip histogram shared by all minutes" },
	{ "exchange.histogram_chunks", SETTINGS_COUNT, 98304, 0, TABLE_MAX,
	  AT(exchange_histogram_chunks), "pieces of round-trip histogram shared by all sessions" },
	{ "reassembly.datagrams", SETTINGS_COUNT, 4096, 1, TABLE_MAX,
	  AT(reassembly_datagrams), "fragmented datagrams under reassembly at once" },
	{ "reassembly.memory", SETTINGS_SIZE, 16 * MIB, 64 * KIB, 4096 * MIB,
	  AT(reassembly_memory_bytes), "memory for their fragments" },
	{ "reassembly.timeout", SETTINGS_DURATION, 120 * NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(reassembly_timeout_ns), "wait for missing fragments of a datagram; in IPv6 60 s at most" },
	{ "errors.reporters", SETTINGS_COUNT, 4096, 1, TABLE_MAX,
	  AT(errors_reporters), "senders of ICMP errors counted apart" },
	{ "errors.flows", SETTINGS_COUNT, 16384, 1, TABLE_MAX,
	  AT(errors_flows), "flows that errors speak of counted apart" },
	{ "path.probe_ttl", SETTINGS_COUNT, 40, 1, 255,
	  AT(path_probe_ttl), "datagrams with at most this TTL may be probes of a traceroute" },
	{ "path.probes", SETTINGS_COUNT, 65536, 16, TABLE_MAX,
	  AT(path_probes), "such datagrams remembered at once" },
	{ "path.traces", SETTINGS_COUNT, 4096, 4, TABLE_MAX,
	  AT(path_traces), "pairs of source and destination that may be tracing, at once" },
	{ "path.hops", SETTINGS_COUNT, 16384, 16, TABLE_MAX,
	  AT(path_hops), "hops remembered at once" },
	{ "path.traceroutes", SETTINGS_COUNT, 256, 1, REPORT_LIST_MAX,
	  AT(path_traceroutes), "finished traceroutes kept for the report" },
	{ "path.notes", SETTINGS_COUNT, 1024, 4, TABLE_MAX,
	  AT(path_notes), "loops, rate limits and changes of paths remembered at once" },
	{ "path.idle", SETTINGS_DURATION, 30 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(path_idle_ns), "silence after which a traceroute is finished" },
	{ "path.interval", SETTINGS_DURATION, 60 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(path_interval_ns), "time between reports of a traceroute that goes on and on" },
	{ "path.repeat", SETTINGS_DURATION, NS_HOUR, 0, 24 * NS_HOUR,
	  AT(path_repeat_ns), "silence after which the same loop, limit or redirect is told again" },
	{ "path.inferred_routers", SETTINGS_COUNT, 3, 2, 255,
	  AT(path_inferred_routers), "routers that make a traceroute of answers alone" },
	{ "path.silent_ttls", SETTINGS_COUNT, 5, 2, 255,
	  AT(path_silent_ttls), "TTLs from 1 up that make a traceroute of probes alone" },
	{ "path.loop_visits", SETTINGS_COUNT, 3, 2, 64,
	  AT(path_loop_visits), "times that a router or capture is passed in a loop" },
	{ "path.change_answers", SETTINGS_COUNT, 5, 1, 1000,
	  AT(path_change_answers), "answers of one router, then of another, that are a change" },
	{ "path.limit_probes", SETTINGS_COUNT, 5, 2, 1000,
	  AT(path_limit_probes), "probes to a hop from which a limit on its answers is told" },
	{ "path.limit_percent", SETTINGS_COUNT, 20, 1, 100,
	  AT(path_limit_percent), "loss at a hop beyond that behind it that is a limit" },
	{ "pmtu.notes", SETTINGS_COUNT, 4096, 4, TABLE_MAX,
	  AT(pmtu_notes), "path MTUs and redirects remembered at once" },
	{ "pmtu.settle", SETTINGS_DURATION, NS_SECOND, 0, NS_HOUR,
	  AT(pmtu_settle_ns), "time a sender has to heed a path MTU" },
	{ "pmtu.age", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(pmtu_age_ns), "time after which a larger path MTU is believed (RFC 8201 4)" },
	{ "pmtu.blackhole_errors", SETTINGS_COUNT, 3, 1, 1000,
	  AT(pmtu_blackhole_errors), "errors about its size that a sender does not heed" },
	{ "pmtu.segments", SETTINGS_COUNT, 4096, 1, TABLE_MAX,
	  AT(pmtu_segments), "TCP connections whose first large segment is watched" },
	{ "pmtu.segment_bytes", SETTINGS_COUNT, 1280, 68, UINT16_MAX,
	  AT(pmtu_segment_bytes), "datagrams longer than this are large" },
	{ "pmtu.resent", SETTINGS_COUNT, 3, 1, 1000,
	  AT(pmtu_resent), "times that a large segment is sent again and does not arrive" },
	{ "pmtu.apart", SETTINGS_DURATION, NS_SECOND / 5, 0, NS_HOUR,
	  AT(pmtu_apart_ns), "least time between them" },
	{ "errors.quote_age", SETTINGS_DURATION, 2 * NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(errors_quote_age_ns), "how long ago the datagram that an error quotes may have been sent" },
	{ "errors.tcp_slack", SETTINGS_SIZE, 64 * KIB, 0, 1024 * MIB,
	  AT(errors_tcp_slack),
	  "how far a quoted TCP sequence number may be from what the flow sent lately" },
	{ "errors.ttl_slack", SETTINGS_COUNT, 3, 0, UINT8_MAX, AT(errors_ttl_slack),
	  "hops by which the distance of an error's sender may change" },
	{ "correlate.flows", SETTINGS_SWITCH, SWITCH_AUTO, SWITCH_AUTO, SWITCH_OFF,
	  AT(correlate_flows),
	  "remember flows of TCP, UDP and others for the errors about them: auto is on for "
	  "files, off for live captures" },
	{ "flows.remembered", SETTINGS_COUNT, 196608, 1, TABLE_MAX,
	  AT(flows_remembered), "flows, senders and tunnels remembered at once, each way apart" },
	{ "flows.idle", SETTINGS_DURATION, 120 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(flows_idle_ns), "a flow not seen for so long is forgotten" },
	{ "detect.enabled", SETTINGS_SWITCH, SWITCH_AUTO, SWITCH_AUTO, SWITCH_OFF,
	  AT(detect_enabled), "whether attacks are looked for; auto is on" },
	{ "detect.incidents", SETTINGS_COUNT, 10000, 16, TABLE_MAX,
	  AT(detect_incidents), "incidents remembered at once" },
	{ "detect.opens", SETTINGS_COUNT, 20, 1, TABLE_MAX,
	  AT(detect_opens), "incidents opened in a second; more are counted, not told" },
	{ "detect.updates", SETTINGS_COUNT, 20, 1, TABLE_MAX,
	  AT(detect_updates), "updates of incidents in a second, besides those of worse severity" },
	{ "detect.reopen", SETTINGS_DURATION, 600 * NS_SECOND, 0, 24 * NS_HOUR,
	  AT(detect_reopen_ns), "an incident that comes back so soon after its end is the same" },
	{ "detect.monitors", SETTINGS_PREFIXES, 0, 0, 0, AT(detect_monitors),
	  "hosts that watch others: what they send is no sweep and no reconnaissance" },
	{ "detect.routers", SETTINGS_PREFIXES, 0, 0, 0, AT(detect_routers),
	  "addresses of the routers; when given, others may not advertise or redirect" },
	{ "detect.home_networks", SETTINGS_PREFIXES, 0, 0, 0, AT(detect_home_networks),
	  "the networks that are yours; when given, who looks at them from outside weighs less" },
	ENABLED(covert_channel),
	{ "detect.covert_channel.pairs", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_covert_channel.pairs), "pairs of hosts watched for data in timestamps" },
	{ "detect.covert_channel.quiet", SETTINGS_DURATION, 900 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_covert_channel.quiet_ns), "without channel the incident is over" },
	{ "detect.covert_channel.requests", SETTINGS_COUNT, 16, 2, TABLE_MAX,
	  AT(detect_covert_channel.requests), "requests with something odd that are a channel" },
	{ "detect.covert_channel.beats", SETTINGS_COUNT, 8, 2, TABLE_MAX,
	  AT(detect_covert_channel.beats),
	  "requests with new data that are a channel when they come by the clock, slowly" },
	ENABLED(icmp_flood),
	{ "detect.icmp_flood.hosts", SETTINGS_COUNT, 4096, 16, TABLE_MAX,
	  AT(detect_icmp_flood.hosts), "hosts and classes of messages watched for floods" },
	{ "detect.icmp_flood.quiet", SETTINGS_DURATION, 30 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(detect_icmp_flood.quiet_ns), "without flood the incident is over" },
	{ "detect.icmp_flood.request_rate", SETTINGS_COUNT, 250, 1, TABLE_MAX,
	  AT(detect_icmp_flood.request_rate), "packets of requests a second to one host" },
	{ "detect.icmp_flood.answer_rate", SETTINGS_COUNT, 250, 1, TABLE_MAX,
	  AT(detect_icmp_flood.answer_rate),
	  "packets of replies and errors a second that a host did not ask for" },
	{ "detect.icmp_flood.neighbor_rate", SETTINGS_COUNT, 500, 1, TABLE_MAX,
	  AT(detect_icmp_flood.neighbor_rate), "neighbor solicitations and advertisements a second to one address" },
	{ "detect.icmp_flood.listener_rate", SETTINGS_COUNT, 250, 1, TABLE_MAX,
	  AT(detect_icmp_flood.listener_rate), "multicast listener messages a second to one address" },
	{ "detect.icmp_flood.other_rate", SETTINGS_COUNT, 100, 1, TABLE_MAX,
	  AT(detect_icmp_flood.other_rate), "messages of other types a second to one host" },
	{ "detect.icmp_flood.octets", SETTINGS_SIZE, UINT64_C(1250000), 1000, 4096 * MIB,
	  AT(detect_icmp_flood.octets), "octets of ICMP a second to one host" },
	{ "detect.icmp_flood.steady_rate", SETTINGS_COUNT, 40, 1, TABLE_MAX,
	  AT(detect_icmp_flood.steady_rate), "messages a second of one sender that are too many when they go on" },
	{ "detect.icmp_flood.steady_seconds", SETTINGS_COUNT, 20, 1, 86400,
	  AT(detect_icmp_flood.steady_seconds), "seconds they may go on at that rate; the faster, the fewer" },
	ENABLED(smurf),
	{ "detect.smurf.victims", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_smurf.victims), "hosts in whose name groups are pinged, watched at once" },
	{ "detect.smurf.quiet", SETTINGS_DURATION, 30 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(detect_smurf.quiet_ns), "without more of it the incident is over" },
	{ "detect.smurf.span", SETTINGS_DURATION, 10 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(detect_smurf.span_ns), "time in which the following are counted" },
	{ "detect.smurf.requests", SETTINGS_COUNT, 100, 2, TABLE_MAX,
	  AT(detect_smurf.requests), "requests to groups in the name of one host" },
	{ "detect.smurf.forged", SETTINGS_COUNT, 10, 1, TABLE_MAX,
	  AT(detect_smurf.forged), "of them from another station than the replies go to" },
	{ "detect.smurf.repliers", SETTINGS_COUNT, 3, 2, TABLE_MAX,
	  AT(detect_smurf.repliers), "hosts that reply" },
	{ "detect.smurf.unasked", SETTINGS_COUNT, 250, 1, TABLE_MAX,
	  AT(detect_smurf.unasked), "replies more than that many hosts send when asked so often" },
	{ "detect.smurf.group_sources", SETTINGS_COUNT, 3, 1, TABLE_MAX,
	  AT(detect_smurf.group_sources), "requests to a host in the name of a group" },
	ENABLED(icmp_tunnel),
	{ "detect.icmp_tunnel.pairs", SETTINGS_COUNT, 8192, 16, TABLE_MAX,
	  AT(detect_icmp_tunnel.pairs), "pairs of hosts whose pings are watched for tunnels" },
	{ "detect.icmp_tunnel.idle", SETTINGS_DURATION, NS_HOUR, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_icmp_tunnel.idle_ns), "a pair that does not ping for so long is forgotten" },
	{ "detect.icmp_tunnel.quiet", SETTINGS_DURATION, 900 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_icmp_tunnel.quiet_ns), "without tunnel the incident is over" },
	{ "detect.icmp_tunnel.score", SETTINGS_COUNT, 50, 1, 100, AT(detect_icmp_tunnel.score),
	  "what the weights of the reasons add up to when it is a tunnel" },
	{ "detect.icmp_tunnel.differing", SETTINGS_COUNT, 3, 1, TABLE_MAX,
	  AT(detect_icmp_tunnel.differing), "replies that do not return their request's data" },
	{ "detect.icmp_tunnel.unasked", SETTINGS_COUNT, 3, 1, TABLE_MAX,
	  AT(detect_icmp_tunnel.unasked), "replies with new data that no request asked for" },
	{ "detect.icmp_tunnel.new_payloads", SETTINGS_COUNT, 4, 2, TABLE_MAX,
	  AT(detect_icmp_tunnel.new_payloads), "payloads unlike those before" },
	{ "detect.icmp_tunnel.plain_payloads", SETTINGS_COUNT, 32, 2, TABLE_MAX,
	  AT(detect_icmp_tunnel.plain_payloads),
	  "payloads unlike those before, if that is all and they are no text" },
	{ "detect.icmp_tunnel.inner", SETTINGS_COUNT, 2, 1, TABLE_MAX,
	  AT(detect_icmp_tunnel.inner), "IP headers in payloads" },
	{ "detect.icmp_tunnel.sizes", SETTINGS_COUNT, 5, 2, 64,
	  AT(detect_icmp_tunnel.sizes), "lengths of such payloads that are many" },
	{ "detect.icmp_tunnel.octets", SETTINGS_SIZE, 64 * KIB, 1000, 4096 * MIB,
	  AT(detect_icmp_tunnel.octets), "octets in such payloads that are many" },
	ENABLED(ping_of_death),
	{ "detect.ping_of_death.pairs", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_ping_of_death.pairs), "senders and targets of pings of death remembered" },
	{ "detect.ping_of_death.quiet", SETTINGS_DURATION, 300 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_ping_of_death.quiet_ns), "without another one the incident is over" },
	ENABLED(fragment_abuse),
	{ "detect.fragment_abuse.hosts", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_fragment_abuse.hosts), "hosts that are sent fragments of ICMP, remembered at once" },
	{ "detect.fragment_abuse.quiet", SETTINGS_DURATION, 300 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_fragment_abuse.quiet_ns), "without more of it the incident is over" },
	{ "detect.fragment_abuse.tiny", SETTINGS_SIZE, 128, 0, 1280,
	  AT(detect_fragment_abuse.tiny), "length of a first fragment below which it is short" },
	{ "detect.fragment_abuse.reuse", SETTINGS_DURATION, NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(detect_fragment_abuse.reuse_ns), "time after which an IPv4 identification may be in use again" },
	{ "detect.fragment_abuse.incomplete", SETTINGS_COUNT, 64, 2, TABLE_MAX,
	  AT(detect_fragment_abuse.incomplete), "datagrams to one host in a minute, most of all, that never become whole" },
	{ "detect.fragment_abuse.repeated", SETTINGS_COUNT, 64, 2, TABLE_MAX,
	  AT(detect_fragment_abuse.repeated), "fragments to one host in a minute, most of all, that came before" },
	ENABLED(redirect_abuse),
	{ "detect.redirect_abuse.senders", SETTINGS_COUNT, 256, 16, TABLE_MAX,
	  AT(detect_redirect_abuse.senders), "senders of redirects watched at once" },
	{ "detect.redirect_abuse.stations", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_redirect_abuse.stations),
	  "stations of which is remembered whether they say that they are routers" },
	{ "detect.redirect_abuse.quiet", SETTINGS_DURATION, NS_HOUR, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_redirect_abuse.quiet_ns), "without another suspicious redirect the incident is over" },
	{ "detect.redirect_abuse.delay", SETTINGS_DURATION, NS_SECOND / 10, NS_SECOND / 1000, NS_HOUR,
	  AT(detect_redirect_abuse.delay_ns),
	  "time in which a router answers a datagram with a redirect" },
	ENABLED(rogue_router),
	{ "detect.rogue_router.routers", SETTINGS_COUNT, 256, 16, TABLE_MAX,
	  AT(detect_rogue_router.routers), "routers that advertise themselves, watched at once" },
	{ "detect.rogue_router.stations", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_rogue_router.stations),
	  "stations of which is remembered whether they say that they are routers" },
	{ "detect.rogue_router.quiet", SETTINGS_DURATION, NS_HOUR, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_rogue_router.quiet_ns), "without another suspicious advertisement the incident is over" },
	{ "detect.rogue_router.learn", SETTINGS_DURATION, NS_HOUR / 2, 0, 24 * NS_HOUR,
	  AT(detect_rogue_router.learn_ns),
	  "time in which every router advertises itself once; who comes later is new" },
	ENABLED(router_flood),
	{ "detect.router_flood.links", SETTINGS_COUNT, 64, 16, TABLE_MAX,
	  AT(detect_router_flood.links), "links watched at once, for each kind of message" },
	{ "detect.router_flood.quiet", SETTINGS_DURATION, 30 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(detect_router_flood.quiet_ns), "without flood the incident is over" },
	{ "detect.router_flood.advertisements", SETTINGS_COUNT, 50, 1, TABLE_MAX,
	  AT(detect_router_flood.advertisements), "router advertisements a second on a link" },
	{ "detect.router_flood.solicitations", SETTINGS_COUNT, 250, 1, TABLE_MAX,
	  AT(detect_router_flood.solicitations), "router solicitations a second on a link" },
	{ "detect.router_flood.routers", SETTINGS_COUNT, 32, 2, TABLE_MAX,
	  AT(detect_router_flood.routers), "routers that advertise themselves in a minute on a link" },
	{ "neighbor.bindings", SETTINGS_COUNT, 16384, 1, TABLE_MAX,
	  AT(neighbor_bindings), "IPv6 neighbors remembered with their MAC addresses" },
	{ "neighbor.probes", SETTINGS_COUNT, 1024, 1, TABLE_MAX,
	  AT(neighbor_probes), "duplicate address detections under way at once" },
	{ "neighbor.routers", SETTINGS_COUNT, 1024, 1, 65536,
	  AT(neighbor_routers), "routers that advertise themselves remembered" },
	{ "neighbor.dad_wait", SETTINGS_DURATION, NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(neighbor_dad_wait_ns),
	  "wait for an objection until an address counts as taken into use" },
	{ "neighbor.contest", SETTINGS_DURATION, 300 * NS_SECOND, 0, NS_HOUR,
	  AT(neighbor_contest_ns),
	  "an address that returns to its MAC so soon is contested, and did not just move" },
	ENABLED(ping_sweep),
	{ "detect.ping_sweep.sources", SETTINGS_COUNT, 4096, 16, TABLE_MAX,
	  AT(detect_ping_sweep.sources), "sources with more than one target watched for sweeps" },
	{ "detect.ping_sweep.contacts", SETTINGS_COUNT, 32768, 16, TABLE_MAX,
	  AT(detect_ping_sweep.contacts), "pairs of such a source and a target remembered at once" },
	{ "detect.ping_sweep.memory", SETTINGS_DURATION, NS_HOUR, NS_SECOND, 8760 * NS_HOUR,
	  AT(detect_ping_sweep.memory_ns), "without a request the target is new to the source again" },
	{ "detect.ping_sweep.quiet", SETTINGS_DURATION, 300 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_ping_sweep.quiet_ns), "without a new target the incident is over" },
	{ "detect.ping_sweep.wait", SETTINGS_DURATION, 2 * NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(detect_ping_sweep.wait_ns), "wait for an answer of a new target before it counts as failed" },
	{ "detect.ping_sweep.return", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_ping_sweep.return_ns), "time in which a monitor comes back to its targets" },
	{ "detect.ping_sweep.targets", SETTINGS_COUNT, 10, 2, TABLE_MAX,
	  AT(detect_ping_sweep.targets), "new targets that may be a sweep when most fail" },
	{ "detect.ping_sweep.excess", SETTINGS_COUNT, 4, 2, 1000,
	  AT(detect_ping_sweep.excess),
	  "failed first contacts beyond the answered ones that make a sweep, as odds of 4 each" },
	{ "detect.ping_sweep.minute", SETTINGS_COUNT, 20, 2, TABLE_MAX,
	  AT(detect_ping_sweep.minute), "new targets in a minute that are a sweep, answered or not" },
	{ "detect.ping_sweep.five_minutes", SETTINGS_COUNT, 25, 2, TABLE_MAX,
	  AT(detect_ping_sweep.five_minutes), "new targets in five minutes" },
	{ "detect.ping_sweep.hour", SETTINGS_COUNT, 64, 2, TABLE_MAX,
	  AT(detect_ping_sweep.hour), "new targets in an hour" },
	{ "detect.ping_sweep.day", SETTINGS_COUNT, 200, 2, TABLE_MAX,
	  AT(detect_ping_sweep.day), "new targets in a day" },
	ENABLED(distributed_sweep),
	{ "detect.distributed_sweep.networks", SETTINGS_COUNT, 512, 16, TABLE_MAX,
	  AT(detect_distributed_sweep.networks), "networks of targets watched at once" },
	{ "detect.distributed_sweep.quiet", SETTINGS_DURATION, 300 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_distributed_sweep.quiet_ns), "without a new target the incident is over" },
	{ "detect.distributed_sweep.span", SETTINGS_DURATION, NS_HOUR, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_distributed_sweep.span_ns), "time in which sources and targets are counted" },
	{ "detect.distributed_sweep.sources", SETTINGS_COUNT, 6, 2, TABLE_MAX,
	  AT(detect_distributed_sweep.sources), "sources that share a sweep" },
	{ "detect.distributed_sweep.targets", SETTINGS_COUNT, 64, 2, TABLE_MAX,
	  AT(detect_distributed_sweep.targets), "targets of one network, in all" },
	ENABLED(pmtu_attack),
	{ "detect.pmtu_attack.hosts", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_pmtu_attack.hosts), "hosts that were sent doubtful path MTUs, remembered at once" },
	{ "detect.pmtu_attack.quiet", SETTINGS_DURATION, 900 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_pmtu_attack.quiet_ns), "without another doubtful error the incident is over" },
	{ "detect.pmtu_attack.doubt", SETTINGS_COUNT, 30, 1, 100,
	  AT(detect_pmtu_attack.doubt), "weight of what speaks against one error, below which it is believed" },
	{ "detect.pmtu_attack.flows", SETTINGS_COUNT, 8, 2, TABLE_MAX,
	  AT(detect_pmtu_attack.flows), "flows to one host that doubtful errors are about, as who guesses ports" },
	{ "detect.pmtu_attack.mtu", SETTINGS_COUNT, 1280, 68, 65535,
	  AT(detect_pmtu_attack.mtu), "path MTU above which nobody is slowed down, and severity stays low" },
	ENABLED(forged_error),
	{ "detect.forged_error.hosts", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_forged_error.hosts), "hosts that were sent doubtful errors, remembered at once" },
	{ "detect.forged_error.quiet", SETTINGS_DURATION, 900 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_forged_error.quiet_ns), "without another doubtful error the incident is over" },
	{ "detect.forged_error.doubt", SETTINGS_COUNT, 30, 1, 100,
	  AT(detect_forged_error.doubt), "weight of what speaks against one error, below which it is believed" },
	{ "detect.forged_error.flows", SETTINGS_COUNT, 16, 2, TABLE_MAX,
	  AT(detect_forged_error.flows), "flows to one host that doubtful errors are about, as who guesses ports" },
	ENABLED(icmp_recon),
	{ "detect.icmp_recon.subjects", SETTINGS_COUNT, 1024, 16, TABLE_MAX,
	  AT(detect_icmp_recon.subjects), "who looks whom over, watched at once" },
	{ "detect.icmp_recon.quiet", SETTINGS_DURATION, 300 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_icmp_recon.quiet_ns), "without more of it the incident is over" },
	{ "detect.icmp_recon.span", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_icmp_recon.span_ns), "time in which the following are counted" },
	{ "detect.icmp_recon.ports", SETTINGS_COUNT, 20, 2, UINT16_MAX,
	  AT(detect_icmp_recon.ports), "closed UDP ports of a host that one source tries" },
	{ "detect.icmp_recon.types", SETTINGS_COUNT, 2, 1, 3,
	  AT(detect_icmp_recon.types), "of timestamp, information and address mask requests to a host" },
	{ "detect.icmp_recon.destinations", SETTINGS_COUNT, 16, 2, TABLE_MAX,
	  AT(detect_icmp_recon.destinations), "hosts to which one source traces the path" },
	ENABLED(neighbor_spoof),
	{ "detect.neighbor_spoof.spoofers", SETTINGS_COUNT, 256, 16, TABLE_MAX,
	  AT(detect_neighbor_spoof.spoofers), "stations that took an address of others, watched at once" },
	{ "detect.neighbor_spoof.stations", SETTINGS_COUNT, 4096, 16, TABLE_MAX,
	  AT(detect_neighbor_spoof.stations), "MACs remembered with their first address, to name who it was" },
	{ "detect.neighbor_spoof.quiet", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_neighbor_spoof.quiet_ns), "without more of it the incident is over" },
	{ "detect.neighbor_spoof.span", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_neighbor_spoof.span_ns), "time in which what a station took, and what was refused, is counted" },
	{ "detect.neighbor_spoof.contest", SETTINGS_DURATION, 60 * NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(detect_neighbor_spoof.contest_ns), "an address taken again so soon, and its owner in between, is contested" },
	{ "detect.neighbor_spoof.alive", SETTINGS_DURATION, 10 * NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(detect_neighbor_spoof.alive_ns), "an owner that claims its address again so soon never left" },
	{ "detect.neighbor_spoof.refused", SETTINGS_COUNT, 3, 2, TABLE_MAX,
	  AT(detect_neighbor_spoof.refused), "addresses that hosts want and somebody unknown says to have" },
	ENABLED(neighbor_exhaustion),
	{ "detect.neighbor_exhaustion.solicitors", SETTINGS_COUNT, 512, 16, TABLE_MAX,
	  AT(detect_neighbor_exhaustion.solicitors), "hosts and routers that look for neighbors, watched at once" },
	{ "detect.neighbor_exhaustion.quiet", SETTINGS_DURATION, 60 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_neighbor_exhaustion.quiet_ns), "without more of it the incident is over" },
	{ "detect.neighbor_exhaustion.span", SETTINGS_DURATION, 10 * NS_SECOND, NS_SECOND, NS_HOUR,
	  AT(detect_neighbor_exhaustion.span_ns), "time in which the following are counted" },
	{ "detect.neighbor_exhaustion.targets", SETTINGS_COUNT, 64, 2, TABLE_MAX,
	  AT(detect_neighbor_exhaustion.targets), "addresses that one looks for and nobody has" },
	{ "detect.neighbor_exhaustion.many", SETTINGS_COUNT, 512, 2, TABLE_MAX,
	  AT(detect_neighbor_exhaustion.many), "of them that fill a cache, whichever they are" },
	ENABLED(backscatter),
	{ "detect.backscatter.victims", SETTINGS_COUNT, 512, 16, TABLE_MAX,
	  AT(detect_backscatter.victims), "hosts that errors about unseen flows speak of, watched at once" },
	{ "detect.backscatter.quiet", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_backscatter.quiet_ns), "without more of it the incident is over" },
	{ "detect.backscatter.span", SETTINGS_DURATION, 600 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(detect_backscatter.span_ns), "time in which the hosts are counted" },
	{ "detect.backscatter.hosts", SETTINGS_COUNT, 8, 2, TABLE_MAX,
	  AT(detect_backscatter.hosts),
	  "hosts that get errors about datagrams to one, or that send them to one, none of which were sent" },
	{ "availability.polls", SETTINGS_COUNT, 32768, 16, TABLE_MAX,
	  AT(availability_polls), "pairs of a requester and a target watched at once" },
	{ "availability.outages", SETTINGS_COUNT, 4096, 1, TABLE_MAX,
	  AT(availability_outages), "times a target was down that the report remembers" },
	{ "availability.rounds", SETTINGS_COUNT, 5, 2, 1000,
	  AT(availability_rounds), "regular rounds of requests that make a requester a monitor" },
	{ "availability.losses", SETTINGS_COUNT, 3, 1, 1000,
	  AT(availability_losses), "rounds without any answer after which a target is down" },
	{ "availability.odds", SETTINGS_COUNT, 1000, 1, 1000000,
	  AT(availability_odds),
	  "of a target that always loses some: how often in a row chance may bring it once" },
	{ "availability.wait", SETTINGS_DURATION, NS_SECOND, NS_SECOND / 1000, NS_HOUR,
	  AT(availability_wait_ns), "least wait for an answer to the last of these rounds" },
	{ "evidence.packets", SETTINGS_COUNT, 256, 1, TABLE_MAX,
	  AT(evidence_packets), "frames in the file of an incident, at most half of them from before" },
	{ "evidence.memory", SETTINGS_SIZE, 16 * MIB, MIB, 4096 * MIB,
	  AT(evidence_memory_bytes), "memory for frames of ICMP from before, if there is --evidence" },
	{ "clock.jump", SETTINGS_DURATION, NS_HOUR, NS_SECOND, 8760 * NS_HOUR,
	  AT(clock_jump_ns), "a step of the capture's clock ahead that is not believed at once" },
	{ "report.rows", SETTINGS_COUNT, 10, 1, REPORT_LIST_MAX,
	  AT(report_rows), "rows of each list in the text report" },
	{ "stats.interval", SETTINGS_DURATION, 60 * NS_SECOND, NS_SECOND, 24 * NS_HOUR,
	  AT(stats_interval_ns), "time between icmp.stats events of a live capture" },
	{ "community_id.seed", SETTINGS_COUNT, 0, 0, UINT16_MAX,
	  AT(community_id_seed), "seed of the Community ID; the same on every sensor" },
};

/* Units, the largest first, so that writing a value tries them in order. */
struct unit {
	enum settings_kind kind;
	const char *name;
	uint64_t factor;
};

static const struct unit units[] = {
	{ SETTINGS_DURATION, "h", NS_HOUR },
	{ SETTINGS_DURATION, "m", 60 * NS_SECOND },
	{ SETTINGS_DURATION, "s", NS_SECOND },
	{ SETTINGS_DURATION, "ms", NS_SECOND / 1000 },
	{ SETTINGS_DURATION, "us", NS_SECOND / 1000000 },
	{ SETTINGS_DURATION, "ns", 1 },
	{ SETTINGS_SIZE, "GiB", 1024 * MIB },
	{ SETTINGS_SIZE, "MiB", MIB },
	{ SETTINGS_SIZE, "KiB", KIB },
	{ SETTINGS_SIZE, "B", 1 },
};
/* clang-format on */

static const char *const switches[] = {
	[SWITCH_AUTO] = "auto",
	[SWITCH_ON] = "on",
	[SWITCH_OFF] = "off",
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(COUNT_OF(rows) <= SETTINGS_ROWS_MAX, "too many settings");

const struct settings_row *
settings_rows(size_t *count)
{
	*count = COUNT_OF(rows);
	return rows;
}

const struct settings_row *
settings_find(const char *key, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++)
		if (strlen(rows[i].key) == len && memcmp(rows[i].key, key, len) == 0)
			return &rows[i];
	return NULL;
}

const char *
settings_form(const struct settings_row *row)
{
	static const char *const forms[] = {
		[SETTINGS_TEXT] = "text",
		[SETTINGS_PREFIXES] = "prefixes, with commas between",
		[SETTINGS_COUNT] = "number",
		[SETTINGS_SIZE] = "size",
		[SETTINGS_DURATION] = "duration",
		[SETTINGS_SWITCH] = "on or off",
	};

	if (row->kind == SETTINGS_SWITCH && row->minimum == SWITCH_AUTO)
		return "auto, on or off";
	return forms[row->kind];
}

static void
store_number(struct settings *settings, const struct settings_row *row, uint64_t value)
{
	memcpy((char *)settings + row->offset, &value, sizeof(value));
}

uint64_t
settings_number(const struct settings *settings, const struct settings_row *row)
{
	uint64_t value;

	memcpy(&value, (const char *)settings + row->offset, sizeof(value));
	return value;
}

void
settings_defaults(struct settings *settings)
{
	size_t i;

	memset(settings, 0, sizeof(*settings));
	for (i = 0; i < COUNT_OF(rows); i++)
		if (settings_has_number(&rows[i]))
			store_number(settings, &rows[i], rows[i].standard);
}

/* What a value of this kind looks like, for error texts. */
static const char *
form_of(const struct settings_row *row)
{
	switch (row->kind) {
	case SETTINGS_SIZE:
		return "a whole number with B, KiB, MiB or GiB";
	case SETTINGS_DURATION:
		return "a whole number with ns, us, ms, s, m or h";
	case SETTINGS_SWITCH:
		return settings_form(row);
	case SETTINGS_COUNT:
	case SETTINGS_TEXT:
	case SETTINGS_PREFIXES:
		break;
	}
	return "a whole number";
}

/*
 * What one of the unit at `text` is worth; 0 when there is no such unit. Only
 * a count, and zero of anything, goes without a unit.
 */
static uint64_t
unit_factor(enum settings_kind kind, const char *text, uint64_t value)
{
	size_t i;

	if (*text == '\0' && (kind == SETTINGS_COUNT || value == 0))
		return 1;
	if (*text == ' ')
		text++;
	for (i = 0; i < COUNT_OF(units); i++)
		if (units[i].kind == kind && strcmp(units[i].name, text) == 0)
			return units[i].factor;
	return 0;
}

static int
read_switch(const char *text, uint64_t *out)
{
	uint64_t i;

	for (i = 0; i < COUNT_OF(switches); i++) {
		if (strcmp(switches[i], text) == 0) {
			*out = i;
			return 0;
		}
	}
	return -1;
}

/* Reads a number with its unit; larger than 64 bits is UINT64_MAX. */
static int
read_number(enum settings_kind kind, const char *text, uint64_t *out)
{
	uint64_t value = 0, factor;
	const char *p = text;

	if (kind == SETTINGS_SWITCH)
		return read_switch(text, out);
	for (; *p >= '0' && *p <= '9'; p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (value > (UINT64_MAX - digit) / 10)
			value = UINT64_MAX;
		else
			value = value * 10 + digit;
	}
	if (p == text)
		return -1;
	factor = unit_factor(kind, p, value);
	if (factor == 0)
		return -1;
	*out = value > UINT64_MAX / factor ? UINT64_MAX : value * factor;
	return 0;
}

static int
put_text(struct settings *settings, const struct settings_row *row, const char *value, char *err)
{
	size_t len = strlen(value);

	if (len >= SETTINGS_TEXT_SIZE) {
		snprintf(err, ERR_SIZE, "%s: longer than %d bytes", row->key,
		    SETTINGS_TEXT_SIZE - 1);
		return -1;
	}
	memcpy((char *)settings + row->offset, value, len + 1);
	return 0;
}

/* Puts what `list` holds and what the value adds to it. */
static int
put_prefixes(struct settings *settings, const struct settings_row *row, struct prefix_list list,
    const char *value, char *err)
{
	char why[ERR_SIZE];

	if (prefix_list_add(&list, value, why) != 0) {
		snprintf(err, ERR_SIZE, "%s: %.400s", row->key, why);
		return -1;
	}
	memcpy((char *)settings + row->offset, &list, sizeof(list));
	return 0;
}

static int
put_number(struct settings *settings, const struct settings_row *row, const char *value, char *err)
{
	char low[32], high[32];
	uint64_t number;

	if (read_number(row->kind, value, &number) == -1) {
		snprintf(err, ERR_SIZE, "%s: \"%.64s\" is not %s", row->key, value,
		    form_of(row));
		return -1;
	}
	if (number < row->minimum || number > row->maximum) {
		settings_format(row, row->minimum, low, sizeof(low));
		settings_format(row, row->maximum, high, sizeof(high));
		snprintf(err, ERR_SIZE, "%s: \"%.64s\" is not between %s and %s", row->key,
		    value, low, high);
		return -1;
	}
	store_number(settings, row, number);
	return 0;
}

int
settings_put(struct settings *settings, const char *key, size_t key_len, const char *value,
    char *err)
{
	const struct settings_row *row = settings_find(key, key_len);
	struct nearest nearest;
	size_t i;

	if (row != NULL && row->kind == SETTINGS_TEXT)
		return put_text(settings, row, value, err);
	if (row != NULL && row->kind == SETTINGS_PREFIXES)
		return put_prefixes(settings, row, (struct prefix_list){ .count = 0 }, value, err);
	if (row != NULL)
		return put_number(settings, row, value, err);
	snprintf(err, ERR_SIZE, "no setting is called \"%.*s\"", (int)(key_len < 64 ? key_len : 64),
	    key);
	nearest_init(&nearest, key, key_len);
	for (i = 0; i < COUNT_OF(rows); i++)
		nearest_try(&nearest, rows[i].key);
	nearest_append(&nearest, err);
	return -1;
}

int
settings_add(struct settings *settings, const struct settings_row *row, const char *item, char *err)
{
	struct prefix_list list;

	memcpy(&list, (const char *)settings + row->offset, sizeof(list));
	return put_prefixes(settings, row, list, item, err);
}

int
settings_set(struct settings *settings, const char *assignment, char *err)
{
	const char *equals = strchr(assignment, '=');

	if (equals == NULL) {
		snprintf(err, ERR_SIZE, "\"%.64s\" is not of the form KEY=VALUE", assignment);
		return -1;
	}
	return settings_put(settings, assignment, (size_t)(equals - assignment), equals + 1, err);
}

void
settings_format(const struct settings_row *row, uint64_t value, char *out, size_t size)
{
	size_t i;

	if (row->kind == SETTINGS_SWITCH) {
		snprintf(out, size, "%s", switches[value]);
		return;
	}
	for (i = 0; i < COUNT_OF(units); i++) {
		if (units[i].kind != row->kind || value == 0 || value % units[i].factor != 0)
			continue;
		snprintf(out, size, "%" PRIu64 "%s", value / units[i].factor, units[i].name);
		return;
	}
	snprintf(out, size, "%" PRIu64, value);
}
