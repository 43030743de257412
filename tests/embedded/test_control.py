import re
from pathlib import Path

import pytest

from plugfest.embedded import control
from plugfest.embedded.control import GuestControl
from plugfest.errors import DeadlineExceededError, EmbeddedLabError
from plugfest.sessions.deadline import Deadline
from tests.embedded.unix_server import serving


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "_PATIENCE", 0.2)


def _guest(line: str) -> str:
    number, verb, *_ = line.split()
    text = {"routes": 'leaf1 [{"dst":"10.2.1.0/24"}]\nspine1 ', "clock": "1"}.get(verb)
    if text is None:
        return f"{number} > unknown request: {verb}\n{number} = 1\n"
    return "".join(f"{number} > {each}\n" for each in text.split("\n")) + f"{number} = 0\n"


def test_routes_come_back_by_switch(tmp_path: Path) -> None:
    with serving(tmp_path / "c.sock", _guest), GuestControl(tmp_path / "c.sock") as guest:
        assert guest.routes(Deadline("routes", 5)) == {"leaf1": [{"dst": "10.2.1.0/24"}], "spine1": []}


def test_a_lab_without_routing_answers_an_empty_line(tmp_path: Path) -> None:
    def silent(line: str) -> str:
        number = line.split()[0]
        return f"{number} > \n{number} = 0\n"

    with serving(tmp_path / "c.sock", silent), GuestControl(tmp_path / "c.sock") as guest:
        assert guest.routes(Deadline("routes", 5)) == {}


def test_a_request_that_got_lost_is_sent_again_and_late_answers_are_ignored(tmp_path: Path) -> None:
    lost: list[str] = []

    def boots(line: str) -> str:
        if len(lost) < 2:
            lost.append(line)
            return ""
        return f"{lost[0].split()[0]} > too late\n{lost[0].split()[0]} = 1\n" + _guest(line)

    with serving(tmp_path / "c.sock", boots) as received, GuestControl(tmp_path / "c.sock") as guest:
        guest.set_clock(Deadline("the guest listens", 5), lambda: None)
    assert len(received) == 3
    assert all(re.fullmatch(r"\d+ clock \d+\.\d{3}", line) for line in received)


def test_waiting_ends_when_the_guest_is_dead(tmp_path: Path) -> None:
    def dead() -> None:
        raise EmbeddedLabError("the virtual machine died")

    with (
        serving(tmp_path / "c.sock", lambda line: ""),
        GuestControl(tmp_path / "c.sock") as guest,
        pytest.raises(EmbeddedLabError, match="the virtual machine died"),
    ):
        guest.set_clock(Deadline("the guest listens", 5), dead)


def test_silence_refusal_and_a_broken_line_are_told(tmp_path: Path) -> None:
    path = tmp_path / "c.sock"
    with serving(path, lambda line: ""), GuestControl(path) as guest, pytest.raises(DeadlineExceededError, match="rou"):
        guest.routes(Deadline("routes", 0.3))
    path.unlink()
    with serving(path, _guest), GuestControl(path) as guest, pytest.raises(EmbeddedLabError, match="'restart': unkn"):
        guest.restart_device("h1", Deadline("restart", 5))
    path.unlink()
    with serving(path, lambda line: None), GuestControl(path) as guest, pytest.raises(EmbeddedLabError, match="broke"):
        guest.routes(Deadline("routes", 5))
