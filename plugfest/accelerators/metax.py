"""MetaX: C500, C550, C588, N260, asked with ``mx-smi``."""

import re
from collections.abc import Sequence

from plugfest.accelerators.box import Overview
from plugfest.accelerators.building import accelerators, celsius
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.records import Accelerator
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

TITLE = r"mx-smi +version: \S+"
LOG = (TITLE, r"=+ MetaX System Management Interface Log =+", r"Timestamp +: .*", r"Attached GPUs +: \d+", "End of Log")
MEMORY = "{memory_used}/{memory_total} MiB"
POWER = "{temperature} {power:quantity} / {power_limit:quantity}"
OVERVIEW = Overview(
    tool="mx-smi",
    banner=(
        "| MX-SMI {version} Kernel Mode Driver Version: {driver} |",
        "| MACA Version: {runtime} BIOS Version: {firmware} |",
    ),
    devices=(
        Layout(
            header=(
                "| GPU NAME Persistence-M | Bus-id | GPU-Util sGPU-M |",
                "| Temp Pwr:Usage/Cap Perf | Memory-Usage | GPU-State |",
            ),
            rows=(
                "| {index} {model:words} {_persistence} | {bus} | {utilisation} {partitioning} |",
                f"| {POWER} {{_perf}} | {MEMORY} | {{health:words}} |",
            ),
        ),
        Layout(
            header=("| GPU NAME | Bus-id | GPU-Util |", "| Temp Pwr:Usage/Cap | Memory-Usage | GPU-State |"),
            rows=(
                "| {index} {model:words} | {bus} | {utilisation} |",
                f"| {POWER} | {MEMORY} | {{health:words}} |",
            ),
        ),
        Layout(
            header=("| GPU NAME | Bus-id | GPU-Util |", "| Temp Pwr:Usage/Cap | Memory-Usage | |"),
            rows=(
                "| {index} {model:words} | {bus} | {utilisation} |",
                f"| {POWER} | {MEMORY} | |",
            ),
        ),
        Layout(
            header=("| GPU NAME | Bus-id | GPU-Util |", "| Temp Power | Memory-Usage | |"),
            rows=(
                "| {index} {model:words} | {bus} | {utilisation} |",
                f"| {{temperature}} {{power:quantity}} | {MEMORY} | |",
            ),
        ),
    ),
    processes=(
        Layout(
            header=("| Process: |", "| GPU PID Process Name GPU Memory |", "| Usage(MiB) |"),
            rows=("| {index} {pid} {name:words} {memory_used:quantity} |",),
        ),
    ),
    prose=LOG,
    common=("firmware",),
)
LISTED = re.compile(
    r"GPU#(?P<index>\d+) +(?P<model>\S.*?) +(?P<bus>[\da-f]{4}:[\da-f:.]+) +"
    r"(?P<health>(?:Not )?Available)(?:\([^)]*\))?(?: \(UUID: (?P<uuid>[\w-]+)\))?",
    re.IGNORECASE,
)
HEADING = re.compile(r"GPU#(?P<index>\d+) +(?P<model>\S.*?) +(?P<bus>[\da-f]{4}:[\da-f:.]+)", re.IGNORECASE)
SECTION = re.compile(r"\s+\w+ Temperature")
SENSOR = re.compile(r"\s+(?P<name>[\w() -]+?)\s*: +(?P<value>-?[\d.]+ C|N/?A)")


def listed(output: Output) -> tuple[Accelerator, ...]:
    """`mx-smi -L`: number, model, PCI address, state and UUID."""
    rows = []
    for line in output.lines:
        if found := LISTED.fullmatch(line.text):
            rows.append(Row(line, {name: text for name, text in found.groupdict().items() if text}))
        elif line.text and not re.fullmatch(TITLE, line.text):
            raise output.error("this line names no GPU with its state", line)
    if not rows:
        raise output.error("no GPU was listed")
    return accelerators(output, rows)


def temperatures(output: Output) -> Sequence[Record]:
    """`mx-smi --show-temperature`: the hottest sensor of each chip; those of boards are left out."""
    rows: list[Row] = []
    for line in output.lines:
        if found := HEADING.fullmatch(line.text):
            rows.append(Row(line, found.groupdict()))
        elif rows and (found := SENSOR.fullmatch(line.text)):
            if found["name"].startswith("hotspot"):
                with output.at(line):
                    rows[-1] = _hotter(rows[-1], found["value"])
        elif (
            line.text
            and not (rows and SECTION.fullmatch(line.text))
            and not any(re.fullmatch(form, line.text) for form in LOG)
        ):
            raise output.error("this line has a form we do not know", line)
    if not rows:
        raise output.error("no GPU was found")
    return accelerators(output, rows)


def _hotter(row: Row, value: str) -> Row:
    known = row.cells.get("temperature")
    if value.upper() in ("N/A", "NA") or (known and celsius(known) >= celsius(value)):
        return row
    return Row(row.line, {**row.cells, "temperature": value})


DIALECT = family_dialect(
    "metax",
    "MetaX (mx-smi)",
    (
        Reading(("mx-smi",), (Question.ACCELERATORS, Question.HEALTH), OVERVIEW, Evidence.DEVICE),
        Reading(("mx-smi -L",), (Question.IDENTITY, Question.HEALTH), listed, Evidence.DEVICE),
        Reading(("mx-smi --show-temperature [-i {index}]",), (Question.HEALTH,), temperatures, Evidence.DEVICE),
        Reading(("mx-smi topo -n", "mx-smi topo -m"), (Question.TOPOLOGY,), matrix, Evidence.DEVICE),
    ),
    "Releases before 2.2 print no GPU state in the overview: `mx-smi -L` tells it.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("metax", "muxi"),
    pci=(PciMatch("9999"),),
    tool="mx-smi",
    listing=("mx-smi", "mx-smi -L"),
    folders=("/opt/mxdriver/bin", "/opt/maca/bin"),
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "uuid",
            "health",
            "firmware",
            "driver",
            "memory_total_bytes",
            "memory_used_bytes",
            "temperature_celsius",
            "power_watts",
            "power_limit_watts",
            "utilisation_percent",
            "partitioning",
        ),
    },
)
