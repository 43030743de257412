"""Whole runs on a lab of SSH servers: what is left behind is found, named and taken back."""

import shutil
from pathlib import Path

import pytest

from plugfest.history.database import LabDatabase
from plugfest.inventory.loader import load
from plugfest.reservation.claim import Holder, lab_key
from plugfest.reservation.leases import Leases
from plugfest.reservation.needs import Needs
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.tag import RunTag, controller
from tests.sanity.loopback_lab import LoopbackLab

CHANGING = """
from conftest import written

def test_changes(host, change, judged):
    change(written(host, "mtu", "1500"))
    judged()
"""
KILLED = """
import os, signal
from conftest import written
from plugfest.sessions.tag import temporary

def test_changes(host, change, pool, judged):
    change(written(host, "mtu", "1500"))
    pool.session(host).run("mktemp", "-t", temporary(".pcap"))
    if host == "h2":
        os.kill(os.getpid(), signal.SIGKILL)
    judged()
"""
RESISTING = """
from pathlib import Path
from conftest import written

STATE = Path("STATES")

def test_changes(host, change, judged):
    change(written(host, "mtu", "1500"))
    if host == "h1":
        (STATE / "h1" / "mtu").unlink()
        (STATE / "h1" / "mtu").mkdir()
    judged()

def test_mends(host, judged):
    if host == "h2":
        (STATE / "h1" / "mtu").rmdir()
    judged()
"""
SEEING = """
def test_sees(host, judged, pool):
    assert pool.session(host).run("cat", f"%s/{host}/mtu").out == "pristine"
    judged()
"""


def message(lab: LoopbackLab, name: str) -> str:
    """What the report says of a test that did not pass."""
    return str(lab.project.results()[name]["statusDetails"]["message"])


def statuses(lab: LoopbackLab) -> dict[str, str]:
    return {name: str(result["status"]) for name, result in lab.project.results().items()}


def test_a_run_on_a_sane_lab_is_green_and_leaves_no_trace(lab: LoopbackLab) -> None:
    pristine = lab.state()
    lab.suite(CHANGING)
    answer = lab.run()
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert lab.state() == pristine
    assert set(statuses(lab).values()) == {"passed"}


def test_workers_share_the_lab(lab: LoopbackLab) -> None:
    lab.suite(CHANGING + "\n\ndef test_more(host, judged):\n    judged()\n")
    answer = lab.run("-n", "2")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert set(statuses(lab).values()) == {"passed"}
    assert set(lab.state().values()) == {"pristine"}
    assert not list(lab.journals())


def killed_run(lab: LoopbackLab) -> None:
    """A run that is killed while h2 is changed."""
    lab.suite(KILLED)
    assert lab.run().returncode == -9
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "1500"}


def test_the_next_run_restores_the_lab_before_anything_else(lab: LoopbackLab) -> None:
    killed_run(lab)
    lab.suite(SEEING % lab.states)
    answer = lab.run()
    assert answer.returncode == 0, answer.stdout
    assert "left by a killed run, taken back: mtu of h2 is 1500" in answer.stdout
    assert "h2: left by a killed run, ended: " in answer.stdout
    assert list(lab.temporary("h2").iterdir()) == []
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "pristine"}


def test_a_change_that_resists_breaks_the_tests_of_its_device_only(lab: LoopbackLab) -> None:
    killed_run(lab)
    stubborn = lab.states / "h2" / "mtu"
    stubborn.unlink()
    stubborn.mkdir()
    lab.suite("def test_uses(host, judged):\n    judged()")
    answer = lab.run()
    assert answer.returncode == 1
    assert statuses(lab) == {"test_uses[h1]": "passed", "test_uses[h2]": "broken"}
    assert message(lab, "test_uses[h2]").startswith("[LAB] h2: 'mtu of h2 is 1500' could not be taken back: ")
    assert "plugfest lab restore" in message(lab, "test_uses[h2]")

    shown = lab.command("lab", "restore", "--lab", str(lab.file), "--show")
    assert "h2: mtu of h2 is 1500 (since 20" in shown.stdout
    refused = lab.command("lab", "restore", "--lab", str(lab.file))
    assert refused.returncode == 5
    assert "mend it by hand, then: plugfest lab restore --forget" in refused.stderr

    stubborn.rmdir()
    stubborn.write_text("pristine")
    assert lab.command("lab", "restore", "--lab", str(lab.file), "--forget", stdin="n\n").returncode == 1
    assert lab.command("lab", "restore", "--lab", str(lab.file), "--forget", stdin="y\n").returncode == 0
    assert lab.run().returncode == 0


