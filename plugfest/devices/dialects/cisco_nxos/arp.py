"""Cisco NX-OS: the ARP table of one VRF."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.arp_table import address, arp_table, mac, minutes
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.devices.physical_records import ArpEntry

CONTEXT = re.compile(r"(?m)^IP ARP Table for context (\S+)$")
LESS_THAN_A_MINUTE = re.compile(r"[0-5]?\d\.\d+")


def arp(output: Output) -> tuple[ArpEntry, ...]:
    """`show ip arp detail`: the interface, not the port behind a VLAN."""
    context = CONTEXT.search(output.text)
    if context is None:
        raise output.error("the line that names the VRF is missing")
    vrf = None if context[1] == "default" else context[1]

    def entry(row: Row) -> ArpEntry:
        return ArpEntry(
            address=address(row, "IP_ADDRESS"),
            mac=mac(row, "MAC_ADDRESS"),
            interface=row.text("INTERFACE"),
            age_minutes=_age(row["AGE"]),
            vrf=vrf,
        )

    return arp_table(output, "cisco_nxos_show_ip_arp_detail", r"(?m)^Total number of entries:\s*(\d+)", entry)


def _age(text: str) -> int | None:
    if values.absent(text):
        return None
    return 0 if LESS_THAN_A_MINUTE.fullmatch(text) else minutes(text)


READINGS = (Reading(("show ip arp detail [vrf {vrf}]",), (Question.ARP,), arp, Evidence.DEVICE),)
