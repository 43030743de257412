"""Kunlunxin: P800 and its kin, asked with ``xpu-smi`` (older name ``xpu_smi``)."""

from plugfest.accelerators.box import Overview
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.full_query import document, query_commands
from plugfest.accelerators.listing import listing
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading

OVERVIEW = Overview(
    tool="xpu-smi",
    banner=("| XPU-SMI {version:blank} Driver Version: {driver} XPU-RT Version: {runtime} |",),
    devices=(
        Layout(
            header=(
                "| XPU Name Persistence-M| Bus-Id Disp.A | Volatile Uncorr. ECC |",
                "| Fan Temp Perf Pwr:Usage/Cap| Memory-Usage | XPU-Util Compute M. |",
                "| | L3-Usage | SR-IOV M. |",
            ),
            rows=(
                "| {index} {model:words} {_persistence} | {bus} {_display} | {ecc_errors:words} |",
                "| {fan} {temperature} {perf} {power:quantity} / {power_limit:quantity} "
                "| {memory_used:quantity} / {memory_total:quantity} | {utilisation} {_compute:label} |",
                "| | {_l3_used:quantity} / {_l3:quantity} | {partitioning:words} |",
            ),
        ),
    ),
    processes=(
        Layout(
            header=(
                "| Processes: |",
                "| XPU XI CI PID Type Process name XPU Memory |",
                "| ID ID Usage |",
            ),
            rows=("| {index} {_xi} {_ci} {pid} {_type} {name:words} {memory_used:quantity} |",),
        ),
    ),
)
DIALECT = family_dialect(
    "kunlunxin",
    "Kunlunxin XPU (xpu-smi)",
    (
        Reading(
            ("xpu-smi", "xpu_smi"),
            (Question.ACCELERATORS,),
            OVERVIEW,
            Evidence.DEVICE,
        ),
        Reading(
            query_commands("xpu-smi"),
            (Question.ACCELERATORS, Question.IDENTITY),
            document,
            Evidence.DEVICE,
        ),
        Reading(("xpu-smi -L", "xpu_smi -L"), (Question.IDENTITY,), listing, Evidence.NONE),
        Reading(("xpu-smi topo -m", "xpu_smi topo -m"), (Question.TOPOLOGY,), matrix, Evidence.NONE),
    ),
    "Intel ships another program called xpu-smi: its answers are refused, as their header differs.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("kunlunxin", "kunlun", "baidu"),
    pci=(PciMatch("1d22", verified=False),),
    tool="xpu-smi",
    listing=("xpu-smi",),
    aliases={"xpu-smi": "xpu_smi"},
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "uuid",
            "serial",
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
