"""``npu-smi info`` with options: one chip's identity, health, errors; lists and topology of all."""

import re
from collections.abc import Sequence
from dataclasses import replace

from plugfest.accelerators.building import accelerators
from plugfest.accelerators.properties import blocks
from plugfest.accelerators.records import Accelerator
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

CELLS = {
    "NPU ID": "index",
    "Chip ID": "chip",
    "Chip Name": "model",
    "Product Name": "model",
    "Software Version": "driver",
    "Firmware Version": "firmware",
    "Serial Number": "serial",
    "PCIe Bus Info": "bus",
    "Health": "health",
    "Health Status": "health",
    "HBM Capacity(MB)": "memory_total",
    "Aicore Usage Rate(%)": "utilisation",
    "AICore Usage Rate(%)": "utilisation",
    "Temperature(C)": "temperature",
    "NPU Real-time Power(W)": "power",
}
COLUMNS = {
    "NPU ID": "index",
    "Slot ID": "",
    "Chip ID": "chip",
    "Chip Logic ID": "",
    "Chip Phy-ID": "physical_id",
    "Chip Name": "model",
}
CONTROLLER = re.compile(r"\s*Chip Name\s*: mcu", re.IGNORECASE)
"""Begins what is told of a card's management controller, which is no accelerator."""
ANOTHER = re.compile(r"\s*(?:NPU|Chip) ID\s*:.*")
COLUMN = re.compile("|".join(sorted(COLUMNS, key=len, reverse=True)))
DOUBLE_BIT = re.compile(r"\s*(?P<memory>(?:\w+ )?)Double Bit Error Count\s*: (?P<count>\S+)")


def identity(output: Output) -> tuple[Accelerator, ...]:
    """`npu-smi info -t board` and the like: of the chip that the answer or else the command names."""
    asked = {name: output.arguments[name] for name in ("index", "chip") if name in output.arguments}
    told = blocks(_without_controller(output), CELLS, first=CELLS)
    for row in told:
        if any(row.cells.get(name, number) != number for name, number in asked.items()):
            raise output.error("this is the answer of another chip than the one asked", row.line)
    if not any(row.cells.keys() - {"index", "chip"} for row in told):
        raise output.error("no property of a chip was found")
    return accelerators(output, [Row(row.line, asked | dict(row.cells)) for row in told])


def _without_controller(output: Output) -> Output:
    """The answer up to the management controller of the card, which comes last."""
    end = next((place for place, line in enumerate(output.lines) if CONTROLLER.fullmatch(line.text)), None)
    if end is not None and (chip := next((line for line in output.lines[end:] if ANOTHER.fullmatch(line.text)), None)):
        raise output.error("this chip stands below the management controller, which comes last", chip)
    return replace(output, lines=output.lines[:end])


def listed(output: Output) -> tuple[Accelerator, ...]:
    """`npu-smi info -l`: every chip of every card; as many cards as are announced must follow."""
    cells = {**CELLS, "Chip Count": "chips", "Total Count": "total", "Card Count": "total"}
    rows = [row for row in blocks(output, cells, first=("NPU ID",)) if "index" in row.cells]
    total = next((row.read("total", values.count) for row in rows if "total" in row.cells), None)
    if total is None or total != len(rows):
        raise output.error(f"{total} cards were announced, {len(rows)} follow", output.last)
    chips = [
        Row(row.line, {**row.cells, "chip": str(chip)}) for row in rows for chip in range(values.count(row["chips"]))
    ]
    return accelerators(output, chips)


def mapping(output: Output) -> tuple[Accelerator, ...]:
    """`npu-smi info -m`: chips by card; management controllers (Mcu) are left out."""
    columns: list[str] = []
    rows = []
    for line in output.lines:
        if not columns and line.text:
            columns = COLUMN.findall(line.text)
            if not columns or COLUMN.sub("", line.text).strip() or columns[-1] != "Chip Name":
                raise output.error(f"expected the columns {', '.join(COLUMNS)}", line)
        elif line.text:
            cells = line.text.split(maxsplit=len(columns) - 1)
            if len(cells) != len(columns):
                raise output.error(f"expected {len(columns)} values", line)
            named = {COLUMNS[column]: cell for column, cell in zip(columns, cells, strict=True) if COLUMNS[column]}
            if named["model"].lower() != "mcu":
                rows.append(Row(line, named))
    if not rows:
        raise output.error("no chip was listed")
    return accelerators(output, rows)


def errors(output: Output) -> Sequence[Record]:
    """`npu-smi info -t ecc -i N -c C`: double-bit errors of all memories; None if the chip counts none."""
    blocks(output, {}, first=())
    counts: dict[str, str] = {}
    for line in output.lines:
        found = DOUBLE_BIT.fullmatch(line.text)
        if found and found["memory"] in counts:
            raise output.error("this count stands twice: ask for one chip with -c", line)
        if found:
            counts[found["memory"]] = found["count"]
    measured = [values.count(text) for text in counts.values() if not values.absent(text)]
    if not counts:
        raise output.error("no count of double-bit errors was found")
    return (
        Accelerator(
            index=values.count(output.arguments["index"]),
            chip=values.count(output.arguments.get("chip", "0")),
            uncorrected_ecc_errors=sum(measured) if measured else None,
        ),
    )


def _forms(what: str) -> tuple[str, ...]:
    """Options come in any order."""
    return (
        f"npu-smi info -t {what} -i {{index}} -c {{chip}}",
        f"npu-smi info -t {what} -i {{index}}",
        f"npu-smi info -i {{index}} -c {{chip}} -t {what}",
        f"npu-smi info -i {{index}} -t {what}",
        f"npu-smi info -i {{index}} -t {what} -c {{chip}}",
    )


READINGS = (
    Reading(_forms("board"), (Question.IDENTITY,), identity, Evidence.DEVICE),
    Reading(_forms("health"), (Question.HEALTH,), identity, Evidence.DEVICE),
    Reading(_forms("common"), (Question.ACCELERATORS,), identity, Evidence.MANUAL),
    Reading(_forms("usages"), (Question.ACCELERATORS,), identity, Evidence.MANUAL),
    Reading(_forms("ecc"), (Question.HEALTH,), errors, Evidence.NONE),
    Reading(("npu-smi info -l",), (Question.ACCELERATORS,), listed, Evidence.MANUAL),
    Reading(("npu-smi info -m",), (Question.ACCELERATORS,), mapping, Evidence.DEVICE),
    Reading(("npu-smi info -t topo",), (Question.TOPOLOGY,), matrix, Evidence.MANUAL),
)
