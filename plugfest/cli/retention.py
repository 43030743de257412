"""`plugfest retention`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Keep old runs from filling the disk, without losing a failure.")


@app.callback()
def retention() -> None:
    """Keep old runs from filling the disk, without losing a failure."""


@app.command()
def apply(
    runs: Annotated[Path, typer.Argument(help="Folder of all runs.")] = Path("reports/out"),
    keep_green_days: Annotated[int | None, typer.Option(min=0, help="Thin green runs older than so many days.")] = None,
    disk_budget: Annotated[str | None, typer.Option(help="Room for all runs together, such as 50G.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Thin green runs: captures, transcripts and reports go, verdicts stay; exit status 1 if still over the budget."""
    from plugfest.errors import UsageError
    from plugfest.retention.applying import apply_policy
    from plugfest.retention.policy import RetentionPolicy, size

    if keep_green_days is None and disk_budget is None:
        raise UsageError("nothing to do – give --keep-green-days, --disk-budget or both")
    try:
        room = size(disk_budget) if disk_budget else None
    except ValueError as error:
        raise UsageError(f"--disk-budget: {error}") from None
    policy = RetentionPolicy.model_construct(keep_green_days=keep_green_days, disk_budget=room)
    retained = apply_policy(runs, policy, dry_run)
    for line in retained.lines():
        typer.echo(line)
    if retained.over:
        raise typer.Exit(1)
