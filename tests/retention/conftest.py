"""Two small projects that have run once, for tests that copy their runs."""

import pytest

from tests.evidence.lab_project import recorded_run
from tests.reporting.lab_project import LabProject
from tests.retention.old_runs import GREEN_SUITE


@pytest.fixture(scope="session")
def red(tmp_path_factory: pytest.TempPathFactory) -> LabProject:
    """Sixteen tests, four failed; do not write to it."""
    return recorded_run(tmp_path_factory.mktemp("red") / "project")[0]


@pytest.fixture(scope="session")
def green(tmp_path_factory: pytest.TempPathFactory) -> LabProject:
    """The same without the failures; do not write to it."""
    return recorded_run(tmp_path_factory.mktemp("green") / "project", GREEN_SUITE)[0]
