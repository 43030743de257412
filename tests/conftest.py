"""Tests never write into the lab database of whoever runs them."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def lab_database_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database that ends with the tests, unless the environment names one."""
    if "PLUGFEST_DB" in os.environ:
        yield
        return
    os.environ["PLUGFEST_DB"] = f"sqlite:///{tmp_path_factory.mktemp('database') / 'lab.db'}"
    yield
    del os.environ["PLUGFEST_DB"]
