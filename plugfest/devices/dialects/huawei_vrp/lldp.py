"""Huawei VRP: LLDP neighbours in full and in brief."""

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import LldpNeighbor


def neighbors(output: Output) -> tuple[LldpNeighbor, ...]:
    """`display lldp neighbor`: one record a neighbour; ports without neighbours give none."""
    rows = textfsm_rows(output, "huawei_vrp/display_lldp_neighbor", nothing=r"has 0 neighbor")
    for port, said in {row["LOCAL"]: row.count("SAID") or 0 for row in rows}.items():
        if sum(row["LOCAL"] == port for row in rows) != said:
            raise output.error(f"{port} announced {said} neighbours, but another number follows", output.last)
    return build(output, rows, _neighbor)


def _neighbor(row: Row) -> LldpNeighbor:
    return LldpNeighbor(
        local_port=row["LOCAL"].replace(" ", ""),
        chassis_id=row["CHASSIS"],
        system_name=row.text("NAME"),
        port_id=row["PORT"],
        port_description=row.text("PORT_DESCRIPTION"),
        ttl=row.count("EXPIRES"),
        management_addresses=tuple(address for address in row.cells.get("ADDRESS", "").split() if address.strip("-")),
    )


def brief(output: Output) -> tuple[LldpNeighbor, ...]:
    """`display lldp neighbor brief`: names only; `ttl` is the time left as the device prints it."""
    rows = textfsm_rows(output, "huawei_vrp/display_lldp_neighbor_brief")
    return build(
        output,
        rows,
        lambda row: LldpNeighbor(
            local_port=row["LOCAL"],
            chassis_id=None,
            system_name=row.text("NAME"),
            port_id=row.text("PORT"),
            ttl=row.count("EXPIRES"),
        ),
    )


READINGS = (
    Reading(("display lldp neighbor [interface {port}]",), (Question.LLDP,), neighbors, Evidence.DEVICE),
    Reading(("display lldp neighbor brief",), (Question.LLDP,), brief, Evidence.MANUAL),
)
