#!/usr/bin/env python3
"""Tests rules.py: each condition at its threshold, and over captures of our own.

usage: test_rules.py SAMPLES        (make peers; SAMPLES is the directory samples/)
"""
import ipaddress
import os
import sys

import rules
from captures import Fragment, Message, read

HERE, THERE = ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("198.51.100.1")
LINUX = bytes(16) + bytes(range(0x10, 0x38))
MAC = bytes(range(56))
WINDOWS = b"abcdefghijklmnopqrstuvwabcdefghi"


def echo(time=0.0, data=b"", kind=8, source=HERE, destination=THERE, code=0, rest=bytes(4), version=4):
    return Message(time, version, source, destination, kind, code, rest, data,
                   len(data), 28 + len(data), False)


def mtu(version, kind, code, value):
    return echo(kind=kind, code=code, version=version, rest=value.to_bytes(4, "big"))


def pings(count, apart, spread=False, **fields):
    """`count` messages `apart` seconds from each other, to one host or each to another"""
    return [echo(i * apart, destination=THERE + i if spread else THERE, **fields) for i in range(count)]


def changing(count):
    return [echo(i, data=b"%03d" % i) for i in range(count)]


def asked(data, reply):
    return [echo(data=data), echo(1, reply, 0, THERE, HERE)]


def fragments(*ranges):
    return [Fragment(0.0, 4, HERE, THERE, 1, first, end, b"") for first, end in ranges]


# rule (the beginning of its name), packets that it is silent on, packets that it alerts on
THRESHOLDS = (
    ("nDPI", [echo(data=WINDOWS)], [echo(data=MAC)]),
    ("nDPI", [echo(data=WINDOWS), echo(1, data=MAC)], [echo(data=b""), echo(1, data=MAC)]),
    ("nDPI", [echo(data=MAC, kind=128, version=6)], [echo(data=MAC, kind=3)]),
    ("ntopng", [echo(data=bytes(range(40)))], [echo(data=WINDOWS)]),
    ("ntopng", [echo(data=b"")], [echo(data=bytes(range(128)))]),
    ("ntopng", pings(10, 1, data=bytes(range(40))) + [echo(11, WINDOWS)],
     pings(9, 1, data=bytes(range(40))) + [echo(11, bytes(range(56)))]),
    ("GPL", [echo(data=bytes(800))], [echo(data=bytes(801))]),
    ("Elastic", asked(bytes(128), bytes(127)), asked(bytes(128), bytes(128))),
    ("Elastic", [echo(data=bytes(128), kind=0)], [echo(data=bytes(256))]),
    ("Splunk", [echo(data=bytes(972))], [echo(data=bytes(973))]),
    ("Zeek, icmp-exfil", changing(6), changing(7)),
    ("Zeek, icmp-exfil", pings(9, 1, data=LINUX), sum((asked(b"a", b"b") for _ in range(6)), [])),
    ("Zeek, icmp-exfil", sum((asked(WINDOWS, b"b") for _ in range(9)), []), changing(9)),
    ("Zeek, evernote", pings(119, 1, data=bytes(103)), pings(120, 1, data=bytes(103))),
    ("Zeek, evernote", pings(200, 1, data=bytes(102)), pings(120, 1, data=bytes(103))),
    ("Zeek, icmp-scans", pings(24, 3600, True), pings(25, 3600, True)),
    ("Zeek, icmp-scans", pings(99, 1), pings(25, 1, True, kind=13)),
    ("Snort 3 port_scan", pings(19, 1, True), pings(20, 1, True)),
    ("Snort 3 port_scan", pings(99, 1), pings(2, 1, True) * 10),
    ("Snort 3 port_scan", pings(6, 1, True) + pings(4, 1, kind=3, source=THERE),
     pings(6, 1, True) + [echo(7, kind=3, source=THERE, destination=HERE)] * 5),
    ("Trellix", pings(20, 1), pings(21, 1)),
    ("Trellix", pings(30, 3), pings(21, 2.9)),
    ("Juniper: 10", pings(9, 0.0005, True), pings(10, 0.0005, True)),
    ("Juniper: 10", pings(10, 0.0005), pings(10, 0.0005, True)),
    ("FortiGate: 100", pings(99, 0.001), pings(100, 0.001)),
    ("FortiGate, ntopng", pings(249, 0.001), pings(250, 0.001)),
    ("Juniper: 1000", pings(999, 0.0001), pings(1000, 0.0001)),
    ("FastNetMon", pings(99999, 1e-6), pings(100000, 1e-6)),
    ("TDC-SOC", pings(300, 0.001, kind=3, code=1), pings(250, 0.001, kind=3, code=3)),
    ("Snort: 50/s", pings(49, 0.001, kind=134, version=6), pings(50, 0.001, kind=134, version=6)),
    ("Snort: 500/s", pings(499, 0.001, kind=136, version=6), pings(500, 0.001, kind=136, version=6)),
    ("Suricata: fragment beyond", fragments((65000, 65535)), fragments((65000, 65536))),
    ("Suricata: fragments overlap", fragments((0, 8), (8, 16)), fragments((8, 16), (0, 9))),
    ("Elastic: any", [echo(kind=8)], [echo(kind=137, version=6)]),
    ("Snort 3: redirect", [echo(kind=5, code=2)], [echo(kind=5, code=1)]),
    ("Snort 3: MTU", [mtu(4, 3, 4, 576)], [mtu(4, 3, 4, 575)]),
    ("Snort 3: MTU", [mtu(6, 2, 0, 1280)], [mtu(6, 2, 0, 1279)]),
)

