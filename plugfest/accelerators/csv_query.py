"""``--query-gpu=… --format=csv``: nvidia-smi's own form, which several makers took over."""

import re
from collections.abc import Sequence

from plugfest.accelerators.building import accelerators
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

CELLS = {
    "index": "index",
    "name": "model",
    "gpu_name": "model",
    "uuid": "uuid",
    "gpu_uuid": "uuid",
    "serial": "serial",
    "gpu_serial": "serial",
    "pci.bus_id": "bus",
    "gpu_bus_id": "bus",
    "driver_version": "driver",
    "vbios_version": "firmware",
    "temperature.gpu": "temperature",
    "gpu.temperature": "temperature",
    "power.draw": "power",
    "power.limit": "power_limit",
    "utilization.gpu": "utilisation",
    "gpu.utilization": "utilisation",
    "memory.total": "memory_total",
    "memory.used": "memory_used",
    "ecc.errors.uncorrected.volatile.total": "ecc_errors",
    "mig.mode.current": "partitioning",
}
"""Property and cell; a property that is not here was asked for but is not kept."""
QUERIED = re.compile(r"--query-\w+=(\S+)", re.IGNORECASE)
WITH_UNIT = {"memory_total": "MiB", "memory_used": "MiB", "power": "W", "power_limit": "W", "utilisation": "%"}
HEADER_UNIT = re.compile(r" ?\[[\w%]+\]$")


def csv_commands(tool: str, *options: str) -> tuple[str, ...]:
    """Forms of the command: how the values are printed may be said before or after what is asked."""
    form = "--format=csv[,noheader][,nounits]"
    asked = tuple(f"--{option}={{fields}}" for option in options)
    return (
        *(f"{tool} {each} {form}" for each in asked),
        *(f"{tool} {form} {each}" for each in asked),
        *(f"{tool} -i {{index}} {each} {form}" for each in asked),
        *(f"{tool} {each} {form} -i {{index}}" for each in asked),
    )


def query(output: Output) -> Sequence[Record]:
    """One accelerator a line, numbered in the tool's order where the index was not asked for."""
    asked = QUERIED.search(output.command)
    fields = asked[1].lower().split(",") if asked else []
    lines = [line for line in output.lines if line.text and not re.match(r"(?i)warning", line.text)]
    if lines and "noheader" not in output.command:
        _check_header(output, lines.pop(0), fields)
    if not lines:
        raise output.error("no device was listed")
    return accelerators(output, [_row(output, fields, line, number) for number, line in enumerate(lines)])


def _check_header(output: Output, header: Line, fields: list[str]) -> None:
    """Names that are not kept may be spelt otherwise here: ``clocks.sm`` becomes ``clocks.current.sm``."""
    names = [HEADER_UNIT.sub("", cell.strip()) for cell in header.text.split(",")]
    if [CELLS.get(name) for name in names] != [CELLS.get(name) for name in fields]:
        raise output.error(f"expected the columns {', '.join(fields)}", header)


def _row(output: Output, fields: list[str], line: Line, number: int) -> Row:
    cells = [cell.strip() for cell in line.text.split(",")]
    if len(cells) != len(fields) or not all(cells):
        raise output.error(f"expected {len(fields)} values", line)
    known = {CELLS[name]: cell for name, cell in zip(fields, cells, strict=True) if name in CELLS}
    if "nounits" not in output.command and any(_lacks_unit(name, cell) for name, cell in known.items()):
        raise output.error("a value without its unit: the line is cut off, or the command lacks nounits", line)
    asked = output.arguments.get("index")
    if asked and known.get("index", asked) != asked:
        raise output.error("this is the answer of another device than the one asked", line)
    return Row(line, {"index": asked or str(number)} | known)


def _lacks_unit(name: str, cell: str) -> bool:
    return name in WITH_UNIT and cell[-1:].isdigit()
