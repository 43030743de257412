"""What the management tools of accelerators say, whatever the maker.  ``None`` is unmeasured, never zero."""

from enum import StrEnum

from plugfest.records import Record


class Health(StrEnum):
    """How an accelerator is by its own tool."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class Accelerator(Record):
    """One accelerator chip."""

    index: int
    """Number that the tool gives the card."""
    chip: int = 0
    """Number of the chip on a card with several."""
    physical_id: int | None = None
    """Number by which network and runtime tools know the chip, where it is not the index."""
    model: str | None = None
    bus: str | None = None
    """PCI address with domain, lower case: ``0000:61:00.0``."""
    uuid: str | None = None
    serial: str | None = None
    health: Health | None = None
    health_words: str | None = None
    """The tool's own words, where it says more than a number."""
    firmware: str | None = None
    driver: str | None = None
    memory_total_bytes: int | None = None
    memory_used_bytes: int | None = None
    temperature_celsius: float | None = None
    power_watts: float | None = None
    power_limit_watts: float | None = None
    utilisation_percent: float | None = None
    uncorrected_ecc_errors: int | None = None
    partitioning: str | None = None
    """MIG, SR-IOV or vGPU mode in the tool's words."""


class AcceleratorSoftware(Record):
    """Versions that hold for all accelerators of a host."""

    tool: str
    version: str | None
    driver: str | None = None
    runtime: str | None = None
    """Newest CUDA, MACA, HGGC … that the driver serves."""


class AcceleratorProcess(Record):
    """One process that uses an accelerator."""

    accelerator: int
    chip: int = 0
    process_id: int
    name: str | None
    memory_used_bytes: int | None


class TopologyLink(Record):
    """How one device of a host reaches another: one cell of a topology matrix."""

    device: str
    peer: str
    connection: str
    """The tool's own word: NV18, HCCS, MX, PIX, PXB, PHB, NODE, SYS …"""


class DeviceAffinity(Record):
    """Which processors are near a device."""

    device: str
    cpus: str | None
    """CPU list as the kernel prints it: ``0-31,64-95``."""
    numa_node: str | None = None


class DeviceName(Record):
    """What a label of a topology matrix stands for: NIC0 is mlx5_0."""

    label: str
    device: str


class AcceleratorPartition(Record):
    """One partition (MIG device) of an accelerator."""

    accelerator: int
    index: int
    profile: str
    uuid: str
