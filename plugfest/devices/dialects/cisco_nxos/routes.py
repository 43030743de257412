"""Cisco NX-OS: the routing table of one VRF."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.next_hops import Hop, join_next_hops
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import NextHop, Route

TITLE = re.compile(r'\s*IP Route Table for VRF "\S+"')
PREFIX = re.compile(
    r"\s*(\d+(?:\.\d+){3}/\d+), ubest/mbest: (\d+)/\d+(?: time)?"
    r"(?:, (?:attached|pending|direct|pervasive|all-best(?: \(0x[\da-f]+\))?))*"
)
HOP = re.compile(
    r"\s+(\*{0,2})via (?:(\d+(?:\.\d+){3}|[\da-f]*:[\da-f:]+)(?:%\S+)?|vrf \S+|Null\d+)"
    r"(?:, ([A-Za-z][\w./-]*))?, \[\d+/(\d+)\], [\w:.]+, ([\w-]+)"
    r"(?:, [A-Za-z][\w-]*(?: type-\d)?)?(?:, tag \d+)?(?:, eLB)?(?: \([\w-]+\))?"
    r"(?:,?\s+segid: \d+(?: \(\w+\))?\s+tunnelid: 0x[\da-f]+(?:\s+encap: \w+)?)?,?"
)
WRAPPED = re.compile(r"\s*encap: \w+")
"""The end of a path that is wider than the terminal."""
LEGEND = re.compile(r"\s*'(?:\*|\*\*|\[x/y\]|%<string>)' (?:in via output )?denotes .*")
NOTHING = re.compile(r"\s*Route not found")
OWN = {"direct": "connected", "local": "local"}
"""Protocols of the switch's own networks and addresses: the address after ``via`` is its own, not a next hop."""


def routes(output: Output) -> tuple[Route, ...]:
    """`show ip route`: best unicast paths; ParseError if their number is not the one announced, or for several VRFs."""
    titles = [line for line in output.lines if TITLE.fullmatch(line.text)]
    if not titles:
        raise output.error("expected 'IP Route Table for VRF …'", output.lines[0])
    if len(titles) > 1:
        raise output.error("the routes of several VRFs cannot be told apart: ask for one VRF at a time", titles[1])
    found: list[Hop] = []
    for prefix, *lines in _blocks(output):
        with output.at(prefix):
            found.extend(_best(prefix, lines))
    return join_next_hops(found)


def _blocks(output: Output) -> list[list[Line]]:
    """Each prefix line with the paths below it."""
    blocks: list[list[Line]] = []
    for line in output.lines:
        if PREFIX.fullmatch(line.text):
            blocks.append([line])
        elif HOP.fullmatch(line.text) and blocks:
            blocks[-1].append(line)
        elif line.text and not any(known.fullmatch(line.text) for known in (TITLE, LEGEND, WRAPPED, NOTHING)):
            raise output.error("this line has a form we do not know", line)
    if not blocks and not any(NOTHING.fullmatch(line.text) for line in output.lines):
        raise output.error("no route was found")
    return blocks


def _best(prefix: Line, lines: list[Line]) -> list[Hop]:
    """Paths with one star; two stars are best for multicast only, none is not in use."""
    head = PREFIX.fullmatch(prefix.text)
    paths = [path for line in lines if (path := HOP.fullmatch(line.text)) and path[1] == "*"]
    if head is None or len(paths) != values.count(head[2]):
        raise ValueError(f"{len(paths)} best unicast paths follow")
    return [hop(head[1], path[5], path[2], path[3], values.count(path[4])) for path in paths]


def hop(prefix: str, client: str, address: str | None, interface: str | None, metric: int) -> Hop:
    """One path; `client` is the protocol with its instance: ``bgp-65001``."""
    protocol = client.split("-")[0]
    next_hop = NextHop(address=None if protocol in OWN else address, interface=interface)
    return Hop(prefix=prefix, protocol=OWN.get(protocol, protocol), metric=metric, next_hop=next_hop)


READINGS = (
    Reading(("show ip route [vrf {vrf}]", "show ip route {more}"), (Question.ROUTES,), routes, Evidence.DEVICE),
)
