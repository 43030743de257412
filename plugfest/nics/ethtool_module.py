"""``ethtool -m``: the module of one port, SFF-8472, SFF-8636 and CMIS alike."""

import re
from collections.abc import Callable, Mapping

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import AlarmLimits, Lane, Module
from plugfest.nics.ethtool import DENIED

FIELD = re.compile(r"\t?(?P<name>[A-Za-z][\w /().,'-]*?)\s*: ?(?P<value>.*)")
POWER = re.compile(r"-?[\d.]+ mW / (?P<value>-?(?:[\d.]+|inf)) dBm")
CURRENT = re.compile(r"(?P<value>-?[\d.]+) mA")
TEMPERATURE = re.compile(r"(?P<value>-?[\d.]+) degrees C / .*")
VOLTAGE = re.compile(r"(?P<value>-?[\d.]+) V")
LANE = re.compile(
    r"(?P<what>Laser tx bias current|Laser bias current|Transmit avg optical power|Laser output power|Laser tx power"
    r"|Rcvr signal avg optical power|Receiver signal average optical power|Rx power)"
    r"(?: monitor)?(?:\s*\((?:Channel|Media Lane|Lane) (?P<lane>\d+)\))?"
)


def module(output: Output) -> tuple[Module, ...]:
    """One module; flags and codes are left out, as their names stand beside them."""
    said: dict[str, str] = {}
    lanes: dict[int, dict[str, float | None]] = {}
    for line in output.lines:
        match = FIELD.fullmatch(line.text)
        if DENIED.fullmatch(line.text):
            raise output.error("only root may read the module", line)
        if not match:
            if line.text:
                raise output.error("expected a line 'NAME : VALUE'", line)
            continue
        if lane := LANE.fullmatch(match["name"]):
            with output.at(line):
                _lane(lanes, lane, match["value"].strip())
        elif match["name"] not in said:
            said[match["name"]] = match["value"].strip()
        elif match["name"] in ("Vendor SN", "Vendor PN", "Module temperature", "Module voltage"):
            raise output.error(f"{match['name']} stands twice", line)
    if "Identifier" not in said:
        raise output.error("the module's identifier is missing")
    return (
        Module(
            port=output.arguments["netdev"],
            present=True,
            type=_inside(said["Identifier"]),
            vendor=said.get("Vendor name") or None,
            part_number=said.get("Vendor PN") or None,
            serial=said.get("Vendor SN") or None,
            revision=said.get("Vendor rev") or said.get("Vendor Rev") or None,
            temperature_celsius=_measured(said, "Module temperature", TEMPERATURE),
            voltage_volts=_measured(said, "Module voltage", VOLTAGE),
            lanes=tuple(Lane(lane=number, **lanes[number]) for number in sorted(lanes)),
            limits=_limits(said),
        ),
    )


def _inside(text: str) -> str:
    found = re.fullmatch(r"0x[\da-f]+ \((?P<words>.+)\)", text)
    return found["words"] if found else text


def _measured(said: Mapping[str, str], name: str, form: re.Pattern[str]) -> float | None:
    return _number(form, said[name]) if name in said else None


def _number(form: re.Pattern[str], text: str) -> float | None:
    found = form.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} has a form we do not know")
    # ethtool prints -inf for a power of nothing: it says that nothing is measured.
    return None if "inf" in found["value"] else values.number(found["value"])


def _lane(lanes: dict[int, dict[str, float | None]], found: re.Match[str], text: str) -> None:
    what = found["what"].lower()
    read: Callable[[str], float | None] = lambda value: _number(POWER, value)  # noqa: E731
    if "bias" in what:
        name, read = "bias_milliamperes", lambda value: _number(CURRENT, value)
    else:
        name = "rx_power_dbm" if what.startswith(("rcvr", "rec", "rx")) else "tx_power_dbm"
    lane = lanes.setdefault(int(found["lane"] or 1), {})
    if name in lane:
        raise ValueError("this lane was told before")
    lane[name] = read(text)


QUANTITIES = {
    "temperature": ("Module temperature", TEMPERATURE),
    "voltage": ("Module voltage", VOLTAGE),
    "bias": ("Laser bias current", CURRENT),
    "tx_power": ("Laser output power", POWER),
    "rx_power": ("Laser rx power", POWER),
}


def _limits(said: Mapping[str, str]) -> dict[str, AlarmLimits]:
    found = {}
    for quantity, (name, form) in QUANTITIES.items():
        limits = AlarmLimits(
            **{
                f"{end}_{kind}": _measured(said, f"{name} {end} {kind} threshold", form)
                for end in ("high", "low")
                for kind in ("alarm", "warning")
            }
        )
        if limits != AlarmLimits():
            found[quantity] = limits
    return found


READINGS = (Reading(("ethtool -m {netdev}",), (Question.OPTICS,), module, Evidence.MANUAL),)
