"""64 processes fight for 16 devices, and some die holding them."""

import time
from pathlib import Path

import pytest

from plugfest.history.database import LabDatabase
from plugfest.reservation.leases import Leases
from tests.reservation.fight import DEVICES, LAB, Arena, Outcome

ROUNDS = 1
SECONDS = 30.0
PROCESSES, VICTIMS = 64, 8


def check(outcome: Outcome, leases: Leases) -> None:
    """Never two holders, nobody starved, and whatever killed holders had is free again or known as abandoned."""
    assert outcome.violations == []
    assert outcome.killed == VICTIMS
    assert len(outcome.waits) == PROCESSES - VICTIMS
    assert leases.claims() == []
    assert {each.device for each in leases.abandoned(LAB)} <= set(DEVICES)
    assert len(leases.abandoned(LAB)) >= 3


def test_64_processes_share_16_devices(database_url: str, tmp_path: Path) -> None:
    outcome = Arena(database_url, tmp_path).fight(PROCESSES, VICTIMS, lambda done: done < ROUNDS)
    check(outcome, Leases(LabDatabase(database_url)))
    assert {len(waits) for waits in outcome.waits.values()} == {ROUNDS}


@pytest.mark.slow
def test_64_processes_fight_for_half_a_minute(database_url: str, tmp_path: Path) -> None:
    end = time.monotonic() + SECONDS
    outcome = Arena(database_url, tmp_path).fight(PROCESSES, VICTIMS, lambda done: time.monotonic() < end)
    check(outcome, Leases(LabDatabase(database_url)))
    assert all(outcome.waits.values())
