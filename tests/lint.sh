#!/bin/sh
# clang-tidy (.clang-tidy) and cppcheck over all of our C, two files at a time.
# Neither may have anything to say.
#
# usage: lint.sh [CPPFLAGS]        (make lint hands over its own)
set -u
cd "$(dirname "$0")/.." || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# The version's quotes do not outlive a make and two shells; any will do here.
flags='-I. -D_DEFAULT_SOURCE'
for flag in ${1:-$(pkg-config --cflags json-c 2> /dev/null)}; do
	case $flag in
	-DICMPSCOPE_VERSION=*) ;;
	*) flags="$flags $flag" ;;
	esac
done
version='-DICMPSCOPE_VERSION="0"'
files=$(ls decoders/*.c analyzer/*.c analyzer/*/*.c samples/*.c tests/*.c tests/*/*.c 2> /dev/null)

# One file a run: with several, version 14 takes every va_list after the first
# file for uninitialized. What it prints of a file is written at once.
# shellcheck disable=SC2016,SC2086
echo "$files" | xargs -P 2 -I '{}' sh -c \
    'file=$1; shift; found=$(clang-tidy --quiet "$file" -- "$@" 2> /dev/null); status=$?
	[ -z "$found" ] || echo "$found"; exit $status' \
    lint '{}' -std=c11 $flags "$version" > "$dir/tidy" || failed=1
grep -E ': (warning|error): ' "$dir/tidy" | sort -u > "$dir/findings"
cat "$dir/findings"
echo "clang-tidy: $(grep -c . "$dir/findings") findings in $(echo "$files" | wc -l) files"

# An initial value that two variables share is no mistake here.
# shellcheck disable=SC2086
cppcheck --quiet -j 2 --std=c11 --language=c --enable=warning,performance,portability \
    --inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
    --suppress=duplicateAssignExpression \
    --template='{file}:{line}: {severity}: {message} [{id}]' \
    -I. -D_DEFAULT_SOURCE "$version" $files 2> "$dir/cppcheck" || failed=1
cat "$dir/cppcheck"
echo "cppcheck: $(grep -c . "$dir/cppcheck") findings"
exit "$failed"
