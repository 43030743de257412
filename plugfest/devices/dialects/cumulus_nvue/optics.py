"""Cumulus NVUE: the module of one port (`nv show interface P transceiver`, from release 5.11 on)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import Lane, Module

PROPERTY = re.compile(r"([a-z][a-z\d-]*) *: (\S.*)")
T = TypeVar("T")
MONITOR = re.compile(r"ch-(\d+)-(rx-power|tx-power|tx-bias-current)")
FIELDS = {"rx-power": "rx_power_dbm", "tx-power": "tx_power_dbm", "tx-bias-current": "bias_milliamperes"}
POWER = re.compile(r"\S+ mW / (\S+) dBm")
DARK = re.compile(r"0\.0+ mW / -inf dBm")
TEMPERATURE = re.compile(r"(\S+) (?:degrees )?C(?: / \S+ degrees F)?")
TEXTS = {
    "cable-type",
    "supported-cable-length",
    "supported-cable-length-smf",
    "pmd-type",
    "diagnostics-status",
    "status",
    "error-status",
    "revision-compliance",
    "vendor-date-code",
    "identifier",
    "vendor-rev",
    "vendor-oui",
    "vendor-name",
    "vendor-pn",
    "vendor-sn",
}
PRESENT = {"plugged_enabled": True, "unplugged": False}
"""Words for the status of a cage."""


@dataclass
class _Found:
    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float | None] = field(default_factory=dict)
    lanes: dict[int, dict[str, float | None]] = field(default_factory=dict)

    def said(self, name: str) -> str | None:
        text = self.texts.get(name)
        return None if text is None or values.absent(text) else text


def module(output: Output) -> tuple[Module]:
    """What the module says of itself, and its monitor values lane by lane."""
    found = _Found()
    for line in output.lines:
        if line.text:
            with output.at(line):
                _take(line.text.strip(), found)
    if "status" not in found.texts:
        raise output.error("no line says the status of the module")
    return (_module(output.port(), found),)


def _take(text: str, found: _Found) -> None:
    named = PROPERTY.fullmatch(text)
    if not named:
        raise ValueError("expected 'name : value'")
    name, value = named[1], named[2]
    if monitor := MONITOR.fullmatch(name):
        lane = found.lanes.setdefault(int(monitor[1]), {})
        _set(lane, FIELDS[monitor[2]], _read(monitor[2], value))
    elif name in NUMBERS:
        _set(found.numbers, name, _read(name, value))
    elif name in TEXTS:
        _set(found.texts, name, value)
    else:
        raise ValueError(f"unknown name {name!r}")
    if name == "status" and value not in PRESENT:
        raise ValueError(f"{value!r} is not a known status of a module")


def _set(known: dict[str, T], name: str, value: T) -> None:
    if name in known:
        raise ValueError(f"{name!r} occurs twice")
    known[name] = value


def _read(name: str, text: str) -> float | None:
    """The number; None for what is not there and for no light at all."""
    return None if values.absent(text) or DARK.fullmatch(text) else NUMBERS[name](text)


def _within(form: re.Pattern[str], text: str, what: str) -> float:
    """The number that a text of this form is about; it repeats it in another unit."""
    found = form.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a {what}")
    return values.number(found[1])


NUMBERS: dict[str, Callable[[str], float]] = {
    "cable-length": lambda text: values.quantity(text, {"m": 1, "km": 1000}, "length"),
    "temperature": lambda text: _within(TEMPERATURE, text, "temperature"),
    "voltage": lambda text: values.quantity(text, {"v": 1}, "voltage"),
    "rx-power": lambda text: _within(POWER, text, "power in mW and dBm"),
    "tx-power": lambda text: _within(POWER, text, "power in mW and dBm"),
    "tx-bias-current": lambda text: values.quantity(text, {"ma": 1}, "current"),
}


def _module(port: str, found: _Found) -> Module:
    return Module(
        port=port,
        present=PRESENT[found.texts["status"]],
        type=found.said("identifier"),
        vendor=found.said("vendor-name"),
        part_number=found.said("vendor-pn"),
        serial=found.said("vendor-sn"),
        revision=found.said("vendor-rev"),
        length_metres=found.numbers.get("cable-length"),
        temperature_celsius=found.numbers.get("temperature"),
        voltage_volts=found.numbers.get("voltage"),
        lanes=tuple(Lane(lane=lane, **monitored) for lane, monitored in sorted(found.lanes.items())),
    )


READINGS = (Reading(("nv show interface {port} transceiver",), (Question.OPTICS,), module, Evidence.MANUAL),)
