"""Cisco NX-OS: ports with state and counters."""

from plugfest.devices.dialects.interface_details import interface
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import InterfaceState


def interfaces(output: Output) -> tuple[InterfaceState, ...]:
    """`show interface`."""
    return build(output, textfsm_rows(output, "cisco_nxos/show_interface"), _state)


def _state(row: Row) -> InterfaceState:
    return interface(row, admin_up=_admin(row), oper_up=row["STATE"] == "up")


def _admin(row: Row) -> bool:
    """The explicit state where it is printed, else the reason in brackets."""
    if "ADMIN" in row.cells:
        return row["ADMIN"] == "up"
    return "dministratively" not in row.cells.get("REASON", "")


READINGS = (
    Reading(
        ("show interface [{port}]",), (Question.INTERFACES, Question.INTERFACE_COUNTERS), interfaces, Evidence.DEVICE
    ),
)
