"""The embedded lab from outside: start it, find it, put it back to pristine, end it."""

from contextlib import AbstractContextManager
from pathlib import Path

from plugfest.embedded import machine, snapshots, state
from plugfest.embedded.acceleration import acceleration
from plugfest.embedded.control import GuestControl
from plugfest.embedded.exclusive import exclusive
from plugfest.embedded.folders import state_folder
from plugfest.embedded.image import image
from plugfest.embedded.plan import plan_of
from plugfest.embedded.programs import require
from plugfest.embedded.progress import Report, say_nothing
from plugfest.embedded.qmp import Qmp
from plugfest.embedded.readiness import wait_until_greeting, wait_until_ready
from plugfest.embedded.start import Start
from plugfest.embedded.state import RunningLab
from plugfest.errors import EmbeddedLabError
from plugfest.inventory.models import Lab
from plugfest.sessions.deadline import Deadline

_RESET_SECONDS = 60.0
_RESTART_SECONDS = 60.0


def up(lab: Lab, lab_file: Path, report: Report = say_nothing, fresh: bool = False) -> RunningLab:
    """Start the embedded `lab`, or return it if it runs already; `report` hears every step in words.

    `fresh`: boot it even if there is a pristine snapshot, and replace that.
    After MissingToolError, EmbeddedLabError or DeadlineExceededError, which tell the reason, nothing is left running.
    """
    require("qemu-system-x86_64", "qemu-img")
    plan = plan_of(lab)
    with _exclusive(report):
        present = running()
        if present is not None:
            return _same(present, snapshots.key_of(plan, present.acceleration), lab_file, report)
        built = image(report)
        start = Start(plan, built, acceleration(built, report), state_folder(), report)
        if _end_everything():
            report("ended what an interrupted start had left running")
        elif state.recorded() is not None:
            report("the virtual machine of the lab had died; starting it again")
        state.forget()
        started = start.run(fresh)
        state.save(started)
        return started


def down(report: Report = say_nothing) -> bool:
    """End the lab and whatever a killed command left behind; True if something was running."""
    with _exclusive(report):
        ended = _end_everything()
        state.forget()
        return ended


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


def reset(lab: RunningLab, report: Report = say_nothing) -> None:
    """Put `lab` back to its pristine snapshot; every open session to it ends."""
    with _exclusive(report), Qmp(lab.qmp_socket) as qmp:
        machine.rewind(qmp)
        wait_until_ready(lab, _RESET_SECONDS, report)


def restart_device(lab: RunningLab, name: str) -> None:
    """Power-cycle the device called `name`: its processes end at once and it starts as new; others run on."""
    with GuestControl(lab.control_socket) as control:
        control.restart_device(name, Deadline(f"{name} goes down", 30))
    wait_until_greeting(lab, [name], Deadline(f"{name} answers over SSH again", _RESTART_SECONDS))


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
    return bool(processes)


def _exclusive(report: Report) -> AbstractContextManager[None]:
    return exclusive(state_folder() / "lifecycle.lock", "starts or stops the lab", report)
