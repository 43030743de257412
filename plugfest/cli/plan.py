"""`plugfest plan`: which cells and cases would run in a lab, on what, and why the others would not."""

import json
import sys
from typing import Annotated

import typer

from plugfest.cli.inventory import LabOption

WIDE = 220
"""Columns of tables that do not go to a terminal."""


def plan(
    lab: LabOption = None,
    suite: Annotated[
        list[str] | None, typer.Option("--suite", metavar="NAME", help="Only this suite, such as l2; may be repeated.")
    ] = None,
    cases: Annotated[bool, typer.Option("--cases", help="List every case with its subject.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Show what would be tested, without touching a device."""
    from plugfest.inventory.loader import load
    from plugfest.inventory.plan import Plan
    from plugfest.planning.cases import planned_cases
    from plugfest.planning.overview import case_table, document, headline, tables

    loaded = load(lab)
    planned = Plan.of(loaded.lab)
    found = planned_cases(planned, loaded.file, suite or ())
    if as_json:
        typer.echo(json.dumps(document(planned, str(loaded.file), found), indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(headline(planned, found), markup=False, highlight=False)
    for table in [case_table(found)] if cases else tables(planned, found):
        console.print(table)
