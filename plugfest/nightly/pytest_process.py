"""pytest as a process of its own: it may crash or hang, the night still ends with a summary."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import IO

from plugfest.nightly.night import Night

CLEAN_UP_SECONDS = 120.0
"""Time for tear-downs after each of our requests to stop."""
PUMP_SECONDS = 10.0
ORDERLY = (0, 1, 5)
"""Exit statuses of a pytest that ran to its end: good, something wrong, nothing judged."""
LOG = "night.log"
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM)


def command_of(night: Night, plan_file: Path) -> list[str]:
    """The command line; no shell ever sees it."""
    plan = night.plan
    options = [f"--lab={plan.lab}", f"--nightly={plan_file}", f"--report-dir={night.folder.path}", "-pno:cacheprovider"]
    options += ["--continue-run"] if night.has_evidence else []
    options += [] if plan.finish.html else ["--no-html"]
    options += [f"--known-issues={plan.known_issues}"] if plan.known_issues else []
    options += [f"--report-url={plan.url}"] if plan.url else []
    return [sys.executable, "-m", "pytest", *options, *plan.arguments]


def run_tests(command: Sequence[str], log: Path, seconds: float) -> int:
    """Run `command`, its output on the terminal and in `log`; its exit status, negative if a signal ended it.

    After `seconds` it is asked to stop, then told, then killed.  A request to stop us is passed on.
    """
    with (
        log.open("a", encoding="utf-8") as kept,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        pump = Thread(target=_pump, args=(process.stdout, kept), daemon=True)
        pump.start()
        with _passing_on(process):
            status = _ended(process, seconds)
        pump.join(PUMP_SECONDS)
        return status


def _ended(process: subprocess.Popen[str], seconds: float) -> int:
    steps = ((seconds, signal.SIGINT), (CLEAN_UP_SECONDS, signal.SIGTERM), (CLEAN_UP_SECONDS, signal.SIGKILL))
    for wait, number in steps:
        try:
            return process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
    return process.wait()


def _pump(source: IO[str], kept: IO[str]) -> None:
    for line in source:
        kept.write(line)
        kept.flush()
        sys.stdout.write(line)
        sys.stdout.flush()


@contextmanager
def _passing_on(process: subprocess.Popen[str]) -> Iterator[None]:
    """Ctrl-C and SIGTERM (systemd) let the running test clean up behind itself."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, pass_on) for number in TOLD_TO_STOP}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
