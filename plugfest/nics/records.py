"""What NICs and their tools say beyond the records that switches share.  ``None`` is unmeasured, never zero."""

from plugfest.records import Record


class PortBandwidth(Record):
    """Traffic of one port at the moment, in the tool's own unit."""

    port: str
    tx_megabytes_per_second: float | None
    rx_megabytes_per_second: float | None


class LinkChange(Record):
    """One change of a link."""

    time: str
    """As the device prints it."""
    up: bool


class LinkHistory(Record):
    """How often a link came up, and when it last changed."""

    port: str
    ups: int | None
    downs: int | None = None
    changes: tuple[LinkChange, ...] = ()


class PortHealth(Record):
    """What a NIC's own check of its network says."""

    port: str
    healthy: bool | None
    """None: the check has not finished or is not set up."""
    words: str


class PciDevice(Record):
    """One PCI device."""

    bus: str
    """Address with domain, lower case."""
    kind: str | None
    """PCI class as lspci names it."""
    class_id: str
    """Four hexadecimal digits: 0200 Ethernet, 0207 InfiniBand, 0302 3D controller, 1200 accelerator."""
    vendor_id: str
    device_id: str
    name: str | None = None
    driver: str | None = None


class DriverInfo(Record):
    """Which driver and firmware a port runs (``ethtool -i``)."""

    port: str
    driver: str
    version: str | None = None
    firmware: str | None = None
    bus: str | None = None


class RdmaLink(Record):
    """Which net device an RDMA port belongs to."""

    device: str
    port: int
    netdev: str | None
    state: str | None = None
    """ACTIVE, DOWN, INIT …"""
    physical_state: str | None = None


class PortGid(Record):
    """One entry of the GID table of an RDMA port."""

    device: str
    port: int
    index: int
    gid: str
    type: str | None
    """``RoCE v2``, ``RoCE v1``, ``IB``."""
    netdev: str | None = None


class RdmaAdapter(Record):
    """An RDMA device with its firmware and transport."""

    name: str
    transport: str | None
    firmware: str | None
    board: str | None = None
    vendor_id: str | None = None


class NicFunction(Record):
    """One PCI function of a NIC card and the net device on it."""

    card: str
    bus: str
    netdev: str | None


class NicCard(Record):
    """One NIC card as its vendor's tool names it."""

    name: str
    model: str | None
    bus: str | None = None
    firmware: str | None = None
    serial: str | None = None
    mac: str | None = None


class ReceiveBuffer(Record):
    """Receive buffers of one port and the priorities they hold."""

    port: str
    sizes_bytes: tuple[int, ...]
    maximum_bytes: int | None
    buffer_of_priority: tuple[int, ...] | None = None
    cable_length_metres: int | None = None


class DcbxMode(Record):
    """Who negotiates DCB of one port with its peer."""

    port: str
    controlled_by: str
    """os or firmware."""


class ApplicationPriority(Record):
    """Which priority an application's frames get (IEEE 802.1Q, annex D.2.9)."""

    port: str
    selector: str
    """ethtype, stream-port, dgram-port, port, default."""
    protocol: int | None
    priority: int
