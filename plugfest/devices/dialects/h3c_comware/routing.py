"""H3C Comware: BGP peers and routes."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state
from plugfest.devices.dialects.next_hops import Hop, join_next_hops
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, BgpState, NextHop, Route

PROTOCOLS = {
    "Direct": "connected",
    "BGP": "bgp",
    "Static": "static",
    "OSPF": "ospf",
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
    return build(output, textfsm_rows(output, "h3c_comware/display_bgp_peer_ipv4"), _peer)


def _peer(row: Row) -> BgpNeighbor:
    found = state(row["STATE"])
    return BgpNeighbor(
        neighbor=row["PEER"],
        interface=None,
        remote_asn=row.read("ASN", asn),
        local_asn=row.read("LOCAL_ASN", asn),
        state=found,
        uptime_seconds=row.read("UPTIME", values.duration),
        prefixes_received=row.count("RECEIVED") if found is BgpState.ESTABLISHED else None,
    )


def routes(output: Output) -> tuple[Route, ...]:
    """`display ip routing-table`: each route with all its next hops."""
    return join_next_hops(build(output, textfsm_rows(output, "h3c_comware/display_ip_routing-table"), _hop))


def _hop(row: Row) -> Hop:
    return Hop(
        prefix=row["PREFIX"],
        protocol=PROTOCOLS.get(row["PROTOCOL"], row["PROTOCOL"].lower()),
        metric=row.count("COST"),
        next_hop=NextHop(address=row["NEXT_HOP"], interface=row.text("INTERFACE")),
    )


READINGS = (
    Reading(
        ("display bgp peer ipv4 [unicast]", "display bgp peer ipv6 [unicast]"), (Question.BGP,), peers, Evidence.DEVICE
    ),
    Reading(("display ip routing-table [vpn-instance {vrf}]",), (Question.ROUTES,), routes, Evidence.DEVICE),
)
