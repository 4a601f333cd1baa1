"""Reads ICMP out of captures with nothing of icmpscope: what the peers' rules judge.

read(path) yields, in the order of the file, a Message for each ICMP message (when it is
whole, if it came in fragments) and a Fragment for each piece of one. It reads pcap and
pcapng, plain or gzip, of the link types in LINKS, with VLAN tags, MPLS and PPPoE, and IP
in IP; what is in other tunnels, or of other link types, it leaves out.
"""
import collections
import gzip
import ipaddress
import struct

# rest: the last 4 of a message's first 8 octets; payload: what was captured of its data,
# which follows them; size: octets of data, length: of the datagram, as the IP header says
Message = collections.namedtuple(
    "Message", "time version source destination type code rest payload size length fragmented")
# first and end: octets of the datagram's payload; whole: which datagram it is of
Fragment = collections.namedtuple("Fragment", "time version source destination whole first end data")

IPV4, IPV6, MPLS = 0x0800, 0x86DD, 0x8847
TAGS = (0x8100, 0x88A8, 0x9100, 0x9200)
PPPOE, PPP_IPV4, PPP_IPV6 = 0x8864, 0x0021, 0x0057
ICMP, IP_IN_IP, IPV6_IN_IP, ICMPV6, FRAGMENT = 1, 4, 41, 58, 44
EXTENSIONS = (0, 43, 60)
FIXED, ICMP_HEADER = 40, 8


class Cut(Exception):
    """fewer octets than the format needs"""


def take(data, at, count):
    if at + count > len(data):
        raise Cut
    return data[at:at + count]


def number(data, at, count):
    return int.from_bytes(take(data, at, count), "big")


class Reader:
    """The packets of one capture; it remembers fragments."""

    PATIENCE = 60  # seconds that a datagram may take to become whole

    def __init__(self):
        self.datagrams = {}
        self.begun = 0

    def by_version(self, time, data):
        if data and data[0] >> 4 == 4:
            yield from self.ipv4(time, data)
        elif data and data[0] >> 4 == 6:
            yield from self.ipv6(time, data)

    def ethertype(self, time, kind, data):
        while kind in TAGS:
            kind, data = number(data, 2, 2), data[4:]
        if kind == PPPOE:
            kind, data = {PPP_IPV4: IPV4, PPP_IPV6: IPV6}.get(number(data, 6, 2)), data[8:]
        if kind == MPLS:
            while not number(data, 0, 4) >> 8 & 1:
                data = data[4:]
            data = data[4:]
        if kind in (IPV4, IPV6, MPLS):
            yield from self.by_version(time, data)

    def ipv4(self, time, data):
        header, length = (take(data, 0, 20)[0] & 15) * 4, number(data, 2, 2) or len(data)
        where = number(data, 6, 2)
        ends = tuple(ipaddress.IPv4Address(take(data, at, 4)) for at in (12, 16))
        body, left = data[header:length], length - header
        if where & 0x3FFF:
            yield from self.piece(time, 4, ends, (number(data, 4, 2), data[9]),
                                  (where & 0x1FFF) * 8, left, where & 0x2000, body, header)
        else:
            yield from self.inside(time, 4, ends, data[9], body, header, left)

    def ipv6(self, time, data):
        left, kind = number(data, 4, 2) or len(data) - FIXED, data[6]
        ends = tuple(ipaddress.IPv6Address(take(data, at, 16)) for at in (8, 24))
        yield from self.inside(time, 6, ends, kind, data[FIXED:FIXED + left], FIXED, left)

    def inside(self, time, version, ends, kind, body, header, left, fragmented=False):
        """what an IP header of `header` octets carries: `left` octets, `body` of them captured"""
        while version == 6 and kind in EXTENSIONS:
            size = (number(body, 1, 1) + 1) * 8
            kind, body, header, left = body[0], body[size:], header + size, left - size
        if version == 6 and kind == FRAGMENT:
            where = number(body, 2, 2)
            yield from self.piece(time, 6, ends, (number(body, 4, 4), body[0]), where & 0xFFF8,
                                  left - 8, where & 1, body[8:], header)
        elif kind in (IP_IN_IP, IPV6_IN_IP):
            yield from self.by_version(time, body)
        elif kind == (ICMP if version == 4 else ICMPV6):
            first = take(body, 0, ICMP_HEADER)
            yield Message(time, version, *ends, first[0], first[1], first[4:],
                          body[ICMP_HEADER:], left - ICMP_HEADER, header + left, fragmented)

    def piece(self, time, version, ends, identity, first, size, more, data, header):
        if identity[1] not in (ICMP, ICMPV6) + EXTENSIONS:
            return
        key = (version, *ends, *identity)
        datagram = self.datagrams.get(key)
        if datagram is None or time - datagram["since"] > self.PATIENCE:
            self.begun += 1
            datagram = self.datagrams[key] = {"since": time, "name": self.begun, "pieces": {}, "end": None}
        yield Fragment(time, version, *ends, datagram["name"], first, first + size, data)
        datagram["pieces"].setdefault(first, data)
        if not more:
            datagram["end"] = first + size
        body = joined(datagram["pieces"])
        if len(body) == datagram["end"]:
            del self.datagrams[key]
            yield from self.inside(time, version, ends, identity[1], body, header, len(body), True)


