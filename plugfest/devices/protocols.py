"""What can be asked of, and told to, a switch or a host, whatever its vendor.

A dialect module implements these protocols for one network operating system or host family.  A question that a
device cannot answer raises `plugfest.devices.protocols.Unsupported`; it never answers with zeros.
"""

from typing import TYPE_CHECKING, Protocol

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import Change
from plugfest.devices.records import (
    BgpNeighbor,
    DeviceFacts,
    InterfaceState,
    LldpNeighbor,
    NextHop,
    QueueCounters,
    RdmaCounters,
    RdmaDevice,
    RdmaGid,
    Route,
)
from plugfest.errors import PlugfestError

if TYPE_CHECKING:
    from plugfest.accelerators.network import NicPath
    from plugfest.accelerators.records import Accelerator


class Unsupported(PlugfestError):  # noqa: N818 - an answer, not a fault
    """The device cannot answer this question; the message names device, question and what was seen."""


class Device(Protocol):
    """What every reachable device can be asked and told.

    What can be told is answered with a `Change`, built from the device's present state but not yet made: the caller
    registers its undo first.
    """

    name: str

    def facts(self) -> DeviceFacts:
        """Vendor, model, software."""

    def interfaces(self) -> dict[str, InterfaceState]:
        """Ports by name with state and counters."""

    def lldp_neighbors(self) -> tuple[LldpNeighbor, ...]:
        """Neighbours heard by LLDP on fabric ports."""

    def set_mtu(self, port: str, mtu: int) -> Change:
        """The change that gives `port` another IP MTU in bytes."""

    def set_admin(self, port: str, up: bool) -> Change:
        """The change that switches `port` on or off."""

    def pause_lldp(self) -> Change:
        """The change that silences LLDP on every port."""

    def set_lldp(self, port: str, enabled: bool) -> Change:
        """The change that switches LLDP on one port off or on."""


class Switch(Device, Protocol):
    """What a switch can be asked and told."""

    def bgp_neighbors(self) -> tuple[BgpNeighbor, ...]:
        """BGP sessions."""

    def bgp_hold_times(self) -> dict[str, float]:
        """Negotiated hold time of each established BGP session in seconds, by neighbour."""

    def routes(self) -> tuple[Route, ...]:
        """Installed IPv4 routes."""

    def queues(self, port: str) -> tuple[QueueCounters, ...]:
        """Egress queues of a port."""

    def set_bgp_neighbor(self, neighbor: str, up: bool) -> Change:
        """The change that shuts one BGP session down or allows it."""

    def blackhole(self, prefix: str) -> Change:
        """The change that makes the switch discard what is sent to `prefix`."""

    def drop_by_acl(self, port: str, rule: AccessRule) -> Change:
        """The change that drops what `rule` describes where it enters by `port`."""

    def acl_drops(self, port: str) -> int:
        """Packets that the access list of `port` has dropped so far."""

    def mark_all(self, port: str) -> Change:
        """The change that marks everything ECN-capable that leaves by `port`: marking thresholds of zero."""

    def marks(self, port: str) -> int:
        """Packets that were marked on leaving by `port` so far, as the switch counts."""


class Host(Device, Protocol):
    """What a GPU host can be asked and told."""

    def accelerators(self) -> "tuple[Accelerator, ...]":
        """Accelerators with model, health, firmware and driver; empty if there are none."""

    def nic_paths(self) -> "tuple[NicPath, ...]":
        """How near each accelerator is to each NIC port."""

    def rdma_devices(self) -> tuple[RdmaDevice, ...]:
        """RDMA devices with port state and GIDs."""

    def rdma_counters(self, rdma_device: str, port: int = 1) -> RdmaCounters:
        """Counters of one RDMA port."""

    def roce_gid(self, rdma_device: str) -> RdmaGid:
        """The RoCEv2 GID of an RDMA device that carries an IPv4 address."""

    def notification_interval_us(self, port: str) -> float:
        """Least time in microseconds between two congestion notifications that the NIC of `port` sends."""

    def management_address(self) -> str:
        """IPv4 address outside the fabric: where traffic tools talk to each other."""

    def add_route(self, prefix: str, hop: NextHop) -> Change:
        """The change that adds one route."""

    def remove_route(self, prefix: str) -> Change:
        """The change that removes the route to `prefix`."""
