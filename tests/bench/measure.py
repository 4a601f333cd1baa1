#!/usr/bin/env python3
"""Runs icmpscope and libpcap's bare loop in turn and prints what they cost.

usage: measure.py PROGRAM BARE_LOOP DIRECTORY      (tests/bench.sh calls it)

Cost is user plus system CPU of the process, from wait4. Program and yardstick
run in turn, BENCH_ROUNDS times (default 3), and each ratio is of one round, so
a machine that slows down slows both. Prints minimum, median and maximum; the
median is held against the bar. Ends with 1 on a missed bar only when
BENCH_STRICT is 1, and on a program that fails in any case.
"""
import json
import os
import statistics
import subprocess
import sys

MIB = 1 << 20


class Run:
    """One process run to its end, its output thrown away."""

    def __init__(self, *command):
        pid = os.fork()
        if pid == 0:
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1):
                os.dup2(null, fd)
            try:
                os.execv(command[0], command)
            finally:
                os._exit(127)
        _, status, usage = os.wait4(pid, 0)
        if status != 0:
            sys.exit("%s: exit status %d" % (" ".join(command), os.waitstatus_to_exitcode(status)))
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024


class Table:
    """Rows of figures against bars."""

    def __init__(self):
        self.missed = 0
        print("%-36s %8s %8s %8s  %s" % ("", "min", "median", "max", "bar"))

    def row(self, name, values, bar=None):
        middle = statistics.median(values)
        verdict = ""
        if bar is not None:
            verdict = "<= %-6g %s" % (bar, "PASS" if middle <= bar else "MISS")
            self.missed += middle > bar
        print("%-36s %8.2f %8.2f %8.2f  %s" % (name, min(values), middle, max(values), verdict),
              flush=True)


def count_events(program, capture):
    """How many exchange events a capture gives, by the program's own report."""
    done = subprocess.run([program, "-q", "-r", capture, "-o", os.devnull, "-t", "exchange",
                           "--report", "json"], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)["events"]


def count_packets(bare_loop, capture):
    done = subprocess.run([bare_loop, capture], stdout=subprocess.PIPE, check=True)
    return int(done.stdout.split()[0])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, bare_loop, directory = sys.argv[1:]
    rounds = int(os.environ.get("BENCH_ROUNDS", "3"))
    capture = {name: os.path.join(directory, name + ".pcap")
               for name in ("echo", "mixed", "random1", "random4")}

    def scope(name, *options):
        # --report - is thrown away, but it is made: its cost counts.
        return Run(program, "-q", "-r", capture[name], *options)

    def bare(name):
        return Run(bare_loop, capture[name])

    report = {name: [] for name in capture}
    yardstick = {name: [] for name in capture}
    silent, events = [], []
    # These runs also bring the captures into the page cache.
    packets = {name: count_packets(bare_loop, capture[name]) for name in capture}
    event_count = count_events(program, capture["echo"])
    for _ in range(rounds):
        for name in capture:
            report[name].append(scope(name))
            yardstick[name].append(bare(name))
        silent.append(scope("echo", "--report", "none"))
        events.append(scope("echo", "--report", "none", "-o", "/dev/null", "-t", "exchange"))

    def ratios(name):
        return [a.cpu_s / b.cpu_s for a, b in zip(report[name], yardstick[name])]

    table = Table()
    table.row("all ICMP, CPU / bare loop", ratios("echo"), 4)
    table.row("mixed, CPU / bare loop", ratios("mixed"), 1)
    table.row("random sources, CPU / bare loop", ratios("random4"))
    table.row("writing an exchange event, us",
              [(a.cpu_s - b.cpu_s) * 1e6 / event_count for a, b in zip(events, silent)], 0.8)
    for name in ("echo", "mixed", "random4"):
        table.row("peak memory, %s, MiB" % name, [run.peak / MIB for run in report[name]], 128)
    pairs = list(zip(report["random4"], report["random1"]))
    table.row("memory, 4 M / 1 M random sources", [a.peak / b.peak for a, b in pairs], 1.05)
    table.row("CPU, 4 M / 1 M random sources", [a.cpu_s / b.cpu_s for a, b in pairs], 4.4)
    for name in ("echo", "mixed", "random4"):
        size = os.path.getsize(capture[name])
        cpu = statistics.median(run.cpu_s for run in report[name])
        base = statistics.median(run.cpu_s for run in yardstick[name])
        print("%s: %.1f M packets, %.0f MB; icmpscope %.2f s, %.0f ns a packet; bare loop %.2f s"
              % (name, packets[name] / 1e6, size / 1e6, cpu, cpu * 1e9 / packets[name], base))
    return 1 if table.missed and os.environ.get("BENCH_STRICT") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
