"""Whole runs on a lab of SSH servers: what is left behind is found, named and taken back."""

from tests.sanity.loopback_lab import LoopbackLab

CHANGING = """
from conftest import written

def test_changes(host, change, judged):
    change(written(host, "mtu", "1500"))
    judged()
"""


def test_a_run_on_a_sane_lab_is_green_and_leaves_no_trace(lab: LoopbackLab) -> None:
    pristine = lab.state()
    lab.suite(CHANGING)
    answer = lab.run()
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert lab.state() == pristine
    assert {result["status"] for result in lab.project.results().values()} == {"passed"}
