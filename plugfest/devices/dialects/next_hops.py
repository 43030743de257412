"""Puts the lines of a routing table together: one route with all its next hops."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugfest.devices.dialects.row import Row
from plugfest.devices.records import NextHop, Route


@dataclass(frozen=True)
class Hop:
    """One line of a routing table."""

    prefix: str
    protocol: str
    metric: int | None
    next_hop: NextHop


def numbered_hop(row: Row, protocols: Mapping[str, str]) -> Hop:
    """A row whose next hop always has an address; `protocols` are the device's words, others pass in lower case."""
    return Hop(
        prefix=row["PREFIX"],
        protocol=protocols.get(row["PROTOCOL"], row["PROTOCOL"].lower()),
        metric=row.count("COST"),
        next_hop=NextHop(address=row["NEXT_HOP"], interface=row.text("INTERFACE")),
    )


def join_next_hops(hops: Iterable[Hop]) -> tuple[Route, ...]:
    """Neighbouring lines with the same prefix and protocol are one route."""
    groups: list[list[Hop]] = []
    for hop in hops:
        if groups and (groups[-1][0].prefix, groups[-1][0].protocol) == (hop.prefix, hop.protocol):
            groups[-1].append(hop)
        else:
            groups.append([hop])
    return tuple(
        Route(
            prefix=group[0].prefix,
            protocol=group[0].protocol,
            metric=group[0].metric,
            next_hops=tuple(hop.next_hop for hop in group),
        )
        for group in groups
    )
