"""Huawei VRP: ports in brief and in full."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.interface_details import interface
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import InterfaceCounters, InterfaceState


def brief(output: Output) -> tuple[InterfaceState, ...]:
    """`display interface brief`: state and error counters; a suffix such as ``(200GE)`` is the speed."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_interface_brief"), _brief)


def _brief(row: Row) -> InterfaceState:
    physical = row["PHY"]
    return InterfaceState(
        name=row["INTERFACE"],
        admin_up=not physical.startswith("*"),
        mtu=None,
        mac=None,
        oper_up=re.fullmatch(r"up(\([^)]*\))?", physical) is not None,
        speed_mbps=row.read("SPEED", values.speed),
        counters=InterfaceCounters(
            rx_packets=None,
            rx_bytes=None,
            rx_errors=row.count("IN_ERRORS"),
            rx_dropped=None,
            tx_packets=None,
            tx_bytes=None,
            tx_errors=row.count("OUT_ERRORS"),
            tx_dropped=None,
        ),
    )


def full(output: Output) -> tuple[InterfaceState, ...]:
    """`display interface`: state, speed, MTU, addresses and counters of each port."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_interface"), _full)


def _full(row: Row) -> InterfaceState:
    physical = row["PHYSICAL"].upper()
    return interface(row, admin_up="ADMINISTRATIVELY" not in physical, oper_up=physical.split("(")[0].strip() == "UP")


READINGS = (
    Reading(
        ("display interface [{port}]", "display interface main"),
        (Question.INTERFACES, Question.INTERFACE_COUNTERS, Question.FEC),
        full,
        Evidence.DEVICE,
    ),
    Reading(
        ("display interface brief", "display interface brief main"), (Question.INTERFACES,), brief, Evidence.DEVICE
    ),
)
