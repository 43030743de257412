"""How long pytest takes to collect the suites: no network, no heavy imports."""

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from plugfest.bench.figures import Benchmark, Figure
from plugfest.errors import LabError

PROJECT = Path(__file__).resolve().parents[2]


def collect_suites() -> Iterable[Figure]:
    """Best of three whole-process runs of ``pytest --collect-only``."""
    seconds = min(_collect() for _ in range(3))
    yield Figure(
        name="collect.seconds", value=round(seconds, 2), unit="s", target="< 2", note="whole process, best of 3"
    )


def _collect() -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "testsuites", "--collect-only", "-q"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise LabError(f"collecting the suites failed:\n{run.stdout}{run.stderr}")
    return time.perf_counter() - started


BENCHMARKS: dict[str, Benchmark] = {"collect": collect_suites}
