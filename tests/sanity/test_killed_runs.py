"""Kill the harness at random moments, on a lab of SSH servers: what the embedded lab proves with real devices, often.

The moments come from a seed, which every message names; ``PLUGFEST_KILL_SEED`` repeats a proof.
"""

import json
import logging
import os
import time

import pytest

from tests.sanity.killing import Killed, faults, kill_after, moments
from tests.sanity.loopback_lab import LoopbackLab

logger = logging.getLogger(__name__)
LONGEST = 4.0
"""Seconds; a whole run takes a little more."""
SUITE = """
import pytest
from conftest import written
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.tag import temporary

@pytest.fixture(scope="package")
def quiet(suite_change):
    suite_change(written("h1", "mtu", "of the suite"))

@pytest.mark.parametrize("number", range(6))
def test_changes(host, number, change, pool, judged):
    change(written(host, "mtu", str(number)))
    session = pool.session(host)
    file = session.run("mktemp", "-t", temporary(".pcap")).out.strip()
    with session.start("sleep", "300"):
        change(written(host, "mtu-of-port", str(number)))
        session.run("sleep", "0.1")
    session.run("rm", file)
    judged()

def test_of_suite(quiet, host, judged, change):
    change(written(host, "mtu-of-port", "again"))
    judged()
"""


def put_right(lab: LoopbackLab, number: int) -> str:
    """Every other time by the next run, else by the command."""
    if number % 2:
        answer = lab.run("-k", "test_of_suite", f"--report-dir={lab.project.root}/next-{number}")
        assert answer.returncode == 0, answer.stdout
    else:
        answer = lab.command("lab", "restore", "--lab", str(lab.file))
        assert answer.returncode == 0, answer.stderr
    return answer.stdout


def traces(lab: LoopbackLab, pristine: dict[str, str]) -> list[str]:
    """Everything that is not as it was before."""
    found = [f"{name} is {text}" for name, text in lab.state().items() if pristine[name] != text]
    found += [f"{host} has {file}" for host in lab.hosts for file in lab.temporary(host).iterdir()]
    found += [f"{host} runs {program}" for host in lab.hosts for program in lab.programs(host).values()]
    found += [f"journal {file}" for file in lab.journals()]
    who = json.loads(lab.command("who", "--json").stdout)
    return found + [f"claim {claim}" for claim in (*who["claims"], *who["abandoned"])]


def killed_run(lab: LoopbackLab, seconds: float) -> Killed:
    process = lab.start()
    return kill_after(process, lab.project.root / "output", seconds, lab.project)


def prove(lab: LoopbackLab, kills: int) -> None:
    seed = int(os.environ.get("PLUGFEST_KILL_SEED", str(time.time_ns() % 1_000_000)))
    for host in lab.hosts:
        (lab.states / host / "mtu-of-port").write_text("pristine")
    lab.suite(SUITE)
    pristine, wrong, restored, interrupted = lab.state(), list[str](), 0, 0
    for number, seconds in enumerate(moments(seed, kills, LONGEST)):
        killed = killed_run(lab, seconds)
        said = put_right(lab, number)
        found = [*traces(lab, pristine), *faults(killed)]
        wrong += [f"seed {seed}, kill {number} after {killed.after:.2f} s: {trace}; {said}" for trace in found]
        restored += said.count("taken back: ")
        interrupted += len(killed.interrupted())
    figures = (kills, seed, restored, interrupted, len(wrong))
    logger.info("%d kills (seed %d): %d changes taken back, %d tests interrupted, %d traces left", *figures)
    assert wrong == []
    assert kills < 10 or restored > 0, "no kill met a change: nothing was proven"


def test_a_few_killed_runs_leave_no_trace(lab: LoopbackLab) -> None:
    prove(lab, 3)


@pytest.mark.slow
def test_fifty_killed_runs_leave_no_trace(lab: LoopbackLab) -> None:
    prove(lab, 50)
