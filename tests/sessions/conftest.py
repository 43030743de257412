from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.session import Session


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackSshd]:
    """One server for all tests that do not break it."""
    with LoopbackSshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def start_sshd(tmp_path: Path) -> Iterator[Callable[..., LoopbackSshd]]:
    """Starts servers that only this test uses: start_sshd("name", "extra configuration")."""
    with ExitStack() as stack:
        yield lambda name="own", extra="": stack.enter_context(LoopbackSshd(tmp_path / name, extra))


@pytest.fixture(scope="session")
def shared_pool(sshd: LoopbackSshd) -> Iterator[SessionPool]:
    with SessionPool({"h1": sshd.endpoint("h1")}) as pool:
        yield pool


@pytest.fixture
def session(shared_pool: SessionPool) -> Session:
    """A connected session with h1; the connection is shared by the tests, as in a real run."""
    return shared_pool.session("h1")
