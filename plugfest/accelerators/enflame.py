"""Enflame GCU: S60, L300, L600, asked with ``efsmi``."""

import re

from plugfest.accelerators.box import Overview
from plugfest.accelerators.enflame_query import query
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row

POWER = re.compile(r"(?P<power>[\d.]+ ?W|N/A)(?:(?: / | +)(?P<power_limit>[\d.]+ ?W|N/A))?")


def _power(row: Row) -> Row:
    """``68W / 300W``, in older releases ``105W  300W``, and ``N/A`` alone for virtual functions."""
    found = POWER.fullmatch(row["powers"])
    if not found:
        raise ValueError(f"{row['powers']!r} is not power and its cap")
    return Row(row.line, {**row.cells, **{name: text for name, text in found.groupdict().items() if text}})


OVERVIEW = Overview(
    tool="efsmi",
    banner=("|EFSMI: {version} Driver Ver: {driver} |", "|EFSMI {version} Driver Ver: {driver} |"),
    devices=tuple(
        Layout(
            header=(
                f"| DEV NAME | {firmware} | BUS-ID ECC |",
                f"| TEMP {power_mode} Pwr(Usage/Cap) | Mem GCU Virt | DUsed SN |",
            ),
            rows=(
                "| {index} {model:words} | {firmware} | {bus} {_ecc:words} |",
                "| {temperature:quantity} {_mode} {powers:words} | {memory_total} {partitioning} "
                "| {utilisation} {serial} |",
            ),
        )
        for firmware in ("Boot FW VER", "FW VER")
        for power_mode in ("Lpm", "Dpm")
    ),
    processes=(
        Layout(
            header=("| Processes: |", "| DEV PID Process Name GCU Memory Usage |"),
            rows=("| {index} {pid} {name:words} {memory_used:quantity} |",),
        ),
    ),
    prose=(
        r"-+ Enflame System Management Interface -+",
        r"-+ Enflame Tech, All Rights Reserved\. .* -+",
        r"\+\d{4}-\d\d-\d\d, \d\d:\d\d:\d\d .*-+\+",
    ),
    completed=_power,
)
DIALECT = family_dialect(
    "enflame",
    "Enflame GCU (efsmi)",
    (
        Reading(("efsmi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.DEVICE),
        Reading(
            ("efsmi -q [-i {index}]", "efsmi -q -d {fields}[ -i {index}]"),
            (Question.IDENTITY, Question.HEALTH),
            query,
            Evidence.DEVICE,
        ),
    ),
    "DUsed is the share of computing time, not of memory: how much memory is used stands in `efsmi -q` only.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("enflame", "suiyuan"),
    pci=(PciMatch("1e36"),),
    tool="efsmi",
    listing=("efsmi", "efsmi -q"),
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "uuid",
            "serial",
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
