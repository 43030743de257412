"""Folders of runs that look as if a lab had run for weeks: copies of real runs with other names and dates."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugfest.evidence.folder import EVIDENCE, EvidenceFolder
from plugfest.evidence.manifest import MANIFEST, SUMS, seal
from tests.evidence.lab_project import SUITE
from tests.reporting.lab_project import LabProject

GREEN_SUITE = SUITE.replace('"leaf2": 9000', '"leaf2": 4200')
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def add_run(base: Path, name: str, days_ago: float, source: LabProject, sealed: bool = True) -> EvidenceFolder:
    """A run that began so many days before `NOW`."""
    folder = shutil.copytree(source.latest.path, base / name)
    evidence = EvidenceFolder(folder / EVIDENCE)
    record = json.loads((evidence.path / "run.json").read_text())
    record |= {"run": name, "started": (NOW - timedelta(days=days_ago)).isoformat()}
    (evidence.path / "run.json").write_text(json.dumps(record))
    for file in (MANIFEST, SUMS):
        (evidence.path / file).unlink()
    if sealed:
        seal(evidence)
    return evidence


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
