"""Gate suites run first; what they find wrong closes the rest of that cell."""

from collections.abc import Callable, Mapping

import pytest

from plugfest.evidence.cell import DevicesUnderTest
from plugfest.nightly.plan import within
from plugfest.nightly.retries import WRONG
from plugfest.reporting.outcomes import Tag
from plugfest.reporting.stamp import REPEATED, Stamp


class Gates:
    """pytest plugin: order of the tests, and which of them stay out."""

    def __init__(
        self,
        gate: tuple[str, ...],
        cell_of: Callable[[pytest.Item], DevicesUnderTest],
        closed: Mapping[str, DevicesUnderTest],
    ) -> None:
        self._gate = gate
        self._cell_of = cell_of
        self._cells: dict[str, DevicesUnderTest] = {}
        self._closed = dict(closed)
        """Equipment that a gate test found wrong, by test."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Gate suites first, in the order of the plan; everything else as it was."""
        items.sort(key=lambda item: self.rank(item.nodeid))
        self._cells = {item.nodeid: self._cell_of(item) for item in items}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out what a gate has closed, before anything is set up."""
        reason = self.why_closed(item.nodeid)
        if reason:
            pytest.skip(reason)

    def why_closed(self, nodeid: str) -> str:
        """Why a test is left out; empty if it may run."""
        if self.rank(nodeid) < len(self._gate):
            return ""
        cell = self._cells[nodeid]
        closed = ((test, found) for test, found in self._closed.items() if concerns(found, cell))
        return next((f"{Tag.NOT_RUN} the gate is closed for {found.id}: {test}" for test, found in closed), "")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a gate test found wrong in the end."""
        stamp = Stamp.on(report)
        is_gate = self.rank(report.nodeid) < len(self._gate)
        if is_gate and stamp and stamp.outcome in WRONG and report.outcome != REPEATED:
            self._closed[report.nodeid] = self._cells[report.nodeid]

    def rank(self, nodeid: str) -> int:
        """Position of a test's gate suite in the plan; those of no gate come last."""
        return next((rank for rank, suite in enumerate(self._gate) if within(nodeid, (suite,))), len(self._gate))


def concerns(closed: DevicesUnderTest, cell: DevicesUnderTest) -> bool:
    """True if what was found wrong is part of `cell`: the same kinds of equipment, or all of the same devices in it.

    What is wrong with the whole lab is part of everything.
    """
    return closed.id == cell.id or set(closed.devices) <= set(cell.devices)
