"""`plugfest merge`: one run of its shards."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.evidence.folder import EvidenceFolder
    from plugfest.reporting.run_folder import RunFolder


def merge(
    shards: Annotated[list[Path], typer.Argument(help="Folders of all shards of one run, in any order.")],
    report_dir: Annotated[
        Path | None, typer.Option(help="New folder for the run (default: reports/out/<time>).")
    ] = None,
    quality_gate: Annotated[Path | None, typer.Option(help="Let this quality gate decide the exit status.")] = None,
    no_html: Annotated[bool, typer.Option("--no-html", help="Build no HTML report.")] = False,
    report_url: Annotated[str | None, typer.Option(help="Where the folder of all runs is served.")] = None,
) -> None:
    """Make one report, one history and one exit status of the shards of a run."""
    from plugfest.evidence.folder import EVIDENCE, EvidenceFolder
    from plugfest.matrix.after_run import remember
    from plugfest.scheduling.merging import merge as merge_shards

    out = _new_run(report_dir)
    status = merge_shards([folder.resolve() for folder in shards], out)
    evidence = EvidenceFolder(out.path / EVIDENCE)
    _summarize(evidence)
    typer.echo(remember(evidence, report_follows=not no_html))
    if not no_html:
        from plugfest.reporting.allure_report import build_report

        typer.echo(f"report:  {build_report(out, base_url=report_url)}")
    raise typer.Exit(_gated(evidence, quality_gate) if quality_gate else status)


def _new_run(given: Path | None) -> "RunFolder":
    from plugfest.errors import UsageError
    from plugfest.evidence.folder import RUNS
    from plugfest.reporting.run_folder import RunFolder, new_run_folder

    if given is None:
        return new_run_folder(RUNS.absolute())
    if given.exists() and any(given.iterdir()):
        raise UsageError(f"{given} is not empty – name a new folder")
    return RunFolder(given.absolute())


def _summarize(evidence: "EvidenceFolder") -> None:
    from rich.console import Console

    from plugfest.reporting.summary import render_summary
    from plugfest.reporting.tally import Tally
    from plugfest.scheduling.merging import line_of

    width = max(Console().width, 100)
    typer.echo(render_summary(Tally(line_of(bundle.record) for bundle in evidence.bundles()), width))


def _gated(evidence: "EvidenceFolder", gate: Path) -> int:
    from plugfest.quality.gate import read_quality_gate

    objections = read_quality_gate(gate).objections([bundle.record for bundle in evidence.last_attempts()])
    typer.echo("\n".join(f"quality gate: RED – {each}" for each in objections) or "quality gate: green")
    return int(bool(objections))
