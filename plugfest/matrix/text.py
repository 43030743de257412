"""The matrix as text: CSV for spreadsheets, Markdown for mails and merge requests."""

import csv
from io import StringIO

from plugfest.history.symbols import ABSENT, LEGEND, SYMBOLS
from plugfest.matrix.axes import AXIS_TITLES
from plugfest.matrix.pivot import Matrix, MatrixCell

CSV_COLUMNS = ("outcome", "passed", "total", "new", "fixed", "flaky", "runs_ago", "trend")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First letters that make a spreadsheet take a text for a formula."""


def to_csv(matrix: Matrix) -> str:
    """One line for each cell that holds results."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([matrix.row_axis, matrix.column_axis, *CSV_COLUMNS])
    for cell in matrix.cells:
        counts = (cell.passed, cell.total, cell.new, cell.fixed, cell.flaky, cell.age)
        writer.writerow([_plain(cell.row), _plain(cell.column), cell.outcome, *counts, _trend(cell)])
    return out.getvalue()


def to_markdown(matrix: Matrix) -> str:
    """A table with sign, passed/total and marks, and the legend."""
    corner = f"{AXIS_TITLES[matrix.row_axis]} \\ {AXIS_TITLES[matrix.column_axis]}"
    lines = [_line([corner, *matrix.columns]), _line(["---"] * (len(matrix.columns) + 1))]
    for row in matrix.rows:
        lines.append(_line([row, *(_short(matrix.cell(row, column)) for column in matrix.columns)]))
    return "\n".join([*lines, "", f"{LEGEND}  ▼ new  ▲ fixed", ""])


def _short(cell: MatrixCell | None) -> str:
    if cell is None:
        return ""
    marks = [f"▼{cell.new}"] * bool(cell.new) + [f"▲{cell.fixed}"] * bool(cell.fixed) + ["flaky"] * bool(cell.flaky)
    ago = [f"({cell.age} runs ago)"] * bool(cell.age)
    return " ".join([SYMBOLS[cell.outcome], f"{cell.passed}/{cell.total}", *marks, *ago])


def _trend(cell: MatrixCell) -> str:
    return "".join(SYMBOLS[outcome] if outcome else ABSENT for outcome in cell.trend)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(texts: list[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|").replace("\n", " ") for text in texts) + " |"
