"""The same packets at two capture points: what happened to them in between.

A packet is recognised by flow, opcode class, unwrapped PSN and IPv4 identification; where one of those keys occurs
several times (a sender that does not count its identification up), first is matched with first, second with second.
A queue pair that only one of the points has seen is lost, or added, as a whole.
"""

from dataclasses import dataclass

import numpy as np

from plugfest.captures.columns import Role
from plugfest.captures.table import CaptureTable
from plugfest.packets.serial import PSN_HALF, PSN_SPAN
from plugfest.records import Record

_KEY = [("flow", "i8"), ("sequence", "i8"), ("identification", "i8"), ("opcode", "i8"), ("copy", "i8")]
ECN_CE = 3


class PointDifference(Record):
    """What happened to packets on their way from one capture point to the next."""

    matched: int
    """Packets seen at both."""
    lost: int
    """Seen before, not behind."""
    added: int
    """Seen behind, not before: copies made or packets injected on the way."""
    reordered: int
    """Matched packets that overtook none but were overtaken."""
    ce_marked: int
    """Got the mark congestion experienced on the way."""
    ecn_changed_otherwise: int
    """Any other change of the ECN field, which no node on the path may make (RFC 3168)."""
    dscp_changed: int
    ttl_decrements: dict[int, int]
    """Packets by how much their TTL went down."""
    delay_least_ns: int | None
    """Time stamps of the second point minus those of the first; meaningful only if both clocks are one or in step."""
    delay_median_ns: int | None
    delay_most_ns: int | None


@dataclass(frozen=True)
class JoinedPoints:
    """Row numbers that belong together: `first.rows[before[n]]` is the packet `second.rows[behind[n]]`."""

    first: CaptureTable
    second: CaptureTable
    before: np.ndarray
    behind: np.ndarray
    lost: np.ndarray
    """Rows of the first table that the second lacks."""
    added: np.ndarray
    """Rows of the second table that the first lacks."""

    def difference(self) -> PointDifference:
        """Count what changed."""
        before, behind = self.first.rows[self.before], self.second.rows[self.behind]
        ecn_before, ecn_behind = before["tos"] & 3, behind["tos"] & 3
        marked = (ecn_before != ECN_CE) & (ecn_before != 0) & (ecn_behind == ECN_CE)
        decrements = np.unique(before["ttl"].astype(int) - behind["ttl"], return_counts=True)
        delay = behind["time"] - before["time"]
        return PointDifference(
            matched=before.size,
            lost=self.lost.size,
            added=self.added.size,
            reordered=_overtaken(before["frame"], self.behind),
            ce_marked=int(np.count_nonzero(marked)),
            ecn_changed_otherwise=int(np.count_nonzero((ecn_before != ecn_behind) & ~marked)),
            dscp_changed=int(np.count_nonzero(before["tos"] >> 2 != behind["tos"] >> 2)),
            ttl_decrements={int(step): int(count) for step, count in zip(*decrements, strict=True)},
            delay_least_ns=int(delay.min()) if delay.size else None,
            delay_median_ns=int(np.median(delay)) if delay.size else None,
            delay_most_ns=int(delay.max()) if delay.size else None,
        )


def join(first: CaptureTable, second: CaptureTable) -> JoinedPoints:
    """Match the RoCEv2 packets of two points; `first` is nearer to the senders of interest.

    Both must have been recorded with the same filter: what only one of them was told to record counts as lost or added.
    """
    flows = _common_flows(first, second)
    rows_before, keys_before = _keys(first, {a: a for a, _ in flows}, {})
    shifts = _shifts(first, second, flows)
    rows_behind, keys_behind = _keys(second, {b: a for a, b in flows}, shifts)
    _, in_first, in_second = np.intersect1d(keys_before, keys_behind, assume_unique=True, return_indices=True)
    order = np.argsort(in_second)
    in_first, in_second = in_first[order], in_second[order]
    lost = np.union1d(np.delete(rows_before, in_first), _alone(first, [a for a, _ in flows]))
    added = np.union1d(np.delete(rows_behind, in_second), _alone(second, [b for _, b in flows]))
    return JoinedPoints(first, second, rows_before[in_first], rows_behind[in_second], lost, added)


def _identity(table: CaptureTable, number: int) -> tuple[str, str, int]:
    flow = table.following.tables.flows[number]
    kind = int(flow["kind"])
    source, destination = (table.address(int(flow[end]), kind) for end in ("source", "destination"))
    return source, destination, int(flow["destination_qp"])


def _common_flows(first: CaptureTable, second: CaptureTable) -> list[tuple[int, int]]:
    known = {_identity(first, int(number)): int(number) for number in np.unique(first.rows["flow"]) if number >= 0}
    others = {_identity(second, int(number)): int(number) for number in np.unique(second.rows["flow"]) if number >= 0}
    return [(number, others[identity]) for identity, number in known.items() if identity in others]


def _alone(table: CaptureTable, common: list[int]) -> np.ndarray:
    """Rows of queue pairs that the other point has not seen at all."""
    followed = (table.rows["flow"] >= 0) & (table.rows["role"] != Role.CNP)
    return np.flatnonzero(followed & ~np.isin(table.rows["flow"], common))


def _shifts(first: CaptureTable, second: CaptureTable, flows: list[tuple[int, int]]) -> dict[int, int]:
    """Whole turns of the 24-bit circle by which sequences of the second table are ahead of the first's, by flow."""
    shifts = {}
    for before, behind in flows:
        start, other = (_first_sequence(table, number) for table, number in ((first, before), (second, behind)))
        shifts[behind] = (other - start + PSN_HALF) // PSN_SPAN * PSN_SPAN
    return shifts


def _first_sequence(table: CaptureTable, number: int) -> int:
    own = table.rows[(table.rows["flow"] == number) & (table.rows["sequence"] >= 0)]
    return int(own["sequence"][0]) if own.size else 0


def _keys(table: CaptureTable, flows: dict[int, int], shifts: dict[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of packets with a sequence, and a key for each that is the same at every capture point."""
    numbers = np.flatnonzero(
        np.isin(table.rows["flow"], list(flows)) & (table.rows["sequence"] >= 0) & (table.rows["role"] != Role.CNP)
    )
    rows = table.rows[numbers]
    keys = np.zeros(rows.size, _KEY)
    for own, common in flows.items():
        mine = rows["flow"] == own
        keys["flow"][mine] = common
        keys["sequence"][mine] = rows["sequence"][mine] - shifts.get(own, 0)
    keys["identification"], keys["opcode"] = rows["identification"], rows["opcode"]
    keys["copy"] = _copies(keys)
    return numbers, keys


def _copies(keys: np.ndarray) -> np.ndarray:
    """For each key, how often it occurred before."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if keys.size else np.zeros(0, int)
    runs = np.diff(np.r_[starts, keys.size])
    copies = np.zeros(keys.size, np.int64)
    copies[order] = np.arange(keys.size) - np.repeat(starts, runs)
    return copies


def _overtaken(positions: np.ndarray, behind: np.ndarray) -> int:
    """Packets that come, at the second point, after one that was sent later."""
    in_arrival_order = positions[np.argsort(behind)]
    return int(np.count_nonzero(in_arrival_order < np.maximum.accumulate(in_arrival_order))) if positions.size else 0
