"""Arista EOS: the ARP table of one VRF or of all."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.arp_table import address, mac, minutes
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import ntc_rows
from plugfest.devices.physical_records import ArpEntry

HEADER = re.compile(r"(?m)^Address +Age \((min|sec)\) +Hardware Addr +Interface$")


def arp(output: Output) -> tuple[ArpEntry, ...]:
    """`show ip arp`: the interface, not the port behind a VLAN; older releases count minutes, newer ones seconds."""
    header = HEADER.search(output.text)
    if header is None:
        raise output.error("the line of column names, with the unit of the age, is missing")
    rows = ntc_rows(output, "arista_eos_show_ip_arp", nothing=HEADER.pattern)
    return build(output, rows, _entry, header[1], output.arguments.get("vrf"))


def _entry(row: Row, unit: str, asked: str | None) -> ArpEntry:
    vrf = row["VRF"] if asked == "all" else row.text("VRF") or asked
    return ArpEntry(
        address=address(row, "IP_ADDRESS"),
        mac=mac(row, "MAC_ADDRESS"),
        interface=row["INTERFACE"].partition(",")[0],
        age_minutes=_age(row["AGE"], unit),
        vrf=None if vrf == "default" else vrf,
    )


def _age(text: str, unit: str) -> int | None:
    if values.absent(text):
        return None
    if ":" in text:
        return minutes(text)
    return values.count(text) if unit == "min" else values.count(text) // 60


READINGS = (Reading(("show ip arp [vrf {vrf}]", "show arp [vrf {vrf}]"), (Question.ARP,), arp, Evidence.DEVICE),)
