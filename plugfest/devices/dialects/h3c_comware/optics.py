"""H3C Comware: modules, their labels and monitor values."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import AlarmLimits, Lane, Module

QUANTITIES = ("temperature", "voltage", "bias", "rx_power", "tx_power")
"""Columns of the thresholds."""


def diagnosis(output: Output) -> tuple[Module, ...]:
    """`display transceiver diagnosis interface`: one record a port that has a module with monitoring."""
    return build(output, textfsm_rows(output, "h3c_comware/display_transceiver_diagnosis"), _module)


def _module(row: Row) -> Module:
    bias, received, sent = (_list(row, column) for column in ("BIAS", "RX", "TX"))
    numbers = [int(number) for number in row.cells.get("CHANNEL", "").split()] or list(range(1, len(bias) + 1))
    return Module(
        port=row["PORT"],
        present="ABSENT" not in row.cells,
        temperature_celsius=row.number("TEMPERATURE"),
        voltage_volts=row.number("VOLTAGE"),
        lanes=tuple(
            Lane(lane=lane, bias_milliamperes=mA, rx_power_dbm=rx, tx_power_dbm=tx)
            for lane, mA, rx, tx in zip(numbers, bias, received, sent, strict=True)
        ),
        limits=_limits(row),
    )


def _limits(row: Row) -> dict[str, AlarmLimits]:
    columns = {name.lower(): _list(row, name) for name in ("HIGH_ALARM", "LOW_ALARM", "HIGH_WARNING", "LOW_WARNING")}
    limits = {
        quantity: AlarmLimits(**{name: numbers[place] for name, numbers in columns.items() if numbers})
        for place, quantity in enumerate(QUANTITIES)
    }
    return {quantity: limit for quantity, limit in limits.items() if limit != AlarmLimits()}


def _list(row: Row, column: str) -> list[float | None]:
    return [None if values.absent(text) else values.number(text) for text in row.cells.get(column, "").split()]


def modules(output: Output) -> tuple[Module, ...]:
    """`display transceiver interface` and `display transceiver manuinfo interface`: what a module says it is."""
    return build(
        output,
        textfsm_rows(output, "h3c_comware/display_transceiver"),
        lambda row: Module(
            port=row["PORT"],
            present="ABSENT" not in row.cells,
            type=row.text("TYPE"),
            vendor=row.text("VENDOR"),
            part_number=row.text("PART"),
            serial=row.text("SERIAL"),
        ),
    )


READINGS = (
    Reading(("display transceiver diagnosis interface [{port}]",), (Question.OPTICS,), diagnosis, Evidence.DEVICE),
    Reading(
        ("display transceiver interface [{port}]", "display transceiver manuinfo interface [{port}]"),
        (Question.OPTICS,),
        modules,
        Evidence.DEVICE,
    ),
)
