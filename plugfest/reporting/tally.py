"""Counts the outcomes of a run: each test once, with the worst of its phases."""

from collections import Counter
from collections.abc import Iterable

from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

NO_CELL = "whole lab"


class TestLine(Record):
    """One test, or one phase of it, as the summary shows it."""

    __test__ = False

    nodeid: str
    """pytest's id of the test."""
    suite: str
    """Layer folder, such as ``l2``."""
    outcome: TestOutcome
    case: str = ""
    """Case of the catalogue, such as ``L2-01``."""
    cell: str = NO_CELL
    """Devices under test."""
    reason: str = ""
    """Why it did not pass, one or more lines."""
    seconds: float = 0.0

    @property
    def short_reason(self) -> str:
        """The reason on one line."""
        return " ".join(line.strip() for line in self.reason.splitlines() if line.strip())


class Tally:
    """The tests of a run in the order in which they ended."""

    def __init__(self, lines: Iterable[TestLine] = ()) -> None:
        self._lines: dict[str, TestLine] = {}
        for line in lines:
            self.add(line)

    def add(self, line: TestLine) -> None:
        """Count a test or one more phase of it: the worse outcome stays, the times add up."""
        known = self._lines.get(line.nodeid)
        if known is None:
            self._lines[line.nodeid] = line
            return
        worst = line if line.outcome.rank > known.outcome.rank else known
        self._lines[line.nodeid] = worst.model_copy(update={"seconds": known.seconds + line.seconds})

    @property
    def lines(self) -> list[TestLine]:
        """Every test once."""
        return list(self._lines.values())

    @property
    def not_passed(self) -> list[TestLine]:
        """Failed, broken, inconclusive and skipped tests, worst first."""
        rest = [line for line in self.lines if line.outcome is not TestOutcome.PASSED]
        return sorted(rest, key=lambda line: -line.outcome.rank)

    @property
    def judged(self) -> int:
        """Number of tests that judged the devices."""
        return sum(line.outcome.judged for line in self.lines)

    def counts(self) -> dict[str, dict[str, Counter[TestOutcome]]]:
        """Outcomes by cell and suite, in the order of their first test."""
        table: dict[str, dict[str, Counter[TestOutcome]]] = {}
        for line in self.lines:
            table.setdefault(line.cell, {}).setdefault(line.suite, Counter())[line.outcome] += 1
        return table
