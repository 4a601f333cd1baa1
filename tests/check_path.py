#!/usr/bin/env python3
"""Hold traceroutes against what the tools that ran them printed.

usage: check_path.py PROGRAM LAB          (LAB holds labels.json, pcaps/ and out/)

For each recorded run of mtr, traceroute, tcptraceroute, tracepath or scamper
whose output is there, in the order in which they ran: the report has as many
traceroutes to that destination; the hops are the same, by TTL and address
(all that one hop had, in whatever order); probes sent and loss agree with what
the tool printed; and so do RTTs: the capture was taken one hop on, so they may
be up to SPAN_OFFSET_MS below the tool's (FIRST_OFFSET_MS at hop 1, whose probes
wait for ARP, and for a worst or an average, for a busy sender reads its answers
late), and as much above as the last digit printed is worth.
Captures taken elsewhere than at the span are compared by hops alone.
Exit status: 0 when all agree.
"""
import json
import os
import re
import subprocess
import sys

SPAN_OFFSET_MS = 0.3
FIRST_OFFSET_MS = 1.0
MTR_PRINTED_MS = 0.051
TRACE_PRINTED_MS = 0.0011

COMMAND = re.compile(r"^### (?:\[\w+\] \$|output of) (.*?)(?: &| \(exit \d+\))?$")
MTR_HOP = re.compile(r"^\s*(\d+)\.\|-- (\S+)\s+([\d.]+)%\s+(\d+)\s+([\d.]+)\s+([\d.]+)"
                     r"\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)")
MTR_MORE = re.compile(r"^\s{8}(\S+)\s*$")
TRACE_HOP = re.compile(r"^\s*(\d+)  (.*)$")
TRACE_PART = re.compile(r"(\*)|([\d.]+) ms|([0-9a-f.:]+[.:][0-9a-f.:]*)(?: <[\w,]+>)?(?= )")
TRACEPATH_HOP = re.compile(r"^\s*(\d+):  (\S+)\s+([\d.]+)ms(.*)$")


class Hop:
    def __init__(self, ttl):
        self.ttl, self.addresses, self.rtts = ttl, set(), []
        self.sent = self.loss = self.last = self.avg = self.best = self.worst = None


def read_mtr(lines):
    hops = []
    for line in lines:
        found, more = MTR_HOP.match(line), MTR_MORE.match(line)
        if found:
            hop = Hop(int(found[1]))
            hop.addresses.add(found[2])
            hop.loss, hop.sent = float(found[3]), int(found[4])
            hop.last, hop.avg, hop.best, hop.worst = (float(found[n]) for n in range(5, 9))
            hops.append(hop)
        elif more and hops:
            hops[-1].addresses.add(more[1])
    return hops


def read_traceroute(lines):
    hops = []
    for line in lines:
        found = TRACE_HOP.match(line)
        if not found:
            continue
        hop, lost = Hop(int(found[1])), 0
        for star, rtt, address in TRACE_PART.findall(found[2]):
            if star:
                lost += 1
            elif address:
                hop.addresses.add(address)
            else:
                hop.rtts.append(float(rtt))
        hop.sent = len(hop.rtts) + lost
        hop.loss = 100.0 * lost / hop.sent if hop.sent else None
        hops.append(hop)
    return hops


def read_tracepath(lines):
    hops = []
    for line in lines:
        found = TRACEPATH_HOP.match(line)
        if not found or "[LOCALHOST]" in line or "pmtu" in found[4]:
            continue
        if not hops or hops[-1].ttl != int(found[1]):
            hops.append(Hop(int(found[1])))
        hops[-1].addresses.add(found[2])
        hops[-1].rtts.append(float(found[3]))
    return hops


READERS = (("mtr ", read_mtr), ("tracepath ", read_tracepath), ("tcptraceroute ", read_traceroute),
           ("traceroute ", read_traceroute))


def runs_of(text):
    """(command, destination, hops, whether the tool counts what it sent) of every run"""
    blocks, command, lines = [], None, []
    for line in text.splitlines():
        found = COMMAND.match(line)
        if line.startswith("###"):
            if command:
                blocks.append((command, lines))
            command, lines = found[1] if found else None, []
        else:
            lines.append(line)
    if command:
        blocks.append((command, lines))
    for command, lines in blocks:
        reader = next((read for name, read in READERS if command.startswith(name)), None)
        if command.startswith("scamper ") and "'trace " in command:
            reader = read_traceroute
        hops = reader(lines) if reader else []
        if hops:
            destination = next(word for word in reversed(command.rstrip("'").split())
                               if "." in word or ":" in word)
            yield command, destination, hops


