"""Arista EOS: BGP sessions and routes from JSON."""

import re

from pydantic import Field

from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import BgpNeighbor, NextHop, Route

PROTOCOLS = {"eBGP": "bgp", "iBGP": "bgp", "bgpAggregate": "aggregate"}
LEVELS = re.compile(r"(ospf|isis)\w+")
"""Types with their area or level: ``ospfIntraArea``, ``isisLevel1``."""


class _Peer(Wire):
    asn: str | int
    state: str = Field(alias="peerState")
    received: int | None = Field(default=None, alias="prefixReceived")


class _BgpVrf(Wire):
    asn: str | int | None = None
    peers: dict[str, _Peer]


class _Bgp(Wire):
    vrfs: dict[str, _BgpVrf]


class _Via(Wire):
    address: str | None = Field(default=None, alias="nexthopAddr")
    interface: str | None = None
    weight: int | None = None


class _Route(Wire):
    kind: str = Field(alias="routeType")
    metric: int | None = None
    vias: list[_Via] = []


class _RouteVrf(Wire):
    routes: dict[str, _Route]


class _Routes(Wire):
    vrfs: dict[str, _RouteVrf]


def summary(output: Output) -> tuple[BgpNeighbor, ...]:
    """`show ip bgp summary | json`; the time of the last change is printed as a date, so uptime stays unknown."""
    wire = read_json(output, _Bgp)
    with output.at(output.lines[0]):
        return tuple(_neighbor(vrf, address, peer) for vrf in wire.vrfs.values() for address, peer in vrf.peers.items())


def _neighbor(vrf: _BgpVrf, address: str, peer: _Peer) -> BgpNeighbor:
    return BgpNeighbor(
        neighbor=address,
        interface=None,
        remote_asn=asn(str(peer.asn)),
        local_asn=asn(str(vrf.asn)) if vrf.asn else None,
        state=state(peer.state),
        uptime_seconds=None,
        prefixes_received=peer.received,
    )


def routes(output: Output) -> tuple[Route, ...]:
    """`show ip route | json`; ParseError for several VRFs."""
    wire = read_json(output, _Routes)
    if sum(bool(vrf.routes) for vrf in wire.vrfs.values()) > 1:
        raise output.error("the routes of several VRFs cannot be told apart: ask for one VRF at a time")
    return tuple(
        Route(
            prefix=prefix,
            protocol=PROTOCOLS.get(route.kind) or LEVELS.sub(r"\1", route.kind.lower()),
            metric=route.metric,
            next_hops=tuple(
                NextHop(address=via.address, interface=via.interface, weight=via.weight) for via in route.vias
            ),
        )
        for vrf in wire.vrfs.values()
        for prefix, route in vrf.routes.items()
    )


READINGS = (
    Reading(
        (
            "show ip bgp summary [vrf {vrf}] | json",
            "show ipv6 bgp summary [vrf {vrf}] | json",
            "show bgp ipv4 unicast summary [vrf {vrf}] | json",
        ),
        (Question.BGP,),
        summary,
        Evidence.DEVICE,
    ),
    Reading(
        ("show ip route [vrf {vrf}] | json", "show ip route {more} | json"), (Question.ROUTES,), routes, Evidence.DEVICE
    ),
)
