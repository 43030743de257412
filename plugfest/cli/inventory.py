"""`plugfest inventory`: check, show and draw lab files, and print their JSON schema."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plugfest.errors import UsageError

if TYPE_CHECKING:
    from plugfest.inventory.problems import LabFileError

app = typer.Typer(no_args_is_help=True, help="Check, show and draw lab inventories.")

LabOption = Annotated[
    str | None,
    typer.Option(
        "--lab",
        metavar="NAME_OR_PATH",
        help="A name under lab_inventory/ or a path to a lab file; default: $PLUGFEST_LAB, else embedded.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
_FORMATS = (".svg", ".png", ".pdf")


@app.command()
def check(lab: LabOption = None, as_json: JsonOption = False) -> None:
    """Check a lab file; every mistake with file and line. Exit status 4 when there are any."""
    from plugfest.inventory.loader import load
    from plugfest.inventory.plan import Plan
    from plugfest.inventory.problems import LabFileError, shown_path
    from plugfest.inventory.tables import summary

    try:
        loaded = load(lab)
    except LabFileError as error:
        _report(error, as_json)
        raise typer.Exit(error.exit_code) from None
    if as_json:
        typer.echo(json.dumps({"file": str(loaded.file), "problems": []}))
    else:
        typer.echo(f"{shown_path(loaded.file)}: no mistakes – {summary(Plan.of(loaded.lab))}")


def _report(error: "LabFileError", as_json: bool) -> None:
    if as_json:
        problems = [{"line": each.line, "where": each.where, "text": each.text} for each in error.problems]
        typer.echo(json.dumps({"file": str(error.file), "problems": problems}, indent=2))
        return
    typer.echo(str(error))
    count = len(error.problems)
    typer.echo(f"{count} mistake{'s' if count != 1 else ''} found", err=True)


@app.command()
def show(lab: LabOption = None, as_json: JsonOption = False) -> None:
    """Show devices, links, host pairs and the cells of the matrix."""
    from plugfest.inventory.loader import load
    from plugfest.inventory.plan import Plan
    from plugfest.inventory.tables import described, summary, tables

    plan = Plan.of(load(lab).lab)
    if as_json:
        typer.echo(json.dumps(described(plan), indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    console = Console()
    console.print(summary(plan), plan.lab.description, sep="\n", markup=False, highlight=False)
    for table in tables(plan):
        console.print(table)


@app.command()
def graph(
    lab: LabOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write (.svg, .png or .pdf); default: NAME.svg here.")
    ] = None,
) -> None:
    """Draw the topology: spines above leaves above hosts, ports and media on every cable."""
    from plugfest.inventory.drawing import draw
    from plugfest.inventory.loader import load

    loaded = load(lab)
    file = output or Path(f"{loaded.lab.name}.svg")
    if file.suffix not in _FORMATS:
        raise UsageError(f"--output: expected a file ending in {', '.join(_FORMATS)}, found {str(file)!r}")
    try:
        draw(loaded.lab, file)
    except OSError as error:
        raise UsageError(f"--output: cannot write {file}: {error.strerror}") from None
    typer.echo(str(file))


@app.command()
def schema() -> None:
    """Print the JSON schema of lab files, which editors use for completion."""
    from plugfest.inventory.schema import schema_text

    typer.echo(schema_text(), nl=False)
