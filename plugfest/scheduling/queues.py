"""Tests that need the same and share set-up wait in one queue; devices are bits, so that conflicts cost nothing."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plugfest.reservation.needs import Needs
from plugfest.scheduling.planned import PlannedTest


@dataclass(slots=True, eq=False)
class Queue:
    """Waiting tests of one group and stage with equal needs, in the order of collection."""

    number: int
    exclusive: int
    """Bit set of devices."""
    shared: int
    """Bit set of devices."""
    devices: tuple[str, ...]
    """Names of those needed exclusively."""
    holds: bool
    stage: int
    tests: deque[int] = field(default_factory=deque)
    seconds: float = 0.0
    """Expected for the tests that wait."""


def queues_of(tests: Sequence[PlannedTest]) -> tuple[list[Queue], dict[str, float]]:
    """The queues of all tests, and how long each device is blocked by tests that need it exclusively."""
    needs = _needs(tests)
    bits = {name: 1 << place for place, name in enumerate(sorted({name for each in needs for name in each.devices}))}
    queues: dict[tuple[str, Needs, int, bool], Queue] = {}
    for place, (test, need) in enumerate(zip(tests, needs, strict=True)):
        key = (test.group, need, test.stage, test.holds)
        queue = queues.get(key)
        if queue is None:
            queue = queues[key] = _queue(len(queues), need, bits, test)
        queue.tests.append(place)
        queue.seconds += test.seconds
    return list(queues.values()), _loads(queues.values(), {name for each in needs for name in each.shared})


def _needs(tests: Sequence[PlannedTest]) -> list[Needs]:
    """What every test needs; tests of a group that holds devices need all of the group's."""
    held: dict[str, Needs] = defaultdict(Needs)
    for test in tests:
        if test.holds:
            held[test.group] = held[test.group].union(test.needs)
    return [held[test.group] if test.holds else test.needs for test in tests]


def _queue(number: int, needs: Needs, bits: dict[str, int], test: PlannedTest) -> Queue:
    exclusive, shared = (sum(bits[name] for name in names) for names in (needs.exclusive, needs.shared))
    return Queue(number, exclusive, shared, tuple(sorted(needs.exclusive)), test.holds, test.stage)


def _loads(queues: Iterable[Queue], shared: set[str]) -> dict[str, float]:
    """Whoever needs a shared device alone keeps away all who share it: it counts as the busiest of all."""
    loads: dict[str, float] = defaultdict(float)
    for queue in queues:
        for name in queue.devices:
            loads[name] += queue.seconds
    busiest = max(loads.values(), default=0.0)
    return {name: load + busiest * (name in shared) for name, load in loads.items()}
