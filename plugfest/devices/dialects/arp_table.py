"""ARP tables as the community's ntc-templates read them; what those take unseen is checked here."""

import ipaddress
import re
from collections.abc import Callable

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import ntc_rows
from plugfest.devices.physical_records import ArpEntry

MAC = re.compile(r"[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}", re.IGNORECASE | re.ASCII)


def arp_table(output: Output, template: str, total: str, make: Callable[[Row], ArpEntry]) -> tuple[ArpEntry, ...]:
    """Entries by the template of that name.

    `total` is the form of the line that announces how many there are, with the number as its group: fewer or more
    rows are a ParseError, none is an answer if none are announced.
    """
    rows = ntc_rows(output, template, nothing=total)
    announced = re.search(total, output.text)
    if announced is None:
        raise output.error("the line with the number of entries is missing")
    if int(announced[1]) != len(rows):
        raise output.error(f"{announced[1]} entries are announced, {len(rows)} are listed")
    return build(output, rows, make)


def address(row: Row, column: str) -> str:
    """An IPv4 address."""
    return str(ipaddress.IPv4Address(row[column]))


def mac(row: Row, column: str) -> str | None:
    """An address in three groups, as printed; None while the neighbour has not answered."""
    text = row[column]
    if text.lower() == "incomplete":
        return None
    if not MAC.fullmatch(text):
        raise ValueError(f"{text!r} is not a MAC address in three groups")
    return text


def minutes(clock: str) -> int:
    """Whole minutes of ``00:14:17``."""
    return values.duration(clock) // 60
