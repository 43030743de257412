"""Ports in full, as `show interface` and its relatives print them; templates give the same names to their columns."""

from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.row import Row
from plugfest.devices.records import InterfaceCounters, InterfaceState


def interface(row: Row, *, admin_up: bool, oper_up: bool) -> InterfaceState:
    """A port whose state its dialect read from the row; columns that the release does not print are None."""
    return InterfaceState(
        name=row["PORT"],
        admin_up=admin_up,
        oper_up=oper_up,
        mtu=row.count("MTU"),
        max_frame_bytes=row.count("FRAME"),
        mac=row.text("MAC"),
        speed_mbps=row.read("SPEED", values.speed),
        duplex=duplex(row.text("DUPLEX")),
        fec=row.text("FEC"),
        addresses=tuple(row.cells.get("ADDRESS", "").split()),
        description=row.text("DESCRIPTION"),
        counters=_counters(row),
    )


def duplex(text: str | None) -> Literal["full", "half"] | None:
    """``Full``, ``half`` or, negotiated, ``a-full``; any other word does not tell."""
    word = (text or "").lower().removeprefix("a-")
    return "full" if word == "full" else "half" if word == "half" else None


def _counters(row: Row) -> InterfaceCounters:
    return InterfaceCounters(
        rx_packets=row.count("IN_PACKETS"),
        rx_bytes=row.count("IN_BYTES"),
        rx_errors=row.count("IN_ERRORS"),
        rx_dropped=row.count("IN_DISCARDS"),
        tx_packets=row.count("OUT_PACKETS"),
        tx_bytes=row.count("OUT_BYTES"),
        tx_errors=row.count("OUT_ERRORS"),
        tx_dropped=row.count("OUT_DISCARDS"),
        fcs_errors=row.count("CRC"),
        carrier_changes=row.count("CHANGES"),
    )
