"""ZTE ZXROS: ports in brief and in full, and the version."""

from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import DeviceFacts, InterfaceCounters, InterfaceState


def brief(output: Output) -> tuple[InterfaceState, ...]:
    """`show interface brief`."""
    return build(output, textfsm_rows(output, "zte_zxros/show_interface_brief"), _brief)


def _brief(row: Row) -> InterfaceState:
    return InterfaceState(
        name=row["INTERFACE"],
        admin_up=row["ADMIN"] == "up",
        oper_up=row["PHYSICAL"] == "up",
        mtu=None,
        mac=None,
        speed_mbps=row.read("BW", values.speed),
        duplex=_duplex(row["MODE"]),
        description=row.text("DESCRIPTION"),
    )


def _duplex(mode: str) -> Literal["full", "half"] | None:
    word = mode.rpartition("/")[2].lower()
    return "full" if word == "full" else "half" if word == "half" else None


def full(output: Output) -> tuple[InterfaceState, ...]:
    """`show interface`: state, sizes, addresses and the hardware's counters."""
    return build(output, textfsm_rows(output, "zte_zxros/show_interface"), _full)


def _full(row: Row) -> InterfaceState:
    return InterfaceState(
        name=row["INTERFACE"],
        admin_up=row["STATE"] != "administratively down",
        oper_up=row["STATE"] == "up",
        mtu=row.count("IP_MTU"),
        mac=row.text("MAC"),
        speed_mbps=row.read("SPEED", values.speed),
        fec=row.text("FEC"),
        addresses=tuple(row.cells.get("ADDRESS", "").split()),
        description=row.text("DESCRIPTION"),
        counters=InterfaceCounters(
            rx_packets=row.count("IN_PACKETS"),
            rx_bytes=row.count("IN_BYTES"),
            rx_errors=None,
            rx_dropped=None,
            tx_packets=row.count("OUT_PACKETS"),
            tx_bytes=row.count("OUT_BYTES"),
            tx_errors=None,
            tx_dropped=None,
            fcs_errors=row.count("CRC"),
        ),
    )


def version(output: Output) -> tuple[DeviceFacts, ...]:
    """`show version`: the head; boards are left out."""
    rows = textfsm_rows(output, "zte_zxros/show_version")
    return build(
        output,
        rows,
        lambda row: DeviceFacts(
            device=output.device,
            vendor="ZTE",
            model=row["MODEL"],
            chip=None,
            software=f"ZXROS {row['VERSION']}",
        ),
    )


READINGS = (
    Reading(("show version",), (Question.VERSION,), version, Evidence.DEVICE),
    Reading(("show interface brief",), (Question.INTERFACES,), brief, Evidence.DEVICE),
    Reading(
        ("show interface [{port}]",),
        (Question.INTERFACES, Question.INTERFACE_COUNTERS, Question.FEC),
        full,
        Evidence.DEVICE,
    ),
)
