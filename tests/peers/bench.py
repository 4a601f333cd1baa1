#!/usr/bin/env python3
"""Holds icmpscope and the published rules of other products against labelled captures.

usage: bench.py [--program PROGRAM] [--list] [--corpus DIRECTORY] LAB
       LAB         a directory with pcaps/ and labels.json: {"scenarios": [...]}, each with
                   file, kind (attack, benign, monitoring, ...), expected and acceptable
                   alerts ({"detector", "source", "target", "optional", "also_ok", ...})
       DIRECTORY   more captures, recorded by others; what is an attack in them stands in
                   corpus.tsv, everything else is taken as benign

Captures are not part of the project: without LAB it says so and ends with 77. Prints in
Markdown, for each family of attacks, how many of the expected ones each rule found and on
whom else it alerted, counted by who is alerted on, not by packet; then after how many
packets and seconds icmpscope opened its incidents. Rules are re-implementations of what
was published (rules.py) over a reading of their own (captures.py); icmpscope runs with
detection on. An alert that the labels call acceptable is none; icmpscope's of low severity
count as found only for covert channels, which is marked, and are listed apart.
Exit status: 0 when icmpscope found every attack and nothing else.
"""
import argparse
import collections
import fnmatch
import ipaddress
import json
import os
import statistics
import subprocess
import sys
from datetime import datetime

from captures import read
from rules import FAMILIES, RULES, judge

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = "**icmpscope**"
LOW = 1
NOTHING_TO_RUN_ON = 77

Alert = collections.namedtuple("Alert", "name family answers addresses time severity rule")

# family: our detectors, and which of the labels' attacks they answer
DETECTORS = {
    "icmp_tunnel": ("tunnel", {"icmp_tunnel"}),
    "covert_channel": ("tunnel", {"icmp_tunnel"}),
    "ping_sweep": ("sweep", {"ping_sweep", "nd_exhaustion"}),
    "distributed_sweep": ("sweep", {"ping_sweep", "nd_exhaustion"}),
    "icmp_recon": ("sweep", {"ping_sweep", "udp_scan", "icmp_fingerprint"}),
    "icmp_flood": ("flood", {"icmp_flood", "blacknurse", "mld_flood", "nd_flood", "source_quench"}),
    "smurf": ("flood", {"smurf", "icmp_flood"}),
    "router_flood": ("flood", {"ra_flood", "icmp_flood"}),
    "ping_of_death": ("fragment", {"ping_of_death", "fragment_anomaly"}),
    "fragment_abuse": ("fragment", {"fragment_anomaly"}),
    "redirect_abuse": ("redirect", {"icmp_redirect"}),
    "pmtu_attack": ("path MTU", {"pmtu_attack"}),
    "neighbor_spoof": ("neighbor, router", {"ndp_spoof", "dad_dos"}),
    "neighbor_exhaustion": ("neighbor, router", {"nd_exhaustion", "nd_flood", "dad_dos", "icmp_flood"}),
    "rogue_router": ("neighbor, router", {"rogue_ra", "rogue_irdp"}),
    "forged_error": ("forged error", {"icmp_tcp_reset", "source_quench", "icmp_unsolicited_error"}),
    "backscatter": ("flood", {"icmp_flood", "icmp_unsolicited_error"}),
}
LOW_IS_ENOUGH = {"covert_channel", "backscatter"}


