"""The published conditions of other products, written anew from what they publish.

RULES is the table. A condition sees every Message and Fragment of a capture in turn and
answers with the addresses that it would alert on, or None. Where a product asks whether
an address is inside or outside of a network, the condition does not: the benches of the
lab and of the corpus know no inside. The products themselves were not run.
"""
import collections
import math

from captures import Fragment, Message

REQUESTS = {(4, 8), (4, 13), (4, 15), (4, 17), (6, 128)}
ECHO = {(4, 8): "request", (4, 0): "reply", (6, 128): "request", (6, 129): "reply"}


def kind(message):
    return message.version, message.type


def pair(message):
    return frozenset((message.source, message.destination))


def entropy(data):
    """Shannon's, in bits an octet"""
    counts = collections.Counter(data)
    return -sum(n / len(data) * math.log2(n / len(data)) for n in counts.values())


class Rate:
    """how many times in the last `seconds` each key was seen"""

    def __init__(self, seconds):
        self.seconds = seconds
        self.times = collections.defaultdict(collections.deque)

    def count(self, key, now):
        times = self.times[key]
        times.append(now)
        while times[0] <= now - self.seconds:
            times.popleft()
        return len(times)


class FirstEntropy:
    """nDPI src/lib/ndpi_main.c: the first data of a flow, ICMPv4 that is not fragmented"""

    def __init__(self, limit):
        self.limit, self.seen = limit, set()

    def see(self, message):
        if message.version != 4 or message.fragmented or not message.payload or pair(message) in self.seen:
            return None
        self.seen.add(pair(message))
        return pair(message) if entropy(message.payload) >= self.limit else None


class ClientEntropy:
    """ntopng src/Flow.cpp: over the first packets of the flow's client"""

    def __init__(self, low, high, spread, packets):
        self.low, self.high, self.spread, self.packets = low, high, spread, packets
        self.clients, self.values = {}, collections.defaultdict(list)

    def see(self, message):
        if kind(message) not in ECHO or not message.payload:
            return None
        flow = pair(message)
        values = self.values[flow]
        if self.clients.setdefault(flow, message.source) != message.source or len(values) == self.packets:
            return None
        values.append(entropy(message.payload))
        odd = min(values) < self.low or max(values) > self.high or max(values) - min(values) > self.spread
        return flow if odd else None


class DataAbove:
    """one message with more data than `limit`"""

    def __init__(self, limit):
        self.limit = limit

    def see(self, message):
        return pair(message) if message.size > self.limit else None


class DatagramAbove(DataAbove):
    """one datagram longer than `limit`"""

    def see(self, message):
        return pair(message) if message.length > self.limit else None


class Transaction:
    """a request and its reply that have `limit` octets of data together"""

    def __init__(self, limit):
        self.limit, self.requests = limit, {}

    def see(self, message):
        if kind(message) not in ECHO:
            return None
        key = pair(message), message.rest
        if ECHO[kind(message)] == "request":
            self.requests[key] = message.size
            return pair(message) if message.size >= self.limit else None
        return pair(message) if self.requests.get(key, 0) + message.size >= self.limit else None


class PayloadChanges:
    """Sithari/icmp-exfil-detection: requests unlike the one before, replies unlike their request.
    It tells when a flow was quiet for five minutes, and forgets the flow then."""

    QUIET = 300
    STOCK = b"abcdefghijklmnopqrstuvwabcdefghi"
    TAIL = bytes(range(0x20, 0x38))

    def __init__(self, limit):
        self.limit, self.flows = limit, {}

    def see(self, message):
        if kind(message) not in ECHO:
            return None
        request = ECHO[kind(message)] == "request"
        ends = message.source, message.destination
        data = message.payload
        found = self.update(ends, message.time, data, request) if not self.stock(data) else False
        if not request:
            flow = self.flows.get(ends[::-1])
            if flow and flow["data"] != data:
                flow["replies"] += 1
                found = found or flow["replies"] > self.limit
        return pair(message) if found else None

    def stock(self, data):
        return data == self.STOCK or (len(data) == 56 and data[32:] == self.TAIL)

    def update(self, ends, now, data, request):
        flow = self.flows.get(ends)
        if flow is None or now - flow["last"] >= self.QUIET:
            flow = self.flows[ends] = {"data": data, "requests": 0, "replies": 0}
        elif request and flow["data"] != data:
            flow["requests"] += 1
        flow["data"], flow["last"] = data, now
        return flow["requests"] > self.limit


