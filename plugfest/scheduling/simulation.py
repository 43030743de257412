"""Runs a schedule without a lab."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.scheduler import Scheduler


class Slot(NamedTuple):
    """One test in a finished schedule."""

    test: int
    worker: int
    began: float
    ended: float
    """Seconds since the run began."""


def simulate(tests: Sequence[PlannedTest], workers: int, taken: Sequence[float] | None = None) -> list[Slot]:
    """When and where each test would run, in the order of their starts, if it takes so many seconds.

    Without `taken` each test takes as long as expected.
    """
    seconds = taken or [test.seconds for test in tests]
    scheduler: Scheduler[int] = Scheduler(tests)
    free = list(range(workers))
    ends: list[tuple[float, int]] = []
    slots: list[Slot] = []
    now = 0.0
    while not scheduler.finished:
        for worker in list(free):
            chosen = scheduler.start(worker)
            if chosen:
                free.remove(worker)
                slots.append(Slot(chosen.test, worker, now, now + seconds[chosen.test]))
                heapq.heappush(ends, (slots[-1].ended, worker))
        now, worker = heapq.heappop(ends)
        scheduler.end(worker)
        free.insert(0, worker)
    return slots


def makespan(slots: Sequence[Slot]) -> float:
    """Seconds from the first start to the last end."""
    return max((slot.ended for slot in slots), default=0.0)


def lower_bound(tests: Sequence[PlannedTest], workers: int) -> float:
    """No schedule is shorter: the busiest device, the longest chain on one worker, all work over all workers.

    A chain is a group that holds its devices: nobody else can take over its tests.
    """
    chains: dict[str, float] = defaultdict(float)
    for test in tests:
        chains[test.group] += test.seconds if test.holds else 0.0
    work = sum(test.seconds for test in tests) / workers
    return max([work, *chains.values(), *_device_bounds(tests, workers)], default=0.0)


def _device_bounds(tests: Sequence[PlannedTest], workers: int) -> Iterator[float]:
    """For every device: those who need it alone, one after the other, and apart from them all who share it.

    The latter take as long as the busiest of the devices that they need alone, and as all of them over all workers.
    """
    alone: dict[str, float] = defaultdict(float)
    sharing: dict[str, float] = defaultdict(float)
    beside: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for test in tests:
        for device in test.needs.exclusive:
            alone[device] += test.seconds
        for device in test.needs.shared:
            sharing[device] += test.seconds / workers
            for other in test.needs.exclusive:
                beside[device][other] += test.seconds
    for device in {*alone, *sharing}:
        yield alone[device] + max([sharing[device], *beside[device].values()])
