"""Saved outputs of perftest programs, read by the same parser as live runs."""

import re
from typing import TYPE_CHECKING

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.records import Record

if TYPE_CHECKING:
    from plugfest.stimuli.perftest_output import PerftestRow

PROGRAMS = tuple(f"ib_{verb}_{what}" for verb in ("write", "read", "send", "atomic") for what in ("bw", "lat"))
HEADING = re.compile(r"\s*#bytes\s")
ROW = re.compile(r"\s*\d[\d.\s]*")
KNOWN = re.compile(r"\s*(?:-{3,}|#bytes\s.*|[A-Za-z][^:]*:.*|[\w ()-]+ Test|\*.*\*|(?:WARNING|Warning|Conflicting) .*)")
RATE_STEP = 1.0
"""Messages per second: the rate is printed in millions with six decimals."""
BANDWIDTH_STEPS = {"Gb/sec": 1e7, "MiB/sec": 0.01 * 2**23, "MB/sec": 0.01 * 2**23}
"""Bits per second: bandwidth has two decimals in these units, or six where it is small."""
SLACK = 0.001
"""Share of the bandwidth by which the two may differ beyond their rounding."""
ORDERED = (
    ("minimum_us", "typical_us"),
    ("typical_us", "maximum_us"),
    ("minimum_us", "average_us"),
    ("average_us", "maximum_us"),
    ("percentile_99_us", "percentile_99_9_us"),
    ("percentile_99_9_us", "maximum_us"),
)
"""Latencies, each of which is at most the other."""


def report(output: Output) -> tuple[Record, ...]:
    """The result rows; an output without any is cut off or of a failed run."""
    from plugfest.sessions.result import CommandResult
    from plugfest.stimuli.perftest_output import parse_report

    for line in output.lines:
        if line.text and not KNOWN.fullmatch(line.text) and not ROW.fullmatch(line.text):
            raise output.error("this line is neither a result nor a setting", line)
    result = CommandResult(
        device=output.device,
        command=output.command,
        out=output.text,
        err="",
        exit_status=0,
        duration=0.0,
        started=0.0,
    )
    found = parse_report(result)
    for row in found.rows:
        _check(output, row)
    if not found.rows or not any(HEADING.match(line.text) for line in output.lines):
        raise output.error("no result was found")
    return found.rows


def _check(output: Output, row: "PerftestRow") -> None:
    """Numbers of a row must agree: messages of a size make the bandwidth, and latencies stand in order."""
    rate, bandwidth = row.messages_per_second, row.average_bps
    if rate and bandwidth:
        bits = 8 * row.size
        rounding = bits * RATE_STEP + next(step for unit, step in BANDWIDTH_STEPS.items() if unit in output.text)
        if abs(rate * bits - bandwidth) > rounding + SLACK * bandwidth:
            raise output.error(f"the bandwidth of {row.size} bytes is not that of its message rate: a digit is missing")
    for lesser, greater in ORDERED:
        least, most = getattr(row, lesser), getattr(row, greater)
        if least is not None and most is not None and least > most:
            raise output.error(f"{lesser} {least} of {row.size} bytes is more than {greater} {most}")


READINGS = (
    Reading(
        tuple(form for program in PROGRAMS for form in (f"{program} {{options}}", program)),
        (Question.TRAFFIC,),
        report,
        Evidence.DEVICE,
    ),
)
