"""Tables in boxes, several lines a record, as management tools of accelerators draw them.

A `Layout` is the printed form with names where values stand: ``| {index} {model:words} | {bus} |``.  Only the number of
blanks may differ; a header of other words, a line of another form, a record with too few lines and a box that is not
closed raise ParseError.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row

RULER = re.compile(r"\s*(?=[|+\s]*[-=])[-=+|\s]{3,}")
KINDS = {
    "word": r"[^\s|]+",
    "words": r"[^\s|](?:[^|]*[^\s|])?",
    "label": r"(?:[A-Za-z][A-Za-z. -]*|N/A)",
    "blank": r"[^|]*?",
    "quantity": r"(?:\d[\d.,]*\s?[A-Za-z%°℃]*|-|/|N/A|NA|ERR!|\[[^\]|]*\]|Unknown Error|Unknown)",
}
PIECE = re.compile(r"(\{\w+(?::\w+)?\}|\s*[|/]\s*|\s+)")


@dataclass(frozen=True)
class Layout:
    """One table: what is printed above it, its header and the lines of one record."""

    header: tuple[str, ...]
    rows: tuple[str, ...]
    optional: int = 0
    """How many of the last lines of a record a release may leave out."""
    nothing: str = "| {_:words} found {_more:blank} |"
    """Form of the line that says that there is no record."""


@dataclass
class Found:
    """Rows by layout, and what the lines above the tables said."""

    banner: dict[str, str] = field(default_factory=dict)
    rows: dict[Layout, list[Row]] = field(default_factory=dict)


@cache
def form_pattern(form: str) -> re.Pattern[str]:
    """A form as the regular expression of a whole line."""
    pattern = ""
    for piece in PIECE.split(form):
        if piece.startswith("{") and len(piece) > 2:
            name, _, kind = piece[1:-1].partition(":")
            cell = KINDS[kind or "word"]
            pattern += cell if name.startswith("_") else f"(?P<{name}>{cell})"
        elif piece.strip() in ("|", "/") and piece:
            pattern += rf"\s*{re.escape(piece.strip())}\s*"
        else:
            pattern += r"\s+" if piece and not piece.strip() else re.escape(piece)
    return re.compile(rf"\s*{pattern}\s*")


def boxed_tables(
    output: Output,
    layouts: Sequence[Layout],
    *,
    banner: Sequence[str] = (),
    prose: Collection[str] = (),
    closed: bool = True,
) -> Found:
    """All rows of the output's tables, by layout, with the cells of all lines of a record together.

    `banner` are forms of lines whose values hold for all records; `prose` are patterns of whole lines that mean
    nothing.  The first table must be there.  `closed` False: releases are known that end without a closing line.
    """
    reader = _Reader(output, layouts, banner, prose)
    for line in output.lines:
        if line.text.strip():
            reader.take(line)
    reader.finish_record()
    if not reader.found.rows:
        raise output.error(f"no table with the header {layouts[0].header[0]!r} was found")
    if reader.header:
        raise output.error("the header of the table is cut off", output.last)
    if closed and reader.open:
        raise output.error("the output is cut off: a closing line must follow", output.last)
    return reader.found


class _Reader:
    """Where in the output we are."""

    def __init__(
        self, output: Output, layouts: Sequence[Layout], banner: Sequence[str], prose: Collection[str]
    ) -> None:
        self._output, self._layouts, self._prose = output, layouts, prose
        self._banner = [form_pattern(form) for form in banner]
        self._layout: Layout | None = None
        self.header: list[str] = []
        self.open = False
        self._width, self._aligned = 0, False
        self._record: list[tuple[Line, dict[str, str]]] = []
        self.found = Found()

    def take(self, line: Line) -> None:
        """Read one line that is not blank."""
        if RULER.fullmatch(line.text):
            self._rule(line)
        elif self.header:
            if not form_pattern(self.header.pop(0)).fullmatch(line.text):
                raise self._output.error("unknown column or line in the header of the table", line)
            self._aligned &= len(line.text) == self._width
        elif not (self._starts(line) or self._belongs(line) or self._stands_around(line)):
            raise self._output.error("this line has a form we do not know", line)

    def _rule(self, line: Line) -> None:
        if self.header:
            raise self._output.error("the header of the table is cut off", line)
        self.finish_record()
        self.open, self._width = False, len(line.text)

    def _starts(self, line: Line) -> bool:
        """True if a table begins here; layouts that begin alike are told apart by their next header lines."""
        known = [layout for layout in self._layouts if form_pattern(layout.header[0]).fullmatch(line.text)]
        if not known:
            return False
        following = [each for each in self._output.lines if each.number > line.number and each.text.strip()]
        fitting = (layout for layout in known if _fits(layout.header[1:], following))
        self.finish_record()
        self._layout = next(fitting, known[0])
        if self._layout in self.found.rows:
            raise self._output.error("this table stands twice in the output", line)
        self.found.rows[self._layout] = []
        self.header = list(self._layout.header[1:])
        self._aligned = len(line.text) == self._width
        return True

    def _belongs(self, line: Line) -> bool:
        if self._layout is None:
            return False
        place = len(self._record)
        if place == len(self._layout.rows):
            self.finish_record()
            place = 0
        if not place and form_pattern(self._layout.nothing).fullmatch(line.text):
            return True
        found = form_pattern(self._layout.rows[place]).fullmatch(line.text)
        if not found:
            return False
        if len(self._layout.rows) > 1:
            self._check_width(line)
        self._record.append((line, found.groupdict()))
        self.open = True
        return True

    def _check_width(self, line: Line) -> None:
        """Refuse a line that ends before its frame, where the header fits the frame; long values push it out."""
        if self._aligned and line.text.isascii() and line.text.endswith("|") and len(line.text) < self._width:
            raise self._output.error("this line is shorter than its frame: a character is missing", line)

    def _stands_around(self, line: Line) -> bool:
        for pattern in self._banner:
            found = pattern.fullmatch(line.text)
            if found and self._layout is None:
                self.found.banner.update(found.groupdict())
                return True
        return any(re.fullmatch(pattern, line.text.strip()) for pattern in self._prose)

    def finish_record(self) -> None:
        """Close the record whose lines were collected."""
        if not self._record or self._layout is None:
            return
        first, last = self._record[0][0], self._record[-1][0]
        if len(self._record) < len(self._layout.rows) - self._layout.optional:
            raise self._output.error("this record is cut off: further lines must follow", last)
        cells = {name: text.strip() for _, part in self._record for name, text in part.items() if text.strip()}
        self.found.rows[self._layout].append(Row(first, cells))
        self._record = []


def _fits(header: Sequence[str], following: Sequence[Line]) -> bool:
    lines = (line.text for line in following)
    return all(form_pattern(form).fullmatch(text) for form, text in zip(header, lines, strict=False))


def only(found: Found, layouts: Sequence[Layout]) -> Iterator[Row]:
    """Rows of those of `layouts` that the output holds."""
    for layout in layouts:
        yield from found.rows.get(layout, ())