def report(program, capture):
    done = subprocess.run([program, "-q", "-r", capture, "--report", "json"],
                          stdout=subprocess.PIPE, check=True, timeout=60)
    paths = json.loads(done.stdout).get("traceroutes", [])
    return sorted(paths, key=lambda path: path["first"])


def near(mine, theirs, printed, offset):
    return -offset - printed <= mine - theirs <= printed


def rtt_faults(hop, mine):
    least = FIRST_OFFSET_MS if hop.ttl == 1 else SPAN_OFFSET_MS
    rtt = {name: value / 1000 for name, value in mine.get("rtt", {}).items()}
    if hop.rtts:
        wanted = (("min_us", min(hop.rtts), least), ("max_us", max(hop.rtts), FIRST_OFFSET_MS),
                  ("us", sum(hop.rtts) / len(hop.rtts), FIRST_OFFSET_MS))
        printed = TRACE_PRINTED_MS
    else:
        wanted = (("min_us", hop.best, SPAN_OFFSET_MS), ("max_us", hop.worst, FIRST_OFFSET_MS),
                  ("us", hop.avg, SPAN_OFFSET_MS), ("last_us", hop.last, SPAN_OFFSET_MS))
        printed = MTR_PRINTED_MS
    for name, theirs, offset in wanted:
        if theirs is None:
            continue
        if name not in rtt or not near(rtt[name], theirs, printed, offset):
            yield "rtt %s %s ms, not %.3f" % (name, rtt.get(name), theirs)


def hop_faults(hop, mine, is_span):
    addresses = set(mine.get("ips", [mine["ip"]] if "ip" in mine else []))
    if addresses != hop.addresses:
        yield "%s, not %s" % (sorted(addresses), sorted(hop.addresses))
    if not is_span:
        return
    if hop.sent is not None and mine.get("sent") != hop.sent:
        yield "sent %s, not %d" % (mine.get("sent"), hop.sent)
    if hop.loss is not None and abs(100 * mine.get("loss", 0) - hop.loss) > 0.051:
        yield "loss %.1f %%, not %.1f" % (100 * mine.get("loss", 0), hop.loss)
    yield from rtt_faults(hop, mine)


def check(program, lab, entry):
    with open(os.path.join(lab, entry["tool_output"]), encoding="utf-8", errors="replace") as file:
        runs = list(runs_of(file.read()))
    paths = report(program, os.path.join(lab, "pcaps", entry["file"])) if runs else []
    faults, compared = [], 0
    is_span = entry["capture"]["point"].startswith("span")
    for command, destination, hops in runs:
        index = next((n for n, path in enumerate(paths)
                      if path["destination"]["ip"] == destination), None)
        if index is None:
            faults.append("%s: not in the report" % command)
            continue
        mine = {hop["ttl"]: hop for hop in paths.pop(index)["hops"]}
        if is_span and max(mine) != hops[-1].ttl:
            faults.append("%s: ends at hop %d, not %d" % (command, max(mine), hops[-1].ttl))
        for hop in hops:
            compared += 1
            for fault in hop_faults(hop, mine.get(hop.ttl, {}), is_span):
                faults.append("%s: hop %d: %s" % (command, hop.ttl, fault))
    return len(runs), compared, faults


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, lab = sys.argv[1:]
    with open(os.path.join(lab, "labels.json"), encoding="utf-8") as file:
        entries = [e for e in json.load(file)["scenarios"]
                   if e["kind"] == "benign" and e.get("tool_output") and e["name"].startswith("b_")]
    failed = total = captures = 0
    for entry in entries:
        runs, compared, faults = check(program, lab, entry)
        if not runs:
            continue
        captures += 1
        total += compared
        failed += bool(faults)
        print("%s %s (%d runs, %d hops)" % ("FAIL" if faults else "ok  ", entry["name"], runs, compared))
        for fault in faults:
            print("     " + fault)
    print("%d captures of traceroutes, %d hops, %d differ" % (captures, total, failed))
    return 1 if failed or not captures else 0


if __name__ == "__main__":
    sys.exit(main())
