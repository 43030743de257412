"""How long queue pairs were silent: the outage that a failure caused, as the receiver saw it."""

from pathlib import Path

import numpy as np

from plugfest.captures.columns import Role
from plugfest.captures.table import read_table


def longest_silence_s(path: Path) -> float | None:
    """Longest time in seconds between two request packets of one queue pair; None if no queue pair sent two.

    Counts from packet to packet of the same queue pair, so that others that go on do not hide its silence.
    """
    rows = read_table(path).rows
    requests = rows[np.isin(rows["role"], (Role.NEW, Role.AHEAD, Role.RETRANSMITTED))]
    gaps = [_longest_gap(requests["time"][requests["flow"] == flow]) for flow in np.unique(requests["flow"])]
    longest = max((gap for gap in gaps if gap is not None), default=None)
    return None if longest is None else longest / 1e9


def _longest_gap(times: np.ndarray) -> int | None:
    return int(np.diff(times).max()) if times.size > 1 else None
