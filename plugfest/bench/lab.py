"""How long the embedded lab takes to start and to reset, and how much memory it needs."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from plugfest.bench.figures import Benchmark, Figure


def measure_lab() -> list[Figure]:
    """Boot a lab of its own, reset it, end it, start it again from its snapshot; a running lab is not touched.

    The image comes from the cache; it is built first if there is none, which is not part of any figure.
    """
    from plugfest.embedded.image import image
    from plugfest.embedded.lifecycle import down, require_running, reset, up
    from plugfest.inventory.loader import load

    image(lambda message: None)
    loaded = load("embedded")
    with _own_state():
        try:
            cold = _seconds(lambda: up(loaded.lab, loaded.file, fresh=True))
            rewound = _seconds(lambda: reset(require_running()))
            memory = _memory_mb()
            down()
            warm = _seconds(lambda: up(loaded.lab, loaded.file))
            note = f"{len(require_running().endpoints)} devices, {require_running().acceleration}, {_load()}"
        finally:
            down()
    return [
        Figure(name="lab.cold_start_s", value=cold, unit="s", target="<= 40", note=f"boot to SSH and BGP; {note}"),
        Figure(name="lab.warm_start_s", value=warm, unit="s", target="<= 6", note=f"from the snapshot; {note}"),
        Figure(name="lab.reset_s", value=rewound, unit="s", target="<= 6", note=f"in the running machine; {note}"),
        Figure(name="lab.memory_mb", value=memory, unit="MB", target="<= 1500", note="resident set of the emulator"),
    ]


@contextmanager
def _own_state() -> Iterator[None]:
    """A state folder beside the user's, so that their running lab stays as it is."""
    before = os.environ.get("PLUGFEST_STATE")
    with tempfile.TemporaryDirectory(prefix="plugfest-bench-") as folder:
        os.environ["PLUGFEST_STATE"] = folder
        try:
            yield
        finally:
            os.environ.pop("PLUGFEST_STATE")
            if before is not None:
                os.environ["PLUGFEST_STATE"] = before


def _seconds(action: Callable[[], object]) -> float:
    began = time.monotonic()
    action()
    return round(time.monotonic() - began, 2)


def _memory_mb() -> float:
    from plugfest.embedded.lifecycle import require_running
    from plugfest.embedded.state import process_of

    process = process_of(require_running())
    return round(process.memory_info().rss / 1e6, 1) if process else float("nan")


def _load() -> str:
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


BENCHMARKS: dict[str, Benchmark] = {"lab": measure_lab}
