"""`plugfest capture`."""

import typer

app = typer.Typer(no_args_is_help=True, help="Summarise, check and plot packet captures.")
