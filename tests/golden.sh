#!/bin/sh
# Runs the program over the samples as tests/golden/LIST says and compares what
# it prints, on standard output and standard error, and its exit status.
#
# usage: golden.sh                  all rows
#        golden.sh --update [NAME]  rewrites the expected output, shows the diff
#        golden.sh --coverage       is everything that can be said said somewhere?
#
# PROGRAM names the binary (./icmpscope). tests/README.md tells how to add a row.
cd "$(dirname "$0")/.." || exit 2
PROGRAM=${PROGRAM:-./icmpscope}
GOLDEN=tests/golden
TAB=$(printf '\t')
export PROGRAM GOLDEN

# Rows without comments: name, samples, options, exit status.
rows() {
	grep -v '^#' "$GOLDEN/LIST" | grep .
}

# run ROW: what the program prints for it, and a last line if the status is wrong
run() {
	IFS=$TAB read -r _ samples options expected <<-END
		$1
	END
	[ "$options" = - ] && options=
	reads=''
	input=/dev/null
	for sample in $samples; do
		case "$sample" in
		'<'*) reads="$reads -r -" input="samples/${sample#<}" ;;
		*) reads="$reads -r samples/$sample" ;;
		esac
	done
	# shellcheck disable=SC2086
	"$PROGRAM" $reads $options < "$input" 2>&1
	status=$?
	[ "$status" -eq "$expected" ] || echo "exit status $status, expected $expected"
}

# One row of a worker: prints the diff and fails when there is one.
if [ "$1" = --row ]; then
	name=${2%%"$TAB"*}
	if run "$2" | diff -u "$GOLDEN/$name.out" - > "$3/$name.diff" 2>&1; then
		rm "$3/$name.diff"
	fi
	exit 0
fi

# update NAME|"": rewrites one expected output, or all
update() {
	found=0
	rows > "$scratch/rows"
	: > "$scratch/wrong"
	while IFS= read -r row; do
		name=${row%%"$TAB"*}
		[ -z "$1" ] || [ "$name" = "$1" ] || continue
		found=1
		run "$row" > "$scratch/printed"
		grep '^exit status ' "$scratch/printed" | sed "s/^/$name: /" >> "$scratch/wrong"
		grep -v '^exit status ' "$scratch/printed" > "$scratch/out"
		[ -f "$GOLDEN/$name.out" ] || : > "$GOLDEN/$name.out"
		diff -u "$GOLDEN/$name.out" "$scratch/out"
		cp "$scratch/out" "$GOLDEN/$name.out"
	done < "$scratch/rows"
	[ "$found" = 1 ] || { echo "$GOLDEN/LIST has no row $1"; return 1; }
	# a wrong exit status is no output to expect: the row goes on failing
	cat "$scratch/wrong"
	[ ! -s "$scratch/wrong" ]
}

# said WHAT: every line of standard input occurs in some output
said() {
	missing=
	while read -r word; do
		grep -qF "$word" "$scratch/said" || missing="$missing $word"
	done
	if [ -n "$missing" ]; then
		echo "no golden output shows these $1:$missing"
		bad=1
	fi
}

# section HEADING: the lines of a section of decoders/TYPES.md
section() {
	awk -v heading="## $1" '/^## / { inside = $0 == heading; next } inside' decoders/TYPES.md
}

# walked: the link types of reports in JSON, and the names in paths of events
walked() {
	cat "$GOLDEN"/*.out | sed -n '/"links": \[/,/\]/s/.*"type": \([0-9]*\),/link type \1./p'
	cat "$GOLDEN"/*.out | grep -o '"encapsulation":\[[^]]*\]' | sort -u | cut -d'[' -f2 |
		tr -d '"]' | tr ',' '\n' | sed 's/:.*//; s/^/encapsulation /; s/$/./' | sort -u
}

coverage() {
	bad=0
	cat "$GOLDEN"/*.out > "$scratch/said"
	for table in 'ICMPv4 messages' 'ICMPv6 messages'; do
		section "$table" | sed -n 's/^### ICMPv[46] [0-9/]* \([a-z0-9_]*\).*/"name":"\1"/p'
	done > "$scratch/names"
	section 'Records in lists' |
		sed -n 's/^### .* [0-9/]* \([a-z0-9_]*\)$/"name":"\1"/p' > "$scratch/records"
	grep -v -e '| must be zero' -e '| padding' -e '| tells what follows' decoders/TYPES.md |
		sed -n 's/^|[^|]*|[^|]*| `\([a-z0-9_]*\)` | .*/"\1":/p' | sort -u > "$scratch/fields"
	sed -n 's/^Codes: //p' decoders/TYPES.md | grep -o '`[a-z0-9_]*`' | tr -d '`' |
		sort -u > "$scratch/codes"
	section Anomalies | sed -n 's/^| `\([a-z0-9_]*\)` .*/\1/p' > "$scratch/anomalies"
	section Encapsulations | sed -n 's/^### \([a-z0-9_]*\)$/encapsulation \1./p' |
		grep -v 'vsock' > "$scratch/headers" # its frames carry no network
	# reports show 11, 12, 14 and 19 of a file as what they mean: 100, 101 and 106
	section Encapsulations | grep -o 'link type [0-9]*' | sort -u | sed 's/$/./' |
		grep -vE ' (11|12|14|19)\.' > "$scratch/links"
	walked >> "$scratch/said"
	for list in names records fields codes anomalies headers links; do
		[ -s "$scratch/$list" ] || { echo "decoders/TYPES.md lists no $list"; bad=1; }
	done
	said 'messages' < "$scratch/names"
	said 'options, records and objects' < "$scratch/records"
	said 'fields' < "$scratch/fields"
	said 'codes' < "$scratch/codes"
	said 'anomalies' < "$scratch/anomalies"
	said 'encapsulations' < "$scratch/headers"
	said 'link types' < "$scratch/links"
	for sample in samples/*.pcap*; do
		name=${sample#samples/}
		rows | cut -f2 | tr ' ' '\n' | sed 's/^<//' | grep -qxF "$name" ||
			{ echo "no row of $GOLDEN/LIST reads $sample"; bad=1; }
		grep -qF "\`$name\`" samples/README.md ||
			{ echo "samples/README.md does not tell of $name"; bad=1; }
	done
	for out in "$GOLDEN"/*.out; do
		rows | cut -f1 | grep -qx "$(basename "$out" .out)" ||
			{ echo "no row of $GOLDEN/LIST makes $out"; bad=1; }
	done
	[ "$bad" = 0 ] && echo "golden outputs cover every message, option, field, code, link type," \
		"encapsulation, anomaly and sample"
	return "$bad"
}

scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
case "$1" in
--update)
	update "$2"
	exit
	;;
--coverage)
	coverage
	exit
	;;
esac

rows | tr '\n' '\0' | xargs -0 -P 2 -I '{}' "$0" --row '{}' "$scratch"
cat "$scratch"/*.diff 2> /dev/null
failed=$(find "$scratch" -name '*.diff' | wc -l)
echo "golden: $(($(rows | wc -l) - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
