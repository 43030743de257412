"""What all tests share: a lab database of their own, and the running embedded lab for tests marked `lab`."""

import os
import signal
from collections.abc import Iterator

import pytest

from plugfest.embedded.state import RunningLab


@pytest.fixture(scope="session", autouse=True)
def lab_database_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database that ends with the tests, unless the environment names one."""
    if "PLUGFEST_DB" in os.environ:
        yield
        return
    os.environ["PLUGFEST_DB"] = f"sqlite:///{tmp_path_factory.mktemp('database') / 'lab.db'}"
    yield
    del os.environ["PLUGFEST_DB"]


@pytest.fixture(scope="session", autouse=True)
def programs_that_hear_interrupts() -> None:
    """Shells start what runs in the background deaf to SIGINT, and whatever our tests start would be deaf, too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def embedded_lab() -> Iterator[RunningLab]:
    """The running embedded lab; started if none runs, and then stopped after the last test."""
    from plugfest.embedded.lifecycle import down, running, up
    from plugfest.inventory.loader import load

    loaded = load("embedded")
    mine = running() is None
    yield up(loaded.lab, loaded.file)
    if mine:
        down()
