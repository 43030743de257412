"""Enflame GCU: S60, L300, L600, asked with ``efsmi``."""

from plugfest.accelerators.box import Overview
from plugfest.accelerators.enflame_query import query
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading

OVERVIEW = Overview(
    tool="efsmi",
    banner=("| EFSMI: {version} Driver Ver: {driver} |",),
    devices=(
        Layout(
            header=(
                "| DEV NAME | Boot FW VER | BUS-ID ECC |",
                "| TEMP Lpm Pwr(Usage/Cap) | Mem GCU Virt | DUsed SN |",
            ),
            rows=(
                "| {index} {model:words} | {firmware} | {bus} {_ecc:words} |",
                "| {temperature} {_low_power} {power:quantity} / {power_limit:quantity} "
                "| {memory_total} {partitioning} | {utilisation} {serial} |",
            ),
        ),
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
)
DIALECT = family_dialect(
    "enflame",
    "Enflame GCU (efsmi)",
    (
        Reading(("efsmi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.DEVICE),
        Reading(("efsmi -q [-i {index}]",), (Question.IDENTITY, Question.HEALTH), query, Evidence.DEVICE),
    ),
    "DUsed is the share of computing time, not of memory: how much memory is used is not read.",
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
            "temperature_celsius",
            "power_watts",
            "power_limit_watts",
            "utilisation_percent",
            "partitioning",
        ),
    },
)
