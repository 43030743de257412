"""Ruijie RGOS: the ARP table, the one public output."""

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import ArpEntry


def arp(output: Output) -> tuple[ArpEntry, ...]:
    """`show arp`."""
    return build(output, textfsm_rows(output, "ruijie_rgos/show_arp"), _entry)


def _entry(row: Row) -> ArpEntry:
    mac = row.text("MAC")
    return ArpEntry(
        address=row["ADDRESS"],
        mac=None if mac is None or mac.startswith("<") else mac,
        interface=row["INTERFACE"],
        age_minutes=None if "-" in row["AGE"] else row.count("AGE"),
    )


READINGS = (Reading(("show arp",), (Question.ARP,), arp, Evidence.NONE),)
