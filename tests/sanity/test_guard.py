"""What the guard remembers, with devices that the test makes up."""

from collections.abc import Callable, Iterable
from typing import cast

import pytest

from plugfest.devices.changes import Change
from plugfest.reservation.journal import Stuck
from plugfest.sanity import guard as guards
from plugfest.sanity.guard import Guard
from plugfest.sanity.looking import Eyes
from plugfest.sanity.records import Condition, Design, Program
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.tag import own_tag

MTU = Change(device="leaf1", description="MTU 1500", do=(), undo=())


class Lab:
    """Devices whose conditions the test sets; counts the looks."""

    def __init__(self) -> None:
        self.designs = {name: Design(device=name, ports=("swp1",)) for name in ("leaf1", "leaf2")}
        self.conditions = {name: Condition(device=name, taken=0.0, links={"swp1": "up"}) for name in self.designs}
        self.looks: list[str] = []
        self.later: Callable[[], None] = lambda: None
        """What happens to the lab after the next look."""

    def look(self, names: Iterable[str]) -> dict[str, Condition]:
        self.looks += (chosen := sorted(names))
        seen = {name: self.conditions[name] for name in chosen}
        self.later()
        return seen

    def set(self, name: str, **update: object) -> None:
        self.conditions[name] = self.conditions[name].model_copy(update=update)


class Undo:
    """Changes that resist until the test lets go."""

    def __init__(self) -> None:
        self.resisting: tuple[Stuck, ...] = ()
        self.tries = 0

    def stuck(self) -> tuple[Stuck, ...]:
        return self.resisting

    def try_again(self) -> None:
        self.tries += 1


class Pool:
    """Sessions that note what would be run."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, tuple[str, ...]]] = []

    def session(self, name: str) -> "Session":
        return Session(self, name)


class Session:
    """One device of the pool."""

    def __init__(self, pool: Pool, device: str) -> None:
        self.pool, self.device = pool, device

    def run(self, *command: str, check: bool, idempotent: bool) -> None:
        self.pool.commands.append((self.device, command))


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(guards, "SETTLE_SECONDS", 0.0)
    return Lab()


@pytest.fixture
def undo() -> Undo:
    return Undo()


@pytest.fixture
def guard(lab: Lab, undo: Undo) -> Guard:
    return Guard(cast(Eyes, lab), cast(SessionPool, None), undo, lambda line: None)


def test_each_device_is_looked_at_once_before_and_after_what_changed_it(guard: Guard, lab: Lab) -> None:
    assert guard.before(["leaf1", "gate"], "recovery") == []
    assert guard.before(["leaf1", "leaf2"], "recovery") == []
    assert lab.looks == ["leaf1", "leaf2"]
    assert guard.after([]) == []
    assert guard.after(["leaf1"]) == []
    assert lab.looks == ["leaf1", "leaf2", "leaf1"]


def test_who_leaves_a_device_sick_is_told_and_who_comes_later_is_kept_off(guard: Guard, lab: Lab) -> None:
    guard.before(["leaf1", "leaf2"], "recovery")
    lab.set("leaf1", links={"swp1": "down"})
    [left] = guard.after(["leaf1"])
    assert left.sentence == "leaf1:swp1 link – expected up, got down"
    assert guard.after(["leaf1"]) == [], "it is the fault of the first one only"
    assert guard.before(["leaf1", "leaf2"], "recovery") == [left]
    assert guard.before(["leaf2"], "recovery") == []
    assert guard.before(["leaf1"], "link") == [], "the link suite judges links itself"


def test_a_sick_device_is_looked_at_again_after_a_while(
    guard: Guard, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.set("leaf1", unreachable="leaf1: cannot connect")
    assert len(guard.before(["leaf1"], "l2")) == 1
    lab.set("leaf1", unreachable="")
    assert len(guard.before(["leaf1"], "l2")) == 1
    monkeypatch.setattr(guards, "AGAIN_SECONDS", -1.0)
    assert guard.before(["leaf1"], "l2") == []


def test_a_restart_is_told_once(guard: Guard, lab: Lab) -> None:
    lab.set("leaf1", boot="first")
    guard.before(["leaf1"], "l2")
    lab.set("leaf1", boot="second")
    assert [each.check for each in guard.after(["leaf1"])] == ["restarted"]
    assert guard.before(["leaf1"], "l2") == []
    assert guard.after(["leaf1"]) == []


def test_a_restart_while_it_was_away_is_no_fault_of_a_later_test(guard: Guard, lab: Lab) -> None:
    lab.set("leaf1", boot="first")
    guard.before(["leaf1"], "l2")
    lab.set("leaf1", unreachable="leaf1: cannot connect")
    assert [each.check for each in guard.after(["leaf1"])] == ["reachable"]
    lab.set("leaf1", unreachable="", boot="second")
    assert guard.after(["leaf1"]) == []
    assert guard.before(["leaf1"], "l2") == []


def test_a_device_that_comes_back_in_time_is_not_given_up(
    guard: Guard, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.set("leaf1", boot="first")
    guard.before(["leaf1"], "l2")
    monkeypatch.setattr(guards, "SETTLE_SECONDS", 60.0)
    lab.set("leaf1", unreachable="leaf1: cannot connect")
    lab.later = lambda: lab.set("leaf1", unreachable="", boot="second")
    assert [each.check for each in guard.after(["leaf1"])] == ["restarted"]
    assert guard.before(["leaf1"], "l2") == []


def test_a_change_that_resists_is_tried_again_before_the_device_is_given_up(guard: Guard, undo: Undo) -> None:
    undo.resisting = (Stuck(change=MTU, reason="Is a directory"),)
    [found] = guard.before(["leaf1", "leaf2"], "l2")
    assert found.sentence == (
        "leaf1: 'MTU 1500' could not be taken back: Is a directory – mend it, then: plugfest lab restore"
    )
    assert undo.tries == 1


def test_only_a_program_that_stays_was_left(lab: Lab, undo: Undo) -> None:
    pool = Pool()
    guard = Guard(cast(Eyes, lab), cast(SessionPool, pool), undo, lambda line: None)
    stays, ends = (Program(pid=pid, name=name, tag=own_tag()) for pid, name in ((41, "tcpdump"), (42, "df")))
    lab.set("leaf1", programs=(stays, ends))
    guard.before(["leaf1", "leaf2"], "l2")
    lab.set("leaf1", programs=(stays,))
    lab.looks.clear()
    assert guard.left_running() == ["leaf1: program tcpdump (process 41)"]
    assert lab.looks == ["leaf1"]
    [(device, command)] = pool.commands
    assert (device, command[3:]) == ("leaf1", (str(own_tag()), "41"))
    lab.set("leaf1", programs=())
    assert guard.left_running() == []
