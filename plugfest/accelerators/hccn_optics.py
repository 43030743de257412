"""``hccn_tool -optical``: the module of a port that an Ascend NPU owns.  Powers come in mW and are kept in dBm."""

import math
from collections.abc import Callable, Mapping

from plugfest.accelerators.hccn import forms, port_name
from plugfest.accelerators.properties import blocks
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row
from plugfest.devices.physical_records import AlarmLimits, Lane, Module

DARK_DBM = -40.0
"""0.1 µW, the least that a module can tell (SFF-8636, 6.2.6): what it prints as 0 mW."""
LANES = range(8)
CELLS = {
    name: name
    for name in (
        "present",
        "temperature",
        "vendor name",
        "vendor part number",
        "vendor serial number",
        "xsfp identifier",
        "Vcc",
        *(f"{way} {what}{lane}" for way in ("Tx", "Rx") for what in ("Power", "Bias") for lane in LANES),
        *(f"{what} {end} Thres" for what in ("Vcc", "Temp", "TxPower", "RxPower", "TxBias") for end in ("High", "Low")),
    )
}


def dbm(text: str) -> float:
    """dBm from ``1.0189 mW``."""
    milliwatts = values.quantity(text, {"mw": 1}, "power")
    return round(10 * math.log10(milliwatts), 2) if milliwatts > 0 else DARK_DBM


def milliamperes(text: str) -> float:
    """mA from ``7.9360 mA``."""
    return values.quantity(text, {"ma": 1}, "current")


def volts(text: str) -> float:
    """V from ``3262.90 mV``."""
    return round(values.quantity(text, {"mv": 1e-3, "v": 1.0}, "voltage"), 5)


def degrees(text: str) -> float:
    """Degrees Celsius from ``47 C``."""
    return values.quantity(text, {"c": 1}, "temperature")


LIMITS: Mapping[str, tuple[str, Callable[[str], float]]] = {
    "temperature": ("Temp", degrees),
    "voltage": ("Vcc", volts),
    "tx_power": ("TxPower", dbm),
    "rx_power": ("RxPower", dbm),
    "bias": ("TxBias", milliamperes),
}


def module(output: Output) -> tuple[Module, ...]:
    """One module with its lanes and alarm limits; flags and SNR are left out."""
    rows = blocks(output, CELLS, first=())
    if not rows or "present" not in rows[0].cells:
        raise output.error("it is not said whether a module is present")
    row = rows[0]
    lanes = tuple(lane for lane in (_lane(row, number) for number in LANES) if lane is not None)
    limits = {name: limit for name, limit in ((name, _limit(row, name)) for name in LIMITS) if limit != AlarmLimits()}
    return (
        Module(
            port=port_name(output),
            present=values.one_of(row["present"], {"present": True, "not present": False}, "presence"),
            type=row.text("xsfp identifier"),
            vendor=row.text("vendor name"),
            part_number=row.text("vendor part number"),
            serial=row.text("vendor serial number"),
            temperature_celsius=row.read("temperature", degrees),
            voltage_volts=row.read("Vcc", volts),
            lanes=lanes,
            limits=limits,
        ),
    )


def _lane(row: Row, number: int) -> Lane | None:
    sent, received = row.read(f"Tx Power{number}", dbm), row.read(f"Rx Power{number}", dbm)
    bias = row.read(f"Tx Bias{number}", milliamperes)
    if sent is None and received is None and bias is None:
        return None
    return Lane(lane=number + 1, rx_power_dbm=received, tx_power_dbm=sent, bias_milliamperes=bias)


def _limit(row: Row, name: str) -> AlarmLimits:
    column, reader = LIMITS[name]
    return AlarmLimits(
        high_alarm=row.read(f"{column} High Thres", reader), low_alarm=row.read(f"{column} Low Thres", reader)
    )


READINGS = (
    Reading(
        (*forms("optical"), "hccn_tool -g -optical -i {index} -optical_id {lane}"),
        (Question.OPTICS,),
        module,
        Evidence.DEVICE,
    ),
)
