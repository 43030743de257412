"""A host of the embedded lab falls over, a tool hangs, in mid-run: broken with the cause, and on it goes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugfest.devices.roster import Roster
from plugfest.embedded.lifecycle import restart_device
from plugfest.embedded.state import RunningLab
from plugfest.sessions.deadline import Deadline
from tests.sanity.killing import STARTED
from tests.suites.conftest import MINUTES, PROJECT

pytestmark = pytest.mark.lab

AT = "h3"
"""Server of the pair that the recovery suite tests."""
RUN = ("testsuites/recovery/test_request_loss.py", "--keep-lab", "--no-html", "-p", "no:cacheprovider")
ENDPOINTS = "grep -slz rdma_endpoint[.]pyz /proc/[0-9]*/cmdline | cut -d/ -f3"


def run_with_trouble(folder: Path, trouble: Callable[[], object]) -> dict[str, str]:
    """Run the suite and make trouble while its second test runs; why each test did not pass, by name."""
    output, junit = folder / "output", folder / "junit.xml"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *RUN, f"--report-dir={folder / 'run'}", f"--junitxml={junit}"],
            cwd=PROJECT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        second = Deadline("the second test has begun", 3 * MINUTES)
        second.wait_for(lambda: len({match["name"] for match in STARTED.finditer(output.read_text())}) > 1)
        trouble()
        process.wait(6 * MINUTES)
    finally:
        process.kill()
    cases = ElementTree.parse(junit).iter("testcase")
    return {
        case.get("name", ""): "; ".join(each.get("message", "") for each in case if each.tag in ("failure", "error"))
        for case in cases
    }


def test_a_restarted_host_breaks_the_test_that_runs(embedded_lab: RunningLab, tmp_path: Path) -> None:
    messages = run_with_trouble(tmp_path, lambda: restart_device(embedded_lab, AT))
    broken = [message for message in messages.values() if message]
    assert broken, messages
    assert all("[LAB]" in message and AT in message for message in broken), broken
    assert sum(not message for message in messages.values()) >= 2, messages


def test_a_hanging_tool_breaks_the_test_that_runs(roster: Roster, tmp_path: Path) -> None:
    session = roster.pool.session(AT)

    def stop_endpoint() -> None:
        found = Deadline("the RDMA endpoint runs", 60).wait_for(lambda: session.run("sh", "-c", ENDPOINTS).out.split())
        session.run("kill", "-STOP", *found)

    messages = run_with_trouble(tmp_path, stop_endpoint)
    broken = [message for message in messages.values() if message]
    assert broken, messages
    assert all("[LAB]" in message and "not reached within" in message for message in broken), broken
    assert sum(not message for message in messages.values()) >= 2, messages
    assert session.run("sh", "-c", ENDPOINTS).out == ""
