"""Runs a long program with its output in a log file, and tells now and then what it is doing."""

import subprocess
import time
from pathlib import Path

from plugfest.embedded.progress import Report

_EVERY = 10.0
"""Seconds between two reports while the program says nothing new."""


def follow(command: list[str], log: Path, report: Report) -> int:
    """Run `command`, its output in `log`, reporting each new last line; returns the exit status.

    When we are interrupted, so is the program, and it gets time to clean up.
    """
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            return _watch(process, log, report)
        except BaseException:
            process.terminate()
            raise


def _watch(process: "subprocess.Popen[bytes]", log: Path, report: Report) -> int:
    started = told = time.monotonic()
    last = ""
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            line, now = _last_line(log), time.monotonic()
            if line != last or now - told >= _EVERY:
                report(f"{now - started:4.0f} s  {line}")
                last, told = line, now


def _last_line(log: Path) -> str:
    lines = log.read_bytes()[-4096:].decode(errors="replace").replace("\r", "\n").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
