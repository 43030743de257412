"""The quality gate decides by configuration which runs are red."""

import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.evidence.cell import DevicesUnderTest
from plugfest.evidence.records import Bundle
from plugfest.evidence.run_record import this_harness
from plugfest.quality.document import RulesError
from plugfest.quality.gate import QUALITY_GATE, QualityGate, RedRule, read_quality_gate
from plugfest.reporting.outcomes import TestOutcome
from tests.evidence.lab_project import CONFTEST, SUITE
from tests.reporting.lab_project import LabProject

REPOSITORY = Path(__file__).parents[2]
START = "2026-03-01T02:00:00Z"


def _results(**counts: int) -> list[Bundle]:
    return [
        Bundle(
            run="r", lab="l", test=f"testsuites/l2/test_x.py::test_{outcome}_{number}", title="x", suite="l2",
            case="L2-01", cell=DevicesUnderTest(media=("DAC",)), outcome=outcome.replace("_", " "),
            started=START, ended=START, harness=this_harness(),
        )
        for outcome, number in counts.items() for number in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", ["failed", "broken"])
def test_by_default_one_failure_or_lab_fault_is_red(outcome: str) -> None:
    [objection] = QualityGate().objections(_results(passed=9, **{outcome: 1}))
    assert objection.startswith(f"1 failed or broken, expected at most 0:\n    {outcome} testsuites/l2")


def test_known_issues_and_skipped_tests_are_not_red() -> None:
    assert QualityGate().objections(_results(passed=1, known_issue=3, skipped=3)) == []


def test_nothing_judged_is_never_green() -> None:
    objections = QualityGate().objections(_results(skipped=5, inconclusive=1))
    assert objections == ["0 results judged the devices, expected at least 1"]


def test_too_many_inconclusive_results_are_red() -> None:
    gate = QualityGate(max_inconclusive_share=0.25)
    assert gate.objections(_results(passed=3, inconclusive=1, skipped=5)) == []
    assert gate.objections(_results(passed=2, inconclusive=1, skipped=5)) == [
        "1 of 3 (33%) inconclusive, expected at most 25%"
    ]


def test_rules_look_at_the_cells_and_cases_they_name() -> None:
    rule = RedRule(outcomes=(TestOutcome.FAILED,), cells=("*AOC*",))
    assert QualityGate(red=(rule,)).objections(_results(passed=1, failed=4)) == []
    tolerant = RedRule(outcomes=(TestOutcome.FAILED,), cases=("L2-*",), at_most=4)
    assert QualityGate(red=(tolerant,)).objections(_results(passed=1, failed=4)) == []
    [objection] = QualityGate(red=(tolerant,)).objections(_results(passed=1, failed=12))
    assert objection.endswith("\n    and 7 more")


def test_the_gate_of_the_repository_lets_nothing_wrong_through() -> None:
    gate = read_quality_gate(REPOSITORY / QUALITY_GATE)
    assert gate.objections(_results(passed=3, known_issue=1, skipped=1)) == []
    for outcome in ("failed", "broken", "inconclusive"):
        assert gate.objections(_results(passed=30, **{outcome: 1}))


def test_mistakes_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "gate.yaml"
    file.write_text("version: 1\nred:\n  - outcomes: [faild]\nmin_judged: 0\n")
    with pytest.raises(RulesError) as raised:
        read_quality_gate(file)
    lines = str(raised.value).splitlines()
    assert {line.split(": ")[0].rpartition(":")[2] for line in lines} == {"3", "4"}
    assert "gate.yaml:3: red.0.outcomes.0: Input should be 'skipped', 'passed'" in str(raised.value)


def test_the_command_and_the_run_decide_alike(tmp_path: Path) -> None:
    lenient, strict = tmp_path / "lenient.yaml", tmp_path / "strict.yaml"
    lenient.write_text("red:\n  - {outcomes: [failed], at_most: 4}\n")
    strict.write_text("red:\n  - {outcomes: [failed], at_most: 3}\n")
    project = LabProject(tmp_path / "project")
    (project.root / "conftest.py").write_text(CONFTEST.replace("]\n", '    "fixtures.history"]\n', 1))
    project.write(SUITE, "test_ports.py")
    database = {"PLUGFEST_DB": f"sqlite:///{tmp_path / 'lab.db'}"}
    green = project.run(f"--quality-gate={lenient}", **database)
    assert green.returncode == 0, green.stdout
    assert "quality gate: green" in green.stdout
    assert (project.latest.path / "matrix.html").is_file()
    red = project.run(f"--quality-gate={strict}", **database)
    assert red.returncode == 1
    assert "quality gate: RED – 4 failed, expected at most 3:" in red.stdout
    command = [sys.executable, "-m", "plugfest", "gate", project.latest.path, "--rules"]
    for rules, status in ((lenient, 0), (strict, 1)):
        assert subprocess.run([*command, rules], check=False, capture_output=True).returncode == status


def test_a_database_out_of_reach_costs_the_history_and_not_the_run(tmp_path: Path) -> None:
    project = LabProject(tmp_path)
    (tmp_path / "conftest.py").write_text(CONFTEST.replace("]\n", '    "fixtures.history"]\n', 1))
    project.write(SUITE, "test_ports.py")
    answer = project.run("-k", "is_up", PLUGFEST_DB="sqlite:////nowhere/lab.db")
    assert answer.returncode == 0
    assert "NOT IN THE LAB DATABASE: lab database /nowhere/lab.db" in answer.stdout.replace("sqlite:////", "/")
