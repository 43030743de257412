"""`plugfest report`."""

from pathlib import Path
from typing import Annotated

import typer

from plugfest.statement.language import Language

app = typer.Typer(no_args_is_help=True, help="Build and serve reports of a run; write one that can be signed.")


Results = Annotated[Path, typer.Argument(help="Folder of a run, or its Allure results.")]
Out = Annotated[Path | None, typer.Option(help="Where the report goes; default: html in the folder of the run.")]
SingleFile = Annotated[bool, typer.Option("--single-file", help="One page with everything in it, for mail.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the folder of all runs is served, for history links.")]


@app.callback(invoke_without_command=True)
def statement(
    html: Annotated[
        str | None, typer.Option(metavar="RUN", help="Write the signable report of a run as a page.")
    ] = None,
    pdf: Annotated[str | None, typer.Option(metavar="RUN", help="Write the signable report of a run as PDF.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to; default: statement-LANGUAGE beside the evidence.")] = None,
    language: Annotated[Language, typer.Option(help="Language of the texts.")] = Language.ENGLISH,
) -> None:
    """Build and serve reports of a run; with --html or --pdf write one that can be signed."""
    from plugfest.evidence.folder import evidence_of
    from plugfest.statement.page import write_html, write_pdf

    for run, write, ending in ((html, write_html, "html"), (pdf, write_pdf, "pdf")):
        if run is not None:
            evidence = evidence_of(run)
            place = out or evidence.path.parent / f"statement-{language}.{ending}"
            typer.echo(write(evidence, place, language))


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
