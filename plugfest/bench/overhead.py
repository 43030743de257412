"""What the harness itself costs a test: everything but the time that devices take to answer."""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from plugfest.bench.figures import Benchmark, Figure
from plugfest.errors import LabError

PROJECT = Path(__file__).resolve().parents[2]
FEW, MANY = 25, 225
ROUNDS = 3
OBSERVED = 4
"""Commands of a test, answered at once."""
CAPTURE_BYTES = 40_000
CONFTEST = '''
import time
import pytest
from plugfest.sessions.result import CommandResult
from plugfest.sessions.transcript import Recorder

pytest_plugins = {plugins}


class Pool:
    """Answers every command at once."""

    def __init__(self):
        self._recorder = Recorder()
        self.recording = self._recorder.recording

    def ask(self, device, command, out):
        self._recorder.add(CommandResult(
            device=device, command=command, out=out, err="", exit_status=0, duration=0.0, started=time.time()))


@pytest.fixture(scope="session")
def pool():
    return Pool()


@pytest.fixture(scope="session")
def restoration():
    """No device is there to be put back."""


@pytest.fixture(scope="session")
def sanity():
    """No device is there to be looked at."""
'''
SUITE = '''
"""Ports of a made-up lab."""
import pytest
from plugfest.devices.records import InterfaceState
from plugfest.verdicts.link import Ends, oper_up


@pytest.mark.case("PHY-01")
@pytest.mark.reference("IEEE 802.3")
@pytest.mark.parametrize("number", range({rounds}))
def test_is_up(link, number, judge, pool, evidence):
    """Both ends of a cable are up."""
    for command in range({observed}):
        pool.ask(link.a.device, f"ip -j link show {{command}}", "[]" * 500)
    evidence.attach("frames.pcap", b"x" * {size}, "application/vnd.tcpdump.pcap")
    state = InterfaceState(name="swp1", admin_up=True, oper_up=True, mtu=9000, mac=None)
    judge(oper_up, link, Ends(a=state, b=state))
'''


def overhead() -> Iterable[Figure]:
    """Milliseconds a test, from the difference between a long and a short run; best of three."""
    with tempfile.TemporaryDirectory(prefix="plugfest-bench-") as folder:
        project = Path(folder)
        _write_project(project)
        few, many = (_best([_run(project, tests) for _ in range(ROUNDS)]) for tests in (FEW, MANY))
    wall, processor = ((most - least) * 1000 / (MANY - FEW) for least, most in zip(few, many, strict=True))
    note = (
        f"selection, set-up, verdict, evidence of {OBSERVED} commands and {CAPTURE_BYTES // 1000} kB, Allure, JUnit, "
        "seal, history; without the HTML page, which report.generation_s measures"
    )
    load = f"on the clock, with {os.getloadavg()[0]:.0f} processes waiting for {os.cpu_count()} cores"
    yield Figure(
        name="overhead.test_ms", value=round(processor, 1), unit="ms", target="<= 20", note=f"processor; {note}"
    )
    yield Figure(name="overhead.test_clock_ms", value=round(wall, 1), unit="ms", note=load)


BENCHMARKS: dict[str, Benchmark] = {"overhead": overhead}


def _write_project(project: Path) -> None:
    (project / "testsuites" / "link").mkdir(parents=True)
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\nmarkers =\n    case\n    reference\n")
    plugins = re.findall(r'"(fixtures\.\w+)"', (PROJECT / "conftest.py").read_text())
    (project / "conftest.py").write_text(CONFTEST.format(plugins=plugins))


def _best(runs: list[tuple[float, float]]) -> tuple[float, float]:
    """The shortest time on the clock and the least of the processor."""
    clocks, processors = zip(*runs, strict=True)
    return min(clocks), min(processors)


def _run(project: Path, tests: int) -> tuple[float, float]:
    """Seconds on the clock and of the processor for so many tests, in a process and with a database of their own."""
    suite = SUITE.format(rounds=tests, observed=OBSERVED, size=CAPTURE_BYTES)
    (project / "testsuites" / "link" / "test_ports.py").write_text(suite)
    with tempfile.TemporaryDirectory(dir=project) as scratch:
        state = {"PLUGFEST_DB": f"sqlite:///{scratch}/lab.db", "PLUGFEST_STATE": scratch}
        options = ["-k", "h1:eth1", f"--report-dir={scratch}/run", "--no-html", "--lab=embedded"]
        began, used = time.perf_counter(), _processor_seconds()
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "testsuites", *options],
            cwd=project,
            env=os.environ | state | {"PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - began, _processor_seconds() - used
    if run.returncode or f"{tests} passed" not in run.stdout:
        raise LabError(f"the run to be measured failed:\n{run.stdout}{run.stderr}")
    return seconds


def _processor_seconds() -> float:
    """Of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
