"""Hygon DCU: K100, BW and their kin, asked with ``hy-smi``."""

import re
from collections.abc import Sequence

from plugfest.accelerators.building import accelerators
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.smi_properties import document, lines
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

CELLS = {
    "DCU": "index",
    "HCU": "index",
    "Temp": "temperature",
    "AvgPwr": "power",
    "PwrCap": "power_limit",
    "DCU%": "utilisation",
    "HCU%": "utilisation",
    "Mode": "",
    "Perf": "",
    "VRAM%": "",
    "Dec%": "",
    "Enc%": "",
}
"""Column and cell; releases print them in their own order and number."""
TITLE = re.compile(r"=+ (?:System Management Interface|End of (?:DCU )?SMI Log) =+|=+|(?:WARNING|Warning).*")


def overview(output: Output) -> Sequence[Record]:
    """`hy-smi`: one line a device under a header that differs from release to release."""
    columns: list[str] = []
    rows: list[Row] = []
    for line in output.lines:
        words = line.text.split()
        if not words or TITLE.fullmatch(line.text.strip()):
            continue
        if not columns:
            columns = words
            if words[0] not in ("DCU", "HCU") or len(set(words)) != len(words) or not set(words) <= CELLS.keys():
                raise output.error(f"expected a header of the columns {', '.join(CELLS)}", line)
        elif len(words) != len(columns):
            raise output.error(f"expected {len(columns)} values", line)
        else:
            cells = {CELLS[column]: word for column, word in zip(columns, words, strict=True) if CELLS[column]}
            rows.append(Row(line, cells))
    if not rows:
        raise output.error("no device was listed")
    if not TITLE.fullmatch(output.last.text.strip()):
        raise output.error("the output is cut off: a closing line of = must follow", output.last)
    return accelerators(output, rows)


DIALECT = family_dialect(
    "hygon",
    "Hygon DCU (hy-smi)",
    (
        Reading(("hy-smi", "rocm-smi"), (Question.ACCELERATORS,), overview, Evidence.DEVICE),
        Reading(
            (
                "hy-smi --showproductname --showserial --showvbios --showbus --showmeminfo vram --json",
                "hy-smi {options} --json",
                "hy-smi --json {options}",
                "rocm-smi {options} --json",
            ),
            (Question.IDENTITY, Question.ACCELERATORS),
            document,
            Evidence.NONE,
        ),
        Reading(
            ("hy-smi --showproductname", "hy-smi --show{shown}", "hy-smi --show{shown} {options}"),
            (Question.IDENTITY,),
            lines,
            Evidence.NONE,
        ),
    ),
    "What stands under Mode is not known to be health, and the share of memory in use has no total: neither is kept.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("hygon", "haiguang", "sugon"),
    pci=(PciMatch("1d94", ("54b7", "55b7", "62b7", "6210", "6211", "6320"), verified=False),),
    tool="hy-smi",
    listing=("hy-smi", DIALECT.readings[1].commands[0]),
    folders=("/opt/hyhal/bin", "/opt/dtk/bin"),
    tells={
        Evidence.DEVICE: (
            "temperature_celsius",
            "power_watts",
            "power_limit_watts",
            "utilisation_percent",
        ),
        Evidence.NONE: (
            "model",
            "bus",
            "serial",
            "driver",
        ),
    },
)
