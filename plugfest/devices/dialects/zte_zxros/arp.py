"""ZTE ZXROS: the ARP table."""

from plugfest.devices.dialects.arp_table import address, arp_table, mac, minutes
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.devices.physical_records import ArpEntry


def arp(output: Output) -> tuple[ArpEntry, ...]:
    """`show arp`; names of interfaces broken over two lines are joined."""
    return arp_table(output, "zte_zxros_show_arp", r"(?m)^The\s+count\s+is\s+(\d+)", _entry)


def _entry(row: Row) -> ArpEntry:
    age = row["AGE"]
    return ArpEntry(
        address=address(row, "ADDRESS"),
        mac=mac(row, "MAC_ADDRESS"),
        interface=row["INTERFACE"].replace("\n", ""),
        age_minutes=None if len(age) == 1 and age.isupper() else minutes(age),  # H: the switch's own, S: static
    )


READINGS = (Reading(("show arp",), (Question.ARP,), arp, Evidence.DEVICE),)
