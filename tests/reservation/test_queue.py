"""Who stands in whose way: a table of cases, no database."""

import subprocess
import sys
from datetime import datetime

import pytest

from plugfest.reservation.claim import Claim, told
from plugfest.reservation.process import Process
from tests.reservation.claims import by_hand, claim, killed_run, needs, run_elsewhere, run_of

LIN, ANN = "lin@ctrl-1", "ann@ctrl-1"
MINE = claim(10, run_of(LIN), needs("h1 h2", "leaf1"))


@pytest.mark.parametrize(
    ("other", "in_the_way"),
    [
        pytest.param(claim(1, run_of(ANN), needs("h1"), granted=100), True, id="a lease on a device of ours"),
        pytest.param(claim(1, run_of(ANN), needs("h3"), granted=100), False, id="a lease on another device"),
        pytest.param(claim(1, run_of(ANN), needs("", "leaf1"), granted=100), False, id="both share"),
        pytest.param(claim(1, run_of(ANN), needs("leaf1"), granted=100), True, id="exclusive where we share"),
        pytest.param(claim(1, run_of(ANN), needs("", "h1"), granted=100), True, id="shared where we want it alone"),
        pytest.param(claim(1, run_of(ANN), needs("h1")), True, id="asked earlier"),
        pytest.param(claim(11, run_of(ANN), needs("h1")), False, id="asked later"),
        pytest.param(claim(11, run_of(ANN), needs("h1"), granted=100), True, id="asked later, but holds it"),
        pytest.param(claim(1, run_of(LIN), needs("h1"), granted=100), True, id="another run of ours"),
        pytest.param(claim(1, by_hand(LIN), needs("h1"), granted=100), False, id="reserved by us by hand"),
        pytest.param(claim(1, by_hand(ANN), needs("h1"), granted=100), True, id="reserved by somebody by hand"),
    ],
)
def test_what_stands_in_the_way(other: Claim, in_the_way: bool) -> None:
    assert MINE.obstacles([other, MINE]) == ([other] if in_the_way else [])


def test_who_waits_for_a_lease_made_by_hand_holds_nobody_up() -> None:
    lent = claim(1, by_hand(ANN), needs("h9"), granted=100)
    waits_for_it = claim(2, run_of(ANN + ".x"), needs("h1 h9"))
    waits_for_a_run = claim(3, run_of(ANN), needs("h2 h8"))
    runs = claim(4, run_elsewhere(), needs("h8"), granted=100)
    assert MINE.obstacles([lent, waits_for_it, waits_for_a_run, runs]) == [waits_for_a_run]
    assert MINE.obstacles([waits_for_it, waits_for_a_run, runs]) == [waits_for_it, waits_for_a_run]


def test_a_person_may_hand_reserved_devices_to_a_run_of_theirs_only() -> None:
    lent = claim(1, by_hand(LIN), needs("h1"), granted=100)
    assert claim(2, run_of(ANN), needs("h1")).obstacles([lent]) == [lent]
    assert claim(2, by_hand(LIN), needs("h1")).obstacles([lent]) == []


def test_the_reason_is_told_with_names_and_times() -> None:
    at = datetime(2031, 5, 6, 7, 8).timestamp()
    lent = claim(1, by_hand("lin@ctrl-2"), needs("h2 h3", "leaf1"), granted=at, until=at + 3600)
    wanted = claim(2, run_of(ANN), needs("h2 h3 h4", "leaf1"))
    assert told(wanted, [lent]) == (
        "h2, h3 are held by lin@ctrl-2 since 2031-05-06 07:08 until 2031-05-06 08:08: reason 1"
    )
    waiting = claim(1, run_of(ANN), needs("h2")).model_copy(update={"asked": at})
    assert told(wanted, [waiting]) == "h2 is first wanted by ann@ctrl-1 since 2031-05-06 07:08: reason 1"


def test_a_claim_ends_with_its_time_or_with_its_process() -> None:
    assert not claim(1, run_of(), needs("h1"), until=200.0).ended(200.0)
    assert claim(1, run_of(), needs("h1"), until=200.0).ended(200.1)
    assert claim(1, killed_run(), needs("h1"), until=200.0).ended(100.0)
    assert not claim(1, run_elsewhere(), needs("h1"), until=200.0).ended(100.0)
    assert not claim(1, by_hand(), needs("h1"), until=200.0).ended(100.0)


def test_a_process_has_ended_as_soon_as_it_is_a_zombie() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        known = Process.this().model_copy(update={"pid": child.pid, "started": _start_of(child.pid)})
        assert not known.ended
        assert known.model_copy(update={"started": known.started + 1}).ended
        assert not known.model_copy(update={"machine": "another", "pid": 4194305}).ended
        child.kill()
        wait_until_it_is_gone_but_not_reaped(child.pid)
        assert known.ended
    assert known.ended


def _start_of(pid: int) -> int:
    from plugfest.reservation.process import PROC

    return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])


def wait_until_it_is_gone_but_not_reaped(pid: int) -> None:
    import os

    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
