"""Arista EOS: BGP sessions and routes from text."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state_or_prefixes
from plugfest.devices.dialects.next_hops import Hop, join_next_hops
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, BgpState, NextHop, Route

PROTOCOLS = {
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
    return build(output, textfsm_rows(output, "arista_eos/show_ip_bgp_summary"), _neighbor)


def _neighbor(row: Row) -> BgpNeighbor:
    state, prefixes = state_or_prefixes(row["STATE"])
    return BgpNeighbor(
        neighbor=row["PEER"],
        interface=None,
        remote_asn=row.read("ASN", asn),
        local_asn=row.read("LOCAL_ASN", asn),
        state=state,
        uptime_seconds=row.read("UPTIME", _uptime),
        hostname=None,
        prefixes_received=row.count("RECEIVED") if state is BgpState.ESTABLISHED and prefixes is None else prefixes,
    )


def _uptime(text: str) -> int | None:
    return None if text == "never" else values.duration(text)


def routes(output: Output) -> tuple[Route, ...]:
    """`show ip route`."""
    return join_next_hops(build(output, textfsm_rows(output, "arista_eos/show_ip_route"), _hop))


def _hop(row: Row) -> Hop:
    return Hop(
        prefix=row["PREFIX"],
        protocol=PROTOCOLS.get(row["CODE"][0], row["CODE"].lower()),
        metric=row.count("METRIC"),
        next_hop=NextHop(address=row.text("ADDRESS"), interface=row["INTERFACE"], weight=row.count("WEIGHT")),
    )


READINGS = (
    Reading(
        ("show ip bgp summary [vrf {vrf}]", "show bgp ipv4 unicast summary"), (Question.BGP,), summary, Evidence.DEVICE
    ),
    Reading(("show ip route [vrf {vrf}]",), (Question.ROUTES,), routes, Evidence.DEVICE),
)
