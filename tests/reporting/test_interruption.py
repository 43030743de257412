"""What a stopped or killed run leaves behind."""

import json
import os
import signal
from pathlib import Path

import psutil
import pytest
from allure_commons.model2 import TestResult as AllureResult

from plugfest.reporting.in_flight import clear_in_flight, mark_in_flight, recover_in_flight
from plugfest.reporting.run_folder import RunFolder
from tests.reporting.lab_project import LabProject

STOPPED = """
import os, signal
import allure, pytest
from plugfest.errors import InteropFailure

def test_before(): pass

@pytest.mark.parametrize("link", ["h1:eth1<->leaf1:swp1"])
def test_running(link):
    allure.attach("what leaf1 said", "transcript", allure.attachment_type.TEXT)
    {stop}

def test_after(): pass
"""
NAME = "test_running[h1:eth1<->leaf1:swp1]"


@pytest.mark.parametrize("stop", ["signal.raise_signal(signal.SIGINT)", "pytest.exit('the lab burns')"])
def test_stopped_test_is_never_passed(project: LabProject, stop: str) -> None:
    project.write(STOPPED.format(stop=stop))
    answer = project.run()
    results = project.results()

    assert answer.returncode == 2
    assert results.keys() == {"test_before", NAME}
    assert results["test_before"]["status"] == "passed"
    assert results[NAME]["status"] == "broken"
    assert results[NAME]["statusDetails"]["message"].startswith("[INTERRUPTED] the run was stopped")
    assert project.junit()[NAME].find("error") is not None
    assert f"BROKEN       testsuites/l2/test_lldp.py::{NAME}: [INTERRUPTED]" in answer.stdout
    assert not list(project.latest.in_flight.glob("*.json"))


def test_stopped_in_tear_down(project: LabProject) -> None:
    body = """
import signal
import pytest

@pytest.fixture
def link_down():
    yield
    signal.raise_signal(signal.SIGINT)

def test_running(link_down): pass
"""
    project.write(body)
    assert project.run().returncode == 2
    assert project.results()["test_running"]["status"] == "broken"


def test_failure_outlives_the_stop(project: LabProject) -> None:
    body = """
import signal
import pytest
from plugfest.errors import InteropFailure

@pytest.fixture
def link_down():
    yield
    signal.raise_signal(signal.SIGINT)

def test_running(link_down): raise InteropFailure("no LLDP")
"""
    project.write(body)
    project.run()
    result = project.results()["test_running"]
    assert result["status"] == "failed"
    assert result["statusDetails"]["message"] == "[INTEROP] no LLDP"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_killed_run_reports_the_running_test(project: LabProject, number: signal.Signals) -> None:
    project.write(STOPPED.format(stop="pass"))
    project.run()
    finished = project.results()[NAME]

    project.write(STOPPED.format(stop=f"os.kill(os.getpid(), {int(number)})"))
    assert project.run().returncode == -number
    assert project.results().keys() == {"test_before"}
    assert recover_in_flight(project.latest) == [NAME]
    killed = project.results()[NAME]

    assert killed["status"] == "broken"
    assert killed["statusDetails"]["message"].startswith("[INTERRUPTED] the run was killed")
    assert killed["testCaseId"] == finished["testCaseId"]
    identity = [entry for entry in killed["parameters"] if not entry.get("excluded")]
    assert identity == [entry for entry in finished["parameters"] if not entry.get("excluded")]
    assert ("epic", "Layer 2") in {(label["name"], label["value"]) for label in killed["labels"]}
    [attachment] = killed["attachments"]
    assert (project.latest.results / attachment["source"]).read_text() == "what leaf1 said"
    assert recover_in_flight(project.latest) == []


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    run = RunFolder(tmp_path)
    run.results.mkdir()
    return run


def test_marks_of_a_living_run_are_left_alone(run: RunFolder) -> None:
    result = AllureResult(uuid="a1", name="test_mtu", fullName="l2#test_mtu")
    mark_in_flight(run.in_flight, result)
    assert recover_in_flight(run) == []
    assert [path.name for path in run.in_flight.iterdir()] == ["a1.json"]
    clear_in_flight(run.in_flight, result)
    assert not list(run.in_flight.iterdir())


def test_reused_process_number_is_not_a_living_run(run: RunFolder) -> None:
    mark_in_flight(run.in_flight, AllureResult(uuid="a1", name="test_mtu"))
    mark = run.in_flight / "a1.json"
    known = json.loads(mark.read_text())
    assert known["pid"] == os.getpid()
    known["started"] = psutil.Process().create_time() - 100
    mark.write_text(json.dumps(known))
    assert recover_in_flight(run) == ["test_mtu"]


def test_written_result_wins_over_its_mark(run: RunFolder) -> None:
    mark_in_flight(run.in_flight, AllureResult(uuid="a1", name="test_mtu"))
    mark = run.in_flight / "a1.json"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"started": 0.0}))
    (run.results / "b-result.json").write_text(json.dumps({"uuid": "a1", "status": "passed"}))
    assert recover_in_flight(run) == []
    assert [path.name for path in run.results.glob("*-result.json")] == ["b-result.json"]


def test_damaged_results_do_not_stop_recovery(run: RunFolder) -> None:
    mark_in_flight(run.in_flight, AllureResult(uuid="a1", name="test_mtu"))
    mark = run.in_flight / "a1.json"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"started": 0.0}))
    (run.results / "b-result.json").write_text('{"uuid": "a1", "sta')
    assert recover_in_flight(run) == ["test_mtu"]
