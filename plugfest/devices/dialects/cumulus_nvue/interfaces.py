"""Cumulus NVUE: ports from JSON.

The user guide shows this object as the REST API's answer (`GET /nvue_v1/interface`); the command line prints the same
object model with `-o json`.
"""

from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.records import InterfaceCounters, InterfaceState

Count = Annotated[int, Field(ge=0)]
Duplex = Literal["full", "half"]
Fec = Literal["auto", "off", "baser", "rs"]
ADMIN = {"up": True, "down": False}
OPERATIONAL = {
    "up": True,
    "down": False,
    "lowerlayerdown": False,
    "notpresent": False,
    "dormant": False,
    "testing": False,
    "unknown": None,
}
"""The kernel's operational states (RFC 2863); a loopback's is ``unknown``."""


class _Stats(Wire):
    rx_bytes: Count | None = Field(default=None, alias="in-bytes")
    rx_packets: Count | None = Field(default=None, alias="in-pkts")
    rx_dropped: Count | None = Field(default=None, alias="in-drops")
    rx_errors: Count | None = Field(default=None, alias="in-errors")
    tx_bytes: Count | None = Field(default=None, alias="out-bytes")
    tx_packets: Count | None = Field(default=None, alias="out-pkts")
    tx_dropped: Count | None = Field(default=None, alias="out-drops")
    tx_errors: Count | None = Field(default=None, alias="out-errors")
    carrier_changes: Count = Field(alias="carrier-transitions")


class _Link(Wire):
    admin: str | None = Field(default=None, alias="admin-status")
    operational: str | None = Field(default=None, alias="oper-status")
    state: dict[str, Any] | str | None = None
    """Releases before the two above have only this: the operational state, or an object whose one name it is."""
    mtu: Count | None = None
    mac: str | None = None
    mac_address: str | None = Field(default=None, alias="mac-address")
    speed: str | None = None
    duplex: str | None = None
    fec: Fec | None = None
    description: str | None = None
    stats: _Stats | None = None


class _Addresses(Wire):
    address: dict[str, Any] = {}


class _Interface(Wire):
    link: _Link
    ip: _Addresses = _Addresses()
    ipv4: _Addresses = _Addresses()
    ipv6: _Addresses = _Addresses()
    """Newer releases hold addresses by family."""
    description: str | None = None


def interfaces(output: Output) -> tuple[InterfaceState, ...]:
    """`nv show interface -o json`, or the one object of `nv show interface PORT -o json`."""
    if "port" in output.arguments:
        return (_state(output.port(), read_json(output, _Interface)),)
    wire = read_json(output, dict[str, _Interface])
    return tuple(_state(name, interface) for name, interface in wire.items())


def link(output: Output) -> tuple[InterfaceState]:
    """`nv show interface PORT link -o json`; it knows no addresses."""
    return (_state(output.port(), _Interface(link=read_json(output, _Link))),)


def stats(output: Output) -> tuple[PortCounters]:
    """`nv show interface PORT link stats -o json`."""
    return (PortCounters(port=output.port(), counters=_counters(read_json(output, _Stats))),)


def _state(name: str, interface: _Interface) -> InterfaceState:
    wire = interface.link
    try:
        return InterfaceState(
            name=name,
            admin_up=None if wire.admin is None else values.one_of(wire.admin, ADMIN, "administrative state"),
            oper_up=_operational(wire),
            mtu=wire.mtu,
            mac=wire.mac_address or wire.mac,
            speed_mbps=_speed(wire.speed),
            duplex=_duplex(wire.duplex),
            fec=wire.fec,
            addresses=(*interface.ip.address, *interface.ipv4.address, *interface.ipv6.address),
            description=wire.description or interface.description or None,
            counters=_counters(wire.stats) if wire.stats else None,
        )
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _operational(wire: _Link) -> bool | None:
    """A link says its state by `oper-status` or, in older releases, by `state` alone."""
    word = wire.operational
    if word is None and isinstance(wire.state, str):
        word = wire.state
    elif word is None and wire.state is not None:
        if len(wire.state) != 1:
            raise ValueError(f"expected one state, got {', '.join(wire.state) or 'none'}")
        word = next(iter(wire.state))
    if word is not None and word not in OPERATIONAL:
        raise ValueError(f"{word!r} is not a known operational state (known: {', '.join(OPERATIONAL)})")
    return None if word is None else OPERATIONAL[word]


def _speed(word: str | None) -> int | None:
    return None if word is None or word == "auto" or values.absent(word) else values.speed(word)


def _duplex(word: str | None) -> Duplex | None:
    if word is None or values.absent(word):
        return None
    if word not in get_args(Duplex):
        raise ValueError(f"{word!r} is not a known duplex mode")
    return "full" if word == "full" else "half"


def _counters(wire: _Stats) -> InterfaceCounters:
    return InterfaceCounters(**wire.model_dump())


READINGS = (
    Reading(
        ("nv show interface [{port}] -o json",),
        (Question.INTERFACES, Question.INTERFACE_COUNTERS, Question.CARRIER_CHANGES),
        interfaces,
        Evidence.MANUAL,
    ),
    Reading(
        ("nv show interface {port} link -o json",),
        (Question.INTERFACES, Question.INTERFACE_COUNTERS, Question.CARRIER_CHANGES),
        link,
        Evidence.NONE,
    ),
    Reading(
        ("nv show interface {port} link stats -o json",),
        (Question.INTERFACE_COUNTERS, Question.CARRIER_CHANGES),
        stats,
        Evidence.NONE,
    ),
)
