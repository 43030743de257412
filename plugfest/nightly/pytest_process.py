"""pytest as a process of its own: it may crash or hang, the night still ends with a summary."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from types import FrameType

from plugfest.nightly.night import Night

CLEAN_UP_SECONDS = 120.0
"""Time for tear-downs after each of our requests to stop."""
FOLLOW_SECONDS = 0.2
ORDERLY = (0, 1, 5)
"""Exit statuses of a pytest that ran to its end: good, something wrong, nothing judged."""
LOG = "night.log"
AT_ONCE = {"PYTHONUNBUFFERED": "1"}
"""A killed run must not take its last lines with it."""
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def command_of(night: Night, plan_file: Path) -> list[str]:
    """The command line; no shell ever sees it."""
    plan = night.plan
    options = [f"--lab={plan.lab}", f"--nightly={plan_file}", f"--report-dir={night.folder.path}", "-pno:cacheprovider"]
    options += ["--continue-run"] if night.has_evidence else []
    options += [] if plan.finish.html else ["--no-html"]
    options += [f"--known-issues={plan.known_issues}"] if plan.known_issues else []
    options += [f"--report-url={plan.url}"] if plan.url else []
    return [sys.executable, "-m", "pytest", *options, *plan.arguments]


def run_tests(command: Sequence[str], log: Path, seconds: float, lock: int) -> int:
    """Run `command`, its output in `log` and on the terminal; its exit status, negative if a signal ended it.

    After `seconds` it is asked to stop, then told, then killed.  A request to stop us is passed on.  It writes its log
    and holds `lock` by itself: if we are killed it goes on undisturbed, and nobody else begins meanwhile.
    """
    ended = Event()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start what runs in the background deaf to it
    with log.open("ab") as output:
        follower = Thread(target=_follow, args=(log, output.tell(), ended), daemon=True)
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, pass_fds=(lock,), env=os.environ | AT_ONCE,
        ) as process:  # fmt: skip
            follower.start()
            with _passing_on(process):
                status = _ended(process, seconds)
    ended.set()
    follower.join()
    return status


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int:
    steps = ((seconds, signal.SIGINT), (CLEAN_UP_SECONDS, signal.SIGTERM), (CLEAN_UP_SECONDS, signal.SIGKILL))
    for wait, number in steps:
        try:
            return process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
    return process.wait()


def _follow(log: Path, start: int, ended: Event) -> None:
    """Show what is added to `log` until the end."""
    with log.open(encoding="utf-8", errors="replace") as file:
        file.seek(start)
        last = False
        while not last:
            last = ended.wait(FOLLOW_SECONDS)
            sys.stdout.write(file.read())
            sys.stdout.flush()


@contextmanager
def _passing_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ctrl-C, SIGTERM (systemd) and a closed terminal let the running test clean up; what is ignored stays ignored."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(signal.SIGINT)

    heard = [number for number in TOLD_TO_STOP if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, pass_on) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
