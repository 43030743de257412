"""Cisco NX-OS: LLDP neighbours."""

import re

from plugfest.devices.dialects.lldp_detail import detailed_neighbor
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import LldpNeighbor

TOTAL = re.compile(r"Total entries displayed:\s*(\d+)")


def detail(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors detail`: with chassis, port description and management addresses."""
    rows = textfsm_rows(output, "cisco_nxos/show_lldp_neighbors_detail", nothing=r"Total entries displayed:\s*0")
    _counted(output, len(rows))
    return build(output, rows, detailed_neighbor, _written_out)


def neighbors(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors`: short names of local ports are written out."""
    rows = textfsm_rows(output, "cisco_nxos/show_lldp_neighbors")
    _counted(output, len(rows))
    return build(
        output,
        rows,
        lambda row: LldpNeighbor(
            local_port=_written_out(row["PORT"]),
            chassis_id=None,
            system_name=row.text("NAME"),
            port_id=row["REMOTE"],
            ttl=row.count("TTL"),
        ),
    )


def _counted(output: Output, printed: int) -> None:
    """The count at the end must agree."""
    said = [int(found[1]) for line in output.lines if (found := TOTAL.fullmatch(line.text.strip()))]
    if said and sum(said) != printed:
        raise output.error(f"{printed} neighbours were printed, but the end says {sum(said)}", output.last)


def _written_out(port: str) -> str:
    return re.sub(r"^Eth(?=\d)", "Ethernet", port)


READINGS = (
    Reading(
        ("show lldp neighbors detail", "show lldp neighbors interface {port} detail"),
        (Question.LLDP,),
        detail,
        Evidence.MANUAL,
    ),
    Reading(
        ("show lldp neighbors", "show lldp neighbors interface {port}"), (Question.LLDP,), neighbors, Evidence.DEVICE
    ),
)
