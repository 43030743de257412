"""`plugfest nightly` from the plan to the exit status."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.evidence.manifest import damages
from plugfest.nightly.changes import Changes
from plugfest.nightly.summary import Ending, NightSummary
from plugfest.sessions.deadline import Deadline
from tests.nightly.night_project import NightProject

STEADY = """
import pytest
from plugfest.verdicts.verdict import Verdict, equal, verdict


def is_even(number: int) -> Verdict:
    return verdict("the number is even", [equal("remainder", 0, number % 2)])


is_even.__module__ = "plugfest.verdicts.even"  # judged once, never replayed
"""
GREEN = STEADY + "\n\ndef test_traffic(host_pair, judge):\n    judge(is_even, 2)\n"
KILLED = """

from pathlib import Path
import os, signal


def test_first(judge):
    judge(is_even, 2)


def test_kills(judge):
    flag = Path(__file__).with_suffix(".killed")
    if not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    judge(is_even, 2)


def test_last(judge):
    judge(is_even, 2)
"""
CLEAR_PASSWORD = "{server: m, sender: a@b, to: [c@d], security: none, user: u, password_env: P}"
KILLED_AT_SECOND_ATTEMPT = """

import os, signal
from pathlib import Path


def test_kills(judge):
    with Path(__file__).with_suffix(".attempts").open("a+") as file:
        file.write("x")
        attempt = file.tell()
    if attempt == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    judge(is_even, 1 if attempt == 1 else 2)
