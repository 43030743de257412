"""Keep a row for each event worth telling; once a table is full, only its counter goes on."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.state import ANOMALIES, CNPS, Tables


@compiled
def take_row(counts: Any, which: int, capacity: int) -> int:
    """Number of the next free row, -1 if there is none."""
    number = counts[which]
    counts[which] = number + 1
    return number if number < capacity else -1


@compiled
def note_anomaly(tables: Tables, index: int, row: Any, sort: int, psns: int) -> None:
    """A gap, a reordered or duplicate packet, an illegal one."""
    number = take_row(tables.counts, ANOMALIES, tables.anomalies.size)
    if number >= 0:
        event = tables.anomalies[number]
        event.time, event.frame, event.flow = row.time, row.frame, index
        event.sequence, event.psns, event.sort = row.sequence, psns, sort


@compiled
def note_cnp(tables: Tables, index: int, row: Any) -> None:
    """A congestion notification packet."""
    number = take_row(tables.counts, CNPS, tables.cnps.size)
    if number >= 0:
        event = tables.cnps[number]
        event.time, event.frame, event.flow = row.time, row.frame, index
