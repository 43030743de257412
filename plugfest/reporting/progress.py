"""What a lab run prints while it goes on, and what it counts."""

import pytest

from plugfest.reporting.labels import suite_of
from plugfest.reporting.outcomes import Tag, TestOutcome
from plugfest.reporting.running_test import CASE
from plugfest.reporting.stamp import REPEATED, Stamp
from plugfest.reporting.tally import NO_CELL, Tally, TestLine

CELL = "cell"
"""User property that holds the device-under-test cell of a test."""
STATUS = {
    TestOutcome.PASSED: ("passed", ".", "green"),
    TestOutcome.FAILED: ("failed", "F", "red"),
    TestOutcome.BROKEN: ("broken", "B", "purple"),
    TestOutcome.INCONCLUSIVE: ("inconclusive", "I", "yellow"),
    TestOutcome.KNOWN_ISSUE: ("known issue", "K", "yellow"),
    TestOutcome.FLAKY: ("flaky", "~", "yellow"),
    TestOutcome.SKIPPED: ("skipped", "s", "yellow"),
}
RETRIED = ("retried", "R", "yellow")


class Progress:
    """pytest plugin of lab runs: one line per test with case, time of the test and time of the run."""

    def __init__(self) -> None:
        self.tally = Tally()

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
        """Category, letter and line of an outcome."""
        stamp = Stamp.on(report)
        if stamp is None or (report.passed and report.when != "call"):
            return None
        if hasattr(report, "wasxfail") and stamp.outcome is TestOutcome.SKIPPED:
            return None
        category, letter, colour = RETRIED if report.outcome == REPEATED else STATUS[stamp.outcome]
        if stamp.reason.startswith(Tag.HARNESS):
            category, letter = "error", "E"  # pytest shows the tracebacks of errors: here they are needed
        return category, letter, (_line(report, stamp), {colour: True})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the test; an attempt that is repeated does not count."""
        if report.outcome == REPEATED:
            return
        stamp = Stamp.on(report)
        outcome = stamp.outcome if stamp else TestOutcome.BROKEN
        if outcome is TestOutcome.PASSED and report.when != "call":
            return
        said = {name: str(value) for name, value in report.user_properties}
        self.tally.add(
            TestLine(
                nodeid=report.nodeid,
                suite=suite_of(report.nodeid) or "harness",
                outcome=outcome,
                case=said.get(CASE, ""),
                cell=said.get(CELL, NO_CELL),
                reason=stamp.reason if stamp else f"{Tag.INTERRUPTED} {report.longreprtext}",
                seconds=report.duration,
            )
        )


def _line(report: pytest.TestReport, stamp: Stamp) -> str:
    case = str(dict(report.user_properties).get(CASE, ""))
    times = f"{minutes(stamp.test_seconds)} (run {minutes(stamp.run_seconds)})"
    again = "– repeated" if report.outcome == REPEATED else ""
    return " ".join(filter(None, [stamp.outcome.upper(), case, times, again]))


def minutes(seconds: float) -> str:
    """Time as minutes and seconds, such as ``12:05``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
