#!/bin/sh
# Fails on an include that goes against the layers: decoders <- core <- track,
# detect, sink <- analyzer; and on a library outside the file that knows it.
cd "$(dirname "$0")/.." || exit 2
bad=0

# deny FILES... -- PATTERN WHY: no file may have an include that matches
deny() {
	files=
	while [ "$1" != -- ]; do files="$files $1"; shift; done
	# shellcheck disable=SC2086
	found=$(grep -nE "^#include $2" $files /dev/null)
	if [ -n "$found" ]; then
		printf '%s: %s\n' "$3" "$found"
		bad=1
	fi
}

# allow PATTERN FILES... : the library of PATTERN is included by FILES only
allow() {
	pattern=$1
	shift
	for file in $(grep -lE "^#include <$pattern" -r decoders analyzer --include='*.[ch]'); do
		case " $* " in
		*" $file "*) ;;
		*) printf 'only %s may include <%s: %s\n' "$*" "$pattern" "$file"; bad=1 ;;
		esac
	done
}

deny decoders/*.[ch] -- '"(analyzer|samples|tests)/' 'decoders include only themselves'
other=$(grep -n '^#include <' decoders/*.[ch] |
	grep -vE '<(assert|ctype|limits|stdbool|stddef|stdint|string|inttypes)\.h>')
if [ -n "$other" ]; then
	printf 'decoders include C headers only: %s\n' "$other"
	bad=1
fi
deny analyzer/core/*.[ch] -- '"analyzer/(track|detect|sink)/' 'core includes core and decoders'
deny analyzer/track/*.[ch] -- '"analyzer/(detect|sink)/' 'trackers know no detector and no sink'
deny analyzer/sink/*.[ch] -- '"analyzer/(track|detect)/' 'sinks know no tracker and no detector'
if ls analyzer/detect/*.[ch] > /dev/null 2>&1; then
	deny analyzer/detect/*.[ch] -- '"analyzer/(track|sink)/' 'detectors know no tracker and no sink'
fi
deny decoders/*.[ch] analyzer/*.[ch] analyzer/*/*.[ch] -- '"(samples|tests)/' 'nothing includes tests'

allow 'pcap' $(ls analyzer/capture*.[ch])
allow 'json' $(ls analyzer/sink/*.[ch]) analyzer/options_help.c analyzer/options.c
allow 'sodium' analyzer/core/hash.c
allow '(sha1|md5)' analyzer/sink/community_id.c
allow 'seccomp' analyzer/sandbox.c
allow 'cap-ng' analyzer/sandbox.c
allow 'yaml' analyzer/settings_yaml.c
allow 'zlib' analyzer/stream_gzip.c
allow 'zstd' analyzer/stream_zstd.c
allow 'lz4' analyzer/stream_lz4.c

# Only decoders/cursor.h looks at a packet's bytes.
raw=$(grep -nE '(->|\.)next\[|\(const struct [a-z_]+ \*\)[a-z_>.-]*bytes' decoders/*.c analyzer/track/*.c analyzer/sink/*.c)
if [ -n "$raw" ]; then
	printf 'bytes of packets are read through decoders/cursor.h: %s\n' "$raw"
	bad=1
fi
exit $bad
