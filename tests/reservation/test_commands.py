"""`plugfest reserve`, `release` and `who` as a person at the keyboard meets them."""

import getpass
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.history.database import LabDatabase
from plugfest.inventory.loader import load
from plugfest.reservation.claim import lab_key
from plugfest.reservation.leases import Leases
from tests.reservation.claims import by_hand, killed_run, needs, run_of

ME = f"{getpass.getuser()}@{socket.gethostname()}"
LAB = load("example_hardware").lab


class Desk:
    """A shell with a lab database of its own."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'lab.db'}"
        self.leases = Leases(LabDatabase(url))
        self._variables = os.environ | {"PLUGFEST_DB": url, "PLUGFEST_LAB": "example_hardware"}

    def plugfest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "plugfest", *arguments]
        return subprocess.run(command, env=self._variables, capture_output=True, text=True, check=False)

    def said(self, *arguments: str) -> str:
        run = self.plugfest(*arguments)
        assert run.returncode == 0, run.stderr
        return run.stdout


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_reserve_look_and_release(desk: Desk) -> None:
    assert desk.said("who") == "nobody holds a device\n"
    reserved = desk.said("reserve", "gpu1", "leaf1", "--for", "1h30m", "--reason", "PFC looks odd")
    assert reserved.startswith(f"gpu1, leaf1: held by {ME} since ")
    assert reserved.endswith(": PFC looks odd\n")
    desk.said("reserve", "gpu2", "--shared")
    first, *rows = desk.said("who").splitlines()
    assert first == "lab example-hardware"
    assert rows[0].startswith(f"  gpu1, leaf1: held by {ME} since ")
    assert rows[1].startswith(f"  gpu2 (shared): held by {ME} since ")
    assert desk.said("release", "leaf1").startswith("released leaf1: held by")
    assert desk.said("release", "--all").count("released ") == 2
    assert desk.said("who") == "nobody holds a device\n"


def test_json_for_programs(desk: Desk) -> None:
    desk.said("reserve", "gpu1", "--for", "2d")
    found = json.loads(desk.said("who", "--lab", "example_hardware", "--json"))
    [claim] = found["claims"]
    assert claim["needs"] == {"exclusive": ["gpu1"], "shared": []}
    assert claim["holder"]["person"] == ME
    assert claim["until"] - claim["granted"] == pytest.approx(2 * 86_400)
    assert found["abandoned"] == []
    assert json.loads(desk.said("who", "--lab", "embedded", "--json"))["claims"] == []


def test_what_another_holds_is_refused_with_who_until_when_and_why(desk: Desk) -> None:
    desk.leases.acquire(lab_key(LAB), by_hand("lin@ctrl-2"), needs("gpu3"), "bring-up", seconds=3600)
    refused = desk.plugfest("reserve", "gpu1", "gpu3", "--wait", "0.1")
    assert refused.returncode == 5
    waited, error = refused.stderr.splitlines()
    assert waited.startswith("waiting: gpu3 is held by lin@ctrl-2 since ")
    assert error.startswith("error: gpu3 is held by lin@ctrl-2 since ")
    assert " until " in error
    assert error.endswith(": bring-up")
    not_mine = desk.plugfest("release", "gpu3")
    assert (not_mine.returncode, not_mine.stdout) == (2, "")
    assert "you have reserved none of that by hand" in not_mine.stderr
    assert desk.said("release", "gpu3", "--force").startswith("released gpu3: held by lin@ctrl-2")


def test_waiting_runs_are_shown(desk: Desk) -> None:
    desk.leases.acquire(lab_key(LAB), run_of("ann@ctrl-1"), needs("gpu1", "leaf1"), "nightly")
    desk.leases.ask(lab_key(LAB), run_of("lin@ctrl-1"), needs("leaf1"), "configuration")
    _, holds, waits = desk.said("who").splitlines()
    assert holds.startswith("  gpu1, leaf1 (shared): held by ann@ctrl-1 since ")
    assert waits.startswith("  leaf1: first wanted by lin@ctrl-1 since ")


def test_what_a_killed_run_left_elsewhere_is_mended_by_hand(desk: Desk) -> None:
    lab = lab_key(LAB)
    desk.leases.acquire(lab, killed_run("ann@ctrl-2", home="ctrl-2:/state"), needs("gpu1"), "nightly")
    assert "BEWARE: gpu1 was left by ann@ctrl-2" in desk.said("reserve", "gpu1")
    assert "gpu1 was left by ann@ctrl-2" in desk.said("who")
    desk.said("release", "gpu1", "--mended")
    assert desk.said("who") == "nobody holds a device\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("reserve", "gpu9"), "lab example-hardware has no device 'gpu9'; it has gate, gpu1, gpu2"),
        (("reserve", "gpu1", "--for", "soon"), "--for: expected a time such as 45m, 2h or 1d12h, got 'soon'"),
        (("reserve", "gpu1", "--for", "0h"), "--for: expected a time"),
        (("release",), "name the devices, or say --all"),
        (("release", "gpu1", "--all"), "name the devices, or say --all"),
        (("release", "gpu1"), "you have reserved none of that by hand; `plugfest who` shows who holds what"),
    ],
)
def test_mistakes_are_told_in_one_message(desk: Desk, arguments: tuple[str, ...], message: str) -> None:
    run = desk.plugfest(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"error: {message}")
    assert desk.leases.claims() == []
