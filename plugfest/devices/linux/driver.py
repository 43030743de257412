"""What a Linux driver says of its port: ``ethtool -i`` (driver and firmware) and ``ethtool -S`` (its own counters)."""

import re

from plugfest.devices.answers import unknown_form
from plugfest.sessions.result import CommandResult


def show_driver(port: str) -> tuple[str, ...]:
    """The command that `parse_driver` reads."""
    return ("ethtool", "-i", port)


def show_counters(port: str) -> tuple[str, ...]:
    """The command that `parse_counters` reads."""
    return ("ethtool", "-S", port)


_FIELD = re.compile(r"(?P<key>[a-z][a-z-]*): ?(?P<value>.*)")
_COUNTER = re.compile(r"     (?P<name>\S.*?): (?P<value>\d+)")


def parse_driver(result: CommandResult) -> dict[str, str]:
    """Fields of `show_driver` such as ``driver``, ``firmware-version``, ``bus-info``; empty ones are left out."""
    fields = {}
    for line in result.out.splitlines():
        field = _FIELD.fullmatch(line)
        if not field:
            raise unknown_form(result, f"unknown line {line!r}")
        fields[field["key"]] = field["value"].strip()
    if "driver" not in fields:
        raise unknown_form(result, "expected a line 'driver: NAME'")
    return {key: value for key, value in fields.items() if value}


def parse_counters(result: CommandResult) -> dict[str, int]:
    """Counters by the driver's own names from `show_counters`; the numbers are cumulative."""
    lines = result.out.splitlines()
    if not lines or lines[0] != "NIC statistics:":
        raise unknown_form(result, f"expected 'NIC statistics:' first, got {lines[:1]!r}")
    counters: dict[str, int] = {}
    for line in lines[1:]:
        counter = _COUNTER.fullmatch(line)
        if not counter or counter["name"] in counters:
            raise unknown_form(result, f"unknown or repeated line {line!r}")
        counters[counter["name"]] = int(counter["value"])
    return counters
