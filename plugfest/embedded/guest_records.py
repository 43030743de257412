"""What the guest builds: devices with ports, cables, addresses; all names checked, ready for the templates."""

from plugfest.records import Record


class GuestPort(Record):
    """One port of a device as the guest makes it."""

    name: str
    mac: str
    mtu: int
    address: str | None
    vlan: int | None
    test_port: bool
    """True: an emulated NIC whose wire ends at the harness."""
    cabled: bool
    """True: one end of a veth pair."""

    @property
    def uncabled(self) -> bool:
        """True for a port with nothing plugged in."""
        return not (self.cabled or self.test_port)


class GuestRdma(Record):
    """A Soft-RoCE device on a port."""

    device: str
    port: str


class GuestDevice(Record):
    """One namespace of the guest."""

    name: str
    is_switch: bool
    management_address: str
    """Address with prefix length."""
    management_mac: str
    ports: tuple[GuestPort, ...]
    gateway: str | None
    rdma: tuple[GuestRdma, ...]
    asn: int | None
    router_id: str | None
    bgp_ports: tuple[str, ...]
    """Ports with a BGP neighbour at the other end."""

    @property
    def vlans(self) -> tuple[int, ...]:
        """VLANs with at least one port; each is one bridge."""
        return tuple(sorted({port.vlan for port in self.ports if port.vlan is not None}))

    def bridge_mtu(self, vlan: int) -> int:
        """Smallest MTU in bytes of the ports in `vlan`."""
        return min(port.mtu for port in self.ports if port.vlan == vlan)

    @property
    def lldp_ports(self) -> tuple[str, ...]:
        """Ports on which LLDP runs: all but the management port."""
        return tuple(port.name for port in self.ports if not port.uncabled)

    def port(self, name: str) -> GuestPort:
        """The port called `name`."""
        return next(port for port in self.ports if port.name == name)


class GuestCable(Record):
    """A veth pair between two devices."""

    a_device: str
    a: GuestPort
    b_device: str
    b: GuestPort


class GuestPlan(Record):
    """The whole guest."""

    name: str
    devices: tuple[GuestDevice, ...]
    cables: tuple[GuestCable, ...]
    management_mac: str
    """MAC address of the virtual machine's own management NIC."""
    management_network: str
    """Network with prefix length that all management addresses are from."""

    @property
    def test_ports(self) -> dict[str, str]:
        """MAC address by readable port name, such as ``leaf1:swp3``, in a fixed order."""
        return {
            f"{device.name}:{port.name}": port.mac for device in self.devices for port in device.ports if port.test_port
        }
