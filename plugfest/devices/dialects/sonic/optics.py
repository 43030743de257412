"""SONiC: modules and their monitor values (`sfpshow eeprom --dom`)."""

import re
from dataclasses import dataclass, field
from typing import Any

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import AlarmLimits, Lane, Module

HEADING = re.compile(
    r"(\S+): SFP EEPROM (?:(detected)|(Not detected|not detected)|(.*not applicable.*))", re.IGNORECASE
)
SECTION = re.compile(r"(\w*(?:Monitor|Threshold)\w*):")
PROPERTY = re.compile(r"([A-Za-z][\w /.()+&,-]*?) *: *(.*)")
SPECIFICATION = re.compile(r"\d.*?: .+|N/A|[A-Z][\w ]* Implemented")
APPLICATION = re.compile(r".* - Host Assign \(.*|.*- ?Media Assign.*|.*Media Assign \(.*")
LENGTH = re.compile(r"Length.*?\((?:UnitsOf)?(\d*)(k?m)\)")
OLD_NAMES = {
    "TypeOfTransceiver": "Identifier",
    "VendorName": "Vendor Name",
    "VendorPN": "Vendor PN",
    "VendorSN": "Vendor SN",
    "VendorRev": "Vendor Rev",
}
"""Properties of releases up to 201803 by their later names."""
MONITOR = re.compile(r"(RX|TX)(\d*)(Power|Bias)")
LIMIT = re.compile(r"(RxPower|TxPower|TxBias|Temp|Vcc)(High|Low)(Alarm|Warning)")
QUANTITIES = {"RxPower": "rx_power", "TxPower": "tx_power", "TxBias": "bias", "Temp": "temperature", "Vcc": "voltage"}
UNITS = {"dBm": ("rx_power", "tx_power"), "mA": ("bias",), "C": ("temperature",), "Volts": ("voltage",)}
UNIT = re.compile(f"(?:{'|'.join(UNITS)})$")
LANE_FIELDS = {
    ("RX", "Power"): ("rx_power_dbm", "rx_power"),
    ("TX", "Power"): ("tx_power_dbm", "tx_power"),
    ("TX", "Bias"): ("bias_milliamperes", "bias"),
}


@dataclass
class _Module:
    line: Line
    port: str
    present: bool
    facts: dict[str, str] = field(default_factory=dict)
    monitors: dict[str, float | None] = field(default_factory=dict)
    lanes: dict[int, dict[str, float | None]] = field(default_factory=dict)
    limits: dict[str, dict[str, float | None]] = field(default_factory=dict)


def modules(output: Output) -> tuple[Module, ...]:
    """`show interfaces transceiver eeprom [--dom]`: one record a port, absent modules included."""
    found: list[_Module] = []
    section = ""
    for line in output.lines:
        heading, opened = HEADING.fullmatch(line.text), SECTION.fullmatch(line.text.strip())
        if heading:
            section = ""
            found.append(_Module(line, heading[1], present=bool(heading[2] or heading[4])))
        elif opened and found:
            section = opened[1]
        elif line.text:
            if not found:
                raise output.error("this line comes before any port", line)
            with output.at(line):
                _take(found[-1], section, line)
    if not found:
        raise output.error("no port was found")
    records = []
    for module in found:
        with output.at(module.line):
            records.append(_record(module))
    return tuple(records)


def _take(module: _Module, section: str, line: Line) -> None:
    text = line.text.strip()
    if section:
        _monitor(module, text)
    elif not (APPLICATION.fullmatch(text) and "Application Advertisement" in module.facts):
        found = PROPERTY.fullmatch(text)
        if not found and not SPECIFICATION.fullmatch(text):
            raise ValueError("expected 'Name: value'")
        if found:
            _once(module.facts, OLD_NAMES.get(found[1], found[1]), found[2].strip())


