"""What every test of a lab did in its last runs: the entries that a matrix groups."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from plugfest.history.flaky import is_flaky
from plugfest.history.queries import find_run, runs_until
from plugfest.history.tables import Result, Run
from plugfest.matrix.axes import Axis
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

NIGHTS = 7
"""Runs whose outcomes a trend shows."""
MEMORY = 30
"""Runs that flakiness is learnt from, and after which a test that no longer runs is forgotten."""
WRONG = (TestOutcome.FAILED, TestOutcome.BROKEN, TestOutcome.INCONCLUSIVE)


class Entry(Record):
    """One test with its newest outcome and how it came to it."""

    test: str
    title: str
    axes: dict[Axis, str]
    outcome: TestOutcome
    """In the newest run that has it."""
    run: str
    """That run."""
    age: int
    """How many runs ago that was; 0 for the newest."""
    is_new: bool
    """Wrong now, right the last time before."""
    is_fixed: bool
    """Right now, not right the last time before."""
    flaky: bool
    trend: tuple[TestOutcome | None, ...]
    """Outcomes of the last nights, oldest first; None where it did not run."""
    reason: str
    known_issue: str | None
    bundle: Path
    """Evidence bundle."""
    report: Path
    """Folder of the run's HTML report."""
    allure: str | None
    """UUID of its result there."""


class RunEntries(Record):
    """The entries of one lab, seen from one run."""

    run: str
    lab: str
    started: str
    harness: str
    nights: tuple[str, ...]
    """The runs of the trend, oldest first."""
    entries: tuple[Entry, ...]


def collect(database: Session, until: str, nights: int = NIGHTS) -> RunEntries:
    """Every test of the lab in its runs up to `until`."""
    newest = find_run(database, until)
    runs = runs_until(database, newest, max(MEMORY, nights))
    shown = runs[-nights:]
    by_test: dict[str, list[Result]] = {}
    for run in runs:
        for result in run.results:
            by_test.setdefault(result.test, []).append(result)
    entries = [_entry(results, runs, shown) for _, results in sorted(by_test.items())]
    return RunEntries(
        run=newest.id,
        lab=newest.lab,
        started=newest.started.strftime("%Y-%m-%d %H:%M UTC"),
        harness=newest.harness,
        nights=tuple(run.id for run in shown),
        entries=tuple(entries),
    )


def _entry(results: list[Result], runs: Sequence[Run], shown: Sequence[Run]) -> Entry:
    last = results[-1]
    age = len(runs) - 1 - [run.id for run in runs].index(last.run_id)
    outcome = TestOutcome(last.outcome)
    before = _before(results)
    by_run = {result.run_id: TestOutcome(result.outcome) for result in results}
    evidence = Path(last.run.folder)
    return Entry(
        test=last.test,
        title=last.title,
        axes={axis: getattr(last, axis.value) for axis in Axis},
        outcome=outcome,
        run=last.run_id,
        age=age,
        is_new=age == 0 and outcome in WRONG and before in (TestOutcome.PASSED, TestOutcome.KNOWN_ISSUE),
        is_fixed=age == 0 and outcome is TestOutcome.PASSED and before not in (None, TestOutcome.PASSED),
        flaky=is_flaky([(result.cell, TestOutcome(result.outcome)) for result in results]),
        trend=tuple(by_run.get(run.id) for run in shown),
        reason=last.reason,
        known_issue=last.known_issue,
        bundle=evidence / last.bundle,
        report=evidence.parent / "html",
        allure=last.allure,
    )


def _before(results: Sequence[Result]) -> TestOutcome | None:
    """The outcome before the newest one, skipped runs passed over."""
    earlier = (TestOutcome(result.outcome) for result in reversed(results[:-1]))
    return next((outcome for outcome in earlier if outcome is not TestOutcome.SKIPPED), None)
