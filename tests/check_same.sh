#!/bin/sh
# The same packets give the same events: twice in a row byte for byte, and by
# whichever way they come in (gzip, zstd, lz4, standard input, cut in two).
# Only what names the file may differ then: log.file.path, the report's inputs,
# and behind a cut the frame numbers, which count within a file.
#
# usage: check_same.sh [CAPTURE]        (PROGRAM, default ./icmpscope)
set -eu
cd "$(dirname "$0")/.."
program=${PROGRAM:-./icmpscope}
capture=${1:-samples/tour.pcap}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

events() {
	"$program" -q "$@" -t all -o - --report none
}

# Events without what names the file.
unnamed() {
	sed -E 's/"log":\{"file":\{"path":"[^"]*"\}\},//; s/"inputs":\[[^]]*\],//'
}

# ... and without what counts frames within it.
uncounted() {
	unnamed | sed -E 's/"(frame|first_frame)":[0-9]+,?//g; s/"fragments":\[[0-9,]*\],?//g'
}

# same NAME WANTED FOUND
same() {
	if cmp -s "$2" "$3"; then
		echo "ok   $1"
	else
		echo "FAIL $1"
		diff "$2" "$3" | cut -c 1-400 | head -4
		failed=1
	fi
}

events -r "$capture" > "$dir/first"
[ -s "$dir/first" ] || { echo "FAIL $capture gives no events"; exit 1; }
events -r "$capture" > "$dir/second"
same "two runs" "$dir/first" "$dir/second"

unnamed < "$dir/first" > "$dir/wanted"
cp "$capture" "$dir/other.pcap"
gzip -k "$dir/other.pcap"
for tool in zstd lz4; do
	if command -v "$tool" > /dev/null 2>&1; then
		"$tool" -q -c "$dir/other.pcap" > "$dir/other.pcap.$tool"
	else
		echo "skip $tool: not installed"
	fi
done
for file in "$dir"/other.pcap*; do
	events -r "$file" | unnamed > "$dir/found"
	same "as ${file##*/}" "$dir/wanted" "$dir/found"
done
events -r - < "$capture" | unnamed > "$dir/found"
same "through standard input" "$dir/wanted" "$dir/found"
gzip -c "$capture" | events -r - | unnamed > "$dir/found"
same "through standard input, gzip" "$dir/wanted" "$dir/found"

# Each half keeps the file's header.
python3 - "$capture" "$dir" << 'EOF'
import struct
import sys

data = open(sys.argv[1], "rb").read()
order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}[data[:4]]
starts = [24]
while starts[-1] < len(data):
    starts.append(starts[-1] + 16 + struct.unpack_from(order + "I", data, starts[-1] + 8)[0])
middle = starts[len(starts) // 2]
for name, part in (("cut1", data[24:middle]), ("cut2", data[middle:])):
    with open("%s/%s.pcap" % (sys.argv[2], name), "wb") as file:
        file.write(data[:24] + part)
EOF
uncounted < "$dir/first" > "$dir/wanted"
events -r "$dir/cut1.pcap" -r "$dir/cut2.pcap" | uncounted > "$dir/found"
same "cut in two" "$dir/wanted" "$dir/found"
mkdir "$dir/folder"
mv "$dir/cut1.pcap" "$dir/cut2.pcap" "$dir/folder"
events -r "$dir/folder" | uncounted > "$dir/found"
same "cut in two, as a directory" "$dir/wanted" "$dir/found"
exit $failed
