"""Arista EOS: ports from text."""

from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import InterfaceCounters, InterfaceState


def status(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces status`: `inactive` says nothing about the administrative state."""
    return build(output, textfsm_rows(output, "arista_eos/show_interfaces_status"), _status)


def _status(row: Row) -> InterfaceState:
    state = row["STATUS"]
    return InterfaceState(
        name=row["PORT"],
        admin_up=None if state == "inactive" else state != "disabled",
        oper_up=state == "connected",
        mtu=None,
        mac=None,
        speed_mbps=row.read("SPEED", _speed),
        duplex=_duplex(row.text("DUPLEX")),
        description=row.text("NAME"),
    )


def _speed(text: str) -> int | None:
    return None if text in ("auto", "unconf", "unknown") else values.speed(text.removeprefix("a-"))


def _duplex(text: str | None) -> Literal["full", "half"] | None:
    word = (text or "").removeprefix("a-").lower()
    return "full" if word == "full" else "half" if word == "half" else None


def full(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces`: state, sizes, addresses and counters."""
    return build(output, textfsm_rows(output, "arista_eos/show_interfaces"), _full)


def _full(row: Row) -> InterfaceState:
    return InterfaceState(
        name=row["PORT"],
        admin_up=row["ADMIN"] not in ("administratively down", "disabled"),
        oper_up=row["PROTOCOL"] == "up",
        mtu=row.count("MTU"),
        max_frame_bytes=row.count("FRAME"),
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
            carrier_changes=row.count("CHANGES"),
        ),
    )


READINGS = (
    Reading(("show interfaces status",), (Question.INTERFACES,), status, Evidence.DEVICE),
    Reading(("show interfaces [{port}]",), (Question.INTERFACES, Question.INTERFACE_COUNTERS), full, Evidence.DEVICE),
)
