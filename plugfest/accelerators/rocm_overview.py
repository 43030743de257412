"""``rocm-smi`` without options: one line a GPU, under a header that differs from release to release."""

import re
from collections.abc import Sequence

from plugfest.accelerators.building import accelerators
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row
from plugfest.devices.dialects.terminal import STYLE_REMAINS
from plugfest.records import Record

TITLE = re.compile(r"=*\s*(?:ROCm System Management Interface|Concise Info|End of ROCm SMI Log)\s*=*|=+|WARNING: .*")
CLOSING = re.compile(r"=+(?: End of ROCm SMI Log =+)?")
REST = r"(?:\S+\s+){4}(?P<power_limit>\S+)\s+\S+\s+(?P<utilisation>\S+)"
FORMS = (
    (
        re.compile(r"GPU\s+Temp(?: \(\w+\))?\s+AvgPwr\s+SCLK\s+MCLK\s+Fan\s+Perf\s+PwrCap\s+VRAM%\s+GPU%"),
        re.compile(rf"(?P<index>\d+)\s+(?P<temperature>\S+)\s+(?P<power>\S+)\s+{REST}"),
    ),
    (
        re.compile(
            r"Device\s+Node\s+IDs\s+Temp\s+Power\s+Partitions\s+SCLK\s+MCLK\s+Fan\s+Perf\s+PwrCap\s+VRAM%\s+GPU%"
        ),
        re.compile(
            r"(?P<index>\d+)\s+\d+\s+0x[\da-f]+,\s+\d+\s+(?P<temperature>\S+)\s+(?P<power>\S+)\s+"
            rf"(?P<partitioning>[^,]+, [^,]+), \d+\s+{REST}"
        ),
    ),
)
"""Header and row; the second header goes on below with what each column means."""
MEANINGS = re.compile(r"\(DID,\s+GUID\)\s+\(\w+\)\s+\(\w+\)\s+\(Mem, Compute, ID\)")
UNKNOWN = {"unsupported": "N/A", "none": "N/A", "unknown": "N/A", "n/a, n/a": "N/A"}


def overview(output: Output) -> Sequence[Record]:
    """Temperature, power and utilisation of each GPU; the share of memory in use has no total and is left out."""
    form: re.Pattern[str] | None = None
    rows = []
    for line in output.lines:
        text = STYLE_REMAINS.sub("", line.text).strip()
        if form is None and (form := next((row for header, row in FORMS if header.fullmatch(text)), None)):
            continue
        if form and (found := form.fullmatch(text)):
            cells = {name: UNKNOWN.get(cell.lower(), cell) for name, cell in found.groupdict().items()}
            rows.append(Row(line, cells))
        elif text and not TITLE.fullmatch(text) and not (form and MEANINGS.fullmatch(text)):
            raise output.error("this line has a form we do not know", line)
    if not rows:
        raise output.error("no GPU was listed")
    if not CLOSING.fullmatch(output.last.text.strip()):
        raise output.error("the output is cut off: a closing line of = must follow", output.last)
    return accelerators(output, rows)
