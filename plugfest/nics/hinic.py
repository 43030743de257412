"""Huawei NICs: ``hinicadm3`` (SP600, Hi1822 class) and ``hinicadm5`` (newer generation)."""

import re
from collections.abc import Callable

from plugfest.accelerators.building import bus_address
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import Lane, Module
from plugfest.nics.records import NicCard, NicFunction

CARDS = re.compile(r"Card num: ?(?P<count>\d+)")
CARD = re.compile(r"\|-+(?P<name>hinic\d+)\((?P<model>[^)]*)\)")
FUNCTION = re.compile(r"\s+\|-+(?P<bus>[\da-fA-F:.]+)\((?P<kind>[A-Z]+)(?::(?P<netdev>[^)]*))?\)")
PROSE = re.compile(r"Device Information:|\s+Card\s+PCIe Function|-+")
MEASURED = re.compile(
    r"Internally measured (?P<way>Tx|Rx)(?P<lane>\d+) "
    r"(?P<what>bias current monitor|(?:out|in)put optical power): (?P<value>.+)"
)
POWER = re.compile(r"-?[\d.]+ mW / (?P<dbm>-?[\d.]+) dBm")
CURRENT = re.compile(r"(?P<milliamperes>[\d.]+) mA")
OTHER = re.compile(r"Latched .*|(?:Host|Media) side SNR .*|[A-Z][\w /()-]*\s*: ?.*")


def cards(output: Output) -> tuple[NicCard | NicFunction, ...]:
    """`hinicadm3 info`: cards and their PCI functions.

    ``Card num`` counts the cards, or the kinds of them: fewer cards than that is an answer that was cut off.
    """
    announced: int | None = None
    found: list[NicCard | NicFunction] = []
    name = ""
    for line in output.lines:
        if match := CARDS.fullmatch(line.text.strip()):
            announced = values.count(match["count"])
        elif match := CARD.fullmatch(line.text.strip()):
            name = match["name"]
            found.append(NicCard(name=name, model=match["model"] or None))
        elif name and (match := FUNCTION.fullmatch(line.text)):
            with output.at(line):
                found.append(NicFunction(card=name, bus=bus_address(match["bus"]), netdev=match["netdev"] or None))
        elif line.text and not PROSE.fullmatch(line.text):
            raise output.error("this line names no card and no PCI function", line)
    named = [record.name for record in found if isinstance(record, NicCard)]
    if named != sorted(named, key=lambda name: int(name.removeprefix("hinic"))):
        raise output.error("the cards do not stand in the order of their numbers")
    if announced is None or len(named) < announced or len(set(named)) != len(named):
        raise output.error(f"{announced} cards were announced, {', '.join(named) or 'none'} follow")
    return tuple(found)


def module(output: Output) -> tuple[Module, ...]:
    """`hinicadm5 sfp -i hinicN -p P`: powers in dBm and currents by lane; flags and SNR are left out."""
    lanes: dict[int, dict[str, float]] = {}
    for line in output.lines:
        if match := MEASURED.fullmatch(line.text.strip()):
            name, read = _quantity(match["way"], match["what"])
            lane = lanes.setdefault(int(match["lane"]), {})
            with output.at(line):
                if name in lane:
                    raise ValueError("this lane was told before")
                lane[name] = read(match["value"].strip())
        elif line.text and not OTHER.fullmatch(line.text.strip()):
            raise output.error("this line has a form we do not know", line)
    if not lanes:
        raise output.error("no lane was found")
    port = f"{output.arguments['card']}/{output.arguments['lane']}"
    return (
        Module(port=port, present=True, lanes=tuple(Lane(lane=number, **lanes[number]) for number in sorted(lanes))),
    )


def _quantity(way: str, what: str) -> tuple[str, Callable[[str], float]]:
    if "bias" in what:
        return "bias_milliamperes", _milliamperes
    return f"{way.lower()}_power_dbm", _dbm


def _milliamperes(text: str) -> float:
    found = CURRENT.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a current in mA")
    return values.number(found["milliamperes"])


def _dbm(text: str) -> float:
    found = POWER.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a power in mW / dBm")
    return values.number(found["dbm"])


READINGS = (
    Reading(("hinicadm3 info", "hinicadm info", "hinicadm5 info"), (Question.NICS,), cards, Evidence.NONE),
    Reading(
        ("hinicadm5 sfp -i {card} -p {lane}", "hinicadm3 sfp -i {card} -p {lane}"),
        (Question.OPTICS,),
        module,
        Evidence.NONE,
    ),
)
