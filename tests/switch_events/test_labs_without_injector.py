"""A lab in which nothing can do exact things to packets: tests that need it are skipped with that reason."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LAB = Path(__file__).with_name("no_injector.yaml")
TESTS = {
    "recovery/test_request_loss.py::test_mid_message_loss": "events towards the responder of h1->h2 need an injector "
    "in the cable of a host or a switch with the capability injection beside the receiving host; on the way are leaf1",
    "recovery/test_answer_loss.py::test_lost_acknowledgements": "events towards the requester of h1->h2 need an",
    "inter_dc/test_distance.py::test_timer_shorter_than_the_round_trip": "need an injector in the cable",
    "recovery/test_switch_drops.py::test_an_access_list_drops_what_it_names": "leaf1: plugfest cannot set access lists",
    "congestion/test_switch_marks.py::test_a_switch_marks_all_that_may_be_marked": "leaf1: plugfest cannot make h3c_",
    "congestion/test_marking.py::test_marking_follows_its_ramp": "needs a Linux switch with the capability",
}


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Why each of the tests was skipped; no device of this lab exists, so nothing else could become of them."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(LAB, folder)
    for name in ("known_hosts", "no_key"):
        (folder / name).touch()
    tests = [f"testsuites/{test}" for test in TESTS]
    options = [f"--lab={folder / LAB.name}", f"--junitxml={folder}/junit.xml", f"--report-dir={folder}/run"]
    environment = {**os.environ, "PLUGFEST_STATE": f"{folder}/state"}
    command = [sys.executable, "-m", "pytest", *tests, *options, "--no-html", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    cases = ElementTree.parse(folder / "junit.xml").iter("testcase")
    found = {case.get("name", "").partition("[")[0]: case.find("skipped") for case in cases}
    assert all(element is not None for element in found.values()), done.stdout
    return {name: element.get("message", "") for name, element in found.items() if element is not None}


@pytest.mark.parametrize(("test", "reason"), TESTS.items(), ids=[test.rpartition("::")[2] for test in TESTS])
def test_the_reason_is_named(reasons: dict[str, str], test: str, reason: str) -> None:
    assert reason in reasons[test.rpartition("::")[2]]
