"""What would run in a lab: pytest collects the real suites, and every case says on what it would run or why not."""

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

import plugfest
from plugfest.errors import UsageError
from plugfest.inventory.pairs import HostPair
from plugfest.inventory.plan import Plan
from plugfest.records import Record
from plugfest.reporting.labels import SUITES_FOLDER, suite_of
from plugfest.reservation.needs import devices_of


class PlannedCase(Record):
    """One test on one subject of the lab."""

    test: str
    """pytest's id without the subject."""
    suite: str
    """Folder of the suite, such as ``l2``."""
    case: str | None
    """Number in the catalogue of cases, such as ``L2-01``."""
    subject: str | None
    """Id of the link, pair or switch that it is about; None for a test of the lab as a whole."""
    devices: tuple[str, ...]
    """Devices that the subject consists of."""
    cell: str | None
    """Cell of the interop matrix; None for tests that are not about two hosts."""
    skipped: str | None
    """Why it would not run; None if it would."""


def suites_root() -> Path:
    """The folder that holds the suites: the current one or a parent of it, else the one plugfest is installed from."""
    here = Path.cwd()
    for folder in (here, *here.parents, Path(plugfest.__file__).resolve().parents[1]):
        if (folder / SUITES_FOLDER).is_dir() and (folder / "conftest.py").is_file():
            return folder
    raise UsageError(f"no folder {SUITES_FOLDER}/ with a conftest.py beside it – start in the project's folder")


def planned_cases(plan: Plan, lab_file: Path, suites: Sequence[str] = ()) -> tuple[PlannedCase, ...]:
    """Collect the suites (all, or folders by name) for a lab; UsageError with pytest's words if that fails."""
    root = suites_root()
    folders = [root / SUITES_FOLDER / name for name in suites] or [root / SUITES_FOLDER]
    unknown = [folder.name for folder in folders if not folder.is_dir()]
    if unknown:
        known = sorted(each.name for each in (root / SUITES_FOLDER).iterdir() if (each / "__init__.py").is_file())
        raise UsageError(f"no suite is called {', '.join(unknown)}; suites: {', '.join(known)}")
    collector, said = _Collector(plan), io.StringIO()
    options = ["--collect-only", "-q", "--rootdir", str(root), "-p", "no:cacheprovider", "--lab", str(lab_file)]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.chdir(root):
        status = pytest.main([*options, *map(str, folders)], plugins=[collector])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise UsageError(f"pytest could not collect the suites:\n{said.getvalue().strip()[-2000:]}")
    return tuple(collector.cases)


class _Collector:
    """A pytest plugin that looks at the collected items when all plugins have had their say."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.cases: list[PlannedCase] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.cases = [self._case(item) for item in session.items]

    def _case(self, item: pytest.Item) -> PlannedCase:
        from fixtures.conditions import subject_of

        _, subject = subject_of(item)
        number, skip = item.get_closest_marker("case"), item.get_closest_marker("skip")
        return PlannedCase(
            test=item.nodeid.partition("[")[0],
            suite=suite_of(item.nodeid),
            case=str(number.args[0]) if number else None,
            subject=getattr(subject, "id", None),
            devices=tuple(sorted(devices_of(subject, self._plan))) if subject is not None else (),
            cell=self._plan.cell(subject).id if isinstance(subject, HostPair) else None,
            skipped=_reason(skip) if skip else None,
        )


def _reason(skip: pytest.Mark) -> str:
    return str(skip.kwargs.get("reason") or (skip.args[0] if skip.args else "skipped"))
