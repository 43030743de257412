"""The documents of an evidence folder, in a versioned format that `plugfest.evidence.schema` describes."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from plugfest.evidence.cell import DevicesUnderTest, NicKind, SwitchKind
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome
from plugfest.verdicts.judgement import Judgement

Format = Literal[1]
"""Version of all documents; a reader refuses others."""
FORMAT: Format = 1
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal."""


class EvidenceFile(Record):
    """One file of a bundle."""

    path: str
    """Relative to the bundle's folder, with ``/``; files that several tests share lie in ``../shared``."""
    name: str
    """What people call it."""
    media_type: str
    size: int
    """Bytes."""
    sha256: Digest


class Harness(Record):
    """Which harness judged."""

    version: str
    git_revision: str
    """``-dirty`` behind it if the checkout was changed since."""

    def __str__(self) -> str:
        return f"{self.version} ({self.git_revision})"


class Bundle(Record):
    """``bundle.json``: one test, how it ended, and the digests of everything that belongs to it."""

    format: Format = FORMAT
    run: str
    lab: str
    test: str
    """pytest's id of the test, relative to the project's folder."""
    attempt: int = 1
    """Counts the repetitions of a test within one run."""
    title: str
    """What the test claims, in words."""
    suite: str
    """Layer, such as ``l2``."""
    case: str
    """Case of the test catalogue; may be empty."""
    references: tuple[str, ...] = ()
    """Standard clauses the criterion comes from."""
    parameters: dict[str, str] = {}
    cell: DevicesUnderTest
    outcome: TestOutcome
    reason: str = ""
    """Why it did not pass."""
    known_issue: str | None = None
    """Id of the known issue that the outcome was attributed to, or that it contradicts by passing."""
    started: AwareDatetime
    ended: AwareDatetime
    harness: Harness
    allure: str | None = None
    """UUID of the Allure result."""
    files: tuple[EvidenceFile, ...] = ()


class Judgements(Record):
    """``judgements.json``: every verdict of a test with the check and the observations it rests on."""

    format: Format = FORMAT
    judgements: tuple[Judgement, ...]


class LabDevice(Record):
    """A device of the lab as the lab file describes it."""

    name: str
    role: str
    nics: tuple[NicKind, ...] = ()
    switch: SwitchKind | None = None


class RunRecord(Record):
    """``run.json``: what was tested, with which harness; written before the first test."""

    format: Format = FORMAT
    run: str
    started: AwareDatetime
    lab: str
    kind: str
    """``embedded`` or ``hardware``."""
    devices: tuple[LabDevice, ...]
    harness: Harness
    tools: dict[str, str]
    """Versions of Python and of the libraries that measure and judge."""
    facts: dict[str, Digest] = {}
    """Device facts of the repository, by file."""


class Manifest(Record):
    """``manifest.json``: seals an evidence folder when its run has ended."""

    format: Format = FORMAT
    run: str
    sealed: AwareDatetime
    bundles: int
    outcomes: dict[TestOutcome, int]
    files: int
    sums: Digest
    """Digest of ``SHA256SUMS``, which lists every other file; `sha256sum -c` reads it."""
    seal: Digest
    """Digest of this document without this field."""


class Withheld(Record):
    """A file that an export leaves out."""

    bundle: str
    """Folder name of the bundle in the export."""
    name: str
    sha256: Digest
    why: str


class Export(Record):
    """``export.json``: says that an evidence folder is the part of another one that concerns one vendor."""

    format: Format = FORMAT
    vendor: str
    run: str
    exported: AwareDatetime
    seal: Digest
    """Seal of the folder it was taken from."""
    withheld: tuple[Withheld, ...]
