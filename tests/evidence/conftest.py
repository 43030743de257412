"""One recorded run for all tests that only read it."""

import shutil
from pathlib import Path

import pytest

from plugfest.evidence.folder import EvidenceFolder
from tests.evidence.lab_project import recorded_run


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> EvidenceFolder:
    """Evidence of sixteen tests, four of them failed; do not write to it."""
    return recorded_run(tmp_path_factory.mktemp("recorded"))[1]


@pytest.fixture
def evidence_copy(recorded: EvidenceFolder, tmp_path: Path) -> EvidenceFolder:
    """A copy to tamper with."""
    return EvidenceFolder(shutil.copytree(recorded.path, tmp_path / "run" / "evidence"))
