"""Arista EOS: ports from JSON."""

from typing import Literal

from pydantic import Field

from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import InterfaceCounters, InterfaceState


class _Errors(Wire):
    fcs: int | None = Field(default=None, alias="fcsErrors")


class _Counters(Wire):
    in_octets: int | None = Field(default=None, alias="inOctets")
    in_unicast: int | None = Field(default=None, alias="inUcastPkts")
    in_multicast: int | None = Field(default=None, alias="inMulticastPkts")
    in_broadcast: int | None = Field(default=None, alias="inBroadcastPkts")
    in_errors: int | None = Field(default=None, alias="totalInErrors")
    in_discards: int | None = Field(default=None, alias="inDiscards")
    in_details: _Errors = Field(default=_Errors(), alias="inputErrorsDetail")
    out_octets: int | None = Field(default=None, alias="outOctets")
    out_unicast: int | None = Field(default=None, alias="outUcastPkts")
    out_multicast: int | None = Field(default=None, alias="outMulticastPkts")
    out_broadcast: int | None = Field(default=None, alias="outBroadcastPkts")
    out_errors: int | None = Field(default=None, alias="totalOutErrors")
    out_discards: int | None = Field(default=None, alias="outDiscards")
    changes: int | None = Field(default=None, alias="linkStatusChanges")


class _Interface(Wire):
    status: str = Field(alias="interfaceStatus")
    protocol: str = Field(alias="lineProtocolStatus")
    mtu: int | None = None
    mac: str | None = Field(default=None, alias="physicalAddress")
    bandwidth: int | None = None
    duplex: str | None = None
    description: str | None = None
    counters: _Counters | None = Field(default=None, alias="interfaceCounters")


class _Interfaces(Wire):
    interfaces: dict[str, _Interface]


class _Status(Wire):
    status: str = Field(alias="linkStatus")
    protocol: str | None = Field(default=None, alias="lineProtocolStatus")
    bandwidth: int | None = None
    duplex: str | None = None
    description: str | None = None


class _Statuses(Wire):
    interfaces: dict[str, _Status] = Field(alias="interfaceStatuses")


def interfaces(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces | json`."""
    wire = read_json(output, _Interfaces)
    return tuple(_state(name, port) for name, port in wire.interfaces.items())


def _state(name: str, port: _Interface) -> InterfaceState:
    return InterfaceState(
        name=name,
        admin_up=port.status != "disabled",
        oper_up=port.protocol == "up",
        mtu=port.mtu,
        mac=port.mac,
        speed_mbps=_megabits(port.bandwidth),
        duplex=_duplex(port.duplex),
        description=port.description or None,
        counters=_counters(port.counters) if port.counters else None,
    )


def _counters(wire: _Counters) -> InterfaceCounters:
    return InterfaceCounters(
        rx_packets=_sum(wire.in_unicast, wire.in_multicast, wire.in_broadcast),
        rx_bytes=wire.in_octets,
        rx_errors=wire.in_errors,
        rx_dropped=wire.in_discards,
        tx_packets=_sum(wire.out_unicast, wire.out_multicast, wire.out_broadcast),
        tx_bytes=wire.out_octets,
        tx_errors=wire.out_errors,
        tx_dropped=wire.out_discards,
        fcs_errors=wire.in_details.fcs,
        carrier_changes=wire.changes,
    )


def _sum(*counts: int | None) -> int | None:
    """The sum, or None if a part is missing."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def status(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces status | json`."""
    wire = read_json(output, _Statuses)
    return tuple(
        InterfaceState(
            name=name,
            admin_up=None if port.status == "inactive" else port.status != "disabled",
            oper_up=port.status == "connected",
            mtu=None,
            mac=None,
            speed_mbps=_megabits(port.bandwidth),
            duplex=_duplex(port.duplex),
            description=port.description or None,
        )
        for name, port in wire.interfaces.items()
    )


def _megabits(bits_per_second: int | None) -> int | None:
    return bits_per_second // 10**6 if bits_per_second else None


def _duplex(word: str | None) -> Literal["full", "half"] | None:
    return "full" if word == "duplexFull" else "half" if word == "duplexHalf" else None


READINGS = (
    Reading(
        ("show interfaces [{port}] | json",),
        (Question.INTERFACES, Question.INTERFACE_COUNTERS, Question.CARRIER_CHANGES),
        interfaces,
        Evidence.DEVICE,
    ),
    Reading(
        ("show interfaces status | json", "show interfaces {port} status | json"),
        (Question.INTERFACES,),
        status,
        Evidence.DEVICE,
    ),
)
