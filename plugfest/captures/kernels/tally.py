"""Count what needs no protocol knowledge."""

from typing import Any

from plugfest.captures.kernels.compiled import compiled


@compiled
def tally(rows: Any, totals: Any, kinds: Any) -> None:
    """Add a chunk to the running totals (one TOTALS row) and to the frames by kind."""
    for number in range(rows.size):
        row = rows[number]
        kinds[row.kind] += 1
        totals.cut_frames += row.captured < row.wire
        if totals.frames == 0:
            totals.first_time = row.time
        elif row.time < totals.last_time:
            totals.time_steps_back += 1
        totals.last_time = row.time
        totals.frames += 1
