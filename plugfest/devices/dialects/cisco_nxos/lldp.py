"""Cisco NX-OS: LLDP neighbours."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import LldpNeighbor

TOTAL = re.compile(r"Total entries displayed:\s*(\d+)")


def neighbors(output: Output) -> tuple[LldpNeighbor, ...]:
    """`show lldp neighbors`: the count at the end must agree; short names of local ports are written out."""
    rows = textfsm_rows(output, "cisco_nxos/show_lldp_neighbors")
    said = [int(found[1]) for line in output.lines if (found := TOTAL.fullmatch(line.text.strip()))]
    if said and sum(said) != len(rows):
        raise output.error(f"{len(rows)} neighbours were printed, but the end says {sum(said)}", output.last)
    return build(
        output,
        rows,
        lambda row: LldpNeighbor(
            local_port=re.sub(r"^Eth(?=\d)", "Ethernet", row["PORT"]),
            chassis_id=None,
            system_name=row.text("NAME"),
            port_id=row["REMOTE"],
            ttl=row.count("TTL"),
        ),
    )


READINGS = (Reading(("show lldp neighbors", "show lldp neighbor"), (Question.LLDP,), neighbors, Evidence.DEVICE),)
