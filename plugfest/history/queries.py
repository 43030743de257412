"""Asks the lab database for runs and for what single tests did in them."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from plugfest.errors import UsageError
from plugfest.history.flaky import is_flaky
from plugfest.history.tables import Figure, Result, Run
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

LATEST = "latest"
VERSIONS = {
    "nic": "NIC",
    "nic_firmware": "NIC firmware",
    "switch": "switch chip",
    "nos": "NOS",
    "medium": "medium",
    "peer": "peer",
    "peer_firmware": "peer firmware",
}
"""Columns of a result that name equipment, and what people call them."""


class Point(Record):
    """One test in one run."""

    run: str
    outcome: TestOutcome
    cell: str
    changed: tuple[str, ...] = ()
    """Equipment and harness that are not what they were in the run before."""


class Timeline(Record):
    """What one test did, oldest run first."""

    test: str
    case: str
    cell: str
    """Its cell in the newest run."""
    points: tuple[Point, ...]
    flaky: bool
    reason: str
    """Why it did not pass in the newest run."""


def find_run(database: Session, name: str) -> Run:
    """A run by its name, by the path of its folder, or ``latest``; UsageError if it was never stored."""
    if name == LATEST:
        found = database.scalars(select(Run).order_by(Run.started.desc(), Run.id.desc()).limit(1)).first()
    else:
        found = database.get(Run, name) or database.get(Run, Path(name).resolve().name)
    if found is None:
        raise UsageError(f"{name}: not in the lab database – store it with `plugfest history --add RUN`")
    return found


def runs_until(database: Session, run: Run, count: int) -> list[Run]:
    """The last `count` runs of the same lab, `run` being the newest of them; oldest first."""
    earlier = select(Run).where(Run.lab == run.lab, Run.started <= run.started)
    newest_first = database.scalars(earlier.order_by(Run.started.desc(), Run.id.desc()).limit(count))
    return list(newest_first)[::-1]


def timelines(database: Session, text: str, run: Run, count: int) -> list[Timeline]:
    """Tests whose case is `text`, or whose cell or id contains it, over the last `count` runs up to `run`."""
    runs = runs_until(database, run, count)
    contains = (column.contains(text, autoescape=True) for column in (Result.cell, Result.test))
    wanted = select(Result).where(Result.run_id.in_([each.id for each in runs]), or_(Result.case == text, *contains))
    by_test: dict[str, dict[str, Result]] = {}
    for result in database.scalars(wanted):
        by_test.setdefault(result.test, {})[result.run_id] = result
    if not by_test:
        raise UsageError(f"no result of a case, cell or test like {text!r} in the last {count} runs of {run.lab}")
    return [timeline([found[each.id] for each in runs if each.id in found]) for _, found in sorted(by_test.items())]


def timeline(results: Sequence[Result]) -> Timeline:
    """The results of one test, oldest first, as a timeline."""
    last = results[-1]
    outcomes = [(result.cell, TestOutcome(result.outcome)) for result in results]
    points = [_point(result, results[number - 1] if number else None) for number, result in enumerate(results)]
    return Timeline(
        test=last.test,
        case=last.case,
        cell=last.cell,
        points=tuple(points),
        flaky=is_flaky(outcomes),
        reason=last.reason,
    )


def changed_versions(before: Result, after: Result) -> tuple[str, ...]:
    """What is not the same equipment or harness in two results of a test, in words."""
    pairs = [(name, getattr(before, column), getattr(after, column)) for column, name in VERSIONS.items()]
    pairs.append(("harness", before.run.harness, after.run.harness))
    return tuple(f"{name} {old} → {new}" for name, old, new in pairs if old != new)


def past_figures(database: Session, runs: Sequence[Run]) -> dict[tuple[str, str, str], list[float]]:
    """Values of every key figure of passing tests in `runs`, by test, claim and name."""
    query = (
        select(Result.test, Figure.claim, Figure.name, Figure.value)
        .join(Figure, Figure.result_id == Result.id)
        .where(Result.run_id.in_([run.id for run in runs]), Result.outcome == TestOutcome.PASSED.value)
    )
    found: dict[tuple[str, str, str], list[float]] = {}
    for test, claim, name, value in database.execute(query):
        found.setdefault((test, claim, name), []).append(value)
    return found


def _point(result: Result, before: Result | None) -> Point:
    changed = changed_versions(before, result) if before else ()
    return Point(run=result.run_id, outcome=TestOutcome(result.outcome), cell=result.cell, changed=changed)
