"""Decides which test a free worker starts next; knows no clock, no pytest and no device.

The order is that of list scheduling: what blocks most comes first.  Tests that need a device alone which others share
go first, when little has to be drained for them; then those on the device with most work left.  A worker goes on with
the tests whose set-up it has.  Nothing starves: a free worker never waits while any test could run, so that the tests
in the way of a waiting one run out.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.queues import Queue, queues_of

Worker = TypeVar("Worker", bound=Hashable)


class Start(NamedTuple):
    """What a worker is to do next."""

    test: int
    """Position in the sequence given to the scheduler."""
    last: bool
    """Nobody needs what the group has set up any more."""


@dataclass(frozen=True, slots=True)
class _Running:
    test: int
    queue: Queue


class Scheduler(Generic[Worker]):
    """The tests of a run: waiting, running or done.  Two running tests never conflict; each test starts once."""

    def __init__(self, tests: Sequence[PlannedTest]) -> None:
        self._seconds = [test.seconds for test in tests]
        self._queues, self._loads = queues_of(tests)
        self._running: dict[Worker, _Running] = {}
        self._owners: dict[int, Worker] = {}
        self._holding: dict[Worker, Queue] = {}
        self._left: list[Queue] = []
        self._exhausted = False
        """Nothing can start before something ends."""
        self.waiting = len(tests)

    @property
    def finished(self) -> bool:
        """True when every test has ended."""
        return not self.waiting and not self._running

    @property
    def idle(self) -> bool:
        """True if tests wait and none runs."""
        return bool(self.waiting) and not self._running

    def running(self, worker: Worker) -> int | None:
        """The test that a worker runs."""
        running = self._running.get(worker)
        return running.test if running else None

    def start(self, worker: Worker) -> Start | None:
        """Give a free worker its next test; None while all waiting tests conflict with running ones."""
        assert worker not in self._running
        queue = self._choose(worker)
        if queue is None:
            return None
        test = queue.tests.popleft()
        self._note_start(worker, queue, self._seconds[test])
        self._running[worker] = _Running(test, queue)
        return Start(test, last=queue.holds and not queue.tests)

    def end(self, worker: Worker) -> None:
        """The test of a worker has ended; its devices are free unless its group holds them."""
        running = self._running.pop(worker)
        self._exhausted = False
        if not running.queue.tests:
            self._holding.pop(worker, None)

    def leave(self, worker: Worker) -> int | None:
        """A worker is gone: the test that it ran (it is not run again), or None; other workers take over its groups.

        Its devices are as the test left them, so they serve nobody before `put_back`.
        """
        running = self._running.pop(worker, None)
        self._exhausted = False
        holding = self._holding.pop(worker, None)
        self._left += [queue for queue in (running.queue if running else None, holding) if queue]
        self._owners = {queue: owner for queue, owner in self._owners.items() if owner != worker}
        return running.test if running else None

    def put_back(self) -> None:
        """Devices of workers that are gone were put back as they were."""
        self._left = []
        self._exhausted = False

    def _choose(self, worker: Worker) -> Queue | None:
        if worker in self._holding:
            return self._holding[worker]
        possible = [] if self._exhausted else self._possible()
        self._exhausted = not possible
        own = [queue for queue in possible if self._owners.get(queue.number) == worker]
        if own:
            return min(own, key=lambda queue: queue.tests[0])
        nobodys = [queue for queue in possible if queue.number not in self._owners]
        return max(nobodys or possible, key=self._rank, default=None)

    def _possible(self) -> list[Queue]:
        """Queues of the present stage whose devices are free and that nobody holds."""
        exclusive, shared = self._busy()
        used = exclusive | shared
        stage = min((queue.stage for queue in (*self._queues, *self._running_queues())), default=0)
        free = [queue for queue in self._queues if not (queue.exclusive & used or queue.shared & exclusive)]
        return [queue for queue in free if queue.stage == stage and queue not in self._holding.values()]

    def _busy(self) -> tuple[int, int]:
        exclusive = shared = 0
        for queue in (*self._running_queues(), *self._holding.values(), *self._left):
            exclusive |= queue.exclusive
            shared |= queue.shared
        return exclusive, shared

    def _running_queues(self) -> Iterator[Queue]:
        return (each.queue for each in self._running.values())

    def _rank(self, queue: Queue) -> tuple[float, float, int]:
        load = max((self._loads[device] for device in queue.devices), default=0.0)
        return load, queue.seconds, -queue.number

    def _note_start(self, worker: Worker, queue: Queue, seconds: float) -> None:
        self.waiting -= 1
        self._owners[queue.number] = worker
        queue.seconds -= seconds
        for device in queue.devices:
            self._loads[device] -= seconds
        if queue.holds:
            self._holding[worker] = queue
        if not queue.tests:
            self._queues.remove(queue)
