"""``thinned.json``: what retention has taken out of sealed evidence, and why the seal still holds for the rest.

Only captures, attachments and transcripts of harmless results may go.  A note that claims more proves nothing: what it
has no right to is missing, whatever it says.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field

from plugfest.evidence.bundle_writer import TRANSCRIPT, TRANSCRIPT_TEXT
from plugfest.evidence.folder import EvidenceFolder, StoredBundle, read_document
from plugfest.evidence.records import Digest
from plugfest.evidence.shared_files import SHARED
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome

THINNED = "thinned.json"
HEAVY = ("captures/", "attachments/")
HARMLESS = (TestOutcome.PASSED, TestOutcome.SKIPPED)
"""Only results like these ever lose anything."""


class Removed(Record):
    """One file that is gone."""

    path: str
    """Relative to the evidence folder."""
    sha256: Digest
    """As it was sealed."""
    size: int = Field(ge=0)


class Thinned(Record):
    """What is gone; verdicts, documents and digests of all of it are still there."""

    format: Literal[1] = 1
    thinned: AwareDatetime
    why: str
    removed: tuple[Removed, ...]


def thinned(folder: Path) -> Thinned | None:
    """The note in an evidence folder; None if nothing was taken out."""
    file = folder / THINNED
    return read_document(file, Thinned) if file.is_file() else None


def rightly_gone(evidence: EvidenceFolder) -> dict[str, Digest]:
    """Files that retention says it removed and had a right to, with their digests."""
    note = thinned(evidence.path)
    if note is None:
        return {}
    may_go = set(removable(evidence.bundles()))
    return {each.path: each.sha256 for each in note.removed if each.path in may_go}


def removable(bundles: Iterable[StoredBundle]) -> Iterator[str]:
    """Files that retention may remove, relative to the evidence folder, whether they are still there or not.

    A file that several tests share may go only if all of them are harmless.
    """
    shared: dict[str, bool] = {}
    for bundle in bundles:
        harmless = bundle.record.outcome in HARMLESS
        for file in bundle.record.files:
            if file.path.startswith(f"../{SHARED}/"):
                path = file.path.removeprefix("../")
                shared[path] = shared.get(path, True) and harmless
            elif harmless and (file.path in (TRANSCRIPT, TRANSCRIPT_TEXT) or file.path.startswith(HEAVY)):
                yield f"{bundle.folder.name}/{file.path}"
    yield from (path for path, harmless in shared.items() if harmless)