"""


def summary(project: NightProject) -> NightSummary:
    return NightSummary.model_validate_json((project.latest.path / "summary.json").read_bytes())


def test_a_red_night_is_told_in_words_and_data(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", gate_fails=True)
    project.plan("finish: {html: false, junit: ci/junit.xml}\n")
    answer = project.nightly()
    assert answer.returncode == 1, answer.stdout + answer.stderr
    told = summary(project)
    assert told.ending is Ending.RED
    assert {outcome: told.counts[outcome] for outcome in ("failed", "flaky", "skipped")} == {
        "failed": 2,
        "flaky": 1,
        "skipped": 6,
    }
    assert [note.test.partition("::")[2] for note in told.flaky] == ["test_steady"]
    assert [len(tests) for tests in told.not_run.values()] == [6]
    assert "nightly on embedded: RED – 2 failed, 1 flaky" in answer.stdout
    assert "(6 of them not run)" in told.headline
    assert (project.root / "ci" / "junit.xml").read_text() == project.latest.junit.read_text()
    log = (project.latest.path / "night.log").read_text()
    assert "devices under test × suites" in log
    assert json.loads((project.latest.path / "night.json").read_text())["ended"]


def test_a_green_night(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", rest=GREEN)
    project.plan()
    answer = project.nightly()
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert summary(project).ending is Ending.GREEN
    again = project.nightly("--resume")
    assert again.returncode == 2
    assert "start a new night without --resume" in again.stderr


def test_what_changed_since_the_last_night_is_told(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", rest=GREEN)
    project.plan()
    assert project.nightly().returncode == 0
    suite = project.root / "testsuites" / "rocev2" / "test_rocev2.py"
    suite.write_text(GREEN.replace("judge(is_even, 2)", "judge(is_even, 3 if host_pair.id == 'h1->h2' else 2)"))
    answer = project.nightly()
    test = "testsuites/rocev2/test_rocev2.py::test_traffic[h1->h2]"
    assert answer.returncode == 1
    assert summary(project).changes == Changes(new=(test,))
    assert f"New – wrong now, right the last time:\n  {test}\n" in answer.stdout
    suite.write_text(GREEN)
    project.nightly()
    assert summary(project).changes == Changes(fixed=(test,))


def test_a_killed_night_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", rest=STEADY + KILLED)
    project.plan()
    answer = project.nightly()
    assert answer.returncode == 10, answer.stdout + answer.stderr
    assert "pytest was ended by signal 9" in answer.stdout
    first = summary(project)
    assert first.ending is Ending.CUT_OFF
    night = project.latest.path
    begun = {bundle.record.test: bundle.record.started for bundle in project.evidence.bundles()}

    answer = project.nightly("--resume")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert project.latest.path == night
    outcomes = project.outcomes()
    assert all(made == ["passed"] for made in outcomes.values()), outcomes
    assert {"test_first", "test_kills", "test_last"} <= outcomes.keys()
    now = {bundle.record.test: bundle.record.started for bundle in project.evidence.bundles()}
    assert {test: now[test] for test in begun} == begun, "what had finished ran again"
    assert list(damages(project.evidence)) == []
    assert set(project.junit()) == set(outcomes)
    assert summary(project).counts == {"passed": len(outcomes)}


def test_a_failure_before_the_cut_is_not_forgotten(tmp_path: Path) -> None:
    """The first attempt fails, the second is killed, the third passes: flaky."""
    project = NightProject(tmp_path / "project", rest=STEADY + KILLED_AT_SECOND_ATTEMPT)
    project.plan()
    assert project.nightly().returncode == 10
    assert project.outcomes()["test_kills"] == ["failed"]
    assert project.nightly("--resume").returncode == 0
    assert project.outcomes()["test_kills"] == ["failed", "flaky"]


def test_a_changed_plan_does_not_go_on(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", rest=STEADY + KILLED)
    project.plan()
    project.nightly()
    project.plan("retries: 0\n")
    answer = project.nightly("--resume")
    assert answer.returncode == 2
    assert "was changed since" in answer.stderr


def test_changed_evidence_does_not_go_on(tmp_path: Path) -> None:
    """A night that was interrupted in order is sealed; going on takes the seal off untouched evidence only."""
    rest = KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "signal.raise_signal(signal.SIGINT)")
    project = NightProject(tmp_path / "project", rest=STEADY + rest)
    project.plan()
    assert project.nightly().returncode == 10
    assert list(damages(project.evidence)) == []
    bundle = next(project.evidence.bundles()).folder / "judgements.json"
    untouched = bundle.read_bytes()
    bundle.write_bytes(untouched.replace(b"passed", b"failed", 1))
    answer = project.nightly("--resume")
    assert answer.returncode == 10
    assert "a run goes on only from untouched evidence" in answer.stdout
    bundle.write_bytes(untouched)
    assert project.nightly("--resume").returncode == 0
    assert project.outcomes()["test_kills"] == ["broken", "passed"]


def test_a_stopped_night_cleans_up_and_can_go_on(tmp_path: Path) -> None:
    rest = STEADY + (
        "\nimport time\nfrom pathlib import Path\n\n\n@pytest.fixture\ndef changed():\n    yield\n"
        "    Path('cleaned').touch()\n\n\ndef test_long(changed, judge):\n    Path('begun').touch()\n"
        "    time.sleep(0 if Path('cleaned').exists() else 60)\n    judge(is_even, 2)\n"
    )
    project = NightProject(tmp_path / "project", rest=rest)
    project.plan()
    command = [sys.executable, "-m", "plugfest", "nightly", "plan.yaml"]
    with subprocess.Popen(command, cwd=project.root, env=project.variables, stdout=subprocess.PIPE) as process:
        Deadline("the long test begins", 60).wait_for((project.root / "begun").exists)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 10
    assert (project.root / "cleaned").exists()
    assert project.outcomes()["test_long"] == ["broken"]
    assert project.nightly("--resume").returncode == 0


def test_an_endless_test_is_stopped_after_the_overrun(tmp_path: Path) -> None:
    rest = STEADY + "\nimport time\n\n\ndef test_endless(judge):\n    time.sleep(300)\n"
    project = NightProject(tmp_path / "project", rest=rest)
    project.plan("overrun: 1s\n", budget="8s")
    answer = project.nightly()
    assert answer.returncode == 10, answer.stdout
    assert project.outcomes()["test_endless"] == ["broken"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("time_budget: 6\n", "plan.yaml:2: time_budget: Value error, expected a duration such as 6h, 90m or 6h30m"),
        ("time_budget: 1h\nsuites: ['; rm -rf /']\n", "plan.yaml:3: suites.0: String should match pattern"),
        ("time_budget: 1h\nsuites: [--report-dir=/]\n", "plan.yaml:3: suites.0: String should match pattern"),
        ("time_budget: 1h\nsuites: [testsuites/../../etc]\n", "plan.yaml:3: suites.0"),
        ("time_budget: 1h\ncolour: red\n", "plan.yaml:3: colour: Extra inputs are not permitted"),
        ("time_budget: 1h\nretries: -1\n", "plan.yaml:3: retries"),
        ("time_budget: 1h\nretries: 1\nretries: 2\n", "plan.yaml:4: retries: expected each key once"),
        ("time_budget: 1h\nfinish:\n  webhooks:\n    - {}\n", "plan.yaml:5: finish.webhooks.0: Value error, exp"),
        (f"time_budget: 1h\nfinish:\n  mail: {CLEAR_PASSWORD}\n",
         "it would travel in clear"),
        ("time_budget: 1h\nretention: {disk_budget: much}\n", "plan.yaml:3: retention.disk_budget: Value error, expec"),
        ("time_budget: 1h\nsuites: [testsuites/nowhere]\n", "testsuites/nowhere: not found"),
        ("time_budget: 1h\nquality_gate: nowhere.yaml\n", "nowhere.yaml: No such file"),
        ("time_budget: 1h\nlab: nowhere\n", "nowhere"),
    ],
)  # fmt: skip
def test_mistakes_are_told_before_anything_starts(tmp_path: Path, text: str, message: str) -> None:
    project = NightProject(tmp_path / "project", rest=GREEN)
    (project.root / "plan.yaml").write_text(f"name: nightly\n{text}")
    answer = project.nightly()
    assert answer.returncode in (2, 4)
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (project.root / "reports" / "out" / "latest").exists()


def test_tests_that_outlive_a_killed_night_keep_others_out(tmp_path: Path) -> None:
    rest = STEADY + (
        "\nimport time\nfrom pathlib import Path\n\n\ndef test_long(judge):\n    Path('begun').touch()\n"
        "    while not Path('go').exists():\n        time.sleep(0.05)\n    judge(is_even, 2)\n"
    )
    project = NightProject(tmp_path / "project", rest=rest)
    project.plan()
    command = [sys.executable, "-m", "plugfest", "nightly", "plan.yaml"]
    with subprocess.Popen(command, cwd=project.root, env=project.variables, stdout=subprocess.DEVNULL) as process:
        Deadline("the long test begins", 60).wait_for((project.root / "begun").exists)
        process.kill()
    refused = project.nightly("--resume")
    assert refused.returncode == 2
    assert "another night writes there" in refused.stderr
    (project.root / "go").touch()
    Deadline("the tests end", 60).wait_for(lambda: not list(damages(project.evidence)))
    resumed = Deadline("the lock is free", 60).wait_for(
        lambda: project.nightly("--resume"), lambda done: "another night" not in done.stderr
    )
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert project.outcomes()["test_long"] == ["passed"]
    assert set(project.junit()) == set(project.outcomes())


def test_two_nights_do_not_write_to_one_folder(tmp_path: Path) -> None:
    from filelock import FileLock

    project = NightProject(tmp_path / "project", rest=GREEN)
    project.plan()
    out = project.root / "reports" / "out"
    out.mkdir(parents=True)
    with FileLock(out / ".nightly.lock"):
        answer = project.nightly()
    assert answer.returncode == 2
    assert "another night writes there" in answer.stderr
    assert [path.name for path in out.iterdir()] == [".nightly.lock"]
