"""A Linux GPU host: RDMA devices and their counters beside what every Linux device answers."""

from plugfest.devices.linux import notification, rdma
from plugfest.devices.linux.device import LinuxDevice
from plugfest.devices.linux.versions import host_facts
from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import DeviceFacts, RdmaCounters, RdmaDevice, RdmaGid
from plugfest.errors import InventoryError
from plugfest.inventory.models import Host, Lab
from plugfest.sessions.protocol import SessionProtocol

ROCE_V2 = "RoCE v2"


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
        return host_facts(self.name, self._host, self.versions())

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
        """Counters of one RDMA port by the driver's own names."""
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
