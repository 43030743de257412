"""Iluvatar CoreX: BI-V100, BI-V150, MR-V100, asked with ``ixsmi``."""

from plugfest.accelerators.box import Overview
from plugfest.accelerators.csv_query import csv_commands, query
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.full_query import document, query_commands
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading

OVERVIEW = Overview(
    tool="ixsmi",
    banner=("| IX-ML: {version} Driver Version: {driver} CUDA Version: {runtime} |",),
    devices=(
        Layout(
            header=(
                "| GPU Name | Bus-Id | Clock-SM Clock-Mem |",
                "| Fan Temp Perf Pwr:Usage/Cap| Memory-Usage | GPU-Util Compute M. |",
            ),
            rows=(
                "| {index} {model:words} | {bus} | {_sm:quantity} {_memory:quantity} |",
                "| {fan} {temperature} {perf} {power:quantity} / {power_limit:quantity} "
                "| {memory_used:quantity} / {memory_total:quantity} | {utilisation} {_compute:label} |",
            ),
        ),
    ),
    processes=(
        Layout(
            header=("| Processes: GPU Memory |", "| GPU PID Process name Usage(MiB) |"),
            rows=("| {index} {pid} {name:words} {memory_used} |",),
        ),
    ),
)
DIALECT = family_dialect(
    "iluvatar",
    "Iluvatar CoreX (ixsmi)",
    (
        Reading(("ixsmi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.DEVICE),
        Reading(
            csv_commands("ixsmi", "query-gpu"),
            (Question.ACCELERATORS, Question.IDENTITY),
            query,
            Evidence.NONE,
        ),
        Reading(query_commands("ixsmi"), (Question.IDENTITY, Question.HEALTH), document, Evidence.NONE),
        Reading(("ixsmi topo -m",), (Question.TOPOLOGY,), matrix, Evidence.NONE),
    ),
    "The overview tells no firmware: `ixsmi -q` does, in a form that is read as nvidia-smi's.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("iluvatar", "iluvatar corex", "tianshu"),
    pci=(PciMatch("1e3e"),),
    tool="ixsmi",
    listing=("ixsmi", "ixsmi -q"),
    folders=("/usr/local/corex/bin",),
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "driver",
            "memory_total_bytes",
            "memory_used_bytes",
            "temperature_celsius",
            "power_watts",
            "power_limit_watts",
            "utilisation_percent",
        ),
        Evidence.NONE: (
            "uuid",
            "serial",
            "firmware",
        ),
    },
)
