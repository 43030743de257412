"""Huawei VRP: BGP peers and routes."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state
from plugfest.devices.dialects.next_hops import Hop, join_next_hops
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor, BgpState, NextHop, Route

PROTOCOLS = {"Direct": "connected", "EBGP": "bgp", "IBGP": "bgp", "BGP": "bgp", "Static": "static"}


def peers(output: Output) -> tuple[BgpNeighbor, ...]:
    """`display bgp peer`: one record a session and address family."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_bgp_peer"), _peer)


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
    """`display ip routing-table`: preferred routes with all their next hops."""
    rows = textfsm_rows(output, "huawei_vrp/display_ip_routing-table")
    return join_next_hops(build(output, rows, _hop))


def _hop(row: Row) -> Hop:
    return Hop(
        prefix=row["PREFIX"],
        protocol=PROTOCOLS.get(row["PROTOCOL"], row["PROTOCOL"].lower()),
        metric=row.count("COST"),
        next_hop=NextHop(address=row["NEXT_HOP"], interface=row.text("INTERFACE")),
    )


READINGS = (
    Reading(
        ("display bgp peer", "display bgp vpnv4 all peer", "display bgp all summary"),
        (Question.BGP,),
        peers,
        Evidence.DEVICE,
    ),
    Reading(("display ip routing-table [vpn-instance {vrf}]",), (Question.ROUTES,), routes, Evidence.MANUAL),
)
