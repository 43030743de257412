"""Performance tests of FlagCX, the library that joins accelerators of several makers; they compare no data."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.stimuli.collectives.launched import without_launcher
from plugfest.stimuli.collectives.reading import check_bandwidth, decimal
from plugfest.stimuli.collectives.records import CollectiveReport, CollectiveRow, Correctness

TOOL = "flagcx_perf"
ROW = re.compile(
    r"Comm size: (?P<size>\d+) bytes; Elapsed time: (?P<seconds>\d+\.\d{6}) sec; "
    r"Algo bandwidth: (?P<algorithm>\d+\.\d{6}) GB/s; Bus bandwidth: (?P<bus>\d+\.\d{6}) GB/s"
)
"""Numbers have six decimals: with fewer, digits got lost."""
BEGINNING = "Comm size:"


def parse(output: Output) -> tuple[CollectiveReport, ...]:
    """The report; ParseError for a line of results of another form, cut or with numbers that contradict each other."""
    rows = []
    for line in without_launcher(output).lines:
        text = line.text
        if not text.startswith(BEGINNING):
            continue
        found = ROW.fullmatch(text)
        if not found:
            raise output.error("expected size, elapsed time, algorithm and bus bandwidth with six decimals", line)
        with output.at(line):
            check_bandwidth(int(found["size"]), f"{found['seconds']}e6", found["algorithm"])
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
