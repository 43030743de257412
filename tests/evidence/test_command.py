"""`plugfest evidence`: shows, proves, seals and hands out."""

import subprocess
import sys
from pathlib import Path

from plugfest.evidence.folder import EvidenceFolder, evidence_of
from plugfest.evidence.manifest import MANIFEST, SUMS


def _evidence(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", "evidence", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_show_lists_tests_and_their_rows(recorded: EvidenceFolder) -> None:
    listed = _evidence("show", recorded.path.parent)
    assert len(listed.stdout.splitlines()) == 16
    assert "failed        testsuites/l2/test_ports.py::test_mtu_agrees[h3:eth1<->leaf2:swp1]" in listed.stdout
    one = _evidence("show", recorded.path, "test_mtu_agrees[h3", "--transcript")
    assert "    failed        leaf2:swp1 MTU in bytes – expected 4200, got 9000" in one.stdout
    assert "h1$ cat /etc/token   (exit status 0, 0.010 s)\napi_token=***" in one.stdout


def test_verify_says_untouched_or_what_was_changed(evidence_copy: EvidenceFolder) -> None:
    assert _evidence("verify", evidence_copy.path).returncode == 0
    judgements = next(evidence_copy.path.glob("*mtu*/judgements.json"))
    judgements.write_text(judgements.read_text().replace("4200", "4201"))
    changed = _evidence("verify", evidence_copy.path)
    assert changed.returncode == 1
    name = judgements.relative_to(evidence_copy.path)
    assert changed.stdout.splitlines()[0] == f"{name}: changed since it was sealed"


def test_seal_makes_up_for_a_killed_run_but_never_covers_a_change(evidence_copy: EvidenceFolder) -> None:
    for name in (MANIFEST, SUMS):
        (evidence_copy.path / name).unlink()
    assert _evidence("verify", evidence_copy.path).returncode == 1
    assert _evidence("seal", evidence_copy.path).returncode == 0
    assert _evidence("verify", evidence_copy.path).returncode == 0
    (evidence_copy.path / "run.json").write_text((evidence_copy.path / "run.json").read_text() + "\n")
    again = _evidence("seal", evidence_copy.path)
    assert again.returncode == 2
    assert "changed evidence is never sealed again" in again.stderr


def test_export_writes_a_folder_that_verifies_and_replays(recorded: EvidenceFolder, tmp_path: Path) -> None:
    out = tmp_path / "for-linux"
    answer = _evidence("export", recorded.path.parent, "--vendor", "linux", "--out", out)
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, f"8 tests in {out}"), answer.stderr
    assert _evidence("verify", out).returncode == 0
    replay = [sys.executable, "-m", "plugfest", "replay", out]
    assert "8 identical" in subprocess.run(replay, capture_output=True, text=True, check=True).stdout
    assert {device.name for device in evidence_of(out).run.devices} == {"h1", "h2", "h3", "h4", "switch-A", "switch-B"}


def test_a_folder_without_evidence_is_one_clear_error(tmp_path: Path) -> None:
    answer = _evidence("verify", tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert (
        answer.stderr
        == f"error: {tmp_path}: no evidence there – name the folder of a run, such as reports/out/latest\n"
    )


def test_a_damaged_document_is_one_clear_error(evidence_copy: EvidenceFolder) -> None:
    bundle = next(evidence_copy.path.glob("*/bundle.json"))
    bundle.write_text(bundle.read_text().replace('"format": 1', '"format": 2'))
    answer = _evidence("show", evidence_copy.path)
    assert answer.returncode == 2
    assert f"error: {bundle}: format: Input should be 1" in answer.stderr
