"""SONiC: the BGP summary as the routing stack itself prints it: columns without a ruler, and long addresses alone.

Releases up to 201811 hand it through, and `vtysh` prints it on all.
"""

import re
from collections.abc import Collection, Iterator

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row

COLUMNS = ("Neighbor", "V", "AS", "MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ", "Up/Down", "State/PfxRcd")
HEADER = re.compile(r"\s*" + r"\s+".join(COLUMNS) + r"(?P<sent>\s+PfxSnt)?(?P<name>\s+(?P<what>Desc|NeighborName))?")
"""A description is no host name: it is whatever a person wrote."""
NUMBERS = r"(\d)\s+(\d+(?:\.\d+)?)" + r"\s+(\d+)" * 5
STATE = r"(\S+)\s+(\d+|[A-Z]\w*(?: \(\w[\w ]*\))?|\(Policy\))"
ALONE = re.compile(r"\s*(?!asic\d+:?$)([\w.:*()-]+)")
"""An address too long for its column: what belongs to it follows on the next line; no name of a chip."""


def is_bgp_table(output: Output) -> bool:
    """True if a header of this form is there with no ruler below it."""
    return any(
        HEADER.fullmatch(line.text) and not re.match(r"\s*---", below.text)
        for line, below in zip(output.lines, (*output.lines[1:], output.last), strict=True)
    )


def bgp_rows(output: Output, prose: Collection[str]) -> list[Row]:
    """Rows of all tables of the output; a line that is neither row nor `prose` raises ParseError."""
    rows: list[Row] = []
    pattern = None
    for line in _joined(output):
        header = HEADER.fullmatch(line.text)
        if header:
            pattern = _row_pattern(sent=bool(header["sent"]), last=header["what"])
        elif pattern and (found := pattern.fullmatch(line.text)):
            rows.append(Row(line, _cells(found)))
        elif line.text and not any(re.fullmatch(known, line.text.strip()) for known in prose):
            raise output.error("expected a neighbour with all its columns", line)
    return rows


def _row_pattern(*, sent: bool, last: str | None) -> re.Pattern[str]:
    return re.compile(
        rf"\s*(\S+)\s+{NUMBERS}\s+{STATE}"
        + (r"\s+\d+" if sent else "")
        + {None: "", "Desc": r"\s+\S.*", "NeighborName": r"\s+(?P<name>\S.*)"}[last]
    )


def _cells(found: re.Match[str]) -> dict[str, str]:
    """Cells by column; ``spine1(Ethernet8)`` is a session without address, on that interface."""
    cells = dict(zip(COLUMNS, found.groups(), strict=False))
    unnumbered = re.fullmatch(r"(\*?)([^()]+)\(([^()]+)\)", cells["Neighbor"])
    if unnumbered:
        cells |= {"Neighbor": unnumbered[1] + unnumbered[3], "NeighborName": unnumbered[2]}
    name = found.groupdict().get("name")
    return cells | ({"NeighborName": name} if name and not unnumbered else {})


def _joined(output: Output) -> Iterator[Line]:
    """Lines, an address that stands alone joined with the line below it."""
    alone = None
    for line in output.lines:
        if alone:
            yield Line(line.number, f"{alone} {line.text}")
            alone = None
        elif (found := ALONE.fullmatch(line.text)) and re.search(r"[:.)]", found[1]):
            alone = found[1]
        else:
            yield line
    if alone:
        raise output.error("the columns of this neighbour are missing", output.last)
