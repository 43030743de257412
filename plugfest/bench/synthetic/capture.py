"""Write a synthetic capture to disk."""

import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from plugfest.bench.synthetic.scenario import TRUTH, Scenario, Truth

if TYPE_CHECKING:
    from plugfest.bench.synthetic.fabric import Fabric

_BUFFER = 16 << 20
_START_NS = 1_700_000_000_000_000_000


def write_capture(path: Path, scenario: Scenario) -> Truth:
    """Write the capture as little-endian nanosecond pcap and return what was put in."""
    from plugfest.bench.synthetic.fabric import QUEUE_PAIR, Fabric, drain, run, set_up
    from plugfest.captures.kernels.icrc import LONGEST_HEADERS

    fabric = Fabric(
        np.zeros(scenario.queue_pairs, QUEUE_PAIR),
        np.zeros(scenario.queue_pairs, TRUTH),
        np.zeros(_BUFFER, np.uint8),
        np.array([_START_NS, 0, 0], np.int64),
        np.zeros(LONGEST_HEADERS, np.uint8),
    )
    set_up(fabric, scenario)
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, scenario.snap_length, 1))
        while fabric.clock[2] < scenario.packets:
            run(fabric, scenario, scenario.packets)
            flush(fabric, file)
        drain(fabric, scenario.quiet())
        flush(fabric, file)
    rows = tuple({name: int(row[name]) for name in TRUTH.names or ()} for row in fabric.truth)
    return Truth(queue_pairs=rows, packets=int(fabric.clock[2]), file_bytes=path.stat().st_size)


def flush(fabric: "Fabric", file: BinaryIO) -> None:
    """Write what is in the buffer."""
    file.write(fabric.buffer[: fabric.clock[1]].data)
    fabric.clock[1] = 0
