"""The mark on everything that a run starts or puts on a device, so that a later run knows what a killed one left.

Programs carry it in their environment, temporary files in their name.  It names the controller and the process of the
harness there: only that controller can tell whether the process still lives.
"""

import hashlib
import os
import re
import socket
from functools import cache
from typing import Self

import psutil

from plugfest.records import Record

VARIABLE = "PLUGFEST_TAG"
"""Environment variable of every program that we start on a device."""
FILES = "plugfest"
"""First part of the name of every temporary file that we make on a device."""
CLOCK_STEP = 2.0
"""Seconds by which the start of a process may seem to move when this machine's clock is set."""

_FORM = re.compile(r"(?P<controller>[0-9a-f]{8})-(?P<pid>\d+)-(?P<started>\d+)")


class RunTag(Record):
    """Which process of which controller made something."""

    controller: str
    """Eight hexadecimal digits that stand for one user on one machine."""
    pid: int
    started: int
    """Start of the process in whole seconds since the epoch."""

    def __str__(self) -> str:
        return f"{self.controller}-{self.pid}-{self.started}"

    @classmethod
    def of(cls, pid: int, started: float) -> Self:
        """The tag of a process of this controller."""
        return cls(controller=controller(), pid=pid, started=int(started))

    @classmethod
    def found_in(cls, text: str) -> Self | None:
        """The first tag in `text`; None if there is none."""
        match = _FORM.search(text)
        if match is None:
            return None
        return cls(controller=match["controller"], pid=int(match["pid"]), started=int(match["started"]))

    @property
    def ours_to_end(self) -> bool:
        """True if the process was one of this controller and has ended: nobody else will clean up after it."""
        return self.controller == controller() and not alive(self.pid, self.started)


@cache
def controller() -> str:
    """Eight hexadecimal digits for this user on this machine."""
    return hashlib.sha256(f"{socket.gethostname()}/{os.getuid()}".encode()).hexdigest()[:8]


@cache
def _tag_of(pid: int) -> RunTag:
    return RunTag.of(pid, psutil.Process(pid).create_time())


def own_tag() -> RunTag:
    """The tag of this process, also after a fork."""
    return _tag_of(os.getpid())


def temporary(suffix: str = "") -> str:
    """Template for ``mktemp -t``: its files can be told from those of other runs."""
    return f"{FILES}.{own_tag()}.XXXXXXXXXX{suffix}"


def alive(pid: int, started: float) -> bool:
    """True while the process runs that has had this id since `started`, in seconds since the epoch."""
    try:
        return abs(psutil.Process(pid).create_time() - started) < CLOCK_STEP
    except psutil.NoSuchProcess:
        return False
