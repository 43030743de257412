"""SONiC: LLDP neighbours as a table (`lldpshow`) and in full (`lldpctl`)."""

import re
from dataclasses import dataclass, field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.prose import COMMAND, COMMON
from plugfest.devices.records import LldpNeighbor

TOTAL = re.compile(r"Total entries displayed:\s*(\d+)")
INTERFACE = re.compile(r"Interface:\s+([^,\s]+),\s*via:\s*\w[^,]*,.*")
FIELD = re.compile(r"([A-Z][\w -]*):\s*(.*)")
READ = {"ChassisID", "SysName", "SysDescr", "TTL", "MgmtIP", "PortID", "PortDescr"}
SUBTYPE = r"(?:mac|ifname|local|ip|ifalias) "
SKIPPED = re.compile(
    r"(Chassis|Port|MgmtIface|Capability|VLAN|PPVID|PI|MFS|PMD autoneg|Adv|Advertise version|MAU oper type|"
    r"LinkAggregation|LLDP-MED|Device [Tt]ype|MDI Power|Power|Extended Power-over-Ethernet|PD|PSE|Class|Pair control|"
    r"Requested mode|Allocated alternative|supported|enabled|Type|Priority|PCP|DEI|DSCP Value|Geoid|Latitude|"
    r"Longitude|Altitude|Country|ECS ELIN|Inventory|Serial Number|Manufacturer|Model|Hardware Revision|"
    r"Software Revision|Firmware Revision|Asset ID|Unknown ?TLVs?|TLV|LLDP neighbors|Age|RID)\b.*"
)
CONTINUED = re.compile(r"\s{14}")
"""How `lldpctl` indents further lines of a value."""


def table(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp table`: one record a neighbour; the count at the end must agree."""
    tables = ruler_tables(
        output,
        required=("LocalPort", "RemoteDevice", "RemotePortID"),
        optional=("Capability", "RemotePortDescr"),
        prose=(*COMMON, r"Capability codes: .*", TOTAL.pattern),
    )
    rows = [row for table in tables for row in table.rows]
    said = [int(found[1]) for line in output.lines if (found := TOTAL.fullmatch(line.text.strip()))]
    if said and sum(said) != len(rows):
        raise output.error(f"{len(rows)} neighbours were printed, but the end says {sum(said)}", output.last)
    return build(output, rows, _neighbor)


def _neighbor(row: Row) -> LldpNeighbor:
    return LldpNeighbor(
        local_port=row["LocalPort"],
        chassis_id=None,
        system_name=row.text("RemoteDevice"),
        port_id=row.text("RemotePortID"),
        port_description=row.text("RemotePortDescr"),
    )


@dataclass
class _Neighbor:
    line: Line
    port: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""
    """The field before the current line: a system description may run on."""


def neighbors(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors`: one record a neighbour, with chassis, time to live and management addresses."""
    found: list[_Neighbor] = []
    for line in output.lines:
        text = line.text.strip()
        opened = INTERFACE.fullmatch(text)
        if opened:
            found.append(_Neighbor(line, opened[1]))
        elif text and not re.fullmatch(rf"-+|LLDP neighbors:|{COMMAND}", text):
            _field(output, found, line)
    records = []
    for item in found:
        with output.at(item.line):
            records.append(_record(item))
    return tuple(records)


def _field(output: Output, found: list[_Neighbor], line: Line) -> None:
    text = line.text.strip()
    item = FIELD.fullmatch(text)
    if not found:
        raise output.error("this line comes before any interface", line)
    neighbor = found[-1]
    if CONTINUED.match(line.text) and neighbor.last in ("", "SysDescr"):
        return
    if item and item[1] in READ:
        neighbor.last = item[1]
        neighbor.fields.setdefault(item[1], []).append(item[2].strip())
    elif SKIPPED.match(text):
        neighbor.last = ""
    elif neighbor.last != "SysDescr":
        raise output.error("this line has a form we do not know", line)


def _record(item: _Neighbor) -> LldpNeighbor:
    single = {name: _single(item, name) for name in READ - {"MgmtIP", "SysDescr"}}
    chassis, port = (re.sub(rf"^{SUBTYPE}", "", single[name] or "") or None for name in ("ChassisID", "PortID"))
    if chassis is None or port is None:
        raise ValueError("a neighbour without ChassisID or PortID")
    return LldpNeighbor(
        local_port=item.port,
        chassis_id=chassis,
        system_name=single["SysName"],
        port_id=port,
        port_description=single["PortDescr"],
        ttl=values.count(single["TTL"]) if single["TTL"] else None,
        management_addresses=tuple(item.fields.get("MgmtIP", ())),
    )


def _single(item: _Neighbor, name: str) -> str | None:
    found = item.fields.get(name, [])
    if len(found) > 1:
        raise ValueError(f"{name} occurs twice for one neighbour")
    return found[0] if found and found[0] else None


READINGS = (
    Reading(("show lldp neighbors [{port}]", "lldpctl [{port}]"), (Question.LLDP,), neighbors, Evidence.DEVICE),
    Reading(("show lldp table", "lldpshow"), (Question.LLDP,), table, Evidence.DEVICE),
)
