"""How long the HTML report of a large night takes."""

import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from plugfest.bench.figures import Benchmark, Figure
from plugfest.reporting.allure_report import build_report
from plugfest.reporting.generator import Generator
from plugfest.reporting.run_folder import RunFolder

TESTS = 2000
ATTACHMENTS = (("transcript", "txt", "text/plain", 4_000), ("capture", "pcap", "application/vnd.tcpdump.pcap", 40_000))


def generation() -> Iterable[Figure]:
    """Time to build the report of a run with two attachments a test."""
    Generator().install()
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder) / "night")
        run.results.mkdir(parents=True)
        for number in range(TESTS):
            _write_result(run.results, number)
        began = time.perf_counter()
        build_report(run)
        seconds = time.perf_counter() - began
    size = sum(size for *_, size in ATTACHMENTS) // 1000
    note = f"{TESTS} results with {size} kB of attachments each"
    yield Figure(name="report.generation_s", value=round(seconds, 1), unit="s", target="<= 60", note=note)


def _write_result(results: Path, number: int) -> None:
    uuid = str(uuid4())
    result: dict[str, Any] = {
        "uuid": uuid,
        "name": f"test_{number}",
        "fullName": f"testsuites.l2.test_{number % 40}#test_{number}",
        "status": "passed" if number % 20 else "failed",
        "start": 1_000_000 + number,
        "stop": 1_001_000 + number,
        "labels": [{"name": "epic", "value": f"layer {number % 10}"}],
        "attachments": [],
    }
    for name, suffix, media_type, size in ATTACHMENTS:
        source = f"{uuid}-{name}-attachment.{suffix}"
        (results / source).write_bytes(bytes([number % 256]) * size)
        result["attachments"].append({"name": name, "source": source, "type": media_type})
    (results / f"{uuid}-result.json").write_text(json.dumps(result))


BENCHMARKS: dict[str, Benchmark] = {"report": generation}
