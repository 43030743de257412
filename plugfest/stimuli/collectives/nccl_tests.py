"""nccl-tests of NVIDIA, and rccl-tests and other tools that print the same table.

Each row holds two measurements, out of place and in place.  ``#wrong`` counts wrong elements, ``N/A`` means that
nobody looked; older releases print the largest error instead, under the heading ``error``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugfest.devices.dialects.output import Line, Output
from plugfest.stimuli.collectives.launched import without_launcher
from plugfest.stimuli.collectives.reading import check_bandwidth, decimal, whole
from plugfest.stimuli.collectives.records import CollectiveReport, CollectiveRow, Correctness

TOOL = "nccl-tests"
RANK = re.compile(r"#\s+Rank\s+\d+\s+.*\bdevice\s+\d+\s.*")
SETTINGS = re.compile(r"#\s+nThread\s+\d+\s.*\bwarmup iters:\s*(?P<warm_up>\d+)\s+iters:\s*(?P<iterations>\d+)\s.*")
BOUNDS = re.compile(r"#\s+Out of bounds values\s*:\s*(?P<count>\d+)\s+(?P<word>OK|FAILED)")
AVERAGE = re.compile(r"#\s+Avg bus bandwidth\s*:\s*(?P<average>\S+)(?:\s+(?:OK|FAILED))?")
HEADING = re.compile(r"#\s+size\s+count\s.*\b(?:cpu)?time\s+algbw\s+busbw\s+.*")
GROUP = ("algbw", "busbw")
CHECKS = ("#wrong", "error")
OF_ITERATIONS = ("#bitdiff", "i_min", "i_max", "i_p99", "i_cv%")
"""Columns that options add to each measurement."""
TIMESTAMP = re.compile(r"\s+\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$")
LARGEST_ERROR = 1e-3
"""Older releases print the largest error; single precision sums stay far below this."""
ROUNDING = 0.01
"""GB/s; the average is printed with six digits, the bandwidths of the rows with two decimals."""


@dataclass(frozen=True)
class _Table:
    """Columns of the table."""

    before: int
    """Columns before the measurements; some are empty where an operation has no reduction or root."""
    group: tuple[str, ...]
    """Columns of one measurement; there are two in a row."""
    after: tuple[str, ...]

    @property
    def measured(self) -> int:
        """Cells of a row from its first measurement on."""
        return 2 * len(self.group) + len(self.after)


def parse(output: Output) -> tuple[CollectiveReport, ...]:
    """The report.

    ParseError without a table, with a row of another form or whose numbers contradict each other, and if the closing
    average is missing or is not that of the rows.
    """
    table: _Table | None = None
    rows: list[CollectiveRow] = []
    output = without_launcher(output)
    for line in output.lines:
        if HEADING.fullmatch(line.text):
            table = _table(output, line)
        elif line.text[:1].isdigit():
            if table is None:
                raise output.error("a row came before the heading of the table", line)
            rows += _rows(output, table, line)
        elif line.text and not line.text.startswith("#") and table:
            raise output.error("neither a row nor a comment", line)
    if not rows:
        raise output.error("no row of results was found")
    return (_report(output, rows),)


def _report(output: Output, rows: list[CollectiveRow]) -> CollectiveReport:
    settings = _only(output, SETTINGS)
    average, bounds = _only(output, AVERAGE), _only(output, BOUNDS)
    if average is None:
        raise output.error("the output is cut off: the average bus bandwidth must follow", output.last)
    with output.at(average[0]):
        mean = decimal(average[1]["average"])
        _check_average(rows, mean)
    return CollectiveReport(
        tool=TOOL,
        rows=tuple(rows),
        ranks=sum(RANK.fullmatch(line.text) is not None for line in output.lines) or None,
        average_bus_gbytes_per_s=mean,
        out_of_bounds=_out_of_bounds(output, bounds),
        iterations=int(settings[1]["iterations"]) if settings else None,
        warm_up_iterations=int(settings[1]["warm_up"]) if settings else None,
    )


def _check_average(rows: list[CollectiveRow], mean: float) -> None:
    measured = [row.bus_gbytes_per_s for row in rows if row.bus_gbytes_per_s is not None]
    expected = sum(measured) / len(measured)
    if abs(expected - mean) > ROUNDING + mean * 1e-4:
        raise ValueError(f"the rows above have an average of {expected:.4f}: rows or digits are missing")


def _only(output: Output, pattern: re.Pattern[str]) -> tuple[Line, re.Match[str]] | None:
    found = [(line, match) for line in output.lines if (match := pattern.fullmatch(line.text))]
    if len(found) > 1:
        raise output.error("this line came twice: two runs in one output", found[1][0])
    return found[0] if found else None


def _out_of_bounds(output: Output, found: tuple[Line, re.Match[str]] | None) -> int | None:
    if found is None:
        return None
    line, match = found
    count = int(match["count"])
    if (count == 0) != (match["word"] == "OK"):
        raise output.error("the count and the word contradict each other", line)
    return count


def _table(output: Output, heading: Line) -> _Table:
    columns = heading.text.lstrip("# ").split()
    times = [place for place, name in enumerate(columns) if name in ("time", "cputime")]
    if len(times) == 2:
        first, second = times
        group, length = tuple(columns[first:second]), second - first
        after = tuple(columns[second + length :])
        well_formed = tuple(columns[second : second + length]) == group and _is_group(group)
        if well_formed and set(after) <= {"#iters", "timestamp"}:
            return _Table(first, group, after)
    raise output.error("expected size, count, … and twice time, algbw, busbw, #wrong", heading)


def _is_group(group: tuple[str, ...]) -> bool:
    return group[1:3] == GROUP and group[3:4] in [(check,) for check in CHECKS] and set(group[4:]) <= set(OF_ITERATIONS)


def _rows(output: Output, table: _Table, line: Line) -> Iterator[CollectiveRow]:
    text = TIMESTAMP.sub(" timestamp", line.text) if "timestamp" in table.after else line.text
    cells = text.split()
    if not 2 + table.measured <= len(cells) <= table.before + table.measured:
        raise output.error(f"expected {table.before + table.measured} values", line)
    with output.at(line):
        size = whole(cells[0])
        for number, in_place in enumerate((False, True)):
            start = len(cells) - table.measured + number * len(table.group)
            if row := _measurement(table, size, cells[start : start + 4], in_place):
                yield row


def _measurement(table: _Table, size: int, cells: list[str], in_place: bool) -> CollectiveRow | None:
    """One measurement; None where the operation knows none in place."""
    time, algorithm, bus, check = cells
    if (time, algorithm, bus) == ("N/A",) * 3:
        return None
    if table.group[0] == "time":  # of the processor's time, the bandwidth tells nothing
        check_bandwidth(size, time, algorithm)
    correctness, wrong = _correctness(table.group[3], check)
    return CollectiveRow(
        size=size,
        time_us=decimal(time),
        algorithm_gbytes_per_s=decimal(algorithm),
        bus_gbytes_per_s=decimal(bus),
        correctness=correctness,
        wrong_elements=wrong,
        in_place=in_place,
    )


def _correctness(column: str, text: str) -> tuple[Correctness, int | None]:
    if text == "N/A":
        return Correctness.UNCHECKED, None
    if column == "error":
        return (Correctness.CORRECT if decimal(text) <= LARGEST_ERROR else Correctness.WRONG), None
    wrong = whole(text)
    return (Correctness.WRONG if wrong else Correctness.CORRECT), wrong
