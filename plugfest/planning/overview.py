"""A plan of cases as tables for the terminal and as plain data for programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from plugfest.inventory.plan import Plan
from plugfest.inventory.tables import summary
from plugfest.planning.cases import PlannedCase

if TYPE_CHECKING:
    from rich.table import Table

Row = tuple[str, ...]
MOST_REASONS = 25
"""Rows of the table of reasons; programs get all."""


def counted(cases: Iterable[PlannedCase]) -> str:
    """How many of the cases would run: ``12 of 14``; a dash where there is none."""
    skipped = [case.skipped is not None for case in cases]
    return f"{skipped.count(False)} of {len(skipped)}" if skipped else "–"


def headline(plan: Plan, cases: Sequence[PlannedCase]) -> str:
    """What stands in the lab and how much of the suites would run there."""
    runs = sum(case.skipped is None for case in cases)
    return f"{summary(plan)}\n{runs} of {len(cases)} cases would run"


def tables(plan: Plan, cases: Sequence[PlannedCase]) -> Iterator["Table"]:
    """Suites, cells by suite, reasons."""
    suites = list(dict.fromkeys(case.suite for case in cases))
    yield _table("Suites", ("suite", "tests", "cases that run", "on"), _suite_rows(cases, suites))
    crossing = [suite for suite in suites if any(case.cell for case in cases if case.suite == suite)]
    columns = ("pairs", "relation", "cell", *crossing)
    yield _table(
        "Cells of the matrix, and how many cases of each suite run there", columns, _cells(plan, cases, crossing)
    )
    yield _table("Why the others do not", ("cases", "suites", "reason"), _reason_rows(cases))


def case_table(cases: Sequence[PlannedCase]) -> "Table":
    """Every case with what it runs on, or why it does not."""
    rows = ((case.case or "", case.test, case.subject or "the whole lab", case.skipped or "runs") for case in cases)
    return _table("Cases", ("case", "test", "on", "runs, or why not"), rows)


def document(plan: Plan, file: str, cases: Sequence[PlannedCase]) -> dict[str, Any]:
    """Everything as JSON-ready data."""
    return {
        "lab": plan.lab.name,
        "file": file,
        "runs": sum(case.skipped is None for case in cases),
        "skipped": dict(_reasons(cases).most_common()),
        "cells": [
            {"id": cell.id, "key": cell.key, "pairs": [pair.id for pair in pairs]} for cell, pairs in plan.cells.items()
        ],
        "cases": [case.model_dump(mode="json") for case in cases],
    }


def _reason(case: PlannedCase) -> str:
    """The reason without the subject, so that like cases are summed up."""
    what = "the pair" if "->" in (case.subject or "") else "the link"
    return (case.skipped or "").replace(case.subject or "\n", what)


def _reasons(cases: Iterable[PlannedCase]) -> Counter[str]:
    return Counter(_reason(case) for case in cases if case.skipped)


def _suite_rows(cases: Sequence[PlannedCase], suites: Iterable[str]) -> Iterator[Row]:
    for suite in suites:
        own = [case for case in cases if case.suite == suite]
        devices = sorted({name for case in own if case.skipped is None for name in case.devices})
        yield suite, str(len({case.test for case in own})), counted(own), ", ".join(devices) or "–"


def _cells(plan: Plan, cases: Sequence[PlannedCase], suites: Sequence[str]) -> Iterator[Row]:
    for cell, pairs in plan.cells.items():
        own = [case for case in cases if case.cell == cell.id]
        by_suite = (counted(case for case in own if case.suite == suite) for suite in suites)
        relations = dict.fromkeys(pair.relation.replace("_", " ") for pair in pairs)
        yield ", ".join(pair.id for pair in pairs), ", ".join(relations), cell.id, *by_suite


def _reason_rows(cases: Sequence[PlannedCase]) -> Iterator[Row]:
    ranked = _reasons(cases).most_common()
    for reason, number in ranked[:MOST_REASONS]:
        suites = dict.fromkeys(case.suite for case in cases if case.skipped and _reason(case) == reason)
        yield str(number), ", ".join(suites), reason
    if len(ranked) > MOST_REASONS:
        rest = sum(number for _, number in ranked[MOST_REASONS:])
        yield str(rest), "", f"{len(ranked) - MOST_REASONS} further reasons: `--json` lists them all"


def _table(title: str, columns: Row, rows: Iterable[Row]) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table
