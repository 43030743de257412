"""Cisco NX-OS: ports with state and counters."""

from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import InterfaceCounters, InterfaceState


def interfaces(output: Output) -> tuple[InterfaceState, ...]:
    """`show interface`."""
    return build(output, textfsm_rows(output, "cisco_nxos/show_interface"), _state)


def _state(row: Row) -> InterfaceState:
    return InterfaceState(
        name=row["PORT"],
        admin_up=_admin(row),
        oper_up=row["STATE"] == "up",
        mtu=row.count("MTU"),
        mac=row.text("MAC"),
        speed_mbps=row.read("SPEED", values.speed),
        duplex=_duplex(row.text("DUPLEX")),
        addresses=tuple(row.cells.get("ADDRESS", "").split()),
        description=row.text("DESCRIPTION"),
        counters=InterfaceCounters(
            rx_packets=row.count("IN_PACKETS"),
            rx_bytes=row.count("IN_BYTES"),
            rx_errors=row.count("IN_ERRORS"),
            rx_dropped=row.count("IN_DISCARDS"),
            tx_packets=row.count("OUT_PACKETS"),
            tx_bytes=row.count("OUT_BYTES"),
            tx_errors=row.count("OUT_ERRORS"),
            tx_dropped=row.count("OUT_DISCARDS"),
            fcs_errors=row.count("CRC"),
        ),
    )


def _admin(row: Row) -> bool:
    """The explicit state where it is printed, else the reason in brackets."""
    if "ADMIN" in row.cells:
        return row["ADMIN"] == "up"
    return "dministratively" not in row.cells.get("REASON", "")


def _duplex(word: str | None) -> Literal["full", "half"] | None:
    return "full" if word == "full" else "half" if word == "half" else None


READINGS = (
    Reading(
        ("show interface [{port}]",), (Question.INTERFACES, Question.INTERFACE_COUNTERS), interfaces, Evidence.DEVICE
    ),
)
