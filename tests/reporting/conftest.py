"""Projects to run and reports to read."""

from pathlib import Path

import pytest

from tests.reporting.lab_project import LabProject


@pytest.fixture
def project(tmp_path: Path) -> LabProject:
    """An empty project with one suite folder."""
    return LabProject(tmp_path / "project")
