"""What launchers and libraries add to the output of a benchmark: marks of the rank before each line, log lines."""

import re
from dataclasses import replace

from plugfest.devices.dialects.output import Line, Output

RANK_MARK = re.compile(r"\[\d+,\d+\](?:\[[^\]]*\])?<std(?P<stream>out|err|diag)>: ?|\d+:(?: |$)")
"""``mpirun --tag-output`` writes ``[1,0]<stdout>:``, ``srun --label`` writes ``0: ``."""
LOG = re.compile(r"\S+:\d+:\d+ \[\d+\] (?:\S+ )?[A-Z]+CCL (?:INFO|WARN|TRACE)\b.*|[A-Z]+CCL version \d\S*")
"""``NCCL_DEBUG=INFO`` mixes lines such as ``host:21:25 [0] NCCL INFO …`` into the table."""


def without_launcher(output: Output) -> Output:
    """The same output without marks, log lines and indentation."""
    told = (Line(line.number, _unmarked(line.text)) for line in output.lines)
    return replace(output, lines=tuple(line for line in told if not LOG.fullmatch(line.text)))


def _unmarked(text: str) -> str:
    found = RANK_MARK.match(text)
    if found and found["stream"] not in (None, "out"):
        return ""
    return text[found.end() if found else 0 :].strip()
