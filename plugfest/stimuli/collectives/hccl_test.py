"""hccl_test of Huawei Ascend: one line a size; ``NULL`` under check_result means that nobody compared."""

import re

from plugfest.devices.dialects.output import Line, Output
from plugfest.stimuli.collectives.launched import without_launcher
from plugfest.stimuli.collectives.reading import check_common_factor, decimal, whole
from plugfest.stimuli.collectives.records import CollectiveReport, CollectiveRow, Correctness

TOOL = "hccl_test"
SETTINGS = re.compile(
    r"the minbytes is \d+, maxbytes is \d+, iters is (?P<iterations>\d+), warmup_iters is (?P<warm_up>\d+)\s*"
)
HEADING = re.compile(
    r"data_size\(Bytes\):\s*\|\s*(?:aveg|avg)_time\(us\):\s*\|\s*alg_bandwidth\(GB/s\):\s*\|\s*check_result:\s*"
)
TIME, BANDWIDTH = re.compile(r"\d+\.\d{2}", re.ASCII), re.compile(r"\d+\.\d{5}", re.ASCII)
RESULTS = {
    "success": Correctness.CORRECT,
    "failed": Correctness.WRONG,
    "NULL": Correctness.UNCHECKED,
}


def parse(output: Output) -> tuple[CollectiveReport, ...]:
    """The report; ParseError for a table of another form, without rows, or whose numbers contradict each other."""
    settings, heading = None, False
    rows: list[CollectiveRow] = []
    printed: list[tuple[int, str, str]] = []
    output = without_launcher(output)
    for line in output.lines:
        if found := SETTINGS.fullmatch(line.text):
            settings = found
        elif HEADING.fullmatch(line.text):
            if heading:
                raise output.error("the heading came twice: two runs in one output", line)
            heading = True
        elif heading and line.text:
            cells = _cells(output, line)
            with output.at(line):
                rows.append(_row(cells))
            printed.append((rows[-1].size, cells[1], cells[2]))
    if not rows:
        raise output.error("no row of results was found")
    check_common_factor([row for row in printed if row[0]])
    return (
        CollectiveReport(
            tool=TOOL,
            rows=tuple(rows),
            iterations=int(settings["iterations"]) if settings else None,
            warm_up_iterations=int(settings["warm_up"]) if settings else None,
        ),
    )


def _cells(output: Output, line: Line) -> list[str]:
    cells = [cell.strip() for cell in line.text.split("|")]
    if len(cells) != 4:
        raise output.error("expected size, time, bandwidth and check result", line)
    if not TIME.fullmatch(cells[1]) or not BANDWIDTH.fullmatch(cells[2]):
        raise output.error("expected a time with two decimals and a bandwidth with five", line)
    if cells[3] not in RESULTS:
        raise output.error(f"expected one of {', '.join(RESULTS)} as check result", line)
    return cells


def _row(cells: list[str]) -> CollectiveRow:
    return CollectiveRow(
        size=whole(cells[0]),
        time_us=decimal(cells[1]),
        algorithm_gbytes_per_s=decimal(cells[2]),
        correctness=RESULTS[cells[3]],
    )
