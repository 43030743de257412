"""The most anonymous memory this process has while something runs: what it really takes, mapped files left out."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_INTERVAL_S = 0.02


class AnonymousMemory:
    """Samples RssAnon in a thread of its own; use as a context manager and read `most` afterwards."""

    def __init__(self) -> None:
        self.most = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def _sample(self) -> None:
        while not self._end.wait(_INTERVAL_S):
            self.most = max(self.most, anonymous_bytes())

    def __enter__(self) -> Self:
        self.most = anonymous_bytes()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()
        self.most = max(self.most, anonymous_bytes())


def anonymous_bytes() -> int:
    """RssAnon of this process now (proc(5)), in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0
