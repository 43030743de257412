"""``efsmi -q``: everything of each device, names beside values, in indented sections."""

import re
from collections.abc import Sequence

from plugfest.accelerators.building import accelerators
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

DEVICE = re.compile(r"DEV ID (?P<index>\d+)")
SECTION = re.compile(r"\s+[A-Z][\w /()-]*")
FIELD = re.compile(r"\s+(?P<name>[A-Za-z][\w /().-]*?)\s*: ?(?P<value>.*)")
PROSE = re.compile(r"-+|-+ Enflame System Management Interface -+|-+ Enflame Tech, All Rights Reserved\. .* -+")
CELLS = {
    "Ver": "driver",
    "Dev Name": "model",
    "Dev UUID": "uuid",
    "Dev SN": "serial",
    "Health": "health",
    "Boot FW Ver": "firmware",
    "Domain": "pci_domain",
    "Bus": "pci_bus",
    "Dev": "pci_device",
    "Func": "pci_function",
    "Power Capa": "power_limit",
    "Cur Power": "power",
    "Mem Size": "memory_total",
    "Mem Usage": "memory_used",
    "Total Size": "memory_total",
    "Used Size": "memory_used",
    "Free Size": "memory_free",
    "Reserved Size": "memory_reserved",
    "GCU Temp": "temperature",
    "GCU Usage": "utilisation",
}
"""Field and cell; other fields are left out, as their names stand beside them."""


def query(output: Output) -> Sequence[Record]:
    """One accelerator a ``DEV ID``."""
    rows: list[Row] = []
    for line in output.lines:
        if found := DEVICE.fullmatch(line.text.strip()):
            rows.append(Row(line, found.groupdict()))
        elif rows and (found := FIELD.fullmatch(line.text)):
            _keep(output, rows, found)
        elif line.text and not PROSE.fullmatch(line.text) and not (rows and SECTION.fullmatch(line.text)):
            raise output.error("this line has a form we do not know", line)
    if not rows:
        raise output.error("no device was found: a line such as 'DEV ID 0' must be there")
    return accelerators(output, [_addressed(row) for row in rows])


def _addressed(row: Row) -> Row:
    """With the PCI address that four fields tell: ``0000``, ``17``, ``00``, ``0``."""
    parts = [row.cells.get(f"pci_{part}", "") for part in ("domain", "bus", "device", "function")]
    if not all(parts):
        return row
    domain, bus, device, function = parts
    return Row(row.line, {**row.cells, "bus": f"{domain}:{bus}:{device}.{function}"})


def _keep(output: Output, rows: list[Row], found: re.Match[str]) -> None:
    name, value = CELLS.get(found["name"]), found["value"].strip()
    if not name or not value:
        return
    if name in rows[-1].cells:
        raise output.error(f"{found['name']} stands twice for one device", rows[-1].line)
    rows[-1] = Row(rows[-1].line, {**rows[-1].cells, name: value})