# sample: how many messages tshark finds in it, and the rules that alert on it
SAMPLES = (
    ("sweep_monitor.pcap", 225, {"nDPI", "Zeek, icmp-scans", "Snort 3 port_scan, medium", "Trellix"}),
    ("fragments_oversized.pcap", 0, {"Suricata"}),
    ("redirect_better.pcap", 21, {"nDPI", "Elastic", "Snort 3"}),
    ("neighbor_flood.pcap", 201, {"Snort"}),
    ("channel_shell.pcap", 28, {"ntopng", "Zeek, icmp-exfil-detection"}),
    ("link_sll2.pcap", 4, {"ntopng"}),
    ("link_pppoe.pcap", 4, {"ntopng"}),
    ("link_mpls.pcap", 4, {"ntopng"}),
    ("tunnel_in_ipv6.pcap", 4, {"ntopng"}),
    ("format_pcapng_big_endian.pcapng", 10, {"nDPI"}),
    ("pings.pcap.gz", 10, {"nDPI"}),
)


def tells(name, packets):
    only = [rule for rule in rules.RULES if rule.name.startswith(name)]
    return bool(list(rules.judge(packets, only)))


def main():
    wrong = []
    for name, silent, loud in THRESHOLDS:
        if tells(name, silent):
            wrong.append("%s alerts too early, on %d packets" % (name, len(silent)))
        if not tells(name, loud):
            wrong.append("%s is silent on %d packets" % (name, len(loud)))
    unheard = [r.name for r in rules.RULES if not any(r.name.startswith(name) for name, _, _ in THRESHOLDS)]
    wrong += ["%s has no test" % name for name in unheard]
    for sample, count, names in SAMPLES:
        packets = list(read(os.path.join(sys.argv[1], sample)))
        messages = sum(isinstance(packet, Message) for packet in packets)
        alerted = {rule.name.split(":")[0] for rule, _, _ in rules.judge(packets)}
        if (messages, alerted) != (count, names):
            wrong.append("%s: %d messages, alerts of %s" % (sample, messages, ", ".join(sorted(alerted))))
    print("\n".join(wrong + ["peers: %d rules, %d thresholds, %d samples, %d wrong" %
                             (len(rules.RULES), len(THRESHOLDS), len(SAMPLES), len(wrong))]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
