"""Every outcome looks the same in pytest, Allure, JUnit and the summary."""

import re
import subprocess

import pytest

from plugfest.errors import (
    CounterDefect,
    DeadlineExceededError,
    Inconclusive,
    InteropFailure,
    LabError,
)
from plugfest.reporting.outcomes import OUTCOME_OF_TAG, Tag, TestOutcome, tag_in, tag_of, tagged_message
from tests.reporting.lab_project import REPOSITORY, LabProject

EVERY_OUTCOME = '''
"""LLDP tells the cabling as it is.

More words that are not the title.
"""
import pytest
from plugfest.errors import CounterDefect, Inconclusive, InteropFailure, LabError

pytestmark = pytest.mark.case("L2-01")

def test_passed():
    """Both ends of a cable name each other."""

def test_interop():
    raise InteropFailure("leaf1:swp1 neighbour – expected h1:eth1, got h2:eth1")

def test_counter():
    raise CounterDefect("wire and NIC saw 100 pauses, the switch counted 0")

def test_lab():
    raise LabError("leaf1: no answer within 5 s")

def test_inconclusive():
    raise Inconclusive("12 frames dropped by the capture")

def test_skipped():
    pytest.skip("leaf1 has no capability ecn")

def test_harness():
    {}["port"]

@pytest.fixture
def unreachable():
    raise LabError("leaf2 is not reserved")

def test_set_up(unreachable):
    pass

@pytest.fixture
def not_restored():
    yield
    raise LabError("MTU of leaf1:swp1 could not be restored")

def test_tear_down(not_restored):
    pass
'''
EXPECTED = {
    "test_passed": ("passed", None, ""),
    "test_interop": ("failed", "failure", "[INTEROP] leaf1:swp1 neighbour – expected h1:eth1, got h2:eth1"),
    "test_counter": ("failed", "failure", "[COUNTER] wire and NIC saw 100 pauses, the switch counted 0"),
    "test_lab": ("broken", "error", "[LAB] leaf1: no answer within 5 s"),
    "test_inconclusive": ("broken", "error", "[INCONCLUSIVE] 12 frames dropped by the capture"),
    "test_skipped": ("skipped", "skipped", "leaf1 has no capability ecn"),
    "test_harness": ("broken", "error", "[HARNESS] KeyError: 'port'"),
    "test_set_up": ("broken", "error", "[LAB] leaf2 is not reserved"),
    "test_tear_down": ("broken", "error", "[LAB] MTU of leaf1:swp1 could not be restored"),
}


@pytest.mark.parametrize(
    ("error", "tag", "outcome"),
    [
        (InteropFailure("x"), Tag.INTEROP, TestOutcome.FAILED),
        (AssertionError("x"), Tag.INTEROP, TestOutcome.FAILED),
        (CounterDefect("x"), Tag.COUNTER, TestOutcome.FAILED),
        (LabError("x"), Tag.LAB, TestOutcome.BROKEN),
        (DeadlineExceededError("x"), Tag.LAB, TestOutcome.BROKEN),
        (Inconclusive("x"), Tag.INCONCLUSIVE, TestOutcome.INCONCLUSIVE),
        (KeyError("x"), Tag.HARNESS, TestOutcome.BROKEN),
        (KeyboardInterrupt(), Tag.INTERRUPTED, TestOutcome.BROKEN),
        (pytest.exit.Exception("x"), Tag.INTERRUPTED, TestOutcome.BROKEN),
        (pytest.fail.Exception("x"), Tag.INTEROP, TestOutcome.FAILED),
    ],
)
def test_fault_of_an_exception(error: BaseException, tag: Tag, outcome: TestOutcome) -> None:
    assert tag_of(error) is tag
    assert OUTCOME_OF_TAG[tag] is outcome
    assert tag_in(tagged_message(error)) is tag


def test_only_harness_errors_show_their_class() -> None:
    assert tagged_message(LabError("h1 is down")) == "[LAB] h1 is down"
    assert tagged_message(KeyError("swp1")) == "[HARNESS] KeyError: 'swp1'"
    assert tagged_message(InteropFailure()) == "[INTEROP] InteropFailure"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[LabProject, subprocess.CompletedProcess[str]]:
    """A run with every outcome, and what it printed."""
    project = LabProject(tmp_path_factory.mktemp("outcomes") / "project")
    project.write(EVERY_OUTCOME)
    return project, project.run()


def test_every_outcome_everywhere(finished: tuple[LabProject, subprocess.CompletedProcess[str]]) -> None:
    project, answer = finished
    results, cases = project.results(), project.junit()

    assert answer.returncode == 1
    assert results.keys() == cases.keys() == EXPECTED.keys()
    for name, (status, element, message) in EXPECTED.items():
        assert results[name]["status"] == status
        assert message in results[name].get("statusDetails", {}).get("message", "")
        said = [(child.tag, child.attrib["message"]) for child in cases[name] if child.tag != "properties"]
        assert [tag for tag, _ in said] == ([element] if element else [])
        assert all(message in text for _, text in said)


def test_terminal_tells_every_outcome(finished: tuple[LabProject, subprocess.CompletedProcess[str]]) -> None:
    lines = finished[1].stdout.splitlines()

    times = r"\d+:\d\d \(run \d+:\d\d\)"
    assert any(re.search(f"::test_inconclusive INCONCLUSIVE L2-01 {times}", line) for line in lines)
    assert any(re.search(f"::test_lab BROKEN L2-01 {times}", line) for line in lines)
    table = [line for line in lines if line.startswith(("│", "┃"))]
    assert "ConnectX-7 × Jericho3 × AOC" in table[1]
    rows = [row.split("│")[2].strip() for row in table[1:]]
    assert rows == ["2 failed", "4 broken", "1 inconclusive", "1 passed", "1 skipped"]
    assert "SKIPPED      testsuites/l2/test_lldp.py::test_skipped: leaf1 has no capability ecn" in lines
    assert any(line.startswith("INCONCLUSIVE testsuites/l2") and "12 frames dropped" in line for line in lines)
    assert not any("InteropFailure(" in line for line in lines), "a judgement needs no traceback"
    assert any("KeyError" in line and line.startswith("E ") for line in lines), "a defect of the harness needs one"


def test_place_of_a_test_in_the_report(finished: tuple[LabProject, subprocess.CompletedProcess[str]]) -> None:
    results = finished[0].results()
    labels = {name: {(each["name"], each["value"]) for each in results[name]["labels"]} for name in results}
    for name in ("test_passed", "test_set_up"):
        expected = {("epic", "Layer 2"), ("feature", "LLDP tells the cabling as it is"), ("case", "L2-01")}
        assert expected <= labels[name]
        assert ("tag", "cell:ConnectX-7 × Jericho3 × AOC") in labels[name]
    assert ("story", "Both ends of a cable name each other") in labels["test_passed"]


def test_tags_are_known_to_the_report_and_the_guide() -> None:
    categories = re.findall(r'tagged\("[^"]+", "([A-Z]+)"', (REPOSITORY / "reports" / "allurerc.mjs").read_text())
    assert {f"[{tag}]" for tag in categories} == set(Tag) - {Tag.KNOWN, Tag.NOT_RUN}  # Allure puts a word before those
    guide = (REPOSITORY / "docs" / "reports.md").read_text()
    assert set(re.findall(r"`(\[[A-Z ]+\])`", guide)) == set(Tag)
