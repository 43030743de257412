"""Every test of a lab run leaves one complete bundle, however it ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from plugfest.evidence.bundle_writer import UNFINISHED, BundleWriter
from plugfest.evidence.cell import WHOLE_LAB
from plugfest.evidence.folder import EvidenceFolder, evidence_of
from plugfest.evidence.manifest import MANIFEST, damages
from plugfest.reporting.outcomes import TestOutcome
from plugfest.sessions.transcript import Transcript
from tests.evidence.lab_project import CONFTEST, SUITE, recorded_run
from tests.reporting.lab_project import REPOSITORY, LabProject

ENDINGS = '''
import pytest
from plugfest.errors import Inconclusive, LabError
from plugfest.verdicts.verdict import Verdict


@pytest.fixture(scope="module")
def unreachable():
    raise LabError("leaf2: no answer within 5 s")


def test_broken(link, unreachable):
    """A set-up that fails."""


def test_nothing_judged(switch):
    pass


def test_skipped():
    pytest.skip("leaf1 has no capability ecn")


@pytest.fixture
def not_restored():
    yield
    raise LabError("MTU could not be restored")


def test_tear_down(not_restored, judge):
    from plugfest.verdicts.lldp import matches_cabling
    from plugfest.inventory.models import Link
    judge(matches_cabling, Link.model_validate("h1:eth1 <-> leaf1:swp1"), {})
'''


def test_a_bundle_says_what_was_tested_how_it_ended_and_on_what_that_rests(recorded: EvidenceFolder) -> None:
    bundles = {bundle.record.test: bundle for bundle in recorded.bundles()}
    assert len(bundles) == 16
    failed = bundles["testsuites/l2/test_ports.py::test_mtu_agrees[h3:eth1<->leaf2:swp1]"]
    record = failed.record
    assert record.outcome is TestOutcome.FAILED
    assert "leaf2:swp1 MTU in bytes – expected 4200, got 9000" in record.reason
    assert (record.case, record.suite, record.references) == ("L2-07", "l2", ("RFC 4821",))
    assert record.parameters == {"link": "h3:eth1<->leaf2:swp1"}
    assert record.cell.devices == ("h3", "leaf2")
    assert record.cell.id == "Linux Soft-RoCE × Linux bridge and router, Debian with FRR × veth"
    assert [judgement.verdict.outcome for judgement in failed.judgements()] == ["failed"]
    assert failed.judgements()[0].observations["designed"] == 4200
    assert (failed.folder / "captures" / "frames.pcap").read_bytes().startswith(b"\xd4\xc3\xb2\xa1")
    assert record.started < record.ended
    assert recorded.run.harness == record.harness


def test_what_shared_fixtures_left_is_kept_once_and_belong_to_every_test_that_rests_on_them(
    recorded: EvidenceFolder,
) -> None:
    shared = {file.path for bundle in recorded.bundles() for file in bundle.record.files if "shared" in file.path}
    assert len(shared) == 2
    assert all(shared <= {file.path for file in bundle.record.files} for bundle in recorded.bundles())
    contents = {Path(path).suffix: (recorded.path / "shared" / Path(path).name).read_bytes() for path in shared}
    assert b"ip -j link" in contents[".json"]
    assert contents[".pcap"] == b"\xd4\xc3\xb2\xa1 shared"


def test_no_secret_reaches_the_evidence(recorded: EvidenceFolder) -> None:
    canaries = (b"canary-7193", b"canary-5521")
    files = [path for path in recorded.path.rglob("*") if path.is_file()]
    assert any(b"api_token=***" in path.read_bytes() for path in files)
    assert [path for path in files if any(canary in path.read_bytes() for canary in canaries)] == []


def test_tests_that_judged_nothing_have_bundles_too(tmp_path: Path) -> None:
    _, evidence = recorded_run(tmp_path, ENDINGS)
    bundles = {bundle.record.test.split("::")[1]: bundle.record for bundle in evidence.bundles()}
    broken = bundles["test_broken[h1:eth1<->leaf1:swp1]"]
    assert broken.outcome is TestOutcome.BROKEN
    assert broken.cell.devices == ("h1", "leaf1")
    assert bundles["test_nothing_judged[leaf1]"].outcome is TestOutcome.INCONCLUSIVE
    assert bundles["test_skipped"].outcome is TestOutcome.SKIPPED
    assert bundles["test_skipped"].cell.id == WHOLE_LAB
    assert bundles["test_tear_down"].outcome is TestOutcome.BROKEN
    assert list(damages(evidence)) == []


def test_a_repeated_test_keeps_both_attempts(recorded: EvidenceFolder, tmp_path: Path) -> None:
    bundle = next(recorded.bundles()).record
    for _ in range(2):
        BundleWriter(tmp_path, bundle.test).finish(bundle, [], Transcript(), [])
    assert sorted(each.record.attempt for each in EvidenceFolder(tmp_path).bundles()) == [1, 2]


def test_evidence_of_another_run_is_never_mixed_with_new_one(tmp_path: Path) -> None:
    project, evidence = recorded_run(tmp_path, ENDINGS)
    folder = evidence.path.parent
    before = (evidence.path / MANIFEST).read_bytes()
    answer = project.run(f"--report-dir={folder}", "--clean-alluredir")
    assert answer.returncode == 4
    assert "holds the evidence of another run" in answer.stderr
    assert (evidence.path / MANIFEST).read_bytes() == before


SLOW = """
import pathlib, time
from plugfest.inventory.models import Link
from plugfest.verdicts.lldp import matches_cabling
LINK = Link.model_validate("h1:eth1 <-> leaf1:swp1")

