"""SONiC: the routing table of FRR as text (`show ip route`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import NextHop, Route

PROTOCOLS = {
    "K": "kernel",
    "C": "connected",
    "L": "local",
    "S": "static",
    "R": "rip",
    "P": "pim",
    "O": "ospf",
    "I": "isis",
    "B": "bgp",
    "E": "eigrp",
    "N": "nhrp",
    "T": "table",
    "v": "vnc",
    "V": "vnc-direct",
    "A": "babel",
    "D": "sharp",
    "F": "pbr",
    "f": "openfabric",
    "t": "table-direct",
    "Z": "frr",
}
LEGEND = re.compile(r"Codes: .*|\s{6,}(?:\S|>|\*) - .*|(?:IPv[46] unicast )?VRF \S+:?|asic\d+:?")
ROUTE = re.compile(r"([A-Za-z])([ >])([ *qrbto]{0,2})\s*(\S+/\d+)(?: \[(\d+)/(\d+)\])? +(.+)")
MORE = re.compile(r"\s[ >]([ *qrbto]{1,2})\s+(via .+|is directly connected, .+)")
VIA = re.compile(r"via ([\da-fA-F.:]+)(?:, (?!(?:weight|label|src|recursive|inactive|seg6)\b)([A-Za-z][^,\s]*))?(.*)")
CONNECTED = re.compile(r"is directly connected, ([^,\s]+)(.*)")
NO_HOP = re.compile(r"(?:unreachable|inactive|onlink|is a summary|\(blackhole\)|\(ICMP|\(reject\)).*")
WEIGHT = re.compile(r"weight (\d+)")
AGE = re.compile(r"[, ] ?(?:(?:\d+[ywdhm])+|\d+:\d\d:\d\d)$")
UNAGED = re.compile(r"[KCSL][ >].*")
"""Routes for which older releases print no age."""
PART_OF_AGE = re.compile(r", ?\d[\d:ywdhm]*$")
LEARNED = ("bgp", "connected", "kernel", "static")


@dataclass
class _Route:
    installed: bool
    protocol: str
    prefix: str
    metric: int | None
    hops: list[NextHop] = field(default_factory=list)


def routes(output: Output) -> tuple[Route, ...]:
    """Routes that are selected (``>``) and in the forwarding table (``*``), each with all next hops.

    Switches of several chips print one table a chip below its name, or one of all front ports.
    Recursive next hops are left out: the ones they resolve to follow on their own lines.
    """
    found: list[_Route] = []
    lines = list(_unindented(output))
    aged = any(UNAGED.fullmatch(line.text) and AGE.search(line.text) for line in lines)
    for line in lines:
        if not line.text or LEGEND.fullmatch(line.text):
            continue
        with output.at(line):
            more, first = MORE.fullmatch(line.text), ROUTE.fullmatch(line.text)
            _check_age(line.text, aged)
            if more and found:
                _hop(found[-1], more[2], "*" in more[1])
            elif first:
                found.append(_start(first))
            else:
                raise ValueError("expected a route or a further next hop")
    return tuple(
        Route(prefix=route.prefix, protocol=route.protocol, next_hops=tuple(route.hops), metric=route.metric)
        for route in found
        if route.installed
    )


def _unindented(output: Output) -> Iterator[Line]:
    """Lines as the device prints them: a copy may be indented as a whole, and the first line never is."""
    first = next(line.text for line in output.lines if line.text)
    indent = len(first) - len(first.lstrip())
    for line in output.lines:
        yield replace(line, text=line.text[indent:] if not line.text[:indent].strip() else line.text)


def _check_age(text: str, aged: bool) -> None:
    """Routes end in their age; where a release prints none for its own routes, no part of one may stand there."""
    if not AGE.search(text) and (aged or not UNAGED.fullmatch(text) or PART_OF_AGE.search(text)):
        raise ValueError("the age of the route is missing at the end")


def _start(first: re.Match[str]) -> _Route:
    if first[1] not in PROTOCOLS:
        raise ValueError(f"{first[1]!r} is not a known route code")
    installed = first[2] == ">" and "*" in first[3]
    route = _Route(installed, PROTOCOLS[first[1]], first[4], int(first[6]) if first[6] else None)
    _hop(route, first[7], installed)
    return route


def _hop(route: _Route, text: str, installed: bool) -> None:
    via, connected = VIA.fullmatch(text), CONNECTED.fullmatch(text)
    if not (via or connected or NO_HOP.fullmatch(text)):
        raise ValueError("expected 'via …', 'is directly connected, …' or a reason why not")
    rest = via[3] if via else connected[2] if connected else text
    if not installed or "inactive" in rest or "(recursive)" in rest or not (via or connected):
        return
    weight = WEIGHT.search(rest)
    if "weight" in rest and not weight:
        raise ValueError("the weight is not a number")
    route.hops.append(
        NextHop(
            address=via[1] if via else None,
            interface=via[2] if via else connected[1] if connected else None,
            weight=values.count(weight[1]) if weight else None,
        )
    )


READINGS = (
    Reading(
        (
            *(f"show {family} route [vrf {{vrf}}]" for family in ("ip", "ipv6")),
            *(f"show {family} route {learned}" for family in ("ip", "ipv6") for learned in LEARNED),
            *(
                f"vtysh -c {quote}show {family} route [vrf {{vrf}}]{quote}"
                for quote in "\"'"
                for family in ("ip", "ipv6")
            ),
        ),
        (Question.ROUTES,),
        routes,
        Evidence.DEVICE,
    ),
)
