"""Entries, marks, grouping and the text forms of the matrix."""

import csv
import json
from io import StringIO

import pytest
from sqlalchemy.orm import Session

from plugfest.matrix.axes import AXIS_TITLES, Axis
from plugfest.matrix.entries import Entry, collect
from plugfest.matrix.pivot import natural, pivot
from plugfest.matrix.text import to_csv, to_markdown
from plugfest.reporting.outcomes import TestOutcome
from tests.matrix.synthetic_lab import add_run, equipment, fill, result


def _history(database: Session, *outcomes: str | None) -> Entry:
    """The entry of one test with these outcomes, night by night; another test keeps every run in being."""
    for night, outcome in enumerate(outcomes):
        results = [result("other", "passed", equipment(1, 1))]
        add_run(database, night, results + ([result("test", outcome)] if outcome else []))
    return next(entry for entry in collect(database, "latest").entries if entry.test == "test")


@pytest.mark.parametrize(
    ("outcomes", "is_new", "is_fixed"),
    [
        (("passed", "failed"), True, False),
        (("passed", "skipped", "broken"), True, False),
        (("known issue", "failed"), True, False),
        (("failed", "failed"), False, False),
        (("failed",), False, False),
        (("failed", "passed"), False, True),
        (("inconclusive", "skipped", "passed"), False, True),
        (("passed",), False, False),
        (("skipped", "passed"), False, False),
        (("passed", "failed", None), False, False),
    ],
)
def test_new_and_fixed_are_told_against_the_last_time_it_ran(
    database: Session, outcomes: tuple[str | None, ...], is_new: bool, is_fixed: bool
) -> None:
    entry = _history(database, *outcomes)
    assert (entry.is_new, entry.is_fixed) == (is_new, is_fixed)


def test_a_test_that_did_not_run_today_shows_its_last_known_outcome(database: Session) -> None:
    entry = _history(database, "passed", "failed", None, None)
    assert (entry.outcome, entry.run, entry.age) == (TestOutcome.FAILED, "night-01", 2)
    assert entry.trend == (TestOutcome.PASSED, TestOutcome.FAILED, None, None)


def test_a_cell_takes_the_worst_outcome_and_counts_what_ran(database: Session) -> None:
    outcomes = ["passed", "passed", "skipped", "inconclusive", "known issue"]
    add_run(database, 0, [result(f"test{number}", outcome) for number, outcome in enumerate(outcomes)])
    matrix = pivot(collect(database, "latest").entries, Axis.NIC, Axis.SWITCH)
    cell = matrix.cell("Acme A-9", "Ridge 3")
    assert cell is not None
    assert (cell.outcome, cell.passed, cell.total) == (TestOutcome.INCONCLUSIVE, 2, 4)
    assert matrix.cell("Acme A-9", "Ridge 4") is None


@pytest.mark.parametrize("rows", list(Axis))
def test_every_pair_of_axes_shows_every_test_once(database: Session, rows: Axis) -> None:
    fill(database, 3, 3)
    entries = collect(database, "latest").entries
    for columns in Axis:
        matrix = pivot(entries, rows, columns)
        assert sorted(test for cell in matrix.cells for test in cell.tests) == [entry.test for entry in entries]
        assert {cell.row for cell in matrix.cells} == set(matrix.rows)
    assert set(AXIS_TITLES) == set(Axis)


def test_names_sort_by_their_numbers_and_no_device_comes_last() -> None:
    assert sorted(["–", "Ridge 10", "Ridge 9", "acme"], key=natural) == ["acme", "Ridge 9", "Ridge 10", "–"]


def test_markdown_shows_signs_counts_and_marks(database: Session) -> None:
    add_run(database, 0, [result("a", "passed"), result("b", "failed", equipment(1, 0))])
    add_run(database, 1, [result("a", "failed"), result("b", "passed", equipment(1, 0))])
    lines = to_markdown(pivot(collect(database, "latest").entries, Axis.NIC, Axis.SWITCH)).splitlines()
    assert lines[0] == "| NIC \\ switch chip | Ridge 3 |"
    assert lines[2:4] == ["| Acme A-9 | ✗ 0/1 ▼1 |", "| Borealis B400 | ✓ 1/1 ▲1 |"]
    assert "✗ failed" in lines[-1]


def test_csv_and_json_hold_the_same_cells(database: Session) -> None:
    fill(database, 4, 3)
    matrix = pivot(collect(database, "latest").entries, Axis.NIC, Axis.NOS)
    rows = list(csv.DictReader(StringIO(to_csv(matrix))))
    cells = json.loads(matrix.model_dump_json())["cells"]
    assert [(row["nic"], row["nos"], int(row["passed"])) for row in rows] == [
        (cell["row"], cell["column"], cell["passed"]) for cell in cells
    ]
    assert rows[0]["trend"] == "✗✗✗✗✗✗✗"


def test_a_spreadsheet_takes_no_name_for_a_formula(database: Session) -> None:
    evil = equipment(0, 0).model_copy(update={"media": ("=cmd|'/c calc'!A1",)})
    add_run(database, 0, [result("a", "passed", evil)])
    [row] = csv.DictReader(StringIO(to_csv(pivot(collect(database, "latest").entries, Axis.MEDIUM, Axis.NIC))))
    assert row["medium"].startswith("'=")