def test_first(judge):
    judge(matches_cabling, LINK, {})

def test_second(judge):
    judge(matches_cabling, LINK, {})
    pathlib.Path("running").touch()
    time.sleep(60)
"""


def _stopped_run(root: Path, how: signal.Signals) -> EvidenceFolder:
    project = LabProject(root)
    (root / "conftest.py").write_text(CONFTEST)
    project.write(SLOW, "test_slow.py")
    command = [sys.executable, "-m", "pytest", "testsuites", "--no-html"]
    variables = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, cwd=root, env=variables, stdout=subprocess.DEVNULL) as process:
        while not (root / "running").exists():
            assert process.poll() is None, "pytest ended before the second test ran"
            time.sleep(0.05)
        process.send_signal(how)
    return evidence_of(project.latest.path)


def test_a_killed_run_loses_the_running_test_only(tmp_path: Path) -> None:
    evidence = _stopped_run(tmp_path, signal.SIGKILL)
    assert [bundle.record.test.split("::")[1] for bundle in evidence.bundles()] == ["test_first"]
    assert list(evidence.path.glob(f"{UNFINISHED}*"))
    assert not (evidence.path / MANIFEST).exists()
    assert [damage for damage in damages(evidence) if "killed or never sealed" in damage]


def test_an_interrupted_test_is_broken_and_the_evidence_is_sealed(tmp_path: Path) -> None:
    evidence = _stopped_run(tmp_path, signal.SIGINT)
    second = evidence.bundles_of("test_second")[0]
    assert second.record.outcome is TestOutcome.BROKEN
    assert "[INTERRUPTED]" in second.record.reason
    assert len(second.judgements()) == 1
    assert list(damages(evidence)) == []


def test_a_distributed_run_keeps_every_bundle_once(tmp_path: Path) -> None:
    _, evidence = recorded_run(tmp_path, SUITE, "-n2")
    tests = [bundle.record.test for bundle in evidence.bundles()]
    assert len(tests) == len(set(tests)) == 16
    assert evidence.run.run == evidence.path.parent.name
    assert list(damages(evidence)) == []
