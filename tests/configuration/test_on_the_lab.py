"""Intents on the embedded lab's Linux router: really configured, really read back, really taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.configuration.applying import bring_about
from plugfest.configuration.comparison import difference
from plugfest.configuration.preparing import ask
from plugfest.configuration.rendering import Rendering, Target, render
from plugfest.devices.lines import line_to
from plugfest.devices.protocols import Unsupported
from plugfest.embedded.state import RunningLab
from plugfest.errors import LabError
from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab
from plugfest.reservation.journal import UndoJournal
from plugfest.sessions.pool import SessionPool
from plugfest.verdicts.verdict import Outcome
from tests.configuration.switches import intent

pytestmark = pytest.mark.lab
SWITCH = "leaf1"


@pytest.fixture
def lab() -> Lab:
    return load("embedded").lab


@pytest.fixture
def pool(embedded_lab: RunningLab) -> Iterator[SessionPool]:
    with SessionPool(embedded_lab.endpoints) as pool:
        yield pool


def _rendered(lab: Lab, name: str) -> Rendering:
    ports = tuple(sorted(lab.device(SWITCH).ports))[:2]
    return render(intent(name), Target(device=SWITCH, dialect="frr_linux", ports=ports))


def test_queues_marking_and_mtu_are_set_read_back_and_taken_back(lab: Lab, pool: SessionPool, tmp_path: Path) -> None:
    rendering, line = _rendered(lab, "software_queues"), line_to(lab, pool, SWITCH)
    journal = UndoJournal.open(tmp_path, "lab")
    before = ask(rendering, line)
    judged, undo = bring_about(rendering, line, journal)
    try:
        assert judged.outcome is Outcome.PASSED, difference(judged)
        again, nothing = bring_about(rendering, line, journal)
        assert again == judged
        assert len(journal.pending) == 1
        nothing()
        with pytest.raises(Unsupported, match="queueing discipline ets 1:"):
            bring_about(_rendered(lab, "ecn_marking"), line, journal)
    finally:
        undo()
    assert ask(rendering, line) == before
    assert journal.pending == {}


def test_ports_go_down_and_come_back(lab: Lab, pool: SessionPool, tmp_path: Path) -> None:
    rendering, line = _rendered(lab, "ports_down"), line_to(lab, pool, SWITCH)
    judged, undo = bring_about(rendering, line, UndoJournal.open(tmp_path, "lab"))
    undo()
    assert judged.outcome is Outcome.PASSED, difference(judged)
    assert all('"UP"' in str(answer) for answer in ask(rendering, line).values())


def test_what_the_driver_refuses_is_taken_back_at_once(lab: Lab, pool: SessionPool, tmp_path: Path) -> None:
    """Software ports have no PFC: the ports' MTU, set just before, must be the old one again."""
    wanted = intent("lossless_roce").model_copy(update={"name": "pfc_here"})
    assert wanted.lossless is not None
    assert wanted.port is not None
    others = {"watchdog": None, "ecn": (), "scheduling": None, "classification": None}
    lossless = wanted.lossless.model_copy(update=others)
    port = wanted.port.model_copy(update={"lldp": None, "mtu_bytes": 4200})
    wanted = wanted.model_copy(update={"lossless": lossless, "port": port})
    target = Target(device=SWITCH, dialect="frr_linux", ports=tuple(sorted(lab.device(SWITCH).ports))[:1])
    rendering, line = render(wanted, target), line_to(lab, pool, SWITCH)
    journal, before = UndoJournal.open(tmp_path, "lab"), ask(rendering, line)
    with pytest.raises(LabError, match="dcb"):
        bring_about(rendering, line, journal)
    assert ask(rendering, line) == before
    assert journal.pending == {}
