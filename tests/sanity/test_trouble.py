"""Devices and tools fail in the middle of a test: it is broken with the cause, the others go on, the run ends."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plugfest.evidence.folder import evidence_of
from plugfest.evidence.manifest import damages
from plugfest.sessions.deadline import Deadline
from tests.sanity.loopback_lab import LoopbackLab
from tests.sanity.test_runs import message, statuses

BUSY = """
from pathlib import Path
from conftest import written

def test_busy(host, pool, judged, change):
    change(written(host, "mtu", "1500"))
    if host == "h1":
        Path("busy").touch()
        pool.session(host).run("sleep", "60", timeout=90)
    judged()

def test_then(host, judged, pool):
    pool.session(host).run("true")
    judged()
"""
AFTER_TROUBLE = {
    "test_busy[h1]": "broken",
    "test_busy[h2]": "passed",
    "test_then[h1]": "passed",
    "test_then[h2]": "passed",
}


def run_with_trouble(lab: LoopbackLab, trouble: Callable[[str], None]) -> None:
    """Run BUSY and make trouble while h1 is busy."""
    lab.suite(BUSY)
    process = lab.start()
    try:
        busy = lab.project.root / "busy"
        Deadline("h1 is busy", 60).wait_for(lambda: busy.exists() and len(lab.programs("h1")) > 0)
        trouble("h1")
        assert process.wait(90) == 1
    finally:
        process.kill()


def test_a_cut_connection_breaks_one_test(lab: LoopbackLab) -> None:
    run_with_trouble(lab, lab.cut)
    assert statuses(lab) == AFTER_TROUBLE, (lab.project.root / "output").read_text()
    assert message(lab, "test_busy[h1]").startswith("[LAB] h1: connection lost while running `sleep 60`")
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "pristine"}


def test_a_restarted_device_breaks_one_test_and_is_named(lab: LoopbackLab) -> None:
    run_with_trouble(lab, lab.restart)
    ended = statuses(lab)
    back_in_time = ended.pop("test_then[h1]") == "passed"
    assert ended == {name: status for name, status in AFTER_TROUBLE.items() if name in ended}
    told = (lab.project.root / "output").read_text() + lab.project.latest.junit.read_text()
    assert back_in_time or "[LAB] h1" in message(lab, "test_then[h1]")
    assert "was restarted" in told or not back_in_time
    assert "[LAB] h1: connection lost" in told
    assert lab.state() == {"h1/mtu": "pristine", "h2/mtu": "pristine"}


def test_a_tool_that_hangs_is_killed_and_named(lab: LoopbackLab) -> None:
    lab.suite("""
from plugfest.sessions.deadline import Deadline

def test_hangs(host, pool, judged):
    session = pool.session(host)
    with session.start("sleep", "300") as tool:
        if host == "h1":
            session.run("kill", "-STOP", str(tool.pid))
            tool.wait(Deadline("h1: end of the traffic", 1))
    judged()
""")
    assert lab.run().returncode == 1
    assert statuses(lab) == {"test_hangs[h1]": "broken", "test_hangs[h2]": "passed"}
    assert message(lab, "test_hangs[h1]").startswith("[LAB] h1: end of the traffic: not reached within 1 s")
    assert not [program for host in lab.hosts for program in lab.programs(host).values() if "sleep" in program]


def test_a_full_disk_on_a_host_breaks_its_tests(lab: LoopbackLab) -> None:
    lab.suite("""
def test_writes(host, pool, judged):
    session = pool.session(host)
    if host == "h1":
        session.run("sh", "-c", 'mount -t tmpfs -o size=1m full "$TMPDIR"')
    where = session.run("sh", "-c", 'echo "$TMPDIR"').out.strip()
    session.write(f"{where}/capture", bytes(2_000_000))
    session.run("rm", f"{where}/capture")
    judged()

def test_then(host, judged):
    judged()
""")
    assert lab.run().returncode == 1
    assert statuses(lab) == {
        "test_writes[h1]": "broken",
        "test_writes[h2]": "passed",
        "test_then[h1]": "broken",
        "test_then[h2]": "passed",
    }
    assert message(lab, "test_writes[h1]").startswith("[LAB] h1: cannot write ")
    assert "expected at least 50 MB free, got 0 MB" in message(lab, "test_then[h1]")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for little."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=110m", "small", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small file system needs the right to mount: {os.fsdecode(mounted.stderr).strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_here_ends_no_run_and_spoils_no_evidence(lab: LoopbackLab, small_disk: Path) -> None:
    lab.suite("""
import pytest

@pytest.mark.parametrize("megabytes", [30, 90, 0])
def test_records(host, megabytes, evidence, judged):
    evidence.attach("capture.pcap", bytes(megabytes * 1_000_000 if host == "h1" else 1), "application/vnd.tcpdump.pcap")
    judged()
""")
    answer = lab.run(f"--report-dir={small_disk / 'run'}")
    assert answer.returncode == 1, answer.stdout
    evidence = evidence_of(small_disk / "run")
    bundles = {bundle.record.test.partition("::")[2]: bundle.record for bundle in evidence.bundles()}
    assert bundles["test_records[h1-30]"].outcome == "passed"
    assert bundles["test_records[h2-30]"].outcome == "passed"
    broken = [bundle for bundle in bundles.values() if bundle.outcome == "broken"]
    assert len(bundles) == 6
    assert broken
    assert all("this machine: " in bundle.reason for bundle in broken), [bundle.reason for bundle in broken]
    assert list(damages(evidence)) == []
