"""Moore Threads MTT: S80, S3000, S4000, S5000, asked with ``mthreads-gmi``."""

from plugfest.accelerators.box import Overview
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.reading import Evidence, Question, Reading


def _layout(*, perf: bool, ecc: bool) -> Layout:
    """One device in two or three lines: some releases print no performance state or no ECC mode."""
    perf_title, perf_cell = ("Perf ", "{_perf} ") if perf else ("", "")
    return Layout(
        header=(
            "ID Name |PCIe |%GPU Mem",
            f"Device Type {perf_title}|Pcie Lane Width |Temp MPC Capable",
            *(("| ECC Mode",) if ecc else ()),
        ),
        rows=(
            "{index} {model:words} |{bus} |{utilisation} {memory_used}({memory_total})",
            f"{{_type:words}} {perf_cell}|{{_lanes:words}} |{{temperature}} {{_mpc}}",
            *(("| {_ecc:words}",) if ecc else ()),
        ),
    )


OVERVIEW = Overview(
    tool="mthreads-gmi",
    banner=("mthreads-gmi:{version} Driver Version:{driver}",),
    devices=tuple(_layout(perf=perf, ecc=ecc) for perf in (True, False) for ecc in (True, False)),
    processes=(
        Layout(
            header=("Processes:", "ID PID Process name GPU Memory", "Usage"),
            rows=("{index} {pid} {name:words} {memory_used:quantity}",),
            nothing="No running process{_es} found",
        ),
    ),
)
DIALECT = family_dialect(
    "moore_threads",
    "Moore Threads MTT (mthreads-gmi)",
    (Reading(("mthreads-gmi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.DEVICE),),
    "The overview tells neither power nor health; what stands under ECC Mode is no count of errors.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("moore threads", "mthreads", "moore_threads"),
    pci=(PciMatch("1ed5"),),
    tool="mthreads-gmi",
    listing=("mthreads-gmi",),
    tells={
        Evidence.DEVICE: (
            "model",
            "bus",
            "driver",
            "memory_total_bytes",
            "memory_used_bytes",
            "temperature_celsius",
            "utilisation_percent",
        ),
    },
)
