"""Keeps a mapped file flowing from disk: the next window is asked for early, the last one is let go.

Without it a cold file is read by page faults at a fraction of the disk's speed, and a large one fills the process's
resident memory with pages it will not need again.
"""

import mmap

WINDOW = 64 << 20
"""Bytes asked for at a time."""
_POPULATE_READ = 22
"""MADV_POPULATE_READ of Linux 5.14, not named by this Python."""


class ReadAhead:
    """Follows a reader through a mapping."""

    def __init__(self, mapping: mmap.mmap) -> None:
        self._mapping = mapping
        self._window = -1

    def reach(self, position: int) -> None:
        """Tell that reading has come to `position`."""
        window = position // WINDOW
        if window == self._window:
            return
        self._advise(mmap.MADV_WILLNEED, window + 1)
        self._advise(_POPULATE_READ, window)
        if self._window >= 0:
            self._advise(mmap.MADV_DONTNEED, self._window)
        self._window = window

    def _advise(self, advice: int, window: int) -> None:
        start = window * WINDOW
        length = min(WINDOW, len(self._mapping) - start)
        if length <= 0:
            return
        try:
            self._mapping.madvise(advice, start, length)
        except OSError:
            return  # advice is all it is: an older kernel reads the file a little slower
