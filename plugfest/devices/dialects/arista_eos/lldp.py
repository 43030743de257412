"""Arista EOS: LLDP neighbours from text and from JSON."""

import re

from pydantic import Field

from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.lldp_detail import detailed_neighbor
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import LldpNeighbor


class _Neighbor(Wire):
    port: str
    device: str = Field(alias="neighborDevice")
    remote: str = Field(alias="neighborPort")
    ttl: int | None = None


class _Table(Wire):
    neighbors: list[_Neighbor] = Field(alias="lldpNeighbors")


class _Address(Wire):
    address: str


class _Port(Wire):
    port_id: str | None = Field(default=None, alias="interfaceId_v2")
    quoted_port_id: str | None = Field(default=None, alias="interfaceId")
    description: str | None = Field(default=None, alias="interfaceDescription")


class _Detail(Wire):
    chassis: str | None = Field(default=None, alias="chassisId")
    name: str | None = Field(default=None, alias="systemName")
    ttl: int | None = None
    port: _Port = Field(default=_Port(), alias="neighborInterfaceInfo")
    addresses: list[_Address] = Field(default=[], alias="managementAddresses")


class _Details(Wire):
    info: list[_Detail] = Field(alias="lldpNeighborInfo")


class _DetailTable(Wire):
    neighbors: dict[str, _Details] = Field(alias="lldpNeighbors")


def neighbors(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors`."""
    rows = textfsm_rows(output, "arista_eos/show_lldp_neighbors")
    return build(
        output,
        rows,
        lambda row: LldpNeighbor(
            local_port=row["PORT"],
            chassis_id=None,
            system_name=row.text("NAME"),
            port_id=row.text("REMOTE"),
            ttl=row.count("TTL"),
        ),
    )


DETECTED = re.compile(r"Interface\s+\S+\s+detected\s+(\d+)\s+LLDP\s+neighbors?:?")


def detail(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors detail`; ParseError if another number follows than each port announces."""
    rows = textfsm_rows(output, "arista_eos/show_lldp_neighbors_detail", nothing=r"detected\s+0\s+LLDP")
    said = sum(int(found[1]) for line in output.lines if (found := DETECTED.fullmatch(line.text)))
    if said != len(rows):
        raise output.error(f"{len(rows)} neighbours were printed where {said} were announced")
    return build(output, rows, detailed_neighbor)


def neighbors_json(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors | json`."""
    return tuple(
        LldpNeighbor(local_port=item.port, chassis_id=None, system_name=item.device, port_id=item.remote, ttl=item.ttl)
        for item in read_json(output, _Table).neighbors
    )


def detail_json(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors detail | json`."""
    wire = read_json(output, _DetailTable)
    return tuple(_detail(port, item) for port, details in wire.neighbors.items() for item in details.info)


def _detail(port: str, item: _Detail) -> LldpNeighbor:
    port_id = item.port.port_id or (item.port.quoted_port_id or "").strip('"') or None
    return LldpNeighbor(
        local_port=port,
        chassis_id=item.chassis,
        system_name=item.name,
        port_id=port_id,
        port_description=item.port.description or None,
        ttl=item.ttl,
        management_addresses=tuple(address.address for address in item.addresses),
    )


READINGS = (
    Reading(
        ("show lldp neighbors detail | json", "show lldp neighbors {port} detail | json"),
        (Question.LLDP,),
        detail_json,
        Evidence.DEVICE,
    ),
    Reading(
        ("show lldp neighbors | json", "show lldp neighbors {port} | json"),
        (Question.LLDP,),
        neighbors_json,
        Evidence.DEVICE,
    ),
    Reading(
        ("show lldp neighbors detail", "show lldp neighbors {port} detail"), (Question.LLDP,), detail, Evidence.DEVICE
    ),
    Reading(("show lldp neighbors [{port}]",), (Question.LLDP,), neighbors, Evidence.DEVICE),
)
