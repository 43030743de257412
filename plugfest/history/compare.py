"""What changed between two runs: outcomes, key figures beyond noise, and the versions that changed with them."""

from sqlalchemy.orm import Session

from plugfest.history.noise import RESOLUTION, Band
from plugfest.history.queries import changed_versions, past_figures, runs_until, timeline
from plugfest.history.tables import Result, Run
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

MEMORY = 30
"""Runs that noise and flakiness are learnt from."""


class OutcomeChange(Record):
    """A test that ended differently."""

    test: str
    case: str
    cell: str
    before: TestOutcome | None
    """None if the test did not run."""
    after: TestOutcome | None
    versions: tuple[str, ...] = ()
    """Equipment and harness that changed with it."""
    flaky: bool = False
    reason: str = ""


class FigureChange(Record):
    """A key figure that left its noise band, or whose noise is not known yet."""

    test: str
    cell: str
    claim: str
    name: str
    before: float
    after: float
    band: Band | None
    versions: tuple[str, ...] = ()


class Comparison(Record):
    """Two runs side by side."""

    before: str
    after: str
    harness: tuple[str, str]
    outcomes: tuple[OutcomeChange, ...]
    figures: tuple[FigureChange, ...]
    same: int
    """Tests with the same outcome."""
    figures_within_noise: int
    flaky: tuple[str, ...]
    """Tests that flip although nothing changes."""


def compare(database: Session, before: Run, after: Run) -> Comparison:
    """Compare two runs test by test; tests are found again by their ids, which hold no version."""
    old = {result.test: result for result in before.results}
    new = {result.test: result for result in after.results}
    memory = runs_until(database, after, MEMORY)
    flaky = _flaky(memory)
    tests = list(dict.fromkeys([*new, *old]))
    changed = [test for test in tests if _outcome(old.get(test)) is not _outcome(new.get(test))]
    figures, within = _figures(database, old, new, [run for run in memory if run.id != after.id])
    return Comparison(
        before=before.id,
        after=after.id,
        harness=(before.harness, after.harness),
        outcomes=tuple(_change(old.get(test), new.get(test), test in flaky) for test in changed),
        figures=tuple(figures),
        same=len(tests) - len(changed),
        figures_within_noise=within,
        flaky=tuple(sorted(flaky & set(tests))),
    )


def _flaky(runs: list[Run]) -> set[str]:
    by_test: dict[str, list[Result]] = {}
    for run in runs:
        for result in run.results:
            by_test.setdefault(result.test, []).append(result)
    return {test for test, results in by_test.items() if timeline(results).flaky}


def _outcome(result: Result | None) -> TestOutcome | None:
    return TestOutcome(result.outcome) if result else None


def _change(old: Result | None, new: Result | None, flaky: bool) -> OutcomeChange:
    shown = new or old
    assert shown is not None  # a test is in one of the two runs
    return OutcomeChange(
        test=shown.test,
        case=shown.case,
        cell=shown.cell,
        before=_outcome(old),
        after=_outcome(new),
        versions=changed_versions(old, new) if old and new else (),
        flaky=flaky,
        reason=new.reason if new else "",
    )


def _figures(
    database: Session, old: dict[str, Result], new: dict[str, Result], memory: list[Run]
) -> tuple[list[FigureChange], int]:
    past = past_figures(database, memory)
    found: list[FigureChange] = []
    within = 0
    for test in old.keys() & new.keys():
        values = {(figure.claim, figure.name): figure.value for figure in old[test].figures}
        for figure in new[test].figures:
            value = values.get((figure.claim, figure.name))
            band = Band.of(past.get((test, figure.claim, figure.name), ()))
            if value is None or _is_noise(band, value, figure.value):
                within += value is not None
                continue
            found.append(
                FigureChange(
                    test=test,
                    cell=new[test].cell,
                    claim=figure.claim,
                    name=figure.name,
                    before=value,
                    after=figure.value,
                    band=band,
                    versions=changed_versions(old[test], new[test]),
                )
            )
    return sorted(found, key=lambda change: (change.test, change.claim, change.name)), within


def _is_noise(band: Band | None, before: float, after: float) -> bool:
    return band.holds(after) if band else abs(after - before) <= RESOLUTION * abs(before)
