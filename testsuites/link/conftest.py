"""Reads every port twice, with traffic in between; the tests of this folder judge the readings."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from plugfest.devices.dialects.reading import Question
from plugfest.devices.records import InterfaceState
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Link, PortReference
from plugfest.inventory.plan import Plan
from plugfest.planning.answering import can_answer
from plugfest.planning.conditions import ends_answer
from plugfest.planning.requires import requires
from plugfest.sessions.deadline import Deadline
from plugfest.verdicts.link import Ends

Reading = Mapping[str, Mapping[str, InterfaceState]]
WATCH_SECONDS = 60.0
"""LLDP alone crosses every link within half of this (IEEE 802.1AB-2016 9.2.5.7: 30 s between messages)."""
LEAST_SECONDS = 10.0
"""Links that flap every few seconds do so within this."""

WAYS = ("rx_packets", "tx_packets")


@dataclass(frozen=True)
class Watch:
    """All ports of all devices before and after a while in which every cable should have carried something."""

    before: Reading
    after: Reading

    def ends(self, link: Link, reading: Reading) -> Ends:
        """What was read at both ends of a link."""
        return Ends(a=_port(reading, link.a), b=_port(reading, link.b))


def _port(reading: Reading, end: PortReference) -> InterfaceState | None:
    return reading.get(end.device, {}).get(end.port)


def _read(devices: Roster) -> Reading:
    """The ports of all devices that can be asked for them."""
    asked = [name for name in devices if can_answer(devices.lab, name, Question.INTERFACES)]
    return {name: devices[name].interfaces() for name in asked}


def _idle(plan: Plan, watch: Watch) -> list[str]:
    return [link.id for link in plan.links if not _moved(link, watch)]


def _moved(link: Link, watch: Watch) -> bool:
    before, after = watch.ends(link, watch.before), watch.ends(link, watch.after)
    for first, last in ((before.a, after.a), (before.b, after.b)):
        if first is None or last is None or first.counters is None or last.counters is None:
            continue
        if any(_standing(getattr(first.counters, way), getattr(last.counters, way)) for way in WAYS):
            return False
    return True


def _standing(first: int | None, last: int | None) -> bool:
    """True if a counter that was there has not moved."""
    return first is not None and last is not None and last <= first


@pytest.fixture(scope="package")
@requires(ends_answer(Question.INTERFACES))
def watch(devices: Roster, plan: Plan) -> Watch:
    """Two readings; the second is taken once every link carried packets, ten seconds later at least, or a minute."""
    before = _read(devices)
    deadline = Deadline("every link carries packets", WATCH_SECONDS)
    return deadline.watch(
        lambda: Watch(before, _read(devices)),
        until=lambda watch: deadline.elapsed >= LEAST_SECONDS and not _idle(plan, watch),
        interval=1.0,
    )
