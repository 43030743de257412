"""Groups entries into the cells of a matrix."""

import re
from collections.abc import Sequence

from plugfest.matrix.axes import Axis
from plugfest.matrix.entries import Entry
from plugfest.records import Record
from plugfest.reporting.outcomes import TestOutcome


class MatrixCell(Record):
    """All entries of one row and one column."""

    row: str
    column: str
    outcome: TestOutcome
    """The worst."""
    passed: int
    total: int
    """Tests that ran."""
    new: int
    fixed: int
    flaky: int
    age: int
    """How many runs ago the youngest of its results was made."""
    trend: tuple[TestOutcome | None, ...]
    """Worst outcome of each of the last nights, oldest first."""
    tests: tuple[str, ...]


class Matrix(Record):
    """Rows × columns."""

    row_axis: Axis
    column_axis: Axis
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[MatrixCell, ...]

    def cell(self, row: str, column: str) -> MatrixCell | None:
        """The cell there; None if nothing was tested."""
        return next((cell for cell in self.cells if (cell.row, cell.column) == (row, column)), None)


def pivot(entries: Sequence[Entry], rows: Axis, columns: Axis) -> Matrix:
    """The matrix of `entries` by two axes."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.axes[rows], entry.axes[columns]), []).append(entry)
    return Matrix(
        row_axis=rows,
        column_axis=columns,
        rows=tuple(sorted({row for row, _ in groups}, key=natural)),
        columns=tuple(sorted({column for _, column in groups}, key=natural)),
        cells=tuple(_cell(row, column, group) for (row, column), group in groups.items()),
    )


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key that puts 9 before 10, and what has no name last."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    key = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
    return [(2, 0, "")] if text == "–" else key


def worst(outcomes: Sequence[TestOutcome | None]) -> TestOutcome | None:
    """The worst of some outcomes; None if there is none."""
    return max((outcome for outcome in outcomes if outcome), key=lambda outcome: outcome.rank, default=None)


def _cell(row: str, column: str, entries: list[Entry]) -> MatrixCell:
    outcomes = [entry.outcome for entry in entries]
    return MatrixCell(
        row=row,
        column=column,
        outcome=worst(outcomes) or TestOutcome.SKIPPED,
        passed=outcomes.count(TestOutcome.PASSED),
        total=len(outcomes) - outcomes.count(TestOutcome.SKIPPED),
        new=sum(entry.is_new for entry in entries),
        fixed=sum(entry.is_fixed for entry in entries),
        flaky=sum(entry.flaky for entry in entries),
        age=min(entry.age for entry in entries),
        trend=tuple(worst(night) for night in zip(*(entry.trend for entry in entries), strict=True)),
        tests=tuple(entry.test for entry in entries),
    )
