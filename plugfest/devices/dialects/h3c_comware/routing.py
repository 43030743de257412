"""H3C Comware: BGP peers and routes."""

from plugfest.devices.dialects.bgp_summary import counted
from plugfest.devices.dialects.next_hops import join_next_hops, numbered_hop
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, Route

PROTOCOLS = {
    "Direct": "connected",
    "BGP": "bgp",
    "Static": "static",
    "OSPF": "ospf",
    "O_NSSA": "ospf",
    "O_NSSA1": "ospf",
    "O_NSSA2": "ospf",
    "O_INTRA": "ospf",
    "O_INTER": "ospf",
    "O_ASE": "ospf",
    "O_ASE1": "ospf",
    "O_ASE2": "ospf",
    "IS_L1": "isis",
    "IS_L2": "isis",
}


def peers(output: Output) -> tuple[BgpNeighbor, ...]:
    """`display bgp peer ipv4`."""
    return build(output, textfsm_rows(output, "h3c_comware/display_bgp_peer_ipv4"), counted)


def routes(output: Output) -> tuple[Route, ...]:
    """`display ip routing-table`: each route with all its next hops."""
    rows = textfsm_rows(output, "h3c_comware/display_ip_routing-table")
    return join_next_hops(build(output, rows, numbered_hop, PROTOCOLS))


READINGS = (
    Reading(
        (
            "display bgp peer ipv4 [unicast] [vpn-instance {vrf}]",
            "display bgp peer ipv6 [unicast] [vpn-instance {vrf}]",
            "display bgp peer l2vpn evpn",
            "display bgp peer",
        ),
        (Question.BGP,),
        peers,
        Evidence.DEVICE,
    ),
    Reading(("display ip routing-table [vpn-instance {vrf}] [{prefix}]",), (Question.ROUTES,), routes, Evidence.DEVICE),
)
