"""The embedded lab from outside: start it, find it, put it back to pristine, end it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from plugfest.embedded import machine, state
from plugfest.embedded.acceleration import acceleration
from plugfest.embedded.folders import state_folder
from plugfest.embedded.image import image
from plugfest.embedded.plan import plan_of
from plugfest.embedded.programs import require
from plugfest.embedded.qmp import Qmp
from plugfest.embedded.readiness import wait_until_ready
from plugfest.embedded.start import Start
from plugfest.embedded.state import RunningLab
from plugfest.errors import EmbeddedLabError
from plugfest.inventory.models import Lab

Report = Callable[[str], None]
_LOCK_SECONDS = 600.0
"""Patience with another command that starts or stops the lab; a first start builds the image."""
_RESET_SECONDS = 60.0


def _say_nothing(message: str) -> None:
    """The report of callers that have nobody to tell."""


def up(lab: Lab, lab_file: Path, report: Report = _say_nothing, fresh: bool = False) -> RunningLab:
    """Start the embedded `lab`, or return it if it runs already; `report` hears every step in words.

    `fresh`: boot it even if there is a pristine snapshot, and replace that.
    Raises MissingToolError, or EmbeddedLabError and DeadlineExceededError with the reason; then nothing is left running.
    """
    require("qemu-system-x86_64", "qemu-img")
    plan = plan_of(lab)
    with _exclusive(report):
        built = image(report)
        start = Start(plan, built, acceleration(built, report), state_folder(), report)
        present = running()
        if present is not None:
            return _same(present, start.key, lab_file, report)
        _end_everything()
        started = start.run(fresh)
        state.save(started)
        return started


def down(report: Report = _say_nothing) -> bool:
    """End the lab and whatever a killed command left behind; True if something was running."""
    with _exclusive(report):
        return _end_everything()


def running() -> RunningLab | None:
    """The running lab; None if there is none or its virtual machine died."""
    lab = state.recorded()
    return lab if lab is not None and lab.alive else None


def require_running() -> RunningLab:
    """The running lab; raises EmbeddedLabError with what to do if there is none."""
    lab = state.recorded()
    if lab is None:
        raise EmbeddedLabError("the embedded lab is not running; start it with: plugfest lab up")
    if not lab.alive:
        raise EmbeddedLabError(
            f"the virtual machine of the lab died; last lines of {lab.console_log}:\n  {machine.tail(lab.console_log)}"
            "\nstart it again with: plugfest lab up"
        )
    return lab


def reset(lab: RunningLab, report: Report = _say_nothing) -> None:
    """Put `lab` back to its pristine snapshot; every open session to it ends."""
    with _exclusive(report), Qmp(lab.qmp_socket) as qmp:
        machine.rewind(qmp)
        wait_until_ready(lab, _RESET_SECONDS, report)


def _same(present: RunningLab, key: str, lab_file: Path, report: Report) -> RunningLab:
    if present.snapshot_key != key:
        raise EmbeddedLabError(
            f"a lab called {present.name} runs already, but not as {lab_file} and this program describe it now;"
            " end it with: plugfest lab down"
        )
    report(f"the lab {present.name} runs already")
    return present


def _end_everything() -> bool:
    lab = state.recorded()
    recorded = state.process_of(lab) if lab is not None else None
    processes = {process.pid: process for process in [*([recorded] if recorded else []), *state.orphans()]}
    for process in processes.values():
        machine.end(process)
    state.forget()
    return bool(processes)


@contextmanager
def _exclusive(report: Report) -> Iterator[None]:
    """One command at a time changes the lab; the system frees the lock of a killed one."""
    path = state_folder() / "lifecycle.lock"
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report("another plugfest command starts or stops the lab; waiting for it")
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout:
            raise EmbeddedLabError(f"another plugfest command has held {path} for {_LOCK_SECONDS:g} s") from None
    try:
        yield
    finally:
        lock.release()
