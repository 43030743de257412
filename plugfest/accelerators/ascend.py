"""Huawei Ascend: 910 (A1), 910B (A2), 910C (A3), 950 (A5), asked with ``npu-smi`` and ``hccn_tool``."""

from plugfest.accelerators import ascend_chips, hccn, hccn_counters, hccn_neighbors, hccn_optics
from plugfest.accelerators.box import Overview
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row

FIRST_HEADER = "| NPU Name | Health | Power(W) Temp(C) Hugepages-Usage(page)|"
FIRST = (
    "| {index} {model:words} | {health} | {power:quantity} {temperature} {_pages:quantity} / {_all_pages:quantity} |"
)
DDR = "{utilisation} {ddr_used} / {ddr_total}"
BOTH = DDR + " {hbm_used} / {hbm_total}"


def _memory(row: Row) -> Row:
    """HBM where the chip has some, else DDR: a chip without HBM prints 0 / 0 there."""
    cells = dict(row.cells)
    kind = "hbm" if cells.get("hbm_total", "0") != "0" else "ddr"
    for part in ("used", "total"):
        if f"{kind}_{part}" in cells:
            cells[f"memory_{part}"] = cells[f"{kind}_{part}"]
    return Row(row.line, cells)


OVERVIEW = Overview(
    tool="npu-smi",
    banner=("| npu-smi {version} Version: {driver} |",),
    devices=(
        Layout(
            header=(FIRST_HEADER, "| Chip Phy-ID | Bus-Id | AICore(%) Memory-Usage(MB) HBM-Usage(MB) |"),
            rows=(FIRST, f"| {{chip}} {{physical_id}} | {{bus}} | {BOTH} |"),
        ),
        Layout(
            header=(FIRST_HEADER, "| Chip | Bus-Id | AICore(%) Memory-Usage(MB) HBM-Usage(MB) |"),
            rows=(FIRST, f"| {{chip}} | {{bus}} | {BOTH} |"),
        ),
        Layout(
            header=(FIRST_HEADER, "| Chip Device | Bus-Id | AICore(%) Memory-Usage(MB) |"),
            rows=(FIRST, f"| {{chip}} {{physical_id}} | {{bus}} | {DDR} |"),
        ),
        Layout(
            header=(FIRST_HEADER, "| Chip | Bus-Id | AICore(%) Memory-Usage(MB) |"),
            rows=(FIRST, f"| {{chip}} | {{bus}} | {DDR} |"),
        ),
        Layout(
            header=(
                "| NPU ID | Name | Health | Power(W) Temp(C) Hugepages-Usage(page) |",
                "| | | Bus-Id | NPU Util(%) Memory-Usage(MB) HBM-Usage(MB) |",
            ),
            rows=(
                FIRST.replace("{index} {model:words}", "{index} | {model:words}"),
                f"| | | {{bus}} | {BOTH} |",
            ),
        ),
    ),
    processes=(
        Layout(
            header=("| NPU Chip | Process id | Process name | Process memory(MB) |",),
            rows=("| {index} {chip} | {pid} | {name:blank} | {memory_used} |",),
        ),
        Layout(
            header=("| NPU Chip | Process id | Process name | Process memory(MB) | Process id in container |",),
            rows=("| {index} {chip} | {pid} | {name:blank} | {memory_used} | {_inside:blank} |",),
        ),
    ),
    completed=_memory,
)
DIALECT = family_dialect(
    "ascend",
    "Huawei Ascend (npu-smi, hccn_tool)",
    (
        Reading(("npu-smi info",), (Question.ACCELERATORS, Question.HEALTH), OVERVIEW, Evidence.DEVICE),
        *ascend_chips.READINGS,
        *hccn.READINGS,
        *hccn_counters.READINGS,
        *hccn_optics.READINGS,
        *hccn_neighbors.READINGS,
    ),
    "The network ports belong to the NPUs: hccn_tool asks them, as root. On some A3 hosts `-link -g` says DOWN while "
    "data passes: confirm with traffic.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("huawei", "ascend", "hisilicon"),
    pci=(
        PciMatch("19e5", ("d801",)),
        PciMatch("19e5", ("d100", "d500", "d802", "d803"), verified=False),
    ),
    tool="npu-smi",
    listing=("npu-smi info", "npu-smi info -t board -i {index} -c {chip}"),
    folders=("/usr/local/Ascend/driver/tools", "/usr/local/sbin"),
    network="ports of the NPUs themselves (hccn_tool)",
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "health",
            "firmware",
            "driver",
            "memory_total_bytes",
            "memory_used_bytes",
            "temperature_celsius",
            "power_watts",
            "utilisation_percent",
        ),
        Evidence.MANUAL: ("serial",),
        Evidence.NONE: ("uncorrected_ecc_errors",),
    },
)
