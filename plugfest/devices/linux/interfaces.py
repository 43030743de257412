"""Ports of a Linux device: iproute2's JSON for state, addresses and counters, ethtool's text for speed."""

import re
from typing import Literal, NamedTuple

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json, unknown_form
from plugfest.devices.records import InterfaceCounters, InterfaceState
from plugfest.sessions.result import CommandResult

SHOW_INTERFACES = ("ip", "-j", "-d", "-s", "-s", "addr", "show")
SHOW_SETTINGS = ("ethtool", "*")
"""ethtool dumps every port for ``*``; its own JSON is not valid for a dump, so the text is read."""

_SETTINGS_OF = re.compile(r"Settings for (?P<port>\S+):")
_SETTING = re.compile(r"\t(?P<key>[A-Z][^:]*): ?(?P<value>.*)")
# Link modes go on below the first; the message level of physical NICs stands after blanks instead of a tab.
_CONTINUATION = re.compile(r"\t( {2,}|\t)\s*\S.*| {8}(Current message level: 0x[0-9a-f]{8} \(\d+\)| +[a-z][a-z_ ]*)")
_SPEED = re.compile(r"(?P<mbps>\d+)Mb/s")


class _Receive(Shape):
    bytes: int
    packets: int
    errors: int
    dropped: int
    crc_errors: int | None = None


class _Transmit(Shape):
    bytes: int
    packets: int
    errors: int
    dropped: int
    carrier_changes: int | None = None


class _Statistics(Shape):
    rx: _Receive
    tx: _Transmit


class _Address(Shape):
    local: str | None = None
    prefixlen: int


class _Interface(Shape):
    name: str = Field(alias="ifname")
    flags: list[str]
    mtu: int
    operstate: str
    mac: str | None = Field(default=None, alias="address")
    alias: str | None = Field(default=None, alias="ifalias")
    addresses: list[_Address] = Field(alias="addr_info")
    statistics: _Statistics | None = Field(default=None, alias="stats64")


# `ip -j` prints {} for entries that a filter hides.
_INTERFACES: TypeAdapter[list[_Interface]] = TypeAdapter(list[_Interface])


class PortSettings(NamedTuple):
    """What ethtool says of one port; None is *not reported*."""

    speed_mbps: int | None = None
    duplex: Literal["full", "half"] | None = None


def parse_interfaces(result: CommandResult) -> dict[str, InterfaceState]:
    """Ports by name from `SHOW_INTERFACES`; speed is left unmeasured, see `with_settings`."""
    return {interface.name: _state(interface) for interface in read_json(result, _INTERFACES)}


def parse_settings(result: CommandResult) -> dict[str, PortSettings]:
    """Speed and duplex by port from `SHOW_SETTINGS`, which prints several blocks for each port."""
    settings: dict[str, PortSettings] = {}
    port = None
    for line in result.out.splitlines():
        if heading := _SETTINGS_OF.fullmatch(line):
            port = heading["port"]
            settings.setdefault(port, PortSettings())
        elif port and (setting := _SETTING.fullmatch(line)):
            settings[port] = _updated(result, settings[port], setting["key"], setting["value"])
        elif not (port and _CONTINUATION.fullmatch(line)):
            raise unknown_form(result, f"unknown line {line!r}")
    return settings


def with_settings(states: dict[str, InterfaceState], settings: dict[str, PortSettings]) -> dict[str, InterfaceState]:
    """The same ports with what ethtool knows of them."""
    return {
        name: state.model_copy(update=settings.get(name, PortSettings())._asdict()) for name, state in states.items()
    }


def _state(interface: _Interface) -> InterfaceState:
    return InterfaceState(
        name=interface.name,
        admin_up="UP" in interface.flags,
        oper_up=_operational(interface),
        mtu=interface.mtu,
        mac=interface.mac,
        addresses=tuple(f"{address.local}/{address.prefixlen}" for address in interface.addresses if address.local),
        description=interface.alias,
        counters=_counters(interface.statistics) if interface.statistics else None,
    )


def _operational(interface: _Interface) -> bool:
    # Loopback and some virtual ports have no operational state of their own; their carrier decides.
    if interface.operstate == "UNKNOWN":
        return "LOWER_UP" in interface.flags
    return interface.operstate == "UP"


def _counters(statistics: _Statistics) -> InterfaceCounters:
    rx, tx = statistics.rx, statistics.tx
    return InterfaceCounters(
        rx_packets=rx.packets,
        rx_bytes=rx.bytes,
        rx_errors=rx.errors,
        rx_dropped=rx.dropped,
        tx_packets=tx.packets,
        tx_bytes=tx.bytes,
        tx_errors=tx.errors,
        tx_dropped=tx.dropped,
        fcs_errors=rx.crc_errors,
        carrier_changes=tx.carrier_changes,
    )


def _updated(result: CommandResult, settings: PortSettings, key: str, value: str) -> PortSettings:
    if value.startswith("Unknown!"):
        return settings
    if key == "Speed":
        speed = _SPEED.fullmatch(value)
        if not speed:
            raise unknown_form(result, f"expected a speed such as 100000Mb/s, got {value!r}")
        return settings._replace(speed_mbps=int(speed["mbps"]))
    if key == "Duplex":
        if value not in ("Full", "Half"):
            raise unknown_form(result, f"expected duplex Full or Half, got {value!r}")
        return settings._replace(duplex="full" if value == "Full" else "half")
    return settings
