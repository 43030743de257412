"""Allure's side of a running test: its place in the report, its outcome in our words, its mark while it runs."""

import time
from collections.abc import Generator
from typing import Any

import allure_commons
import pytest
from allure_commons.model2 import StatusDetails, TestResult

from plugfest.errors import Inconclusive, InteropFailure
from plugfest.reporting.in_flight import clear_in_flight, mark_in_flight
from plugfest.reporting.labels import case_of, describe_test
from plugfest.reporting.outcomes import OUTCOME_OF_TAG, TestOutcome, tag_in, tag_of, tagged_message
from plugfest.reporting.run_folder import RunFolder
from plugfest.reporting.stamp import Stamp

INTERRUPTIONS = (KeyboardInterrupt, pytest.exit.Exception)
CASE = "case"
"""User property that holds the catalogue case of a test."""


def allure_result(config: pytest.Config) -> TestResult:
    """Allure's result of the test that is running."""
    listener: Any = config.pluginmanager.get_plugin("allure_listener")
    result: TestResult = listener.allure_logger.get_test(None)
    return result


class RunningTest:
    """pytest plugin of lab runs; also registered with Allure, to hear when a result is on disk."""

    def __init__(self, config: pytest.Config, run: RunFolder) -> None:
        self._config = config
        self._run = run
        self._run_started = self._test_started = time.monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test stopped by Ctrl-C or pytest.exit() is broken; allure-pytest would write it as passed."""
        self._test_started = time.monotonic()
        try:
            return (yield)
        except INTERRUPTIONS as error:
            self._interrupted(item, tagged_message(error))
            raise

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say everything known of the test before anything can fail."""
        if case_of(item):
            item.user_properties.append((CASE, case_of(item)))
        describe_test(item, allure_result(self._config))
        mark_in_flight(self._run.in_flight, allure_result(self._config))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Mark again, now with what the fixtures have added."""
        mark_in_flight(self._run.in_flight, allure_result(self._config))

    @allure_commons.hookimpl(trylast=True)
    def report_result(self, result: TestResult) -> None:
        """Allure has written the result: the test is no longer in flight."""
        clear_in_flight(self._run.in_flight, result)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Give every phase our outcome and the tagged reason, in pytest's report and in Allure's."""
        report = yield
        outcome, reason = _outcome(report, call)
        self._stamp(report, outcome, reason)
        if report.failed and call.excinfo:
            self._retell(report, call.excinfo, reason)
        return report

    def _stamp(self, report: pytest.TestReport, outcome: TestOutcome, reason: str) -> None:
        now = time.monotonic()
        times = {"test_seconds": now - self._test_started, "run_seconds": now - self._run_started}
        Stamp(outcome=outcome, reason=reason, **times).put_on(report)

    def _retell(self, report: pytest.TestReport, error: pytest.ExceptionInfo[BaseException], reason: str) -> None:
        """A judgement speaks for itself; everything else keeps its traceback."""
        judgement = isinstance(error.value, InteropFailure | Inconclusive)
        crash = getattr(report.longrepr, "reprcrash", None)
        if judgement:
            report.longrepr = reason
        elif crash is not None:
            crash.message = reason
        details = allure_result(self._config).statusDetails
        if details and details.message == error.exconly():  # else they tell of an earlier phase
            details.message = reason
            details.trace = None if judgement else details.trace

    def _interrupted(self, item: pytest.Item, message: str) -> None:
        result = allure_result(self._config)
        if result.status not in ("failed", "broken"):
            result.status, result.statusDetails = "broken", StatusDetails(message=message)
        report = pytest.TestReport(
            item.nodeid, item.location, {}, "failed", message, "call", user_properties=item.user_properties
        )
        self._stamp(report, TestOutcome.BROKEN, message)
        item.ihook.pytest_runtest_logreport(report=report)


def _outcome(report: pytest.TestReport, call: pytest.CallInfo[None]) -> tuple[TestOutcome, str]:
    if hasattr(report, "wasxfail"):
        reason = str(report.wasxfail)
        tag = tag_in(reason)
        return (OUTCOME_OF_TAG[tag], reason) if tag else (TestOutcome.SKIPPED, f"known issue: {reason}")
    if report.failed and call.excinfo:
        error = call.excinfo.value
        return OUTCOME_OF_TAG[tag_of(error)], tagged_message(error)
    if report.failed:  # a strict xfail that passed
        return TestOutcome.FAILED, str(report.longrepr)
    if report.skipped:
        return TestOutcome.SKIPPED, str(call.excinfo.value) if call.excinfo else ""
    return TestOutcome.PASSED, ""