def joined(pieces):
    """the octets from the first on, up to the first gap"""
    body = b""
    for first in sorted(pieces):
        if first > len(body):
            break
        body += pieces[first][len(body) - first:]
    return body


# link type: octets before the payload, and how that is told: where an ethertype
# stands, or None where the IP version tells
LINKS = {
    1: (14, 12), 113: (16, 14), 276: (20, 0),
    0: (4, None), 108: (4, None), 9: (4, None), 12: (0, None), 14: (0, None),
    101: (0, None), 228: (0, None), 229: (0, None),
}


def pcap_records(data):
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    unit = 1e-9 if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1e-6
    extra = 8 if data[:4] == b"\x34\xcd\xb2\xa1" else 0
    link = struct.unpack(order + "I", take(data, 20, 4))[0] & 0xFFFF
    at = 24
    while at < len(data):
        seconds, part, captured = struct.unpack(order + "III", take(data, at, 12))
        at += 16 + extra
        yield link, seconds + part * unit, take(data, at, captured)
        at += captured


def pcapng_records(data):
    at, order, links = 0, "<", []
    while at < len(data):
        if take(data, at, 4) == b"\x0a\x0d\x0d\x0a":
            order = "<" if take(data, at + 8, 4) == b"\x4d\x3c\x2b\x1a" else ">"
            links = []
        kind, size = struct.unpack(order + "II", take(data, at, 8))
        block = take(data, at, size)
        if size < 12:
            raise Cut
        if kind == 1:
            links.append((struct.unpack(order + "H", take(block, 8, 2))[0], tick(block, order)))
        elif kind == 6:
            where, high, low, captured = struct.unpack(order + "IIII", take(block, 8, 16))
            if where < len(links):
                link, unit = links[where]
                yield link, (high << 32 | low) * unit, take(block, 28, captured)
        at += size


def tick(block, order):
    """the unit of an interface's times: option if_tsresol, else a microsecond"""
    at = 16
    while at + 4 <= len(block) - 4:
        code, size = struct.unpack(order + "HH", take(block, at, 4))
        if code == 9:
            return 2.0 ** -(block[at + 4] & 127) if block[at + 4] & 128 else 10.0 ** -block[at + 4]
        if code == 0:
            break
        at += 4 + (size + 3) // 4 * 4
    return 1e-6


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    records = pcapng_records if data[:4] == b"\x0a\x0d\x0d\x0a" else pcap_records
    reader = Reader()
    try:
        for link, time, frame in records(data):
            if link not in LINKS:
                continue
            header, kind = LINKS[link]
            try:
                if kind is None:
                    yield from reader.by_version(time, frame[header:])
                else:
                    yield from reader.ethertype(time, number(frame, kind, 2), frame[header:])
            except Cut:
                continue
    except (Cut, struct.error):
        return
