"""One transfer through a marking queue: what the switch says it marked, and what arrived marked."""

from collections.abc import Callable
from statistics import median

from plugfest.devices.changes import Change
from plugfest.devices.records import QueueCounters
from plugfest.devices.roster import Roster
from plugfest.errors import LabError
from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.bottleneck import Bottleneck, Red, narrow
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.injected_transfer import InjectedTransfer, InjectedTransfers
from plugfest.stimuli.rdma_endpoint import RdmaConnection
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan

MEGABITS = 5
WARM_UP_PACKETS = 512
"""Packets in which the queue fills and RED's average catches up."""
DRAIN_PACKETS = 256
"""Last packets, behind which the queue empties."""
LOOKS = 3
LOOKING_SECONDS = 6.0
MESSAGE = 4096
"""Bytes: small, so that acknowledgements come often and the queue keeps its length."""


def steady_plan(traffic_class: int, messages: int = 512) -> RdmaPlan:
    """Writes for some seconds through the bottleneck, as much in flight as the NIC allows."""
    return RdmaPlan(
        operations=(RdmaOperation(verb=Verb.WRITE, size=MESSAGE, messages=messages),),
        path_mtu=1024,
        timeout=19,
        traffic_class=traffic_class,
        seconds=60,
    )


class EcnTally(Record):
    """Requests by ECN field, without those at the beginning and at the end."""

    not_ect: int
    ect: int
    ce: int

    @property
    def ce_ratio(self) -> float | None:
        """Marked packets among all; None without packets."""
        total = self.not_ect + self.ect + self.ce
        return self.ce / total if total else None


class MarkingRun(Record):
    """One transfer through one bottleneck."""

    port: PortReference
    bottleneck: Bottleneck
    traffic_class: int
    queue_bytes: tuple[int, ...]
    """Length of the queue whenever we looked."""
    steady: EcnTally
    """At the receiver while the queue was steady."""
    arrived_ce: int
    """All marked frames at the receiver's port."""
    switch_marked: int | None
    """What the switch's queue says it marked; None if it has no such counter."""
    switch_dropped: int | None
    transfer: InjectedTransfer

    @property
    def typical_queue(self) -> float:
        """Median length of the queue in bytes."""
        return median(self.queue_bytes)


class MarkingRuns:
    """Runs transfers through the last switch port before a receiver."""

    def __init__(
        self, transfers: InjectedTransfers, devices: Roster, change: Callable[[Change], Callable[[], None]]
    ) -> None:
        self._transfers, self._devices, self._change = transfers, devices, change

    def run(self, pair: HostPair, port: PortReference, red: Red | None, plan: RdmaPlan) -> MarkingRun:
        """Narrow `port`, transfer, look at the queue meanwhile, and widen it again."""
        bottleneck = Bottleneck(megabits=MEGABITS, red=red)
        looks: list[int] = []
        widen = self._change(narrow(port, bottleneck))
        transfer = self._transfers.run(pair, plan, meanwhile=lambda connection: self._look(port, looks, connection))
        queue = self._queue(port)
        widen()
        steady, marked = tally(transfer)
        return MarkingRun(
            port=port,
            bottleneck=bottleneck,
            traffic_class=plan.traffic_class,
            queue_bytes=tuple(looks),
            steady=steady,
            arrived_ce=marked,
            switch_marked=queue.ecn_marked_packets,
            switch_dropped=queue.dropped_packets,
            transfer=transfer,
        )

    def _look(self, port: PortReference, looks: list[int], connection: RdmaConnection) -> None:
        deadline = Deadline(f"{LOOKS} looks at the filled queue of {port}", LOOKING_SECONDS)

        def look() -> int:
            length = self._queue(port).backlog_bytes
            if length:
                looks.append(length)
            return len(looks)

        deadline.watch(look, until=lambda count: count >= LOOKS)

    def _queue(self, port: PortReference) -> QueueCounters:
        queues = self._devices.switch(port.device).queues(port.port)
        if not queues:
            raise LabError(f"{port} shows no queue")
        return queues[-1]


def tally(transfer: InjectedTransfer) -> tuple[EcnTally, int]:
    """Requests of the first queue pair by ECN field while the queue was steady, and all marked frames there were."""
    import numpy as np

    from plugfest.captures.table import read_table

    rows = read_table(transfer.at_responder.capture.file).roce
    trace = transfer.at_responder.queue_pairs[0]
    requests = rows[rows["flow"] == trace.index] if trace else rows[:0]
    steady = requests[WARM_UP_PACKETS:-DRAIN_PACKETS]
    not_ect, ect1, ect0, ce = (int(count) for count in np.bincount(steady["tos"] & 3, minlength=4))
    return EcnTally(not_ect=not_ect, ect=ect0 + ect1, ce=ce), int(np.count_nonzero(rows["tos"] & 3 == 3))
