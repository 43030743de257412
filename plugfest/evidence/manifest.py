"""Seals an evidence folder with digests of everything in it, and finds what was changed since."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from plugfest.errors import UsageError
from plugfest.evidence.bundle_writer import UNFINISHED
from plugfest.evidence.files import document, sha256_of, sha256_of_bytes, write_whole
from plugfest.evidence.folder import EvidenceFolder, read_document
from plugfest.evidence.records import Manifest
from plugfest.evidence.thinned import THINNED, rightly_gone

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
SIGNATURE = f"{MANIFEST}.sig"
_OUTSIDE = (MANIFEST, SUMS, SIGNATURE, THINNED)
_UNSEALED = "0" * 64


def seal(evidence: EvidenceFolder) -> Manifest:
    """Write ``SHA256SUMS`` and ``manifest.json``; what killed tests left unfinished stays out."""
    sums = _sums(evidence.path)
    write_whole(evidence.path / SUMS, sums)
    outcomes = Counter(bundle.record.outcome for bundle in evidence.bundles())
    manifest = Manifest(
        run=evidence.run.run,
        sealed=datetime.now(UTC),
        bundles=outcomes.total(),
        outcomes=dict(sorted(outcomes.items())),
        files=sums.count(b"\n"),
        sums=sha256_of_bytes(sums),
        seal=_UNSEALED,
    )
    manifest = manifest.model_copy(update={"seal": _seal_of(manifest)})
    write_whole(evidence.path / MANIFEST, document(manifest))
    return manifest


def unseal(evidence: EvidenceFolder) -> None:
    """Take the seal off evidence whose run goes on; UsageError if it was changed since it was sealed."""
    if not (evidence.path / MANIFEST).is_file():
        return
    wrong = next(damages(evidence), None)
    if wrong:
        raise UsageError(f"{evidence.path}: {wrong} – a run goes on only from untouched evidence")
    for name in (SIGNATURE, MANIFEST, SUMS):
        (evidence.path / name).unlink(missing_ok=True)


def damages(evidence: EvidenceFolder) -> Iterator[str]:
    """Everything that is not as it was sealed, one line each; nothing if the evidence is untouched.

    What retention removed, and had a right to remove, is no damage.
    """
    file = evidence.path / MANIFEST
    if not file.is_file():
        yield f"{MANIFEST}: missing – the run was killed or never sealed (`plugfest evidence seal`)"
        return
    manifest = read_document(file, Manifest)
    if document(manifest) != file.read_bytes() or manifest.seal != _seal_of(manifest):
        yield f"{MANIFEST}: changed since it was sealed"
    sums = evidence.path / SUMS
    if not sums.is_file() or sha256_of(sums) != manifest.sums:
        yield f"{SUMS}: missing or changed since it was sealed"
        return
    yield from _differences(evidence, _parse(sums.read_text()))


def _differences(evidence: EvidenceFolder, sealed: dict[str, str]) -> Iterator[str]:
    present = {name: evidence.path / name for name in _names(evidence.path)}
    gone = rightly_gone(evidence)
    for name, digest in sealed.items():
        if name not in present:
            if gone.get(name) != digest:
                yield f"{name}: missing"
        elif sha256_of(present[name]) != digest:
            yield f"{name}: changed since it was sealed"
    yield from (f"{name}: added since the folder was sealed" for name in present if name not in sealed)


def _sums(root: Path) -> bytes:
    return "".join(f"{sha256_of(root / name)}  {name}\n" for name in _names(root)).encode()


def _parse(sums: str) -> dict[str, str]:
    return {name: digest for digest, _, name in (line.partition("  ") for line in sums.splitlines())}


def _names(root: Path) -> list[str]:
    """Every file but the manifest's own and those of unfinished bundles, sorted."""
    names = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(name for name in names if name not in _OUTSIDE and not name.startswith(UNFINISHED))


def _seal_of(manifest: Manifest) -> str:
    return sha256_of_bytes(document(manifest.model_copy(update={"seal": _UNSEALED})))
