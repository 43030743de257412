"""Gate, retries, cells and time budget within one run of pytest."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugfest.evidence.manifest import damages
from plugfest.nightly.junit_of_night import complete_junit
from tests.nightly.night_project import NightProject

FIRST_SETUP_FAILS = '''
"""A fixture of the whole suite fails at its first attempt."""
from pathlib import Path
import pytest
from plugfest.errors import LabError
from plugfest.verdicts.verdict import equal, verdict

NOTES = Path("set_up")


def is_even(number: int):
    return verdict("the number is even", [equal("remainder", 0, number % 2)])


is_even.__module__ = "plugfest.verdicts.even"  # judged once, never replayed


def note(mark):
    NOTES.write_text((NOTES.read_text() if NOTES.exists() else "") + mark)


@pytest.fixture(scope="module")
def below():
    yield 2
    note("1")


@pytest.fixture(scope="module")
def configured(below):
    known = NOTES.exists()
    note("2" if known else "1")
    if not known:
        raise LabError("leaf1: connection lost")
    return below


@pytest.mark.case("ROCE-01")
def test_first(configured, judge):
    """Needs it."""
    judge(is_even, configured)


@pytest.mark.case("ROCE-02")
def test_second(configured, judge):
    """Needs it too."""
    judge(is_even, configured)
'''


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[NightProject, str]:
    """A night with a flaky test, one that always fails, and a closed gate for h1's cable."""
    project = NightProject(tmp_path_factory.mktemp("night") / "project", gate_fails=True)
    project.plan()
    answer = project.run("--nightly=plan.yaml", PLUGFEST_STATE=str(project.root / "state"))
    return project, answer.stdout + answer.stderr


def test_a_test_that_passes_when_repeated_is_flaky_and_never_passed(night: tuple[NightProject, str]) -> None:
    project, output = night
    assert project.outcomes()["test_steady"] == ["failed", "flaky"]
    case = project.junit()["test_steady"]
    skipped = case.find("skipped")
    assert skipped is not None
    assert skipped.get("message", "").startswith("[FLAKY] passed at attempt 2")
    assert "the number is even" in skipped.get("message", "")
    results = [result for name, result in project.all_results() if name == "test_steady"]
    assert sorted(result["status"] for result in results) == ["failed", "skipped"]
    flaky = next(result for result in results if result["status"] == "skipped")
    assert flaky["statusDetails"]["flaky"] is True
    assert flaky["statusDetails"]["message"].startswith("[FLAKY] passed at attempt 2")
    assert flaky["testCaseId"] == next(r for r in results if r["status"] == "failed")["testCaseId"]
    assert "1 flaky" in output
    assert "FLAKY        testsuites/rocev2/test_rocev2.py::test_steady: [FLAKY] passed at attempt 2" in output


def test_a_failure_is_not_taken_back_by_a_lab_fault(night: tuple[NightProject, str]) -> None:
    project, output = night
    assert project.outcomes()["test_wrong"] == ["failed", "failed"]
    failure = project.junit()["test_wrong"].find("failure")
    assert failure is not None
    assert "attempt 2: [LAB] h1 is gone" in failure.get("message", "")
    assert "2 retried" in output or "3 retried" in output


def test_what_could_not_be_set_up_for_a_whole_suite_is_tried_again(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", rest=FIRST_SETUP_FAILS)
    project.plan()
    project.run("--nightly=plan.yaml", PLUGFEST_STATE=str(project.root / "state"))
    outcomes = project.outcomes()
    assert outcomes["test_first"] == ["broken", "flaky"]
    assert outcomes["test_second"] == ["passed"]
    assert (project.root / "set_up").read_text() == "121", "taken down once, in the end"


def test_a_closed_gate_closes_its_cell_and_nothing_else(night: tuple[NightProject, str]) -> None:
    project, output = night
    outcomes = project.outcomes()
    traffic = {name: made[-1] for name, made in outcomes.items() if name.startswith("test_traffic")}
    assert outcomes["test_mtu_agrees[h1:eth1<->leaf1:swp1]"] == ["failed", "failed"]
    closed = {name for name, outcome in traffic.items() if outcome == "skipped"}
    assert closed == {name for name in traffic if "h1" in name}
    assert Counter(traffic.values()) == {"skipped": 6, "passed": 6}
    assert "[NOT RUN] the gate is closed for" in output
    cells = {bundle.record.test.partition("::")[2]: bundle.record.cell.id for bundle in project.evidence.bundles()}
    [cell] = [each for each in project.junit()["test_traffic[h1->h2]"].iter("property") if each.get("name") == "cell"]
    assert cell.get("value") == cells["test_traffic[h1->h2]"]


def test_junit_holds_every_test_once(night: tuple[NightProject, str]) -> None:
    tree = ElementTree.parse(night[0].latest.junit)
    names = [case.get("name") for case in tree.iter("testcase")]
    assert len(names) == len(set(names)) == len(night[0].outcomes())
    [suite] = tree.iter("testsuite")
    assert suite.get("tests") == str(len(names))
    assert suite.get("failures") == "2"


def test_the_night_is_one_sealed_run(night: tuple[NightProject, str]) -> None:
    assert list(damages(night[0].evidence)) == []


def test_gate_suites_run_first_whatever_the_order_of_arguments(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project")
    project.plan()
    arguments = ("--nightly=plan.yaml", "testsuites/rocev2", "testsuites/link")
    project.run(*arguments, PLUGFEST_STATE=str(project.root / "state"))
    records = sorted((bundle.record for bundle in project.evidence.bundles()), key=lambda record: record.started)
    suites = [record.suite for record in records]
    assert set(suites) == {"link", "rocev2"}
    assert suites == sorted(suites)


def test_when_the_time_is_used_up_nothing_begins(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project")
    project.plan(budget="1s", text="")
    (project.root / "testsuites" / "link" / "test_link.py").write_text(
        "import time\n\ndef test_slow(link, judge):\n    time.sleep(1.2)\n"
    )
    answer = project.run("--nightly=plan.yaml", PLUGFEST_STATE=str(project.root / "state"))
    outcomes = Counter(made[-1] for made in project.outcomes().values())
    assert outcomes["inconclusive"] == 1
    assert outcomes["skipped"] == sum(outcomes.values()) - 1
    assert "[NOT RUN] the time budget of 1s is used up" in answer.stdout
    assert list(damages(project.evidence)) == []


def test_other_cells_are_left_out(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project")
    project.plan("cells: ['no such equipment*']\n")
    project.run("--nightly=plan.yaml", PLUGFEST_STATE=str(project.root / "state"))
    assert set(project.outcomes()) == {"test_steady", "test_wrong"}


@pytest.mark.parametrize("found", [None, "", "<testsuites><testsu"])
def test_a_lost_junit_file_is_made_from_evidence(
    night: tuple[NightProject, str], tmp_path: Path, found: str | None
) -> None:
    project, junit = night[0], tmp_path / "junit.xml"
    if found is not None:
        junit.write_text(found)
    complete_junit(junit, project.evidence)
    kinds = ("failure", "error", "skipped")
    made = {case.get("name"): [kind for kind in kinds if case.find(kind) is not None]
            for case in ElementTree.parse(junit).iter("testcase")}  # fmt: skip
    known = {name: [kind for kind in kinds if case.find(kind) is not None] for name, case in project.junit().items()}
    assert made == known
