"""A whole capture as columns, for checks that look at single packets."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from plugfest.captures.columns import PACKET, Kind, Role, is_roce
from plugfest.captures.following import Following, KnownPair, Take, follow_twice
from plugfest.captures.trace_builder import AddressText, TraceBuilder
from plugfest.captures.traces import QueuePairTrace
from plugfest.errors import CaptureError

MOST_ROWS = 20_000_000
"""About two gigabytes; beyond that use `analyse`, whose memory does not grow."""


@dataclass(frozen=True)
class CaptureTable:
    """Every frame of a capture as a row of `plugfest.captures.columns.PACKET`, in file order."""

    path: Path
    rows: np.ndarray
    following: Following
    address: AddressText

    @property
    def queue_pairs(self) -> tuple[QueuePairTrace, ...]:
        """The same traces that `analyse` gives."""
        return TraceBuilder(self.following.tables, self.address).traces()

    @property
    def roce(self) -> np.ndarray:
        """The RoCEv2 rows."""
        roce: np.ndarray = self.rows[is_roce(self.rows)]
        return roce

    def with_role(self, *roles: Role) -> np.ndarray:
        """Rows with one of these roles."""
        return self.rows[np.isin(self.rows["role"], [int(role) for role in roles])]

    def of_queue_pair(self, trace: QueuePairTrace) -> np.ndarray:
        """Requests and answers of one queue pair."""
        flows = [trace.index] if trace.answers_index is None else [trace.index, trace.answers_index]
        return self.rows[np.isin(self.rows["flow"], flows)]

    def frame(self, row: np.void) -> bytes:
        """The captured bytes of a row's frame."""
        with self.path.open("rb") as file:
            file.seek(int(row["frame"]))
            return file.read(int(row["captured"]))

    def source_of(self, row: np.void) -> str:
        """Source address of a row in text."""
        return self.address(int(row["source"]), Kind(row["kind"]))


def read_table(path: Path, path_mtu: int | None = None, pairs: Iterable[KnownPair] = ()) -> CaptureTable:
    """Read a capture into memory, 104 bytes per frame.

    Raises CaptureError for what is no capture, and for more than MOST_ROWS frames.
    """
    chunks: list[np.ndarray] = []

    def begin() -> Take:
        chunks.clear()
        return keep

    def keep(rows: np.ndarray) -> None:
        chunks.append(rows.copy())
        if len(chunks) * rows.size > MOST_ROWS:
            raise CaptureError(f"{path}: more than {MOST_ROWS} frames; use analyse(), which needs no memory for each")

    capture, following = follow_twice(path, path_mtu, pairs, take=begin)
    rows = np.concatenate(chunks) if chunks else np.zeros(0, PACKET)
    return CaptureTable(path, rows, following, capture.address)
