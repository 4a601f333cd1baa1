#!/usr/bin/env python3
"""Hold the table of alerts in README.md to its word: captures raise the incidents that it
lists, and no others.

usage: check_alerts.py PROGRAM README DIR

A row is `| pattern of file names | rule | severity | how many of each capture | why |`.
"""
import collections
import concurrent.futures
import fnmatch
import json
import os
import re
import subprocess
import sys

ROW = re.compile(r'\| `([^`]+)` \| (\w+) \| (low|medium|high|critical) \| (\d+) \| .+ \|$')


def incidents(program, path):
    """(rule, worst severity) of each incident"""
    command = [program, '-q', '-r', path, '-t', 'alert', '-o', '-', '--report', 'none']
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    latest = {}
    for line in done.stdout.splitlines():
        event = json.loads(line)
        alert = event['icmp']['alert']
        latest[alert['id']] = (event['rule']['name'], alert['severity'])
    return collections.Counter(latest.values())


def main():
    program, readme, folder = sys.argv[1:]
    rows = [found.groups() for found in map(ROW.match, open(readme, encoding='utf-8')) if found]
    names = sorted(os.listdir(folder))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        paths = (os.path.join(folder, name) for name in names)
        raised = dict(zip(names, pool.map(lambda path: incidents(program, path), paths)))
    listed, faults = collections.defaultdict(collections.Counter), 0
    for pattern, rule, severity, count, in rows:
        for name in fnmatch.filter(names, pattern):
            listed[name][rule, severity] += int(count)
    for name in names:
        if raised[name] != listed[name]:
            faults += 1
            print(f'{name}: raises {dict(raised[name])}, listed are {dict(listed[name])}')
    alerting = sum(1 for name in names if raised[name])
    total = sum(sum(found.values()) for found in raised.values())
    print(f'{len(names)} captures, {total} incidents in {alerting} of them, {faults} not as listed')
    return faults > 0 or not rows


if __name__ == '__main__':
    sys.exit(main())
