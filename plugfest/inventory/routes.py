"""The routes a fabric should have by design: for every switch and host subnet the equal-cost next hops."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from plugfest.inventory.models import Lab, PortReference
from plugfest.inventory.paths import Fabric, Segment


@dataclass(frozen=True, slots=True)
class NextHop:
    """One way out of a switch."""

    port: str
    """Port of the switch itself."""
    neighbour: PortReference
    """The port at the other end."""


@dataclass(frozen=True, slots=True)
class DesignedRoute:
    """What a switch should have in its routing table for one subnet that is not its own."""

    switch: str
    prefix: str
    next_hops: tuple[NextHop, ...]
    """Equal-cost next hops, sorted by port."""

    @property
    def id(self) -> str:
        """Readable id, such as ``leaf1->10.2.1.0/24``."""
        return f"{self.switch}->{self.prefix}"

    @property
    def ports(self) -> frozenset[str]:
        """The switch's own ports towards the subnet."""
        return frozenset(hop.port for hop in self.next_hops)


def designed_routes(lab: Lab, fabric: Fabric) -> tuple[DesignedRoute, ...]:
    """Every route between switches that route; a subnet belongs to the switches its hosts are cabled to.

    Next hops lie on the shortest ways, as with eBGP and one AS number per tier (RFC 7938 5.2), less those that eBGP's
    loop detection refuses because an AS number would come twice (RFC 4271 9.1.2).
    """
    owners = subnet_owners(lab, fabric)
    return tuple(
        DesignedRoute(switch, prefix, hops)
        for switch in lab.switches
        for prefix, at in owners.items()
        if switch not in at and (hops := _next_hops(lab, fabric, switch, at))
    )


def subnet_owners(lab: Lab, fabric: Fabric) -> dict[str, frozenset[str]]:
    """The switches that each subnet with hosts is attached to, by prefix."""
    owners: dict[str, frozenset[str]] = {}
    for name, host in lab.hosts.items():
        for port_name, port in host.ports.items():
            attachment = fabric.attachment(PortReference(device=name, port=port_name))
            if port.subnet and attachment and attachment.receiver.device in lab.switches:
                owners[port.subnet] = owners.get(port.subnet, frozenset()) | {attachment.receiver.device}
    return owners


def _next_hops(lab: Lab, fabric: Fabric, switch: str, owners: frozenset[str]) -> tuple[NextHop, ...]:
    ways = [way for owner in owners for way in fabric.between_switches(switch, owner) if _carries_route(lab, way)]
    shortest = min((len(way) for way in ways), default=0)
    first = {(way[0].sender.port, way[0].receiver) for way in ways if len(way) == shortest}
    return tuple(NextHop(port, neighbour) for port, neighbour in sorted(first, key=lambda hop: (hop[0], str(hop[1]))))


def _carries_route(lab: Lab, way: tuple[Segment, ...]) -> bool:
    if any(lab.devices[end.device].ports[end.port].vlan for step in way for end in (step.sender, step.receiver)):
        return False
    numbers = [lab.switches[name].asn for name in _switches(way)]
    if None in numbers:
        return not any(numbers)  # no BGP at all: another protocol with the same shortest ways
    crossed = [number for number, _ in groupby(numbers)]
    return len(crossed) == len(set(crossed))


def _switches(way: tuple[Segment, ...]) -> Iterator[str]:
    yield way[0].sender.device
    for step in way:
        yield step.receiver.device
