"""Which BGP routes every switch of a lab has once routing has settled."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from plugfest.embedded.guest_records import GuestDevice, GuestPlan

Routes = Mapping[str, Mapping[str, int]]
"""Number of next hops by prefix by switch."""


def expected_routes(plan: GuestPlan) -> Routes:
    """For every switch the prefixes of all others, each with its number of equally short ways.

    A switch's prefixes are the networks of its addressed ports and its router id as a /32.  Switches with the same
    autonomous system number do not learn each other's (RFC 4271, 9.1.2: loop detection).
    """
    import networkx

    speakers = {device.name: device for device in plan.devices if device.asn is not None}
    graph: Any = networkx.MultiGraph()
    graph.add_nodes_from(speakers)
    for cable in plan.cables:
        if cable.a.name in _bgp_ports(speakers, cable.a_device) and cable.b.name in _bgp_ports(
            speakers, cable.b_device
        ):
            graph.add_edge(cable.a_device, cable.b_device)
    distances = dict(networkx.all_pairs_shortest_path_length(graph))
    return {name: _expected(name, speakers, graph, distances) for name in speakers}


def missing_routes(plan: GuestPlan, answer: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """What `answer` (``ip -json route show proto bgp`` by switch) still lacks, in words; empty when settled."""
    return [
        f"{switch} has {_next_hops(answer.get(switch, []), prefix)} of {count} next hops to {prefix}"
        for switch, routes in expected_routes(plan).items()
        for prefix, count in routes.items()
        if _next_hops(answer.get(switch, []), prefix) < count
    ]


def _bgp_ports(speakers: Mapping[str, GuestDevice], name: str) -> tuple[str, ...]:
    return speakers[name].bgp_ports if name in speakers else ()


def _prefixes(device: GuestDevice) -> set[str]:
    networks = {str(ipaddress.ip_interface(port.address).network) for port in device.ports if port.address}
    return networks | ({f"{device.router_id}/32"} if device.router_id else set())


def _expected(name: str, speakers: Mapping[str, GuestDevice], graph: Any, distances: Any) -> dict[str, int]:
    own = _prefixes(speakers[name])
    owners: dict[str, list[str]] = {}
    for other in distances[name]:
        if speakers[other].asn == speakers[name].asn:
            continue
        for prefix in _prefixes(speakers[other]) - own:
            owners.setdefault(prefix, []).append(other)
    return {prefix: _equal_ways(name, places, graph, distances) for prefix, places in sorted(owners.items())}


def _equal_ways(name: str, places: list[str], graph: Any, distances: Any) -> int:
    """Number of cables of `name` that lie on a shortest way to one of `places`."""
    nearest = min(distances[name][place] for place in places)
    return sum(
        any(distances[neighbour].get(place, nearest) == nearest - 1 for place in places)
        for _, neighbour in graph.edges(name)
    )


def _next_hops(routes: list[dict[str, Any]], prefix: str) -> int:
    for route in routes:
        if ipaddress.ip_network(route["dst"].replace("default", "0.0.0.0/0")) == ipaddress.ip_network(prefix):
            return len(route.get("nexthops", [route]))
    return 0
