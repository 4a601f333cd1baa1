#!/usr/bin/env python3
"""Hold the report's pairs against what the ping programs themselves printed.

usage: check_ping.py PROGRAM LAB          (LAB holds labels.json and pcaps/)

For each recorded run of ping, b_ping*, the report's pairs must agree
- with ping's own summary (truth.tool_ping, the runs of one pair taken together):
  sent, received and loss exactly; minimum, average and maximum RTT 0 to 0.2 ms
  below ping's, for ping counts in its own way through the kernel and the
  capture was taken one hop on (its three decimals allow 1 us the other way);
- with an independent reading of the capture (pcap_truth): counts exactly, RTTs
  to 2 us, or 0.2 ms where datagrams came in fragments, whose first it timed.
Where one of the two did not see the same, only the other is asked: requests that
the sender's own kernel refused (`ping -M do` once the path MTU is known: "local
error") were counted by ping and never sent; crafted runs have no ping; and what
was captured elsewhere than at the span was not read by the independent reader.
Exit status: 0 when all agree.
"""
import collections
import json
import os
import subprocess
import sys

SPAN_OFFSET_MS = 0.2
PRINTED_MS = 0.001
CAPTURE_MS = 0.002
FRAGMENTS_MS = 0.2


class Figures:
    """sent, received and RTTs in ms of one pair; runs add up."""

    def __init__(self):
        self.sent = self.received = self.timed = 0
        self.total = 0.0
        self.lowest, self.highest = float("inf"), 0.0

    def add(self, sent, received, rtts):
        self.sent += sent
        self.received += received
        if None not in rtts:
            lowest, average, highest = rtts
            self.timed += received
            self.total += average * received
            self.lowest = min(self.lowest, lowest)
            self.highest = max(self.highest, highest)

    def rtts(self):
        if not self.timed:
            return ()
        return (("min", self.lowest), ("avg", self.total / self.timed), ("max", self.highest))

    def differences(self, reported, below, above):
        """what a reported pair says otherwise; RTTs may be `below` less, `above` more"""
        for name, mine, theirs in (("sent", reported["sent"], self.sent),
                                   ("received", reported["received"], self.received)):
            if mine != theirs:
                yield "%s %d, not %d" % (name, mine, theirs)
        loss = (self.sent - self.received) * 1e6 / self.sent if self.sent else 0
        if abs(reported["loss_ppm"] - loss) > 1:
            yield "loss %d ppm, not %.0f" % (reported["loss_ppm"], loss)
        for name, theirs in self.rtts():
            mine = reported.get("rtt", {}).get(name + "_ns", 0) / 1e6
            if not -below - 1e-9 <= mine - theirs <= above + 1e-9:
                yield "rtt %s %.3f ms, not %.3f" % (name, mine, theirs)


def by_ping(entry):
    pairs = collections.defaultdict(Figures)
    for run in entry["truth"].get("tool_ping", ()):
        pairs[run["target"]].add(run["transmitted"], run["received"],
                                 [run.get("rtt_%s_ms" % name) for name in ("min", "avg", "max")])
    return pairs


def by_capture(entry):
    pairs = collections.defaultdict(Figures)
    for session in entry["pcap_truth"]["echo_sessions"]:
        pairs[session["dst"]].add(
            session["unique_seq"], session["answered"],
            [session.get("rtt_%s_ms" % name) for name in ("min", "avg", "max")])
    return pairs


def report(program, capture):
    done = subprocess.run([program, "-q", "-r", capture, "--report", "json"],
                          stdout=subprocess.PIPE, check=True, timeout=60)
    pairs = json.loads(done.stdout).get("pairs", ())
    return {pair["destination"]["ip"]: pair for pair in pairs if pair["family"] == "echo"}


def refused_by_kernel(lab, entry):
    """whether ping counted requests that never reached the wire"""
    printed = os.path.join(lab, entry["tool_output"]) if entry.get("tool_output") else ""
    if not os.path.exists(printed):
        return False
    with open(printed, encoding="utf-8", errors="replace") as file:
        return "local error" in file.read()


def check(program, lab, entry):
    reported = report(program, os.path.join(lab, "pcaps", entry["file"]))
    wanted = []
    if entry["capture"]["point"].startswith("span"):
        fragments = entry["pcap_truth"]["icmp_fragmented_datagrams"] > 0
        nearness = FRAGMENTS_MS if fragments else CAPTURE_MS
        wanted.append(("capture", by_capture(entry), nearness, nearness))
    if not refused_by_kernel(lab, entry):
        wanted.append(("ping", by_ping(entry), SPAN_OFFSET_MS, PRINTED_MS))
    faults = []
    for witness, pairs, below, above in wanted:
        for target, figures in pairs.items():
            if target not in reported:
                faults.append("%s: %s is not in the report" % (witness, target))
                continue
            for difference in figures.differences(reported[target], below, above):
                faults.append("%s: %s: %s" % (witness, target, difference))
    return len(wanted), sum(len(pairs) for _, pairs, _, _ in wanted), faults


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, lab = sys.argv[1:]
    with open(os.path.join(lab, "labels.json"), encoding="utf-8") as file:
        entries = [e for e in json.load(file)["scenarios"] if e["name"].startswith("b_ping")]
    failed = 0
    for entry in entries:
        witnesses, compared, faults = check(program, lab, entry)
        failed += bool(faults)
        print("%s %s (%d pairs, %d witnesses)"
              % ("FAIL" if faults else "ok  ", entry["name"], compared, witnesses))
        for fault in faults:
            print("     " + fault)
    print("%d captures of ping, %d differ" % (len(entries), failed))
    return 1 if failed or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
