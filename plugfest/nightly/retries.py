"""Repeats a test that went wrong within the same run; one that then passes is flaky, never passed."""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING

import pytest
from allure_commons.model2 import StatusDetails

from plugfest.errors import CounterDefect, Inconclusive, InteropFailure, LabError
from plugfest.evidence.recorder import TRANSCRIPT
from plugfest.records import Record
from plugfest.reporting.labels import suite_of
from plugfest.reporting.outcomes import OUTCOME_OF_TAG, Tag, TestOutcome, tag_in, tag_of, tagged_message
from plugfest.reporting.running_test import allure_result
from plugfest.reporting.stamp import REPEATED, Stamp

if TYPE_CHECKING:
    from _pytest.fixtures import SubRequest  # what pytest documents for its fixture hooks, but does not export

WRONG = (TestOutcome.FAILED, TestOutcome.BROKEN, TestOutcome.INCONCLUSIVE)
ERRORS: Mapping[Tag | None, type[Exception]] = {
    Tag.INTEROP: InteropFailure,
    Tag.COUNTER: CounterDefect,
    Tag.LAB: LabError,
    Tag.INCONCLUSIVE: Inconclusive,
}


class Attempt(Record):
    """How an earlier attempt of a test ended."""

    outcome: TestOutcome
    reason: str
    """Tagged message."""


ATTEMPTS = pytest.StashKey[list[Attempt]]()
REPEAT = pytest.StashKey[bool]()


class Retries:
    """pytest plugin, outside all others: decides on another attempt and begins it when everything has been cleaned."""

    def __init__(self, retries: int, earlier: Mapping[str, Sequence[Attempt]], time_left: Callable[[], bool]) -> None:
        self._retries = retries
        self._earlier = earlier
        self._time_left = time_left
        self._spoilt: list[tuple[pytest.FixtureDef[object], SubRequest]] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: "SubRequest"
    ) -> Generator[None, object, object]:
        """Note what could not be set up: pytest would tell a suite's or run's fixture the same error for ever."""
        try:
            return (yield)
        except Exception:
            self._spoilt.append((fixturedef, request))
            raise

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Run the test, and again as long as that may help."""
        item.stash.setdefault(ATTEMPTS, list(self._earlier.get(item.nodeid, ())))
        item.stash[REPEAT] = False
        result = yield
        if item.stash[REPEAT]:
            item.user_properties.clear()
            if TRANSCRIPT in item.stash:
                del item.stash[TRANSCRIPT]
            while self._spoilt:
                spoilt, request = self._spoilt.pop()
                spoilt.finish(request)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """When all others have seen it: a failure that is repeated does not count in pytest's totals."""
        report = yield
        stamp = Stamp.on(report)
        if stamp is None or not suite_of(item.nodeid):
            return report
        if report.failed and report.when != "teardown" and self._may_repeat(item, stamp):
            item.stash[ATTEMPTS].append(Attempt(outcome=stamp.outcome, reason=stamp.reason))
            item.stash[REPEAT] = True
        if report.failed and item.stash[REPEAT]:
            vars(report)["outcome"] = REPEATED
        if stamp.outcome is TestOutcome.FLAKY:
            allure_result(item.config).statusDetails = StatusDetails(message=stamp.reason, flaky=True)
        return report

    def _may_repeat(self, item: pytest.Item, stamp: Stamp) -> bool:
        interrupted = tag_in(stamp.reason) is Tag.INTERRUPTED
        left = len(item.stash[ATTEMPTS]) < self._retries
        return stamp.outcome in WRONG and not interrupted and left and self._time_left()


class LaterAttempt:
    """pytest plugin, closest to pytest's own report: what a later attempt says in the light of the earlier ones."""

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Passed now: flaky.  Wrong in a milder way: the worse of both counts."""
        earlier = item.stash.get(ATTEMPTS, [])
        if earlier and call.when != "teardown" and call.excinfo:
            keep_worse(call, earlier)
        report = yield
        if earlier and report.when == "call" and report.passed:
            report.outcome = "skipped"
            report.wasxfail = f"{Tag.FLAKY} passed at attempt {len(earlier) + 1}\n{told(earlier)}"
        return report


def keep_worse(call: pytest.CallInfo[None], earlier: Sequence[Attempt]) -> None:
    """A failure is not taken back by a skip, a lab fault or missing evidence at a later attempt."""
    assert call.excinfo is not None
    error = call.excinfo.value
    skipped = isinstance(error, pytest.skip.Exception)
    now = TestOutcome.SKIPPED if skipped else OUTCOME_OF_TAG[tag_of(error)]
    worst = max(earlier, key=lambda attempt: attempt.outcome.rank)
    if now.rank >= worst.outcome.rank or tag_of(error) is Tag.INTERRUPTED:
        return
    said = f"skipped: {error}" if skipped else tagged_message(error)
    tag = tag_in(worst.reason)
    text = f"{worst.reason.removeprefix(str(tag)).strip()}\nattempt {len(earlier) + 1}: {said}"
    worse = ERRORS.get(tag, RuntimeError)(text).with_traceback(call.excinfo.tb)
    call.excinfo = pytest.ExceptionInfo.from_exception(worse)


def told(attempts: Sequence[Attempt]) -> str:
    """Earlier attempts, one block each."""
    return "\n".join(f"attempt {number}: {attempt.reason}" for number, attempt in enumerate(attempts, 1))
