import json
import subprocess
from collections.abc import Sequence

import pytest

from plugfest.embedded.defects.registry import Defect, load_defects
from plugfest.embedded.defects.selftest import (
    Proof,
    Run,
    Score,
    TestResult,
    healthy_alarms,
    in_a_line,
    prove,
    run_pytest,
    sample,
    short_name,
)

DEFECT = load_defects()["dscp-bleached"].model_copy(update={"leaves_alone": ("suite.py::test_other",)})
NAMED = DEFECT.caught_by[0]
GOOD = (
    "[INTEROP] DSCP: failed\n  diagnosis of h1->h3: 9 of 9 packets got another traffic class octet (106 → 2) in leaf2"
)


def run_of(*results: TestResult) -> Run:
    return Run(results=results, seconds=3.0, output="the end")


def passed(test: str) -> TestResult:
    return TestResult(test=test, message="")


def proof(*results: TestResult, defect: Defect = DEFECT) -> Proof:
    asked: list[Sequence[str]] = []

    def run(arguments: Sequence[str], timeout: float) -> Run:
        asked.append(arguments)
        return run_of(*results)

    made = prove(defect, run)
    assert list(asked[0]) == [NAMED, "suite.py::test_other", "--defect=dscp-bleached"]
    return made


def test_a_failing_test_that_names_the_culprit_is_the_proof() -> None:
    made = proof(TestResult(test=NAMED, message=GOOD), passed("suite.py::test_other"))
    assert (made.caught_by, made.located, made.spared, made.seconds) == (NAMED, True, True, 3.0)
    assert made.where == "another traffic class octet (106 → 2) in leaf2"
    assert in_a_line(made) == (
        "dscp-bleached: caught by test_wire.py::test_dscp_and_ecn_arrive_as_sent[h1->h3] after 3 s, "
        "located: another traffic class octet (106 → 2) in leaf2"
    )


def test_naming_somebody_else_is_caught_but_not_located() -> None:
    made = proof(TestResult(test=NAMED, message=GOOD.replace("leaf2", "leaf1")), passed("suite.py::test_other"))
    assert (made.caught_by, made.located, made.where) == (NAMED, False, None)
    assert in_a_line(made).endswith(" after 3 s, not located")


@pytest.mark.parametrize("message", ["[LAB] h1 fell over in leaf2", "[INCONCLUSIVE] too little", ""])
def test_a_test_that_judged_nothing_defective_caught_nothing(message: str) -> None:
    made = proof(TestResult(test=NAMED, message=message), passed("suite.py::test_other"))
    assert (made.caught_by, made.located) == (None, False)
    assert made.message


def test_another_test_that_fails_is_not_spared() -> None:
    made = proof(TestResult(test=NAMED, message=GOOD), TestResult(test="suite.py::test_other", message="[INTEROP] x"))
    assert not made.spared
    assert in_a_line(made).endswith(", OTHER TESTS DISTURBED")


def test_names_of_tests_may_hold_slashes() -> None:
    assert (
        short_name("testsuites/routing/test_bgp.py::test_a[leaf1->10.2.1.0/24]")
        == "test_bgp.py::test_a[leaf1->10.2.1.0/24]"
    )


def score(*proofs: Proof, alarms: tuple[str, ...] = ()) -> Score:
    return Score(healthy_runs=1, false_alarms=alarms, proofs=proofs)


def test_the_score_wants_everything_caught_and_almost_everything_located() -> None:
    good = proof(TestResult(test=NAMED, message=GOOD), passed("suite.py::test_other"))
    unlocated, missed = good.model_copy(update={"located": False}), good.model_copy(update={"caught_by": None})
    assert score(*[good] * 9, unlocated).good
    assert not score(*[good] * 8, unlocated, unlocated).good
    assert not score(*[good] * 9, missed).good
    assert not score(good, alarms=("something",)).good
    assert not score(good.model_copy(update={"spared": False})).good


def test_the_score_in_percent_and_in_json() -> None:
    good = proof(TestResult(test=NAMED, message=GOOD), passed("suite.py::test_other"))
    missed = good.model_copy(update={"caught_by": None, "located": False, "where": None})
    half = json.loads(score(good, missed).model_dump_json())
    assert (half["caught"], half["located"], half["percent"], half["good"]) == (1, 1, 50.0, False)
    assert score(good, good.model_copy(update={"located": False})).percent == 75.0
    assert score().percent == 100.0


def test_a_healthy_lab_is_silent() -> None:
    skipped = TestResult(test="b", message="no CNP", skipped=True)
    assert healthy_alarms(2, ["s"], lambda *_: run_of(passed("a"), skipped), print) == []


def test_alarms_and_runs_in_which_nothing_passed_are_told() -> None:
    alarms = healthy_alarms(1, ["s"], lambda *_: run_of(passed("a"), TestResult(test="b", message="[LAB] no")), print)
    assert alarms == ["b: [LAB] no"]
    (nothing,) = healthy_alarms(1, ["s"], lambda *_: run_of(), print)
    assert nothing.startswith("run 1: no test passed")


def test_a_run_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(command: Sequence[str], timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout, output=b"at work")

    monkeypatch.setattr(subprocess, "run", never_ends)
    ended = run_pytest(["suite.py"], 480.0)
    assert (ended.results, ended.output) == ((), "at work\nthe run did not end within 480 s")


def test_samples_are_spread_and_the_same_every_time() -> None:
    defects = list(load_defects().values())
    assert [defect.name for defect in sample(defects, 2)] == [defects[0].name, defects[len(defects) // 2].name]
    assert sample(defects, None) == sample(defects, 1000) == defects
