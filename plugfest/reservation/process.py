"""Which process of which machine: enough to know for certain that it has ended, never to believe so by mistake."""

import os
from functools import cache
from pathlib import Path
from typing import Self

from plugfest.records import Record

PROC = Path("/proc")
ENDED = ("Z", "X", "x")
"""States of processes that only wait for their parent to notice their end (proc(5))."""


class Process(Record):
    """One process, told from all others before and after it."""

    machine: str
    """Which start of which kernel, and which process namespace: numbers of processes mean nothing elsewhere."""
    pid: int
    started: int
    """Start in clock ticks since the kernel's; setting the clock does not move it."""

    @classmethod
    def this(cls) -> Self:
        """The calling process."""
        pid = os.getpid()
        _, started = _state_and_start(pid)
        return cls(machine=_this_machine(), pid=pid, started=started)

    @property
    def ended(self) -> bool:
        """True if it has certainly ended; of processes on other machines nothing is known."""
        if self.machine != _this_machine():
            return False
        try:
            state, started = _state_and_start(self.pid)
        except (FileNotFoundError, ProcessLookupError):
            return True
        return started != self.started or state in ENDED


def _state_and_start(pid: int) -> tuple[str, int]:
    """State and start time of a process (fields 3 and 22 of proc(5); the name before them may hold anything)."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return fields[0], int(fields[19])


@cache
def _this_machine() -> str:
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{(PROC / 'self/ns/pid').readlink()}"
