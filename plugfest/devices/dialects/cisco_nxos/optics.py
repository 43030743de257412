"""Cisco NX-OS: modules, their monitor values and thresholds."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import AlarmLimits, Lane, Module

COLUMNS = {
    "TEMPERATURE": ("temperature", "C"),
    "VOLTAGE": ("voltage", "V"),
    "CURRENT": ("bias", "mA"),
    "TX": ("tx_power", "dBm"),
    "RX": ("rx_power", "dBm"),
}
QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?) *([A-Za-z]+)|N/A")
MARK = re.compile(r"(?<=\s)(?:\+\+?|--?)(?=\s|$)")


def modules(output: Output) -> tuple[Module, ...]:
    """`show interface transceiver details`: one record a port; lanes are tables of their own."""
    found = build(
        output, textfsm_rows(output, "cisco_nxos/show_interface_transceiver_details"), lambda row: (row, _values(row))
    )
    ports = dict.fromkeys(row["PORT"] for row, _ in found)
    return tuple(_module(port, [item for item in found if item[0]["PORT"] == port]) for port in ports)


def _values(row: Row) -> dict[str, tuple[float | None, AlarmLimits]]:
    return {name: _value(row[column], unit) for column, (name, unit) in COLUMNS.items() if column in row.cells}


def _value(text: str, unit: str) -> tuple[float | None, AlarmLimits]:
    """Reading, high alarm, low alarm, high warning, low warning; each with its unit."""
    parts = [match[0] for match in QUANTITY.finditer(MARK.sub(" ", text))]
    if "".join(parts).replace(" ", "") != re.sub(r"\s", "", MARK.sub(" ", text)) or len(parts) not in (1, 5):
        raise ValueError(f"{text!r} is not a reading with four thresholds")
    numbers = [_number(part, unit) for part in parts]
    if len(numbers) == 1:
        return numbers[0], AlarmLimits()
    reading, high_alarm, low_alarm, high_warning, low_warning = numbers
    return reading, AlarmLimits(
        high_alarm=high_alarm, low_alarm=low_alarm, high_warning=high_warning, low_warning=low_warning
    )


def _number(text: str, unit: str) -> float | None:
    found = QUANTITY.fullmatch(text)
    if text == "N/A":
        return None
    if not found or found[2] != unit:
        raise ValueError(f"{text!r} is not a value in {unit}")
    return values.number(found[1])


def _module(port: str, found: list[tuple[Row, dict[str, tuple[float | None, AlarmLimits]]]]) -> Module:
    first = found[0][0]
    merged = {name: value for _, measured in found for name, value in measured.items()}
    length = first.text("LENGTH")
    return Module(
        port=port,
        present=first["PRESENT"] == "present",
        type=first.text("TYPE"),
        vendor=first.text("VENDOR"),
        part_number=first.text("PART"),
        serial=first.text("SERIAL"),
        revision=first.text("REVISION"),
        length_metres=values.number(length) if length else None,
        temperature_celsius=merged.get("temperature", (None,))[0],
        voltage_volts=merged.get("voltage", (None,))[0],
        lanes=tuple(
            _lane(row, measured) for row, measured in found if {"bias", "tx_power", "rx_power"} & set(measured)
        ),
        limits={name: limits for name, (_, limits) in merged.items() if limits != AlarmLimits()},
    )


def _lane(row: Row, measured: dict[str, tuple[float | None, AlarmLimits]]) -> Lane:
    absent: tuple[None, AlarmLimits] = (None, AlarmLimits())
    return Lane(
        lane=values.count(row.cells.get("LANE", "1")),
        rx_power_dbm=measured.get("rx_power", absent)[0],
        tx_power_dbm=measured.get("tx_power", absent)[0],
        bias_milliamperes=measured.get("bias", absent)[0],
    )


READINGS = (Reading(("show interface [{port}] transceiver details",), (Question.OPTICS,), modules, Evidence.DEVICE),)
