#!/bin/sh
# Installs what is missing of the packages that icmpscope needs: asks
# pkg-config and the PATH first, then apt-get (through sudo when not root). On
# a system without apt-get it names the packages and stops.
#
# usage: deps.sh build|ci      ci: also what the longer checks need
set -eu

# "probe package": a pkg-config module, header file (/...) or command (!...)
BUILD="libpcap:libpcap-dev json-c:libjson-c-dev libsodium:libsodium-dev libmd:libmd-dev
libcap-ng:libcap-ng-dev libseccomp:libseccomp-dev zlib:zlib1g-dev libzstd:libzstd-dev
liblz4:liblz4-dev yaml-0.1:libyaml-dev cmocka:libcmocka-dev"
CI="!clang:clang !clang-tidy:clang-tidy !clang-format:clang-format !cppcheck:cppcheck
!python3:python3 !ip:iproute2 !ping:iputils-ping !zstd:zstd !lz4:lz4 !lcov:lcov
!capinfos:wireshark-common !tcpdump:tcpdump"

missing=
command -v pkg-config > /dev/null 2>&1 || missing="pkg-config"
case "${1:-build}" in
ci) wanted="$BUILD $CI" ;;
*) wanted="$BUILD" ;;
esac
for pair in $wanted; do
	probe=${pair%%:*}
	package=${pair#*:}
	case "$probe" in
	!*) command -v "${probe#!}" > /dev/null 2>&1 && continue ;;
	*) pkg-config --exists "$probe" 2> /dev/null && continue ;;
	esac
	missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get > /dev/null 2>&1; then
	echo "icmpscope needs these packages (Debian's names):$missing" >&2
	echo "install them with this system's package manager, then run make again" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo > /dev/null 2>&1 || {
		echo "icmpscope needs these packages; as root: apt-get install$missing" >&2
		exit 1
	}
	sudo=sudo
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
{
	$sudo apt-get update -qq
	$sudo apt-get install -y -qq --no-install-recommends $missing > /dev/null
}
