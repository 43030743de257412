"""Lab databases that hold an imaginary lab."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from plugfest.history.database import open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Session]:
    """An empty lab database."""
    with open_database(f"sqlite:///{tmp_path / 'lab.db'}") as session:
        yield session
