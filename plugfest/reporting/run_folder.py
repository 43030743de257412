"""Where the results of one run lie: ``reports/out/RUN/{allure-results, junit.xml, html}``."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from plugfest.errors import UsageError

LATEST = "latest"
PRIVATE = 0o700
"""Runs tell of a lab's weaknesses; who serves them to others opens the folder on purpose."""


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run; its name is the run's id."""

    path: Path
    results_elsewhere: Path | None = None

    @property
    def run_id(self) -> str:
        """Name of the run, such as ``2026-03-01T02-00-00Z``."""
        return self.path.name

    @property
    def results(self) -> Path:
        """What allure-pytest writes: the record from which reports can be built again."""
        return self.results_elsewhere or self.path / "allure-results"

    @property
    def in_flight(self) -> Path:
        """One file for each test that is running now."""
        return self.results / "in-flight"

    @property
    def junit(self) -> Path:
        """The results as JUnit XML."""
        return self.path / "junit.xml"

    @property
    def html(self) -> Path:
        """The HTML report."""
        return self.path / "html"

    @property
    def history(self) -> Path:
        """One small JSON file for each run; shared by the runs beside this one."""
        return self.path.parent / "history.d"


def new_run_folder(base: Path) -> RunFolder:
    """Make the folder of a run that starts now below `base` and point ``latest`` to it."""
    base.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    run = next(run for run in _candidates(base) if _claim(run.path))
    link = base / LATEST
    fresh = base / f".{LATEST}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(run.path.name, target_is_directory=True)
    fresh.replace(link)
    return run


def existing_run_folder(path: Path) -> RunFolder:
    """The run at `path`, which may be the run's folder or its Allure results; raises UsageError if neither."""
    path = path.resolve()
    if RunFolder(path).results.is_dir():
        return RunFolder(path)
    if any(path.glob("*-result.json")) or path.name == "allure-results":
        return RunFolder(path.parent, path)
    raise UsageError(f"{path}: expected the folder of a run, such as reports/out/latest, or a folder of Allure results")


def _candidates(base: Path) -> Iterator[RunFolder]:
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    yield RunFolder(base / stamp)
    for number in count(2):
        yield RunFolder(base / f"{stamp}-{number}")


def _claim(path: Path) -> bool:
    try:
        path.mkdir(mode=PRIVATE)
    except FileExistsError:
        return False
    return True
