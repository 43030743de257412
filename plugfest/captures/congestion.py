"""How a NIC paces its congestion notifications: per queue pair, per pair of addresses, or per port."""

import numpy as np

from plugfest.captures.analysis import CaptureAnalysis
from plugfest.captures.cnp_pacing import CnpPacing, Scope
from plugfest.captures.state import FLOWS

_ENOUGH_CNPS = 20
_TOLERANCE = 0.9
"""Time stamps shake: a gap may come out this much shorter than it was meant."""
_PACED = 0.5
"""In a paced group no gap is much shorter than the usual one; where independent groups mix, gaps go down to nothing."""


def cnp_pacing(analysis: CaptureAnalysis, interval_ns: int | None = None) -> tuple[CnpPacing, ...]:
    """One hypothesis per sender of CNPs; a port is taken to be a source address.

    `interval_ns` is the configured minimum time between CNPs.  Without it a grouping counts as paced if its shortest
    gap is at least half its median one, which needs marks to be frequent.
    """
    tables = analysis.following.tables
    flows, events = tables.flows[: tables.counts[FLOWS]], analysis.cnps
    sources = flows["source"][events["flow"]]
    pacings = []
    for source in np.unique(sources):
        own = events[sources == source]
        sender = flows[int(own["flow"][0])]
        name = analysis.address(int(sender["source"]), int(sender["kind"]))
        pacings.append(_pacing(name, own, flows["destination"][own["flow"]], interval_ns))
    return tuple(pacings)


def _pacing(name: str, cnps: np.ndarray, destinations: np.ndarray, interval_ns: int | None) -> CnpPacing:
    groupings: dict[Scope, np.ndarray] = {
        "port": np.zeros(cnps.size, np.int64),
        "address_pair": destinations.astype(np.int64),
        "queue_pair": cnps["flow"],
    }
    gaps = {scope: _gaps(cnps["time"], groups) for scope, groups in groupings.items()}
    groups = {scope: int(np.unique(numbers).size) for scope, numbers in groupings.items()}
    scope, reason = _widest(gaps, groups, cnps.size, interval_ns)
    return CnpPacing(
        sender=name,
        cnps=cnps.size,
        shortest_gap_ns={scope: int(found.min()) if found.size else None for scope, found in gaps.items()},
        groups=groups,
        scope=scope,
        reason=reason,
    )


def _gaps(times: np.ndarray, groups: np.ndarray) -> np.ndarray:
    order = np.lexsort((times, groups))
    same = groups[order][1:] == groups[order][:-1]
    gaps: np.ndarray = np.diff(times[order])[same]
    return gaps


def _widest(
    gaps: dict[Scope, np.ndarray], groups: dict[Scope, int], cnps: int, interval_ns: int | None
) -> tuple[Scope | None, str]:
    if cnps < _ENOUGH_CNPS:
        return None, f"{cnps} CNPs are too few"
    if groups["queue_pair"] < 2:
        return None, "CNPs for one queue pair only"
    for scope, found in gaps.items():
        narrower = groups["queue_pair"] if scope == "address_pair" else groups["address_pair"]
        told_apart = scope == "queue_pair" or groups[scope] < narrower
        if told_apart and found.size and _is_paced(found, interval_ns):
            return scope, f"no two CNPs of one {scope.replace('_', ' ')} are closer than {found.min()} ns"
    return None, "no grouping keeps a distance: no pacing, or marks too seldom to see it"


def _is_paced(gaps: np.ndarray, interval_ns: int | None) -> bool:
    if interval_ns is not None:
        return bool(gaps.min() >= _TOLERANCE * interval_ns)
    return bool(gaps.min() >= _PACED * np.median(gaps))
