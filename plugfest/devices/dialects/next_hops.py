"""Puts the lines of a routing table together: one route with all its next hops."""

from collections.abc import Iterable
from dataclasses import dataclass

from plugfest.devices.records import NextHop, Route


@dataclass(frozen=True)
class Hop:
    """One line of a routing table."""

    prefix: str
    protocol: str
    metric: int | None
    next_hop: NextHop


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
