"""A run of the suites and its lease, on two hosts that are SSH servers here."""

import getpass
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.history.database import LabDatabase, open_database
from plugfest.history.tables import Run
from plugfest.reservation.leases import Leases
from plugfest.sessions.deadline import Deadline
from tests.reservation.claims import by_hand, needs
from tests.sanity.loopback_lab import HOSTS, LoopbackLab

LAB = "loopback"
ME = f"{getpass.getuser()}@{socket.gethostname()}"
ANN = "ann@ctrl-9"
TOUCH = """
def test_answers(host, pool, judged):
    pool.session(host).run("true")
    judged()
"""
STRAY = """
def test_strays(host, pool, judged):
    for each in ("h1", "h2"):
        pool.session(each).run("true")
    judged()
"""
LOSES = """
import subprocess, sys
import plugfest.reservation.holding
from plugfest.errors import LabError
from plugfest.sessions.deadline import Deadline

plugfest.reservation.holding.RENEWALS = 600

def refused(pool, host):
    try:
        pool.session(host).run("true")
    except LabError as error:
        return str(error)

def test_loses(host, pool, lab, request, judged):
    command = [sys.executable, "-m", "plugfest", "release", "--all", "--force", "--lab", request.config.option.lab]
    subprocess.run(command, check=True)
    Deadline("the loss is noticed", 60).wait_for(lambda: refused(pool, host))
    pool.session(host).run("true")
"""
STOPPED = """
import signal
import pytest

def test_stopped(host, pool, judged):
    pool.session(host).run("true")
    {stop}
"""
LOOKS = """
import json, subprocess, sys
import pytest

@pytest.mark.parametrize("number", range(3))
def test_looks(host, number, pool, judged):
    pool.session(host).run("true")
    command = [sys.executable, "-m", "plugfest", "who", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert [claim["needs"] for claim in found["claims"]] == [{"exclusive": ["h1", "h2"], "shared": []}]
    judged()
"""


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, LoopbackSshd]]:
    root = tmp_path_factory.mktemp("hosts")
    with ExitStack() as stack:
        yield {name: stack.enter_context(LoopbackSshd(root / name, "MaxSessions 100\n")) for name in HOSTS}


@pytest.fixture
def lab(tmp_path: Path, hosts: dict[str, LoopbackSshd]) -> LoopbackLab:
    return LoopbackLab(tmp_path, hosts)  # type: ignore[arg-type]  # only asked where it answers


@pytest.fixture
def leases(lab: LoopbackLab) -> Iterator[Leases]:
    database = LabDatabase(lab.environment["PLUGFEST_DB"])
    yield Leases(database)
    database.close()


def outcomes(run: subprocess.CompletedProcess[str]) -> str:
    return run.stdout + run.stderr


def test_a_run_holds_what_its_tests_need_and_hands_it_back(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(LOOKS)
    run = lab.run()
    assert run.returncode == 0, outcomes(run)
    assert leases.claims() == []
    assert leases.abandoned() == []


def test_workers_rest_on_the_lease_of_the_main_process(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(LOOKS)
    run = lab.run("-n", "2")
    assert run.returncode == 0, outcomes(run)
    assert leases.claims() == []


def test_a_reserved_device_keeps_runs_of_others_off(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(TOUCH)
    leases.acquire(LAB, by_hand(ANN), needs("h1"), "bring-up", seconds=3600)
    refused = lab.run("--lab-wait", "0.5")
    assert refused.returncode == 5, outcomes(refused)
    assert f"lab: waiting up to 0.5 s (--lab-wait): h1 is held by {ANN} since " in refused.stdout
    assert f"no lease on the lab: h1 is held by {ANN} since " in outcomes(refused)
    assert ": bring-up" in refused.stdout
    assert "PASSED" not in refused.stdout
    with open_database(lab.environment["PLUGFEST_DB"]) as database:
        assert database.query(Run).count() == 0
    assert [claim.holder.person for claim in leases.claims()] == [ANN]
    other = lab.run("--lab-wait", "0", "-k", "h2")
    assert other.returncode == 0, outcomes(other)


def test_a_run_waits_until_the_device_is_free(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(TOUCH)
    held = leases.acquire(LAB, by_hand(ANN), needs("h1"), "bring-up", seconds=3600).claim
    process = lab.start()
    output = lab.project.root / "output"
    Deadline("the run says that it waits", 60).wait_for(lambda: "waiting up to 600 s" in output.read_text())
    assert [claim.holder.person for claim in leases.claims() if claim.granted is None] == [ME]
    leases.release(held)
    assert process.wait(60) == 0, output.read_text()


def test_a_person_runs_tests_on_what_they_reserved(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(TOUCH)
    reserved = lab.command("reserve", "h1", "--lab", str(lab.file))
    assert reserved.returncode == 0, reserved.stderr
    run = lab.run("--lab-wait", "0")
    assert run.returncode == 0, outcomes(run)
    assert [claim.needs for claim in leases.claims()] == [needs("h1")]


def test_a_device_outside_the_lease_is_not_touched(lab: LoopbackLab) -> None:
    lab.suite(STRAY)
    run = lab.run("-k", "h2")
    assert run.returncode == 1, outcomes(run)
    assert "BROKEN" in run.stdout
    assert "h1 is not reserved for this run: the selected tests do not say that they use it" in run.stdout


def test_a_lost_lease_breaks_the_run(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(LOSES)
    run = lab.run()
    assert run.returncode == 2, outcomes(run)
    assert "lease lost: it was not renewed in time or was taken away; nobody holds the devices now" in run.stdout
    assert "the lease on the lab was lost" in run.stdout
    assert run.stdout.count("test_loses[h") >= 1
    assert "test_loses[h2] PASSED" not in run.stdout
    assert leases.claims() == []


@pytest.mark.parametrize(("stop", "status"), [("signal.raise_signal(signal.SIGINT)", 2), ("assert False", 1)])
def test_the_lease_ends_with_the_run_however_that_ends(
    lab: LoopbackLab, leases: Leases, stop: str, status: int
) -> None:
    lab.suite(STOPPED.format(stop=stop))
    run = lab.run()
    assert run.returncode == status, outcomes(run)
    assert leases.claims() == []


def test_a_killed_run_keeps_nobody_waiting(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(STOPPED.format(stop="import os; os.kill(os.getpid(), signal.SIGKILL)"))
    killed = lab.run()
    assert killed.returncode == -9, outcomes(killed)
    lab.suite(TOUCH)
    run = lab.run("--lab-wait", "0", "-k", "test_answers")
    assert run.returncode == 0, outcomes(run)
    assert leases.abandoned() == []


def test_collecting_takes_nothing_and_waits_for_nobody(lab: LoopbackLab, leases: Leases) -> None:
    lab.suite(TOUCH)
    leases.acquire(LAB, by_hand(ANN), needs("h1 h2"), "bring-up", seconds=3600)
    run = lab.run("--collect-only", "--lab-wait", "0")
    assert run.returncode == 0, outcomes(run)
    assert len(leases.claims()) == 1


def test_a_database_out_of_reach_keeps_the_run_from_the_lab(lab: LoopbackLab) -> None:
    lab.suite(TOUCH)
    command = ("testsuites", f"--lab={lab.file}")
    run = lab.project.run(*command, **lab.environment | {"PLUGFEST_DB": "sqlite:////nowhere/lab.db"})
    assert run.returncode == 8, outcomes(run)
    assert "no lease on the lab: lab database sqlite:////nowhere/lab.db: " in outcomes(run)
