#!/bin/sh
# Measures icmpscope against libpcap's bare read loop over the same captures
# and prints ratios with the bars they are held to. Timing is no test: a missed
# bar fails only with BENCH_STRICT=1.
#
# usage: [BENCH_ROUNDS=3] [BENCH_PERCENT=100] [BENCH_STRICT=0] bench.sh
# (make bench builds what it needs; BENCH_PERCENT=5 is a quick look)
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
percent=${BENCH_PERCENT:-100}
captures=$build/bench/$percent

# Written beside, then renamed: a capture that is there is whole.
if [ -z "$(find "$captures" -prune -newer "$build/tests/bench/capture_gen" 2> /dev/null)" ]; then
	echo "writing the captures to $captures"
	rm -rf "$captures" "$captures.part"
	mkdir -p "$captures.part"
	"$build/tests/bench/capture_gen" "$captures.part" "$percent"
	mv "$captures.part" "$captures"
	touch "$captures"
fi
exec python3 tests/bench/measure.py "${PROGRAM:-./icmpscope}" \
	"$build/tests/bench/bare_loop" "$captures"
