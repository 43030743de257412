"""`plugfest lab`."""

import typer

app = typer.Typer(no_args_is_help=True, help="Start, stop and enter the embedded lab.")
