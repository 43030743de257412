"""RDMA between two sites far apart: the same pair of hosts, with delay on the way in both directions."""

from collections.abc import Callable

from plugfest.devices.changes import Change
from plugfest.devices.roster import Roster
from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.impairment import Impaired, Impairment, impair, parse_impaired, show_impaired
from plugfest.stimuli.injected_transfer import InjectedTransfer, InjectedTransfers
from plugfest.stimuli.injection.events import Drop, Event
from plugfest.stimuli.injection.offsets import packets_planned
from plugfest.stimuli.injection.psns import every
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan

HAUL = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=65_536, messages=64),), path_mtu=4096, timeout=17, seconds=90
)
"""4 MiB; a timeout of 0.54 s is far above every round trip here."""
MANY_PACKETS = HAUL.model_copy(update={"path_mtu": 256})
"""The same in 16,384 packets, so that rare loss happens at all."""
RARE = 10_000
RARE_LOSS = Event(action=Drop(), psns=every(RARE, packets=packets_planned(MANY_PACKETS), start=RARE // 2))
"""One request in ten thousand, 0.01 %: exactly these, so that every run is the same."""


class LongHaul(Record):
    """One transfer over one distance."""

    round_trip_ms: float
    """Added by the emulated distance."""
    impaired: dict[str, Impaired]
    """What the emulation itself did, by port."""
    transfer: InjectedTransfer

    @property
    def lost(self) -> int:
        """Packets that were lost on the way."""
        chosen = (count.happened for report in self.transfer.injections for count in report.events)
        return sum(chosen) + sum(port.dropped for port in self.impaired.values())

    @property
    def goodput(self) -> float | None:
        """Payload bytes per second, by the requester's clock."""
        (operation,) = self.transfer.result.operations
        seconds = operation.requester.seconds
        return operation.operation.size * operation.operation.messages / seconds if seconds else None


class LongHauls:
    """Puts distance between hosts."""

    def __init__(
        self, transfers: InjectedTransfers, devices: Roster, change: Callable[[Change], Callable[[], None]]
    ) -> None:
        self._transfers, self._devices, self._change = transfers, devices, change

    def run(
        self,
        pair: HostPair,
        ports: tuple[PortReference, PortReference],
        round_trip_ms: float,
        plan: RdmaPlan,
        *events: Event,
    ) -> LongHaul:
        """Transfer with half of the round trip at each of two opposite `ports`, and `events` on the way."""
        far = Impairment(delay_ms=round_trip_ms / 2)
        undo = [self._change(impair(port, far)) for port in ports]
        transfer = self._transfers.run(pair, plan, *events)
        impaired = {str(port): self._impaired(port) for port in ports}
        for take_away in reversed(undo):
            take_away()
        return LongHaul(round_trip_ms=round_trip_ms, impaired=impaired, transfer=transfer)

    def _impaired(self, port: PortReference) -> Impaired:
        return parse_impaired(self._devices.pool.session(port.device).run(*show_impaired(port.port)))
