"""Huawei VRP: modules and their monitor values."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import AlarmLimits, Lane, Module

LIMITS = {
    "temperature": "TEMPERATURE",
    "voltage": "VOLTAGE",
    "bias": "BIAS",
    "rx_power": "RX",
    "tx_power": "TX",
}


def modules(output: Output) -> tuple[Module, ...]:
    """`display interface transceiver [verbose]`: one record a module; several lanes stand in one line."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_interface_transceiver"), _module)


def diagnosis(output: Output) -> tuple[Module, ...]:
    """`display transceiver diagnosis interface` of VRP5: a table of values and limits for each module."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_transceiver_diagnosis"), _diagnosed)


def _diagnosed(row: Row) -> Module:
    if "ABSENT" not in row.cells and "VOLTAGE" not in row.cells:
        raise ValueError("the table is cut off: the voltage must follow")
    return _module(row)


def _module(row: Row) -> Module:
    limits = {
        name: AlarmLimits(
            high_alarm=row.number(f"{column}_HIGH"),
            high_warning=row.number(f"{column}_HIGH_WARNING"),
            low_warning=row.number(f"{column}_LOW_WARNING"),
            low_alarm=row.number(f"{column}_LOW"),
        )
        for name, column in LIMITS.items()
    }
    return Module(
        port=row["PORT"].replace(" ", ""),
        present="ABSENT" not in row.cells,
        type=row.text("TYPE"),
        vendor=row.text("VENDOR"),
        part_number=row.text("PART"),
        serial=row.text("SERIAL"),
        temperature_celsius=row.number("TEMPERATURE"),
        voltage_volts=row.number("VOLTAGE"),
        lanes=_lanes(row),
        limits={name: limit for name, limit in limits.items() if limit != AlarmLimits()},
    )


def _lanes(row: Row) -> tuple[Lane, ...]:
    bias, received, sent = (_numbers(row, column) for column in ("BIAS", "RX", "TX"))
    count = max(len(bias), len(received), len(sent))
    for name, found in (("bias", bias), ("RX power", received), ("TX power", sent)):
        if found and len(found) != count:
            raise ValueError(f"{name} has {len(found)} lanes where another value has {count}")
    return tuple(
        Lane(
            lane=lane + 1,
            bias_milliamperes=bias[lane] if bias else None,
            rx_power_dbm=received[lane] if received else None,
            tx_power_dbm=sent[lane] if sent else None,
        )
        for lane in range(count)
    )


def _numbers(row: Row, column: str) -> list[float | None]:
    parts = row.cells.get(column, "").replace("\n", "|").split("|")
    return [None if values.absent(part) else values.number(part) for part in parts if part]


READINGS = (
    Reading(
        (
            "display interface transceiver [verbose]",
            "display interface transceiver brief",
            "display interface {port} transceiver [verbose]",
            "display interface {port} transceiver brief",
            "display transceiver [interface {port}]",
            "display transceiver verbose",
            "display transceiver interface {port} verbose",
        ),
        (Question.OPTICS,),
        modules,
        Evidence.MANUAL,
    ),
    Reading(("display transceiver diagnosis interface [{port}]",), (Question.OPTICS,), diagnosis, Evidence.DEVICE),
)
