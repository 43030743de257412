"""Runs on disk, and which of them may lose something."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from plugfest.errors import UsageError
from plugfest.evidence.folder import EVIDENCE, RUN, EvidenceFolder, read_document
from plugfest.evidence.manifest import MANIFEST
from plugfest.nightly.night import NIGHT, NightRecord
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome
from plugfest.reporting.run_folder import RunFolder

GREEN = (TestOutcome.PASSED, TestOutcome.SKIPPED, TestOutcome.KNOWN_ISSUE, TestOutcome.FLAKY)


class StoredRun(Record):
    """One run with evidence."""

    folder: Path
    started: datetime
    size: int
    """Bytes of all its files."""
    kept_because: str | None
    """Why nothing of it may go; None if it is green and over."""

    @property
    def evidence(self) -> EvidenceFolder:
        """Its evidence."""
        return EvidenceFolder(self.folder / EVIDENCE)


def stored_runs(base: Path) -> list[StoredRun]:
    """All runs below `base`, oldest first; UsageError if there is no such folder."""
    if not base.is_dir():
        raise UsageError(f"{base}: no such folder – name the folder of all runs, such as reports/out")
    return sorted(_runs(base), key=lambda run: (run.started, run.folder.name))


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _runs(base: Path) -> Iterator[StoredRun]:
    for folder in base.iterdir():
        evidence = EvidenceFolder(folder / EVIDENCE)
        if folder.is_symlink() or not (evidence.path / RUN).is_file():
            continue
        why = _kept_because(folder, evidence)
        yield StoredRun(folder=folder, started=evidence.run.started, size=size_of(folder), kept_because=why)


def _kept_because(folder: Path, evidence: EvidenceFolder) -> str | None:
    if not (evidence.path / MANIFEST).is_file():
        return "it runs, or was cut off"
    night = RunFolder(folder).path / NIGHT
    if night.is_file() and read_document(night, NightRecord).ended is None:
        return "its night can go on"
    outcomes = [bundle.record.outcome for bundle in evidence.last_attempts()]
    wrong = [outcome for outcome in outcomes if outcome not in GREEN]
    if wrong:
        worst = max(wrong, key=lambda outcome: outcome.rank)
        return f"{len(wrong)} results not green, the worst {worst}"
    return None if any(outcome.judged for outcome in outcomes) else "nothing was judged"
