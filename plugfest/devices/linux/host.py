"""A Linux GPU host: RDMA devices and their counters beside what every Linux device answers."""

import re
from functools import cached_property
from typing import TYPE_CHECKING

from plugfest.devices.linux import notification, rdma
from plugfest.devices.linux.device import LinuxDevice
from plugfest.devices.linux.versions import host_facts
from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import DeviceFacts, InterfaceState, LldpNeighbor, RdmaCounters, RdmaDevice, RdmaGid
from plugfest.errors import InventoryError, LabError
from plugfest.inventory.models import Host, Lab
from plugfest.sessions.protocol import SessionProtocol

if TYPE_CHECKING:
    from plugfest.accelerators.host import AcceleratorHost
    from plugfest.accelerators.network import NicPath
    from plugfest.accelerators.npu_ports import NpuPorts
    from plugfest.accelerators.records import Accelerator
    from plugfest.records import Record

ROCE_V2 = "RoCE v2"
NPU_PORT = re.compile(r"npu\d+")
"""Names of ports that an accelerator owns: Linux does not know them."""


class LinuxHost(LinuxDevice):
    """A host with rdma-core and iproute2's ``rdma``."""

    def __init__(self, lab: Lab, name: str, session: SessionProtocol) -> None:
        """Take the host called `name` of `lab`, reached over `session`."""
        super().__init__(lab, name, session)
        device = lab.device(name)
        if not isinstance(device, Host):
            raise InventoryError(f"{name} is a {device.role}, expected a host")
        self._host = device

    def facts(self) -> DeviceFacts:
        """NIC and accelerators by the inventory, software as the host says."""
        return host_facts(self.name, self._host, self.versions() | self._accelerator_versions())

    def accelerators(self) -> "tuple[Accelerator, ...]":
        """Every accelerator that PCI shows, as its maker's tool describes it; empty if there is none.

        Raises Unsupported if the tool is missing.
        """
        return self._accelerator_host.accelerators()

    def nic_paths(self) -> "tuple[NicPath, ...]":
        """How near each accelerator is to each NIC port, with RDMA device and net device."""
        from plugfest.accelerators.network import SHOW_LINKS, nic_paths, parse_links

        # find complains where a class is missing, such as infiniband, and still prints the others.
        answer = self.session.run(*SHOW_LINKS, check=False, idempotent=True)
        return nic_paths(self.accelerators(), parse_links(answer))

    def lossless_settings(self, port: str) -> "tuple[Record, ...]":
        """PFC, ETS, DSCP map, trust and buffers of a port, in the records that switches use.

        Raises Unsupported if neither dcb nor the vendor's tool tells of it.
        """
        from plugfest.nics.lossless import lossless_settings

        return lossless_settings(self.name, self.session, port)

    def interfaces(self) -> dict[str, InterfaceState]:
        """All ports by name; of those that NPUs own, the ones that the lab file names."""
        return super().interfaces() | self._npu_ports.interfaces()

    def lldp_neighbors(self) -> tuple[LldpNeighbor, ...]:
        """Neighbours heard on fabric ports, also on those that NPUs own."""
        return super().lldp_neighbors() + self._npu_ports.lldp_neighbors()

    @cached_property
    def _accelerator_host(self) -> "AcceleratorHost":
        from plugfest.accelerators.host import AcceleratorHost

        return AcceleratorHost(self.name, self.session)

    @cached_property
    def _npu_ports(self) -> "NpuPorts":
        from plugfest.accelerators.npu_ports import NpuPorts

        named = sorted(int(port[len("npu") :]) for port in self._fabric_ports if NPU_PORT.fullmatch(port))
        return NpuPorts(self._accelerator_host, named)

    def _accelerator_versions(self) -> dict[str, str]:
        """Drivers and firmware of the accelerators that the lab file names; what cannot be asked says why."""
        if not self._host.accelerators:
            return {}
        from plugfest.accelerators.summary import versions

        try:
            return versions(self.accelerators())
        except (Unsupported, LabError) as error:
            return {"accelerators": f"not read: {error}"}

    def rdma_devices(self) -> tuple[RdmaDevice, ...]:
        """RDMA ports of the NICs that the inventory gives to this host.

        The inventory decides because Linux lists the RDMA devices of all network namespaces unless told otherwise.
        """
        netdevs = rdma.parse_links(self._ask(*rdma.SHOW_LINKS, question="RDMA links"))
        return tuple(
            port
            for nic in self._host.nics
            if nic.rdma_device
            for port in rdma.parse_device(
                self._ask(*rdma.show_device(nic.rdma_device), question=f"RDMA device {nic.rdma_device}"), netdevs
            )
        )

    def rdma_counters(self, rdma_device: str, port: int = 1) -> RdmaCounters:
        """Counters of one RDMA port by the driver's own names; of a port that an NPU owns by those of its tool."""
        if NPU_PORT.fullmatch(rdma_device):
            return self._npu_ports.rdma_counters(rdma_device)
        command = rdma.show_counters(rdma_device, port)
        return rdma.parse_counters(
            self._ask(*command, question=f"RDMA counters of {rdma_device}/{port}"), rdma_device, port
        )

    def roce_gid(self, rdma_device: str) -> RdmaGid:
        """The RoCEv2 GID that carries an IPv4 address; Unsupported, with what was seen, if there is none."""
        gids = [gid for device in self.rdma_devices() if device.name == rdma_device for gid in device.gids]
        for gid in gids:
            if gid.type == ROCE_V2 and gid.gid.startswith("::ffff:"):
                return gid
        seen = ", ".join(f"{gid.index}: {gid.gid} ({gid.type})" for gid in gids) or "an empty GID table"
        raise Unsupported(f"{self.name}: {rdma_device} has no RoCEv2 GID with an IPv4 address; seen: {seen}")

    def notification_interval_us(self, port: str) -> float:
        """Least time between two congestion notifications that the NIC of `port` sends; Unsupported if it has none."""
        question = f"time between congestion notifications of {port}"
        return notification.parse_interval(self._ask(*notification.show_interval(port), question=question))
