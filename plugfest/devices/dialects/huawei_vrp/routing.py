"""Huawei VRP: BGP peers and routes."""

from plugfest.devices.dialects.bgp_summary import counted
from plugfest.devices.dialects.next_hops import join_next_hops, numbered_hop
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, Route

PROTOCOLS = {
    "Direct": "connected",
    "Static": "static",
    "BGP": "bgp",
    "EBGP": "bgp",
    "IBGP": "bgp",
    "ISIS-L1": "isis",
    "ISIS-L2": "isis",
    "OSPF": "ospf",
    "O_ASE": "ospf",
    "O_ASE2": "ospf",
    "O_NSSA": "ospf",
    "O_NSSA2": "ospf",
    "OSPFv3": "ospf",
    "OSPFv3ASE": "ospf",
}


def peers(output: Output) -> tuple[BgpNeighbor, ...]:
    """`display bgp peer`: one record a session and address family."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_bgp_peer"), counted)


def routes(output: Output) -> tuple[Route, ...]:
    """`display ip routing-table`: preferred routes with all their next hops."""
    rows = textfsm_rows(output, "huawei_vrp/display_ip_routing-table")
    return join_next_hops(build(output, rows, numbered_hop, PROTOCOLS))


READINGS = (
    Reading(
        (
            "display bgp peer",
            "display bgp ipv6 peer",
            "display bgp evpn peer",
            "display bgp vpnv4 all peer",
            "display bgp vpnv4 vpn-instance {vrf} peer",
            "display bgp vpnv6 all peer",
            "display bgp all summary",
        ),
        (Question.BGP,),
        peers,
        Evidence.DEVICE,
    ),
    Reading(("display ip routing-table [vpn-instance {vrf}] [{prefix}]",), (Question.ROUTES,), routes, Evidence.MANUAL),
)
