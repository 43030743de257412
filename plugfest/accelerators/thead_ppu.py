"""Alibaba T-Head PPU: ZW810E, asked with ``ppu-smi``."""

from plugfest.accelerators.box import Overview
from plugfest.accelerators.csv_query import csv_commands, query
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.full_query import document, query_commands
from plugfest.accelerators.listing import listing
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading

OVERVIEW = Overview(
    tool="ppu-smi",
    banner=("| PPU-SMI {version} Driver Version: {driver} HGGC Version: {runtime} |",),
    devices=(
        Layout(
            header=(
                "| PPU Name Persistence M. | Bus-Id | Volatile Uncorr. ECC |",
                "| Fan Temp Perf Pwr:Usage/Cap | Memory-Usage | PPU-Util Compute M. |",
                "| | | MIG M. |",
            ),
            rows=(
                "| {index} {model:words} {_persistence} | {bus} | {ecc_errors:words} |",
                "| {fan} {temperature} {perf} {power:quantity} / {power_limit:quantity} "
                "| {memory_used:quantity} / {memory_total:quantity} | {utilisation} {_compute:label} |",
                "| | | {partitioning:words} |",
            ),
            optional=1,
        ),
    ),
    processes=tuple(
        Layout(
            header=("| Processes: |", f"| PPU GI CI PID Type Process name {memory} |", *rest),
            rows=("| {index} {_gi} {_ci} {pid} {_type} {name:words} {memory_used:quantity} |",),
        )
        for memory, rest in (("PPU Memory", ("| ID ID Usage |",)), ("Usage", ()))
    ),
    others=(
        Layout(
            header=(
                "| PPU GI CI MIG | Memory-Usage | Vol | Shared |",
                "| ID ID DEV | | CU Unc | CpyEng ENC DEC OFA JPEG |",
                "| | | ECC | |",
            ),
            rows=(
                "| {_ppu} {_gi} {_ci} {_dev} | {_used:quantity} / {_total:quantity} | {_cu} {_ecc} | {_shared:words} |",
            ),
        ),
    ),
    prose=(r"\| MIG devices: +\|",),
    closed=False,
)
DIALECT = family_dialect(
    "thead_ppu",
    "Alibaba T-Head PPU (ppu-smi)",
    (
        Reading(("ppu-smi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.DEVICE),
        Reading(
            query_commands("ppu-smi"),
            (Question.ACCELERATORS, Question.IDENTITY),
            document,
            Evidence.MANUAL,
        ),
        Reading(("ppu-smi -L",), (Question.IDENTITY,), listing, Evidence.DEVICE),
        Reading(
            csv_commands("ppu-smi", "query-gpu", "query-ppu"),
            (Question.ACCELERATORS, Question.IDENTITY),
            query,
            Evidence.NONE,
        ),
        Reading(("ppu-smi topo -m",), (Question.TOPOLOGY,), matrix, Evidence.NONE),
    ),
    "An overview without its last lines is read, too, as one was seen only like that: the exit status proves it whole.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("t-head", "thead", "alibaba", "pingtouge"),
    pci=(PciMatch("1ded", verified=False),),
    tool="ppu-smi",
    listing=("ppu-smi", "ppu-smi -L"),
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "uuid",
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
        Evidence.MANUAL: ("serial", "firmware"),
    },
)
