"""Tables without rulers under the columns: one header line, cells left-aligned below the words of the header.

A row with as many cells as columns is read in order.  A row with blanks is read by position, and then each cell must
begin exactly where its column's header begins: a value cannot slide under a neighbour's header.
"""

import re
from collections.abc import Collection

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row

RULER = re.compile(r"\s*[-=]{3,}\s*")
WORD = re.compile(r"\S+")


def header_table(output: Output, columns: tuple[str, ...], *, prose: Collection[str] = ()) -> tuple[Row, ...]:
    """Rows under the header that consists of exactly these one-word columns.

    `prose` are patterns of whole lines that may stand before the header.  Any other line raises ParseError.
    """
    starts: tuple[int, ...] = ()
    rows = []
    for line in output.lines:
        words = tuple(WORD.findall(line.text))
        if words == columns:
            starts = tuple(word.start() for word in WORD.finditer(line.text))
        elif not words or RULER.fullmatch(line.text):
            continue
        elif starts:
            rows.append(_row(output, columns, starts, line))
        elif not any(re.fullmatch(pattern, line.text.strip()) for pattern in prose):
            raise output.error(f"expected the columns {' '.join(columns)}", line)
    if not starts:
        raise output.error(f"no table with the columns {' '.join(columns)} was found")
    return tuple(rows)


def _row(output: Output, columns: tuple[str, ...], starts: tuple[int, ...], line: Line) -> Row:
    cells = list(WORD.finditer(line.text))
    if len(cells) == len(columns):
        return Row(line, {name: cell[0] for name, cell in zip(columns, cells, strict=True)})
    found = dict.fromkeys(columns, "")
    for cell in cells:
        if cell.start() not in starts:
            raise output.error(f"{cell[0]!r} does not begin under any column", line)
        found[columns[starts.index(cell.start())]] = cell[0]
    return Row(line, found)
