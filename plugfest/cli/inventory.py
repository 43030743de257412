"""`plugfest inventory`."""

import typer

app = typer.Typer(no_args_is_help=True, help="Check, show and draw lab inventories.")
