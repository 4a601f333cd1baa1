#!/bin/sh
# Holds the README's example to what the program prints: its second block is
# the beginning of the report on samples/tour.pcap.
#
# usage: readme.sh            compare
#        readme.sh --update   rewrite the block
set -eu
cd "$(dirname "$0")/.."
program=${PROGRAM:-./icmpscope}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk -v block=0 '/^```/ { block++; next } block == 3' README.md > "$work/shown"
"$program" -r samples/tour.pcap > "$work/report"
if [ "${1:-}" = --update ]; then
	lines=$(wc -l < "$work/shown")
	head -n "${LINES_SHOWN:-$lines}" "$work/report" > "$work/shown"
	awk -v block=0 -v shown="$work/shown" '
	/^```/ { block++; print; if (block == 3) while ((getline line < shown) > 0) print line; next }
	block != 3' README.md > "$work/new"
	cp "$work/new" README.md
	exit 0
fi
head -n "$(wc -l < "$work/shown")" "$work/report" | diff -u "$work/shown" - || {
	echo "README.md shows another report: tests/readme.sh --update"
	exit 1
}
