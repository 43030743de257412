"""Only one night at a time writes into a folder, also when its first process was killed and its tests still run."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugfest.errors import UsageError
from plugfest.reporting.run_folder import PRIVATE

LOCK = ".nightly.lock"


@contextmanager
def only_one(results: Path) -> Iterator[int]:
    """Lock the folder of all nights; UsageError if another night writes there.

    Yields the file descriptor that holds the lock (flock(2)): a process that inherits it keeps the lock when we die.
    """
    results.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    with (results / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{results}: another night writes there – wait for its end") from None
        yield file.fileno()
