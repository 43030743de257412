"""Verdicts are judged again from the evidence alone; what changed is named with its cause."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pydantic import JsonValue

from plugfest.errors import UsageError
from plugfest.evidence.bundle_writer import JUDGEMENTS
from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.records import Harness
from plugfest.evidence.replay import Agreement, Replayed, replay, supposition
from plugfest.records import Record
from plugfest.verdicts import link
from plugfest.verdicts.judgement import Judgement
from plugfest.verdicts.verdict import Outcome, Verdict, verdict


def _replay(evidence: EvidenceFolder, *supposed: str, test: str | None = None) -> list[Replayed]:
    return list(replay(evidence, evidence.run.harness, test, tuple(map(supposition, supposed))))


def test_every_verdict_of_a_run_replays_bit_for_bit(recorded: EvidenceFolder) -> None:
    replayed = _replay(recorded)
    assert Counter(each.agreement for each in replayed) == {Agreement.IDENTICAL: 16}
    assert Counter(each.after for each in replayed) == {Outcome.PASSED: 12, Outcome.FAILED: 4}


def test_another_fact_shows_what_would_have_flipped(recorded: EvidenceFolder) -> None:
    replayed = _replay(recorded, "link:mtu_agrees.designed=9000", test="test_mtu_agrees")
    flipped = [each for each in replayed if each.flipped]
    assert len(replayed) == 8
    assert len(flipped) == 4
    assert all((each.before, each.after) == (Outcome.PASSED, Outcome.FAILED) for each in flipped)
    assert "supposed: designed = 9000" in flipped[0].why
    assert any(why.startswith("criterion: ") for why in flipped[0].why)


def test_a_changed_criterion_is_named_with_the_harness(
    recorded: EvidenceFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stricter(link: link.Link, ends: link.Ends) -> Verdict:
        recorded = original(link, ends)
        rows = [each.model_copy(update={"expected": "up for 5 s"}) for each in recorded.reasons]
        return verdict(recorded.claim, rows, recorded.reference)

    original = link.oper_up
    monkeypatch.setattr(link, "oper_up", stricter)
    now = Harness(version="9.9.9", git_revision="abc")
    changed = [each for each in replay(recorded, now) if each.agreement is Agreement.CHANGED]
    assert len(changed) == 8
    assert not any(each.flipped for each in changed)
    assert changed[0].why[0] == f"harness: {recorded.run.harness} → 9.9.9 (abc)"
    assert changed[0].why[1].startswith("criterion: ")


def test_an_altered_judgement_does_not_replay(evidence_copy: EvidenceFolder) -> None:
    bundle = evidence_copy.bundles_of("test_mtu_agrees[h3")[0]
    path = bundle.folder / JUDGEMENTS
    path.write_text(path.read_text().replace('"outcome":"failed"', '"outcome":"passed"').replace(
        '"outcome": "failed"', '"outcome": "passed"'))  # fmt: skip
    [replayed] = _replay(evidence_copy, test="test_mtu_agrees[h3")
    assert replayed.agreement is Agreement.CHANGED
    assert (replayed.before, replayed.after) == (Outcome.PASSED, Outcome.FAILED)
    assert "altered" in replayed.why[0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"check": "plugfest.verdicts.link:gone"}, "there is no check called"),
        ({"observations": {"link": "h1:eth1 <-> leaf1:swp1"}}, "missing"),
        ({"observations": {"link": 5, "ends": {}, "designed": None}}, "wants other observations"),
    ],
)
def test_what_cannot_be_judged_again_says_why(
    evidence_copy: EvidenceFolder, change: dict[str, JsonValue], why: str
) -> None:
    path = evidence_copy.bundles_of("test_mtu_agrees[h1")[0].folder / JUDGEMENTS
    document = json.loads(path.read_text())
    document["judgements"][0] |= change
    path.write_text(json.dumps(document))
    [replayed] = _replay(evidence_copy, test="test_mtu_agrees[h1")
    assert replayed.agreement is Agreement.NOT_REJUDGEABLE
    assert why in replayed.why[0]


def test_numbers_that_json_lacks_survive() -> None:
    figures = {"loss": float("inf"), "ratio": float("nan")}
    unlimited = Verdict(claim="x", reasons=(), figures=figures)
    judgement = Judgement(check="plugfest.verdicts.link:oper_up", observations={}, verdict=unlimited)
    text = judgement.model_dump_json()
    assert Judgement.model_validate_json(text).model_dump_json() == text
    assert issubclass(Judgement, Record)


@pytest.mark.parametrize("text", ["designed=9000", "link:mtu_agrees=9000", "link:mtu_agrees.designed"])
def test_a_supposition_needs_check_parameter_and_value(text: str) -> None:
    with pytest.raises(UsageError, match=r"MODULE:CHECK\.PARAMETER=VALUE"):
        supposition(text)


def _plugfest(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "plugfest", *arguments], capture_output=True, text=True, check=False)


def test_the_command_ends_green_only_if_nothing_changed(recorded: EvidenceFolder) -> None:
    same = _plugfest("replay", recorded.path.parent, "--json")
    assert same.returncode == 0, same.stderr
    assert {each["agreement"] for each in json.loads(same.stdout)} == {"identical"}
    other = _plugfest("replay", recorded.path.parent, "--suppose", "link:mtu_agrees.designed=9000")
    assert other.returncode == 1
    assert "16 verdicts: 8 identical, 8 changed, 0 not re-judgeable; 4 with another outcome" in other.stdout
    missing = _plugfest("replay", recorded.path.parent, "--test", "nothing")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "no bundle of a test like 'nothing'" in missing.stderr
