"""Which NIC is near which accelerator: by the PCIe bridges above both, as sysfs shows them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from plugfest.accelerators.records import Accelerator
from plugfest.devices.answers import unknown_form
from plugfest.records import Record
from plugfest.sessions.result import CommandResult

SHOW_LINKS = (
    "find",
    "/sys/class/infiniband",
    "/sys/class/net",
    "/sys/bus/pci/devices",
    "-maxdepth",
    "1",
    "-type",
    "l",
    "-printf",
    "%p %l\\n",
)
LINK = re.compile(r"/sys/(?P<kind>class/infiniband|class/net|bus/pci/devices)/(?P<name>\S+) (?P<target>\S+)")
BUS = re.compile(r"[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[0-7]")
ROOT = re.compile(r"pci[\da-f]{4,8}:[\da-f]{2}")


class Nearness(StrEnum):
    """How two PCIe devices reach each other, in the words of topology matrices."""

    PIX = "PIX"
    """Through one PCIe switch."""
    PXB = "PXB"
    """Through several PCIe switches, not through the processor."""
    PHB = "PHB"
    """Through one host bridge of the processor."""
    SYS = "SYS"
    """Through two host bridges, of one processor or of two."""


class PciePath(Record):
    """Bridges from the host bridge down to a device, the device last."""

    root: str
    steps: tuple[str, ...]


class NicPath(Record):
    """How an accelerator reaches one NIC."""

    accelerator: int
    chip: int
    bus: str
    rdma_device: str | None
    netdev: str | None
    nic_bus: str
    nearness: Nearness


class PcieDevices(Record):
    """Where RDMA devices, net devices and all PCI devices of a host are."""

    rdma_devices: dict[str, PciePath]
    netdevs: dict[str, PciePath]
    devices: dict[str, PciePath]


def parse_links(result: CommandResult) -> PcieDevices:
    """Paths from the answer to `SHOW_LINKS`; devices that are not on PCIe, such as loopback, are left out."""
    found: dict[str, dict[str, PciePath]] = {"class/infiniband": {}, "class/net": {}, "bus/pci/devices": {}}
    for line in result.out.splitlines():
        match = LINK.fullmatch(line.strip())
        if not match:
            raise unknown_form(result, f"unknown line {line!r}")
        path = _path(match["target"])
        if path:
            found[match["kind"]][match["name"]] = path
    return PcieDevices(
        rdma_devices=found["class/infiniband"], netdevs=found["class/net"], devices=found["bus/pci/devices"]
    )


def _path(target: str) -> PciePath | None:
    parts = target.split("/")
    root = next((part for part in parts if ROOT.fullmatch(part)), None)
    steps = tuple(part for part in parts if BUS.fullmatch(part))
    return PciePath(root=root, steps=steps) if root and steps else None


def nearness(a: PciePath, b: PciePath) -> Nearness:
    """How two devices reach each other."""
    if a.root != b.root:
        return Nearness.SYS
    common = sum(1 for _ in _common(a.steps[:-1], b.steps[:-1]))
    if not common:
        return Nearness.PHB
    own = max(len(path.steps) - 1 - common for path in (a, b))
    return Nearness.PIX if own <= 1 else Nearness.PXB


def _common(a: Sequence[str], b: Sequence[str]) -> Iterator[str]:
    for first, second in zip(a, b, strict=False):
        if first != second:
            return
        yield first


def nic_paths(accelerators: Iterable[Accelerator], pcie: PcieDevices) -> tuple[NicPath, ...]:
    """One record for every accelerator and every NIC port, nearest first; none without a PCI address."""
    found = []
    for accelerator in accelerators:
        own = pcie.devices.get(accelerator.bus or "")
        if own is None:
            continue
        for rdma_device, netdev, path in _nics(pcie):
            found.append(
                NicPath(
                    accelerator=accelerator.index,
                    chip=accelerator.chip,
                    bus=own.steps[-1],
                    rdma_device=rdma_device,
                    netdev=netdev,
                    nic_bus=path.steps[-1],
                    nearness=nearness(own, path),
                )
            )
    order = list(Nearness)
    return tuple(sorted(found, key=lambda each: (each.accelerator, each.chip, order.index(each.nearness))))


def _nics(pcie: PcieDevices) -> Iterator[tuple[str | None, str | None, PciePath]]:
    """Every NIC function with the RDMA device and the net device on it."""
    ends = {path.steps[-1]: path for path in (*pcie.rdma_devices.values(), *pcie.netdevs.values())}
    for bus, path in ends.items():
        rdma = next((name for name, other in pcie.rdma_devices.items() if other.steps[-1] == bus), None)
        netdev = next((name for name, other in pcie.netdevs.items() if other.steps[-1] == bus), None)
        yield rdma, netdev, path
