"""Kill the harness at random moments of a run: the lab is restored, no result is lost, no device stays held.

The moments come from a seed, which is told; ``PLUGFEST_KILL_SEED`` repeats a proof, ``--log-cli-level=INFO`` shows
every kill.
"""

import json
import logging
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugfest.devices.roster import Roster
from plugfest.reporting.run_folder import RunFolder
from plugfest.sessions.deadline import Deadline
from tests.sanity.killing import Killed, faults, kill_after, moments
from tests.suites.conftest import PROJECT
from tests.suites.pristine import State, differences, state_of

pytestmark = pytest.mark.lab
logger = logging.getLogger(__name__)

SELECTIONS = (
    ("testsuites/recovery/test_request_loss.py",),
    ("testsuites/recovery/test_answer_loss.py", "testsuites/recovery/test_repetition_and_order.py"),
    ("testsuites/l2/test_lldp.py",),
    ("testsuites/resilience",),
    ("testsuites/congestion", "testsuites/inter_dc"),
)
"""Suites that change much."""
LONGEST = float(os.environ.get("PLUGFEST_KILL_SECONDS", "40"))
"""Seconds after which a run is killed at the latest."""
CONVERGENCE_SECONDS = 60.0
ONE_IN = 4
"""So many kills are put right by `plugfest lab restore` for one that the next run puts right."""


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("PLUGFEST_KILL_SEED", str(time.time_ns() % 1_000_000)))


@pytest.fixture
def pristine(roster: Roster) -> State:
    """The lab as it is before anything was killed."""
    return state_of(roster.lab, roster.pool)


def killed_run(selection: tuple[str, ...], folder: Path, seconds: float) -> Killed:
    """A run of these suites that ends with SIGKILL."""
    folder.mkdir(parents=True)
    options = (f"--report-dir={folder / 'run'}", "--no-html", "--keep-lab", "-p", "no:cacheprovider")
    output = folder / "output"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *selection, *options],
            cwd=PROJECT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    return kill_after(process, output, seconds, RunFolder(folder / "run"))


def put_right(number: int, folder: Path) -> str:
    """Let the next run or the command restore the lab; what it said."""
    by_run = ("pytest", "testsuites/link", "-k", "link_is_up", "--no-html", "--keep-lab", "--report-dir")
    by_command = ("plugfest", "lab", "restore")
    chosen = (*by_run, str(folder / "next")) if number % ONE_IN == ONE_IN - 1 else by_command
    answer = subprocess.run(
        [sys.executable, "-m", *chosen], cwd=PROJECT, capture_output=True, text=True, timeout=180, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def held() -> list[object]:
    """Leases that somebody holds."""
    answer = subprocess.run(
        [sys.executable, "-m", "plugfest", "who", "--json"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    found = json.loads(answer.stdout)
    return list(found["claims"])


def prove(kills: int, seed: int, roster: Roster, pristine: State, folder: Path) -> None:
    """Kill so many runs; after each one everything must be as it was."""
    chance, wrong, restored, lost, began = random.Random(seed), [], 0, 0, time.monotonic()
    for number, seconds in enumerate(moments(seed, kills, LONGEST)):
        place = folder / str(number)
        killed = killed_run(chance.choice(SELECTIONS), place, seconds)
        said = put_right(number, place)
        deadline = Deadline("the lab is as it was", CONVERGENCE_SECONDS)
        left = deadline.watch(lambda: differences(pristine, state_of(roster.lab, roster.pool)), lambda left: not left)
        problems = [*left, *faults(killed), *(f"a lease is held: {lease}" for lease in held())]
        restored += said.count("taken back: ")
        lost += len(killed.interrupted())
        wrong += [f"kill {number} after {killed.after:.1f} s (seed {seed}): {problem}\n{said}" for problem in problems]
        where = f"after {killed.after:.1f} s in {killed.started[-1:]}"
        logger.info("kill %d: %s, %d problems; %s", number, where, len(problems), said)
    figures = f"{kills} kills, seed {seed}: {restored} changes taken back, {lost} tests marked interrupted"
    logger.info("%s, %d problems, %.0f s", figures, len(wrong), time.monotonic() - began)
    assert wrong == []


def test_a_few_killed_runs_leave_no_trace(seed: int, roster: Roster, pristine: State, tmp_path: Path) -> None:
    prove(4, seed, roster, pristine, tmp_path)


@pytest.mark.slow
def test_fifty_killed_runs_leave_no_trace(seed: int, roster: Roster, pristine: State, tmp_path: Path) -> None:
    prove(int(os.environ.get("PLUGFEST_KILLS", "50")), seed, roster, pristine, tmp_path)
