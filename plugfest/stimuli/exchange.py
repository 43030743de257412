"""Everything that is asked of one pair of hosts, in one go: every verb in every size, then many queue pairs.

Recorded at both ends and at the first switch's ways on; judged by many tests afterwards.
"""

from pathlib import Path

from plugfest.captures.following import KnownPair
from plugfest.captures.join import PointDifference, join
from plugfest.captures.point import PointView, excerpt, view
from plugfest.captures.table import read_table
from plugfest.devices.records import RdmaCounters
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Capability, PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.stimuli.capture_points import HEADERS, WHOLE_FRAMES, PortCapture, captures
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.rdma_endpoint import RdmaConnection
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan, RdmaResult

SIZES = (1, 1024, 4096, 65_536, 1_048_576)
"""Bytes per message: one byte, one small packet, one full packet, many, very many."""
DATA_VERBS = (Verb.WRITE, Verb.WRITE_WITH_IMMEDIATE, Verb.READ, Verb.SEND, Verb.SEND_WITH_IMMEDIATE)
ATOMIC_VERBS = (Verb.FETCH_ADD, Verb.COMPARE_SWAP)
TRAFFIC_CLASS = 106
"""DSCP 26 and ECT(0): the usual marking of RoCE data."""
START_PSN = 0xFFFFF0
"""Just before the 24-bit packet sequence number wraps."""
PACKET_COUNTERS = ("sent_pkts", "rcvd_pkts")
"""What Soft-RoCE calls its counters of RoCEv2 packets; other drivers count packets of all kinds."""
MANY = 16
"""Queue pairs for questions about spreading; at least four for each of up to four equal paths."""

ALL_VERBS = RdmaPlan(
    operations=(
        *(RdmaOperation(verb=verb, size=size) for verb in DATA_VERBS for size in SIZES),
        *(RdmaOperation(verb=verb, size=8, messages=6) for verb in ATOMIC_VERBS),
    ),
    path_mtu=4096,
    start_psn=START_PSN,
    traffic_class=TRAFFIC_CLASS,
    seconds=60,
)
MANY_QUEUE_PAIRS = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=16_384, messages=2),), queue_pairs=MANY, path_mtu=1024, seconds=60
)


class Exchange(Record):
    """What was done between two hosts and what was recorded of it."""

    pair: str
    verbs: RdmaResult
    """Every verb in every size on one queue pair that starts just before its PSN wraps."""
    many: RdmaResult
    """Writes on many queue pairs at once."""
    captures: dict[str, PortCapture]
    """By port, such as ``h1:eth1``; ports that cannot be captured at are missing."""
    views: dict[str, PointView]
    """What the captures say, by port."""
    onward: tuple[str, ...]
    """Ports by which the first switch sends the traffic on."""
    difference: PointDifference | None
    """What changed between the client's port and the server's; None if not both were captured."""
    excerpts: dict[str, Path]
    """The first frames of each capture in a small file, for reading, by port."""
    nic_before: dict[str, RdmaCounters]
    """NIC counters by host before the traffic."""
    nic_after: dict[str, RdmaCounters]

    def packets_counted(self, host: str) -> int | None:
        """RoCEv2 packets that the NIC of `host` sent and received meanwhile; None if it does not count them."""
        before, after = self.nic_before.get(host), self.nic_after.get(host)
        if before is None or after is None or not set(PACKET_COUNTERS) <= before.values.keys() & after.values.keys():
            return None
        return sum(after.values[name] - before.values[name] for name in PACKET_COUNTERS)


def capture_points(pair: HostPair) -> dict[PortReference, int]:
    """Where a pair's traffic is recorded: whole frames at the ends, headers where the first switch sends it on."""
    onward = {path.segments[1].sender: HEADERS for path in pair.paths if len(path.segments) > 1}
    return {pair.client_port: WHOLE_FRAMES, pair.server_port: WHOLE_FRAMES, **onward}


def run_exchange(pair: HostPair, devices: Roster, endpoints: RdmaEndpoints, folder: Path) -> Exchange:
    """Do it: captures on, traffic, captures off, counters around it."""
    able = {
        point: size
        for point, size in capture_points(pair).items()
        if Capability.CAPTURE in devices.lab.device(point.device).capabilities
    }
    before = _counters(pair, devices)
    client, server = endpoints.of(pair.client, pair.client_nic), endpoints.of(pair.server, pair.server_nic)
    with captures(devices.pool, able, folder) as running:
        verbs, many = (RdmaConnection(client, server, plan).run() for plan in (ALL_VERBS, MANY_QUEUE_PAIRS))
    pairs = [*known_pairs(verbs), *known_pairs(many)]
    return Exchange(
        pair=pair.id,
        verbs=verbs,
        many=many,
        captures={str(point): capture for point, capture in running.files.items()},
        views={str(point): view(capture, pairs) for point, capture in running.files.items()},
        onward=tuple(str(path.segments[1].sender) for path in pair.paths if len(path.segments) > 1),
        excerpts={str(point): excerpt(capture) for point, capture in running.files.items()},
        difference=_difference(running.files.get(pair.client_port), running.files.get(pair.server_port), pairs),
        nic_before=before,
        nic_after=_counters(pair, devices),
    )


def known_pairs(result: RdmaResult) -> list[KnownPair]:
    """The queue pairs of a connection as both ends announced them."""
    client, server = (_ip(gid) for gid in (result.connection.requester_gid, result.connection.responder_gid))
    return [KnownPair(client, pair.requester.qpn, server, pair.responder.qpn) for pair in result.connection.queue_pairs]


def _ip(gid: str) -> str:
    return gid.removeprefix("::ffff:")


def _difference(near: PortCapture | None, far: PortCapture | None, pairs: list[KnownPair]) -> PointDifference | None:
    if near is None or far is None:
        return None
    return join(read_table(near.file, pairs=pairs), read_table(far.file, pairs=pairs)).difference()


def _counters(pair: HostPair, devices: Roster) -> dict[str, RdmaCounters]:
    ends = ((pair.client, pair.client_nic), (pair.server, pair.server_nic))
    return {name: devices.host(name).rdma_counters(nic.rdma_device) for name, nic in ends if nic.rdma_device}
