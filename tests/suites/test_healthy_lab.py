"""A whole run on the healthy embedded lab: everything is judged, nothing fails, and the report stands."""

import subprocess
import sys

import pytest

from tests.suites.conftest import MINUTES, PROJECT, RunSuite

pytestmark = pytest.mark.lab

LAYERS = ("link", "l2", "rocev2", "routing", "resilience", "recovery", "congestion", "inter_dc")
KNOWN_SKIPS = ("has one path only", "Soft-RoCE sends no congestion notifications")
"""What the embedded lab cannot have: anything else that is skipped hides a missing capability."""


def test_the_healthy_lab_raises_no_alarm(run_suite: RunSuite) -> None:
    run = run_suite("testsuites", timeout=30 * MINUTES)
    not_passed = {name: message for name, message in run.messages.items() if message and "skipped:" not in message}
    assert not_passed == {}, run.output
    assert run.exit_status == 0, run.output
    for layer in LAYERS:
        assert f"testsuites/{layer}/" in run.output
    assert len(run.passed) > 200
    skipped = [name for name, message in run.messages.items() if "skipped:" in message]
    assert all(any(known in run.message(name) for known in KNOWN_SKIPS) for name in skipped), skipped


def test_collecting_touches_no_device_and_names_every_cable() -> None:
    command = [sys.executable, "-m", "pytest", "testsuites", "--collect-only", "-q"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert "test_lldp_matches_cabling[h1:eth1<->leaf1:swp1]" in listed
