"""Kills runs of the harness at random moments, and finds out what became of the tests."""

import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugfest.reporting.in_flight import KILLED, recover_in_flight
from plugfest.reporting.result_files import read_results
from plugfest.reporting.run_folder import RunFolder
from plugfest.sessions.deadline import Deadline
from tests.reporting.lab_project import LabProject

STARTED = re.compile(r"^\S*testsuites/\S+::(?P<name>test_.+?)(?: [A-Z]| *$)", re.MULTILINE)
"""A line of the terminal: pytest names a test when it starts."""


@dataclass(frozen=True)
class Killed:
    """What one killed run had done."""

    after: float
    """Seconds between the begin of the first test and the kill."""
    output: str
    run: RunFolder

    @property
    def started(self) -> list[str]:
        """Tests that had begun, in order."""
        return list(dict.fromkeys(match["name"] for match in STARTED.finditer(self.output)))

    @property
    def finished(self) -> list[str]:
        """Tests that had ended for good: another one had begun after them."""
        return self.started[:-1]

    def results(self) -> dict[str, dict[str, object]]:
        """Every test in the report by name, the interrupted one included."""
        recover_in_flight(self.run)
        return {str(result["name"]): result for result in read_results(self.run.results)}

    def interrupted(self) -> list[str]:
        """Names of the tests that the report calls interrupted by the kill."""
        return [name for name, result in self.results().items() if KILLED in str(result.get("statusDetails"))]


def moments(seed: int, kills: int, longest: float) -> Iterator[float]:
    """Random moments of a run in seconds; the same for the same seed."""
    chance = random.Random(seed)
    return (chance.uniform(0, longest) for _ in range(kills))


def kill_after(
    process: "subprocess.Popen[bytes]", output: Path, seconds: float, place: RunFolder | LabProject
) -> Killed:
    """Let the run go on for so many seconds after its first test began, then kill it; it may have ended before."""
    begins = Deadline("the first test begins", 120)
    begins.wait_for(lambda: STARTED.search(output.read_text()) or process.poll() is not None, interval=0.05)
    began = time.monotonic()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    run = place.latest if isinstance(place, LabProject) else place
    return Killed(after=time.monotonic() - began, output=output.read_text(), run=run)


def faults(killed: Killed) -> Iterator[str]:
    """What the report does not tell of a killed run although it should."""
    results = killed.results()
    yield from (f"finished {name} is not in the report" for name in killed.finished if name not in results)
    interrupted = killed.interrupted()
    yield from (f"finished {name} is called interrupted" for name in killed.finished if name in interrupted)
    yield from (f"{name} began and is not in the report" for name in killed.started if name not in results)
    if len(interrupted) > 1:
        yield f"expected at most one interrupted test, got {interrupted}"
