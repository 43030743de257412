"""Huawei VRP: BGP peers and routes."""

from plugfest.devices.dialects.bgp_summary import counted
from plugfest.devices.dialects.next_hops import join_next_hops, numbered_hop
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, Route

PROTOCOLS = {"Direct": "connected", "EBGP": "bgp", "IBGP": "bgp", "BGP": "bgp", "Static": "static"}


def peers(output: Output) -> tuple[BgpNeighbor, ...]:
    """`display bgp peer`: one record a session and address family."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_bgp_peer"), counted)


def routes(output: Output) -> tuple[Route, ...]:
    """`display ip routing-table`: preferred routes with all their next hops."""
    rows = textfsm_rows(output, "huawei_vrp/display_ip_routing-table")
    return join_next_hops(build(output, rows, numbered_hop, PROTOCOLS))


READINGS = (
    Reading(
        ("display bgp peer", "display bgp vpnv4 all peer", "display bgp all summary"),
        (Question.BGP,),
        peers,
        Evidence.DEVICE,
    ),
    Reading(("display ip routing-table [vpn-instance {vrf}]",), (Question.ROUTES,), routes, Evidence.MANUAL),
)
