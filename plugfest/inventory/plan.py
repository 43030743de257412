"""What a lab allows to test: links, pairs, paths, routes and the cells that results belong to; asks no device."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from plugfest.inventory.models import Capability, Host, Lab, Link, PortReference, Switch
from plugfest.inventory.pairs import Cell, HostPair, Relation, cell_of, host_pairs
from plugfest.inventory.paths import Fabric, Path
from plugfest.inventory.routes import DesignedRoute, NextHop, designed_routes
from plugfest.inventory.wires import Wire, fabric_links, wires_of

__all__ = ["Cell", "DesignedRoute", "HostPair", "NextHop", "Path", "Plan", "Relation", "Wire"]


@dataclass(frozen=True)
class Plan:
    """Everything testable in one lab; each part is worked out when it is first asked for."""

    lab: Lab

    @classmethod
    def of(cls, lab: Lab) -> Self:
        """The plan of `lab`, which must come from the loader (its links lead to ports that exist)."""
        return cls(lab)

    @property
    def hosts(self) -> dict[str, Host]:
        """GPU hosts by name."""
        return self.lab.hosts

    @property
    def switches(self) -> dict[str, Switch]:
        """Switches by name."""
        return self.lab.switches

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Cables between hosts, switches and injectors."""
        return fabric_links(self.lab)

    @cached_property
    def wires(self) -> tuple[Wire, ...]:
        """Connections between hosts and switches, injectors passed over."""
        return wires_of(self.lab)

    @cached_property
    def switch_links(self) -> tuple[Link, ...]:
        """Connections with a switch at both ends."""
        return tuple(wire.link for wire in self.wires if self._switch_ends(wire) == 2)

    @cached_property
    def host_links(self) -> tuple[Link, ...]:
        """Connections with a host at one end or both."""
        return tuple(wire.link for wire in self.wires if self._switch_ends(wire) < 2)

    @cached_property
    def bgp_links(self) -> tuple[Link, ...]:
        """Routed connections between two switches that both have an AS number."""
        return tuple(link for link in self.switch_links if all(self._speaks_bgp(end) for end in (link.a, link.b)))

    @cached_property
    def test_ports(self) -> tuple[PortReference, ...]:
        """Switch ports through which the harness sends and receives raw frames."""
        return tuple(
            PortReference(device=name, port=port_name)
            for name, switch in self.switches.items()
            for port_name, port in switch.ports.items()
            if port.test_port
        )

    @cached_property
    def fabric(self) -> Fabric:
        """The switches and wires as a graph."""
        return Fabric(self.lab, self.wires)

    @cached_property
    def host_pairs(self) -> tuple[HostPair, ...]:
        """Ordered pairs of NICs of different hosts that cables connect."""
        return host_pairs(self.lab, self.fabric)

    @cached_property
    def routes(self) -> tuple[DesignedRoute, ...]:
        """Routes that the switches should have to the subnets of hosts elsewhere."""
        return designed_routes(self.lab, self.fabric)

    @cached_property
    def cells(self) -> dict[Cell, tuple[HostPair, ...]]:
        """The pairs of every cell of the interop matrix."""
        found: dict[Cell, list[HostPair]] = defaultdict(list)
        for pair in self.host_pairs:
            found[self.cell(pair)].append(pair)
        return {cell: tuple(pairs) for cell, pairs in found.items()}

    @cached_property
    def representatives(self) -> tuple[HostPair, ...]:
        """One pair for each cell and relation: the smallest choice that still visits every cell."""
        first = {(cell, pair.relation): pair.id for cell, pairs in self.cells.items() for pair in reversed(pairs)}
        chosen = set(first.values())
        return tuple(pair for pair in self.host_pairs if pair.id in chosen)

    def cell(self, pair: HostPair) -> Cell:
        """The cell that results of `pair` belong to."""
        return cell_of(self.lab, pair)

    def expected_next_hops(self, switch: str, prefix: str) -> tuple[NextHop, ...]:
        """Equal-cost next hops of `switch` towards `prefix`; empty when the design gives no route."""
        found = (route for route in self.routes if (route.switch, route.prefix) == (switch, prefix))
        return next((route.next_hops for route in found), ())

    def wire(self, port: PortReference) -> Wire | None:
        """The wire that ends at `port`."""
        attachment = self.fabric.attachment(port)
        return attachment.wire if attachment else None

    def lacking(self, devices: Iterable[str], capability: Capability) -> tuple[str, ...]:
        """Those of `devices` that the lab file does not credit with `capability`."""
        return tuple(name for name in devices if capability not in self.lab.devices[name].capabilities)

    def _switch_ends(self, wire: Wire) -> int:
        return sum(end.device in self.switches for end in wire.ends)

    def _speaks_bgp(self, end: PortReference) -> bool:
        switch = self.switches[end.device]
        return switch.asn is not None and switch.ports[end.port].vlan is None
