"""Goodput over time: new payload bytes in bins that grow with the time a flow lasts."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.state import GOODPUT_BINS, Tables

LONGEST_SHIFT = 62


@inlined
def add_goodput(flow: Any, index: int, time: int, payload: int, tables: Tables) -> None:
    """Count payload that was seen for the first time."""
    since = max(0, time - flow.first_time)
    while since >> flow.bin_shift >= GOODPUT_BINS:
        widen(flow, tables.goodput[index])
    tables.goodput[index, since >> flow.bin_shift] += payload


@compiled
def widen(flow: Any, bins: Any) -> None:
    """Make every bin twice as long."""
    flow.bin_shift += 1
    for number in range(GOODPUT_BINS // 2):
        bins[number] = bins[2 * number] + bins[2 * number + 1]
    bins[GOODPUT_BINS // 2 :] = 0
