"""Lab databases of both kinds, each empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.history.database import LabDatabase
from plugfest.reservation.leases import Leases
from tests.reservation.postgresql import PostgresqlServer


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """One server for all tests."""
    server = PostgresqlServer()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty lab database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lab.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[LabDatabase]:
    database = LabDatabase(database_url)
    yield database
    database.close()


@pytest.fixture
def leases(database: LabDatabase) -> Leases:
    return Leases(database)
