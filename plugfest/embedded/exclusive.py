"""One process at a time; the system frees the lock of a killed one, so that no lock is ever stale."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from plugfest.embedded.progress import Report
from plugfest.errors import EmbeddedLabError


@contextmanager
def exclusive(path: Path, what: str, report: Report, patience: float = 600) -> Iterator[None]:
    """Hold the lock file `path`; tell that another process does `what` while waiting for it.

    Raises EmbeddedLabError after `patience` seconds.
    """
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(f"another process {what}; waiting for it")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise EmbeddedLabError(f"another process {what} since more than {patience:g} s; it holds {path}") from None
    try:
        yield
    finally:
        lock.release()
