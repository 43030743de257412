"""AMD Instinct: asked with ``amd-smi`` and ``rocm-smi``; their JSON tells most, their text is read as well."""

from collections.abc import Sequence
from typing import Any

from pydantic import AliasPath, Field, TypeAdapter

from plugfest.accelerators.amd_text import sections
from plugfest.accelerators.box import Overview
from plugfest.accelerators.building import accelerators
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.rocm_overview import overview
from plugfest.accelerators.smi_properties import document, lines
from plugfest.devices.dialects.boxed_table import Layout
from plugfest.devices.dialects.json_output import Wire, looks_like_json, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.records import Record

PATHS: dict[str, tuple[str, ...]] = {
    "index": ("gpu",),
    "model": ("asic.market_name",),
    "bus": ("bus.bdf", "bdf"),
    "uuid": ("uuid",),
    "serial": ("board.product_serial", "asic.asic_serial"),
    "firmware": ("ifwi.version", "vbios.version"),
    "driver": ("driver.version", "driver.driver_version"),
    "memory_total": ("vram.size", "mem_usage.total_vram"),
    "memory_used": ("mem_usage.used_vram",),
    "temperature": ("temperature.hotspot", "temperature.edge"),
    "power": ("power.socket_power", "power.average_socket_power"),
    "power_limit": ("limit.max_power", "limit.socket_power_limit"),
    "utilisation": ("usage.gfx_activity",),
    "ecc_errors": ("ecc.total_uncorrectable_count",),
    "partitioning": ("partition.compute_partition", "partition.accelerator_partition"),
}
"""Cell and where it stands, best place first; names change between releases."""


class _Wrapped(Wire):
    """Releases from 6.4 on put the list into an object."""

    gpus: list[dict[str, Any]] = Field(validation_alias=AliasPath("gpu_data"))


def query(output: Output) -> Sequence[Record]:
    """`amd-smi list|static|metric [--json]`: one object a GPU; what a subcommand does not tell is None."""
    if not looks_like_json(output):
        return accelerators(output, [_row(output, gpu) for gpu in sections(output)])
    found: Any = read_json(output, Any)
    try:
        gpus = TypeAdapter(list[dict[str, Any]]).validate_python(
            found if isinstance(found, list) else _unwrapped(found)
        )
    except ValueError as error:
        raise output.error("expected a list of GPUs") from error
    if not gpus:
        raise output.error("no GPU was listed")
    return accelerators(output, [_row(output, gpu) for gpu in gpus])


def _unwrapped(found: object) -> list[dict[str, Any]]:
    return _Wrapped.model_validate(found).gpus


def _row(output: Output, gpu: dict[str, Any]) -> Row:
    cells = {}
    for cell, places in PATHS.items():
        text = next(filter(None, (_text(gpu, place) for place in places)), None)
        if text is not None:
            cells[cell] = text
    return Row(output.lines[0], cells)


def _text(gpu: dict[str, Any], place: str) -> str | None:
    """The value at a place as text, with its unit; None if it is not there or marked absent."""
    value: Any = gpu
    for step in place.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = f"{value.get('value')} {value.get('unit', '')}".strip()
    return None if value is None or str(value).upper() in ("N/A", "", "NONE") else str(value)


OVERVIEW = Overview(
    tool="amd-smi",
    banner=(
        "| AMD-SMI {version} amdgpu version: {driver} ROCm version: {runtime} |",
        "| VBIOS version: {firmware} |",
        "| Platform: {_platform:words} |",
    ),
    devices=(
        Layout(
            header=(
                "| BDF GPU-Name | Mem-Uti Temp UEC Power-Usage |",
                "| GPU HIP-ID OAM-ID Partition-Mode | GFX-Uti Fan Mem-Usage |",
            ),
            rows=(
                "| {bus} {model:words} | {_memory:quantity} {temperature:quantity} {ecc_errors:quantity} "
                "{power:quantity}/{power_limit:quantity} |",
                "| {index} {_hip:quantity} {_module:quantity} {partitioning} | {utilisation:quantity} {_fan:quantity} "
                "{memory_used:quantity}/{memory_total:quantity} |",
            ),
        ),
    ),
    processes=(
        Layout(
            header=("| Processes: |", "| GPU PID Process Name GTT_MEM VRAM_MEM MEM_USAGE CU % |"),
            rows=(
                "| {index} {pid} {name:words} {_gtt:quantity} {memory_used:quantity} {_all:quantity} {_cu:quantity} |",
            ),
        ),
    ),
    common=("firmware",),
)


def _commands(what: str) -> tuple[str, ...]:
    return (f"amd-smi {what} --json", f"amd-smi {what}", f"amd-smi {what} {{options}}")


DIALECT = family_dialect(
    "amd",
    "AMD Instinct (amd-smi, rocm-smi)",
    (
        Reading(_commands("static"), (Question.IDENTITY,), query, Evidence.MANUAL),
        Reading(_commands("metric"), (Question.ACCELERATORS, Question.HEALTH), query, Evidence.MANUAL),
        Reading(_commands("list"), (Question.ACCELERATORS,), query, Evidence.MANUAL),
        Reading(
            (
                "rocm-smi --showproductname --showbus --showuniqueid --showvbios --showmeminfo vram --showtemp --json",
                "rocm-smi {options} --json",
                "rocm-smi --json {options}",
            ),
            (Question.ACCELERATORS, Question.IDENTITY),
            document,
            Evidence.MANUAL,
        ),
        Reading(
            ("rocm-smi --showproductname", "rocm-smi --show{shown}", "rocm-smi --show{shown} {options}"),
            (Question.IDENTITY,),
            lines,
            Evidence.MANUAL,
        ),
        Reading(("amd-smi",), (Question.ACCELERATORS,), OVERVIEW, Evidence.MANUAL),
        Reading(("rocm-smi",), (Question.ACCELERATORS,), overview, Evidence.MANUAL),
    ),
    "The overviews tell least: `amd-smi static --json` and `metric --json` are asked by themselves.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("amd",),
    pci=(PciMatch("1002"),),
    tool="amd-smi",
    listing=("amd-smi static --json", "amd-smi metric --json"),
    folders=("/opt/rocm/bin",),
    tells={
        Evidence.MANUAL: (
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
