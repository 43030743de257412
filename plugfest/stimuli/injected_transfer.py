"""One planned RDMA transfer with events injected on the way, recorded at both ends.

The order is what makes it exact: queue pairs ready, captures listening, rules armed, and only then the first packet.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from plugfest.captures.cnp_pacing import CnpPacing
from plugfest.captures.icrc import IcrcCheck, check_icrc
from plugfest.captures.traces import QueuePairTrace
from plugfest.devices.changes import Change
from plugfest.devices.records import RdmaCounters
from plugfest.devices.roster import Roster
from plugfest.errors import LabError
from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.stimuli.capture_points import WHOLE_FRAMES, PortCapture, all_at, captures
from plugfest.stimuli.injection.events import Event, Towards, flow_of
from plugfest.stimuli.injection.injector import Injector
from plugfest.stimuli.injection.point import injection_point, why_not
from plugfest.stimuli.injection.report import InjectionReport
from plugfest.stimuli.rdma_endpoint import RdmaConnection
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaPlan, RdmaQueuePairs, RdmaResult

Changer = Callable[[Change], Callable[[], None]]
Meanwhile = Callable[[RdmaConnection], None]
"""What to do while the traffic runs."""


class PortView(Record):
    """What one port saw of a transfer."""

    capture: PortCapture
    complete: bool
    """The capture tool lost nothing, and the file is whole."""
    icrc: IcrcCheck
    queue_pairs: tuple[QueuePairTrace | None, ...]
    """By place in the connection; None for a queue pair of which nothing was seen."""
    pacing: tuple[CnpPacing, ...] = ()
    """How those who sent congestion notifications paced them."""


class InjectedTransfer(Record):
    """What was planned, what was done to it on the way, and what everybody saw."""

    pair: str
    requester: str
    """Host that posts the requests."""
    responder: str
    result: RdmaResult
    injections: tuple[InjectionReport, ...]
    nic_before: dict[str, RdmaCounters]
    nic_after: dict[str, RdmaCounters]
    at_requester: PortView
    at_responder: PortView


class InjectedTransfers:
    """Runs transfers between pairs of hosts of one lab."""

    def __init__(self, devices: Roster, endpoints: RdmaEndpoints, change: Changer, folder: Path) -> None:
        self._devices, self._endpoints, self._change, self._folder = devices, endpoints, change, folder
        self._count = 0

    def run(
        self, pair: HostPair, plan: RdmaPlan, *events: Event, meanwhile: Meanwhile | None = None
    ) -> InjectedTransfer:
        """Carry out `plan` from client to server with `events` on the way; LabError if the lab cannot."""
        client, server = (
            self._endpoints.of(pair.client, pair.client_nic),
            self._endpoints.of(pair.server, pair.server_nic),
        )
        try:
            return self._run(pair, RdmaConnection(client, server, plan), events, meanwhile)
        except LabError:
            self._endpoints.discard(pair.client, pair.client_nic)
            self._endpoints.discard(pair.server, pair.server_nic)
            raise

    def _run(
        self, pair: HostPair, connection: RdmaConnection, events: Sequence[Event], meanwhile: Meanwhile | None
    ) -> InjectedTransfer:
        self._count += 1
        queue_pairs, before = connection.prepare(), self._counters(pair)
        points = all_at((pair.client_port, pair.server_port), WHOLE_FRAMES)
        with captures(self._devices.pool, points, self._folder / str(self._count)) as running:
            injectors = [self._armed(pair, queue_pairs, towards, events) for towards in _directions(events)]
            connection.go()
            if meanwhile:
                meanwhile(connection)
            result = connection.result()
            reports = tuple(injector.report() for injector in injectors)
            for injector in injectors:
                injector.disarm()
        client_port, server_port = pair.client_port, pair.server_port
        return InjectedTransfer(
            pair=pair.id,
            requester=pair.client,
            responder=pair.server,
            result=result,
            injections=reports,
            nic_before=before,
            nic_after=self._counters(pair),
            at_requester=view(running.files[client_port], queue_pairs, connection.plan.path_mtu),
            at_responder=view(running.files[server_port], queue_pairs, connection.plan.path_mtu),
        )

    def _armed(
        self, pair: HostPair, queue_pairs: RdmaQueuePairs, towards: Towards, events: Sequence[Event]
    ) -> Injector:
        point = self._point(pair, towards)
        injector = Injector(point, self._change, self._devices.pool.session(point.device))
        for event in events:
            if event.towards is towards:
                injector.add(flow_of(queue_pairs, event.queue_pair, towards), event)
        injector.arm()
        return injector

    def _point(self, pair: HostPair, towards: Towards) -> PortReference:
        point = injection_point(self._devices.lab, pair, towards)
        if point is None:
            raise LabError(why_not(self._devices.lab, pair, towards))
        return point

    def _counters(self, pair: HostPair) -> dict[str, RdmaCounters]:
        ends = ((pair.client, pair.client_nic), (pair.server, pair.server_nic))
        return {name: self._devices.host(name).rdma_counters(nic.rdma_device) for name, nic in ends if nic.rdma_device}


def _directions(events: Sequence[Event]) -> list[Towards]:
    return [towards for towards in Towards if any(event.towards is towards for event in events)]


def view(capture: PortCapture, queue_pairs: RdmaQueuePairs, path_mtu: int) -> PortView:
    """Analyse what a port recorded, queue pair by queue pair."""
    from plugfest.captures.analysis import analyse
    from plugfest.captures.congestion import cnp_pacing
    from plugfest.captures.following import KnownPair

    flows = [
        (flow_of(queue_pairs, index, Towards.RESPONDER), flow_of(queue_pairs, index, Towards.REQUESTER))
        for index in range(len(queue_pairs.queue_pairs))
    ]
    known = [KnownPair(back.destination, back.destination_qp, to.destination, to.destination_qp) for to, back in flows]
    analysis = analyse(capture.file, path_mtu, known)
    traces = {(trace.responder, trace.responder_qp): trace for trace in analysis.queue_pairs}
    whole = capture.statistics.nothing_dropped and not analysis.summary.is_cut and not analysis.summary.damaged_records
    return PortView(
        capture=capture,
        icrc=check_icrc(capture.file),
        complete=whole and capture.statistics.captured == analysis.summary.frames,
        queue_pairs=tuple(traces.get((to.destination, to.destination_qp)) for to, _ in flows),
        pacing=cnp_pacing(analysis),
    )
