"""rocm-smi and what grew from it: properties of each device by name, as JSON or line by line."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plugfest.accelerators.building import accelerators
from plugfest.accelerators.records import AcceleratorSoftware
from plugfest.devices.dialects.json_output import read_json
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

CELLS = {
    "card series": "model",
    "pci bus": "bus",
    "unique id": "uuid",
    "serial number": "serial",
    "vbios version": "firmware",
    "driver version": "driver",
    "temperature (sensor junction) (c)": "temperature",
    "temperature (sensor core) (c)": "temperature",
    "average graphics package power (w)": "power",
    "current socket graphics package power (w)": "power",
    "max graphics package power (w)": "power_limit",
    "gpu use (%)": "utilisation",
    "dcu use (%)": "utilisation",
    "hcu use (%)": "utilisation",
    "vram total memory (b)": "memory_total",
    "vram total used memory (b)": "memory_used",
    "available memory size (mib)": "memory_total",
    "vram total memory (mib)": "memory_total",
    "vram total used memory (mib)": "memory_used",
}
"""Property, lower case, and cell; other properties are left out, as their names stand beside them."""
CARD = re.compile(r"card(\d+)")
PROPERTY = re.compile(r"(?:GPU|DCU|HCU)\[(?P<index>\d+)\]\s*: (?P<name>[^:]+?):\s*(?P<value>.*)")
SYSTEM = re.compile(r"Driver version: *(?P<version>\S+)", re.IGNORECASE)
TITLE = re.compile(r"=*\s*[A-Za-z][\w /()-]*?\s*=+|=+|(?:WARNING|Warning).*")


def document(output: Output) -> Sequence[Record]:
    """``--json``: one object a card, and one of the system."""
    found: dict[str, dict[str, Any]] = read_json(output, dict[str, dict[str, Any]])
    rows = []
    for name, properties in found.items():
        card = CARD.fullmatch(name)
        if card:
            rows.append(Row(output.lines[0], {"index": card[1], **_cells(output, output.lines[0], properties)}))
        elif name != "system":
            raise output.error(f"{name!r} is no card")
    if not rows:
        raise output.error("no card was found")
    driver = next(
        (str(text) for name, text in found.get("system", {}).items() if name.lower() == "driver version"), None
    )
    return (*accelerators(output, rows, driver), *_software(output, driver))


def lines(output: Output) -> Sequence[Record]:
    """Without ``--json``: ``GPU[0] : Card Series: …``."""
    cards: dict[str, tuple[Line, dict[str, str]]] = {}
    driver = None
    for line in output.lines:
        if found := PROPERTY.fullmatch(line.text):
            _, properties = cards.setdefault(found["index"], (line, {}))
            if found["name"].strip() in properties:
                raise output.error("this property stands twice for one device", line)
            properties[found["name"].strip()] = found["value"].strip()
        elif found := SYSTEM.fullmatch(line.text):
            driver = found["version"]
        elif line.text.strip() and not TITLE.fullmatch(line.text.strip()):
            raise output.error("this line has a form we do not know", line)
    rows = [
        Row(line, {"index": index, **_cells(output, line, properties)}) for index, (line, properties) in cards.items()
    ]
    if not rows and driver is None:
        raise output.error("no property of a device was found")
    return (*accelerators(output, rows, driver), *_software(output, driver))


def _cells(output: Output, line: Line, properties: Mapping[str, object]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in properties.items():
        cell, text = CELLS.get(name.strip().lower()), str(value).strip()
        if cell and text:
            if cells.get(cell, text) != text and cell != "temperature":
                raise output.error(f"{name!r} says {text!r}, another property {cells[cell]!r}", line)
            cells.setdefault(cell, text + _unit(name))
    return cells


def _unit(name: str) -> str:
    return {"(b)": "B", "(mib)": "MiB"}.get(name.strip().lower().rpartition(" ")[2], "")


def _software(output: Output, driver: str | None) -> tuple[AcceleratorSoftware, ...]:
    tool = output.command.split()[0]
    return (AcceleratorSoftware(tool=tool, version=None, driver=driver),) if driver else ()
