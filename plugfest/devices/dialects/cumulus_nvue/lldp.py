"""Cumulus NVUE: LLDP neighbours from JSON or as a table.

The form of the JSON is that of published answers of release 5.6; the table is the user guide's.
"""

from typing import Annotated

from pydantic import Field

from plugfest.devices.dialects.json_output import Wire, looks_like_json, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.records import LldpNeighbor


class _Chassis(Wire):
    identity: str | None = Field(default=None, alias="chassis-id")
    name: str | None = Field(default=None, alias="system-name")
    ipv4: str | None = Field(default=None, alias="management-address-ipv4")
    ipv6: str | None = Field(default=None, alias="management-address-ipv6")


class _Port(Wire):
    name: str | None = None
    description: str | None = None
    ttl: Annotated[int, Field(ge=0)] | None = None


class _Neighbor(Wire):
    chassis: _Chassis
    port: _Port


class _Lldp(Wire):
    neighbor: dict[str, _Neighbor] = {}


class _Interface(Wire):
    lldp: _Lldp = _Lldp()


def all_ports(output: Output) -> tuple[LldpNeighbor, ...]:
    """`nv show interface lldp [-o json]`: ports without a neighbour are listed without one."""
    if not looks_like_json(output):
        return _table(output)
    wire = read_json(output, dict[str, _Interface])
    return tuple(
        _record(name, neighbor) for name, interface in wire.items() for neighbor in interface.lldp.neighbor.values()
    )


def _table(output: Output) -> tuple[LldpNeighbor, ...]:
    """Neighbours by name and port; names cut short to the width of the terminal are refused."""
    short = next((line for line in output.lines if "…" in line.text), None)
    if short:
        raise output.error("the terminal was too narrow for this column: ask with -o json", short)
    tables = ruler_tables(output, required=("Interface", "Remote Host", "Remote Port"), optional=("Speed", "Type"))
    heard = (row for table in tables for row in table.rows if row.text("Remote Host") or row.text("Remote Port"))
    return build(output, heard, _heard)


def _heard(row: Row) -> LldpNeighbor:
    return LldpNeighbor(
        local_port=row["Interface"],
        chassis_id=None,
        system_name=row.text("Remote Host"),
        port_id=row.text("Remote Port"),
    )


def one_port(output: Output) -> tuple[LldpNeighbor, ...]:
    """`nv show interface PORT lldp neighbor -o json`: neighbours by the name that the switch gives them."""
    wire = read_json(output, dict[str, _Neighbor])
    return tuple(_record(output.port(), neighbor) for neighbor in wire.values())


def _record(port: str, neighbor: _Neighbor) -> LldpNeighbor:
    chassis = neighbor.chassis
    return LldpNeighbor(
        local_port=port,
        chassis_id=chassis.identity or None,
        system_name=chassis.name or None,
        port_id=neighbor.port.name or None,
        port_description=neighbor.port.description or None,
        ttl=neighbor.port.ttl,
        management_addresses=tuple(address for address in (chassis.ipv4, chassis.ipv6) if address),
    )


READINGS = (
    Reading(
        (
            "nv show interface lldp -o json",
            "nv show interface lldp",
            "nv show interface lldp-detail -o json",
            "nv show interface --view=lldp -o json",
            "nv show interface --view lldp -o json",
        ),
        (Question.LLDP,),
        all_ports,
        Evidence.NONE,
    ),
    Reading(("nv show interface {port} lldp neighbor -o json",), (Question.LLDP,), one_port, Evidence.NONE),
)
