"""`plugfest matrix`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plugfest.matrix.axes import Axis

if TYPE_CHECKING:
    from plugfest.matrix.entries import RunEntries


def matrix(
    run: Annotated[str, typer.Argument(help="Name or folder of a stored run, or `latest`.")] = "latest",
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one line for each cell.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the cells as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a table; the default.")] = False,
    rows: Annotated[Axis, typer.Option(help="What a row stands for.")] = Axis.NIC,
    columns: Annotated[Axis, typer.Option(help="What a column stands for.")] = Axis.SWITCH,
    nights: Annotated[int, typer.Option(min=1, max=30, help="Runs in a trend.")] = 7,
) -> None:
    """Show the interop matrix of a lab as it was after a run."""
    from plugfest.history.database import open_database
    from plugfest.matrix.entries import collect
    from plugfest.matrix.page import write_page

    with open_database() as database:
        if html:
            typer.echo(write_page(database, run, html, rows, columns, nights))
        entries = collect(database, run, nights)
    if as_csv or as_json or markdown or not html:
        typer.echo(_text(entries, rows, columns, as_csv, as_json), nl=False)


def _text(entries: "RunEntries", rows: Axis, columns: Axis, as_csv: bool, as_json: bool) -> str:
    from plugfest.matrix.pivot import pivot
    from plugfest.matrix.text import to_csv, to_markdown

    matrix = pivot(entries.entries, rows, columns)
    if as_json:
        return matrix.model_dump_json(indent=1) + "\n"
    return to_csv(matrix) if as_csv else to_markdown(matrix)
