"""Arista EOS: ports from text."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.interface_details import duplex, interface
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import InterfaceState


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
        duplex=duplex(row.text("DUPLEX")),
        description=row.text("NAME"),
    )


def _speed(text: str) -> int | None:
    return None if text in ("auto", "unconf", "unknown") else values.speed(text.removeprefix("a-"))


def full(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces`: state, sizes, addresses and counters."""
    return build(output, textfsm_rows(output, "arista_eos/show_interfaces"), _full)


def _full(row: Row) -> InterfaceState:
    admin_up = row["ADMIN"] not in ("administratively down", "disabled")
    return interface(row, admin_up=admin_up, oper_up=row["PROTOCOL"] == "up")


READINGS = (
    Reading(
        ("show interfaces status", "show interfaces {port} status"), (Question.INTERFACES,), status, Evidence.DEVICE
    ),
    Reading(("show interfaces [{port}]",), (Question.INTERFACES, Question.INTERFACE_COUNTERS), full, Evidence.DEVICE),
)
