"""Vendor-neutral answers of switches and hosts.  A field that a device cannot report is ``None``: unmeasured."""

from enum import StrEnum
from typing import Literal

from plugfest.records import Record


class DeviceFacts(Record):
    """Who a device says it is."""

    device: str
    vendor: str | None
    model: str | None
    chip: str | None
    """Switch silicon or accelerator family."""
    software: str
    """NOS or operating system with version."""
    firmware: str | None = None
    serial: str | None = None
    details: dict[str, str] = {}
    """Further versions worth keeping in the report: kernel, FRR, rdma-core, driver."""


class InterfaceCounters(Record):
    """Cumulative counters of one port since the device counts."""

    rx_packets: int | None
    rx_bytes: int | None
    rx_errors: int | None
    rx_dropped: int | None
    tx_packets: int | None
    tx_bytes: int | None
    tx_errors: int | None
    tx_dropped: int | None
    fcs_errors: int | None = None
    carrier_changes: int | None = None


class InterfaceState(Record):
    """One port as the device sees it now."""

    name: str
    admin_up: bool | None
    oper_up: bool | None
    mtu: int | None
    """IP MTU in bytes."""
    max_frame_bytes: int | None = None
    """Largest Ethernet frame the port passes, where the device says that instead of an MTU."""
    mac: str | None
    speed_mbps: int | None = None
    duplex: Literal["full", "half"] | None = None
    fec: str | None = None
    addresses: tuple[str, ...] = ()
    """IP addresses with prefix length."""
    description: str | None = None
    counters: InterfaceCounters | None = None


class LldpNeighbor(Record):
    """One neighbour heard by LLDP (IEEE 802.1AB) on a local port."""

    local_port: str
    chassis_id: str | None
    system_name: str | None
    port_id: str | None
    port_description: str | None = None
    ttl: int | None = None
    """Seconds the neighbour said its information lives."""
    management_addresses: tuple[str, ...] = ()


class BgpState(StrEnum):
    """States of the BGP finite state machine (RFC 4271, 8.2.2)."""

    IDLE = "Idle"
    CONNECT = "Connect"
    ACTIVE = "Active"
    OPEN_SENT = "OpenSent"
    OPEN_CONFIRM = "OpenConfirm"
    ESTABLISHED = "Established"


class BgpNeighbor(Record):
    """One BGP session."""

    neighbor: str
    """Peer address or, unnumbered, the local interface."""
    interface: str | None
    remote_asn: int | None
    local_asn: int | None
    state: BgpState
    uptime_seconds: int | None
    prefixes_received: int | None
    hostname: str | None = None


class NextHop(Record):
    """One way to a destination."""

    address: str | None
    interface: str | None
    weight: int | None = None


class Route(Record):
    """One installed route with all its equal-cost next hops."""

    prefix: str
    protocol: str
    """bgp, connected, static, kernel, …"""
    next_hops: tuple[NextHop, ...]
    metric: int | None = None


class QueueCounters(Record):
    """One egress queue or queueing discipline of a port."""

    port: str
    queue: str
    """Queue number or name as the device has it."""
    tx_packets: int | None
    tx_bytes: int | None
    dropped_packets: int | None
    dropped_bytes: int | None = None
    ecn_marked_packets: int | None = None
    backlog_bytes: int | None = None
    peak_bytes: int | None = None


class RdmaDevice(Record):
    """One RDMA device of a host."""

    name: str
    port: int
    netdev: str | None
    state: str
    """Port state such as ACTIVE."""
    active_mtu: int | None
    """RDMA path MTU in bytes: 256, 512, 1024, 2048 or 4096."""
    gids: tuple["RdmaGid", ...] = ()
    node_guid: str | None = None
    firmware: str | None = None


class RdmaGid(Record):
    """One entry of the GID table."""

    index: int
    gid: str
    type: str
    """``RoCE v2``, ``RoCE v1``, …"""
    netdev: str | None = None


class RdmaCounters(Record):
    """Hardware counters of one RDMA port by the driver's own names; a missing key is unmeasured."""

    device: str
    port: int
    values: dict[str, int]
