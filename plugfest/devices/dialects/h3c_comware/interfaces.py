"""H3C Comware: ports in brief and in full, and their packet counters."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.interface_details import interface
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.records import InterfaceCounters, InterfaceState


def brief(output: Output) -> tuple[InterfaceState, ...]:
    """`display interface brief`: route mode and bridge mode."""
    return build(output, textfsm_rows(output, "h3c_comware/display_interface_brief"), _brief)


def _brief(row: Row) -> InterfaceState:
    duplex = row.text("DUPLEX") or ""
    return InterfaceState(
        name=row["INTERFACE"],
        admin_up=row["LINK"] != "ADM",
        oper_up=row["LINK"] == "UP",
        mtu=None,
        mac=None,
        speed_mbps=row.read("SPEED", _speed),
        duplex="full" if duplex.startswith("F") else "half" if duplex.startswith("H") else None,
        addresses=tuple(filter(None, [row.text("ADDRESS")])),
        description=row.text("DESCRIPTION"),
    )


def _speed(text: str) -> int | None:
    return None if text in ("auto", "A") else values.speed(text.removesuffix("(a)"))


def full(output: Output) -> tuple[InterfaceState, ...]:
    """`display interface`: state, speed, sizes, addresses and counters of each port."""
    return build(output, textfsm_rows(output, "h3c_comware/display_interface"), _full)


def _full(row: Row) -> InterfaceState:
    state = row["STATE"].upper()
    return interface(row, admin_up="ADMINISTRATIVELY" not in state, oper_up=state.split("(")[0].strip() == "UP")


def packets(output: Output) -> tuple[PortCounters, ...]:
    """`display counters inbound|outbound interface`: packets and errors of one direction."""
    received = "inbound" in output.command
    rows = textfsm_rows(output, "h3c_comware/display_counters_interface")
    return build(output, rows, _packets, received)


def _packets(row: Row, received: bool) -> PortCounters:
    total, errors = row.read("TOTAL", _unless_overflow), row.read("ERRORS", _unless_overflow)
    return PortCounters(
        port=row["INTERFACE"],
        counters=InterfaceCounters(
            rx_packets=total if received else None,
            rx_bytes=None,
            rx_errors=errors if received else None,
            rx_dropped=None,
            tx_packets=None if received else total,
            tx_bytes=None,
            tx_errors=None if received else errors,
            tx_dropped=None,
        ),
    )


def _unless_overflow(text: str) -> int | None:
    return None if text == "Overflow" else values.count(text)


READINGS = (
    Reading(("display interface [{port}]",), (Question.INTERFACES, Question.INTERFACE_COUNTERS), full, Evidence.DEVICE),
    Reading(("display interface brief",), (Question.INTERFACES,), brief, Evidence.DEVICE),
    Reading(
        ("display counters inbound interface [{port}]", "display counters outbound interface [{port}]"),
        (Question.INTERFACE_COUNTERS,),
        packets,
        Evidence.DEVICE,
    ),
)
