"""Tables with a ruler of dashes under the header, one dash group per column: SONiC's and NVUE's usual output.

A cell belongs to the column it lies under.  Cells are separated by two blanks or more; if a row has fewer cells than
columns, each must touch the edge of its column, so that a value can never slide under a neighbour's header.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row

RULER = re.compile(r"\s*-+(?:\s+-+)*")
CELL = re.compile(r"\S+(?: \S+)*")


@dataclass(frozen=True)
class Table:
    """One table: the line above its header (title), its columns and its rows."""

    title: str
    header: Line
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Columns:
    names: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def cells(self, text: str) -> dict[str, str]:
        """Cells of one row by column; ValueError if one lies under no column or under two."""
        found = list(CELL.finditer(text))
        if len(found) == len(self.spans) and self._in_order(found):
            return {name: cell[0] for name, cell in zip(self.names, found, strict=True)}
        cells = dict.fromkeys(self.names, "")
        for cell in self._last_whole(text, found):
            name = self.names[self._column_of(cell)]
            if cells[name]:
                raise ValueError(f"two values under column {name!r}")
            cells[name] = cell[0]
        return cells

    def _in_order(self, cells: list[re.Match[str]]) -> bool:
        """True unless a cell lies at the edge of another column: then one is empty and another holds a wide gap."""
        return not any(
            start <= cell.start() and cell.end() <= end and (cell.start() == start or cell.end() == end)
            for place, cell in enumerate(cells)
            for index, (start, end) in enumerate(self.spans)
            if index != place
        )

    def _last_whole(self, text: str, cells: list[re.Match[str]]) -> list[re.Match[str]]:
        """What begins where the last column begins is one cell to the end, wide gaps included."""
        start = self.spans[-1][0]
        before = [cell for cell in cells if cell.start() < start]
        last = re.compile(r"\S.*").match(text, start)
        return cells if last is None or any(cell.end() > start for cell in before) else [*before, last]

    def _column_of(self, cell: re.Match[str]) -> int:
        for index, (start, end) in enumerate(self.spans):
            last = index == len(self.spans) - 1
            if (cell.start() == start and (cell.end() <= end or last)) or (cell.end() == end and cell.start() >= start):
                return index
        raise ValueError(f"{cell[0]!r} is not aligned with any column")


def ruler_tables(
    output: Output, *, required: Collection[str], optional: Collection[str] = (), prose: Collection[str] = ()
) -> tuple[Table, ...]:
    """All tables of an output.

    `required` and `optional` are the column names this parser understands, regular expressions allowed; `prose` are
    patterns of whole lines that may stand around tables.  Anything else raises ParseError.  At least one table must
    be there: no table is not an empty table.
    """
    lines = output.lines
    rulers = [index for index, line in enumerate(lines) if index and _is_ruler(lines, index)]
    taken: set[int] = set()
    tables = []
    for ruler in rulers:
        columns = _columns(output, lines[ruler - 1], lines[ruler], required, optional)
        body = list(_body(lines, ruler, rulers, prose))
        taken.update((ruler - 1, ruler, *body))
        rows = tuple(_row(output, columns, lines[index]) for index in body)
        tables.append(Table(_title(lines, ruler), lines[ruler - 1], columns.names, rows))
    _nothing_else(output, taken, prose)
    if not tables:
        raise output.error(f"no table with the columns {', '.join(required)} was found")
    return tuple(tables)


def _is_ruler(lines: tuple[Line, ...], index: int) -> bool:
    above = lines[index - 1].text
    if not RULER.fullmatch(lines[index].text) or not above or RULER.fullmatch(above):
        return False
    return len(lines[index].text.split()) > 1


def _columns(
    output: Output, header: Line, ruler: Line, required: Collection[str], optional: Collection[str]
) -> _Columns:
    spans = tuple(group.span() for group in re.finditer(r"-+", ruler.text))
    names = CELL.findall(header.text)
    if len(names) != len(spans):
        names = [header.text[start:end].strip() for start, end in spans]
    _known(output, header, names, required, optional)
    return _Columns(tuple(names), spans)


def _known(
    output: Output, header: Line, names: list[str], required: Collection[str], optional: Collection[str]
) -> None:
    for name in names:
        if not any(re.fullmatch(known, name) for known in (*required, *optional)):
            raise output.error(f"unknown column {name!r}", header)
    for known in required:
        if not any(re.fullmatch(known, name) for name in names):
            raise output.error(f"column {known!r} is missing", header)
    if len(set(names)) != len(names):
        raise output.error("two columns have the same name", header)


def _body(lines: tuple[Line, ...], ruler: int, rulers: list[int], prose: Collection[str]) -> Iterator[int]:
    for index in range(ruler + 1, len(lines)):
        text = lines[index].text
        if index + 1 in rulers or RULER.fullmatch(text) or _is_prose(text, prose):
            return
        if text:
            yield index


def _row(output: Output, columns: _Columns, line: Line) -> Row:
    with output.at(line):
        return Row(line, columns.cells(line.text))


def _title(lines: tuple[Line, ...], ruler: int) -> str:
    return next((line.text.strip() for line in reversed(lines[: ruler - 1]) if line.text), "")


def _is_prose(text: str, prose: Collection[str]) -> bool:
    return any(re.fullmatch(pattern, text.strip()) for pattern in prose)


def _nothing_else(output: Output, taken: set[int], prose: Collection[str]) -> None:
    for index, line in enumerate(output.lines):
        if index in taken or not line.text or _is_prose(line.text, prose):
            continue
        if RULER.fullmatch(line.text) and index - 1 in taken:
            continue
        raise output.error("this line belongs to no known table", line)
