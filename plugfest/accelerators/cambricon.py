"""Cambricon MLU: MLU370, MLU590, asked with ``cnmon``."""

from plugfest.accelerators.box import Overview
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading

USAGE = (
    "{fan} {temperature} {power:quantity} / {power_limit:quantity} | {memory_used:quantity} / {memory_total:quantity}"
)
USAGE_HEADER = "Fan Temp Pwr:Usage/Cap | Memory-Usage"
FIRST = "| {index} {_vf:quantity} {model:words} {firmware} | {bus} | {utilisation} {ecc_errors} |"
FIRST_HEADER = "| Card VF Name Firmware | Bus-Id | Util Ecc-Error |"

OVERVIEW = Overview(
    tool="cnmon",
    banner=("| CNMON {version} Driver {driver} |", "| CNMON {version} |"),
    devices=(
        Layout(
            header=(FIRST_HEADER, f"| {USAGE_HEADER} | SR-IOV Compute-Mode |"),
            rows=(FIRST, f"| {USAGE} | {{partitioning}} {{_compute}} |"),
        ),
        Layout(
            header=(FIRST_HEADER, f"| {USAGE_HEADER} | Mode Compute-Mode |"),
            rows=(FIRST, f"| {USAGE} | {{partitioning}} {{_compute}} |"),
        ),
        Layout(
            header=(
                "| Card VF Name Firmware | Inited Driver | Util Ecc-Error |",
                f"| {USAGE_HEADER} | vMemory-Usage |",
            ),
            rows=(
                "| {index} {_vf:quantity} {model:words} {firmware} | {_inited} {driver} | {utilisation} {ecc_errors} |",
                f"| {USAGE} | {{_virtual_used:quantity}} / {{_virtual:quantity}} |",
            ),
        ),
    ),
    processes=tuple(
        Layout(
            header=("| Processes: |", f"| Card {kind} PID Command Line MLU Memory Usage |"),
            rows=("| {index} {_part:quantity} {pid} {name:words} {memory_used:quantity} |",),
        )
        for kind in ("VF", "MI")
    ),
)
DIALECT = family_dialect(
    "cambricon",
    "Cambricon MLU (cnmon)",
    (Reading(("cnmon", "cnmon info --summary"), (Question.ACCELERATORS,), OVERVIEW, Evidence.DEVICE),),
    "Releases before 5 print no PCI address in the overview; `cnmon info` is not read yet.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("cambricon",),
    pci=(PciMatch("cabc"),),
    tool="cnmon",
    listing=("cnmon",),
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "firmware",
            "driver",
            "memory_total_bytes",
            "memory_used_bytes",
            "temperature_celsius",
            "power_watts",
            "power_limit_watts",
            "utilisation_percent",
            "uncorrected_ecc_errors",
            "partitioning",
        ),
    },
)
