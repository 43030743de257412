"""`plugfest bench`."""

import typer

app = typer.Typer(no_args_is_help=True, help="Measure the figures this project promises.")
