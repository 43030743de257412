"""H3C Comware: monitor values of modules."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import Lane, Module


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
    )


def _list(row: Row, column: str) -> list[float | None]:
    return [None if values.absent(text) else values.number(text) for text in row.cells.get(column, "").split()]


READINGS = (
    Reading(("display transceiver diagnosis interface [{port}]",), (Question.OPTICS,), diagnosis, Evidence.NONE),
)
