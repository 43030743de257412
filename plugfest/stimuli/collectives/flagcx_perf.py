"""Performance tests of FlagCX, the library that joins accelerators of several makers; they compare no data."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.stimuli.collectives.reading import decimal
from plugfest.stimuli.collectives.records import CollectiveReport, CollectiveRow, Correctness

TOOL = "flagcx_perf"
ROW = re.compile(
    r"Comm size: (?P<size>\d+) bytes; Elapsed time: (?P<seconds>\S+) sec; "
    r"Algo bandwidth: (?P<algorithm>\S+) GB/s; Bus bandwidth: (?P<bus>\S+) GB/s"
)
BEGINNING = "Comm size:"


def parse(output: Output) -> tuple[CollectiveReport, ...]:
    """The report; ParseError for a line of results that is of another form or cut, or without any."""
    rows = []
    for line in output.lines:
        text = line.text.strip()
        if not text.startswith(BEGINNING):
            continue
        found = ROW.fullmatch(text)
        if not found:
            raise output.error("expected size, elapsed time, algorithm and bus bandwidth", line)
        with output.at(line):
            rows.append(
                CollectiveRow(
                    size=int(found["size"]),
                    time_us=decimal(found["seconds"]) * 1e6,
                    algorithm_gbytes_per_s=decimal(found["algorithm"]),
                    bus_gbytes_per_s=decimal(found["bus"]),
                    correctness=Correctness.UNCHECKED,
                )
            )
    if not rows:
        raise output.error("no row of results was found")
    return (CollectiveReport(tool=TOOL, rows=tuple(rows)),)
