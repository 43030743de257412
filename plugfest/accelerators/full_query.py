"""``nvidia-smi -q`` as text, and ``ixsmi``, ``ppu-smi`` and ``xpu-smi``, which print the same: indented sections."""

import re
from collections.abc import Mapping, Sequence

from plugfest.accelerators.building import accelerators, version
from plugfest.accelerators.records import AcceleratorSoftware
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

ENTRY = re.compile(r"(?P<indent> *)(?P<name>\S(?:.*?\S)?)(?:\s+: ?(?P<value>.*))?")
DEVICE = re.compile(r"[GPX]PU (?P<bus>[\dA-Fa-f]{4,8}:[\dA-Fa-f]{2}:[\dA-Fa-f]{2}\.[0-7])")
TITLE = re.compile(r"=+\s*[\w -]+ LOG\s*=+|(?:WARNING|Warning).*")
COUNT = re.compile(r"Attached [GPX]PUs")
STEP = 4
"""Blanks by which a section's entries are indented."""
CELLS = {
    "Product Name": "model",
    "Serial Number": "serial",
    "GPU UUID": "uuid",
    "PPU UUID": "uuid",
    "XPU UUID": "uuid",
    "VBIOS Version": "firmware",
    "Firmware Version/ALL Version": "firmware",
    "MIG Mode/Current": "partitioning",
    "FB Memory Usage/Total": "memory_total",
    "FB Memory Usage/Used": "memory_used",
    "FB Memory Usage/Free": "memory_free",
    "FB Memory Usage/Reserved": "memory_reserved",
    "Memory Usage/Total": "memory_total",
    "Memory Usage/Used": "memory_used",
    "Memory Usage/Free": "memory_free",
    "Memory Usage/Reserved": "memory_reserved",
    "Utilization/Gpu": "utilisation",
    "Utilization/Ppu": "utilisation",
    "Utilization/Xpu": "utilisation",
    "Utilization/GPU": "utilisation",
    "Temperature/GPU Current Temp": "temperature",
    "Temperature/PPU Current Temp": "temperature",
    "Temperature/XPU Current Temp": "temperature",
    "Power Readings/Power Draw": "power",
    "Power Readings/Power Limit": "power_limit",
    "Power Readings/Enforced Power Limit": "enforced_limit",
    "GPU Power Readings/Power Draw": "power",
    "GPU Power Readings/Average Power Draw": "power",
    "GPU Power Readings/Instantaneous Power Draw": "instant_power",
    "GPU Power Readings/Current Power Limit": "power_limit",
    "Remapped Rows/Pending": "pending",
    "Remapped Rows/Remapping Failure Occurred": "failure",
    "ECC Errors/Volatile/SRAM Uncorrectable": "sram",
    "ECC Errors/Volatile/SRAM Uncorrectable Parity": "parity",
    "ECC Errors/Volatile/SRAM Uncorrectable SEC-DED": "secded",
    "ECC Errors/Volatile/DRAM Uncorrectable": "dram",
}
"""Entry with its sections, and cell; other entries are left out, as their names stand beside them."""
UNCORRECTED = (("sram", "dram"), ("parity", "secded", "dram"))
RUNTIMES = ("CUDA Version", "HGGC Version", "XPU-RT Version")


def query_commands(tool: str) -> tuple[str, ...]:
    """Forms of the command: all devices or one, everything or some sections."""
    return (
        f"{tool} -q",
        *(f"{tool} -q {one}[ -d {{fields}}]" for one in ("-i {index}", "--id={index}")),
        f"{tool} -q -d {{fields}}[ -i {{index}}]",
    )


def document(output: Output) -> Sequence[Record]:
    """Devices in the tool's order and the versions above them; all that are announced must follow, or the one asked."""
    above: dict[str, str] = {}
    gpus: list[tuple[Line, dict[str, str]]] = []
    sections: list[str] = []
    for line in output.lines:
        if found := DEVICE.fullmatch(line.text):
            gpus.append((line, {"index": str(len(gpus)), "bus": found["bus"]}))
        elif line.text and not TITLE.fullmatch(line.text.strip()):
            entry = _entry(output, line, sections)
            if entry and gpus:
                _keep(output, line, gpus[-1][1], *entry)
            elif entry:
                above[entry[0]] = entry[1]
    announced = next((value for name, value in above.items() if COUNT.fullmatch(name)), "no")
    asked = output.arguments.get("index")
    expected = "1" if asked and announced != "no" else announced
    if not gpus or expected != str(len(gpus)):
        raise output.error(f"expected {expected} devices, {len(gpus)} follow", output.last)
    if asked:
        gpus[0][1]["index"] = asked
    driver = version(above, "Driver Version")
    runtime = next(filter(None, (version(above, name) for name in RUNTIMES)), None)
    software = AcceleratorSoftware(tool=output.command.split()[0], version=None, driver=driver, runtime=runtime)
    rows = [Row(line, _completed(cells)) for line, cells in gpus]
    return (*accelerators(output, rows, driver), software)


def _entry(output: Output, line: Line, sections: list[str]) -> tuple[str, str] | None:
    """Path and value of an entry; None for the name of a section, which is remembered."""
    found = ENTRY.fullmatch(line.text)
    depth, rest = divmod(len(found["indent"]), STEP) if found else (0, 1)
    if not found or rest or depth > len(sections) + 1:
        raise output.error("this line does not lie in any section", line)
    if found["value"] is None and depth == 0:
        raise output.error("expected a line 'NAME : VALUE'", line)
    del sections[max(depth - 1, 0) :]
    path = "/".join([*sections, found["name"]])
    sections.append(found["name"])
    return None if found["value"] is None else (path, found["value"].strip())


def _keep(output: Output, line: Line, cells: dict[str, str], path: str, value: str) -> None:
    cell = CELLS.get(path)
    if not cell or not value:
        return
    if cell in cells and cells[cell] != value and not path.endswith("Average Power Draw"):
        raise output.error("this value stands twice for one GPU", line)
    cells.setdefault(cell, value)


def _completed(cells: Mapping[str, str]) -> dict[str, str]:
    """Health from the remapped rows of the memory, and the sum of all uncorrected errors."""
    done = dict(cells)
    if "instant_power" in cells:
        done["power"] = cells["instant_power"]
    if "N/A" not in (cells.get("failure", "N/A"), cells.get("pending", "N/A")):
        done["health"] = "fault" if cells["failure"] == "Yes" else "warning" if cells["pending"] == "Yes" else "ok"
    done.setdefault("power_limit", cells.get("enforced_limit", "N/A"))
    groups = UNCORRECTED if cells.keys() & {"sram", "parity", "secded"} else (("dram",),)
    for group in groups:
        counts = [cells.get(name, "") for name in group]
        if all(count.isascii() and count.isdecimal() for count in counts):
            done["ecc_errors"] = str(sum(map(int, counts)))
    return done
