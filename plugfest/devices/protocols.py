"""What can be asked of a switch or a host, whatever its vendor.

A dialect module implements these protocols for one network operating system or host family.  A question that a
device cannot answer raises `plugfest.devices.protocols.Unsupported`; it never answers with zeros.
"""

from typing import Protocol

from plugfest.devices.records import (
    BgpNeighbor,
    DeviceFacts,
    InterfaceState,
    LldpNeighbor,
    QueueCounters,
    RdmaCounters,
    RdmaDevice,
    Route,
)
from plugfest.errors import PlugfestError


class Unsupported(PlugfestError):  # noqa: N818 - an answer, not a fault
    """The device cannot answer this question; the message names device, question and what was seen."""


class Device(Protocol):
    """What every reachable device can be asked."""

    name: str

    def facts(self) -> DeviceFacts:
        """Vendor, model, software."""

    def interfaces(self) -> dict[str, InterfaceState]:
        """Ports by name with state and counters."""

    def lldp_neighbors(self) -> tuple[LldpNeighbor, ...]:
        """Neighbours heard by LLDP on fabric ports."""


class Switch(Device, Protocol):
    """What a switch can be asked."""

    def bgp_neighbors(self) -> tuple[BgpNeighbor, ...]:
        """BGP sessions."""

    def routes(self) -> tuple[Route, ...]:
        """Installed IPv4 routes."""

    def queues(self, port: str) -> tuple[QueueCounters, ...]:
        """Egress queues of a port."""


class Host(Device, Protocol):
    """What a GPU host can be asked."""

    def rdma_devices(self) -> tuple[RdmaDevice, ...]:
        """RDMA devices with port state and GIDs."""

    def rdma_counters(self, rdma_device: str) -> RdmaCounters:
        """Counters of one RDMA port."""
