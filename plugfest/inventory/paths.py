"""Physical paths through the fabric: which cables a packet may take, and where its TTL is decremented."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING

from plugfest.inventory.models import Lab, PortReference, Switch
from plugfest.inventory.wires import Wire

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class Segment:
    """One wire in the direction of travel."""

    sender: PortReference
    receiver: PortReference
    wire: Wire


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a sending port to a receiving port."""

    segments: tuple[Segment, ...]

    @property
    def id(self) -> str:
        """The ports a packet leaves by and the one it arrives at: ``h1:eth1>leaf1:swp2>h2:eth1``."""
        return ">".join([str(segment.sender) for segment in self.segments] + [str(self.segments[-1].receiver)])

    @property
    def switches(self) -> tuple[str, ...]:
        """Names of the switches in travelling order."""
        return tuple(segment.receiver.device for segment in self.segments[:-1])

    @property
    def injectors(self) -> tuple[str, ...]:
        """Names of the injectors on the way."""
        return tuple(name for segment in self.segments for name in segment.wire.injectors)

    @property
    def crossings(self) -> Iterator[tuple[PortReference, PortReference]]:
        """Ingress and egress port at each switch."""
        return ((before.receiver, after.sender) for before, after in pairwise(self.segments))


class Fabric:
    """The switches of a lab and the wires between them, as a graph."""

    def __init__(self, lab: Lab, wires: Sequence[Wire]) -> None:
        self._switches = lab.switches
        self._leaving: dict[PortReference, Segment] = {}
        self._between: dict[tuple[str, str], list[Segment]] = defaultdict(list)
        for wire in wires:
            for end in wire.ends:
                segment = Segment(end, wire.other(end), wire)
                self._leaving[end] = segment
                self._between[end.device, segment.receiver.device].append(segment)
        self._known: dict[tuple[str, str], tuple[tuple[Segment, ...], ...]] = {}

    @cached_property
    def _graph(self) -> "networkx.Graph[str]":
        import networkx

        graph: networkx.Graph[str] = networkx.Graph()
        graph.add_nodes_from(self._switches)
        graph.add_edges_from(ends for ends in self._between if set(ends) <= self._switches.keys())
        return graph

    def attachment(self, port: PortReference) -> Segment | None:
        """The wire that leaves `port`, in that direction; None when nothing is cabled there."""
        return self._leaving.get(port)

    def between_switches(self, start: str, goal: str) -> tuple[tuple[Segment, ...], ...]:
        """All shortest ways from switch `start` to switch `goal`, one for every combination of parallel wires."""
        if (start, goal) not in self._known:
            self._known[start, goal] = tuple(self._searched(start, goal))
        return self._known[start, goal]

    def _searched(self, start: str, goal: str) -> Iterator[tuple[Segment, ...]]:
        import networkx

        if start == goal:
            yield ()
        elif networkx.has_path(self._graph, start, goal):
            for names in sorted(networkx.all_shortest_paths(self._graph, start, goal)):
                yield from product(*(self._between[step] for step in pairwise(names)))

    def paths(self, start: PortReference, goal: PortReference) -> tuple[Path, ...]:
        """All shortest paths between two host ports; empty when they are not connected."""
        first, last = self.attachment(start), self.attachment(goal)
        if first is None or last is None:
            return ()
        if first.receiver == goal:
            return (Path((first,)),)
        arrival = Segment(last.receiver, goal, last.wire)
        ends = (first.receiver.device, last.receiver.device)
        if not all(name in self._switches for name in ends):
            return ()
        return tuple(Path((first, *middle, arrival)) for middle in self.between_switches(*ends))


def routed_hops(lab: Lab, path: Path) -> int:
    """How many switches on `path` route, that is, decrement the TTL (RFC 1812 5.3.1).

    Packets that stay in one subnet are only bridged.  Otherwise a switch bridges between two ports of one VLAN, and,
    when it runs no BGP, between two ports without address and VLAN.
    """
    ends = [lab.devices[end.device].ports.get(end.port) for end in _both_ends(path)]
    subnets = [port.subnet for port in ends if port is not None and port.subnet is not None]
    if len(subnets) == 2 and subnets[0] == subnets[1]:
        return 0
    return sum(not _bridges(lab, ingress, egress) for ingress, egress in path.crossings)


def _both_ends(path: Path) -> tuple[PortReference, PortReference]:
    return path.segments[0].sender, path.segments[-1].receiver


def _bridges(lab: Lab, ingress: PortReference, egress: PortReference) -> bool:
    switch = lab.devices[ingress.device]
    ports = switch.ports[ingress.port], switch.ports[egress.port]
    switched = all(port.vlan for port in ports) or (isinstance(switch, Switch) and switch.asn is None)
    return switched and not any(port.address for port in ports) and ports[0].vlan == ports[1].vlan
