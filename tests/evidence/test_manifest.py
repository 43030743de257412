"""A sealed folder shows every change that is made to it."""

import subprocess
from pathlib import Path

import pytest

from plugfest.errors import UsageError
from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.manifest import MANIFEST, SIGNATURE, SUMS, damages, seal
from plugfest.evidence.signature import sign, signer_of


def test_untouched_evidence_has_no_damage(evidence_copy: EvidenceFolder) -> None:
    assert list(damages(evidence_copy)) == []


def test_any_flipped_byte_is_found(evidence_copy: EvidenceFolder) -> None:
    files = [path for path in evidence_copy.path.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 60
    for path in files:
        whole = path.read_bytes()
        for position in {0, len(whole) // 2, len(whole) - 1}:
            flipped = bytearray(whole)
            flipped[position] ^= 1
            path.write_bytes(flipped)
            assert _told(evidence_copy), f"byte {position} of {path} flipped unnoticed"
        path.write_bytes(whole)
    assert list(damages(evidence_copy)) == []


def _told(evidence: EvidenceFolder) -> list[str]:
    try:
        return list(damages(evidence))
    except UsageError as error:  # the manifest itself can no longer be read
        return [str(error)]


def test_missing_and_added_files_are_found(evidence_copy: EvidenceFolder) -> None:
    (evidence_copy.path / "run.json").rename(evidence_copy.path / "other.json")
    assert sorted(damages(evidence_copy)) == [
        "other.json: added since the folder was sealed",
        "run.json: missing",
    ]


def test_changed_sums_do_not_hide_a_changed_file(evidence_copy: EvidenceFolder) -> None:
    victim = next(evidence_copy.path.glob("*/judgements.json"))
    victim.write_text(victim.read_text().replace("9000", "4200"))
    sums = (evidence_copy.path / MANIFEST).read_bytes()
    seal(evidence_copy)
    (evidence_copy.path / MANIFEST).write_bytes(sums)
    assert list(damages(evidence_copy)) == [f"{SUMS}: missing or changed since it was sealed"]


def test_everybody_can_check_the_sums_without_this_program(evidence_copy: EvidenceFolder) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    assert subprocess.run(command, cwd=evidence_copy.path, check=False).returncode == 0
    (evidence_copy.path / "run.json").write_text("{}")
    assert subprocess.run(command, cwd=evidence_copy.path, check=False, capture_output=True).returncode == 1


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", path], check=True)
    return path


def _allowed(key: Path, principal: str) -> Path:
    file = key.with_name(f"signers-{principal}")
    file.write_text(f"{principal} {key.with_suffix('.pub').read_text()}")
    return file


def test_a_signature_names_its_signer_and_breaks_with_the_manifest(evidence_copy: EvidenceFolder, key: Path) -> None:
    signers = _allowed(key, "director@lab.example")
    with pytest.raises(UsageError, match="not signed"):
        signer_of(evidence_copy, signers)
    assert sign(evidence_copy, key).name == SIGNATURE
    assert signer_of(evidence_copy, signers) == "director@lab.example"
    assert list(damages(evidence_copy)) == []
    seal(evidence_copy)
    with pytest.raises(UsageError, match="no valid signature"):
        signer_of(evidence_copy, signers)


def test_a_stranger_s_signature_does_not_count(evidence_copy: EvidenceFolder, key: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger], check=True)
    sign(evidence_copy, stranger)
    with pytest.raises(UsageError, match="no valid signature"):
        signer_of(evidence_copy, _allowed(key, "director@lab.example"))
