"""Arista EOS: BGP sessions and routes from text."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.bgp_state import state_or_prefixes
from plugfest.devices.dialects.bgp_summary import neighbor
from plugfest.devices.dialects.next_hops import Hop, join_next_hops
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, BgpState, NextHop, Route

TITLE = re.compile(r"\s*VRF(?: name)?:\s+\S+")
PATHLESS = re.compile(r"\s.* [%]?\d+(?:\.\d+){3}/\d+(?:\s+\[\d+/\d+\])?(?:\s+\(source VRF \S+\))?\s*")
"""A prefix whose paths follow on the next lines."""
NO_ROUTES = r"Gateway of last resort is not set"
NO_SESSIONS = r"BGP is disabled for VRF"
PROTOCOLS = {
    "DH": "dhcp",
    "RC": "route-cache",
    "CL": "cbf-leaked",
    "A O": "ospf",
    "C": "connected",
    "S": "static",
    "K": "kernel",
    "O": "ospf",
    "B": "bgp",
    "R": "rip",
    "I": "isis",
    "A": "aggregate",
    "N": "static",
    "D": "dynamic-policy",
    "L": "leaked",
    "V": "vxlan",
    "M": "martian",
    "G": "gribi",
}


def summary(output: Output) -> tuple[BgpNeighbor, ...]:
    """`show ip bgp summary` in all its column sets."""
    return build(output, textfsm_rows(output, "arista_eos/show_ip_bgp_summary", nothing=NO_SESSIONS), _neighbor)


def _neighbor(row: Row) -> BgpNeighbor:
    state, prefixes = state_or_prefixes(row["STATE"])
    return neighbor(row, state, _received(row, state) if "COLUMNS" in row.cells else prefixes)


def _received(row: Row, state: BgpState) -> int | None:
    """Prefixes received, the first of the prefix columns; all of them are blank until the session is established."""
    columns, counts = row["COLUMNS"].split(), row.cells.get("PREFIXES", "").split()
    if len(counts) != len(columns) and (counts or state is BgpState.ESTABLISHED):
        raise ValueError(f"expected a number under each of {' '.join(columns)}, got {' '.join(counts) or 'none'}")
    return values.count(counts[0]) if state is BgpState.ESTABLISHED else None


def routes(output: Output) -> tuple[Route, ...]:
    """`show ip route`; ParseError for several VRFs."""
    titles = [line for line in output.lines if TITLE.fullmatch(line.text)]
    if len(titles) > 1:
        raise output.error("the routes of several VRFs cannot be told apart: ask for one VRF at a time", titles[1])
    if PATHLESS.fullmatch(output.last.text):
        raise output.error("the output is cut off: the paths of this route must follow", output.last)
    return join_next_hops(build(output, textfsm_rows(output, "arista_eos/show_ip_route", nothing=NO_ROUTES), _hop))


def _hop(row: Row) -> Hop:
    code = " ".join(row["CODE"].split())
    return Hop(
        prefix=row["PREFIX"],
        protocol=PROTOCOLS.get(code) or PROTOCOLS.get(code[0], code.lower()),
        metric=row.count("METRIC"),
        next_hop=NextHop(address=row.text("ADDRESS"), interface=row.text("INTERFACE"), weight=row.count("WEIGHT")),
    )


READINGS = (
    Reading(
        (
            "show ip bgp summary [vrf {vrf}]",
            "show ipv6 bgp summary [vrf {vrf}]",
            "show bgp {more} summary [vrf {vrf}]",
        ),
        (Question.BGP,),
        summary,
        Evidence.DEVICE,
    ),
    Reading(("show ip route [vrf {vrf}]", "show ip route {more}"), (Question.ROUTES,), routes, Evidence.DEVICE),
)
