"""nccl-tests of NVIDIA, and rccl-tests and other tools that print the same table.

Each row holds two measurements, out of place and in place.  ``#wrong`` counts wrong elements, ``N/A`` means that
nobody looked; older releases print the largest error instead, under the heading ``error``.
"""

import re
from collections.abc import Iterator

from plugfest.devices.dialects.output import Line, Output
from plugfest.stimuli.collectives.reading import decimal, whole
from plugfest.stimuli.collectives.records import CollectiveReport, CollectiveRow, Correctness

TOOL = "nccl-tests"
RANK = re.compile(r"#\s+Rank\s+\d+\s+.*\bdevice\s+\d+\s.*")
SETTINGS = re.compile(r"#\s+nThread\s+\d+\s.*\bwarmup iters:\s*(?P<warm_up>\d+)\s+iters:\s*(?P<iterations>\d+)\s.*")
BOUNDS = re.compile(r"#\s+Out of bounds values\s*:\s*(?P<count>\d+)\s+(?P<word>OK|FAILED)\s*")
AVERAGE = re.compile(r"#\s+Avg bus bandwidth\s*:\s*(?P<average>\S+)\s*")
HEADING = re.compile(r"#\s+size\s+count\s.*\btime\s+algbw\s+busbw\s+.*")
GROUP = ("time", "algbw", "busbw")
LARGEST_ERROR = 1e-3
"""Older releases print the largest error; single precision sums stay far below this."""


def parse(output: Output) -> tuple[CollectiveReport, ...]:
    """The report; ParseError without a table, with a row of another form, or if the closing average is missing."""
    columns: list[str] = []
    rows: list[CollectiveRow] = []
    for line in output.lines:
        if HEADING.fullmatch(line.text):
            columns = _columns(output, line)
        elif line.text[:1].isspace() and line.text.strip()[:1].isdigit():
            if not columns:
                raise output.error("a row came before the heading of the table", line)
            rows += _rows(output, columns, line)
        elif line.text.strip() and not line.text.lstrip().startswith("#") and columns:
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
    return CollectiveReport(
        tool=TOOL,
        rows=tuple(rows),
        ranks=sum(RANK.fullmatch(line.text) is not None for line in output.lines) or None,
        average_bus_gbytes_per_s=mean,
        out_of_bounds=_out_of_bounds(output, bounds),
        iterations=int(settings[1]["iterations"]) if settings else None,
        warm_up_iterations=int(settings[1]["warm_up"]) if settings else None,
    )


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


def _columns(output: Output, heading: Line) -> list[str]:
    columns = heading.text.lstrip("# ").split()
    groups = [place for place, name in enumerate(columns) if name == "time"]
    well_formed = len(groups) == 2 and all(columns[place : place + 3] == list(GROUP) for place in groups)
    checks = {columns[place + 3] for place in groups if place + 3 < len(columns)}
    if not well_formed or checks - {"#wrong", "error"} or len(columns) != groups[1] + 4:
        raise output.error("expected size, count, … and twice time, algbw, busbw, #wrong", heading)
    return columns


def _rows(output: Output, columns: list[str], line: Line) -> Iterator[CollectiveRow]:
    cells = line.text.split()
    # `type` and `redop` are empty where the operation has none, and `root` where there is no root
    behind = cells[-8:]
    first = columns.index("time")
    if not 1 + 1 + 8 <= len(cells) <= first + 8:
        raise output.error(f"expected {first + 8} values", line)
    with output.at(line):
        size = whole(cells[0])
        for place, in_place in ((0, False), (4, True)):
            time, algorithm, bus, check = behind[place : place + 4]
            if (time, algorithm, bus) == ("N/A",) * 3:
                continue
            correctness, wrong = _correctness(columns[first + place + 3], check)
            yield CollectiveRow(
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
