#!/usr/bin/env python3
"""Hold tshark-is-wrong.tsv to its word: every entry is of a difference that there still is, none
is there twice, and each has the RFC and the section that decides.

usage: check_wrong.py PROGRAM CHECKER WRONG DIR...

CHECKER is the script that compares PROGRAM with the captures of DIR; it is run without WRONG.
"""
import re
import subprocess
import sys

DIFFERENCE = re.compile(r'DIFF (.+) frame (\d+) (\S+): tshark ')
REASON = re.compile(r'\(RFC \d+,? [A-Z0-9]')


def entries(path):
    """(capture, frame, field) and why, of each line"""
    for line in open(path, encoding='utf-8'):
        capture, frame, field, why = line.rstrip('\n').split('\t')
        yield (capture, frame, field), why


def differences(program, checker, folders):
    command = [sys.executable, checker, '--bar', '0', '--show', '1000000', program, *folders]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return {found.groups() for found in map(DIFFERENCE.match, done.stdout.splitlines()) if found}


def main():
    program, checker, wrong, *folders = sys.argv[1:]
    found, seen, faults = differences(program, checker, folders), set(), 0
    for key, why in entries(wrong):
        problems = [words for words, is_there in (
            ('is there twice', key in seen),
            ('is no difference any more', key not in found),
            ('names no section of an RFC', not REASON.search(why)),
        ) if is_there]
        seen.add(key)
        for words in problems:
            print('%s frame %s %s: %s' % (*key, words))
        faults += len(problems)
    print('%d entries, %d faults' % (len(seen), faults))
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
