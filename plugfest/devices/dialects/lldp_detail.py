"""LLDP neighbours from rows of a detailed list, whose templates name their values alike."""

from collections.abc import Callable

from plugfest.devices.dialects.row import Row
from plugfest.devices.records import LldpNeighbor


def detailed_neighbor(row: Row, port_name: Callable[[str], str] = str) -> LldpNeighbor:
    """The neighbour of one row; `port_name` makes the local port's name from what is printed.

    ValueError if the port, the chassis or the remote port is missing, or if the time to live in seconds is no number.
    """
    return LldpNeighbor(
        local_port=port_name(row["PORT"]),
        chassis_id=row["CHASSIS"],
        system_name=row.text("NAME"),
        port_id=row["REMOTE"],
        port_description=row.text("DESCRIPTION"),
        ttl=row.count("TTL"),
        management_addresses=tuple(row.cells.get("ADDRESS", "").split()),
    )
