"""`plugfest lab defect`: break the embedded lab on purpose."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Break the embedded lab on purpose, and heal it.")

DefectsOption = Annotated[
    list[Path] | None, typer.Option("--defects", help="Further registry file; may be given several times.")
]


@app.command("list")
def list_(defects: DefectsOption = None) -> None:
    """Print all defects: name, where it sits, what is wrong, what it stands for."""
    from rich.console import Console
    from rich.table import Column, Table

    from plugfest.embedded.defects.registry import load_defects

    known = load_defects(*defects or ())
    table = Table(Column("name", no_wrap=True), "sits", "what is wrong", "stands for", title=f"{len(known)} defects")
    for defect in known.values():
        table.add_row(defect.name, defect.sits, defect.description, defect.stands_for)
    Console().print(table)


@app.command()
def apply(name: Annotated[str, typer.Argument(help="Name of the defect.")], defects: DefectsOption = None) -> None:
    """Impose a defect on the running lab; it stays until `clear` or `plugfest lab reset`."""
    from plugfest.embedded.defects.imposed import impose
    from plugfest.embedded.defects.registry import find, load_defects
    from plugfest.embedded.lifecycle import require_running

    defect = find(name, load_defects(*defects or ()))
    impose(require_running(), defect)
    typer.echo(f"{defect.sits}: {defect.description}")
    typer.echo(f"run: pytest '{defect.caught_by[0]}' --keep-lab")


@app.command()
def clear() -> None:
    """Take all imposed defects away."""
    from plugfest.embedded.defects.imposed import clear as heal
    from plugfest.embedded.lifecycle import require_running

    names = heal(require_running())
    typer.echo(f"taken away: {', '.join(names)}" if names else "the lab has no imposed defect")
