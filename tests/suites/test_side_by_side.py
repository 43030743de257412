"""A run in several processes on the embedded lab has the results of a serial one."""

import pytest

from tests.suites.conftest import RunSuite, SuiteRun

pytestmark = pytest.mark.lab

PAIRS = ("h1->h4", "h2->h3")
"""Without a common host, so that both can exchange data at once."""
TESTS = ("test_connection_is_set_up", "test_every_verb_moves_every_byte", "test_nothing_is_lost_or_repeated")
CHOSEN = ("testsuites/link", *(f"testsuites/rocev2/test_verbs.py::{test}[{pair}]" for pair in PAIRS for test in TESTS))


def endings(run: SuiteRun) -> dict[str, str]:
    """First word of the message by test: what kind of end it was; empty if it passed."""
    return {name: message.partition("\n")[0] for name, message in run.messages.items()}


def test_two_workers_find_what_one_finds(run_suite: RunSuite) -> None:
    serial = run_suite(*CHOSEN)
    parallel = run_suite(*CHOSEN, "-n2")
    assert endings(parallel) == endings(serial), parallel.output
    assert parallel.exit_status == serial.exit_status == 0, parallel.output
    assert len(parallel.passed) > 30
    assert "DeviceScheduling" in parallel.output
    assert {f"{test}[{pair}]" for pair in PAIRS for test in TESTS} <= set(parallel.passed)
