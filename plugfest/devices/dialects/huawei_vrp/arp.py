"""Huawei VRP: the ARP table of all VPN instances."""

import re

from plugfest.devices.dialects.arp_table import address, arp_table, mac
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.devices.physical_records import ArpEntry

TYPE = re.compile(r"I -|[A-Z]{1,2}(?:-?\d*|--)")
"""Interface, dynamic, static, fixed …, behind them the board."""


def arp(output: Output) -> tuple[ArpEntry, ...]:
    """`display arp all`."""
    return arp_table(output, "huawei_vrp_display_arp_all", r"(?m)^Total:\s*(\d+)", _entry)


def _entry(row: Row) -> ArpEntry:
    if not TYPE.fullmatch(row["TYPE"]):
        raise ValueError(f"{row['TYPE']!r} is no type of entry that we know")
    return ArpEntry(
        address=address(row, "IP_ADDRESS"),
        mac=mac(row, "MAC_ADDRESS"),
        interface=row["INTERFACE"],
        age_minutes=row.count("EXPIRE"),
        vrf=row.text("VPN_INSTANCE"),
    )


READINGS = (Reading(("display arp all", "display arp"), (Question.ARP,), arp, Evidence.DEVICE),)
