"""Probe after probe, until one is hurt."""

from pathlib import Path
from typing import cast

import pytest

from plugfest.devices.roster import Roster
from plugfest.diagnosis import investigation
from plugfest.diagnosis.investigation import Investigations
from plugfest.diagnosis.passing import Passing
from plugfest.diagnosis.probes import Probe
from plugfest.diagnosis.walk import Step, Walk
from plugfest.errors import LabError
from plugfest.inventory.loader import load
from plugfest.inventory.plan import HostPair, Plan
from plugfest.stimuli.injected_transfer import InjectedTransfer
from plugfest.stimuli.injection.events import Drop, Event
from plugfest.stimuli.injection.psns import at
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from tests.captures.frames import conversation
from tests.verdicts.transfers import counted, transfer

PAIR = next(pair for pair in Plan.of(load("embedded").lab).host_pairs if pair.id == "h1->h3")
SOUND = Passing(packets=100)
HURT = Passing(packets=97)


class Fabric:
    """Answers each walk with what the test wants; a probe is sent where it must be."""

    def __init__(self, *behinds: dict[str, Passing] | LabError, sends: int | None = None) -> None:
        self.behinds, self.sends, self.walks = list(behinds), sends, 0

    def walk(self, pair: HostPair, devices: object, endpoints: object, probe: Probe, folder: Path) -> Walk:
        behind = self.behinds.pop(0)
        if isinstance(behind, LabError):
            raise behind
        self.walks += 1
        if self.sends == self.walks:
            probe()
        steps = (
            Step(place=place, towards="h1" if place == "leaf1" else "h2", before=SOUND, behind=behind.get(place, SOUND))
            for place in ("leaf2", "leaf1")
        )
        return Walk(pair=pair.id, steps=tuple(steps))


def investigations(fabric: Fabric, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Investigations:
    monkeypatch.setattr(investigation, "walk", fabric.walk)
    return Investigations(cast(Roster, None), cast(RdmaEndpoints, None), folder)


def test_the_first_probe_that_is_hurt_ends_it_and_is_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = investigations(Fabric({"leaf1": HURT}), monkeypatch, tmp_path)
    expected = "diagnosis of h1->h3: 3 of 100 packets vanished in leaf1 towards h1"
    assert found.of(PAIR) == found.of(PAIR) == expected


def test_rare_faults_need_many_packets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = investigations(Fabric({}, {"leaf2": HURT}), monkeypatch, tmp_path)
    assert "vanished in leaf2 towards h2" in found.of(PAIR)


def test_no_probe_was_hurt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = investigations(Fabric({}, {}), monkeypatch, tmp_path)
    assert found.of(PAIR).endswith("each of 2 probes over all paths passed all hops unharmed")


def test_a_lab_that_cannot_be_watched_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = investigations(Fabric(LabError("spine1 is gone")), monkeypatch, tmp_path)
    assert found.of(PAIR) == "diagnosis of h1->h3: could not be made: spine1 is gone"


def repeated(folder: Path) -> InjectedTransfer:
    return transfer(folder, conversation(), events=[counted(Event(action=Drop(), psns=at(1)), 1)])


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        ({"leaf1": HURT}, "vanished in leaf1 towards h1 when the test was repeated"),
        ({"leaf2": HURT}, "each of 2 probes over all paths passed all hops unharmed"),
        ({"leaf1": HURT, "leaf2": HURT}, "diagnosis of h1->h3: 3 of 100 packets vanished in leaf1 towards h1 when"),
    ],
    ids=["elsewhere", "where it was injected", "both"],
)
def test_what_the_test_did_is_repeated_and_its_own_events_do_not_count(
    behind: dict[str, Passing], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = investigations(Fabric({}, behind, {}, sends=2), monkeypatch, tmp_path)
    assert words in found.of(PAIR, lambda: repeated(tmp_path))


def test_a_repetition_that_fails_leaves_the_general_conclusion(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = investigations(Fabric({}, LabError("no answer"), {}), monkeypatch, tmp_path)
    assert "unharmed" in found.of(PAIR, lambda: repeated(tmp_path))