def address(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def clock(stamp):
    base, _, fraction = stamp.rstrip("Z").partition(".")
    return datetime.fromisoformat(base + "+00:00").timestamp() + float("0." + (fraction or "0"))


def our_alerts(program, path):
    """each incident once: when it opened, at its highest severity"""
    done = subprocess.run([program, "-q", "-r", path, "-t", "alert", "-o", "-", "--report", "none",
                           "--set", "detect.enabled=on"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit("%s: exit status %d\n%s" % (path, done.returncode, done.stderr.decode()))
    incidents = {}
    for line in done.stdout.splitlines():
        event = json.loads(line)
        alert = event.get("icmp", {}).get("alert", {})
        if "id" not in alert:
            continue
        rule = event["rule"]["name"]
        known = set(event.get("related", {}).get("ip", ()))
        known |= {event[side]["ip"] for side in ("source", "destination") if "ip" in event.get(side, {})}
        family, answers = DETECTORS[rule]
        former = incidents.get(alert["id"])
        incidents[alert["id"]] = Alert(
            OURS, family, answers,
            {address(a) for a in known} | (former.addresses if former else set()),
            former.time if former else clock(event["@timestamp"]),
            max(event["event"]["severity"], former.severity if former else 0), rule)
    return list(incidents.values())


def peers_alerts(packets):
    return [Alert(rule.name, rule.family, FAMILIES[rule.family], subject, time, None, None)
            for rule, subject, time in judge(packets)]


def is_low(alert):
    return alert.severity == LOW


def named(expected):
    """the addresses of an expected attack: by whom, to whom"""
    sides = []
    for keys in (("source", "sources"), ("target", "targets", "victim")):
        texts = [expected[key] for key in keys if key in expected]
        texts = sum((t if isinstance(t, list) else [t] for t in texts), [])
        sides.append({a for a in map(address, texts) if a})
    return sides


def other_names(label):
    names = label.get("also_ok") or ()
    return set(names.split(",") if isinstance(names, str) else names)


def answers(alert, expected):
    actors, victims = named(expected)
    return (alert.answers & ({expected["detector"]} | other_names(expected))
            and (not actors | victims or alert.addresses & (actors | victims))
            and (not is_low(alert) or alert.rule in LOW_IS_ENOUGH))


def of_attack(expected, packet):
    """whether a frame is between those whom the label names; of a message in fragments each is one"""
    if getattr(packet, "fragmented", False):
        return False
    actors, victims = named(expected)
    ends = {packet.source, packet.destination}
    if actors and victims:
        return bool(ends & actors and ends & victims)
    return not actors | victims or bool(ends & (actors | victims))


class Tally:
    """What every rule found, by family."""

    def __init__(self):
        self.missed = 0
        self.expected = collections.Counter()
        self.captures = collections.Counter()
        self.found, self.found_low = collections.Counter(), collections.Counter()
        self.false = collections.Counter()
        self.notes = collections.Counter()
        self.opened = collections.defaultdict(list)
        self.lines = []

    def attack(self, name, expected, alerts, packets):
        family = next((f for f, labels in FAMILIES.items() if expected["detector"] in labels), None)
        if family is None or expected.get("optional"):
            return
        self.expected[family] += 1
        matching = [a for a in alerts if answers(a, expected)]
        for who in {a.name for a in matching}:
            mine = [a for a in matching if a.name == who]
            self.found[family, who] += 1
            self.found_low[family, who] += all(map(is_low, mine))
        ours = [a for a in matching if a.name == OURS]
        if not ours:
            self.missed += 1
            self.lines.append("missed   %s: %s" % (name, expected["detector"]))
            return
        first = min(ours, key=lambda a: a.time)
        seen = [p for p in packets if p.time <= first.time + 1e-6 and of_attack(expected, p)]
        actors = named(expected)[0]
        hosts = {p.destination for p in seen if not actors or p.source in actors}
        waited = first.time - seen[0].time if seen else 0.0
        self.opened[first.rule].append((len(seen), waited, len(hosts)))
        self.lines.append("opened   %s: %s after %d packets, %.3f s, %d hosts" %
                          (name, first.rule, len(seen), waited, len(hosts)))

    def benign(self, where, name, alerts, acceptable):
        self.captures[where] += 1
        for alert in alerts:
            if alert.answers & acceptable:
                continue
            counts = self.notes if is_low(alert) else self.false
            counts[where, alert.family, alert.name] += 1
            self.lines.append("%s %s: %s on %s" % (
                "low note" if is_low(alert) else "false   ", name, alert.rule or alert.name,
                " ".join(sorted(map(str, alert.addresses)))))


def run_lab(tally, program, lab):
    with open(os.path.join(lab, "labels.json"), encoding="utf-8") as file:
        scenarios = json.load(file)["scenarios"]
    for scenario in scenarios:
        if scenario["kind"] not in ("attack", "benign", "monitoring") or scenario["class"] == "mixed":
            continue
        path = os.path.join(lab, "pcaps", scenario["file"])
        packets = list(read(path))
        alerts = our_alerts(program, path) + peers_alerts(packets)
        for expected in scenario["expected"]:
            tally.attack(scenario["name"], expected, alerts, packets)
        if scenario["kind"] != "attack":
            acceptable = set()
            for label in scenario.get("acceptable", ()):
                acceptable |= {label["detector"]} | other_names(label)
            tally.benign("lab", scenario["name"], alerts, acceptable)


def run_corpus(tally, program, directory):
    with open(os.path.join(HERE, "corpus.tsv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and line[0] != "#"]
    for name in sorted(os.listdir(directory)):
        path = os.path.join(directory, name)
        if not os.path.isfile(path) or name.endswith((".tsv", ".md")):
            continue
        packets = list(read(path))
        acceptable = {what for pattern, what, _ in rows if fnmatch.fnmatch(name, pattern)}
        tally.benign("corpus", name, our_alerts(program, path) + peers_alerts(packets), acceptable)


def table(tally, corpus):
    print("| attacks | rule | found | false, lab |" + (" false, others' |" if corpus else ""))
    print("|---|---|---|---|" + ("---|" if corpus else ""))
    for family in FAMILIES:
        for who in [OURS] + [r.name for r in RULES if r.family == family]:
            low = tally.found_low[family, who]
            cells = [family, who, "%d of %d%s" % (tally.found[family, who], tally.expected[family],
                                                  " (%d low)" % low if low else ""),
                     str(tally.false["lab", family, who])]
            if corpus:
                cells.append(str(tally.false["corpus", family, who]))
            print("| " + " | ".join(cells) + " |")
    for where in ("lab", "corpus"):
        if tally.captures[where]:
            low = sum(n for key, n in tally.notes.items() if key[0] == where)
            print("\n%d captures without attack counted as %s; icmpscope's notes of low severity there: %d"
                  % (tally.captures[where], where, low))


def times(tally):
    print("\n| detector | incidents | packets to open: median, most "
          "| seconds: median, most | hosts: median, most |")
    print("|---|---|---|---|---|")
    for rule in filter(tally.opened.get, DETECTORS):
        rows, cells = tally.opened[rule], []
        for form, values in zip(("%d, %d", "%.2f, %.2f", "%d, %d"), zip(*rows)):
            cells.append(form % (statistics.median(values), max(values)))
        print("| `%s` | %d | %s |" % (rule, len(rows), " | ".join(cells)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     usage=argparse.SUPPRESS)
    parser.add_argument("--program", default=os.path.join(HERE, "../../icmpscope"))
    parser.add_argument("--corpus")
    parser.add_argument("--list", action="store_true", help="first every miss, false alert and opening")
    parser.add_argument("lab", nargs="?")
    args = parser.parse_args()
    if not args.lab or not os.path.exists(os.path.join(args.lab, "labels.json")):
        print("no labelled captures: give a directory with labels.json and pcaps/ (-h tells more)")
        return NOTHING_TO_RUN_ON
    tally = Tally()
    run_lab(tally, args.program, args.lab)
    if args.corpus:
        run_corpus(tally, args.program, args.corpus)
    if args.list:
        print("\n".join(tally.lines) + "\n")
    table(tally, bool(args.corpus))
    times(tally)
    false = sum(n for key, n in tally.false.items() if key[2] == OURS)
    expected = sum(tally.expected.values())
    print("\nicmpscope: %d of %d attacks found, %d false alerts on %d captures" %
          (expected - tally.missed, expected, false, sum(tally.captures.values())))
    return 1 if tally.missed or false else 0


if __name__ == "__main__":
    sys.exit(main())
