"""Attributes failures to known issues while a run goes on, and reports known issues that no longer show."""

from collections.abc import Generator
from datetime import UTC, date, datetime

import pytest

from plugfest.errors import InteropFailure
from plugfest.evidence.recorder import KNOWN_ISSUE
from plugfest.quality.known_issues import KnownIssue, KnownIssues
from plugfest.reporting.labels import case_of, suite_of
from plugfest.reporting.outcomes import Tag
from plugfest.reporting.progress import CELL
from plugfest.reporting.tally import NO_CELL

PASSES_ALTHOUGH = "known_issue_passes"
"""User property that holds the known issue of a test that passed."""


class Attribution:
    """pytest plugin of lab runs.  Only a judged failure is attributed; the test has run to its end."""

    def __init__(self, issues: KnownIssues, today: date | None = None) -> None:
        self._issues = issues
        self._today = today or datetime.now(UTC).date()
        self._passing: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Closest to pytest's own report, so that everybody else sees the attributed one."""
        report = yield
        issue = self._issue(item) if report.when == "call" and suite_of(item.nodeid) else None
        if issue is not None and report.passed:
            item.user_properties.append((PASSES_ALTHOUGH, issue.id))
            report.user_properties = list(item.user_properties)
            item.stash[KNOWN_ISSUE] = issue.id
        elif issue is not None and call.excinfo and isinstance(call.excinfo.value, InteropFailure):
            self._attribute(item, report, call.excinfo.value, issue)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note, also for another process, which known issue no longer shows."""
        for name, value in report.user_properties:
            if name == PASSES_ALTHOUGH:
                self._passing[report.nodeid] = str(value)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Ask for the removal of known issues that are over."""
        for nodeid, issue in self._passing.items():
            terminalreporter.write_line(f"PASSES although listed as known issue {issue}: {nodeid}")

    def _issue(self, item: pytest.Item) -> KnownIssue | None:
        cell = str(dict(item.user_properties).get(CELL, NO_CELL))
        return self._issues.of(case_of(item), cell, item.nodeid, self._today)

    def _attribute(
        self, item: pytest.Item, report: pytest.TestReport, failure: InteropFailure, issue: KnownIssue
    ) -> None:
        if issue.expired(self._today):
            failure.args = (f"{failure}\nknown issue {issue.id} expired on {issue.until} – ask {issue.owner}",)
            return
        item.stash[KNOWN_ISSUE] = issue.id
        report.outcome = "skipped"
        report.wasxfail = f"{Tag.KNOWN} {issue}\n{failure}"
