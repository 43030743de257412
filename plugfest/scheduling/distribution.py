"""Hands the tests of a run to the workers of pytest-xdist: each worker has one test, whose devices are free.

The schedulers of pytest-xdist send tests ahead, so that a worker would sit on tests whose devices another one has.
Here a worker runs what it is told at once (`plugfest.scheduling.worker`) and is told when its devices are free.
"""

from collections.abc import Callable, Sequence

import pytest
from xdist.report import report_collection_diff  # type: ignore[import-untyped]
from xdist.workermanage import WorkerController, parse_tx_spec_config  # type: ignore[import-untyped]

from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.scheduler import Scheduler
from plugfest.scheduling.worker import RUN_TEST

WhyNot = Callable[[str], str]
"""Reason to skip a test, known only when its turn has come; empty if it is to run."""


class DeviceScheduling:
    """What `xdist.scheduler.Scheduling` asks for."""

    def __init__(self, config: pytest.Config, tests: Sequence[PlannedTest], why_not: WhyNot) -> None:
        self._config = config
        self._why_not = why_not
        self._names = [test.name for test in tests]
        self._scheduler: Scheduler[WorkerController] = Scheduler(tests)
        self._awaited = len(parse_tx_spec_config(config))
        self._known: set[WorkerController] = set()
        self._ready: list[WorkerController] = []
        self._substitutes: list[WorkerController] = []
        self._begun = False

    @property
    def nodes(self) -> list[WorkerController]:
        """All workers that are alive."""
        return list(self._known)

    @property
    def collection_is_completed(self) -> bool:
        """True once all workers of the beginning have collected."""
        return self._awaited <= 0

    @property
    def tests_finished(self) -> bool:
        """True when every test has ended."""
        return self.collection_is_completed and self._scheduler.finished

    @property
    def has_pending(self) -> bool:
        """True while tests wait or run; pytest-xdist tells the scheduler's name as long as there are none."""
        return self._begun and not self._scheduler.finished

    def add_node(self, node: WorkerController) -> None:
        """A worker has started."""
        self._known.add(node)

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        """A worker has collected; one that found other tests than this process gets none."""
        self._awaited -= 1
        difference = report_collection_diff(self._names, collection, "this process", node.gateway.id)
        if difference:
            report = pytest.CollectReport(node.gateway.id, "failed", difference, [])
            self._config.hook.pytest_collectreport(report=report)
            node.shutdown()
            self._scheduler.put_back()  # nobody else will
        else:
            self._ready.append(node)
            self._substitutes += [node] if self._begun else []

    def schedule(self) -> None:
        """Give every free worker a test, as far as devices are free."""
        self._begun = True
        self._give_out(self._ready)
        if self._scheduler.idle and self._substitutes:
            self._scheduler.put_back()  # which the first test of the substitute does; it is the only one
            self._give_out(self._substitutes[:1])

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """A worker has ended its test; it chooses first."""
        self._scheduler.end(node)
        if node in self._substitutes:
            self._substitutes.remove(node)
            self._scheduler.put_back()
        self._ready.remove(node)
        self._ready.insert(0, node)
        self.schedule()

    def remove_node(self, node: WorkerController) -> str | None:
        """A worker is gone; the test that it ran, if it died.

        What that test left in its devices is taken back before the first test of a worker that starts from now on.
        """
        self._known.remove(node)
        if node in self._ready:
            self._ready.remove(node)
        test = self._scheduler.leave(node)
        if test is None:
            return None
        self._substitutes.clear()
        self.schedule()
        return self._names[test]

    def _give_out(self, nodes: Sequence[WorkerController]) -> None:
        for node in nodes:
            if self._scheduler.running(node) is None and not node.shutting_down:
                start = self._scheduler.start(node)
                if start:
                    skip = self._why_not(self._names[start.test])
                    node.sendcommand(RUN_TEST, test=start.test, last=start.last, skip=skip)

    def mark_test_pending(self, item: str) -> None:
        """No test is run twice."""
        raise NotImplementedError

    def remove_pending_tests_from_node(self, node: WorkerController, indices: Sequence[int]) -> None:
        """No test waits at a worker."""
        raise NotImplementedError