class LargeEchoes:
    """evernote/bro-scripts exfiltration/scripts/icmp.bro: many echoes above a size by one host"""

    def __init__(self, count, seconds, size):
        self.limit, self.size, self.rate = count, size, Rate(seconds)

    def see(self, message):
        if kind(message) not in ECHO or message.size + 8 <= self.size:
            return None
        return pair(message) if self.rate.count(message.source, message.time) >= self.limit else None


class Peers:
    """initconf/icmp-scans: distinct peers of one source, whatever the time"""

    SENT = {(4, 8), (6, 128)} | {(4, t) for t in range(13, 19)}

    def __init__(self, limit):
        self.limit, self.peers = limit, collections.defaultdict(set)

    def see(self, message):
        if kind(message) not in self.SENT:
            return None
        peers = self.peers[message.source]
        peers.add(message.destination)
        return frozenset((message.source,)) if len(peers) >= self.limit else None


class PortScan:
    """Snort 3 port_scan, icmp_sweep: `nets` counts changes of address, windows are not rolling"""

    OTHER_SCANS = {2, 3, 13}  # codes that it counts for protocol and port scans

    def __init__(self, scans, rejects, nets, window):
        self.scans, self.rejects, self.nets, self.window = scans, rejects, nets, window
        self.sources = {}

    def see(self, message):
        if (message.version, message.type) == (4, 3) and message.code not in self.OTHER_SCANS:
            scanner = self.sources.get(message.destination)
            if scanner is None:
                return None
            scanner["rejects"] += 1
            source = message.destination
        elif message.version == 4 and kind(message) in REQUESTS:
            source = message.source
            scanner = self.sources.get(source)
            if scanner is None or int(message.time) > scanner["until"]:
                scanner = self.sources[source] = {"until": int(message.time) + self.window, "last": None,
                                                  "scans": 0, "rejects": 0, "nets": 0}
            scanner["scans"] += 1
            scanner["nets"] += scanner["last"] != message.destination
            scanner["last"] = message.destination
        else:
            return None
        found = scanner["nets"] >= self.nets and (scanner["rejects"] >= self.rejects
                                                  or scanner["scans"] >= self.scans)
        return frozenset((source,)) if found else None


class Sent:
    """`limit` messages of `kinds` (None: any) by one source in `seconds`; `hosts`: to as many hosts"""

    def __init__(self, limit, seconds, kinds=REQUESTS, hosts=False):
        self.limit, self.kinds, self.hosts, self.rate = limit, kinds, hosts, Rate(seconds)
        self.targets = collections.defaultdict(collections.deque)

    def see(self, message):
        if self.kinds is not None and kind(message) not in self.kinds:
            return None
        count = self.rate.count(message.source, message.time)
        if self.hosts:
            targets = self.targets[message.source]
            targets.append(message.destination)
            while len(targets) > count:
                targets.popleft()
            count = len(set(targets))
        return frozenset((message.source,)) if count >= self.limit else None


class Received:
    """`limit` messages of `kinds` (None: any) to one destination in one second"""

    def __init__(self, limit, kinds=None, code=None):
        self.limit, self.kinds, self.code, self.rate = limit, kinds, code, Rate(1)

    def see(self, message):
        if self.kinds is not None and kind(message) not in self.kinds:
            return None
        if self.code is not None and message.code != self.code:
            return None
        count = self.rate.count(message.destination, message.time)
        return frozenset((message.destination,)) if count >= self.limit else None


class Seen:
    """one message of `kinds`, and of `codes` if there are any"""

    def __init__(self, kinds, codes=None):
        self.kinds, self.codes = kinds, codes

    def see(self, message):
        if kind(message) in self.kinds and (self.codes is None or message.code in self.codes):
            return pair(message)
        return None


class SmallMtu:
    """an error that asks for a smaller MTU than hosts must take"""

    def __init__(self, version4, version6):
        self.limits = version4, version6

    def see(self, message):
        if (message.version, message.type, message.code) == (4, 3, 4):
            small = int.from_bytes(message.rest[2:], "big") < self.limits[0]
        elif kind(message) == (6, 2):
            small = int.from_bytes(message.rest, "big") < self.limits[1]
        else:
            return None
        return pair(message) if small else None


