#!/bin/sh
# Live capture between two network namespaces: frames, tags, tunnels, filters,
# privileges, errors and the loss of the interface. Needs root, ip and ping;
# without them it says so and exits 77. Takes about ten seconds.
#
# usage: tests/live.sh [PROGRAM], or PROGRAM in the environment

program=${1:-${PROGRAM:-./icmpscope}}

skip()
{
	echo "live: skipped: $1"
	exit 77
}

[ "$(id -u)" = 0 ] || skip "not root"
for tool in ip ping setpriv; do
	command -v $tool >/dev/null || skip "no $tool"
done
[ -x "$program" ] || { echo "live: no program at $program"; exit 1; }

here=icmpscope-$$-a
there=icmpscope-$$-b
work=$(mktemp -d)
pid=
failures=0

clean()
{
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
	ip netns del $here 2>/dev/null
	ip netns del $there 2>/dev/null
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

# A copy that any user can run.
chmod 755 "$work"
cp "$program" "$work/icmpscope"
chmod 755 "$work/icmpscope"
program=$work/icmpscope

ip netns add $here 2>/dev/null && ip netns add $there || skip "no network namespaces"

on_here()
{
	ip netns exec $here "$@"
}

on_there()
{
	ip netns exec $there "$@"
}

# Both ends of a cable. $1: the end's command prefix, $2: its last octet.
make_end()
{
	$1 ip link set lo up
	$1 ip addr add 10.99.0.$2/24 dev wire
	$1 ip addr add fd00:99::$2/64 dev wire nodad
	$1 ip link set wire up
}

# Two Ethernet frames on the wire, a request and its reply, with octets of an
# encapsulation between the addresses and the IPv4 header. $1: in hexadecimal.
send_within()
{
	on_there python3 - "$1" <<-'END'
		import socket, struct, sys
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("wire", 0))
		def checksum(b):
		    t = sum(struct.unpack("!%dH" % (len(b) // 2), b))
		    t = (t & 0xffff) + (t >> 16)
		    return struct.pack("!H", ~(t + (t >> 16)) & 0xffff)
		def ip(source, destination, payload):
		    h = struct.pack("!BBHHHBBH", 69, 0, 20 + len(payload), 1, 0, 64, 1, 0)
		    h += bytes([10, 9, 9, source, 10, 9, 9, destination])
		    return h[:10] + checksum(h) + h[12:] + payload
		def echo(kind):
		    b = struct.pack("!BBHHH8s", kind, 0, 0, 7, 1, b"icmpscop")
		    return b[:2] + checksum(b) + b[4:]
		within = bytes.fromhex(sys.argv[1])
		for source, destination, kind in (1, 2, 8), (2, 1, 0):
		    addresses = bytes([2, 0, 0, 0, 0, destination, 2, 0, 0, 0, 0, source])
		    s.send(addresses + within + ip(source, destination, echo(kind)))
	END
}

make_wire()
{
	ip link add wire netns $here type veth peer name wire netns $there ||
	    skip "no veth interfaces"
	make_end on_here 1
	make_end on_there 2
}

say()
{
	if [ "$1" = 0 ]; then
		echo "live: ok: $2"
	else
		echo "live: FAILED: $2"
		sed 's/^/live:   /' "$work/err" 2>/dev/null
		failures=$((failures + 1))
	fi
}

# is NAME ACTUAL EXPECTED
is()
{
	[ "$2" = "$3" ]
	result=$?
	[ $result = 0 ] || echo "live: $1: \"$2\", expected \"$3\"" >>"$work/err"
	say $result "$1"
}

# has NAME TEXT: standard error holds TEXT
has()
{
	grep -qF -- "$2" "$work/err"
	say $? "$1"
}

# A line of the running program's /proc/PID/status; the words behind the key.
status_of()
{
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status" 2>/dev/null | tr '\t' ' '
}

# Starts a capture and waits until its privileges are gone: then it listens.
start()
{
	rm -f "$work/events"
	(exec ip netns exec $here "$program" -o "$work/events" "$@") \
	    >"$work/out" 2>"$work/err" &
	pid=$!
	tries=0
	while [ "$(status_of NoNewPrivs)" != 1 ] && [ $tries -lt 60 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	sleep 0.1
}

# Ends it as a user does; its exit status is in $code.
stop()
{
	kill -INT "$pid" 2>/dev/null
	finish
}

# Waits for the end, five seconds at the most.
finish()
{
	tries=0
	while [ -d "/proc/$pid" ] && [ "$(status_of State)" != "Z (zombie)" ] &&
	    [ $tries -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	kill -9 "$pid" 2>/dev/null
	wait "$pid"
	code=$?
	pid=
}

# How many echo exchanges of a status were written.
exchanges()
{
	grep '"icmp\.exchange"' "$work/events" 2>/dev/null | grep '"echo"' |
	    grep -c "\"$1\""
}

# ping_to COUNT ADDRESS
ping_to()
{
	on_here ping -n -q -i 0.02 -W 1 -c "$1" "$2" >/dev/null 2>&1
}

make_wire
ping_to 1 10.99.0.2 # neighbors are resolved before anything is counted

# What every capture is for, and who it runs as.
start -i wire --report json:"$work/report"
is "runs as nobody" "$(status_of Uid)" "65534 65534 65534 65534"
is "has no groups of root" "$(status_of Groups | tr -d ' ')" 65534
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "has no capability in $set" "$(status_of $set)" 0000000000000000
done
is "cannot gain privileges" "$(status_of NoNewPrivs)" 1
is "is limited in system calls" "$(status_of Seccomp)" 2
ping_to 5 10.99.0.2
ping_to 3 fd00:99::2
stop
is "ends at SIGINT with 0" $code 0
is "writes every exchange" "$(exchanges answered)" 8
[ -s "$work/report" ]
say $? "writes the report"

# What the kernel must let through besides plain IP.
if command -v python3 >/dev/null; then
	while read -r encapsulation name; do
		start -i wire
		send_within "$encapsulation"
		stop
		is "looks into $name" "$(exchanges answered)" 1
	done <<-END
		0800 plain Ethernet
		8100000a0800 a VLAN
		88a800148100000a0800 a VLAN in a VLAN
		884700011140 MPLS
		88470001004000011140 two MPLS labels
		8100000a884700011140 MPLS in a VLAN
		88641100000100260021 PPPoE
		8100000a88641100000100260021 PPPoE in a VLAN
	END
else
	echo "live: skipped: encapsulations, no python3"
fi

# 3000 octets are three fragments, of which two have no ICMP header.
start -i wire
on_here ping -n -q -i 0.02 -s 3000 -c 3 10.99.0.2 >/dev/null 2>&1
on_here ping -n -q -i 0.02 -s 3000 -c 3 fd00:99::2 >/dev/null 2>&1
stop
is "gets all fragments" "$(exchanges answered)" 6

start -i any
ping_to 3 10.99.0.2
stop
is "captures on any" "$(exchanges answered)" 3

start -i lo -i wire
ping_to 3 10.99.0.2
ping_to 3 127.0.0.1
stop
is "captures on two interfaces" "$(exchanges answered)" 6

# What two interfaces see of the same frames is in order, whoever is read first.
start -i any -i wire --report text:"$work/report"
ping_to 10 10.99.0.2
sleep 0.4
ping_to 10 10.99.0.2
stop
is "ends at once on two interfaces" $code 0
is "sees both interfaces in order" "$(grep -c "back of the capture's clock" "$work/report")" 0
is "reports both interfaces" "$(grep -c '[0-9]  packets on \(any\|wire\)$' "$work/report")" 2
has "tells both interfaces" "listening on any, wire;"

# A silent interface keeps what the other sees only for a moment.
start -i lo -i wire
ping_to 1 10.99.0.2
sleep 0.5
is "waits little for a silent interface" "$(exchanges answered)" 1
stop

start -i wire icmp6
ping_to 3 10.99.0.2
ping_to 3 fd00:99::2
stop
is "applies a filter" "$(exchanges answered)" 3

start -i wire -w "$work/written"
ping_to 3 10.99.0.2
stop
"$program" -q --report none -o "$work/events" -r "$work/written" 2>"$work/err"
is "writes a capture that it reads" "$(exchanges answered)" 3

# A directory of evidence belongs to who writes it; an incident's file can be read.
start -i wire --evidence "$work/evidence"
on_here ping -n -q -f -c 2000 10.99.0.2 >/dev/null 2>&1
stop
id=$(sed -n 's/.*"alert_opened".*"alert":{"id":"\([0-9a-f]*\)".*/\1/p' "$work/events" | head -1)
is "writes evidence as nobody" "$(stat -c %U "$work/evidence/$id.pcapng")" nobody
"$program" -q --report none -o "$work/events" -t stats -r "$work/evidence/$id.pcapng" 2>"$work/err"
grep -q '"packets":256' "$work/events"
say $? "writes evidence that it reads"
mkdir "$work/roots"
on_here "$program" -i wire --evidence "$work/roots" 2>"$work/err" >/dev/null
is "exits with 1 for a directory of others" $? 1
has "tells who cannot write evidence" "user 65534 cannot create files in it"

start -i wire -c 4
ping_to 4 10.99.0.2
finish
is "ends after -c packets" "$code $(exchanges answered)" "0 2"

start -i wire
on_there ip link set wire down
sleep 0.2
on_there ip link set wire up
sleep 0.1
ping_to 3 10.99.0.2
stop
is "survives a link that goes down" "$code $(exchanges answered)" "0 3"

# What cannot be captured is said with what to do about it.
on_here setpriv --reuid 65534 --regid 65534 --clear-groups "$program" -i wire 2>"$work/err"
is "exits with 1 without permission" $? 1
has "tells how to get permission" "sudo setcap cap_net_raw,cap_net_admin=ep $program"
on_here "$program" -i wrie 2>"$work/err"
is "exits with 1 for no interface" $? 1
has "tells the right interface" "the nearest is \"wire\""
on_here "$program" -i wire icmp orr 2>"$work/err"
is "exits with 2 for a wrong filter" $? 2
on_here "$program" -i wire -Z no-such-user 2>"$work/err" >/dev/null
is "exits with 1 for an unknown user" $? 1

# The end of the interface is not the end of what was seen.
start -i wire
ping_to 3 10.99.0.2
on_here ip link del wire
finish
is "exits with 5 when the interface goes" "$code $(exchanges answered)" "5 3"
has "tells which" "wire"

[ $failures = 0 ] || echo "live: $failures failed"
[ $failures = 0 ]