def _monitor(module: _Module, text: str) -> None:
    found = PROPERTY.fullmatch(text)
    if not found:
        raise ValueError("expected 'Name: value'")
    name, value = found[1], found[2].strip()
    lane, limit = MONITOR.fullmatch(name), LIMIT.fullmatch(name)
    if lane and (lane[1], lane[3]) in LANE_FIELDS:
        key, quantity = LANE_FIELDS[lane[1], lane[3]]
        _once(module.lanes.setdefault(int(lane[2] or 1), {}), key, _value(value, quantity))
    elif limit:
        quantity = QUANTITIES[limit[1]]
        _once(module.limits.setdefault(quantity, {}), f"{limit[2]}_{limit[3]}".lower(), _value(value, quantity))
    elif name == "Temperature":
        _once(module.monitors, "temperature_celsius", _value(value, "temperature"))
    elif name == "Vcc":
        _once(module.monitors, "voltage_volts", _value(value, "voltage"))
    elif not re.match(r"(Requested|Tx|Laser|RLM\d*|ELS)(\b|_)", name):
        raise ValueError(f"unknown monitor value {name!r}")


def _value(text: str, quantity: str) -> float | None:
    """A number with the unit that this quantity is printed in; ``-inf`` is no light and so no number.

    Some releases put the unit behind words, too: ``N/AdBm``.
    """
    words = UNIT.sub("", text)
    if values.absent(words) or words in ("-inf", "Unknown"):
        return None
    found = re.fullmatch(r"(-?[\d.]+)([A-Za-z]*)", text)
    if not found or quantity not in UNITS.get(found[2], ()):
        raise ValueError(f"{text!r} is not a value of {quantity}")
    return values.number(found[1])


def _once(place: dict[str, Any], name: str, value: Any) -> None:
    if name in place:
        raise ValueError(f"{name!r} occurs twice")
    place[name] = value


def _record(module: _Module) -> Module:
    facts = {name: None if values.absent(value) else value for name, value in module.facts.items()}
    return Module(
        port=module.port,
        present=module.present,
        type=facts.get("Identifier"),
        vendor=facts.get("Vendor Name"),
        part_number=facts.get("Vendor PN"),
        serial=facts.get("Vendor SN"),
        revision=facts.get("Vendor Rev"),
        length_metres=_length(facts),
        temperature_celsius=module.monitors.get("temperature_celsius"),
        voltage_volts=module.monitors.get("voltage_volts"),
        lanes=tuple(Lane(lane=lane, **measured) for lane, measured in sorted(module.lanes.items())),
        limits={name: AlarmLimits(**limits) for name, limits in module.limits.items()},
    )


def _length(facts: dict[str, str | None]) -> float | None:
    """Metres; the name says what is counted, as in ``Length OM3(2m)``.

    None if the module tells what reach it has on several kinds of fibre: that is no length.
    """
    lengths = set()
    for name, value in facts.items():
        if not name.startswith("Length") or value is None:
            continue
        unit = LENGTH.fullmatch(name)
        if not unit:
            raise ValueError(f"{name!r} does not say what is counted")
        lengths.add(values.number(value) * int(unit[1] or 1) * (1000 if unit[2] == "km" else 1))
    measured = lengths - {0} or lengths
    return measured.pop() if len(measured) == 1 else None


READINGS = (
    Reading(
        (
            "show interfaces transceiver eeprom --dom [{port}]",
            "show interfaces transceiver eeprom -d [{port}]",
            "show interfaces transceiver eeprom [{port}]",
            "show interfaces transceiver eeprom {port} --dom",
            "show interfaces transceiver eeprom {port} -d",
            "show interfaces transceiver info [{port}]",
            *(
                f"{program} eeprom{dom}{port}"
                for program in ("sfpshow", "sfputil show")
                for dom in ("", " --dom", " -d")
                for port in ("", " -p {port}")
            ),
            *(
                f"{program} eeprom -p {{port}} {dom}"
                for program in ("sfpshow", "sfputil show")
                for dom in ("--dom", "-d")
            ),
        ),
        (Question.OPTICS,),
        modules,
        Evidence.DEVICE,
    ),
)
