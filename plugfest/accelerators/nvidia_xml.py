"""``nvidia-smi -q -x``: everything the driver tells of each GPU, as XML."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from plugfest.accelerators.building import accelerators, process
from plugfest.accelerators.records import AcceleratorSoftware
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row, build
from plugfest.records import Record

PLACES: dict[str, tuple[str, ...]] = {
    "model": ("product_name",),
    "bus": ("pci/pci_bus_id",),
    "uuid": ("uuid",),
    "serial": ("serial",),
    "firmware": ("vbios_version",),
    "temperature": ("temperature/gpu_temp",),
    "power": (
        "gpu_power_readings/instant_power_draw",
        "gpu_power_readings/power_draw",
        "gpu_power_readings/average_power_draw",
        "power_readings/power_draw",
    ),
    "power_limit": ("gpu_power_readings/current_power_limit", "power_readings/power_limit"),
    "utilisation": ("utilization/gpu_util",),
    "memory_total": ("fb_memory_usage/total",),
    "memory_used": ("fb_memory_usage/used",),
    "partitioning": ("mig_mode/current_mig",),
}
"""Cell and where it stands, newest release first."""
UNCORRECTED = (
    ("ecc_errors/volatile/double_bit/total",),
    (
        "ecc_errors/volatile/sram_uncorrectable_parity",
        "ecc_errors/volatile/sram_uncorrectable_secded",
        "ecc_errors/volatile/dram_uncorrectable",
    ),
    ("ecc_errors/volatile/sram_uncorrectable", "ecc_errors/volatile/dram_uncorrectable"),
)
"""Counters that together are all uncorrected errors; the first group that is there counts."""
ABSENT = ("N/A", "[N/A]", "Requested functionality has been deprecated")


def document(output: Output) -> Sequence[Record]:
    """GPUs in the driver's order, software and processes; as many GPUs as are announced must be there."""
    try:
        root = ElementTree.fromstring(_markup(output))
    except ElementTree.ParseError as error:
        raise output.error(f"not XML: {error}") from error
    gpus = root.findall("gpu")
    announced = _said(root, "attached_gpus")
    if root.tag != "nvidia_smi_log" or not gpus or str(len(gpus)) != announced:
        raise output.error(f"{announced or 'no'} GPUs were announced, {len(gpus)} follow")
    driver = _said(root, "driver_version")
    software = AcceleratorSoftware(tool="nvidia-smi", version=None, driver=driver, runtime=_said(root, "cuda_version"))
    rows = [Row(output.lines[0], _cells(number, gpu)) for number, gpu in enumerate(gpus)]
    processes = [Row(output.lines[0], cells) for number, gpu in enumerate(gpus) for cells in _processes(number, gpu)]
    return (*accelerators(output, rows, driver), software, *build(output, processes, process))


def _markup(output: Output) -> str:
    """Without warnings before it; entity declarations, which nvidia-smi never makes, are refused."""
    start = output.text.find("<?xml")
    if start < 0 or "<!ENTITY" in output.text:
        raise output.error("this is not the XML that nvidia-smi prints", output.lines[0])
    return output.text[start:]


def _said(element: ElementTree.Element, place: str) -> str | None:
    text = (element.findtext(place) or "").strip()
    return None if not text or text in ABSENT else text


def _cells(number: int, gpu: ElementTree.Element) -> dict[str, str]:
    cells = {"index": str(number)}
    for cell, places in PLACES.items():
        text = next(filter(None, (_said(gpu, place) for place in places)), None)
        if text:
            cells[cell] = text
    errors = next(
        filter(None, ([_said(gpu, place) for place in group] for group in UNCORRECTED if _all(gpu, group))), None
    )
    if errors:
        cells["ecc_errors"] = str(sum(_whole(text) for text in errors))
    if words := _health(gpu):
        cells["health"] = words
    return cells


def _all(gpu: ElementTree.Element, group: tuple[str, ...]) -> bool:
    return all(_said(gpu, place) for place in group)


def _whole(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdecimal():
        raise ValueError(f"{text!r} is not a count of errors")
    return int(text)


def _health(gpu: ElementTree.Element) -> str | None:
    """What the remapped rows of the memory say (GPUs since Ampere); None if the GPU does not tell."""
    failure, pending = (
        _said(gpu, "remapped_rows/remapped_row_failure"),
        _said(gpu, "remapped_rows/remapped_row_pending"),
    )
    if failure is None or pending is None:
        return None
    return "fault" if failure == "Yes" else "warning" if pending == "Yes" else "ok"


def _processes(number: int, gpu: ElementTree.Element) -> Iterator[dict[str, str]]:
    for info in gpu.findall("processes/process_info"):
        found = {
            "pid": _said(info, "pid"),
            "name": _said(info, "process_name"),
            "memory_used": _said(info, "used_memory"),
        }
        yield {"index": str(number), **{name: text for name, text in found.items() if text}}
