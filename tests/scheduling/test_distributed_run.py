"""A run in several processes is the same run."""

import signal
import time
from itertools import combinations
from pathlib import Path

import pytest

from plugfest.evidence.folder import EVIDENCE, EvidenceFolder
from plugfest.evidence.manifest import damages
from plugfest.reporting.outcomes import TestOutcome
from plugfest.reporting.result_files import read_results
from plugfest.reporting.run_folder import RunFolder
from tests.scheduling.lab_project import ParallelProject, allure_statuses, bundles, junit_outcomes, outcomes

SETTINGS = """
@pytest.fixture(scope="module")
def settings(pool, worker_id):
    yield worker_id
    pool.ask("leaf1", "restore", "")
    raise RuntimeError("leaf1 could not be restored")


@pytest.fixture(scope="session")
def suite_change():
    return None


@pytest.mark.parametrize("number", range(4))
def test_setting(settings, suite_change, number, judge, evidence):
    evidence.attach("worker", settings, "text/plain")
    judge(*observed())
"""
DEADLY = """
def test_deadly(host_pair, judge):
    if host_pair.id == "h2->h3":
        os._exit(9)
    judge(*observed())
"""
ENDLESS = """
import pathlib, threading

def test_endless(host_pair, judge):
    judge(*observed())
    pathlib.Path(f"running {host_pair.id}").touch()
    threading.Event().wait()
"""


@pytest.fixture(scope="module")
def serial_and_parallel(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, RunFolder]:
    """The same suites in one process and in three; do not write to them."""
    project = ParallelProject(tmp_path_factory.mktemp("project"))
    runs = []
    for options in ((), ("-n3",)):
        answer = project.run(*options)
        assert answer.returncode == 1, answer.stdout + answer.stderr
        assert ("DeviceScheduling" in answer.stdout) == bool(options)
        runs.append(project.latest)
    return runs[0], runs[1]


def test_outcomes_are_the_same(serial_and_parallel: tuple[RunFolder, RunFolder]) -> None:
    serial, parallel = serial_and_parallel
    assert len(outcomes(serial)) == 25
    assert outcomes(parallel) == outcomes(serial)
    assert junit_outcomes(parallel) == junit_outcomes(serial)
    assert {outcome for outcome, _ in outcomes(parallel).values()} == {
        "passed", "failed", "broken", "inconclusive", "skipped"
    }  # fmt: skip


def test_no_allure_result_is_doubled(serial_and_parallel: tuple[RunFolder, RunFolder]) -> None:
    serial, parallel = serial_and_parallel
    statuses = allure_statuses(parallel)
    assert len({identity for identity, _ in statuses}) == len(statuses) == 25
    assert statuses == allure_statuses(serial)
    assert {bundle.allure for bundle in bundles(parallel).values()} == {
        result["uuid"] for result in read_results(parallel.results)
    }


def test_there_is_one_sealed_evidence(serial_and_parallel: tuple[RunFolder, RunFolder]) -> None:
    for run in serial_and_parallel:
        evidence = EvidenceFolder(run.path / EVIDENCE)
        assert list(damages(evidence)) == []
        assert {record.run for record in bundles(run).values()} == {run.run_id}


def test_facts_of_the_environment_are_the_same(serial_and_parallel: tuple[RunFolder, RunFolder]) -> None:
    serial, parallel = (run.results / "environment.properties" for run in serial_and_parallel)
    assert parallel.read_text() == serial.read_text()
    assert "git\\ revision" in parallel.read_text()


def test_no_host_serves_two_tests_at_once(serial_and_parallel: tuple[RunFolder, RunFolder]) -> None:
    _, parallel = serial_and_parallel
    records = [record for record in bundles(parallel).values() if record.cell.peer]
    assert len(records) == 24
    for one, other in combinations(records, 2):
        shared = {name for name in one.cell.devices if name.startswith("h")} & set(other.cell.devices)
        if shared:
            assert one.ended <= other.started or other.ended <= one.started, (one.test, other.test, shared)


def test_a_group_that_changes_devices_stays_with_one_worker(tmp_path: Path) -> None:
    project = ParallelProject(tmp_path, SETTINGS)
    answer = project.run("-n2")
    found = EvidenceFolder(project.latest.path / EVIDENCE).bundles()
    workers = {(bundle.folder / "attachments" / "worker").read_text() for bundle in found}
    assert len(workers) == 1
    results = outcomes(project.latest)
    assert results["testsuites/l2/test_pairs.py::test_setting[2]"] == ("passed", "")
    last = results["testsuites/l2/test_pairs.py::test_setting[3]"]
    assert last[0] == "broken", "shared set-up is taken down with the last test of its group, as in a serial run"
    assert "leaf1 could not be restored" in last[1]
    assert answer.returncode == 1


def test_a_set_up_that_cannot_be_taken_down_between_tests_makes_the_run_red(tmp_path: Path) -> None:
    project = ParallelProject(tmp_path, SETTINGS.replace("suite_change, ", ""))
    answer = project.run("-n1")
    assert answer.returncode == 1
    assert "leaf1 could not be restored" in answer.stdout
    assert list(junit_outcomes(project.latest).values()).count(["error"]) == 1


def test_a_worker_that_dies_costs_its_test_only(tmp_path: Path) -> None:
    project = ParallelProject(tmp_path, DEADLY)
    answer = project.run("-n2")
    assert answer.returncode == 1, answer.stdout
    results = bundles(project.latest)
    dead = results.pop("testsuites/l2/test_pairs.py::test_deadly[h2->h3]")
    assert dead.outcome is TestOutcome.BROKEN
    assert dead.reason.startswith("[INTERRUPTED] worker")
    assert dead.cell.devices[0] == "h2"
    assert len(results) == 11
    assert {record.outcome for record in results.values()} == {TestOutcome.PASSED}
    statuses = [status for _, status in allure_statuses(project.latest)]
    assert sorted(statuses) == ["broken", *["passed"] * 11]
    assert junit_outcomes(project.latest)["testsuites.l2.test_pairs.test_deadly[h2->h3]"] == ["error"]


def test_a_stopped_run_tells_of_the_tests_that_ran(tmp_path: Path) -> None:
    project = ParallelProject(tmp_path, ENDLESS)
    with project.started("-n2") as process:
        while len(list(tmp_path.glob("running *"))) < 2:
            assert process.poll() is None, "pytest ended before two tests ran"
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 2
    results = outcomes(project.latest)
    assert len(results) == 2
    assert {outcome for outcome, _ in results.values()} == {"broken"}
    assert all("[INTERRUPTED] the run was stopped" in reason for _, reason in results.values())
    assert list(damages(EvidenceFolder(project.latest.path / EVIDENCE))) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--dist=loadfile",), "leave out --dist"), (("--dist=each",), "leave out --dist")],
)
def test_what_cannot_be_distributed_is_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    answer = ParallelProject(tmp_path).run("-n2", *options)
    assert answer.returncode == 4
    assert said in answer.stderr


def test_what_cannot_be_collected_is_told_once(tmp_path: Path) -> None:
    answer = ParallelProject(tmp_path, "import nothing_of_this_name").run("-n2")
    assert answer.returncode == 2
    assert answer.stdout.count("ModuleNotFoundError: No module named 'nothing_of_this_name'") == 1
