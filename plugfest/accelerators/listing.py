"""``-L``: one line an accelerator with its UUID, partitions (MIG devices) below it."""

import re
from collections.abc import Sequence

from plugfest.accelerators.building import accelerators
from plugfest.accelerators.records import AcceleratorPartition
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

DEVICE = re.compile(r"(?:GPU|PPU|XPU) (?P<index>\d+): (?P<model>\S.*?) \(UUID: (?P<uuid>[\w-]+)\)")
PARTITION = re.compile(r"\s+MIG (?P<profile>[\w.+-]+),?\s+Device\s+(?P<index>\d+):? \(UUID: (?P<uuid>[\w/-]+)\)")


def listing(output: Output) -> Sequence[Record]:
    """Accelerators and their partitions."""
    rows: list[Row] = []
    partitions: list[AcceleratorPartition] = []
    for line in output.lines:
        if found := DEVICE.fullmatch(line.text):
            rows.append(Row(line, found.groupdict()))
        elif rows and (found := PARTITION.fullmatch(line.text)):
            owner = int(rows[-1]["index"])
            partitions.append(
                AcceleratorPartition(
                    accelerator=owner, index=int(found["index"]), profile=found["profile"], uuid=found["uuid"]
                )
            )
        elif line.text:
            raise output.error("this line names no accelerator with its UUID", line)
    return (*accelerators(output, rows), *partitions)
