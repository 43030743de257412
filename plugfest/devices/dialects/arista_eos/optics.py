"""Arista EOS: monitor values of modules with their thresholds."""

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import AlarmLimits, Lane, Module

NAMES = {
    "Temperature": "temperature",
    "Voltage": "voltage",
    "Current": "bias",
    "Tx Power": "tx_power",
    "Rx Power": "rx_power",
}
Value = tuple[str, str, float | None, AlarmLimits]


def modules(output: Output) -> tuple[Module, ...]:
    """`show interfaces transceiver detail`: one record a port; EOS counts each lane as a port of its own."""
    found = build(output, textfsm_rows(output, "arista_eos/show_interfaces_transceiver_detail"), _reading)
    ports = dict.fromkeys(port for port, *_ in found)
    return tuple(_module(output, port, [item for item in found if item[0] == port]) for port in ports)


def _reading(row: Row) -> Value:
    limits = AlarmLimits(
        high_alarm=row.number("HIGH_ALARM"),
        high_warning=row.number("HIGH_WARNING"),
        low_alarm=row.number("LOW_ALARM"),
        low_warning=row.number("LOW_WARNING"),
    )
    return row["PORT"], NAMES[row["QUANTITY"]], row.number("VALUE"), limits


def _module(output: Output, port: str, readings: list[Value]) -> Module:
    values = {name: value for _, name, value, _ in readings}
    if len(values) != len(readings):
        raise output.error(f"{port} has two values of the same quantity")
    return Module(
        port=port,
        present=True,
        temperature_celsius=values.get("temperature"),
        voltage_volts=values.get("voltage"),
        lanes=(
            Lane(
                lane=1,
                rx_power_dbm=values.get("rx_power"),
                tx_power_dbm=values.get("tx_power"),
                bias_milliamperes=values.get("bias"),
            ),
        ),
        limits={name: limits for _, name, _, limits in readings if limits != AlarmLimits()},
    )


READINGS = (Reading(("show interfaces [{port}] transceiver detail",), (Question.OPTICS,), modules, Evidence.DEVICE),)
