"""`plugfest nightly`."""

from pathlib import Path
from typing import Annotated

import typer


def nightly(
    plan: Annotated[Path, typer.Argument(help="Plan of the night, such as templates/jobs/nightly.yaml.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest night if it was cut off.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check the plan.")] = False,
) -> None:
    """Run a night by its plan: gate suites first, retries, one report, and a message at the end.

    Exit status 0: green, 1: red, 10: cut off; 20 more if somebody could not be told.
    """
    from plugfest.nightly.plan import read_plan

    wanted = read_plan(plan)
    if check:
        typer.echo(f"{plan}: plan {wanted.name} is good")
        return
    from plugfest.nightly.whole_night import whole_night

    raise typer.Exit(whole_night(plan, wanted, resume, typer.echo))
