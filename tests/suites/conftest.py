"""Runs the suites as a user does, on the embedded lab, healthy or with something broken in it."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugfest.devices.changes import Change, make, revert
from plugfest.devices.roster import Roster
from plugfest.embedded.state import RunningLab
from plugfest.inventory.loader import load
from plugfest.sessions.pool import SessionPool

PROJECT = Path(__file__).resolve().parents[2]
MINUTES = 60


@dataclass(frozen=True)
class SuiteRun:
    """What a run of the suites printed, and how each test ended."""

    exit_status: int
    output: str
    messages: dict[str, str]
    """Failure, error or skip message by test name; empty for tests that passed."""

    @property
    def passed(self) -> list[str]:
        """Names of the tests that passed."""
        return [name for name, message in self.messages.items() if not message]

    def message(self, name: str) -> str:
        """Why the test called `name` did not pass."""
        assert name in self.messages, f"{name} was not run; there were {sorted(self.messages)}\n{self.output}"
        return self.messages[name]


RunSuite = Callable[..., SuiteRun]


@pytest.fixture
def run_suite(embedded_lab: RunningLab, tmp_path: Path) -> RunSuite:
    """Run ``pytest ARGUMENTS`` on the running lab in a process of its own."""

    def run(*arguments: str, timeout: float = 10 * MINUTES) -> SuiteRun:
        folder = Path(tempfile.mkdtemp(dir=tmp_path, prefix="run-"))
        junit = folder / "junit.xml"
        options = [f"--report-dir={folder}", "--no-html", "--keep-lab"]
        command = [sys.executable, "-m", "pytest", *arguments, *options]
        process = subprocess.run(
            command,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert junit.exists(), process.stdout
        return SuiteRun(process.returncode, process.stdout, _messages(junit))

    return run


def _messages(junit: Path) -> dict[str, str]:
    cases = ElementTree.parse(junit).iter("testcase")
    return {case.get("name", ""): "\n".join(_texts(case)) for case in cases}


def _texts(case: ElementTree.Element) -> Iterator[str]:
    for kind in ("failure", "error", "skipped"):
        for element in case.findall(kind):
            yield f"{kind}: {element.get('message', '')}\n{element.text or ''}"


@pytest.fixture
def roster(embedded_lab: RunningLab) -> Iterator[Roster]:
    """The devices of the running lab."""
    pool = SessionPool(embedded_lab.endpoints)
    yield Roster(load("embedded").lab, pool)
    pool.close()


@pytest.fixture
def broken(roster: Roster) -> Iterator[Callable[[Change], None]]:
    """Break something for the length of one test."""
    made: list[Change] = []

    def apply(change: Change) -> None:
        made.append(change)
        make(change, roster.pool.session(change.device))

    yield apply
    for change in reversed(made):
        revert(change, roster.pool.session(change.device))
