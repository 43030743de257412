"""What an injector counted: the proof that exactly the planned events happened."""

from collections.abc import Iterator, Sequence

from plugfest.devices.answers import unknown_form
from plugfest.devices.linux.packet_counters import parse_counters
from plugfest.inventory.models import PortReference
from plugfest.records import Record
from plugfest.sessions.result import CommandResult
from plugfest.stimuli.injection.events import Event
from plugfest.stimuli.injection.rules import counter_name, passed_name


class EventCount(Record):
    """One event and what the injector counted."""

    event: Event
    planned: int | None
    """How often it was to happen; None if the endpoints decide that."""
    happened: int
    passed: int
    """Transmissions of the addressed packets that reached the injector."""

    @property
    def as_planned(self) -> bool:
        """True if exactly the planned events happened; where the endpoints decide, at least one."""
        return self.happened > 0 if self.planned is None else self.happened == self.planned


class InjectionReport(Record):
    """What one injector did."""

    point: PortReference
    """The port by which the packets left."""
    events: tuple[EventCount, ...]


def report_of(point: PortReference, events: Sequence[Event], answer: CommandResult) -> InjectionReport:
    """The report of the armed `events` from ``nft -j list counters``; ParseError if a counter is missing."""
    counts = parse_counters(answer)
    try:
        return InjectionReport(point=point, events=tuple(_counts(events, counts)))
    except KeyError as error:
        raise unknown_form(answer, f"expected a counter {error}, got {', '.join(counts) or 'none'}") from None


def _counts(events: Sequence[Event], counts: dict[str, int]) -> Iterator[EventCount]:
    for index, event in enumerate(events):
        happened, passed = counts[counter_name(index)], counts[passed_name(index)]
        yield EventCount(event=event, planned=event.planned, happened=happened, passed=passed)
