"""How long tests are expected to take: from a file, else from the last runs, else as long as tests like them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

from pydantic import TypeAdapter, ValidationError

from plugfest.errors import UsageError
from plugfest.evidence.files import write_whole
from plugfest.evidence.records import Bundle

DURATIONS = "durations.json"
"""File in the folder of a run: seconds by test."""
REMEMBERED_RUNS = 10
UNKNOWN_SECONDS = 1.0
Durations = Mapping[str, float]
_FORM = TypeAdapter(dict[str, float])


def expected(tests: Sequence[str], known: Durations) -> list[float]:
    """Seconds of each test; of an unknown one the median of its function's other parameters, else of all."""
    by_function: dict[str, list[float]] = defaultdict(list)
    for name, seconds in known.items():
        by_function[_function(name)].append(seconds)
    medians = {function: median(values) for function, values in by_function.items()}
    usual = median(known.values()) if known else UNKNOWN_SECONDS
    return [known.get(test, medians.get(_function(test), usual)) for test in tests]


def past_durations(lab: str) -> dict[str, float]:
    """Median of the last runs of a lab by the lab database; DatabaseError if that is out of reach."""
    from sqlalchemy import select

    from plugfest.history.database import open_database
    from plugfest.history.tables import Result, Run

    runs = select(Run.id).where(Run.lab == lab).order_by(Run.started.desc()).limit(REMEMBERED_RUNS)
    found: dict[str, list[float]] = defaultdict(list)
    with open_database() as database:
        ids = database.scalars(runs).all()
        for test, seconds in database.execute(select(Result.test, Result.seconds).where(Result.run_id.in_(ids))):
            found[test].append(seconds)
    return {test: median(seconds) for test, seconds in found.items()}


def read_durations(file: Path) -> dict[str, float]:
    """Seconds by test; UsageError if the file holds anything else."""
    try:
        return _FORM.validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{file}: expected seconds by test, as {DURATIONS} in the folder of a run: {first}") from None


def write_durations(folder: Path, bundles: Iterable[Bundle]) -> Path:
    """Write how long the tests of a run took, for later runs; returns the file."""
    seconds = {each.test: round((each.ended - each.started).total_seconds(), 3) for each in bundles}
    write_whole(folder / DURATIONS, _FORM.dump_json(dict(sorted(seconds.items())), indent=1))
    return folder / DURATIONS


def _function(test: str) -> str:
    return test.partition("[")[0]
