"""One row of a table: cells by column name, read as typed values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True)
class Row:
    """Cells by column.  A column that this release does not print, or a mark such as ``N/A``, reads as None.

    An empty cell where a number belongs raises ValueError: something is missing there, and it is not zero.
    """

    line: Line
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Text of a cell that must be there."""
        text = self.cells.get(column, "")
        if not text:
            raise ValueError(f"column {column!r} is empty")
        return text

    def text(self, column: str) -> str | None:
        """Text; None for an absent column, an empty cell or an absent mark."""
        cell = self.cells.get(column, "")
        return None if not cell or values.absent(cell) else cell

    def read(self, column: str, reader: Callable[[str], T]) -> T | None:
        """The cell through a reader of `plugfest.devices.dialects.values`."""
        if column not in self.cells:
            return None
        cell = self[column]
        if values.absent(cell):
            return None
        try:
            return reader(cell)
        except ValueError as error:
            raise ValueError(f"column {column!r}: {error}") from error

    def count(self, column: str) -> int | None:
        """A counter."""
        return self.read(column, values.count)

    def number(self, column: str) -> float | None:
        """A decimal number."""
        return self.read(column, values.number)

    def size(self, column: str) -> int | None:
        """Bytes."""
        return self.read(column, values.size)


def build(
    output: Output, rows: Iterable[Row], make: Callable[Concatenate[Row, P], T], *context: P.args, **named: P.kwargs
) -> tuple[T, ...]:
    """One record a row, made from the row and what its context adds.

    A value that cannot be read becomes a ParseError about its line.
    """
    records = []
    for row in rows:
        with output.at(row.line):
            records.append(make(row, *context, **named))
    return tuple(records)
