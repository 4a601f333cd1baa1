#!/bin/sh
# The acceptance checks: what the program makes of recorded captures whose
# truth is known. What is not there is skipped, and said so.
#
# usage: checks.sh
#   PROGRAM           default ./icmpscope
#   ASAN_PROGRAM      default build-asan/icmpscope (make asan)
#   ICMPSCOPE_SHARED  where the recorded captures and their tools are, default
#                     ../shared: corpus/{dev,synth,vectors}, lab/dev, tools
#   CHECK_BAR         percent of decoded fields that must agree, default 100, but for
#                     those of tests/tshark-is-wrong.tsv
set -u
cd "$(dirname "$0")/.." || exit 2
program=${PROGRAM:-./icmpscope}
asan_program=${ASAN_PROGRAM:-build-asan/icmpscope}
shared=${ICMPSCOPE_SHARED:-../shared}
bar=${CHECK_BAR:-100}
corpus=$shared/corpus
lab=$shared/lab/dev

# One capture may only end well (0) or be damaged (3), with and without going
# on after damage; anything else is a crash, a sanitizer's finding or a hang.
if [ "${1:-}" = --survive ]; then
	for how in "" --resync; do
		# shellcheck disable=SC2086
		timeout 120 "$asan_program" -q -r "$2" $how -t all -o /dev/null --report json \
		    > /dev/null 2> "$3/stderr.$$"
		status=$?
		case $status in
		0 | 3) ;;
		*)
			echo "$2 $how: exit status $status"
			tail -3 "$3/stderr.$$"
			;;
		esac
	done
	rm -f "$3/stderr.$$"
	exit 0
fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0 skipped=0

# check NAME COMMAND...: the command's last lines are shown, all of them on failure
check() {
	name=$1
	shift
	if "$@" > "$dir/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok   $name: $(tail -1 "$dir/log")"
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		tail -40 "$dir/log"
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "skip $1: $2"
}

# needs NAME FILE...: whether all of it is there
needs() {
	name=$1
	shift
	for file; do
		if ! [ -e "$file" ]; then
			skip "$name" "$file is not there"
			return 1
		fi
	done
}

survive() {
	find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.jsonl.gz' \
	    ! -name '*.[ch]' -print0 | sort -z > "$dir/captures"
	xargs -0 -P 2 -I '{}' "$0" --survive '{}' "$dir" < "$dir/captures" > "$dir/found"
	cat "$dir/found"
	echo "$(tr -cd '\0' < "$dir/captures" | wc -c) captures, twice each"
	[ -s "$dir/captures" ] && ! [ -s "$dir/found" ]
}

needs "the same events by every way" samples/tour.pcap &&
	check "the same events by every way" env PROGRAM="$program" tests/check_same.sh
needs "decoding against tshark" "$shared/tools/check_decode.py" "$corpus/dev" &&
	check "decoding against tshark, bar $bar %" \
	    python3 "$shared/tools/check_decode.py" --bar "$bar" \
	    --wrong tests/tshark-is-wrong.tsv "$program" "$corpus/dev" "$corpus/synth"
needs "where tshark is wrong" "$shared/tools/check_decode.py" "$corpus/dev" &&
	check "where tshark is wrong" python3 tests/check_wrong.py "$program" \
	    "$shared/tools/check_decode.py" tests/tshark-is-wrong.tsv "$corpus/dev" "$corpus/synth"
needs "pairs against ping" "$lab/labels.json" &&
	check "pairs against ping" python3 tests/check_ping.py "$program" "$lab"
needs "traceroutes against their tools" "$lab/labels.json" &&
	check "traceroutes against their tools" python3 tests/check_path.py "$program" "$lab"
needs "alerts, and other products' rules" "$lab/labels.json" "$corpus/dev" &&
	check "alerts, and other products' rules" python3 tests/peers/bench.py --list \
	    --program "$program" --corpus "$corpus/dev" "$lab"
needs "attacks of the lab" "$shared/tools/check_lab.py" "$lab/labels.json" &&
	check "attacks of the lab" \
	    python3 "$shared/tools/check_lab.py" --alerts "$program" "$lab"
needs "alerts of recorded captures" "$corpus/dev" &&
	check "alerts of recorded captures" \
	    python3 tests/check_alerts.py "$program" tests/README.md "$corpus/dev"
for captures in samples "$corpus/dev" "$corpus/synth" "$corpus/vectors" "$lab/pcaps"; do
	needs "sanitizers over $captures" "$asan_program" "$captures" &&
		check "sanitizers over $captures" survive "$captures"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
