"""`plugfest facts` over the evidence of a recorded run, and replaying it with other facts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.replay import Agreement, replay
from plugfest.facts.library import library
from plugfest.verdicts.verdict import Outcome
from tests.evidence.lab_project import recorded_run

SUITE = """
import pytest
from plugfest.facts.behaviour import NicBehaviour
from plugfest.facts.seen import Identity, Seen
from plugfest.verdicts import facts

ACME = Identity(vendor="Acme", model="N1", firmware="22.7")
SEEN = {"h1": {"migreq": (1,), "recovery": ("go_back_n",)}, "h2": {"migreq": (1,), "initial_ttl": (64, 255)}}


@pytest.mark.parametrize("name", sorted(SEEN))
def test_behaviour(name, judge):
    seen = Seen(values={**SEEN[name], "initial_ttl": (64,)})
    judge(facts.one_behaviour, name, ACME, seen)
    judge(facts.behaves_as_stated, name, ACME, NicBehaviour(migreq=1), seen)
"""
STATED = """\
version: 1
applies_to: {{vendor: Acme, model: N1}}
facts:
  migreq: {{value: {migreq}, source: manual 3.1, standing: documented}}
  cnp_dscp: {{value: 48, source: manual 3.2, standing: documented}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> EvidenceFolder:
    """Two tests that measured the same kind of NIC."""
    return recorded_run(tmp_path_factory.mktemp("facts"), SUITE)[1]


def facts_folder(folder: Path, migreq: int) -> Path:
    (folder / "acme_n1.yaml").write_text(STATED.format(migreq=migreq))
    return folder


def plugfest(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_diff_says_what_is_confirmed_new_and_unmeasured(run: EvidenceFolder, tmp_path: Path) -> None:
    same = plugfest("facts", "diff", run.path.parent, "--folder", facts_folder(tmp_path, 1), "--json")
    assert same.returncode == 0, same.stderr
    assert {each["fact"]: each["agreement"] for each in json.loads(same.stdout)} == {
        "migreq": "same",
        "initial_ttl": "not stated",
        "recovery": "not stated",
        "cnp_dscp": "not measured",
    }
    other = plugfest("facts", "diff", run.path.parent, "--folder", facts_folder(tmp_path, 0))
    assert other.returncode == 1
    assert "different" in other.stdout


def test_record_keeps_what_was_not_measured(run: EvidenceFolder, tmp_path: Path) -> None:
    facts_folder(tmp_path, 0)
    printed = plugfest("facts", "record", run.path.parent, "--folder", tmp_path)
    assert "# acme_n1_22_7.yaml" in printed.stdout
    assert not (tmp_path / "acme_n1_22_7.yaml").exists()
    written = plugfest("facts", "record", run.path.parent, "--folder", tmp_path, "--write")
    assert written.returncode == 0, written.stderr
    sheet = library(tmp_path)["acme_n1_22_7"]
    assert (sheet.behaviour.migreq, sheet.behaviour.cnp_dscp, sheet.behaviour.initial_ttl) == (1, 48, 64)
    assert sheet.facts["migreq"].source == f"measured in run {run.run.run}"
    assert sheet.facts["cnp_dscp"].source == "manual 3.2"
    assert sheet.applies_to.firmware == "22.7"
    again = plugfest("facts", "diff", run.path.parent, "--folder", tmp_path)
    assert again.returncode == 0, again.stdout


def test_replay_with_other_facts_shows_what_would_have_flipped(run: EvidenceFolder, tmp_path: Path) -> None:
    harness = run.run.harness
    assert {each.agreement for each in replay(run, harness)} == {Agreement.IDENTICAL}
    flipped = [each for each in replay(run, harness, facts=facts_folder(tmp_path, 0)) if each.flipped]
    assert [(each.before, each.after) for each in flipped] == [(Outcome.PASSED, Outcome.FAILED)] * 2
    assert any("migreq – expected 0, got 1" in why for each in flipped for why in each.why)


def test_a_run_without_measurements_says_how_to_get_some(recorded: EvidenceFolder) -> None:
    answer = plugfest("facts", "diff", recorded.path.parent)
    assert answer.returncode == 2
    assert "this run has measured no NIC" in answer.stderr


def test_show_needs_a_known_device() -> None:
    answer = plugfest("facts", "show", "no such thing")
    assert answer.returncode == 2
    assert "there are: intel_e810" in answer.stderr
    assert "Soft-RoCE" in plugfest("facts", "show", "soft").stdout
