"""How fast captures are analysed, beside tshark and dpkt on the same file in the same run.

Environment: PLUGFEST_BENCH_PACKETS sets the size of the capture (default ten million frames, 1.4 GB);
PLUGFEST_BENCH_LARGE=1 adds a row for ten times as many.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from plugfest.bench.figures import Benchmark, Figure
from plugfest.bench.synthetic.scenario import Scenario
from plugfest.errors import MissingToolError, UsageError
from plugfest.records import Record

FAULTS = Scenario(drop=2e-4, silent_drop=1e-5, mark=0.02, duplicate=1e-5, reorder=1e-5, receiver_not_ready=1e-4)
FULL_FRAMES = Scenario(packets=1_000_000, snap_length=2_000, mark=0.0)
BYTES_PER_PACKET = 143
TSHARK_PACKETS, DPKT_PACKETS = 300_000, 300_000
"""The first packets of the same file: all of them would take minutes."""
ROUNDS = 3
TSHARK_FIELDS = (
    "frame.time_epoch",
    "frame.len",
    "ip.src",
    "ip.dst",
    "ip.dsfield",
    "udp.srcport",
    "infiniband.bth.opcode",
    "infiniband.bth.destqp",
    "infiniband.bth.psn",
)


class Measured(Record):
    """One task over one file."""

    packets: int
    wall_s: float
    cpu_s: float
    anonymous_bytes: int | None = None
    """Most anonymous memory the process had; None where it was not measured."""

    @property
    def mpps(self) -> float:
        """Million packets per second of wall time."""
        return self.packets / self.wall_s / 1e6

    @property
    def note(self) -> str:
        """The conditions, in words."""
        return f"{self.packets:.0e} packets, {self.wall_s:.2f} s wall, {self.cpu_s:.2f} s CPU"


def measure_capture() -> Iterable[Figure]:
    """Analysis, memory and ICRC figures with their baselines."""
    packets = int(float(os.environ.get("PLUGFEST_BENCH_PACKETS", "1e7")))
    with tempfile.TemporaryDirectory(prefix="plugfest-bench-") as folder:
        _compile_kernels(Path(folder))
        path = _capture(Path(folder), FAULTS._replace(packets=packets))
        analysis, tshark = _in_own_process("analyse", path), _tshark(path)
        yield from _analysis_figures("capture", analysis)
        yield Figure(name="capture.tshark_mpps", value=tshark.mpps, unit="Mpps", note=f"9 fields, {tshark.note}")
        dpkt = _in_own_process("dpkt", path)
        yield Figure(name="capture.dpkt_mpps", value=dpkt.mpps, unit="Mpps", note=f"Ethernet and BTH, {dpkt.note}")
        speedup = analysis.mpps / tshark.mpps
        yield Figure(name="capture.speedup_over_tshark", value=speedup, unit="times", target=">= 100")
        path.unlink()
        yield from _icrc_figures(Path(folder))
        if os.environ.get("PLUGFEST_BENCH_LARGE"):
            large = _capture(Path(folder), FAULTS._replace(packets=10 * packets))
            yield from _analysis_figures("capture.large", _in_own_process("analyse", large))


def _analysis_figures(name: str, measured: Measured) -> Iterable[Figure]:
    note = f"every item of the analysis, warm cache, one thread, {measured.note}"
    yield Figure(name=f"{name}.analysis_mpps", value=measured.mpps, unit="Mpps", target=">= 12", note=note)
    per_cpu = measured.packets / measured.cpu_s / 1e6
    yield Figure(name=f"{name}.analysis_mpps_cpu", value=per_cpu, unit="Mpps", note="per second of processor time")
    megabytes = (measured.anonymous_bytes or 0) / 1e6
    yield Figure(name=f"{name}.anonymous_mb", value=megabytes, unit="MB", target="<= 150", note="most RssAnon")


def _icrc_figures(folder: Path) -> Iterable[Figure]:
    path = _capture(folder, FULL_FRAMES)
    for task, target in (("icrc", ">= 5"), ("icrc_tables", None)):
        measured = _in_own_process(task, path)
        name = f"capture.{task}_mframes"
        yield Figure(name=name, value=measured.mpps, unit="million 1 KB frames/s", target=target, note=measured.note)


def _capture(folder: Path, scenario: Scenario) -> Path:
    from plugfest.bench.synthetic.capture import write_capture

    needed = scenario.packets * min(BYTES_PER_PACKET if scenario.snap_length <= 128 else 1_100, 1_100)
    free = shutil.disk_usage(folder).free
    if free < 1.2 * needed:
        raise UsageError(f"{folder}: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free; set TMPDIR")
    path = folder / f"{scenario.packets}-{scenario.snap_length}.pcap"
    write_capture(path, scenario)
    return path


def _compile_kernels(folder: Path) -> None:
    """Once per machine and version; the compiler's memory shall not count as the analysis's."""
    small = _capture(folder, FAULTS._replace(packets=10_000))
    for task in ("analyse", "icrc", "icrc_tables"):
        _in_own_process(task, small)


def _in_own_process(task: str, path: Path) -> Measured:
    command = [sys.executable, "-m", "plugfest.bench.capture", task, str(path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Measured.model_validate_json(out)


def _tshark(path: Path) -> Measured:
    if not shutil.which("tshark"):
        raise MissingToolError("tshark is not installed; it is in the package tshark")
    fields = [word for field in TSHARK_FIELDS for word in ("-e", field)]
    command = ["tshark", "-n", "-r", str(path), "-c", str(TSHARK_PACKETS), "-T", "fields", *fields]
    return min((_tshark_once(command) for _ in range(ROUNDS)), key=lambda measured: measured.wall_s)


def _tshark_once(command: list[str]) -> Measured:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    out = subprocess.run(command, check=True, capture_output=True).stdout
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(packets=out.count(b"\n"), wall_s=wall, cpu_s=cpu)


def _analyse(path: Path) -> int:
    from plugfest.captures.analysis import analyse

    analysis = analyse(path)
    assert analysis.queue_pairs
    return analysis.summary.frames


def _icrc(path: Path) -> int:
    from plugfest.captures.icrc import check_icrc

    return check_icrc(path).good


def _icrc_tables(path: Path) -> int:
    from plugfest.captures.icrc import check_icrc

    return check_icrc(path, find_function=lambda: ("tables", 0)).good


def _dpkt(path: Path) -> int:
    import dpkt

    packets = 0
    with path.open("rb") as file:
        for _, frame in dpkt.pcap.Reader(file):
            transport = dpkt.ethernet.Ethernet(frame).data.data.data
            packets += len(transport) >= 12 and int.from_bytes(transport[9:12], "big") >= 0
            if packets == DPKT_PACKETS:
                break
    return packets


TASKS: dict[str, Callable[[Path], int]] = {
    "analyse": _analyse,
    "icrc": _icrc,
    "icrc_tables": _icrc_tables,
    "dpkt": _dpkt,
}


def _measure(task: Callable[[Path], int], path: Path) -> Measured:
    """The fastest of ROUNDS, after one that fills the page cache: other load on the machine only ever adds."""
    from plugfest.bench.anonymous_memory import AnonymousMemory

    task(path)
    with AnonymousMemory() as memory:
        rounds = [_once(task, path) for _ in range(ROUNDS)]
    fastest = min(rounds, key=lambda measured: measured.wall_s)
    return fastest.model_copy(update={"anonymous_bytes": memory.most})


def _once(task: Callable[[Path], int], path: Path) -> Measured:
    wall, cpu = time.perf_counter(), time.process_time()
    packets = task(path)
    return Measured(packets=packets, wall_s=time.perf_counter() - wall, cpu_s=time.process_time() - cpu)


BENCHMARKS: dict[str, Benchmark] = {"capture": measure_capture}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(TASKS[sys.argv[1]], Path(sys.argv[2])).model_dump()))
