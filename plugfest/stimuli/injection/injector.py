"""Arms events at one port of a Linux hop, and reads afterwards how often each happened.

injector = Injector(point, change, session).drop(flow, at(100)).mark_ce(flow, every(10, packets=200))
injector.arm()      # queue pairs are ready, nothing was sent yet
…                   # traffic
report = injector.report()
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Self

from plugfest.devices.changes import Change, ReadBack
from plugfest.devices.linux.packet_counters import show_counters
from plugfest.errors import UsageError
from plugfest.inventory.models import PortReference
from plugfest.sessions.protocol import SessionProtocol
from plugfest.stimuli.injection.events import (
    AddressedEvent,
    Corrupt,
    Delay,
    Drop,
    Duplicate,
    Event,
    Flow,
    HeaderField,
    MarkCe,
    PacketKind,
    Rewrite,
)
from plugfest.stimuli.injection.psns import EVERY_PSN, Psns
from plugfest.stimuli.injection.report import InjectionReport, report_of
from plugfest.stimuli.injection.rules import removal, script, table_name

Changer = Callable[[Change], Callable[[], None]]
"""Makes a change whose undo is registered; returns the function that takes it back."""
Transmissions = tuple[int, ...] | None
FIRST: Transmissions = (1,)


class Injector:
    """Collects events for one port; nothing happens before `arm`."""

    def __init__(self, point: PortReference, change: Changer, session: SessionProtocol) -> None:
        self.point = point
        self.events: list[AddressedEvent] = []
        self._change, self._session = change, session
        self._disarm: list[Callable[[], None]] = []

    def add(self, flow: Flow, event: Event) -> Self:
        """Add one event on packets of `flow`."""
        if self._disarm:
            raise UsageError(f"the injector at {self.point} is armed: events must be added before")
        self.events.append(AddressedEvent(event=event, flow=flow))
        return self

    def drop(self, flow: Flow, psns: Psns, nth: Transmissions = FIRST, packets: PacketKind = PacketKind.ANY) -> Self:
        """Let packets vanish."""
        return self.add(flow, Event(action=Drop(), psns=psns, nth=nth, packets=packets))

    def mark_ce(self, flow: Flow, psns: Psns = EVERY_PSN, nth: Transmissions = FIRST) -> Self:
        """Mark packets as having met congestion."""
        return self.add(flow, Event(action=MarkCe(), psns=psns, nth=nth))

    def corrupt(self, flow: Flow, psns: Psns, nth: Transmissions = FIRST) -> Self:
        """Damage packets so that only the ICRC tells."""
        return self.add(flow, Event(action=Corrupt(), psns=psns, nth=nth))

    def duplicate(self, flow: Flow, psns: Psns, nth: Transmissions = FIRST) -> Self:
        """Send packets twice."""
        return self.add(flow, Event(action=Duplicate(), psns=psns, nth=nth))

    def delay(self, flow: Flow, psns: Psns, milliseconds: float, nth: Transmissions = FIRST) -> Self:
        """Hold packets back while later ones pass."""
        return self.add(flow, Event(action=Delay(milliseconds=milliseconds), psns=psns, nth=nth))

    def rewrite(self, flow: Flow, psns: Psns, field: HeaderField, value: int, nth: Transmissions = FIRST) -> Self:
        """Give a header field another value."""
        return self.add(flow, Event(action=Rewrite(field=field, value=value), psns=psns, nth=nth))

    def arm(self) -> None:
        """Load the rules; call when the queue pairs are ready and nothing has been sent."""
        for change in changes(self.point, self.events):
            self._disarm.append(self._change(change))

    def disarm(self) -> None:
        """Take the rules away before the test ends."""
        while self._disarm:
            self._disarm.pop()()

    def report(self) -> InjectionReport:
        """Read the counters; the rules must still be there."""
        answer = self._session.run(*show_counters(table_name(self.point.port)))
        return report_of(self.point, [item.event for item in self.events], answer)


def changes(point: PortReference, events: Sequence[AddressedEvent]) -> tuple[Change, ...]:
    """The changes that arm the events, in order; each with its undo."""
    rules = script(point.port, events)
    table = table_name(point.port)
    return (
        *_waiting_rooms(point, events),
        Change(
            device=point.device,
            description=f"{point}: " + "; ".join(str(item.event) for item in events),
            do=(("nft", rules),),
            undo=(("nft", removal(point.port)),),
            read_back=ReadBack(
                ask=("nft", "list", "tables", "netdev"),
                made=rf"^table netdev {table}$",
                undone=rf"\A(?![\s\S]*^table netdev {table}$)",
            ),
        ),
    )


def _waiting_rooms(point: PortReference, events: Sequence[AddressedEvent]) -> Iterator[Change]:
    """Where events delay: a queueing discipline with one band that sends at once and one for each delay."""
    waits = [item.event.action.milliseconds for item in events if isinstance(item.event.action, Delay)]
    if not waits:
        return
    add = ("tc", "qdisc", "add", "dev", point.port)
    root = (*add, "root", "handle", "1:", "prio", "bands", str(len(waits) + 1), "priomap", *("0",) * 16)
    rooms = ((*add, "parent", f"1:{band + 1}", "netem", "delay", f"{wait}ms") for band, wait in enumerate(waits, 1))
    yield Change(
        device=point.device,
        description=f"{point}: bands for delayed packets",
        do=(root, *rooms),
        undo=(("tc", "qdisc", "del", "dev", point.port, "root"),),
        read_back=ReadBack(
            ask=("tc", "qdisc", "show", "dev", point.port),
            made=r"^qdisc netem ",
            undone=r"\A(?![\s\S]*^qdisc (?:prio|netem) )",
        ),
    )
