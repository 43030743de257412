"""`plugfest selftest` with a lab and a pytest that only seem to run."""

import json
from collections.abc import Sequence

import pytest
import typer
from typer.testing import CliRunner, Result

from plugfest.cli.selftest import selftest as command
from plugfest.embedded import lifecycle
from plugfest.embedded.defects import imposed, selftest
from plugfest.embedded.defects.registry import load_defects
from plugfest.embedded.defects.selftest import Run, TestResult
from plugfest.errors import UsageError

DEFECTS = load_defects()
SAID = {
    "port-down": "[INTEROP] link: failed\n  spine2:swp1 admin state – expected up, got down",
    "bgp-wrong-as": "[INTEROP] BGP: failed\n  leaf1:swp50 remote AS – expected 65000, got 64999",
}


class SeemingLab:
    """Counts how often it was put back to pristine."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, said: dict[str, str]) -> None:
        self.said, self.resets, self.forgotten = said, 0, 0
        monkeypatch.setattr(lifecycle, "require_running", lambda: self)
        monkeypatch.setattr(lifecycle, "reset", self.reset)
        monkeypatch.setattr(imposed, "forget", self.forget)
        monkeypatch.setattr(selftest, "run_pytest", self.pytest)

    def reset(self, lab: object) -> None:
        self.resets += 1

    def forget(self, lab: object) -> None:
        self.forgotten += 1

    def pytest(self, arguments: Sequence[str], timeout: float) -> Run:
        name = next((item.partition("=")[2] for item in arguments if item.startswith("--defect=")), None)
        if name is None:
            return Run(results=(TestResult(test="a.py::b", message=""),), seconds=1.0, output="")
        caught, *others = [item for item in arguments if not item.startswith("--")]
        results = [TestResult(test=caught, message=self.said.get(name, "")), *(passed(other) for other in others)]
        return Run(results=tuple(results), seconds=2.0, output="the end")


def passed(test: str) -> TestResult:
    return TestResult(test=test, message="")


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"}, catch_exceptions=False)


def test_all_caught_and_located_is_status_0(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = SeemingLab(monkeypatch, SAID)
    done = run("port-down", "bgp-wrong-as")
    assert done.exit_code == 0, done.output
    assert (lab.resets, lab.forgotten) == (2, 2)
    assert "2/2 bgp-wrong-as: caught by test_bgp.py::" in done.output
    assert "score 100 of 100: caught 2 of 2, located 2; 0 false alarms in 1 healthy runs" in done.output


def test_a_defect_that_nobody_catches_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = SeemingLab(monkeypatch, {"port-down": SAID["port-down"]})
    done = run("port-down", "bgp-wrong-as", "--healthy", "0")
    assert done.exit_code == 1
    assert "2/2 bgp-wrong-as: MISSED after 2 s" in done.output
    assert "NOBODY" in done.output
    assert "score 50 of 100: caught 1 of 2, located 1; 0 false alarms in 0 healthy runs" in done.output
    assert lab.resets == 2


def test_a_defect_at_another_place_is_caught_but_not_located(monkeypatch: pytest.MonkeyPatch) -> None:
    SeemingLab(monkeypatch, {"port-down": SAID["port-down"].replace("spine2", "spine1")})
    done = run("port-down")
    assert done.exit_code == 1
    assert "not located (sits: spine2:swp1)" in done.output


def test_json_says_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    SeemingLab(monkeypatch, SAID)
    done = run("port-down", "--json")
    document = json.loads(done.stdout)
    assert (document["caught"], document["located"], document["percent"], document["good"]) == (1, 1, 100.0, True)
    (proof,) = document["proofs"]
    assert (proof["defect"], proof["where"], proof["seconds"]) == ("port-down", "spine2:swp1", 2.0)
    assert proof["caught_by"] == DEFECTS["port-down"].caught_by[0]


def test_a_sample_is_proven_in_the_order_of_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    SeemingLab(monkeypatch, {})
    document = json.loads(run("--sample", "3", "--healthy", "0", "--json").stdout)
    names = [proof["defect"] for proof in document["proofs"]]
    assert names == [defect.name for defect in selftest.sample(list(DEFECTS.values()), 3)]
    assert document["percent"] == 0.0


def test_an_unknown_defect_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    SeemingLab(monkeypatch, {})
    with pytest.raises(UsageError, match="there is no defect 'nothing'"):
        run("nothing")
