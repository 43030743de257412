"""NVIDIA: asked with ``nvidia-smi``; its XML tells most, the overview and CSV queries are read as well."""

from plugfest.accelerators import full_query
from plugfest.accelerators.box import Overview
from plugfest.accelerators.csv_query import csv_commands, query
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.listing import listing
from plugfest.accelerators.nvidia_xml import document
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading

MEMORY = "{memory_used:quantity} / {memory_total:quantity}"
POWER = "{fan} {temperature} {perf} {power:quantity} / {power_limit:quantity}"
ROWS = (
    "| {index} {model:words} {_persistence} | {bus} {_display} | {ecc_errors:words} |",
    f"| {POWER} | {MEMORY} | {{utilisation}} {{_compute:label}} |",
    "| | | {partitioning:words} |",
)
PROCESS_ROWS = ("| {index} {_gi} {_ci} {pid} {_type} {name:words} {memory_used:quantity} |",)
OVERVIEW = Overview(
    tool="nvidia-smi",
    banner=(
        "| NVIDIA-SMI {version} Driver Version: {driver} CUDA Version: {runtime} |",
        "| NVIDIA-SMI {version} Driver Version: {driver} |",
    ),
    devices=tuple(
        Layout(
            header=(
                "| GPU Name Persistence-M | Bus-Id Disp.A | Volatile Uncorr. ECC |",
                "| Fan Temp Perf Pwr:Usage/Cap | Memory-Usage | GPU-Util Compute M. |",
                *(("| | | MIG M. |",) if mig else ()),
            ),
            rows=ROWS if mig else ROWS[:2],
        )
        for mig in (True, False)
    ),
    processes=(
        Layout(
            header=("| Processes: |", "| GPU GI CI PID Type Process name GPU Memory |", "| ID ID Usage |"),
            rows=PROCESS_ROWS,
        ),
        Layout(
            header=("| Processes: GPU Memory |", "| GPU PID Type Process name Usage |"),
            rows=("| {index} {pid} {_type} {name:words} {memory_used:quantity} |",),
        ),
    ),
    others=(
        Layout(
            header=(
                "| GPU GI CI MIG | Memory-Usage | Vol| Shared |",
                "| ID ID Dev | BAR1-Usage | SM Unc| CE ENC DEC OFA JPG|",
                "| | | ECC| |",
            ),
            rows=(
                "| {_gpu} {_gi} {_ci} {_dev} | {_used:quantity} / {_total:quantity} | {_sm} {_ecc} | {_shared:words} |",
                "| | {_bar_used:quantity} / {_bar:quantity} | | |",
            ),
        ),
    ),
    prose=(r"\| MIG devices: +\|",),
)
DIALECT = family_dialect(
    "nvidia",
    "NVIDIA (nvidia-smi)",
    (
        Reading(
            ("nvidia-smi -q -x", "nvidia-smi -x -q"),
            (Question.ACCELERATORS, Question.IDENTITY, Question.HEALTH),
            document,
            Evidence.MANUAL,
        ),
        Reading(("nvidia-smi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.MANUAL),
        Reading(
            full_query.query_commands("nvidia-smi"),
            (Question.ACCELERATORS, Question.IDENTITY, Question.HEALTH),
            full_query.document,
            Evidence.MANUAL,
        ),
        Reading(("nvidia-smi -L",), (Question.IDENTITY,), listing, Evidence.MANUAL),
        Reading(
            csv_commands("nvidia-smi", "query-gpu"),
            (Question.ACCELERATORS, Question.IDENTITY),
            query,
            Evidence.MANUAL,
        ),
        Reading(("nvidia-smi topo -m",), (Question.TOPOLOGY,), matrix, Evidence.MANUAL),
    ),
    "Health is what the remapped rows say; the overview alone tells none.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("nvidia",),
    pci=(PciMatch("10de"),),
    tool="nvidia-smi",
    listing=("nvidia-smi -q -x",),
    tells={
        Evidence.MANUAL: (
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
            "uncorrected_ecc_errors",
            "partitioning",
        ),
    },
)