class TooLarge:
    """Suricata src/defrag.c: a fragment that ends beyond the longest datagram"""

    sees = Fragment
    LONGEST = 65535

    def see(self, fragment):
        return pair(fragment) if fragment.end > self.LONGEST else None


class Overlap:
    """Suricata src/defrag.c: a fragment that covers octets of one before it"""

    sees = Fragment

    def __init__(self):
        self.ranges = collections.defaultdict(list)

    def see(self, fragment):
        ranges = self.ranges[fragment.whole]
        found = any(first < fragment.end and fragment.first < end for first, end in ranges)
        ranges.append((fragment.first, fragment.end))
        return pair(fragment) if found else None


Rule = collections.namedtuple("Rule", "family name make")

# family: the attacks that are counted there, in the words of the labels
FAMILIES = {
    "tunnel": {"icmp_tunnel"},
    "sweep": {"ping_sweep"},
    "flood": {"icmp_flood", "blacknurse", "smurf", "mld_flood", "nd_flood", "ra_flood"},
    "fragment": {"ping_of_death", "fragment_anomaly"},
    "redirect": {"icmp_redirect"},
    "path MTU": {"pmtu_attack"},
    "neighbor, router": {"ndp_spoof", "dad_dos", "nd_exhaustion", "rogue_ra", "rogue_irdp"},
    "forged error": {"icmp_tcp_reset"},
}

RULES = (
    Rule("tunnel", "nDPI: entropy of the first data >= 4.941", lambda: FirstEntropy(4.941)),
    Rule("tunnel", "ntopng: entropy < 5, > 6 or varying by 0.3", lambda: ClientEntropy(5, 6, 0.3, 10)),
    Rule("tunnel", "GPL 2100499: data > 800 octets", lambda: DataAbove(800)),
    Rule("tunnel", "Elastic: echo and reply >= 256 octets", lambda: Transaction(256)),
    Rule("tunnel", "Splunk: packet > 1000 octets", lambda: DatagramAbove(1000)),
    Rule("tunnel", "Zeek, icmp-exfil-detection: > 5 changes", lambda: PayloadChanges(5)),
    Rule("tunnel", "Zeek, evernote: 120 echoes > 110 octets in 2 min", lambda: LargeEchoes(120, 120, 110)),
    Rule("sweep", "Zeek, icmp-scans: 25 peers", lambda: Peers(25)),
    Rule("sweep", "Snort 3 port_scan, medium: 20 in 90 s", lambda: PortScan(20, 5, 5, 90)),
    Rule("sweep", "Trellix: > 20 requests in 60 s", lambda: Sent(21, 60)),
    Rule("sweep", "Juniper: 10 hosts in 5 ms", lambda: Sent(10, 0.005, {(4, 8), (6, 128)}, True)),
    Rule("sweep", "FortiGate: 100/s by a source", lambda: Sent(100, 1, None)),
    Rule("flood", "FortiGate, ntopng: 250/s to a host", lambda: Received(250)),
    Rule("flood", "Juniper: 1000/s to a host", lambda: Received(1000)),
    Rule("flood", "FastNetMon: 100 000/s to a host", lambda: Received(100000)),
    Rule("flood", "TDC-SOC: 250/s of type 3 code 3", lambda: Received(250, {(4, 3)}, 3)),
    Rule("flood", "Snort: 50/s router advertisements", lambda: Received(50, {(6, 134)})),
    Rule("flood", "Snort: 500/s neighbor advertisements", lambda: Received(500, {(6, 136)})),
    Rule("fragment", "Suricata: fragment beyond 65535", TooLarge),
    Rule("fragment", "Suricata: fragments overlap", Overlap),
    Rule("redirect", "Elastic: any redirect", lambda: Seen({(4, 5), (6, 137)})),
    Rule("redirect", "Snort 3: redirect of type 5", lambda: Seen({(4, 5)}, {0, 1})),
    Rule("path MTU", "Snort 3: MTU < 576, IPv6 < 1280", lambda: SmallMtu(576, 1280)),
)


def judge(packets, rules=RULES):
    """(rule, addresses, time) the first time that each rule speaks of each subject"""
    running = [(rule, rule.make(), set()) for rule in rules]
    for packet in packets:
        for rule, condition, told in running:
            if isinstance(packet, getattr(condition, "sees", Message)):
                subject = condition.see(packet)
                if subject and subject not in told:
                    told.add(subject)
                    yield rule, subject, packet.time