def test_restore_works_without_a_run(lab: LoopbackLab) -> None:
    killed_run(lab)
    answer = lab.command("lab", "restore", "--lab", str(lab.file))
    assert answer.returncode == 0, answer.stderr
    assert "taken back: h2: mtu of h2 is 1500" in answer.stdout
    assert "ended: h2: file " in answer.stdout
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "pristine"}
    again = lab.command("lab", "restore", "--lab", str(lab.file))
    assert again.stdout == "nothing of killed runs is left\n"


def test_programs_of_dead_runs_are_ended_and_only_those(lab: LoopbackLab) -> None:
    dead = RunTag(controller=controller(), pid=4_194_305, started=1)
    foreign = dead.model_copy(update={"controller": "00000000"})
    with lab.program("h1", "sleep", "301", tag=dead) as left, lab.program("h1", "sleep", "302", tag=foreign) as others:
        answer = lab.command("lab", "restore", "--lab", str(lab.file))
        assert "ended: h1: program sleep (process " in answer.stdout, answer.stdout + answer.stderr
        Deadline("the left program ends", 10).wait_for(lambda: left.poll() is not None)
        assert others.poll() is None


def test_a_sick_device_breaks_its_tests_with_what_is_wrong(lab: LoopbackLab, tmp_path: Path) -> None:
    tool = tmp_path / "tcpdump"
    shutil.copy("/usr/bin/sleep", tool)
    lab.suite(CHANGING)
    with lab.program("h1", str(tool), "300"):
        lab.run()
    assert statuses(lab) == {"test_changes[h1]": "broken", "test_changes[h2]": "passed"}
    assert "[LAB] h1 traffic tools – expected none of others, got tcpdump (process " in message(lab, "test_changes[h1]")


def test_the_test_that_leaves_a_device_sick_says_so(lab: LoopbackLab, tmp_path: Path) -> None:
    tool = tmp_path / "tcpdump"
    shutil.copy("/usr/bin/sleep", tool)
    leaving = CHANGING.replace(
        "    judged()",
        f"""    judged()
    if host == "h1":
        script = "env -u PLUGFEST_TAG setsid {tool} 300 >/dev/null 2>&1 </dev/null &"
        pool.session(host).run("sh", "-c", script)

def test_then(host, judged):
    judged()
""",
    ).replace("change, judged", "change, judged, pool")
    lab.suite(leaving)
    lab.run()
    assert statuses(lab) == {
        "test_changes[h1]": "broken",
        "test_changes[h2]": "passed",
        "test_then[h1]": "broken",
        "test_then[h2]": "passed",
    }
    assert "this test left the lab in another state: h1 traffic tools" in message(lab, "test_changes[h1]")


def test_an_undo_that_fails_is_named_and_tried_again(lab: LoopbackLab) -> None:
    lab.suite(RESISTING.replace("STATES", str(lab.states)))
    answer = lab.run()
    assert statuses(lab)["test_changes[h1]"] == "broken"
    assert statuses(lab)["test_changes[h2]"] == "passed"
    assert "h1: 'mtu of h1 is 1500' could not be taken back" in message(lab, "test_changes[h1]")
    assert "error" not in answer.stderr
    assert not list(lab.journals()), "the last try, at the end of the run, has succeeded" + answer.stdout
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "pristine"}


def test_ctrl_c_takes_everything_back(lab: LoopbackLab) -> None:
    lab.suite(KILLED.replace("SIGKILL", "SIGINT").replace("pool.session", "# pool.session"))
    assert lab.run().returncode == 2
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "pristine"}
    assert not list(lab.journals())


def test_restore_keeps_off_what_somebody_else_uses(lab: LoopbackLab, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_run(lab)
    for name, value in lab.environment.items():
        monkeypatch.setenv(name, value)
    somebody = Holder(person="somebody@elsewhere", home="elsewhere")
    database = LabDatabase()
    Leases(database).acquire(
        lab_key(load(str(lab.file)).lab), somebody, Needs(exclusive=frozenset({"h2"})), "looks at a cable", seconds=600
    )
    database.close()
    answer = lab.command("lab", "restore", "--lab", str(lab.file))
    assert answer.returncode == 5
    assert "the device is in use: " in answer.stderr
    assert "somebody@elsewhere" in answer.stderr
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "1500"}
