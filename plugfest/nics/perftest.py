"""Saved outputs of perftest programs, read by the same parser as live runs."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.records import Record

PROGRAMS = tuple(f"ib_{verb}_{what}" for verb in ("write", "read", "send", "atomic") for what in ("bw", "lat"))
HEADING = re.compile(r"\s*#bytes\s")
ROW = re.compile(r"\s*\d[\d.\s]*")
KNOWN = re.compile(r"\s*(?:-{3,}|#bytes\s.*|[A-Za-z][^:]*:.*|[\w ()-]+ Test|\*.*\*|(?:WARNING|Warning|Conflicting) .*)")


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
    if not found.rows or not any(HEADING.match(line.text) for line in output.lines):
        raise output.error("no result was found")
    return found.rows


READINGS = (
    Reading(
        tuple(form for program in PROGRAMS for form in (f"{program} {{options}}", program)),
        (Question.TRAFFIC,),
        report,
        Evidence.DEVICE,
    ),
)
