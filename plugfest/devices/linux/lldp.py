"""LLDP neighbours as lldpd heard them (IEEE 802.1AB), from ``lldpcli``'s verbose JSON."""

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json, unknown_form
from plugfest.devices.records import LldpNeighbor
from plugfest.sessions.result import CommandResult

SHOW_NEIGHBORS = ("lldpcli", "-f", "json0", "show", "neighbors", "details")
"""``json0`` keeps the same structure whatever the number of neighbours; ``json`` does not."""


class _Value(Shape):
    value: str


class _Chassis(Shape):
    identity: list[_Value] = Field(default=[], alias="id")
    name: list[_Value] = []
    management: list[_Value] = Field(default=[], alias="mgmt-ip")


class _Port(Shape):
    identity: list[_Value] = Field(default=[], alias="id")
    description: list[_Value] = Field(default=[], alias="descr")
    ttl: list[_Value] = []


class _Interface(Shape):
    name: str
    via: str
    chassis: list[_Chassis]
    port: list[_Port]


class _Lldp(Shape):
    interface: list[_Interface] = []


class _Neighbors(Shape):
    lldp: list[_Lldp]


_NEIGHBORS: TypeAdapter[_Neighbors] = TypeAdapter(_Neighbors)


def parse_neighbors(result: CommandResult) -> tuple[LldpNeighbor, ...]:
    """Neighbours from `SHOW_NEIGHBORS`; those heard by other protocols (CDP, FDP) are left out."""
    heard = (interface for part in read_json(result, _NEIGHBORS).lldp for interface in part.interface)
    return tuple(_neighbor(result, interface) for interface in heard if interface.via == "LLDP")


def _neighbor(result: CommandResult, interface: _Interface) -> LldpNeighbor:
    if len(interface.chassis) != 1 or len(interface.port) != 1:
        raise unknown_form(result, f"expected one chassis and one port for a neighbour on {interface.name}")
    chassis, port = interface.chassis[0], interface.port[0]
    return LldpNeighbor(
        local_port=interface.name,
        chassis_id=_first(chassis.identity),
        system_name=_first(chassis.name),
        port_id=_first(port.identity),
        port_description=_first(port.description),
        ttl=_seconds(result, _first(port.ttl)),
        management_addresses=tuple(item.value for item in chassis.management),
    )


def _first(values: list[_Value]) -> str | None:
    return values[0].value if values else None


def _seconds(result: CommandResult, text: str | None) -> int | None:
    if text is not None and not text.isdecimal():
        raise unknown_form(result, f"expected a TTL in seconds, got {text!r}")
    return None if text is None else int(text)
