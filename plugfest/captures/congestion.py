"""How a NIC paces its congestion notifications: per queue pair, per pair of addresses, or per port."""

from typing import Literal

import numpy as np

from plugfest.captures.analysis import CaptureAnalysis
from plugfest.captures.state import FLOWS
from plugfest.records import Record

Scope = Literal["queue_pair", "address_pair", "port"]
_ENOUGH_CNPS = 20
_TOLERANCE = 0.9
"""Time stamps shake: a gap may come out this much shorter than it was meant."""


class CnpPacing(Record):
    """Gaps between congestion notification packets of one sender, by three ways to group them."""

    sender: str
    """Address of the notification point."""
    cnps: int
    shortest_gap_ns: dict[Scope, int | None]
    """Shortest gap within any group; None if no group has two."""
    groups: dict[Scope, int]
    """How many groups there are."""
    scope: Scope | None
    """The widest grouping that keeps the gap of the narrowest; None if the capture cannot tell."""
    reason: str
    """Why this scope, or why none."""


def cnp_pacing(analysis: CaptureAnalysis) -> tuple[CnpPacing, ...]:
    """One hypothesis per sender of CNPs; a port is taken to be a source address."""
    tables = analysis.following.tables
    flows, events = tables.flows[: tables.counts[FLOWS]], analysis.cnps
    sources = flows["source"][events["flow"]]
    pacings = []
    for source in np.unique(sources):
        own = events[sources == source]
        sender = flows[int(own["flow"][0])]
        name = analysis.address(int(sender["source"]), int(sender["kind"]))
        pacings.append(_pacing(name, own["time"], own["flow"], flows["destination"][own["flow"]]))
    return tuple(pacings)


def _pacing(name: str, times: np.ndarray, flows: np.ndarray, destinations: np.ndarray) -> CnpPacing:
    groupings: dict[Scope, np.ndarray] = {
        "queue_pair": flows,
        "address_pair": destinations.astype(np.int64),
        "port": np.zeros(flows.size, np.int64),
    }
    shortest = {scope: _shortest_gap(times, groups) for scope, groups in groupings.items()}
    groups = {scope: int(np.unique(numbers).size) for scope, numbers in groupings.items()}
    scope, reason = _widest(shortest, groups, times.size)
    return CnpPacing(sender=name, cnps=times.size, shortest_gap_ns=shortest, groups=groups, scope=scope, reason=reason)


def _shortest_gap(times: np.ndarray, groups: np.ndarray) -> int | None:
    order = np.lexsort((times, groups))
    same = groups[order][1:] == groups[order][:-1]
    gaps = np.diff(times[order])[same]
    return int(gaps.min()) if gaps.size else None


def _widest(shortest: dict[Scope, int | None], groups: dict[Scope, int], cnps: int) -> tuple[Scope | None, str]:
    gap = shortest["queue_pair"]
    if cnps < _ENOUGH_CNPS or gap is None:
        return None, f"{cnps} CNPs are too few"
    if groups["queue_pair"] < 2:
        return None, "CNPs for one queue pair only"
    wider: tuple[tuple[Scope, Scope], ...] = (("port", "address_pair"), ("address_pair", "queue_pair"))
    for scope, narrower in wider:
        wide = shortest[scope]
        if wide is not None and wide >= _TOLERANCE * gap and groups[narrower] > groups[scope]:
            return scope, f"no two CNPs of one {scope.replace('_', ' ')} are closer than {wide} ns"
    return "queue_pair", f"queue pairs keep {gap} ns each, but not together"
