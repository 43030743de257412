"""`plugfest report`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Build and serve the HTML report of a run.")


Results = Annotated[Path, typer.Argument(help="Folder of a run, or its Allure results.")]
Out = Annotated[Path | None, typer.Option(help="Where the report goes; default: html in the folder of the run.")]
SingleFile = Annotated[bool, typer.Option("--single-file", help="One page with everything in it, for mail.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the folder of all runs is served, for history links.")]


@app.command()
def build(results: Results, out: Out = None, single_file: SingleFile = False, base_url: BaseUrl = None) -> None:
    """Build the HTML report of a run and print its path."""
    from plugfest.reporting.allure_report import build_report
    from plugfest.reporting.run_folder import existing_run_folder

    typer.echo(build_report(existing_run_folder(results), out, single_file, base_url))


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of a report, or of all runs (reports/out).")],
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port on loopback; 0 takes a free one.")] = 8000,
) -> None:
    """Serve reports on loopback until Ctrl-C."""
    from plugfest.reporting.server import report_server

    with report_server(folder, port) as server:
        typer.echo(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("ended")
