"""Ordered pairs of host NICs that can exchange traffic, and the cell of the interop matrix that each belongs to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import product

from plugfest.inventory.models import Host, Lab, Nic, PortReference, Switch
from plugfest.inventory.paths import Fabric, Path, routed_hops


class Relation(StrEnum):
    """How two hosts lie to each other."""

    BACK_TO_BACK = "back_to_back"
    """One cable, no switch."""
    SAME_LEAF = "same_leaf"
    """One switch between them."""
    ACROSS_SPINES = "across_spines"
    """Several switches between them."""


@dataclass(frozen=True, slots=True)
class HostPair:
    """A client NIC and a server NIC with every shortest path from the one to the other."""

    client: str
    server: str
    client_nic: Nic
    server_nic: Nic
    relation: Relation
    paths: tuple[Path, ...]
    routed_hops: int | None
    """Routers that decrement the TTL on the way; None when the equal paths differ in that."""
    client_address: str | None
    """IP address of the client's port, without prefix length."""
    server_address: str | None
    """IP address of the server's port, without prefix length."""
    id: str
    """``h1->h4``; a host with several NICs is named with its port: ``h1:eth2->h4``."""

    @property
    def client_port(self) -> PortReference:
        """The port that sends requests."""
        return PortReference(device=self.client, port=self.client_nic.port)

    @property
    def server_port(self) -> PortReference:
        """The port that answers them."""
        return PortReference(device=self.server, port=self.server_nic.port)

    @property
    def switches(self) -> tuple[str, ...]:
        """Names of all switches on any of the paths, nearest to the client first."""
        return _unique(name for path in sorted(self.paths, key=lambda each: each.id) for name in path.switches)

    @property
    def injectors(self) -> tuple[str, ...]:
        """Names of the injectors on any of the paths."""
        return _unique(name for path in self.paths for name in path.injectors)

    @property
    def devices(self) -> tuple[str, ...]:
        """Client, server, and everything that may be between them."""
        return (self.client, *self.switches, *self.injectors, self.server)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What is under test together: one cell of the interop matrix.  Equal equipment gives equal cells in every lab."""

    nic: str
    """Client NIC: vendor, model, firmware."""
    switches: tuple[str, ...]
    """Chip and NOS of the switches on the way, each kind once; empty when back to back."""
    media: tuple[str, ...]
    """Cables or optics at the client and at the server, each kind once."""
    peer: str
    """Server NIC: vendor, model, firmware."""

    @property
    def id(self) -> str:
        """Readable form: ``NVIDIA ConnectX-7 28.39.1002 × Tomahawk 5, SONiC × DAC × Broadcom Thor 2``."""
        parts = (
            self.nic,
            " + ".join(self.switches) or "no switch",
            " + ".join(self.media) or "unnamed media",
            self.peer,
        )
        return " × ".join(parts)

    @property
    def key(self) -> str:
        """Form for file names and history: the id in plain letters and a digest that keeps keys apart."""
        plain = re.sub(r"[^a-z0-9.]+", "-", self.id.lower()).strip("-.")
        return f"{plain[:120]}-{sha256(self.id.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class _End:
    """One NIC of one host."""

    host: str
    nic: Nic
    port: PortReference
    address: str | None
    text: str


def host_pairs(lab: Lab, fabric: Fabric) -> tuple[HostPair, ...]:
    """Every NIC of every host with every NIC of every other host, both directions, as far as cables connect them."""
    ends = [_end(name, host, nic) for name, host in lab.hosts.items() for nic in host.nics]
    return tuple(
        _pair(lab, client, server, paths)
        for client, server in product(ends, ends)
        if client.host != server.host and (paths := fabric.paths(client.port, server.port))
    )


def _end(name: str, host: Host, nic: Nic) -> _End:
    port = host.ports.get(nic.port)
    address = port.address.split("/")[0] if port and port.address else None
    text = name if len(host.nics) == 1 else f"{name}:{nic.port}"
    return _End(name, nic, PortReference(device=name, port=nic.port), address, text)


def _pair(lab: Lab, client: _End, server: _End, paths: tuple[Path, ...]) -> HostPair:
    hops = {routed_hops(lab, path) for path in paths}
    return HostPair(
        client=client.host,
        server=server.host,
        client_nic=client.nic,
        server_nic=server.nic,
        relation=_relation(paths),
        paths=paths,
        routed_hops=hops.pop() if len(hops) == 1 else None,
        client_address=client.address,
        server_address=server.address,
        id=f"{client.text}->{server.text}",
    )


def _relation(paths: tuple[Path, ...]) -> Relation:
    switches = len(paths[0].switches)
    return (Relation.BACK_TO_BACK, Relation.SAME_LEAF, Relation.ACROSS_SPINES)[min(switches, 2)]


def cell_of(lab: Lab, pair: HostPair) -> Cell:
    """The cell that a result of `pair` belongs to."""
    ends = [wire for path in pair.paths for wire in (path.segments[0].wire, path.segments[-1].wire)]
    return Cell(
        nic=nic_text(pair.client_nic),
        switches=_unique(switch_text(lab.switches[name]) for name in pair.switches),
        media=_unique(wire.link.media for wire in ends if wire.link.media),
        peer=nic_text(pair.server_nic),
    )


def nic_text(nic: Nic) -> str:
    """Vendor, model and, when known, firmware."""
    return " ".join(part for part in (nic.vendor, nic.model, nic.firmware) if part != "unknown")


def switch_text(switch: Switch) -> str:
    """Chip and network operating system."""
    return f"{switch.chip}, {switch.nos}"


def _unique(items: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
